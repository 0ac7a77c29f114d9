// GROUND TRUTH:
//   avatars::store::load (async body) -> tokio-blocking (std::fs::read on a runtime worker; fs-read-small is the
//     weaker form), 55-90 %
//   avatars::thumb::shrink -> own code, 8-40 %: no cause
mod store {
    use std::path::PathBuf;
    pub struct Picture {
        pub bytes: Vec<u8>,
    }
    pub async fn load(path: PathBuf) -> std::io::Result<Picture> {
        let bytes = std::fs::read(&path)?;
        tokio::task::yield_now().await;
        Ok(Picture { bytes })
    }
}
mod thumb {
    use crate::store::Picture;
    #[inline(never)]
    pub fn shrink(picture: &Picture) -> Vec<u8> {
        let mut small = Vec::with_capacity(picture.bytes.len() / 16 + 1);
        for block in picture.bytes.chunks_exact(16) {
            small.push(((block[0] as u32 + block[5] as u32 * 2 + block[11] as u32) / 4) as u8);
        }
        small
    }
}
async fn serve(path: std::path::PathBuf) -> usize {
    match store::load(path).await {
        Ok(picture) => thumb::shrink(&picture).iter().filter(|&&b| b > 9).count(),
        Err(_) => 0,
    }
}
fn main() -> std::io::Result<()> {
    let folder = std::env::temp_dir().join("avatars-input");
    std::fs::create_dir_all(&folder)?;
    let paths: Vec<_> = (0..24u32).map(|n| folder.join(format!("{n}.raw"))).collect();
    for (n, path) in paths.iter().enumerate() {
        std::fs::write(path, (0..180_000u32).map(|b| (b * 7 + n as u32) as u8).collect::<Vec<u8>>())?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let bright = runtime.block_on(async {
        let mut total = 0;
        for _round in 0..420 {
            let requests: Vec<_> = paths.iter().map(|p| tokio::spawn(serve(p.clone()))).collect();
            for request in requests {
                total += request.await.unwrap_or(0);
            }
        }
        total
    });
    println!("{bright}");
    std::fs::remove_dir_all(folder)
}
