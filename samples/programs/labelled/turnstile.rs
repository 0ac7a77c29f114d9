// GROUND TRUTH:
//   turnstile::hall::Hall::enter -> lock-contended or lock-mutex (one Mutex taken for every visitor by three
//     threads), 20-90 %
//   turnstile::hall::badge -> own code, 5-50 %
mod hall {
    use std::sync::Mutex;
    pub struct Hall {
        inside: Mutex<[u64; 32]>,
    }
    impl Hall {
        pub fn new() -> Self {
            Self { inside: Mutex::new([0; 32]) }
        }
        #[inline(never)]
        pub fn enter(&self, badge: u64) {
            let mut inside = self.inside.lock().unwrap();
            inside[badge as usize & 31] += 1;
        }
        pub fn crowd(&self) -> u64 {
            self.inside.lock().unwrap().iter().sum()
        }
    }
    #[inline(never)]
    pub fn badge(n: u64) -> u64 {
        (0..6).fold(n | 1, |badge, turn| (badge ^ (badge >> 15)).wrapping_mul(0x2545_F491_4F6C_DD1D + turn))
    }
}
use std::{sync::Arc, thread};
fn main() {
    let hall = Arc::new(hall::Hall::new());
    let doors: Vec<_> = (0..3u64)
        .map(|door| {
            let hall = Arc::clone(&hall);
            thread::spawn(move || {
                for n in 0..36_000_000 {
                    hall.enter(hall::badge(n * 3 + door));
                }
            })
        })
        .collect();
    for door in doors {
        door.join().unwrap();
    }
    println!("{}", hall.crowd());
}
