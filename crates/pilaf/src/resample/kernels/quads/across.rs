//! The pass across rows: packed pixels become lines, without being turned first.
//!
//! A *block* is as many target pixels as one vector has lanes for. Its source pixels start close
//! together, so that one load of 64 bytes brings the first taps of all of them, and one `pick`
//! puts four taps of a band into each lane. The next load starts `step` taps later and is picked
//! apart by the same order: the addresses move, the order does not.
//!
//! ```text
//! RGB, step 4   lanes   p0r p0g p0b p1r p1g p1b ... p4r p4g p4b  -
//!               a lane  taps t, t+1, t+2, t+3 of one band of one pixel
//! ```
//!
//! When the scale moves the pixels of a block too far apart for one load, there are fewer of
//! them, and a step is 8, 16 or (one band) 64 taps in as many lanes more: the sums of a half, a
//! quarter or all of the vector are then added up. [`Spread`] holds the choice.
//!
//! Four rows of results are packed into bytes of which four lie side by side, a column of a line.

use std::ops::Range;

use super::{Aligned, Digits, Sums, Vector};
use crate::resample::kernels::{Rows, Scratch};
use crate::resample::scalar::HALF;
use crate::resample::weights::{Weights, Window};

/// Bytes of a load.
const LOAD: usize = 64;

/// How the taps of a pixel are spread over lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spread {
    /// One lane: 4 taps a step.
    Lane,
    /// The same lane of both halves: 8 taps a step.
    Halves,
    /// The same lane of four quarters: 16 taps a step.
    Quarters,
    /// Every lane: 64 taps a step, one band.
    All,
}

impl Spread {
    /// Taps of a step.
    fn taps(self) -> usize {
        match self {
            Self::Lane => 4,
            Self::Halves => 8,
            Self::Quarters => 16,
            Self::All => 64,
        }
    }

    /// Columns of a vector.
    fn columns(self) -> usize {
        64 / self.taps()
    }

    /// The lanes of column `column`, in the order of the taps.
    fn lanes(self, column: usize) -> impl Iterator<Item = usize> {
        (column..16).step_by(self.columns())
    }

    /// What the sum of every lane starts from, for all lanes of a column to make a half.
    fn start(self) -> i32 {
        HALF / (16 / self.columns() as i32)
    }

    /// Where each byte of a line comes from, once four rows of sums are samples.
    fn line_order(self) -> [u8; 64] {
        std::array::from_fn(|at| {
            let (column, row) = (at / 4 % self.columns(), at % 4);
            let from = match self {
                // Part by part: four columns of row 0, of row 1, ...
                Self::Lane => column / 4 * 16 + row * 4 + column % 4,
                // Parts 0, 1 hold rows 0 and 2 in turn; parts 2, 3 rows 1 and 3.
                Self::Halves => row % 2 * 32 + column / 4 * 16 + row / 2 * 4 + column % 4,
                // Part r is row r.
                Self::Quarters | Self::All => row * 16 + column,
            };
            from as u8
        })
    }
}

/// Where a block reads, and how it is picked apart.
#[derive(Debug)]
struct Block {
    /// The first byte of the first load.
    start: usize,
    order: Aligned,
}

/// The weights across rows, block by block.
#[derive(Debug)]
pub(crate) struct Across {
    spread: Spread,
    blocks: Vec<Block>,
    /// For each block, for each step: three digits for every lane.
    digits: Vec<[Aligned; 3]>,
    steps: usize,
    /// Bytes from one load to the next.
    step_bytes: usize,
    /// Columns of all blocks but the last, which may have less.
    columns: usize,
}

impl Across {
    pub(crate) fn pack(weights: &Weights<i32>, bands: usize) -> Option<Self> {
        let (spread, pixels) = choose(weights.windows(), bands);
        let taps = weights.windows().iter().map(|window| window.taps).max().unwrap_or(0);
        let steps = taps.div_ceil(spread.taps()).max(1);
        let count = weights.len().div_ceil(pixels);
        let mut across = Self {
            spread,
            blocks: Vec::with_capacity(count),
            digits: vec![[Aligned([0; 64]); 3]; count * steps],
            steps,
            step_bytes: spread.taps() * bands,
            columns: pixels * bands,
        };
        let digits = across.digits.chunks_exact_mut(steps);
        for (windows, digits) in weights.windows().chunks(pixels).zip(digits) {
            across.blocks.push(Block::new(windows, spread, bands));
            for (pixel, window) in windows.iter().enumerate() {
                spread_digits(digits, weights.of(window), spread, pixel * bands, bands)?;
            }
        }
        Some(across)
    }

