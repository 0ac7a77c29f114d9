//! What hyperfine times: `work SIZE`.
fn main() {
    let size: usize = std::env::args().nth(1).and_then(|size| size.parse().ok()).expect("a size");
    let text = textstats::words(size);
    println!("{} {}", textstats::join(size).len(), textstats::count(&text));
}
