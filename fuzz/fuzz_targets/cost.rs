//! What a target may cost: memory and time in proportion to its input.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

/// The longest input that targets take, in bytes. Run with `-max_len=262144`.
pub const LONGEST: usize = 256 << 10;

/// Counts the bytes that are allocated, and the most that ever were since it was asked last.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(ALLOCATED.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }
}

/// Runs something and fails if it allocates or takes too much for an input of so many bytes. `per_byte` is in
/// microseconds: what the instrumented code takes, not the optimised server.
pub fn bound(length: usize, per_byte: u64, run: impl FnOnce()) {
    let before = ALLOCATED.load(Relaxed);
    PEAK.store(before, Relaxed);
    let started = read_clock();
    run();
    let (took, peak) = (read_clock() - started, PEAK.load(Relaxed).saturating_sub(before));
    let most = Duration::from_millis(500) + Duration::from_micros(per_byte * length as u64);
    assert!(took < most, "{took:?} for {length} bytes");
    assert!(peak < (32 << 20) + 512 * length, "{} MiB for {length} bytes", peak >> 20);
}

/// The CPU time of this thread, on Linux.
fn read_clock() -> Duration {
    // Linux adds it up when a thread gives way.
    std::thread::yield_now();
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(times.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or_default())
}
