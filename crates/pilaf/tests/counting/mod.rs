//! An allocator that counts, so that a test can say what a call needs at most, and that refuses, so
//! that a test can say what a call does when it cannot have it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts what is allocated.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// What this thread may bring [`NOW`] to.
    static MOST: Cell<usize> = const { Cell::new(usize::MAX) };
}

// SAFETY: both functions hand their arguments on to the system's allocator unchanged, so that
// every promise of a caller is one to it, and what it returns is what the caller gets; or null, which
// says that nothing was allocated.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if NOW.load(Relaxed) + layout.size() > MOST.get() {
            return ptr::null_mut();
        }
        PEAK.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`, which is the same for `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: `pointer` came from `alloc` above, and so from `System`, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Holds other tests back, whose memory would be counted. Every test of a file that counts must
/// hold it.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most memory in use at once while `work` runs, beyond what was in use before.
pub(crate) fn peak_of<T>(work: impl FnOnce() -> T) -> usize {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    drop(work());
    PEAK.load(Relaxed) - before
}

/// Runs `work`, in which this thread gets no more than `bytes` beyond what is in use now.
#[allow(dead_code, reason = "not every file that counts refuses")]
pub(crate) fn with_at_most<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    MOST.set(NOW.load(Relaxed) + bytes);
    let result = work();
    MOST.set(usize::MAX);
    result
}
