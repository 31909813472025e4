//! Lines of two rows over vectors of bytes, in lanes of 16: the kernels of the AVX2 level (two
//! lanes, sixteen rows at a time) and of the SSE4.1 level (one lane, eight rows).
//!
//! A weight is split into `low + 65536 * high`, where `low` is 16 bits and `high` 8 bits, both
//! signed. The low parts meet samples widened to 16 bits (`pmaddwd`, sums in 32 bits), the high
//! parts meet the bytes as they are (`pmaddubsw`, sums in 16 bits). The 16-bit sums may wrap:
//! only their low 16 bits are left once they are shifted up. All sums are right modulo 2^32,
//! as those of the scalar specification are.
//!
//! `pmaddubsw` saturates where the two products of a unit exceed 16 bits together, so the high
//! parts of a unit must not exceed 128 in sum; [`AxisOfPairs::pack`] refuses others (weights
//! beyond 2.0, which no filter has).
//!
//! [`across`] makes lines of rows, [`down`] makes rows of lines; both sum with [`Sums`]. The code
//! is safe and knows vectors only through [`Products`].

mod across;
mod down;

use super::super::scalar::HALF;
use super::super::weights::{PRECISION_BITS, Weights};
use super::{Axis, Kernels, Rows, Scratch};
use crate::simd::Vector;

/// Vectors that multiply bytes.
pub(crate) trait Products<const N: usize>: Vector<N> {
    /// For each 16 bits, the sum of two products of unsigned (`a`) and signed bytes.
    fn dot_bytes(self, a: Self::V, b: Self::V) -> Self::V;
}

/// The two passes, compiled with the instructions of the level.
pub(crate) trait Compiled<const N: usize>: Products<N> {
    fn resample<const BANDS: usize>(
        self,
        rows: Rows<'_>,
        axis: &AxisOfPairs,
        units: &mut Vec<u8>,
        lines: &mut [u8],
    );
    fn combine(self, lines: &[&[u8]], digits: &[Digits], target: &mut [u8]);
}

/// [`Compiled`] for the token of a level.
macro_rules! compile {
    ($token:ty, $bytes:literal, $features:literal) => {
        impl Compiled<$bytes> for $token {
            fn resample<const BANDS: usize>(
                self,
                rows: Rows<'_>,
                axis: &AxisOfPairs,
                units: &mut Vec<u8>,
                lines: &mut [u8],
            ) {
                #[target_feature(enable = $features)]
                fn compiled<const BANDS: usize>(
                    token: $token,
                    rows: Rows<'_>,
                    axis: &AxisOfPairs,
                    units: &mut Vec<u8>,
                    lines: &mut [u8],
                ) {
                    pairs::resample_rows::<_, $bytes, BANDS>(token, rows, axis, units, lines);
                }
                // SAFETY: `self` is the proof that this CPU has these features.
                unsafe { compiled::<BANDS>(self, rows, axis, units, lines) }
            }

            fn combine(self, lines: &[&[u8]], digits: &[Digits], target: &mut [u8]) {
                #[target_feature(enable = $features)]
                fn compiled(token: $token, lines: &[&[u8]], digits: &[Digits], target: &mut [u8]) {
                    pairs::combine_lines(token, lines, digits, target);
                }
                // SAFETY: `self` is the proof that this CPU has these features.
                unsafe { compiled(self, lines, digits, target) }
            }
        }
    };
}
pub(super) use compile;

pub(super) use across::resample_rows;
pub(super) use down::combine_lines;

/// The kernels of the level with this token, over vectors of `N` bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pairs<X, const N: usize>(pub(crate) X);

/// The weights of two taps: the low parts side by side, and the high parts twice over.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Digits {
    low: i32,
    high: i32,
}

impl Digits {
    fn new(weights: [i32; 2]) -> Option<Self> {
        let high = weights.map(|weight| (weight + 0x8000) >> 16);
        let low = [0, 1].map(|tap| weights[tap] - (high[tap] << 16));
        if high[0].abs() + high[1].abs() > 128 || high.iter().any(|high| *high > 127) {
            return None;
        }
        let join = |digits: [i32; 2], bits| (digits[1] << bits) | (digits[0] & ((1 << bits) - 1));
        let high = join(high, 8) & 0xffff;
        Some(Self { low: join(low, 16), high: join([high, high], 16) })
    }
}

/// An axis whose windows consist of pairs of taps.
#[derive(Debug)]
pub(crate) struct AxisOfPairs {
    first_units: Vec<u32>,
    digits: Vec<Digits>,
    units: usize,
}

