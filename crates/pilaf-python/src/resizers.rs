//! Resizers that calls hand on to one another, so that the plans of the last sizes are at hand
//! whichever thread asks next.

use std::sync::Mutex;

use pilaf::Resizer;

/// Resizers that are kept while nobody works with them. More calls at once than this plan anew.
const MOST: usize = 8;

static IDLE: Mutex<Vec<Resizer>> = Mutex::new(Vec::new());

/// Runs `work` with a resizer of its own, if possible the one that was used last.
///
/// Never waits: who cannot look at the kept ones does without. After a `fork` in the middle of
/// another thread's look, the child could wait for ever.
pub(crate) fn with_resizer<T>(work: impl FnOnce(&mut Resizer) -> T) -> T {
    let kept = IDLE.try_lock().ok().and_then(|mut idle| idle.pop());
    let mut resizer = kept.unwrap_or_default();
    let result = work(&mut resizer);
    if let Ok(mut idle) = IDLE.try_lock()
        && idle.len() < MOST
    {
        idle.push(resizer);
    }
    result
}
