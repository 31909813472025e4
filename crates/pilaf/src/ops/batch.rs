//! The same work for many items on several threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Calls `work` for every item on up to `threads` threads and hands each result to `done` on
/// this thread, with the index of its item, in the order in which they finish.
///
/// One failing item does not stop the others: `work` returns a `Result` for it. With one thread
/// the items are done one after the other on a single worker.
///
/// ```
/// let mut lengths = vec![0; 3];
/// let two = std::num::NonZeroUsize::new(2).unwrap();
/// pilaf::ops::for_each(&["a", "bb", "ccc"], two, |s| s.len(), |i, n| lengths[i] = n);
/// assert_eq!(lengths, [1, 2, 3]);
/// ```
pub fn for_each<T: Sync, R: Send>(
    items: &[T],
    threads: NonZeroUsize,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(usize, R),
) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.get().min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(item) = items.get(index)
                    && sender.send((index, work(item))).is_ok()
                {}
            });
        }
        drop(sender);
        receiver.into_iter().for_each(|(index, result)| done(index, result));
    });
}
