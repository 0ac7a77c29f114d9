// GROUND TRUTH:
//   visits::tally::Tally::arrive -> hash-siphash (HashMap<u32, u32> with the default hasher on small integer
//     keys that nobody hostile chooses), 15-40 %; hash-map-heavy (or hash-probe) for the whole, 60-75 %
//   visits::tally::Tally::seen -> hash-siphash, 5-20 %; hash-map-heavy for the whole, 22-30 %
//   The map has its capacity from the start: no rehash.
mod tally {
    use std::collections::HashMap;
    pub struct Tally {
        gates: HashMap<u32, u32>,
    }
    impl Tally {
        pub fn for_gates(count: usize) -> Self {
            Self { gates: HashMap::with_capacity(count) }
        }
        #[inline(never)]
        pub fn arrive(&mut self, gates: &[u32]) {
            for &gate in gates {
                *self.gates.entry(gate).or_insert(0) += 1;
            }
        }
        #[inline(never)]
        pub fn seen(&self, gates: &[u32]) -> u64 {
            gates.iter().filter_map(|gate| self.gates.get(gate)).map(|&n| n as u64).sum()
        }
    }
}
fn main() {
    let mut seed = 99u64;
    let stream: Vec<u32> = (0..50_000)
        .map(|_| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 40) as u32 % 1500
        })
        .collect();
    let mut tally = tally::Tally::for_gates(2000);
    let mut total = 0;
    for hour in 0..1700 {
        tally.arrive(&stream);
        if hour % 2 == 0 {
            total += tally.seen(&stream[..40_000]);
        }
    }
    println!("{total}");
}
