//! One thread that computes and one that mostly sleeps: every 20 ms it adds up a little. Each measures
//! the thread CPU time of its phases; they are printed as JSON on stderr at the end.
//! Usage: sleeper [ROUNDS]

use std::hint::black_box;
use std::thread;
use std::time::Duration;

mod cpu {
    #[repr(C)]
    struct Timespec {
        sec: i64,
        nsec: i64,
    }

    extern "C" {
        fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
    }

    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;

    /// CPU time used by the calling thread so far, in nanoseconds.
    pub fn now() -> u64 {
        let mut time = Timespec { sec: 0, nsec: 0 };
        // SAFETY: `time` is a valid, writable timespec of the 64-bit ABI.
        unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
        time.sec as u64 * 1_000_000_000 + time.nsec as u64
    }
}

/// Counts primes below `most` by trial division.
#[inline(never)]
fn count_primes(most: u64) -> usize {
    (2..most)
        .filter(|&n| (2..).take_while(|d| d * d <= n).all(|d| n % d != 0))
        .count()
}

/// Mixes a block of numbers again and again.
#[inline(never)]
fn mix_block(block: &mut [u64], times: u64) {
    for turn in 0..times {
        for i in 1..block.len() {
            block[i] = block[i].rotate_left(13) ^ block[i - 1].wrapping_mul(0x9e37_79b9 + turn);
        }
    }
}

/// What the sleeping thread does when it wakes.
#[inline(never)]
fn tick(sum: &mut u64) {
    for i in 0..200_000u64 {
        *sum = black_box(sum.wrapping_mul(31).wrapping_add(i));
    }
}

fn main() {
    let rounds: u64 = std::env::args().nth(1).map_or(8, |n| n.parse().expect("a number"));
    let sleeper = thread::Builder::new()
        .name("ticker".into())
        .spawn(move || {
            let (mut sum, start) = (0, cpu::now());
            for _ in 0..rounds * 6 {
                thread::sleep(Duration::from_millis(20));
                tick(&mut sum);
            }
            black_box(sum);
            cpu::now() - start
        })
        .expect("a thread");
    let (mut primes, mut mixing) = (0, 0);
    let mut block = vec![1u64; 4096];
    for round in 0..rounds {
        let a = cpu::now();
        black_box(count_primes(60_000 + round));
        let b = cpu::now();
        mix_block(black_box(&mut block), 6_000);
        let c = cpu::now();
        primes += b - a;
        mixing += c - b;
    }
    let ticks = sleeper.join().expect("the ticker ends");
    eprintln!(
        "{{\"sleeper::count_primes\":{primes},\"sleeper::mix_block\":{mixing},\"sleeper::tick\":{ticks}}}"
    );
}
