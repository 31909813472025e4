//! Passes in `f32`, where samples are not what is to be averaged: light, and OpenCV's areas.
//!
//! A line is a row of numbers; a unit is a row. Sums start from 0 and grow in tap order, each
//! product and each sum rounded to `f32`; numbers between the passes are not rounded further. So
//! every level gives the same pixels: what runs side by side is outputs, never taps. The code is
//! the specification, compiled for each level.

use super::super::weights::{PRECISION_BITS, Weights};
use super::{Axis, Kernels, Rows, Scratch};
use crate::simd::Level;

/// What is averaged: numbers that stand for samples.
pub(crate) trait Transfer: Copy + Send + Sync + 'static {
    /// The numbers of a row of pixels of `bands` samples.
    fn decode(self, pixels: &[u8], bands: usize, numbers: &mut [f32]);

    /// The samples of whole pixels. Numbers may overshoot.
    fn encode(self, numbers: &[f32], bands: usize, pixels: &mut [u8]);
}

/// The passes over numbers of pixels of `bands` samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floats<T> {
    pub(crate) level: Level,
    pub(crate) transfer: T,
    pub(crate) bands: usize,
}

/// Weights, and the longest window.
#[derive(Debug)]
pub(crate) struct AxisOfFloats {
    weights: Weights<f32>,
    units: usize,
}

impl AxisOfFloats {
    pub(crate) fn new(weights: Weights<f32>) -> Self {
        let units = weights.windows().iter().map(|window| window.taps).max().unwrap_or(0);
        Self { weights, units }
    }

    /// One past the last source sample of each output.
    pub(crate) fn ends(&self) -> Vec<usize> {
        self.weights.windows().iter().map(|window| window.end()).collect()
    }

    /// Weights of 22 bits fit `f32` as they are.
    fn from_fixed(weights: &Weights<i32>) -> Self {
        let mut floats = Weights::with_capacity(weights.len(), 0);
        for (window, values) in weights.iter() {
            let scale = 1.0 / (1 << PRECISION_BITS) as f32;
            floats.push_window(window.start, values.iter().map(|&weight| weight as f32 * scale));
        }
        Self::new(floats)
    }
}

impl Axis for AxisOfFloats {
    fn first_unit(&self, index: usize) -> usize {
        self.weights.windows()[index].start
    }

    fn units(&self) -> usize {
        self.units
    }
}

/// Rows that go through the pass over rows side by side.
const GROUP: usize = 8;

/// Samples that go through the pass over columns side by side: whole pixels of 1 to 4 bands.
const BLOCK: usize = 48;

/// Adds `weight` times `numbers` to `sums`.
#[inline(always)]
fn add<const N: usize>(sums: &mut [f32; N], numbers: &[f32; N], weight: f32) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += number * weight;
    }
}

impl<T: Transfer> Floats<T> {
    /// The numbers of eight rows, side by side; a few columns at a time, which stay in the nearest
    /// cache. Not compiled for the level: AVX-512 would scatter, at half the speed.
    fn decode_group(self, rows: Rows<'_>, numbers: &mut Vec<[f32; GROUP]>) {
        numbers.resize(rows.row_bytes, [0.0; GROUP]);
        let mut part = [0.0; 4 * BLOCK];
        for (block, numbers) in numbers.chunks_mut(part.len()).enumerate() {
            let part = &mut part[..numbers.len()];
            for row in 0..GROUP {
                let samples = &rows.row(row)[block * 4 * BLOCK..][..part.len()];
                self.transfer.decode(samples, self.bands, part);
                for (numbers, &number) in numbers.iter_mut().zip(&*part) {
                    numbers[row] = number;
                }
            }
        }
    }
}

/// Sums of each sample, for eight rows.
#[inline(always)]
fn sum_samples(numbers: &[[f32; GROUP]], bands: usize, weights: &Weights<f32>, lines: &mut [u8]) {
    let line_bytes = lines.len() / GROUP;
    for (index, (window, weights)) in weights.iter().enumerate() {
        let taps = &numbers[window.start * bands..window.end() * bands];
        for band in 0..bands {
            let mut sums = [0.0; GROUP];
            for (numbers, &weight) in taps.iter().skip(band).step_by(bands).zip(weights) {
                add(&mut sums, numbers, weight);
            }
            for (line, sum) in lines.chunks_exact_mut(line_bytes).zip(sums) {
                line[(index * bands + band) * 4..][..4].copy_from_slice(&sum.to_ne_bytes());
            }
        }
    }
}

impl<T: Transfer> Kernels for Floats<T> {
    type Across = AxisOfFloats;
    type Down = AxisOfFloats;
    const LINE_ROWS: usize = 1;
    const GROUP: usize = GROUP;

    fn pack_across(self, weights: &Weights<i32>, _: usize) -> Option<AxisOfFloats> {
        self.pack_down(weights)
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<AxisOfFloats> {
        Some(AxisOfFloats::from_fixed(weights))
    }

    fn line_bytes(self, columns: usize) -> usize {
        columns.next_multiple_of(BLOCK) * 4
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &AxisOfFloats,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        self.decode_group(rows, &mut scratch.numbers);
        self.level.run(|| sum_samples(&scratch.numbers, bands, &axis.weights, lines));
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        let line_bytes = lines.len() / GROUP;
        let mut numbers = [0.0; BLOCK];
        for (row, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
            let blocks = rows.row(row).chunks(BLOCK).zip(line.chunks_exact_mut(BLOCK * 4));
            for (samples, line) in blocks {
                self.transfer.decode(samples, self.bands, &mut numbers[..samples.len()]);
                for (bytes, number) in line.as_chunks_mut::<4>().0.iter_mut().zip(numbers) {
                    *bytes = number.to_ne_bytes();
                }
            }
        }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &AxisOfFloats, index: usize, target: &mut [u8]) {
        let weights = axis.weights.of(&axis.weights.windows()[index]);
        self.level.run(|| {
            for (block, target) in target.chunks_mut(BLOCK).enumerate() {
                let mut sums = [0.0; BLOCK];
                for (line, &weight) in lines.iter().zip(weights) {
                    add(&mut sums, &numbers_of(line, block), weight);
                }
                self.transfer.encode(&sums[..target.len()], self.bands, target);
            }
        });
    }

    fn extract_row(self, line: &[u8], _: usize, target: &mut [u8]) {
        for (block, target) in target.chunks_mut(BLOCK).enumerate() {
            let numbers = numbers_of(line, block);
            self.transfer.encode(&numbers[..target.len()], self.bands, target);
        }
    }
}

/// One block of a line.
#[inline(always)]
fn numbers_of(line: &[u8], block: usize) -> [f32; BLOCK] {
    let bytes = line[block * BLOCK * 4..].as_chunks::<4>().0;
    let mut numbers = [0.0; BLOCK];
    for (number, &bytes) in numbers.iter_mut().zip(&bytes[..BLOCK]) {
        *number = f32::from_ne_bytes(bytes);
    }
    numbers
}
