//! The pass down columns: lines become rows.
//!
//! A *unit* is four taps from a multiple of four on, which is a line; windows are widened to
//! whole units with weights of zero. A lane holds one column of a line, and all lanes meet the
//! same four weights.

use std::ops::Range;

use super::digits::{Digits, Planes};
use super::{Ending, Sums, Vector};
use crate::resample::kernels::{Axis, Rows, RowsMut};
use crate::resample::weights::Weights;
use crate::simd::{LINE, fetch_for_later};

/// The weights down columns, unit by unit.
#[derive(Debug)]
pub(crate) struct Down {
    first_units: Vec<u32>,
    /// The digits of all windows, and where those of each begin, and end.
    digits: Vec<Digits>,
    starts: Vec<u32>,
    units: usize,
    ending: Ending,
}

impl Down {
    #[inline(always)]
    pub(crate) fn pack(weights: &Weights<i32>) -> Option<Self> {
        let ending = Ending::of(weights);
        let planes = Planes::new(weights, ending.shift())?;
        let mut down = Self {
            first_units: Vec::with_capacity(weights.len()),
            digits: Vec::with_capacity(weights.windows().iter().map(|w| w.taps / 4 + 2).sum()),
            starts: Vec::with_capacity(weights.len() + 1),
            units: 1,
            ending,
        };
        let mut start = 0;
        down.starts.push(0);
        for window in weights.windows() {
            down.first_units.push((window.start / 4) as u32);
            for digits in planes.fours(window, window.start % 4) {
                down.digits.push(digits);
            }
            down.units = down.units.max(down.digits.len() - start);
            start = down.digits.len();
            down.starts.push(u32::try_from(start).ok()?);
        }
        Some(down)
    }

    fn digits(&self, index: usize) -> &[Digits] {
        &self.digits[self.starts[index] as usize..self.starts[index + 1] as usize]
    }
}

impl Axis for Down {
    fn first_unit(&self, index: usize) -> usize {
        self.first_units[index] as usize
    }

    fn units(&self) -> usize {
        self.units
    }
}

/// Makes `count` lines of rows as they are.
#[inline(always)]
pub(crate) fn interleave_rows(rows: Rows<'_>, lines: &mut [u8], count: usize) {
    let line_bytes = lines.len() / count;
    for (index, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
        let [a, b, c, d] = [0, 1, 2, 3].map(|row| rows.row(4 * index + row));
        let columns = &mut line.as_chunks_mut::<4>().0[..rows.row_bytes];
        for (column, target) in columns.iter_mut().enumerate() {
            *target = [a[column], b[column], c[column], d[column]];
        }
    }
}

/// Takes row `row` (0 to 3) out of a line.
#[inline(always)]
pub(crate) fn extract_row(line: &[u8], row: usize, target: &mut [u8]) {
    for (sample, four) in target.iter_mut().zip(line.as_chunks::<4>().0) {
        *sample = (u32::from_le_bytes(*four) >> (8 * row)) as u8;
    }
}

/// Where the samples of 64 columns lie once four vectors of sums are samples.
const CLAMPED_ORDER: [u8; 64] = {
    let mut order = [0; 64];
    let mut column = 0;
    while column < 64 {
        order[column] = (column % 16 / 4 * 16 + column / 16 * 4 + column % 4) as u8;
        column += 1;
    }
    order
};

/// The same when they are the highest bytes of the sums.
const HIGHEST_BYTE_ORDER: [u8; 64] = {
    let mut order = [0; 64];
    let mut column = 0;
    while column < 64 {
        order[column] = (column % 16 * 4 + column / 16) as u8;
        column += 1;
    }
    order
};

/// Bytes of lines that stay in the first-level cache while rows are made of them.
const NEAR: usize = 24 << 10;

/// Makes the rows `indices` of the target from the lines of all of their windows: a strip of
/// columns of every row, then the next strip, so that lines which rows share are near.
///
/// `target` may go on: the memory that as many rows after these take is asked for meanwhile.
#[inline(always)]
pub(crate) fn combine_rows<X: Vector>(
    x: X,
    lines: &[&[u8]],
    axis: &Down,
    indices: Range<usize>,
    target: &mut RowsMut<'_>,
) {
    let first = axis.first_unit(indices.start);
    let strip = (NEAR / 4 / lines.len()).max(1).next_multiple_of(64);
    let (row_bytes, end) = (target.row_bytes, indices.len() * target.stride);
    let (rows, later) = target.bytes.split_at_mut(end.min(target.bytes.len()));
    for column in (0..row_bytes).step_by(strip) {
        for (row, index) in indices.clone().enumerate() {
            let digits = axis.digits(index);
            let window = &lines[axis.first_unit(index) - first..][..digits.len()];
            let start = row * target.stride + column;
            let row = &mut rows[start..][..strip.min(row_bytes - column)];
            let later = later.get(start..).unwrap_or_default();
            combine_strip(x, window, (digits, axis.ending), column, (row, later));
        }
    }
}

