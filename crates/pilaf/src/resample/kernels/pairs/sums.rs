//! How the samples of a window become an output.

use super::Products;
use crate::resample::scalar::HALF;
use crate::resample::weights::PRECISION_BITS;

/// The sums of 8 outputs in each lane.
pub(crate) trait Total<X: Products<N>, const N: usize>: Copy {
    /// Whether the digits of all units of a window are the same, but for the first and the last, and no
    /// window has two units less than another.
    const UNIFORM: bool;

    /// Sums of nothing.
    fn new(x: X) -> Self;

    /// Adds one unit of the outputs, with the two parts of its [`Digits`](super::Digits).
    fn add(&mut self, x: X, samples: X::V, low: X::V, high: X::V);

    /// The outputs in 16 bits, still to be clamped to 8. `factors` are those of the
    /// [`Span`](super::Span).
    fn finish(self, x: X, factors: i32) -> X::V;
}

/// `low` of the first and the last four outputs in 32 bits, `high` of all in 16 bits.
#[derive(Clone, Copy)]
pub(super) struct Sums<V> {
    low: [V; 2],
    high: V,
}

impl<V: Copy, X: Products<N, V = V>, const N: usize> Total<X, N> for Sums<V> {
    const UNIFORM: bool = false;

    #[inline(always)]
    fn new(x: X) -> Self {
        Self { low: [x.splat(HALF); 2], high: x.splat(0) }
    }

    #[inline(always)]
    fn add(&mut self, x: X, samples: V, low: V, high: V) {
        let [first, last] = self.low;
        self.low[0] = x.dot_words_onto(first, x.low_bytes(samples, x.splat(0)), low);
        self.low[1] = x.dot_words_onto(last, x.high_bytes(samples, x.splat(0)), low);
        self.high = x.add_words(self.high, x.dot_bytes(samples, high));
    }

    #[inline(always)]
    fn finish(self, x: X, _: i32) -> V {
        let first = x.add_doubles(self.low[0], x.low_words(x.splat(0), self.high));
        let last = x.add_doubles(self.low[1], x.high_words(x.splat(0), self.high));
        x.narrow::<{ PRECISION_BITS as i32 }>([first, last])
    }
}

/// Samples of windows of one tap, which are the outputs.
#[derive(Clone, Copy)]
pub(super) struct Copies<V>(V);

impl<V: Copy, X: Products<N, V = V>, const N: usize> Total<X, N> for Copies<V> {
    const UNIFORM: bool = true;

    #[inline(always)]
    fn new(x: X) -> Self {
        Self(x.splat(0))
    }

    #[inline(always)]
    fn add(&mut self, x: X, samples: V, _: V, ones: V) {
        self.0 = x.dot_bytes(samples, ones);
    }

    #[inline(always)]
    fn finish(self, _: X, _: i32) -> V {
        self.0
    }
}
