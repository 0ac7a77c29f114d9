// GROUND TRUTH:
//   brightness::frame::level -> rayon-overhead or rayon-idle (a parallel sum over one row of 48 pixels: splitting,
//     queueing and searching for work cost far more than the additions), 60-98 % of all CPU in rayon_core and below.
//   The workers' search has no own frame above it.
mod frame {
    use rayon::prelude::*;
    pub struct Frame {
        pub width: usize,
        pub pixels: Vec<u8>,
    }
    impl Frame {
        pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
            self.pixels.chunks(self.width)
        }
    }
    /// Weighted level of one row.
    #[inline(never)]
    pub fn level(row: &[u8]) -> u64 {
        row.par_iter().map(|&p| weight(p)).sum()
    }
    fn weight(p: u8) -> u64 {
        let p = p as u64;
        (p * p + 255 * p) >> 3
    }
}
fn main() {
    let pixels = (0..48 * 400u32).map(|n| (n.wrapping_mul(2654435761) >> 24) as u8).collect();
    let still = frame::Frame { width: 48, pixels };
    let mut brightest = 0;
    for _second in 0..100 {
        for row in still.rows() {
            brightest = brightest.max(frame::level(row));
        }
    }
    println!("{brightest}");
}
