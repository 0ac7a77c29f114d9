// GROUND TRUTH:
//   stockroom::ledger::Ledger::book -> btree-lookup (BTreeMap<String, i64> where order is never used), 70-95 %
//   stockroom::ledger::Ledger::level -> btree-lookup, 5-25 %
mod ledger {
    use std::collections::BTreeMap;
    #[derive(Default)]
    pub struct Ledger {
        stock: BTreeMap<String, i64>,
    }
    impl Ledger {
        pub fn open(&mut self, article: String) {
            self.stock.insert(article, 0);
        }
        #[inline(never)]
        pub fn book(&mut self, article: &str, pieces: i64) -> bool {
            match self.stock.get_mut(article) {
                Some(level) => {
                    *level += pieces;
                    true
                }
                None => false,
            }
        }
        #[inline(never)]
        pub fn level(&self, article: &str) -> i64 {
            self.stock.get(article).copied().unwrap_or(-1)
        }
    }
}
struct Movement {
    article: String,
    pieces: i64,
}
fn article(n: u64) -> String {
    format!("warehouse-north/aisle-{:02}/article-{:06}", n % 17, n)
}
fn main() {
    let mut ledger = ledger::Ledger::default();
    for n in 0..30_000 {
        ledger.open(article(n));
    }
    let mut seed = 7u64;
    let movements: Vec<Movement> = (0..60_000)
        .map(|_| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            Movement { article: article((seed >> 33) % 31_000), pieces: (seed >> 50) as i64 % 9 - 3 }
        })
        .collect();
    let mut known = 0u64;
    let mut sum = 0i64;
    for _day in 0..42 {
        for (n, m) in movements.iter().enumerate() {
            known += ledger.book(&m.article, m.pieces) as u64;
            if n % 4 == 0 {
                sum += ledger.level(&m.article);
            }
        }
    }
    println!("{known} {sum}");
}
