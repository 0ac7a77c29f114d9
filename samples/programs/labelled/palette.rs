// GROUND TRUTH (control): palette::count::Histogram::add uses rustc_hash::FxHashMap: hash-map-heavy is true, 60-99 %.
//   Nobody may say SipHash (hash-siphash), nor advise FxHashMap.
mod count {
    use rustc_hash::FxHashMap;
    #[derive(Default)]
    pub struct Histogram {
        colours: FxHashMap<u32, u32>,
    }
    impl Histogram {
        #[inline(never)]
        pub fn add(&mut self, pixels: &[u32]) {
            for &pixel in pixels {
                *self.colours.entry(pixel & 0x00f8_fcf8).or_insert(0) += 1;
            }
        }
        #[inline(never)]
        pub fn most_used(&self) -> Option<(u32, u32)> {
            self.colours.iter().map(|(&colour, &count)| (count, colour)).max()
        }
    }
}
fn main() {
    let mut seed = 11u64;
    let pixels: Vec<u32> = (0..120_000)
        .map(|_| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 41) as u32 & (seed >> 20) as u32
        })
        .collect();
    let mut histogram = count::Histogram::default();
    let mut top = 0u64;
    for frame in 0..2000usize {
        histogram.add(&pixels[frame % 16 * 3000..]);
        if frame % 20 == 0 {
            top += histogram.most_used().map_or(0, |(count, _)| count as u64);
        }
    }
    println!("{top}");
}
