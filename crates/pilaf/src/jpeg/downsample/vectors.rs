//! A vector of samples in one go, of two vectors of each row.

use super::Halve;
use crate::simd::{Kernel, Vector};

/// The means of pairs in one row, or of squares in two.
#[inline(always)]
pub(super) fn halve<X: Vector<N>, const N: usize, const ROWS: usize>(
    x: X,
    rows: [&[u8]; ROWS],
    out: &mut [u8],
) {
    let whole = out.len() / N * N;
    for (index, out) in out.as_chunks_mut().0.iter_mut().enumerate() {
        let at = 2 * N * index;
        x.store(out, x.to_samples_in_order(means(x, rows, at), means(x, rows, at + N)));
    }
    Halve { rows: rows.map(|row| &row[2 * whole..]), out: &mut out[whole..] }.scalar();
}

/// Means, in words, of the `N / 2` pairs or squares from sample `at` of the rows.
#[inline(always)]
fn means<X: Vector<N>, const N: usize, const ROWS: usize>(
    x: X,
    rows: [&[u8]; ROWS],
    at: usize,
) -> X::V {
    // Even samples round down, odd ones up.
    let mut sum = x.splat(if ROWS == 1 { 1 << 16 } else { 2 << 16 | 1 });
    for row in rows {
        let samples = row[at..].first_chunk().expect("two samples for one");
        sum = x.add_words(sum, x.add_pairs_of_bytes(x.load(samples)));
    }
    match ROWS {
        1 => x.unsigned_words_down::<1>(sum),
        _ => x.unsigned_words_down::<2>(sum),
    }
}
