// GROUND TRUTH (control): logmap::scan::bytes_per_kind maps a file (memmap2), reads it once and unmaps it, again and
//   again. The page faults read the file (page-faults-file), 10-80 %; the drop is munmap. Nobody may say
//   page-faults-anon, drop-heavy or alloc-heavy of it. logmap::scan::bytes_per_kind also reads bytes: own code.
mod scan {
    use std::{fs::File, io, path::Path};
    #[inline(never)]
    pub fn bytes_per_kind(path: &Path) -> io::Result<[u64; 4]> {
        let file = File::open(path)?;
        // The file is this program's own and nobody shortens it.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        let mut kinds = [0u64; 4];
        for line in map.chunks(4096) {
            let kind = line[0] as usize & 3;
            kinds[kind] += line[8..24].iter().map(|&b| b as u64).sum::<u64>();
        }
        Ok(kinds)
    }
}
use std::io::{self, Write};
fn main() -> io::Result<()> {
    let path = std::env::temp_dir().join("logmap-input.bin");
    let mut file = std::fs::File::create(&path)?;
    for part in 0..24u32 {
        let content: Vec<u8> = (0..1u32 << 20).map(|n| ((n ^ part).wrapping_mul(2654435761) >> 24) as u8).collect();
        file.write_all(&content)?;
    }
    let mut sum = 0u64;
    for _ in 0..4500 {
        sum = sum.wrapping_add(scan::bytes_per_kind(&path)?.iter().sum());
    }
    println!("{sum}");
    std::fs::remove_file(path)
}
