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

use super::means::MeanSums;
use super::sums::{Copies, Sums, Total};
use super::turned::Turned;
use super::{AxisOfPairs, Digits, Products, Weighting};
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
    let turned = Turned::new(x, rows, axis.spans.len(), axis.blocks(), memory);
    match axis.weighting {
        Weighting::Own => sum_rows::<X, Sums<X::V>, N, BANDS>(turned, axis, lines),
        Weighting::Mean => sum_rows::<X, MeanSums<X::V>, N, BANDS>(turned, axis, lines),
        Weighting::Copied => sum_rows::<X, Copies<X::V>, N, BANDS>(turned, axis, lines),
    }
}

/// Turns as many source columns as a block needs, sums each pixel for all rows, turns the sums
/// back into lines.
#[inline(always)]
fn sum_rows<X, T, const N: usize, const BANDS: usize>(
    mut turned: Turned<'_, X, N, BANDS>,
    axis: &AxisOfPairs,
    lines: &mut [u8],
) where
    X: Products<N>,
    T: Total<X, N>,
{
    let x = turned.x;
    let mut sums = [x.splat(0); EIGHT * 4];
    for (block, units) in axis.blocks().enumerate() {
        turned.reach(units);
        let indices = block * EIGHT..axis.spans.len();
        for (index, sums) in indices.zip(sums.chunks_exact_mut(BANDS).take(EIGHT)) {
            // Pixel by pixel: all at once would keep the memory busy, and the sums waiting. Means are
            // made sooner than memory comes, which is not helped by asking.
            if axis.weighting == Weighting::Own {
                turned.ask_ahead();
            }
            sum_pixel::<X, T, N, BANDS>(&turned, axis, index, sums);
        }
        store_block::<X, N, BANDS>(x, &sums, lines, block);
    }
}

/// Sums pixel `index` of all rows: a vector of outputs in 16 bits for each band.
#[inline(always)]
fn sum_pixel<X, T, const N: usize, const BANDS: usize>(
    turned: &Turned<'_, X, N, BANDS>,
    axis: &AxisOfPairs,
    index: usize,
    sums: &mut [X::V],
) where
    X: Products<N>,
    T: Total<X, N>,
{
    let (x, span, digits) = (turned.x, axis.spans[index], axis.digits(index));
    let window = turned.from(span.first as usize);
    macro_rules! sum {
        ($count:expr) => {{
            let (window, digits) = (&window[..$count], &digits[..$count]);
            if BANDS == 4 {
                // Twelve sums at once would not fit the registers.
                let (first, last) = sums.split_at_mut(2);
                sum_bands::<X, T, N, BANDS, 2>(x, window, 0, digits, span.factor, first);
                sum_bands::<X, T, N, BANDS, 2>(x, window, 2, digits, span.factor, last);
            } else {
                sum_bands::<X, T, N, BANDS, BANDS>(x, window, 0, digits, span.factor, sums);
            }
        }};
    }
    // Few units without a loop.
    match digits.len() {
        1 => sum!(1),
        2 => sum!(2),
        3 => sum!(3),
        4 => sum!(4),
        5 => sum!(5),
        count => sum!(count),
    }
}

/// Sums `COUNT` bands of one pixel of all rows, from band `first` on.
#[inline(always)]
fn sum_bands<X, T, const N: usize, const BANDS: usize, const COUNT: usize>(
    x: X,
    window: &[[[u8; N]; BANDS]],
    first: usize,
    digits: &[Digits],
    factor: u16,
    sums: &mut [X::V],
) where
    X: Products<N>,
    T: Total<X, N>,
{
    let mut totals = [T::new(x); COUNT];
    macro_rules! add {
        ($unit:expr, $digits:expr) => {
            let (low, high) = (x.splat($digits.low), x.splat($digits.high));
            for (total, samples) in totals.iter_mut().zip(&$unit[first..]) {
                total.add(x, x.load(samples), low, high);
            }
        };
    }
    // Two at a time: what is around the sums costs as much as they do.
    let (twos, rest) = window.as_chunks::<2>();
    let (digits, digits_of_rest) = digits.as_chunks::<2>();
    for ([a, b], [p, q]) in twos.iter().zip(digits) {
        add!(a, p);
        add!(b, q);
    }
    for (unit, digits) in rest.iter().zip(digits_of_rest) {
        add!(unit, digits);
    }
    for (sum, total) in sums.iter_mut().zip(totals) {
        *sum = total.finish(x, factor);
    }
}

/// Stores a block of all rows, of `BANDS` sums for each pixel.
#[inline(always)]
pub(super) fn store_block<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    sums: &[X::V; EIGHT * 4],
    lines: &mut [u8],
    block: usize,
) {
    let line_bytes = lines.len() / (N / 4);
    for part in 0..BANDS {
        let columns = sums[part * 8..].first_chunk().expect("8 columns for each band");
        store_columns(x, columns, lines, line_bytes, (block * EIGHT * BANDS + part * 8) * 2);
    }
}

/// Clamps 8 columns of all rows to samples and stores them as 16 bytes in each line.
///
/// ```text
/// packed   c0:r0..r7 c2:r0..r7 | c0:r8..r15 c2:r8..r15      as words: pairs of rows
/// line j   c0 c1 c2 c3 c4 c5 c6 c7, each the rows 2j and 2j+1
/// ```
#[inline(always)]
fn store_columns<X: Products<N>, const N: usize>(
    x: X,
    columns: &[X::V; 8],
    lines: &mut [u8],
    line_bytes: usize,
    at: usize,
) {
    let pack = |first: usize| x.to_samples(columns[first], columns[first + 2]);
    let (p02, p13, p46, p57) = (pack(0), pack(1), pack(4), pack(5));
    let (c01, c23) = (x.low_words(p02, p13), x.high_words(p02, p13));
    let (c45, c67) = (x.low_words(p46, p57), x.high_words(p46, p57));
    let (left01, left23) = (x.low_doubles(c01, c23), x.high_doubles(c01, c23));
    let (right01, right23) = (x.low_doubles(c45, c67), x.high_doubles(c45, c67));
    let by_line = [
        x.low_quads(left01, right01),
        x.high_quads(left01, right01),
        x.low_quads(left23, right23),
        x.high_quads(left23, right23),
    ];
    for (line, value) in by_line.into_iter().enumerate() {
        let mut lanes = [0; N];
        x.store(&mut lanes, value);
        for (lane, columns) in lanes.as_chunks::<16>().0.iter().enumerate() {
            lines[(line + 4 * lane) * line_bytes + at..][..16].copy_from_slice(columns);
        }
    }
}
