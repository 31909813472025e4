//! The pass down columns: in a line, a vector holds one unit of 8 columns for each lane.

use super::means::MeanSums;
use super::sums::{Copies, Sums, Total};
use super::{AxisOfPairs, Products, Weighting};
use crate::simd::Ahead;

/// Makes a line of two rows as they are.
pub(super) fn interleave_pair(upper: &[u8], lower: &[u8], line: &mut [u8]) {
    for (pair, (&a, &b)) in line.as_chunks_mut::<2>().0.iter_mut().zip(upper.iter().zip(lower)) {
        *pair = [a, b];
    }
}

/// Makes a row from the lines of its window. Asks for the memory of `later` meanwhile, which will be
/// written next.
#[inline(always)]
pub(crate) fn combine_lines<X: Products<N>, const N: usize>(
    x: X,
    lines: &[&[u8]],
    axis: &AxisOfPairs,
    index: usize,
    target: &mut [u8],
    later: &[u8],
) {
    let sum = Sum { x, lines, axis, index };
    let later = Ahead::new(later.as_ptr(), later.len());
    match axis.weighting {
        Weighting::Own => sum.row::<Sums<X::V>, N>(target, later),
        Weighting::Mean => sum.row::<MeanSums<X::V>, N>(target, later),
        Weighting::Copied => sum.row::<Copies<X::V>, N>(target, later),
    }
}

/// Target row `index`, to be made of lines.
struct Sum<'a, X> {
    x: X,
    lines: &'a [&'a [u8]],
    axis: &'a AxisOfPairs,
    index: usize,
}

impl<X> Sum<'_, X> {
    /// Makes the row: three vectors at a time, then one by one what is left.
    #[inline(always)]
    fn row<T: Total<X, N>, const N: usize>(&self, target: &mut [u8], mut later: Ahead)
    where
        X: Products<N>,
    {
        assert_eq!(self.lines.len(), self.axis.units);
        let mut wide = target.chunks_exact_mut(3 * N / 2);
        let mut column = 0;
        for target in &mut wide {
            later.fetch(target.len());
            self.block::<T, N, 3>(column, target);
            column += 3 * N / 2;
        }
        for target in wide.into_remainder().chunks_mut(N / 2) {
            self.block::<T, N, 1>(column, target);
            column += N / 2;
        }
    }

    /// Sums `COUNT` vectors from `column` on; stores as many samples as `target` holds.
    #[inline(always)]
    fn block<T: Total<X, N>, const N: usize, const COUNT: usize>(
        &self,
        column: usize,
        target: &mut [u8],
    ) where
        X: Products<N>,
    {
        let x = self.x;
        let mut totals = [T::new(x); COUNT];
        for (line, digits) in self.lines.iter().zip(self.axis.digits(self.index)) {
            let (low, high) = (x.splat(digits.low), x.splat(digits.high));
            let samples = line[column * 2..][..COUNT * N].as_chunks::<N>().0;
            for (total, samples) in totals.iter_mut().zip(samples) {
                total.add(x, x.load(samples), low, high);
            }
        }
        let factors = self.axis.spans[self.index].factors;
        let mut sums = [x.splat(0); COUNT];
        for (sum, total) in sums.iter_mut().zip(totals) {
            *sum = total.finish(x, factors);
        }
        for (pair, target) in sums.chunks(2).zip(target.chunks_mut(N)) {
            let mut samples = [0; N];
            x.store(&mut samples, x.to_samples_in_order(pair[0], pair[pair.len() - 1]));
            match target.first_chunk_mut() {
                Some(whole) => *whole = samples,
                None => target.copy_from_slice(&samples[..target.len()]),
            }
        }
    }
}
