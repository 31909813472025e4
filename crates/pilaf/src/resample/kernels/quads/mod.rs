//! Lines of four rows over vectors of 64 bytes that can multiply and add bytes (`vpdpbusd`) and
//! gather them (`vpermb`): the kernels of the AVX-512 level.
//!
//! A weight is split into three signed bytes, `d0 + 256 * d1 + 65536 * d2`. Each meets the
//! samples as they are, in sums of 32 bits of its own; shifted and added up, they are right
//! modulo 2^32, as those of the scalar specification are.
//!
//! [`across`] makes lines of rows, from packed pixels as they lie in memory; [`down`] makes rows
//! of lines. Both take weights apart with [`digits`]. The code is safe and knows vectors only
//! through [`Vector`]; tests run it over a [`model`] of the instructions, so that it is tested on
//! CPUs that lack them.

pub(super) mod across;
mod digits;
pub(super) mod down;
#[cfg(test)]
pub(crate) mod model;

use crate::resample::scalar::HALF;
use crate::resample::weights::{PRECISION_BITS, Weights, Window};
use digits::Digits;

/// 64 bytes where a vector is loaded from in one go.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Aligned([u8; 64]);

/// The instructions that the kernels need, on vectors of 16 lanes of 32 bits.
pub(crate) trait Vector: Copy {
    /// 64 bytes.
    type V: Copy;

    /// The same number in all lanes.
    fn splat(self, value: i32) -> Self::V;
    /// The bytes in memory.
    fn load(self, bytes: &[u8; 64]) -> Self::V;
    /// The 64 bytes of each row at the next step of a walk. Panics after the last one.
    fn load_rows<const ROWS: usize>(self, walk: &mut Walk<'_, ROWS>) -> [Self::V; ROWS];
    /// The bytes to memory.
    fn store(self, bytes: &mut [u8; 64], value: Self::V);
    /// To each lane of `sum`, adds the four products of unsigned and signed bytes of that lane.
    fn dot(self, sum: Self::V, samples: Self::V, weights: Self::V) -> Self::V;
    /// Sums of lanes.
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// Lanes shifted up by 8 bits.
    fn shift_8(self, a: Self::V) -> Self::V;
    /// The bytes that `order` names.
    fn pick(self, a: Self::V, order: Self::V) -> Self::V;
    /// Lanes as samples, shifted down by the precision bits and clamped to 0..=255: each part of
    /// 16 bytes holds the four of `sums[0]`, of `sums[1]`, ... that lie in the same part.
    fn to_samples(self, sums: [Self::V; 4]) -> Self::V;
    /// In each lane the highest bytes of that lane in all four, those of `a[0]` lowest.
    fn highest_bytes(self, a: [Self::V; 4]) -> Self::V;
    /// Both halves of `a` added up, below those of `b`.
    fn add_halves(self, a: Self::V, b: Self::V) -> Self::V;
    /// Quarters 0 and 1, and 2 and 3, added up: two of `a` below two of `b`.
    fn add_quarters(self, a: Self::V, b: Self::V) -> Self::V;
    /// In each quarter, the sum of its lanes in all of them.
    fn add_lanes(self, a: Self::V) -> Self::V;
}

/// Rows in memory, each `stride` bytes after the one before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Starts<'a, const ROWS: usize> {
    bytes: &'a [u8],
    stride: usize,
    /// Bytes of every row, up to the end of `bytes`.
    len: usize,
}

impl<'a, const ROWS: usize> Starts<'a, ROWS> {
    /// The first row begins with `bytes`. Panics if the last one would begin after them.
    fn new(bytes: &'a [u8], stride: usize) -> Self {
        let last = stride.checked_mul(ROWS - 1).filter(|last| *last <= bytes.len());
        let len = bytes.len() - last.expect("all rows begin in memory");
        Self { bytes, stride, len }
    }

    /// From byte `at` of each row on, `count` steps of `step` bytes. Panics unless all rows have
    /// 64 bytes at each of them.
    #[inline(always)]
    fn walk(&self, at: usize, step: usize, count: usize) -> Walk<'a, ROWS> {
        let last = count.saturating_sub(1).saturating_mul(step).saturating_add(at);
        assert!(last.saturating_add(64) <= self.len, "rows end before the load does");
        Walk { rows: *self, at, step, left: count }
    }

    /// Where byte `at` of each row would be.
    #[inline(always)]
    pub(super) fn places(&self, at: usize) -> [*const u8; ROWS] {
        let mut starts = [self.bytes.as_ptr().wrapping_add(at); ROWS];
        for (row, start) in starts.iter_mut().enumerate() {
            *start = start.wrapping_add(row * self.stride);
        }
        starts
    }
}

/// Steps along all rows at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk<'a, const ROWS: usize> {
    rows: Starts<'a, ROWS>,
    at: usize,
    step: usize,
    /// Steps to come: every row has 64 bytes at each of them.
    left: usize,
}

