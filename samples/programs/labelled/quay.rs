// GROUND TRUTH (rustc 1.99: v0 names say the type of a key, an element, a writer wherever std's own code works on it,
//   and std::io's code lies in core::io and alloc::io):
//   quay::berths::Register::moor -> hash-siphash and hash-map-heavy (HashMap<Slip, u32> with the default hasher;
//     comparing slips is part of it), together 12-40 %
//   quay::plan::order -> sort-hot (sort_unstable of Copy structs by their derived order), 8-30 %
//   quay::log::longest -> io-lines-alloc (lines() of a BufReader), 5-25 %
//   quay::log::checksum -> io-unbuffered-read (bytes() of a File), 10-40 %
//   quay::log::write -> buffered, so nobody may say io-unbuffered-write; formatting, 5-25 %
//   quay::wire::announce -> formatting into a writer of its own, 5-25 %: told of announce, not of Write::write_fmt
mod berths {
    use std::collections::HashMap;
    #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct Slip {
        pub pier: u16,
        pub number: u32,
    }
    #[derive(Default)]
    pub struct Register {
        ships: HashMap<Slip, u32>,
    }
    impl Register {
        #[inline(never)]
        pub fn moor(&mut self, slips: &[Slip]) {
            for &slip in slips {
                *self.ships.entry(slip).or_insert(0) += 1;
            }
        }
        pub fn moored(&self) -> usize {
            self.ships.len()
        }
    }
}
mod plan {
    use crate::berths::Slip;
    #[inline(never)]
    pub fn order(slips: &mut [Slip]) -> u32 {
        slips.sort_unstable();
        slips[slips.len() / 2].number
    }
}
mod log {
    use std::fs::File;
    use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
    use std::path::Path;
    #[inline(never)]
    pub fn write(path: &Path, slips: &[crate::berths::Slip]) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(path)?);
        for slip in slips {
            writeln!(out, "pier {} slip {}", slip.pier, slip.number)?;
        }
        out.flush()
    }
    #[inline(never)]
    pub fn longest(path: &Path) -> io::Result<usize> {
        let mut longest = 0;
        for line in BufReader::new(File::open(path)?).lines() {
            longest = longest.max(line?.len());
        }
        Ok(longest)
    }
    #[inline(never)]
    pub fn checksum(path: &Path) -> io::Result<u64> {
        let mut sum = 0u64;
        for byte in File::open(path)?.take(3000).bytes() {
            sum = sum.wrapping_mul(31) + byte? as u64;
        }
        Ok(sum)
    }
}
mod wire {
    use std::io::{self, Write};
    /// Keeps the last 64 bytes, as a display of one line does.
    pub struct Sign {
        pub shown: [u8; 64],
        pub at: usize,
    }
    impl Write for Sign {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            for &byte in bytes {
                self.shown[self.at % 64] = byte;
                self.at += 1;
            }
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    #[inline(never)]
    pub fn announce(sign: &mut Sign, slips: &[crate::berths::Slip]) -> io::Result<usize> {
        for slip in slips {
            write!(sign, "{:>4}/{:<6} free ", slip.pier, slip.number)?;
        }
        Ok(sign.at)
    }
}
fn main() -> std::io::Result<()> {
    let path = std::env::temp_dir().join("quay-log.txt");
    let mut seed = 7u32;
    let slips: Vec<berths::Slip> = (0..20_000)
        .map(|_| {
            seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
            berths::Slip { pier: (seed >> 28) as u16, number: seed >> 18 }
        })
        .collect();
    let mut register = berths::Register::default();
    let mut sign = wire::Sign { shown: [0; 64], at: 0 };
    let mut seen = 0u64;
    for _day in 0..100 {
        for _watch in 0..4 {
            register.moor(&slips);
            seen += plan::order(&mut slips.clone()) as u64;
        }
        log::write(&path, &slips)?;
        seen += log::longest(&path)? as u64;
        seen ^= log::checksum(&path)?;
        seen += wire::announce(&mut sign, &slips)? as u64;
    }
    std::fs::remove_file(&path)?;
    println!("{} {seen} {}", register.moored(), sign.shown[0]);
    Ok(())
}
