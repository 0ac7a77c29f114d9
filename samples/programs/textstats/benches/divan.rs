use divan::{black_box, counter::BytesCount, AllocProfiler, Bencher};

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench(args = [100, 500])]
fn join(n: usize) -> String {
    textstats::join(black_box(n))
}

#[divan::bench]
fn count(bencher: Bencher) {
    let text = textstats::words(1000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| textstats::count(black_box(&text)));
}

mod numbers {
    #[divan::bench(threads = [1, 2])]
    fn sum() -> u64 {
        textstats::sum(divan::black_box(&[7; 1000]))
    }

    #[divan::bench(ignore)]
    fn skipped() {}
}
