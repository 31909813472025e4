//! Lines of two rows over vectors of bytes, in lanes of 16: the kernels of the AVX2 and AVX-VNNI
//! levels (two lanes, sixteen rows at a time) and of the SSE4.1 level (one lane, eight rows).
//!
//! A weight is split into `low + 65536 * high`, where `low` is 16 bits and `high` 8 bits, both
//! signed. The low parts meet samples widened to 16 bits (`pmaddwd`, sums in 32 bits), the high
//! parts meet the bytes as they are (`pmaddubsw`, sums in 16 bits). The 16-bit sums may wrap:
//! only their low 16 bits are left once they are shifted up. All sums are right modulo 2^32,
//! as those of the scalar specification are.
//!
//! Where all taps of a window have the same weight, as those of box have, they are added up and
//! multiplied [once](means), in pixels of many bands without turning rows first; where box enlarges,
//! they are copied. Where bilinear or bicubic shrinks strongly, neighbouring windows share
//! [`moments`] of their samples. In rows of one band, box and bilinear that shrink strongly sum
//! [`runs`] of samples without turning rows.
//!
//! `pmaddubsw` saturates where the two products of a unit exceed 16 bits together, so the high
//! parts of a unit must not exceed 128 in sum; [`AxisOfPairs::pack`] refuses others (weights
//! beyond 2.0, which no filter has).
//!
//! [`across`] makes lines of rows, [`down`] makes rows of lines; both sum with a [`Total`]. The code
//! is safe and knows vectors only through [`Products`].

mod across;
mod down;
mod means;
mod moments;
mod runs;
mod sums;
mod turned;

use std::ops::Range;

use super::super::weights::{PRECISION_BITS, Weights};
use super::{Axis, Kernels, Rows, RowsMut, Scratch};
use crate::simd::Vector;
use means::{Factors, Means, RowMeans};
pub(super) use moments::Doubt;
use moments::{Moments, RowLines};

/// Vectors that multiply bytes.
pub(crate) trait Products<const N: usize>: Vector<N> {
    /// For each 16 bits, the sum of two products of unsigned (`a`) and signed bytes.
    fn dot_bytes(self, a: Self::V, b: Self::V) -> Self::V;

    /// In each lane, the bytes of `a` from number `BYTES` on, then the first ones of `b`.
    fn slide<const BYTES: i32>(self, a: Self::V, b: Self::V) -> Self::V;

    /// The same; the compiler is to compute it before anything that comes after is loaded.
    fn settle(self, a: Self::V) -> Self::V;
}

/// Weights of the pass over rows, in a form that has a kernel of its own.
pub(crate) trait LineKernel {
    /// Makes lines of a group of rows of `BANDS` bands. To be marked `#[inline(always)]`.
    fn make_lines<X: Products<N>, const N: usize, const BANDS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    );
}

/// The two passes in machine code of the level that a token proves. (Their references are arguments
/// each, not fields of one: then the compiler knows that what is written is not what is read.)
pub(crate) trait Compiled<const N: usize>: Products<N> {
    fn make_lines<K: LineKernel, const BANDS: usize>(
        self,
        kernel: &K,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    );
    fn combine(
        self,
        lines: &[&[u8]],
        axis: &AxisOfPairs,
        index: usize,
        target: &mut [u8],
        later: &[u8],
    );
}

/// [`Compiled`] for the token of a level.
macro_rules! compile {
    ($token:ty, $bytes:literal, $features:literal) => {
        impl Compiled<$bytes> for $token {
            fn make_lines<K: LineKernel, const BANDS: usize>(
                self,
                kernel: &K,
                rows: Rows<'_>,
                scratch: &mut Scratch,
                lines: &mut [u8],
            ) {
                #[target_feature(enable = $features)]
                fn compiled<K: LineKernel, const BANDS: usize>(
                    token: $token,
                    kernel: &K,
                    rows: Rows<'_>,
                    scratch: &mut Scratch,
                    lines: &mut [u8],
                ) {
                    kernel.make_lines::<_, $bytes, BANDS>(token, rows, scratch, lines);
                }
                // SAFETY: `self` is the proof that this CPU has these features.
                unsafe { compiled::<K, BANDS>(self, kernel, rows, scratch, lines) }
            }

            fn combine(
                self,
                lines: &[&[u8]],
                axis: &AxisOfPairs,
                index: usize,
                target: &mut [u8],
                later: &[u8],
            ) {
                #[target_feature(enable = $features)]
                fn compiled(
                    token: $token,
                    lines: &[&[u8]],
                    axis: &AxisOfPairs,
                    index: usize,
                    target: &mut [u8],
                    later: &[u8],
                ) {
                    pairs::combine_lines(token, lines, axis, index, target, later);
                }
                // SAFETY: `self` is the proof that this CPU has these features.
                unsafe { compiled(self, lines, axis, index, target, later) }
            }
        }
    };
}
pub(super) use compile;

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

    /// Two high parts.
    fn high([a, b]: [u8; 2]) -> Self {
        Self { low: 0, high: i32::from_le_bytes([a, b, a, b]) }
    }
}

