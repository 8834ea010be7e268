//! Measures the times of the benchmarks: `cargo bench --bench pieces [NAME]`.

use criterion::{Criterion, criterion_group, criterion_main};

#[path = "pieces/all.rs"]
mod all;

fn pieces(criterion: &mut Criterion) {
    for (name, mut work) in all::all() {
        criterion.bench_function(name, |bencher| bencher.iter(&mut work));
    }
}

criterion_group!(benches, pieces);
criterion_main!(benches);
