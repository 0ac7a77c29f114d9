//! Row codecs behind a trait: run-length and delta.

pub trait Codec {
    fn name(&self) -> &'static str;
    fn encode(&self, row: &[u8], out: &mut Vec<u8>);
}

pub struct Rle;

pub struct Delta {
    pub step: u8,
}

impl Codec for Rle {
    fn name(&self) -> &'static str {
        "rle"
    }

    #[inline(never)]
    fn encode(&self, row: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        while at < row.len() {
            let value = row[at];
            let mut run = 1;
            while at + run < row.len() && run < 255 && row[at + run] == value {
                run += 1;
            }
            out.push(run as u8);
            out.push(value);
            at += run;
        }
    }
}

impl Codec for Delta {
    fn name(&self) -> &'static str {
        "delta"
    }

    #[inline(never)]
    fn encode(&self, row: &[u8], out: &mut Vec<u8>) {
        let mut last = 0u8;
        for &value in row {
            let difference = value.wrapping_sub(last).wrapping_mul(self.step);
            out.push(difference);
            last = value;
        }
    }
}

/// Encodes every row into a fresh buffer that starts empty and has to grow.
#[inline(never)]
pub fn encode_rows<C: Codec>(codec: &C, rows: &[Vec<u8>]) -> usize {
    let mut total = codec.name().len();
    for row in rows {
        let mut out = Vec::new();
        codec.encode(row, &mut out);
        total += std::hint::black_box(out).len();
    }
    total
}
