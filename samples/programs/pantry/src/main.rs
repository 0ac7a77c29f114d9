//! A pantry that wastes memory in ways that are known: each function allocates in one way, and prints how
//! much, counted by the allocator (`counting.rs`). On stderr, one line of JSON a function, then the whole.
mod counting;

use counting::{counts, Counting, Counts};
use std::collections::HashMap;
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Clone)]
pub struct Jar {
    label: Vec<u8>,
    grams: u32,
}

/// Clones every jar to read one number of it: no copy is ever changed.
#[inline(never)]
fn weigh(jars: &[Jar], rounds: usize) -> u64 {
    let mut sum = 0;
    for _ in 0..rounds {
        for jar in jars {
            let copy = black_box(jar.clone());
            sum += copy.grams as u64 + copy.label.len() as u64;
        }
    }
    sum
}

/// Clones that are changed: they are needed.
#[inline(never)]
fn relabel(jars: &[Jar], rounds: usize) -> u64 {
    let mut sum = 0;
    for round in 0..rounds {
        for jar in jars {
            let mut copy = jar.label.clone();
            copy[0] = round as u8;
            copy.reverse();
            sum += black_box(&copy)[1] as u64;
        }
    }
    sum
}

/// A String for every jar, dropped at once.
#[inline(never)]
fn print_labels(jars: &[Jar], rounds: usize) -> usize {
    let mut length = 0;
    for round in 0..rounds {
        for jar in jars {
            length += black_box(format!("jar {round} of {} grams", jar.grams)).len();
        }
    }
    length
}

/// A Vec that is pushed to from nothing: 2^n elements take n - 1 blocks.
#[inline(never)]
fn fill_shelf(count: u32) -> Vec<u32> {
    let mut shelf = Vec::new();
    for jar in 0..count {
        shelf.push(black_box(jar));
    }
    shelf
}

/// A hash map that grows, with keys that are allocated for every look-up.
#[inline(never)]
fn count_spices(words: &[&str], rounds: usize) -> HashMap<String, u32> {
    let mut counted = HashMap::new();
    for _ in 0..rounds {
        for word in words {
            *counted.entry(word.to_string()).or_insert(0) += 1;
        }
    }
    counted
}

/// Room for a thousand, used by three.
#[inline(never)]
fn reserve_too_much(rounds: usize) -> u64 {
    let mut sum = 0;
    for round in 0..rounds {
        let mut room: Vec<u64> = Vec::with_capacity(1000);
        for i in 0..3 {
            room.push(black_box(round as u64 + i));
        }
        sum += black_box(&room)[2];
    }
    sum
}

/// Never freed.
#[inline(never)]
fn forget(count: usize) {
    for i in 0..count {
        std::mem::forget(black_box(vec![i as u8 | 1; 2048]));
    }
}

/// The peak: most of what is live at once.
#[inline(never)]
fn feast(bytes: usize) -> u64 {
    let table = black_box(vec![7u8; bytes]);
    table.iter().map(|&b| b as u64).sum()
}

struct Section {
    name: &'static str,
    before: Counts,
    after: Counts,
}

fn main() {
    let jars: Vec<Jar> = (0..100)
        .map(|i| Jar { label: vec![i as u8; 120 + i % 3 * 8], grams: 250 + i as u32 })
        .collect();
    let words = ["anise", "basil", "caraway", "dill", "fennel", "ginger", "mace", "saffron"];
    // What is printed is put together on the stack and written by write(2): nothing of it is allocated.
    let mut sections: [Option<Section>; 8] = [const { None }; 8];
    let mut total = 0;

    #[cfg(feature = "dhat-heap")]
    let _profiler = dhat::Profiler::builder().file_name("dhat-heap.json").trim_backtraces(Some(30)).build();
    #[cfg(feature = "dhat-ad-hoc")]
    let _profiler = dhat::Profiler::new_ad_hoc();

    let begin = counts();
    let mut section = |at: usize, name: &'static str, work: &mut dyn FnMut() -> u64| {
        let before = counts();
        total += work();
        sections[at] = Some(Section { name, before, after: counts() });
    };
    section(0, "weigh", &mut || weigh(&jars, 40));
    section(1, "relabel", &mut || relabel(&jars, 10));
    section(2, "print_labels", &mut || print_labels(&jars, 30) as u64);
    section(3, "fill_shelf", &mut || fill_shelf(1 << 14).len() as u64);
    section(4, "count_spices", &mut || count_spices(&words, 200).len() as u64);
    section(5, "reserve_too_much", &mut || reserve_too_much(50));
    section(6, "forget", &mut || {
        forget(60);
        0
    });
    section(7, "feast", &mut || feast(500_000));
    let end = counts();
    #[cfg(feature = "dhat-ad-hoc")]
    for jar in &jars {
        dhat::ad_hoc_event(jar.grams as usize);
    }
    report(&sections, &begin, &end, total);
}

fn report(sections: &[Option<Section>], begin: &Counts, end: &Counts, total: u64) {
    use std::io::Write;
    let mut text = [0u8; 4096];
    let mut room = &mut text[..];
    let size = room.len();
    for s in sections.iter().flatten() {
        let _ = writeln!(
            room,
            "{{\"function\":\"{}\",\"blocks\":{},\"reallocs\":{},\"bytes\":{},\"left\":{},\"left_blocks\":{}}}",
            s.name,
            s.after.blocks - s.before.blocks,
            s.after.reallocs - s.before.reallocs,
            s.after.bytes - s.before.bytes,
            s.after.live - s.before.live,
            s.after.live_blocks - s.before.live_blocks,
        );
    }
    let _ = writeln!(
        room,
        "{{\"total\":{total},\"before\":{{\"blocks\":{},\"bytes\":{},\"live\":{}}},\"blocks\":{},\"bytes\":{},\"peak\":{},\"live\":{},\"live_blocks\":{}}}",
        begin.blocks, begin.bytes, begin.live, end.blocks, end.bytes, end.peak, end.live, end.live_blocks,
    );
    let used = size - room.len();
    let _ = std::io::stderr().write_all(&text[..used]);
}
