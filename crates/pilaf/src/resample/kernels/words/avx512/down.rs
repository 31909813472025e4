//! The pass down columns: sixteen of them in a vector.

use std::arch::x86_64::*;

use super::super::axis::AxisOfWords;
use super::{Ends, Sixteen};
use crate::simd::{Body, LINE};

/// Makes a row from the lines of its window.
pub(in super::super) struct Combine<'a> {
    pub(in super::super) x: Sixteen,
    pub(in super::super) lines: &'a [&'a [u8]],
    pub(in super::super) big: bool,
    pub(in super::super) axis: &'a AxisOfWords,
    pub(in super::super) index: usize,
    pub(in super::super) target: &'a mut [u8],
}

impl Body for Combine<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        match self.axis.digits_of_weight {
            2 => self.combine::<2>(),
            _ => self.combine::<3>(),
        }
    }
}

impl Combine<'_> {
    #[inline(always)]
    fn combine<const DIGITS: usize>(mut self) {
        let ends = Ends::<DIGITS>::new(self.x, self.axis);
        let target = std::mem::take(&mut self.target);
        let (whole, rest) = target.as_chunks_mut::<{ 2 * LINE }>();
        for (at, bytes) in whole.iter_mut().enumerate() {
            let [a, b, c, d] = self.sum_columns(&ends, 4 * at);
            let [first, second] = bytes.as_chunks_mut().0 else { unreachable!("two cache lines") };
            self.store([a, b], first);
            self.store([c, d], second);
        }
        let done = 4 * whole.len();
        for (at, rest) in rest.chunks_mut(LINE).enumerate() {
            let mut bytes = [0; LINE];
            self.store(self.sum_columns(&ends, done + 2 * at), &mut bytes);
            rest.copy_from_slice(&bytes[..rest.len()]);
        }
    }

    /// The signed samples of `VECTORS` times sixteen columns, not clamped yet.
    #[inline(always)]
    fn sum_columns<const DIGITS: usize, const VECTORS: usize>(
        &self,
        ends: &Ends<DIGITS>,
        first: usize,
    ) -> [__m512i; VECTORS] {
        let Self { x, axis, index, .. } = *self;
        let digits = axis.digits::<DIGITS>(index);
        assert_eq!(self.lines.len(), digits.len());
        let mut sums = [[x.splat(0); DIGITS]; VECTORS];
        for (line, digits) in self.lines.iter().zip(digits) {
            for (sums, unit) in sums.iter_mut().zip(units::<VECTORS>(line, first)) {
                for (sum, &digit) in sums.iter_mut().zip(digits) {
                    *sum = x.dot(*sum, x.load(unit), x.splat(digit));
                }
            }
        }
        let (mut samples, mut doubtful) = ([x.splat(0); VECTORS], [0; VECTORS]);
        for k in 0..VECTORS {
            (samples[k], doubtful[k]) = ends.samples(sums[k], axis.ending(index));
        }
        if doubtful != [0; VECTORS] {
            for k in 0..VECTORS {
                if doubtful[k] != 0 {
                    let unit = |unit: usize| &units::<VECTORS>(self.lines[unit], first)[k];
                    samples[k] = x.as_pillow((samples[k], doubtful[k]), unit, axis, index);
                }
            }
        }
        samples
    }

    /// Stores columns as they lie in memory.
    #[inline(always)]
    fn store(&self, [a, b]: [__m512i; 2], bytes: &mut [u8; LINE]) {
        // SAFETY: the token in `self.x` proves AVX-512F and BW.
        let samples = unsafe {
            let in_order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
            _mm512_permutexvar_epi64(in_order, _mm512_packs_epi32(a, b))
        };
        let samples = self.x.with_bias(samples);
        self.x.store(bytes, if self.big { self.x.swap(samples) } else { samples });
    }
}

/// The units of `VECTORS` times sixteen columns in a line.
#[inline(always)]
fn units<const VECTORS: usize>(line: &[u8], first: usize) -> &[[u8; LINE]; VECTORS] {
    line[first * LINE..].as_chunks().0.first_chunk().expect("lines have whole blocks")
}