/// Makes some columns of a row, from `column` on: 64 at a time. Asks for as much of `later`.
#[inline(always)]
fn combine_strip<X: Vector>(
    x: X,
    lines: &[&[u8]],
    (digits, ending): (&[Digits], Ending),
    mut column: usize,
    (target, later): (&mut [u8], &[u8]),
) {
    let (blocks, rest) = target.as_chunks_mut::<64>();
    for (block, target) in blocks.iter_mut().enumerate() {
        if let Some(byte) = later.get(block * LINE) {
            fetch_for_later(byte);
        }
        x.store(target, combine_columns::<X, 4>(x, lines, digits, ending, column));
        column += 64;
    }
    if !rest.is_empty() {
        let mut block = [0; 64];
        let samples = match rest.len() {
            ..=16 => combine_columns::<X, 1>(x, lines, digits, ending, column),
            _ => combine_columns::<X, 4>(x, lines, digits, ending, column),
        };
        x.store(&mut block, samples);
        rest.copy_from_slice(&block[..rest.len()]);
    }
}

/// Makes `VECTORS` times 16 columns of a row, from `column` on; what comes after them means nothing.
#[inline(always)]
fn combine_columns<X: Vector, const VECTORS: usize>(
    x: X,
    lines: &[&[u8]],
    digits: &[Digits],
    ending: Ending,
    column: usize,
) -> X::V {
    let sums = sum_columns::<X, VECTORS>(x, lines, digits, column, ending.start());
    let sums = [0, 1, 2, 3].map(|vector| sums[vector % VECTORS]);
    match ending {
        Ending::Clamp => x.pick(x.to_samples(sums), x.load(&CLAMPED_ORDER)),
        Ending::HighestByte => x.pick(x.highest_bytes(sums), x.load(&HIGHEST_BYTE_ORDER)),
    }
}

/// Sums columns from `column` on, each from `start` up.
#[inline(always)]
fn sum_columns<X: Vector, const VECTORS: usize>(
    x: X,
    lines: &[&[u8]],
    digits: &[Digits],
    column: usize,
    start: i32,
) -> [X::V; VECTORS] {
    match (lines, digits) {
        (&[a], &[p]) => sum_few(x, [a], [p], column, start),
        (&[a, b], &[p, q]) => sum_few(x, [a, b], [p, q], column, start),
        (&[a, b, c], &[p, q, r]) => sum_few(x, [a, b, c], [p, q, r], column, start),
        _ => sum_many(x, lines, digits, column, start),
    }
}

/// The samples of `VECTORS` times 16 columns of a line.
fn columns_of<const VECTORS: usize>(line: &[u8], column: usize) -> &[[u8; 64]; VECTORS] {
    let samples = line[column * 4..][..VECTORS * 64].as_chunks::<64>().0;
    samples.first_chunk().expect("there are as many times 64 bytes")
}

/// Sums columns over few lines: one sum takes the upper digits, moves up, and takes the next.
#[inline(always)]
fn sum_few<X: Vector, const UNITS: usize, const VECTORS: usize>(
    x: X,
    lines: [&[u8]; UNITS],
    digits: [Digits; UNITS],
    column: usize,
    start: i32,
) -> [X::V; VECTORS] {
    let mut sums = [x.splat(start >> 16); VECTORS];
    for digit in [2, 1, 0] {
        if digit < 2 {
            for sum in &mut sums {
                *sum = x.shift_8(*sum);
            }
        }
        for (line, digits) in lines.iter().zip(&digits) {
            let weights = x.splat(digits.0[digit]);
            for (sum, samples) in sums.iter_mut().zip(columns_of::<VECTORS>(line, column)) {
                *sum = x.dot(*sum, x.load(samples), weights);
            }
        }
    }
    sums
}

/// Sums columns over many lines, each digit on its own.
#[inline(always)]
fn sum_many<X: Vector, const VECTORS: usize>(
    x: X,
    lines: &[&[u8]],
    digits: &[Digits],
    column: usize,
    start: i32,
) -> [X::V; VECTORS] {
    let mut totals = [Sums::new(x, start); VECTORS];
    for (line, digits) in lines.iter().zip(digits) {
        let [low, middle, high] = digits.0;
        let thin = [x.splat(low), x.splat(middle)];
        let columns = totals.iter_mut().zip(columns_of::<VECTORS>(line, column));
        if high == 0 {
            for (total, samples) in columns {
                total.add_thin(x, x.load(samples), &thin);
            }
        } else {
            let digits = [thin[0], thin[1], x.splat(high)];
            for (total, samples) in columns {
                total.add(x, x.load(samples), &digits);
            }
        }
    }
    let mut sums = [x.splat(0); VECTORS];
    for (sum, total) in sums.iter_mut().zip(totals) {
        *sum = total.total(x);
    }
    sums
}
