//! Instructions by gungraun: the same three pieces of work.
use gungraun::prelude::*;
use std::hint::black_box;

#[library_benchmark]
#[bench::n500(500)]
fn join(n: usize) -> String {
    black_box(textstats::join(black_box(n)))
}

#[library_benchmark]
#[bench::words(textstats::words(1000))]
fn count(text: String) -> usize {
    black_box(textstats::count(black_box(&text)))
}

#[library_benchmark]
#[bench::thousand((0..1000).collect())]
fn sum(numbers: Vec<u64>) -> u64 {
    black_box(textstats::sum(black_box(&numbers)))
}

library_benchmark_group!(name = work; benchmarks = join, count, sum);
main!(library_benchmark_groups = work);
