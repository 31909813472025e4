//! The pass down columns: lines become rows.
//!
//! A *unit* is four taps from a multiple of four on, which is a line; windows are widened to
//! whole units with weights of zero. A lane holds one column of a line, and all lanes meet the
//! same four weights.

use super::{Digits, Sums, Vector};
use crate::resample::kernels::{Axis, Rows};
use crate::resample::scalar::HALF;
use crate::resample::weights::Weights;

/// The weights down columns, unit by unit.
#[derive(Debug)]
pub(crate) struct Down {
    first_units: Vec<u32>,
    digits: Vec<Digits>,
    units: usize,
}

impl Down {
    pub(crate) fn pack(weights: &Weights<i32>) -> Option<Self> {
        let spans = weights.windows().iter().map(|w| w.end().div_ceil(4) - w.start / 4);
        let units = spans.max().unwrap_or(0).max(1);
        let mut digits = Vec::with_capacity(units * weights.len());
        for (window, values) in weights.iter() {
            let lead = (window.start % 4) as isize;
            for unit in 0..units as isize {
                digits.push(Digits::at(values, unit * 4 - lead)?);
            }
        }
        let first_units = weights.windows().iter().map(|w| (w.start / 4) as u32).collect();
        Some(Self { first_units, digits, units })
    }

    fn digits(&self, index: usize) -> &[Digits] {
        &self.digits[index * self.units..][..self.units]
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
const ROW_ORDER: [u8; 64] = {
    let mut order = [0; 64];
    let mut column = 0;
    while column < 64 {
        order[column] = (column % 16 / 4 * 16 + column / 16 * 4 + column % 4) as u8;
        column += 1;
    }
    order
};

/// Makes row `index` of the target from the lines of its window: 64 columns at a time.
#[inline(always)]
pub(crate) fn combine_lines<X: Vector>(
    x: X,
    lines: &[&[u8]],
    axis: &Down,
    index: usize,
    target: &mut [u8],
) {
    let digits = axis.digits(index);
    assert_eq!(lines.len(), digits.len());
    let (blocks, rest) = target.as_chunks_mut::<64>();
    let done = blocks.len() * 64;
    for (block, target) in blocks.iter_mut().enumerate() {
        let samples = combine_block(x, lines, digits, block * 64);
        x.store(target, samples);
    }
    if !rest.is_empty() {
        let mut block = [0; 64];
        x.store(&mut block, combine_block(x, lines, digits, done));
        rest.copy_from_slice(&block[..rest.len()]);
    }
}

/// The samples of 64 columns from `column` on.
#[inline(always)]
fn combine_block<X: Vector>(x: X, lines: &[&[u8]], digits: &[Digits], column: usize) -> X::V {
    let mut totals = [Sums::new(x, HALF); 4];
    for (line, digits) in lines.iter().zip(digits) {
        let [low, middle, high] = digits.0;
        let digits = [x.splat(low), x.splat(middle), x.splat(high)];
        let samples = line[column * 4..][..256].as_chunks::<64>().0;
        for (total, samples) in totals.iter_mut().zip(samples) {
            total.add(x, x.load(samples), &digits);
        }
    }
    let [a, b, c, d] = totals;
    let samples = x.to_samples([a.total(x), b.total(x), c.total(x), d.total(x)]);
    x.pick(samples, x.load(&ROW_ORDER))
}
