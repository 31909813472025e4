//! Passes in floating point: over samples of more than 8 bits, and over 8-bit samples that stand
//! for something else: light, or areas of OpenCV's.
//!
//! A line is a row of numbers of four bytes; a unit is a row. Sums start from 0 and grow in tap
//! order, each product and each sum rounded on its own: the order shows in the last bit, and so
//! would a fused multiply-add, which Rust never makes of two operations. What runs side by side is
//! therefore outputs, never taps: [`across`] works on [`ABREAST`] rows, which it [turns](turn) a few
//! columns at a time, and [`down`] on a block of columns. This code is compiled for each level; where
//! mode F shrinks at AVX2 or AVX-512, `spread` has the pass over rows.
//!
//! What samples stand for is up to a [`Transfer`].

mod across;
mod down;
#[cfg(target_arch = "x86_64")]
mod spread;
mod turn;

use std::fmt;
use std::ops::{Add, Mul};

use super::super::weights::{PRECISION_BITS, Weights};
use super::{Axis, Kernels, Rows, Scratch};
use crate::simd::Level;

pub(super) use across::Tile;
#[cfg(target_arch = "x86_64")]
pub(crate) use spread::{AxisOfColumns, Spread};
#[cfg(target_arch = "x86_64")]
pub(super) use turn::Pixels;

/// Rows that go through the pass over rows side by side.
pub(crate) const ABREAST: usize = 16;

/// Words that are turned together.
const FOUR: usize = 4;

/// Samples that go through the pass over columns side by side: whole pixels of 1 to 4 bands, and
/// whole cache lines of a line.
const BLOCK: usize = 48;

/// Of those, the samples that are converted side by side.
const PART: usize = 16;

/// What samples stand for.
pub(crate) trait Transfer: Copy + Send + Sync + 'static {
    /// A sample in the four bytes that a line has for it.
    type Stored: Stored;
    /// What is multiplied and added.
    type Number: Number + From<Self::Stored>;

    /// Bytes of a sample: 1, 2 or 4.
    const SAMPLE_BYTES: usize;

    /// Sample `sample` of a word, which has four bytes in the order of memory, and whole pixels if
    /// their samples depend on each other.
    fn decode(self, word: u32, bands: usize, sample: usize) -> Self::Stored;

    /// What is left of a sum between the passes.
    fn store(self, sum: Self::Number) -> Self::Stored;

    /// The samples of whole pixels. Sums may overshoot.
    fn encode(self, sums: &[Self::Number], bands: usize, pixels: &mut [u8]);
}

/// Samples in a word.
const fn samples_of_word<T: Transfer>() -> usize {
    4 / T::SAMPLE_BYTES
}

/// Four bytes of a line.
pub(crate) trait Stored: Copy + Default + fmt::Debug + Send + Sync {
    fn to_word(self) -> u32;
    fn from_word(word: u32) -> Self;
}

impl Stored for f32 {
    #[inline(always)]
    fn to_word(self) -> u32 {
        self.to_bits()
    }

    #[inline(always)]
    fn from_word(word: u32) -> Self {
        Self::from_bits(word)
    }
}

impl Stored for i32 {
    #[inline(always)]
    fn to_word(self) -> u32 {
        self as u32
    }

    #[inline(always)]
    fn from_word(word: u32) -> Self {
        word as Self
    }
}

/// `f32` or `f64`.
pub(crate) trait Number:
    Copy + Default + fmt::Debug + Send + Sync + Add<Output = Self> + Mul<Output = Self> + 'static
{
    /// The working memory for numbers of this type.
    fn tile(scratch: &mut Scratch) -> &mut Tile<Self>;
}

impl Number for f32 {
    fn tile(scratch: &mut Scratch) -> &mut Tile<Self> {
        &mut scratch.floats
    }
}

impl Number for f64 {
    fn tile(scratch: &mut Scratch) -> &mut Tile<Self> {
        &mut scratch.doubles
    }
}

/// The passes over pixels of `bands` samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers<T> {
    pub(crate) level: Level,
    pub(crate) transfer: T,
    pub(crate) bands: usize,
}

/// Weights, and the longest window.
#[derive(Debug)]
pub(crate) struct AxisOfNumbers<N> {
    weights: Weights<N>,
    units: usize,
}

impl<N> AxisOfNumbers<N> {
    pub(crate) fn new(weights: Weights<N>) -> Self {
        let units = weights.windows().iter().map(|window| window.taps).max().unwrap_or(0);
        Self { weights, units }
    }

    /// One past the last source sample of each output.
    pub(crate) fn ends(&self) -> Vec<usize> {
        self.weights.windows().iter().map(|window| window.end()).collect()
    }
}

impl AxisOfNumbers<f32> {
    /// Weights of 22 bits fit `f32` as they are.
    pub(crate) fn from_fixed(weights: &Weights<i32>) -> Self {
        let mut floats = Weights::with_capacity(weights.len(), 0);
        for (window, values) in weights.iter() {
            let scale = 1.0 / (1 << PRECISION_BITS) as f32;
            floats.push_window(window.start, values.iter().map(|&weight| weight as f32 * scale));
        }
        Self::new(floats)
    }
}

impl<N: Send + Sync> Axis for AxisOfNumbers<N> {
    fn first_unit(&self, index: usize) -> usize {
        self.weights.windows()[index].start
    }

    fn units(&self) -> usize {
        self.units
    }
}

impl<T: Transfer> Kernels for Numbers<T> {
    type Across = AxisOfNumbers<T::Number>;
    type Down = AxisOfNumbers<T::Number>;
    const LINE_ROWS: usize = 1;
    const GROUP: usize = ABREAST;

    fn line_bytes(self, row_bytes: usize) -> usize {
        (row_bytes / T::SAMPLE_BYTES).next_multiple_of(BLOCK) * 4
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        _: usize,
        axis: &Self::Across,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let tile = T::Number::tile(scratch);
        let (transfer, bands) = (self.transfer, self.bands);
        let kernel = across::Resample { turn: (), transfer, rows, bands, axis, tile, lines };
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(token) => self.level.compile(kernel.turned_by(turn::Sixteen(token))),
            level => level.compute(kernel),
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        let line_bytes = lines.len() / ABREAST;
        self.level.run(
            #[inline(always)]
            || {
                for (row, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
                    down::store_row(self.transfer, rows.row(row), self.bands, line);
                }
            },
        );
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &Self::Down, index: usize, target: &mut [u8]) {
        let weights = axis.weights.of(&axis.weights.windows()[index]);
        self.level.run(
            #[inline(always)]
            || down::combine_lines(self.transfer, lines, weights, self.bands, target),
        );
    }

    fn extract_row(self, line: &[u8], _: usize, target: &mut [u8]) {
        self.level.run(
            #[inline(always)]
            || down::load_row(self.transfer, line, self.bands, target),
        );
    }
}