impl<'a, const ROWS: usize> Walk<'a, ROWS> {
    /// The bytes from the next step on of each row, of which there are 64. Panics after the last
    /// step.
    #[inline(always)]
    pub(super) fn next(&mut self) -> [*const u8; ROWS] {
        self.left = self.left.checked_sub(1).expect("a walk has steps left");
        let places = self.rows.places(self.at);
        self.at = self.at.wrapping_add(self.step);
        places
    }
}

/// How sums become samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// They are shifted down and clamped.
    Clamp,
    /// The weights, and what sums start from, are times four: the sample is the highest byte.
    HighestByte,
}

impl Ending {
    /// The highest byte will do if no sum can be below 0 or above 255, and if all weights have
    /// digits when times four.
    #[inline(always)]
    fn of(weights: &Weights<i32>) -> Self {
        const MOST_TAPS: usize = 1 << 10;
        const MOST_WEIGHT: u32 = Digits::MOST >> 2;
        const MOST_SUM: u32 = ((256 << PRECISION_BITS) - 1 - HALF as u32) / 255;
        let values = weights.values().iter();
        let all_fit = values.fold(true, |all, &weight| all & (weight as u32 <= MOST_WEIGHT));
        let sum_fits = |window: &Window| {
            // So few weights, each below 1/2, that their sum does not wrap.
            let mut sums = [0_u32; 4];
            for four in weights.fours_of(window) {
                for (sum, &weight) in sums.iter_mut().zip(four) {
                    *sum = sum.wrapping_add(weight as u32);
                }
            }
            let sum = sums.into_iter().fold(0, u32::wrapping_add);
            window.taps <= MOST_TAPS && sum <= MOST_SUM
        };
        if all_fit && weights.distinct().all(sum_fits) { Self::HighestByte } else { Self::Clamp }
    }

    /// By how many bits weights and the start of sums are shifted up.
    fn shift(self) -> u32 {
        match self {
            Self::Clamp => 0,
            Self::HighestByte => 32 - 8 - PRECISION_BITS,
        }
    }

    /// What the sums of a column start from together.
    fn start(self) -> i32 {
        HALF << self.shift()
    }
}

/// Bytes of a line: [`across`] writes 64 bytes at once from any column on, [`down`] reads blocks
/// of 64 columns.
pub(super) fn line_bytes(columns: usize) -> usize {
    columns.next_multiple_of(64) * 4 + 64
}

/// The sums of 16 outputs, for each digit.
#[derive(Clone, Copy)]
struct Sums<V>([V; 3]);

impl<V: Copy> Sums<V> {
    #[inline(always)]
    fn new<X: Vector<V = V>>(x: X, start: i32) -> Self {
        Self([x.splat(start), x.splat(0), x.splat(0)])
    }

    /// Adds four taps.
    #[inline(always)]
    fn add<X: Vector<V = V>>(&mut self, x: X, samples: V, digits: &[V; 3]) {
        for (sum, &digit) in self.0.iter_mut().zip(digits) {
            *sum = x.dot(*sum, samples, digit);
        }
    }

    /// Adds four taps whose third digits are 0.
    #[inline(always)]
    fn add_thin<X: Vector<V = V>>(&mut self, x: X, samples: V, digits: &[V; 2]) {
        for (sum, &digit) in self.0.iter_mut().zip(digits) {
            *sum = x.dot(*sum, samples, digit);
        }
    }

    #[inline(always)]
    fn total<X: Vector<V = V>>(self, x: X) -> V {
        let [low, middle, high] = self.0;
        let upper = x.add(middle, x.shift_8(high));
        x.add(low, x.shift_8(upper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::weights::Extent;
    use crate::resample::{Filter, fixed};
    use crate::simd::Level;

    #[test]
    fn sums_end_in_the_highest_byte_when_they_cannot_overshoot() {
        let of = |source, size, filter| {
            let extent = Extent::whole(source);
            Ending::of(&fixed::build(Level::get(), source, extent, size, filter))
        };
        for filter in [Filter::Box, Filter::Bilinear, Filter::Hamming] {
            assert_eq!(of(300, 80, filter), Ending::HighestByte);
        }
        assert_eq!(of(300, 80, Filter::Bicubic), Ending::Clamp, "there are weights below 0");
        assert_eq!(of(300, 150, Filter::Box), Ending::Clamp, "weights are 1/2");
        let taps = |weights: &[i32]| {
            let mut all = Weights::with_capacity(1, weights.len());
            all.push_window(0, weights.iter().copied());
            Ending::of(&all)
        };
        let most = (Digits::MOST >> 2) as i32;
        assert_eq!(taps(&[most, most]), Ending::HighestByte);
        assert_eq!(taps(&[most + 1]), Ending::Clamp);
        let whole = (1 << PRECISION_BITS) - 2 * most;
        assert_eq!(taps(&[most, most, whole + 8224]), Ending::HighestByte);
        assert_eq!(taps(&[most, most, whole + 8225]), Ending::Clamp, "255 times that is 256");
    }
}
