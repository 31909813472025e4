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
use super::{AxisOfPairs, Digits, LineKernel, Products, Span, Weighting};
use crate::resample::kernels::{Rows, Scratch};

/// Pixels of a block.
pub(super) const EIGHT: usize = 8;

impl LineKernel for AxisOfPairs {
    #[inline(always)]
    fn make_lines<X: Products<N>, const N: usize, const BANDS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let mut turned = Turned::new(x, rows, self.blocks(), &mut scratch.pairs);
        let next = match self.weighting {
            Weighting::Own => turned.ask_ahead(self.spans.len()),
            // These are made sooner than memory comes, which is not helped by asking.
            _ => Shares::default(),
        };
        match self.weighting {
            Weighting::Own => sum_rows::<X, Sums<X::V>, N, BANDS>(turned, next, self, lines),
            Weighting::Mean => sum_rows::<X, MeanSums<X::V>, N, BANDS>(turned, next, self, lines),
            Weighting::Copied => sum_rows::<X, Copies<X::V>, N, BANDS>(turned, next, self, lines),
        }
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
    let mut digits = axis.digits.chunks(EIGHT * axis.units);
    for (block, (units, spans)) in axis.blocks().zip(axis.spans.chunks(EIGHT)).enumerate() {
        let first = units.start;
        turned.reach(units);
        let digits = digits.next().unwrap_or_default();
        let pixels = Pixels { x, units: turned.from(first), first, spans, digits, one: axis.one };
        pixels.sum::<T>(axis.units, &mut next, &mut sums);
        store_block::<X, N, BANDS>(x, &sums, order, lines, block);
    }
}

/// A block of pixels of all rows, to be summed.
struct Pixels<'a, X, const N: usize, const BANDS: usize> {
    x: X,
    /// Those from number `first` on, which is the first that is needed.
    units: &'a [[[u8; N]; BANDS]],
    first: usize,
    spans: &'a [Span],
    /// For each of them, those of as many units as the longest window has.
    digits: &'a [Digits],
    /// Those of a unit within a mean.
    one: Digits,
}

impl<X: Products<N>, const N: usize, const BANDS: usize> Pixels<'_, X, N, BANDS> {
    /// For each pixel and band a vector of outputs in 16 bits. Windows are all taken for as long as the
    /// longest: most are, or shorter by one, and a CPU would have to guess which.
    #[inline(always)]
    fn sum<T: Total<X, N>>(&self, units: usize, next: &mut Shares, sums: &mut [X::V]) {
        // Few units without a loop.
        match units {
            1 => self.sum_each::<T, 1>(1, next, sums),
            2 => self.sum_each::<T, 2>(2, next, sums),
            3 => self.sum_each::<T, 3>(3, next, sums),
            4 => self.sum_each::<T, 4>(4, next, sums),
            5 => self.sum_each::<T, 5>(5, next, sums),
            6 if T::UNIFORM => self.sum_each::<T, 6>(6, next, sums),
            7 if T::UNIFORM => self.sum_each::<T, 7>(7, next, sums),
            8 if T::UNIFORM => self.sum_each::<T, 8>(8, next, sums),
            _ => self.sum_each::<T, 0>(units, next, sums),
        }
    }

    /// For windows of `UNITS` units, or 0 for any number, which is `count`.
    #[inline(always)]
    fn sum_each<T: Total<X, N>, const UNITS: usize>(
        &self,
        count: usize,
        next: &mut Shares,
        sums: &mut [X::V],
    ) {
        let pixels = self.spans.iter().zip(self.digits.chunks_exact(count));
        for ((span, digits), sums) in pixels.zip(sums.chunks_exact_mut(BANDS)) {
            next.ask();
            // Of several bands, a unit more costs as much as guessing does.
            let count = if UNITS == 0 && BANDS > 1 { span.count as usize } else { count };
            let units = &self.units[span.first as usize - self.first..][..count];
            let (digits, factors) = (&digits[..count], span.factors);
            if BANDS == 4 {
                // Twelve sums at once would not fit the registers.
                let (first, last) = sums.split_at_mut(2);
                self.sum_bands::<T, 2, UNITS>(0, units, digits, factors, first);
                self.sum_bands::<T, 2, UNITS>(2, units, digits, factors, last);
            } else {
                self.sum_bands::<T, BANDS, UNITS>(0, units, digits, factors, sums);
            }
        }
    }

    /// Sums `COUNT` bands, from band `first` on.
    #[inline(always)]
    fn sum_bands<T: Total<X, N>, const COUNT: usize, const UNITS: usize>(
        &self,
        first: usize,
        units: &[[[u8; N]; BANDS]],
        digits: &[Digits],
        factors: i32,
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
        if let (Some(units), Some(digits)) =
            (units.first_chunk::<UNITS>(), digits.first_chunk::<UNITS>())
            && UNITS > 0
        {
            for index in 0..UNITS {
                // Windows may end with either of the last two.
                let inner = T::UNIFORM && index > 0 && index + 2 < UNITS;
                let digits = if inner { self.one } else { digits[index] };
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
            *sum = total.finish(x, factors);
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
        x.store_rows::<4, _>(&mut lines[at..], line_bytes, turn_columns(x, columns, order));
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
