//! The pass down columns: in a line, a vector holds one unit of 8 columns for each lane.

use super::{Digits, Products, Sums};

/// Makes a line of two rows as they are.
pub(super) fn interleave_pair(upper: &[u8], lower: &[u8], line: &mut [u8]) {
    for (pair, (&a, &b)) in line.as_chunks_mut::<2>().0.iter_mut().zip(upper.iter().zip(lower)) {
        *pair = [a, b];
    }
}

/// Makes a row from the lines of its window: three vectors at a time, then one by one what is left.
#[inline(always)]
pub(crate) fn combine_lines<X: Products<N>, const N: usize>(
    x: X,
    lines: &[&[u8]],
    digits: &[Digits],
    target: &mut [u8],
) {
    assert_eq!(lines.len(), digits.len());
    let mut wide = target.chunks_exact_mut(3 * N / 2);
    let mut column = 0;
    for target in &mut wide {
        combine_block::<X, N, 3>(x, lines, digits, column, target);
        column += 3 * N / 2;
    }
    for target in wide.into_remainder().chunks_mut(N / 2) {
        combine_block::<X, N, 1>(x, lines, digits, column, target);
        column += N / 2;
    }
}

/// Sums `COUNT` vectors from `column` on; stores as many samples as `target` holds.
#[inline(always)]
fn combine_block<X: Products<N>, const N: usize, const COUNT: usize>(
    x: X,
    lines: &[&[u8]],
    digits: &[Digits],
    column: usize,
    target: &mut [u8],
) {
    let mut totals = [Sums::new(x); COUNT];
    for (line, digits) in lines.iter().zip(digits) {
        let (low, high) = (x.splat(digits.low), x.splat(digits.high));
        let samples = line[column * 2..][..COUNT * N].as_chunks::<N>().0;
        for (total, samples) in totals.iter_mut().zip(samples) {
            total.add(x, x.load(samples), low, high);
        }
    }
    for (total, target) in totals.into_iter().zip(target.chunks_mut(N / 2)) {
        let sums = total.finish(x);
        let mut lanes = [0; N];
        x.store(&mut lanes, x.to_samples(sums, sums));
        for (lane, target) in lanes.as_chunks::<16>().0.iter().zip(target.chunks_mut(8)) {
            match target.first_chunk_mut() {
                Some(whole) => *whole = *lane.first_chunk::<8>().expect("16 bytes in a lane"),
                None => target.copy_from_slice(&lane[..target.len()]),
            }
        }
    }
}
