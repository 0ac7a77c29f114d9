// GROUND TRUTH (control): meters::board::Board::post takes and releases two mutexes a call, from three threads. The time
//   in <MutexGuard as Drop>::drop is unlocking: lock-mutex or lock-contended, 30-95 %. Nobody may say drop-heavy.
mod board {
    use std::sync::Mutex;
    #[derive(Default)]
    pub struct Board {
        high: Mutex<u64>,
        log: Mutex<Vec<u64>>,
    }
    impl Board {
        #[inline(never)]
        pub fn post(&self, value: u64) {
            {
                let mut high = self.high.lock().unwrap();
                *high = (*high).max(value);
            }
            let mut log = self.log.lock().unwrap();
            if log.len() == 64 {
                log.clear();
            }
            log.push(value);
        }
        pub fn peak(&self) -> u64 {
            *self.high.lock().unwrap()
        }
    }
}
#[inline(never)]
fn measure(n: u64) -> u64 {
    (1..12).fold(n, |value, k| value.wrapping_mul(k * 2 + 1) ^ (value >> k))
}
fn main() {
    let board = board::Board::default();
    std::thread::scope(|scope| {
        for meter in 0..3u64 {
            let board = &board;
            scope.spawn(move || {
                for n in 0..18_000_000 {
                    board.post(measure(n * 5 + meter));
                }
            });
        }
    });
    println!("{}", board.peak());
}
