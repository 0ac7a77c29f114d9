//! A small image pipeline: shade curve, weighted median, then two codecs
//! through a trait. The thread CPU time of each phase is printed as JSON on
//! stderr at the end. Usage: blend [ROUNDS]

mod codec;
mod cpu;
mod filter;

use std::hint::black_box;

use codec::{Codec, Delta, Rle};

fn picture(width: usize, height: usize) -> Vec<Vec<u8>> {
    let mut state = 0x1234_5678_9abc_def1_u64;
    (0..height)
        .map(|y| {
            (0..width)
                .map(|x| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    ((x / 3 + y) as u64 ^ (state % 5)) as u8
                })
                .collect()
        })
        .collect()
}

fn timed<C: Codec>(codec: &C, rows: &[Vec<u8>], repeats: u32) -> u64 {
    let start = cpu::now();
    for _ in 0..repeats {
        black_box(codec::encode_rows(codec, rows));
    }
    cpu::now() - start
}

fn main() {
    let rounds: u32 = std::env::args().nth(1).and_then(|arg| arg.parse().ok()).unwrap_or(40);
    let rows = picture(640, 120);
    let (mut gamma, mut median) = (0, 0);
    let mut encode = [0u64; 2];
    for _ in 0..rounds {
        let mut work = rows.clone();
        let t0 = cpu::now();
        black_box(filter::gamma(&mut work, 1.0 / 2.2));
        let t1 = cpu::now();
        black_box(filter::median(&work));
        let t2 = cpu::now();
        gamma += t1 - t0;
        median += t2 - t1;
        encode[0] += timed(&Rle, &work, 24);
        encode[1] += timed(&Delta { step: 3 }, &work, 30);
    }
    println!("{rounds} pictures of {} rows", rows.len());
    eprintln!(
        "{{\"phases\":{{\"blend::filter::gamma\":{gamma},\"blend::filter::median\":{median},\"<blend::codec::Rle as blend::codec::Codec>::encode\":{},\"<blend::codec::Delta as blend::codec::Codec>::encode\":{}}}}}",
        encode[0], encode[1]
    );
}