    /// Bytes that a block reads of a row.
    fn reach(&self) -> usize {
        (self.steps - 1) * self.step_bytes + LOAD
    }
}

impl Block {
    fn new(windows: &[Window], spread: Spread, bands: usize) -> Self {
        let first = windows[0].start;
        let mut order = [0; 64];
        for (pixel, window) in windows.iter().enumerate() {
            for band in 0..bands {
                for (four, lane) in spread.lanes(pixel * bands + band).enumerate() {
                    for tap in 0..4 {
                        let from = window.start - first + four * 4 + tap;
                        order[lane * 4 + tap] = (from * bands + band) as u8;
                    }
                }
            }
        }
        Self { start: first * bands, order: Aligned(order) }
    }
}

/// Puts the digits of one window into the lanes of `bands` columns from `column` on.
fn spread_digits(
    steps: &mut [[Aligned; 3]],
    weights: &[i32],
    spread: Spread,
    column: usize,
    bands: usize,
) -> Option<()> {
    for (step, digits) in steps.iter_mut().enumerate() {
        for (four, lane) in spread.lanes(column).enumerate() {
            let Digits(fours) = Digits::at(weights, (step * spread.taps() + four * 4) as isize)?;
            for (digit, four) in digits.iter_mut().zip(fours) {
                for lane in digit.0.as_chunks_mut::<4>().0[lane..][..bands].iter_mut() {
                    *lane = four.to_le_bytes();
                }
            }
        }
    }
    Some(())
}

/// The spread and the number of pixels of a block that cost least.
fn choose(windows: &[Window], bands: usize) -> (Spread, usize) {
    let taps = windows.iter().map(|window| window.taps).max().unwrap_or(0);
    let mut best = (usize::MAX, Spread::Quarters, 1);
    for spread in [Spread::Lane, Spread::Halves, Spread::Quarters, Spread::All] {
        let fits = |pixels: usize| {
            windows.chunks(pixels).all(|block| {
                let apart = block[block.len() - 1].start - block[0].start;
                (apart + spread.taps()) * bands <= LOAD
            })
        };
        let Some(pixels) = (1..=spread.columns() / bands).rev().find(|&pixels| fits(pixels)) else {
            continue;
        };
        // In half-cycles of four rows: four picks and twelve products a step, and the end.
        let end = if spread == Spread::Lane { 24 } else { 32 };
        let cost = windows.len().div_ceil(pixels) * (taps.div_ceil(spread.taps()) * 16 + end);
        if cost < best.0 {
            best = (cost, spread, pixels);
        }
    }
    (best.1, best.2)
}

/// Makes `ROWS / 4` lines of `ROWS` rows. Blocks whose loads end before the last byte there is
/// read it where it lies, the others from a copy with room after it.
#[inline(always)]
pub(crate) fn resample_rows<X: Vector, const ROWS: usize>(
    x: X,
    rows: Rows<'_>,
    across: &Across,
    scratch: &mut Scratch,
    lines: &mut [u8],
) {
    let last = (ROWS - 1) * rows.stride + across.reach();
    let inside = across.blocks.partition_point(|block| last + block.start <= rows.bytes.len());
    let source = Source { bytes: rows.bytes, stride: rows.stride, from: 0 };
    run_blocks::<X, ROWS>(x, across, 0..inside, source, lines);
    if let Some(block) = across.blocks.get(inside) {
        let stride = copy_edge(rows, ROWS, across, block.start, &mut scratch.edge);
        let edge = Source { bytes: &scratch.edge, stride, from: block.start };
        run_blocks::<X, ROWS>(x, across, inside..across.blocks.len(), edge, lines);
    }
}

/// Copies `count` rows from byte `from` on, with zeros after them for the last load. Returns the stride.
fn copy_edge(
    rows: Rows<'_>,
    count: usize,
    across: &Across,
    from: usize,
    edge: &mut Vec<u8>,
) -> usize {
    let last = across.blocks.last().map_or(from, |block| block.start);
    let stride = last + across.reach() - from;
    edge.clear();
    for row in 0..count {
        let bytes = rows.row(row).get(from..).unwrap_or_default();
        edge.extend_from_slice(&bytes[..bytes.len().min(stride)]);
        edge.resize((row + 1) * stride, 0);
    }
    stride
}

