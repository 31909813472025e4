//! The pass down columns: in a line, two vectors hold one unit of `N / 2` columns.

use super::axis::{AxisOfWords, Sums};
use super::{samples_of, write};
use crate::resample::wide::round_to_u16;
use crate::simd::{Kernel, Vector};

/// Makes a row from the lines of its window.
pub(super) struct Combine<'a> {
    pub(super) lines: &'a [&'a [u8]],
    pub(super) big: bool,
    pub(super) axis: &'a AxisOfWords,
    pub(super) index: usize,
    pub(super) target: &'a mut [u8],
}

impl Kernel for Combine<'_> {
    type Output = ();

    fn scalar(self) {
        let (lead, weights) = self.axis.taps(self.index);
        for (column, bytes) in self.target.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let sum = (lead..).zip(weights).fold(0.0, |sum, (tap, weight)| {
                let pair = self.lines[tap / 2].as_chunks::<4>().0[column];
                sum + f64::from(samples_of(pair)[tap % 2]) * weight
            });
            *bytes = write(round_to_u16(sum) as u16, self.big);
        }
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        match self.axis.digits_of_weight {
            2 => self.combine::<X, N, 2>(x),
            _ => self.combine::<X, N, 3>(x),
        }
    }
}

impl Combine<'_> {
    #[inline(always)]
    fn combine<X: Vector<N>, const N: usize, const DIGITS: usize>(self, x: X) {
        let digits = self.axis.digits::<DIGITS>(self.index);
        assert_eq!(self.lines.len(), digits.len());
        for (block, target) in self.target.chunks_mut(N).enumerate() {
            let mut sums = Sums::<_, DIGITS>::new(x);
            for (line, digits) in self.lines.iter().zip(digits) {
                let columns = line[block * 2 * N..][..2 * N].as_chunks::<N>().0;
                sums.add(x, [x.load(&columns[0]), x.load(&columns[1])], digits);
            }
            let units = |unit: usize| {
                let columns = &self.lines[unit][block * 2 * N..][..2 * N];
                columns.as_chunks().0.first_chunk().expect("two vectors")
            };
            let [first, second] = sums.finish(x, self.axis, self.index, units);
            let bias = x.splat_words(i16::MIN);
            let samples = x.xor(x.to_words(first, second), bias);
            let swap = x.repeat(&[1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14]);
            let mut lanes = [0; N];
            x.store(&mut lanes, if self.big { x.pick(samples, swap) } else { samples });
            store(&lanes, target);
        }
    }
}

/// Stores lanes with 4 samples of each of two vectors: those of the first vector come first.
#[inline(always)]
fn store<const N: usize>(lanes: &[u8; N], target: &mut [u8]) {
    let mut samples = [0; N];
    let (first, second) = samples.split_at_mut(N / 2);
    let (first, second) = (first.as_chunks_mut::<8>().0, second.as_chunks_mut::<8>().0);
    for (lane, pieces) in lanes.as_chunks::<8>().0.chunks_exact(2).enumerate() {
        (first[lane], second[lane]) = (pieces[0], pieces[1]);
    }
    match target.first_chunk_mut() {
        Some(whole) => *whole = samples,
        None => target.copy_from_slice(&samples[..target.len()]),
    }
}
