//! An allocator that counts what the program asks for: the independent truth of the heap samples.
//!
//! A realloc is one more block of its new size, and moves the live bytes by the difference, as DHAT has it.
use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[cfg(any(feature = "dhat-heap", feature = "dhat-ad-hoc"))]
static BELOW: dhat::Alloc = dhat::Alloc;
#[cfg(not(any(feature = "dhat-heap", feature = "dhat-ad-hoc")))]
static BELOW: std::alloc::System = std::alloc::System;

static BLOCKS: AtomicU64 = AtomicU64::new(0);
static REALLOCS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicU64 = AtomicU64::new(0);
static LIVE_BLOCKS: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

pub struct Counting;

unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size() as u64);
        BELOW.alloc(layout)
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size() as u64);
        BELOW.alloc_zeroed(layout)
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as u64, Relaxed);
        LIVE_BLOCKS.fetch_sub(1, Relaxed);
        BELOW.dealloc(pointer, layout)
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.fetch_sub(layout.size() as u64, Relaxed);
        LIVE_BLOCKS.fetch_sub(1, Relaxed);
        REALLOCS.fetch_add(1, Relaxed);
        grown(size as u64);
        BELOW.realloc(pointer, layout, size)
    }
}

#[inline]
fn grown(size: u64) {
    BLOCKS.fetch_add(1, Relaxed);
    BYTES.fetch_add(size, Relaxed);
    LIVE_BLOCKS.fetch_add(1, Relaxed);
    let live = LIVE.fetch_add(size, Relaxed) + size;
    PEAK.fetch_max(live, Relaxed);
}

#[derive(Clone, Copy)]
pub struct Counts {
    pub blocks: u64,
    pub reallocs: u64,
    pub bytes: u64,
    pub live: u64,
    pub live_blocks: u64,
    pub peak: u64,
}

pub fn counts() -> Counts {
    Counts {
        blocks: BLOCKS.load(Relaxed),
        reallocs: REALLOCS.load(Relaxed),
        bytes: BYTES.load(Relaxed),
        live: LIVE.load(Relaxed),
        live_blocks: LIVE_BLOCKS.load(Relaxed),
        peak: PEAK.load(Relaxed),
    }
}
