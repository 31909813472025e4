//! The pass over rows: blocks of 8 pixels.
//!
//! The rows of a group, 8 for each lane, are first turned so that a vector holds one unit of them:
//!
//! ```text
//! lane 0:  r0:x r0:x+1  r1:x r1:x+1 ... r7:x r7:x+1      lane 1:  r8:x r8:x+1 ... r15:x r15:x+1
//! ```
//!
//! and a window is a run of such vectors, each multiplied by a pair of weights in all lanes: no
//! shuffle in the inner loop, whatever the scale.

use std::hint::black_box;

use super::means::MeanSums;
use super::sums::{Copies, Sums, Total};
use super::turned::{Shares, Turned};
use super::{AxisOfPairs, Digits, Products, Span, Weighting};
use crate::resample::kernels::Rows;

/// Pixels of a block.
pub(super) const EIGHT: usize = 8;

/// Makes lines of a group of rows.
#[inline(always)]
pub(crate) fn resample_rows<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    axis: &AxisOfPairs,
    memory: &mut Vec<u8>,
    lines: &mut [u8],
) {
    let mut turned = Turned::new(x, rows, axis.blocks(), memory);
    let next = match axis.weighting {
        Weighting::Own => turned.ask_ahead(axis.spans.len()),
        // These are made sooner than memory comes, which is not helped by asking.
        _ => Shares::default(),
    };
    match axis.weighting {
        Weighting::Own => sum_rows::<X, Sums<X::V>, N, BANDS>(turned, next, axis, lines),
        Weighting::Mean => sum_rows::<X, MeanSums<X::V>, N, BANDS>(turned, next, axis, lines),
        Weighting::Copied => sum_rows::<X, Copies<X::V>, N, BANDS>(turned, next, axis, lines),
    }
}

/// Turns as many source columns as a block needs, sums each pixel for all rows, turns the sums
/// back into lines.
#[inline(always)]
fn sum_rows<X, T, const N: usize, const BANDS: usize>(
    mut turned: Turned<'_, X, N, BANDS>,
    mut next: Shares,
    axis: &AxisOfPairs,
    lines: &mut [u8],
) where
    X: Products<N>,
    T: Total<X, N>,
{
    let x = turned.x;
    let mut sums = [x.splat(0); EIGHT * 4];
    let order = column_order(x);
    let mut digits = axis.digits.chunks_exact(axis.units);
    for (block, (units, spans)) in axis.blocks().zip(axis.spans.chunks(EIGHT)).enumerate() {
        turned.reach(units);
        let pixels = spans.iter().zip(&mut digits).zip(sums.chunks_exact_mut(BANDS));
        for ((span, digits), sums) in pixels {
            next.ask();
            let pixel = Pixel { x, units: turned.from(span.first as usize), digits, span };
            pixel.sum::<T>(axis.one, sums);
        }
        store_block::<X, N, BANDS>(x, &sums, order, lines, block);
    }
}

/// A pixel of all rows to be summed.
struct Pixel<'a, X, const N: usize, const BANDS: usize> {
    x: X,
    /// From its first one on.
    units: &'a [[[u8; N]; BANDS]],
    digits: &'a [Digits],
    span: &'a Span,
}

