// GROUND TRUTH (control): scenarios::model::Portfolio::shocked copies a portfolio for each scenario and changes most of
//   the copy, so the copy is needed. clone-hot is true, 30-90 % (with its frees), and may be said; "unnecessary clone" or
//   "never modified" may not (heap-clone-unread, heap-clone-readonly).
mod model {
    #[derive(Clone)]
    pub struct Position {
        pub name: String,
        pub units: f64,
        pub prices: Vec<f64>,
    }
    #[derive(Clone)]
    pub struct Portfolio {
        pub positions: Vec<Position>,
    }
    impl Portfolio {
        #[inline(never)]
        pub fn shocked(&self, shock: f64) -> Portfolio {
            let mut copy = self.clone();
            for position in &mut copy.positions {
                position.units *= 1.0 - shock;
                position.name.make_ascii_uppercase();
                for price in &mut position.prices {
                    *price *= 1.0 + shock * 0.5;
                }
            }
            copy
        }
        #[inline(never)]
        pub fn value(&self) -> f64 {
            let worth = |p: &Position| p.units * p.prices.iter().sum::<f64>() + p.name.len() as f64;
            self.positions.iter().map(worth).sum()
        }
    }
}
use model::{Portfolio, Position};
fn main() {
    let position = |n: usize| Position {
        name: format!("instrument {n}"),
        units: n as f64,
        prices: (0..12).map(|q| (n * q) as f64 * 0.25).collect(),
    };
    let base = Portfolio { positions: (0..160).map(position).collect() };
    let mut worst = f64::MAX;
    for scenario in 0..80_000 {
        worst = worst.min(base.shocked((scenario % 97) as f64 / 100.0).value());
    }
    println!("{worst:.2}");
}
