//! A small order importer: three worker threads parse orders, keep copies of
//! them, count words and print invoices. Each worker measures the thread CPU
//! time of its phases; the sums are printed as JSON on stderr at the end.
//! Usage: orders [BATCHES] [COPIES], where COPIES is how often every batch is
//! copied (4; 1 for the "after" of a comparison).

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::thread;

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

struct Order {
    id: u64,
    customer: String,
    lines: Vec<String>,
    cents: u64,
}

const WORDS: [&str; 16] = [
    "copper", "bolt", "washer", "hinge", "timber", "varnish", "nail", "bracket", "panel", "cable",
    "fuse", "switch", "socket", "lamp", "valve", "gasket",
];

#[derive(Default, Clone, Copy)]
struct Phases {
    parse_orders: u64,
    snapshot_lines: u64,
    count_words: u64,
    print_invoices: u64,
}

fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Text of a batch, made once per worker and not part of any phase.
fn make_text(seed: u64, orders: usize) -> String {
    let mut state = seed;
    let mut text = String::new();
    for id in 0..orders {
        let _ = write!(text, "{id}|customer {}|{}", next(&mut state) % 500, next(&mut state) % 90_000);
        for _ in 0..12 {
            let a = WORDS[(next(&mut state) % 16) as usize];
            let b = WORDS[(next(&mut state) % 16) as usize];
            let _ = write!(text, "|{a} {b} {}", next(&mut state) % 40);
        }
        text.push('\n');
    }
    text
}

#[inline(never)]
fn parse_orders(text: &str) -> Vec<Order> {
    let mut orders = Vec::new();
    for row in text.lines() {
        let mut cells = row.split('|');
        let id = cells.next().and_then(|cell| cell.parse().ok()).unwrap_or(0);
        let customer = cells.next().unwrap_or("").to_string();
        let cents = cells.next().and_then(|cell| cell.parse().ok()).unwrap_or(0);
        let lines = cells.map(str::to_string).collect();
        orders.push(Order { id, customer, lines, cents });
    }
    orders
}

/// Keeps a copy of every order line, as a careless "just clone it" would.
#[inline(never)]
fn snapshot_lines(orders: &[Order], rounds: usize) -> usize {
    let mut kept = 0;
    for _ in 0..rounds {
        let copy: Vec<Vec<String>> = orders.iter().map(|order| order.lines.clone()).collect();
        kept += black_box(&copy).len();
    }
    kept
}

/// Number of different words; the map is dropped here, so its cost counts here.
#[inline(never)]
fn count_words(orders: &[Order]) -> usize {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for order in orders {
        for line in &order.lines {
            for word in line.split(' ') {
                *counts.entry(word.to_string()).or_insert(0) += 1;
            }
        }
    }
    counts.len()
}

#[inline(never)]
fn print_invoices(orders: &[Order]) -> usize {
    let mut bytes = 0;
    for order in orders {
        let total = format!("{:>8}.{:02}", order.cents / 100, order.cents % 100);
        let invoice = format!("#{:06} {:<20} {} lines {total} EUR", order.id, order.customer, order.lines.len());
        bytes += black_box(invoice).len();
    }
    bytes
}

fn work(seed: u64, batches: usize, copies: usize) -> Phases {
    let text = make_text(seed, 700);
    let mut phases = Phases::default();
    for _ in 0..batches {
        let start = cpu::now();
        let orders = parse_orders(&text);
        let parsed = cpu::now();
        black_box(snapshot_lines(&orders, copies));
        let kept = cpu::now();
        black_box(count_words(&orders));
        let counted = cpu::now();
        for _ in 0..4 {
            black_box(print_invoices(&orders));
        }
        let printed = cpu::now();
        phases.parse_orders += parsed - start;
        phases.snapshot_lines += kept - parsed;
        phases.count_words += counted - kept;
        phases.print_invoices += printed - counted;
    }
    phases
}

fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse().unwrap_or(1));
    let batches = args.next().unwrap_or(75);
    let copies = args.next().unwrap_or(4);
    let workers: Vec<_> = (0..3)
        .map(|i| {
            thread::Builder::new()
                .name(format!("worker {i}"))
                .spawn(move || work(0x9e37_79b9_7f4a_7c15 ^ (i as u64 + 1), batches, copies))
                .expect("spawn a worker")
        })
        .collect();
    println!("importing with {} workers, {batches} batches each", workers.len());
    let mut sum = Phases::default();
    for worker in workers {
        let phases = worker.join().expect("worker finished");
        sum.parse_orders += phases.parse_orders;
        sum.snapshot_lines += phases.snapshot_lines;
        sum.count_words += phases.count_words;
        sum.print_invoices += phases.print_invoices;
    }
    eprintln!(
        "{{\"phases\":{{\"orders::parse_orders\":{},\"orders::snapshot_lines\":{},\"orders::count_words\":{},\"orders::print_invoices\":{}}}}}",
        sum.parse_orders, sum.snapshot_lines, sum.count_words, sum.print_invoices
    );
}