impl<X: Products<N>, const N: usize, const BANDS: usize> Pixel<'_, X, N, BANDS> {
    /// A vector of outputs in 16 bits for each band. `one` are the digits of a unit within a mean.
    #[inline(always)]
    fn sum<T: Total<X, N>>(&self, one: Digits, sums: &mut [X::V]) {
        macro_rules! sum {
            ($units:literal) => {
                if BANDS == 4 {
                    // Twelve sums at once would not fit the registers.
                    let (first, last) = sums.split_at_mut(2);
                    self.sum_bands::<T, 2, $units>(0, one, first);
                    self.sum_bands::<T, 2, $units>(2, one, last);
                } else {
                    self.sum_bands::<T, BANDS, $units>(0, one, sums);
                }
            };
        }
        // Few units without a loop.
        match self.span.count {
            1 => sum!(1),
            2 => sum!(2),
            3 => sum!(3),
            4 => sum!(4),
            5 => sum!(5),
            6 if T::UNIFORM => sum!(6),
            7 if T::UNIFORM => sum!(7),
            8 if T::UNIFORM => sum!(8),
            _ => sum!(0),
        }
    }

    /// Sums `COUNT` bands of `UNITS` units, or 0 for any number, from band `first` on.
    #[inline(always)]
    fn sum_bands<T: Total<X, N>, const COUNT: usize, const UNITS: usize>(
        &self,
        first: usize,
        one: Digits,
        sums: &mut [X::V],
    ) {
        let x = self.x;
        let mut totals = [T::new(x); COUNT];
        // No closure, which might not be inlined.
        macro_rules! add {
            ($unit:expr, $digits:expr) => {
                let (low, high) = (x.splat($digits.low), x.splat($digits.high));
                for (total, samples) in totals.iter_mut().zip(&$unit[first..]) {
                    total.add(x, x.load(samples), low, high);
                }
            };
        }
        let count = if UNITS == 0 { self.span.count as usize } else { UNITS };
        let (units, digits) = (&self.units[..count], &self.digits[..count]);
        if UNITS > 0 {
            for index in 0..count {
                let inner = T::UNIFORM && index > 0 && index < count - 1;
                let digits = if inner { one } else { digits[index] };
                add!(units[index], digits);
            }
        } else {
            // Two at a time: what is around the sums costs as much as they do.
            let (twos, rest) = units.as_chunks::<2>();
            let (digits, digits_of_rest) = digits.as_chunks::<2>();
            for ([a, b], [p, q]) in twos.iter().zip(digits) {
                add!(a, p);
                add!(b, q);
            }
            for (unit, digits) in rest.iter().zip(digits_of_rest) {
                add!(unit, digits);
            }
        }
        for (sum, total) in sums.iter_mut().zip(totals) {
            *sum = total.finish(x, self.span.factors);
        }
    }
}

/// Stores a block of all rows, of `BANDS` sums for each pixel.
#[inline(always)]
pub(super) fn store_block<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    sums: &[X::V; EIGHT * 4],
    order: X::V,
    lines: &mut [u8],
    block: usize,
) {
    let line_bytes = lines.len() / (N / 4);
    for part in 0..BANDS {
        let columns = sums[part * 8..].first_chunk().expect("8 columns for each band");
        let at = (block * EIGHT * BANDS + part * 8) * 2;
        x.store_rows::<4>(&mut lines[at..], line_bytes, turn_columns(x, columns, order));
    }
}

/// In a lane, the order that brings the pairs of rows of two columns together. (Were it known, the
/// compiler would make more instructions of it and what comes after.)
#[inline(always)]
pub(super) fn column_order<X: Products<N>, const N: usize>(x: X) -> X::V {
    x.repeat(black_box(&[0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15]))
}

/// Clamps 8 columns of all rows to samples: for each line, 8 pairs of them.
///
/// ```text
/// packed   c0:r0..r7 c1:r0..r7 | c0:r8..r15 c1:r8..r15      as words: pairs of rows
/// line j   c0 c1 c2 c3 c4 c5 c6 c7, each the rows 2j and 2j+1
/// ```
#[inline(always)]
fn turn_columns<X: Products<N>, const N: usize>(
    x: X,
    columns: &[X::V; 8],
    order: X::V,
) -> [X::V; 4] {
    let pack = |first: usize| x.pick(x.to_samples(columns[first], columns[first + 1]), order);
    let (c01, c23, c45, c67) = (pack(0), pack(2), pack(4), pack(6));
    let (left01, left23) = (x.low_doubles(c01, c23), x.high_doubles(c01, c23));
    let (right01, right23) = (x.low_doubles(c45, c67), x.high_doubles(c45, c67));
    [
        x.low_quads(left01, right01),
        x.high_quads(left01, right01),
        x.low_quads(left23, right23),
        x.high_quads(left23, right23),
    ]
}
