//! A small calculator: builds long formulas, parses them by recursive descent
//! into a deep tree, folds constants, evaluates the tree for many inputs and
//! drops the trees. Usage: tree [ROUNDS]
//!
//! The thread CPU time of each phase is printed as JSON on stderr at the end.

use std::hint::black_box;

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

enum Expr {
    Number(f64),
    Variable(u8),
    Binary(u8, Box<Expr>, Box<Expr>),
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[inline(never)]
    fn sum(&mut self) -> Expr {
        let mut left = self.product();
        while matches!(self.peek(), b'+' | b'-') {
            let operator = self.peek();
            self.at += 1;
            let right = self.product();
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        left
    }

    #[inline(never)]
    fn product(&mut self) -> Expr {
        let mut left = self.atom();
        while self.peek() == b'*' {
            self.at += 1;
            let right = self.atom();
            left = Expr::Binary(b'*', Box::new(left), Box::new(right));
        }
        left
    }

    #[inline(never)]
    fn atom(&mut self) -> Expr {
        match self.peek() {
            b'(' => {
                self.at += 1;
                let inner = self.sum();
                self.at += 1;
                inner
            }
            name @ b'a'..=b'z' => {
                self.at += 1;
                Expr::Variable(name - b'a')
            }
            _ => {
                let start = self.at;
                while matches!(self.peek(), b'0'..=b'9' | b'.') {
                    self.at += 1;
                }
                let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or("0");
                Expr::Number(text.parse().unwrap_or(0.0))
            }
        }
    }
}

/// Writes a formula nested `depth` parentheses deep.
#[inline(never)]
fn write_formula(out: &mut String, state: &mut u64, depth: u32) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    let name = (b'a' + (*state % 8) as u8) as char;
    if depth == 0 {
        out.push(name);
        return;
    }
    out.push_str(&format!("{name}*{}.{}+(", *state % 9, *state % 77));
    write_formula(out, state, depth - 1);
    out.push_str(")-0.5*1.25");
}

#[inline(never)]
fn parse_formula(text: &str) -> Expr {
    Parser { bytes: text.as_bytes(), at: 0 }.sum()
}

#[inline(never)]
fn fold_constants(expr: &Expr) -> Expr {
    match expr {
        Expr::Number(value) => Expr::Number(*value),
        Expr::Variable(index) => Expr::Variable(*index),
        Expr::Binary(operator, left, right) => {
            let left = fold_constants(left);
            let right = fold_constants(right);
            match (&left, &right) {
                (Expr::Number(a), Expr::Number(b)) => Expr::Number(apply(*operator, *a, *b)),
                _ => Expr::Binary(*operator, Box::new(left), Box::new(right)),
            }
        }
    }
}

fn apply(operator: u8, a: f64, b: f64) -> f64 {
    match operator {
        b'+' => a + b,
        b'-' => a - b,
        _ => a * b,
    }
}

#[inline(never)]
fn evaluate(expr: &Expr, inputs: &[f64; 8]) -> f64 {
    match expr {
        Expr::Number(value) => *value,
        Expr::Variable(index) => inputs[*index as usize],
        Expr::Binary(operator, left, right) => {
            let left = evaluate(left, inputs);
            let right = evaluate(right, inputs);
            apply(*operator, left, right)
        }
    }
}

/// Drops the trees: recursive drop glue, one box at a time.
#[inline(never)]
fn release(trees: &mut Vec<Expr>) {
    trees.clear();
}

fn main() {
    let rounds: u64 = std::env::args().nth(1).and_then(|arg| arg.parse().ok()).unwrap_or(9_000);
    let (mut written, mut parsed, mut folded, mut evaluated, mut released) = (0, 0, 0, 0, 0);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut check = 0.0;
    for round in 0..rounds {
        let depth = 17 + (round % 8) as u32;
        let mut trees = Vec::with_capacity(8);
        let t0 = cpu::now();
        let mut text = String::new();
        for _ in 0..4 {
            text.clear();
            write_formula(&mut text, &mut state, depth);
        }
        let t1 = cpu::now();
        for _ in 0..4 {
            trees.push(parse_formula(&text));
        }
        let t2 = cpu::now();
        for slot in 0..4 {
            let small = fold_constants(&trees[slot]);
            trees.push(small);
        }
        let t3 = cpu::now();
        for step in 0..80 {
            let mut inputs = [0.01; 8];
            inputs[step % 8] = step as f64 * 0.001;
            check += evaluate(&trees[7], &inputs);
        }
        let t4 = cpu::now();
        release(&mut trees);
        let t5 = cpu::now();
        written += t1 - t0;
        parsed += t2 - t1;
        folded += t3 - t2;
        evaluated += t4 - t3;
        released += t5 - t4;
    }
    println!("{rounds} formulas, check {:.6}", black_box(check));
    eprintln!(
        "{{\"phases\":{{\"tree::write_formula\":{written},\"tree::parse_formula\":{parsed},\"tree::fold_constants\":{folded},\"tree::evaluate\":{evaluated},\"tree::release\":{released}}}}}"
    );
}