/// The weights of the pass over rows.
#[derive(Debug)]
pub(crate) enum Across {
    /// Window by window.
    Windows(AxisOfPairs),
    /// The same without turning rows: where all taps of a window have the same weight, as those of box
    /// have, and pixels have many bands.
    Means(Means),
    /// The same for long windows of pixels of one band.
    RowMeans(RowMeans),
    /// Between the centers of neighbouring windows, those that meet there together: where weights
    /// lie on lines, as those of bilinear do.
    Lines(Moments<2>),
    /// The same without turning rows: long windows of pixels of one band.
    RowLines(RowLines),
    /// Where they lie on cubics, as those of bicubic do.
    Cubics(Moments<4>),
}

impl Across {
    fn pack(weights: &Weights<i32>, bands: usize) -> Option<Self> {
        if means::suit(weights) {
            let means = match bands {
                1 => RowMeans::pack(weights).map(Self::RowMeans),
                2 => None,
                _ => Means::pack(weights).map(Self::Means),
            };
            return means.or_else(|| AxisOfPairs::pack(weights).map(Self::Windows));
        }
        let lines = || match bands {
            1 => RowLines::pack(weights).map(Self::RowLines),
            _ => None,
        };
        let lines = || lines().or_else(|| Moments::pack(weights).map(Self::Lines));
        let cubics = || Moments::pack(weights).map(Self::Cubics);
        let windows = || AxisOfPairs::pack(weights).map(Self::Windows);
        lines().or_else(cubics).or_else(windows)
    }

    /// Makes lines of a group of rows of `BANDS` bands.
    fn resample<X: Compiled<N>, const N: usize, const BANDS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        macro_rules! sum {
            ($axis:expr, $bands:tt) => {
                x.make_lines::<_, $bands>($axis, rows, scratch, lines)
            };
        }
        match self {
            Self::Windows(axis) => sum!(axis, BANDS),
            Self::Means(axis) => sum!(axis, BANDS),
            Self::RowMeans(axis) => sum!(axis, 1),
            Self::Lines(axis) => sum!(axis, BANDS),
            Self::RowLines(axis) => sum!(axis, 1),
            Self::Cubics(axis) => sum!(axis, BANDS),
        }
    }
}

/// An axis whose windows consist of pairs of taps.
#[derive(Debug)]
pub(crate) struct AxisOfPairs {
    spans: Vec<Span>,
    /// For each window `units` of them: those of its weights where they are its
    /// [`Own`](Weighting::Own), or else of one number for all taps.
    digits: Vec<Digits>,
    /// The units of the longest window.
    units: usize,
    weighting: Weighting,
    /// The digits of a unit whose taps are both weighed by the one number for all.
    one: Digits,
}

/// The units of a window.
#[derive(Clone, Copy, Debug)]
struct Span {
    first: u32,
    count: u32,
    /// What the sums of two outputs are multiplied by: in both halves a factor of [`means`], or 0 if
    /// there is none.
    factors: i32,
}

/// How the taps of the windows are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weighting {
    /// Each by its own weight.
    Own,
    /// All of a window by one, once they are added up. No window has two units less than another.
    Mean,
    /// Not at all: a window is one tap of weight 1, as when box enlarges.
    Copied,
}

impl AxisOfPairs {
    fn pack(weights: &Weights<i32>) -> Option<Self> {
        let spans = weights.windows().iter().map(|window| Span {
            first: (window.start / 2) as u32,
            count: (window.end().div_ceil(2) - window.start / 2).max(1) as u32,
            factors: 0,
        });
        let spans: Vec<Span> = spans.collect();
        let units = spans.iter().map(|span| span.count).max().unwrap_or(1) as usize;
        let digits = Vec::with_capacity(units * weights.len());
        let (weighting, one) = (Weighting::Own, Digits::default());
        let mut axis = Self { spans, digits, units, weighting, one };
        let one = 1 << axis.weigh(weights);
        axis.one = Digits::high([one; 2]);
        for (window, values) in weights.iter() {
            match axis.weighting {
                Weighting::Own => axis.push(window.start % 2, values)?,
                _ => axis.push_ones(window.start % 2, window.taps, one),
            }
        }
        Some(axis)
    }

