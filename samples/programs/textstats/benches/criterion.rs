use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};
use std::hint::black_box;

fn all(c: &mut Criterion) {
    let mut join = c.benchmark_group("join");
    join.throughput(Throughput::Elements(500));
    join.bench_with_input(BenchmarkId::new("numbers", 500), &500, |b, &n| {
        b.iter(|| textstats::join(black_box(n)))
    });
    join.finish();
    let text = textstats::words(1000);
    let mut count = c.benchmark_group("a group with a rather long name");
    count.throughput(Throughput::Bytes(text.len() as u64));
    count.bench_function("count: words?", |b| b.iter(|| textstats::count(black_box(&text))));
    count.finish();
    let numbers: Vec<u64> = (0..1000).collect();
    c.bench_function("sum", |b| b.iter(|| textstats::sum(black_box(&numbers))));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(1)).warm_up_time(std::time::Duration::from_millis(500)).without_plots();
    targets = all
}
criterion_main!(benches);
