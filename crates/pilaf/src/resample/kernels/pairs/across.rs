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

use super::{AxisOfPairs, Digits, Products, Sums};
use crate::resample::kernels::{Axis, Rows};

/// Turns as many source columns as a block needs, sums each pixel for all rows, turns the sums
/// back into lines.
#[inline(always)]
pub(crate) fn resample_rows<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    axis: &AxisOfPairs,
    units: &mut Vec<u8>,
    lines: &mut [u8],
) {
    let chunk_units = chunk_pixels(BANDS) / 2;
    let base = axis.first_unit(0);
    let all = axis.first_unit(axis.len() - 1) + axis.units - base;
    let bytes = all.next_multiple_of(chunk_units) * BANDS * N;
    if units.len() < bytes {
        units.resize(bytes, 0);
    }
    let units = units.as_chunks_mut::<N>().0;
    let line_bytes = lines.len() / (N / 4);
    let mut filled = 0;
    for block in (0..axis.len()).step_by(8) {
        let pixels = (axis.len() - block).min(8);
        let needed = axis.first_unit(block + pixels - 1) + axis.units - base;
        while filled < needed {
            let column = (base + filled) * 2 * BANDS;
            turn_chunk::<X, N, BANDS>(x, rows, column, &mut units[filled * BANDS..]);
            filled += chunk_units;
        }
        let mut sums = [x.splat(0); 32];
        for pixel in 0..pixels {
            let index = block + pixel;
            let first = (axis.first_unit(index) - base) * BANDS;
            let window = &units[first..][..axis.units * BANDS];
            sum_pixel::<X, N, BANDS>(x, window, axis.digits(index), &mut sums[pixel * BANDS..]);
        }
        for part in 0..BANDS {
            let columns = sums[part * 8..].first_chunk().expect("8 columns for each band");
            store_columns(x, columns, lines, line_bytes, (block * BANDS + part * 8) * 2);
        }
    }
}

/// Pixels that one 16-byte load of a row brings, rounded down to an even number.
const fn chunk_pixels(bands: usize) -> usize {
    (16 / bands) & !1
}

/// Sums one pixel of all rows: vectors of `BANDS` outputs in 16 bits.
#[inline(always)]
fn sum_pixel<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    window: &[[u8; N]],
    digits: &[Digits],
    sums: &mut [X::V],
) {
    if BANDS == 4 {
        // Twelve sums at once would not fit the registers.
        sum_bands::<X, N, 4, 2>(x, window, 0, digits, sums);
        sum_bands::<X, N, 4, 2>(x, window, 2, digits, &mut sums[2..]);
    } else {
        sum_bands::<X, N, BANDS, BANDS>(x, window, 0, digits, sums);
    }
}

#[inline(always)]
fn sum_bands<X: Products<N>, const N: usize, const BANDS: usize, const COUNT: usize>(
    x: X,
    window: &[[u8; N]],
    first: usize,
    digits: &[Digits],
    sums: &mut [X::V],
) {
    let mut totals = [Sums::new(x); COUNT];
    for (unit, digits) in window.chunks_exact(BANDS).zip(digits) {
        let (low, high) = (x.splat(digits.low), x.splat(digits.high));
        for (total, samples) in totals.iter_mut().zip(&unit[first..]) {
            total.add(x, x.load(samples), low, high);
        }
    }
    for (sum, total) in sums.iter_mut().zip(totals) {
        *sum = total.finish(x);
    }
}

/// Turns one chunk of all rows, from byte `column` on, into units: for each pair of pixels, for
/// each band, a vector. What a chunk has past the end of its row meets no weight but zero.
#[inline(always)]
fn turn_chunk<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    column: usize,
    units: &mut [[u8; N]],
) {
    let mut v = if (N / 2 - 1) * rows.stride + column + 16 <= rows.bytes.len() {
        x.load_rows(rows.bytes, column, rows.stride)
    } else {
        let mut chunks = [[0; 16]; 16];
        for (row, chunk) in chunks[..N / 2].iter_mut().enumerate() {
            let rest = rows.row(row).get(column..).unwrap_or_default();
            let count = rest.len().min(16);
            chunk[..count].copy_from_slice(&rest[..count]);
        }
        x.load_rows(chunks.as_flattened(), 0, 16)
    };
    if BANDS > 1 {
        let order = x.repeat(const { &pair_order(BANDS) });
        for chunk in &mut v {
            *chunk = x.pick(*chunk, order);
        }
    }
    let words = chunk_pixels(BANDS) / 2 * BANDS;
    for (unit, word) in units[..words].iter_mut().zip(x.transpose_words(v)) {
        x.store(unit, word);
    }
}

/// The order, in a lane, that brings the samples of two neighbouring pixels together: for RGB,
/// `r0 g0 b0 r1 g1 b1 ...` becomes `r0 r1 g0 g1 b0 b1 ...`.
const fn pair_order(bands: usize) -> [u8; 16] {
    let mut order = [0x80; 16];
    let mut word = 0;
    while word < chunk_pixels(bands) / 2 * bands {
        let (pair, band) = (word / bands, word % bands);
        order[2 * word] = (2 * pair * bands + band) as u8;
        order[2 * word + 1] = ((2 * pair + 1) * bands + band) as u8;
        word += 1;
    }
    order
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