    /// Finds out how taps are weighed. Returns the bits by which samples are to be shifted up then.
    fn weigh(&mut self, weights: &Weights<i32>) -> u32 {
        if weights.iter().all(|(_, values)| values == [1 << PRECISION_BITS]) {
            self.weighting = Weighting::Copied;
        } else if let Some(Factors { up, factors }) = Factors::find(weights)
            && self.spans.iter().all(|span| span.count as usize + 1 >= self.units)
        {
            self.weighting = Weighting::Mean;
            for (span, factor) in self.spans.iter_mut().zip(factors) {
                span.factors = i32::from(factor as i16) << 16 | i32::from(factor);
            }
            return up;
        }
        0
    }

    /// Appends the digits of one window whose first tap is the `lead`th of its unit.
    fn push(&mut self, lead: usize, values: &[i32]) -> Option<()> {
        let end = self.digits.len() + self.units;
        let (first, values) = values.split_at(lead.min(values.len()));
        let (pairs, last) = values.as_chunks();
        for &weight in first {
            self.digits.push(Digits::new([0, weight])?);
        }
        for &pair in pairs {
            self.digits.push(Digits::new(pair)?);
        }
        for &weight in last {
            self.digits.push(Digits::new([weight, 0])?);
        }
        self.digits.resize(end, Digits::default());
        Some(())
    }

    /// The same for `taps` taps that are all weighed by `one`.
    fn push_ones(&mut self, lead: usize, taps: usize, one: u8) {
        let (start, end) = (self.digits.len(), self.digits.len() + self.units);
        if taps > 0 {
            self.digits.resize(start + (lead + taps).div_ceil(2), self.one);
            if lead > 0 {
                self.digits[start] = Digits::high([0, one]);
            }
            if !(lead + taps).is_multiple_of(2) {
                *self.digits.last_mut().expect("there are taps") = Digits::high([one, 0]);
            }
        }
        self.digits.resize(end, Digits::default());
    }

    /// The units of each block of [`EIGHT`](across::EIGHT) windows.
    fn blocks(&self) -> impl Iterator<Item = Range<usize>> + Clone {
        let blocks = self.spans.chunks(across::EIGHT);
        blocks.map(|spans| {
            spans[0].first as usize..spans[spans.len() - 1].first as usize + self.units
        })
    }

    /// The digits of the units that a window has.
    fn digits(&self, index: usize) -> &[Digits] {
        &self.digits[index * self.units..][..self.spans[index].count as usize]
    }
}

impl Axis for AxisOfPairs {
    fn first_unit(&self, index: usize) -> usize {
        self.spans[index].first as usize
    }

    fn units(&self) -> usize {
        self.units
    }
}

impl<X: Compiled<N>, const N: usize> Kernels for Pairs<X, N> {
    type Across = Across;
    type Down = AxisOfPairs;
    const LINE_ROWS: usize = 2;
    const GROUP: usize = N / 2;

    fn pack_across(self, weights: &Weights<i32>, bands: usize) -> Option<Across> {
        Across::pack(weights, bands)
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
        axis: &Across,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        match bands {
            1 => axis.resample::<X, N, 1>(self.0, rows, scratch, lines),
            2 => axis.resample::<X, N, 2>(self.0, rows, scratch, lines),
            3 => axis.resample::<X, N, 3>(self.0, rows, scratch, lines),
            4 => axis.resample::<X, N, 4>(self.0, rows, scratch, lines),
            _ => unreachable!("pixels have 1 to 4 bands, not {bands}"),
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        let line_bytes = lines.len() / (N / 4);
        for (index, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
            down::interleave_pair(rows.row(2 * index), rows.row(2 * index + 1), line);
        }
    }

    /// `target` may go on: the memory that as many rows after these take is asked for meanwhile.
    fn combine_rows(
        self,
        lines: &[&[u8]],
        axis: &AxisOfPairs,
        indices: Range<usize>,
        target: &mut RowsMut<'_>,
    ) {
        let first = axis.first_unit(indices.start);
        let (row_bytes, end) = (target.row_bytes, indices.len() * target.stride);
        let (rows, later) = target.bytes.split_at_mut(end.min(target.bytes.len()));
        for (row, index) in indices.enumerate() {
            let window = &lines[axis.first_unit(index) - first..][..axis.units];
            let later = later.get(row * target.stride..).unwrap_or_default();
            let later = &later[..row_bytes.min(later.len())];
            let row = &mut rows[row * target.stride..][..row_bytes];
            self.0.combine(window, axis, index, row, later);
        }
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        for (sample, pair) in target.iter_mut().zip(line.as_chunks::<2>().0) {
            *sample = pair[row];
        }
    }
}
