//! The symbol loop of each level.

#[cfg(target_arch = "x86_64")]
use super::avx2;
use super::stream::{self, Stream, Window};
use crate::simd::Level;

/// Decodes one to three streams in turn until one of them is done. Where blocks end is noted at least if
/// `note` is set.
pub(super) fn advance(level: Level, window: &mut Window<'_>, streams: &mut [Stream], note: bool) {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => avx2::advance(token, window, streams, note),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => avx2::advance(token.avx2(), window, streams, note),
        // Notes them always.
        _ => {
            let _ = note;
            stream::advance(window, streams);
        }
    }
}
