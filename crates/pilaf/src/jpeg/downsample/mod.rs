//! Downsampling of component rows by two: along the row, or along and down.
//!
//! Means are rounded up and down in turn along the row, so that halves do not brighten the
//! picture: libjpeg's ordered dither (jcsample.c), from the first sample of every row.

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
mod scalar;

#[cfg(test)]
mod tests;

use crate::simd::Level;

/// Halves a row: sample `x` of `out` is the mean of samples `2 x` and `2 x + 1` of `row`.
///
/// # Panics
///
/// When `row` is not twice as long as `out`.
pub(crate) fn h2v1(level: Level, row: &[u8], out: &mut [u8]) {
    assert!(row.len() == out.len() * 2, "two samples for one");
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => avx2::h2v1(token, row, out),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => avx2::h2v1(token.avx2(), row, out),
        _ => scalar::h2v1(row, out),
    }
}

/// Halves two rows into one: each sample of `out` is the mean of a square of four.
///
/// # Panics
///
/// When a row is not twice as long as `out`.
pub(crate) fn h2v2(level: Level, rows: [&[u8]; 2], out: &mut [u8]) {
    assert!(rows.iter().all(|row| row.len() == out.len() * 2), "four samples for one");
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => avx2::h2v2(token, rows, out),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => avx2::h2v2(token.avx2(), rows, out),
        _ => scalar::h2v2(rows, out),
    }
}
