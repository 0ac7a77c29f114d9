// GROUND TRUTH (control): three threads live as long as the program and compute (ferries::crossing::drift: own code,
//   85-99 %). The roots clone3 and start_thread are how every thread begins: nobody may say thread-spawn, nor
//   lock-contended for the channel that carries three results.
mod crossing {
    #[inline(never)]
    pub fn drift(seed: u64, hours: u32) -> f64 {
        let (mut x, mut y) = (seed as f64, 1.0f64);
        for hour in 0..hours {
            let current = ((hour % 24) as f64 - 11.5) * 0.03;
            x = x * 0.999 + y * current + 0.2;
            y = y * 0.998 - x * current * 0.01 + 0.1;
        }
        x + y
    }
}
use std::{sync::mpsc, thread};
fn main() {
    let (sender, results) = mpsc::channel();
    for ferry in 0..3u64 {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut sum = 0.0;
            for day in 0..2600 {
                sum += crossing::drift(ferry * 1000 + day, 24 * 1000);
            }
            sender.send(sum).unwrap();
        });
    }
    drop(sender);
    println!("{:.3}", results.iter().sum::<f64>());
}
