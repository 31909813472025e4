//! Downsampling of component rows by two: along the row, or along and down.
//!
//! Means are rounded up and down in turn along the row, so that halves do not brighten the
//! picture: libjpeg's ordered dither (jcsample.c), from the first sample of every row.

mod scalar;
mod vectors;

#[cfg(test)]
mod tests;

use crate::simd::{Kernel, Level, Vector};

/// Halves a row: sample `x` of `out` is the mean of samples `2 x` and `2 x + 1` of `row`.
///
/// # Panics
///
/// When `row` is not twice as long as `out`.
pub(crate) fn h2v1(level: Level, row: &[u8], out: &mut [u8]) {
    assert!(row.len() == out.len() * 2, "two samples for one");
    level.compute(Halve { rows: [row], out });
}

/// Halves two rows into one: each sample of `out` is the mean of a square of four.
///
/// # Panics
///
/// When a row is not twice as long as `out`.
pub(crate) fn h2v2(level: Level, rows: [&[u8]; 2], out: &mut [u8]) {
    assert!(rows.iter().all(|row| row.len() == out.len() * 2), "four samples for one");
    level.compute(Halve { rows, out });
}

/// One or two rows to be halved, of good lengths.
struct Halve<'a, const ROWS: usize> {
    rows: [&'a [u8]; ROWS],
    out: &'a mut [u8],
}

impl<const ROWS: usize> Kernel for Halve<'_, ROWS> {
    type Output = ();

    fn scalar(self) {
        match self.rows[..] {
            [row] => scalar::h2v1(row, self.out),
            [above, below] => scalar::h2v2([above, below], self.out),
            _ => unreachable!("one row or two"),
        }
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        vectors::halve(x, self.rows, self.out);
    }
}