impl AxisOfPairs {
    fn pack(weights: &Weights<i32>) -> Option<Self> {
        let spans = weights.windows().iter().map(|w| w.end().div_ceil(2) - w.start / 2);
        let units = spans.max().unwrap_or(0).max(1);
        let mut axis = Self {
            first_units: weights.windows().iter().map(|w| (w.start / 2) as u32).collect(),
            digits: Vec::with_capacity(units * weights.len()),
            units,
        };
        for (window, values) in weights.iter() {
            axis.push(window.start % 2, values)?;
        }
        Some(axis)
    }

    /// Appends the digits of one window whose first tap is the `lead`th of its unit.
    fn push(&mut self, lead: usize, values: &[i32]) -> Option<()> {
        let at = |tap: usize| tap.checked_sub(lead).and_then(|tap| values.get(tap));
        for unit in 0..self.units {
            let pair = [at(2 * unit), at(2 * unit + 1)].map(|weight| weight.map_or(0, |w| *w));
            self.digits.push(Digits::new(pair)?);
        }
        Some(())
    }

    fn len(&self) -> usize {
        self.first_units.len()
    }

    fn digits(&self, index: usize) -> &[Digits] {
        &self.digits[index * self.units..][..self.units]
    }
}

impl Axis for AxisOfPairs {
    fn first_unit(&self, index: usize) -> usize {
        self.first_units[index] as usize
    }

    fn units(&self) -> usize {
        self.units
    }
}

impl<X: Compiled<N>, const N: usize> Kernels for Pairs<X, N> {
    type Across = AxisOfPairs;
    type Down = AxisOfPairs;
    const LINE_ROWS: usize = 2;
    const GROUP: usize = N / 2;

    fn pack_across(self, weights: &Weights<i32>, _: usize) -> Option<AxisOfPairs> {
        AxisOfPairs::pack(weights)
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<AxisOfPairs> {
        AxisOfPairs::pack(weights)
    }

    fn line_bytes(self, columns: usize) -> usize {
        // `resample_rows` writes blocks of 8 pixels, `combine_lines` reads whole vectors.
        (columns + 7 * 4).next_multiple_of(16) * 2
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &AxisOfPairs,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        match bands {
            1 => self.0.resample::<1>(rows, axis, &mut scratch.pairs, lines),
            2 => self.0.resample::<2>(rows, axis, &mut scratch.pairs, lines),
            3 => self.0.resample::<3>(rows, axis, &mut scratch.pairs, lines),
            4 => self.0.resample::<4>(rows, axis, &mut scratch.pairs, lines),
            _ => unreachable!("pixels have 1 to 4 bands, not {bands}"),
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        let line_bytes = lines.len() / (N / 4);
        for (index, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
            down::interleave_pair(rows.row(2 * index), rows.row(2 * index + 1), line);
        }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &AxisOfPairs, index: usize, target: &mut [u8]) {
        self.0.combine(lines, axis.digits(index), target);
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        for (sample, pair) in target.iter_mut().zip(line.as_chunks::<2>().0) {
            *sample = pair[row];
        }
    }
}

/// The sums of 8 outputs in each lane: `low` of the first and the last four in 32 bits, `high` of
/// all in 16 bits.
#[derive(Clone, Copy)]
struct Sums<V> {
    low: [V; 2],
    high: V,
}

impl<V: Copy> Sums<V> {
    #[inline(always)]
    fn new<X: Products<N, V = V>, const N: usize>(x: X) -> Self {
        Self { low: [x.splat(HALF); 2], high: x.splat(0) }
    }

    /// Adds one unit of the outputs.
    #[inline(always)]
    fn add<X: Products<N, V = V>, const N: usize>(&mut self, x: X, samples: V, low: V, high: V) {
        let first = x.dot_words(x.low_bytes(samples, x.splat(0)), low);
        let second = x.dot_words(x.high_bytes(samples, x.splat(0)), low);
        self.low[0] = x.add_doubles(self.low[0], first);
        self.low[1] = x.add_doubles(self.low[1], second);
        self.high = x.add_words(self.high, x.dot_bytes(samples, high));
    }

    /// The outputs in 16 bits, still to be clamped to 8.
    #[inline(always)]
    fn finish<X: Products<N, V = V>, const N: usize>(self, x: X) -> V {
        let first = x.add_doubles(self.low[0], x.low_words(x.splat(0), self.high));
        let second = x.add_doubles(self.low[1], x.high_words(x.splat(0), self.high));
        x.narrow::<{ PRECISION_BITS as i32 }>([first, second])
    }
}
