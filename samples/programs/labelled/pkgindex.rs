// GROUND TRUTH:
//   pkgindex::index::Index::note -> hash-double-lookup (contains_key, then insert or get_mut: the key is hashed and
//     searched twice; hash-map-heavy and hash-siphash are true as well), 80-98 %
//   pkgindex::index::Index::total -> iterates over the map: no lookups, below 10 %
mod index {
    use std::collections::HashMap;
    #[derive(Default)]
    pub struct Index {
        packages: HashMap<String, u64>,
    }
    impl Index {
        #[inline(never)]
        pub fn note(&mut self, names: &[String]) {
            for name in names {
                if !self.packages.contains_key(name) {
                    self.packages.insert(name.to_string(), 1);
                } else if let Some(count) = self.packages.get_mut(name) {
                    *count += 1;
                }
            }
        }
        #[inline(never)]
        pub fn total(&self) -> u64 {
            self.packages.values().sum()
        }
    }
}
fn main() {
    let names: Vec<String> = (0..20_000u64)
        .map(|n| format!("registry/{}-{}", n.wrapping_mul(0x9E37_79B9) % 6007, ["core", "derive", "utils"][n as usize % 3]))
        .collect();
    let mut index = index::Index::default();
    let mut sum = 0;
    for _ in 0..560 {
        index.note(&names);
        sum += index.total();
    }
    println!("{sum}");
}