/// Rows in memory of which blocks are made: those of a [`Rows`], or their ends in a copy.
#[derive(Clone, Copy)]
struct Source<'a> {
    bytes: &'a [u8],
    stride: usize,
    /// The byte of a row that `bytes` begins with.
    from: usize,
}

/// Makes some blocks.
#[inline(always)]
fn run_blocks<X: Vector, const ROWS: usize>(
    x: X,
    across: &Across,
    blocks: Range<usize>,
    source: Source<'_>,
    lines: &mut [u8],
) {
    let line_bytes = lines.len() / (ROWS / 4);
    let order = x.load(&across.spread.line_order());
    for index in blocks {
        let block = &across.blocks[index];
        let digits = &across.digits[index * across.steps..][..across.steps];
        let sums: [X::V; ROWS] = match digits {
            [one] => sum_few(x, source, [one], across, block),
            [one, two] => sum_few(x, source, [one, two], across, block),
            _ => sum_many(x, source, digits, across, block),
        };
        for (line, sums) in sums.as_chunks::<4>().0.iter().enumerate() {
            let samples = x.pick(narrow(x, across.spread, *sums), order);
            let bytes = lines[line * line_bytes + index * across.columns * 4..].first_chunk_mut();
            x.store(bytes.expect("lines have room for a vector after their end"), samples);
        }
    }
}

/// Sums a block of many steps, each digit on its own.
#[inline(always)]
fn sum_many<X: Vector, const ROWS: usize>(
    x: X,
    source: Source<'_>,
    steps: &[[Aligned; 3]],
    across: &Across,
    block: &Block,
) -> [X::V; ROWS] {
    let order = x.load(&block.order.0);
    let mut totals = [Sums::new(x, across.spread.start()); ROWS];
    let mut at = block.start - source.from;
    for digits in steps {
        let rows: [X::V; ROWS] = x.load_rows(source.bytes, at, source.stride);
        let digits = [x.load(&digits[0].0), x.load(&digits[1].0), x.load(&digits[2].0)];
        for (total, row) in totals.iter_mut().zip(rows) {
            total.add(x, x.pick(row, order), &digits);
        }
        at += across.step_bytes;
    }
    let mut sums = [order; ROWS];
    for (sum, total) in sums.iter_mut().zip(totals) {
        *sum = total.total(x);
    }
    sums
}

/// Sums a block of one or two steps: the samples stay in registers while one sum takes the upper
/// digits, moves up, and takes the next. (With three to six steps, this was slower by half: one
/// sum after the other has to wait for the one before.)
#[inline(always)]
fn sum_few<X: Vector, const ROWS: usize, const STEPS: usize>(
    x: X,
    source: Source<'_>,
    steps: [&[Aligned; 3]; STEPS],
    across: &Across,
    block: &Block,
) -> [X::V; ROWS] {
    let order = x.load(&block.order.0);
    let mut samples = [[order; ROWS]; STEPS];
    for (step, samples) in samples.iter_mut().enumerate() {
        let at = block.start - source.from + step * across.step_bytes;
        *samples = x.load_rows(source.bytes, at, source.stride);
    }
    let mut sums = [x.splat(across.spread.start() >> 16); ROWS];
    for (row, sum) in sums.iter_mut().enumerate() {
        for samples in &mut samples {
            samples[row] = x.pick(samples[row], order);
        }
        for digit in [2, 1, 0] {
            if digit < 2 {
                *sum = x.shift_8(*sum);
            }
            for (samples, digits) in samples.iter().zip(steps) {
                *sum = x.dot(*sum, samples[row], x.load(&digits[digit].0));
            }
        }
    }
    sums
}

/// Four rows of sums as samples, in the order that [`Spread::line_order`] tells.
#[inline(always)]
fn narrow<X: Vector>(x: X, spread: Spread, [a, b, c, d]: [X::V; 4]) -> X::V {
    if spread == Spread::Lane {
        return x.to_samples([a, b, c, d]);
    }
    let (ab, cd) = (x.add_halves(a, b), x.add_halves(c, d));
    if spread == Spread::Halves {
        return x.to_samples([ab, cd, ab, cd]);
    }
    let all = x.add_quarters(ab, cd);
    let all = if spread == Spread::All { x.add_lanes(all) } else { all };
    x.to_samples([all; 4])
}
