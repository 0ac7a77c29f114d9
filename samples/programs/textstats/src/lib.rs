//! Three small pieces of text work. With the feature `slow`, `join` and `count` are as they were before.
#![cfg_attr(test_bench, feature(test))]

use std::collections::HashMap;

/// `0, 1, 2, …` up to `n`.
pub fn join(n: usize) -> String {
    let mut text = String::new();
    for i in 0..n {
        if cfg!(feature = "slow") {
            text = format!("{text}{i}, ");
        } else {
            text.push_str(&i.to_string());
            text.push_str(", ");
        }
    }
    text
}

/// How often each word stands in the text.
pub fn count(text: &str) -> usize {
    if cfg!(feature = "slow") {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for word in text.split(' ') {
            *counts.entry(word.to_string()).or_default() += 1;
        }
        counts.len()
    } else {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for word in text.split(' ') {
            *counts.entry(word).or_default() += 1;
        }
        counts.len()
    }
}

/// The same in both states.
pub fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |sum, n| sum.wrapping_mul(31).wrapping_add(*n))
}

pub fn words(n: usize) -> String {
    (0..n).map(|i| format!("word{} ", i % 97)).collect()
}

#[cfg(test_bench)]
mod tests {
    extern crate test;
    use super::*;
    use test::{black_box, Bencher};

    #[bench]
    fn join_500(b: &mut Bencher) {
        b.iter(|| join(black_box(500)));
    }

    #[bench]
    fn count_words(b: &mut Bencher) {
        let text = words(1000);
        b.bytes = text.len() as u64;
        b.iter(|| count(black_box(&text)));
    }

    #[bench]
    fn sum_fold(b: &mut Bencher) {
        let numbers: Vec<u64> = (0..1000).collect();
        b.iter(|| sum(black_box(&numbers)));
    }

    #[test]
    #[ignore]
    fn never() {}
}
