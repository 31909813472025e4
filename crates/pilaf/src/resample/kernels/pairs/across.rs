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
use super::{AxisOfPairs, Digits, Products, Span, Weighting};
use crate::resample::kernels::Rows;
use crate::simd::Ahead;

/// Bytes of turned rows that stay in the first-level cache beside the rows.
const NEAR: usize = 20 << 10;

/// Pixels of a block.
const EIGHT: usize = 8;

/// Makes lines of a group of rows.
#[inline(always)]
pub(crate) fn resample_rows<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    axis: &AxisOfPairs,
    memory: &mut Vec<u8>,
    lines: &mut [u8],
) {
    let turned = Turned::new(x, rows, axis, memory);
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
    let line_bytes = lines.len() / (N / 4);
    let mut sums = [x.splat(0); EIGHT * 4];
    for (block, spans) in axis.spans.chunks(EIGHT).enumerate() {
        turned.reach(spans, axis.units);
        let indices = block * EIGHT..axis.spans.len();
        for (index, sums) in indices.zip(sums.chunks_exact_mut(BANDS).take(EIGHT)) {
            turned.sum::<T>(axis, index, sums);
        }
        for part in 0..BANDS {
            let columns = sums[part * 8..].first_chunk().expect("8 columns for each band");
            store_columns(x, columns, lines, line_bytes, (block * EIGHT * BANDS + part * 8) * 2);
        }
    }
}

/// A group of rows, some of their units turned: those that a block needs, and more.
struct Turned<'a, X, const N: usize, const BANDS: usize> {
    x: X,
    rows: Rows<'a>,
    /// Turned units, and room for more.
    units: &'a mut [[[u8; N]; BANDS]],
    /// Of the source, the unit that `units` begin with, and the first that is not turned yet.
    start: usize,
    end: usize,
    /// The next group of rows, and the bytes of it for each pixel. They are asked for pixel by pixel,
    /// since all at once would keep the memory busy, and the sums waiting, in turns; but those of one
    /// band, which are few, block by block.
    ahead: Ahead,
    share: usize,
}

impl<'a, X: Products<N>, const N: usize, const BANDS: usize> Turned<'a, X, N, BANDS> {
    const CHUNK_UNITS: usize = chunk_pixels(BANDS) / 2;

    #[inline(always)]
    fn new(x: X, rows: Rows<'a>, axis: &AxisOfPairs, memory: &'a mut Vec<u8>) -> Self {
        let reach =
            |spans: &[Span]| (spans[spans.len() - 1].first - spans[0].first) as usize + axis.units;
        let most = axis.spans.chunks(EIGHT).map(reach).max().unwrap_or(0);
        let bytes = (NEAR / (N * BANDS)).max(2 * most + Self::CHUNK_UNITS) * N * BANDS;
        if memory.len() < bytes + 63 {
            memory.resize(bytes + 63, 0);
        }
        // From a cache line on, so that no vector crosses into a second one.
        let aligned = memory.as_ptr().align_offset(64).min(63);
        let units = memory[aligned..][..bytes].as_chunks_mut().0.as_chunks_mut().0;
        let start = axis.spans.first().map_or(0, |span| span.first as usize);
        let group = N / 2 * rows.stride;
        let ahead = Ahead::new(rows.next.as_ptr(), rows.next.len().min(group));
        let share = group.div_ceil(axis.spans.len());
        Self { x, rows, units, start, end: start, ahead, share }
    }

    /// Turns what these windows need, of up to `count` units each. When there is no room, the units
    /// before them make some.
    #[inline(always)]
    fn reach(&mut self, spans: &[Span], count: usize) {
        let (first, last) = (spans[0].first as usize, spans[spans.len() - 1].first as usize);
        if last + count + Self::CHUNK_UNITS > self.start + self.units.len() {
            let kept = first.min(self.end);
            self.units.copy_within(kept - self.start..self.end - self.start, 0);
            self.start = kept;
        }
        if BANDS == 1 {
            self.ahead.fetch(self.share * EIGHT);
        }
        while self.end < last + count {
            let units = &mut self.units[self.end - self.start..];
            turn_chunk(self.x, self.rows, self.end * 2 * BANDS, units);
            self.end += Self::CHUNK_UNITS;
        }
    }

    /// Sums pixel `index` of all rows: a vector of outputs in 16 bits for each band.
    #[inline(always)]
    fn sum<T: Total<X, N>>(&mut self, axis: &AxisOfPairs, index: usize, sums: &mut [X::V]) {
        let (span, digits) = (axis.spans[index], axis.digits(index));
        let window = &self.units[span.first as usize - self.start..];
        if BANDS > 1 {
            self.ahead.fetch(self.share);
        }
        macro_rules! sum {
            ($count:expr) => {{
                let (window, digits) = (&window[..$count], &digits[..$count]);
                if BANDS == 4 {
                    // Twelve sums at once would not fit the registers.
                    let (first, last) = sums.split_at_mut(2);
                    sum_bands::<X, T, N, BANDS, 2>(self.x, window, 0, digits, span.factor, first);
                    sum_bands::<X, T, N, BANDS, 2>(self.x, window, 2, digits, span.factor, last);
                } else {
                    sum_bands::<X, T, N, BANDS, BANDS>(
                        self.x,
                        window,
                        0,
                        digits,
                        span.factor,
                        sums,
                    );
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
}

/// Pixels that one 16-byte load of a row brings, rounded down to an even number.
const fn chunk_pixels(bands: usize) -> usize {
    (16 / bands) & !1
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

/// Turns one chunk of all rows, from byte `column` on, into units: for each pair of pixels, for
/// each band, a vector. What a chunk has past the end of its row meets no weight but zero.
#[inline(always)]
fn turn_chunk<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    column: usize,
    units: &mut [[[u8; N]; BANDS]],
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
    let words = units[..chunk_pixels(BANDS) / 2].as_flattened_mut();
    for (unit, word) in words.iter_mut().zip(x.transpose_words(v)) {
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
