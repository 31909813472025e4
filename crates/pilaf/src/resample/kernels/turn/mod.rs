//! Turning: rows become columns.

#[cfg(target_arch = "x86_64")]
mod avx512;

use crate::simd::Vector;

#[cfg(target_arch = "x86_64")]
pub(super) use avx512::{turn_eight, turn_numbers};

/// Transposes 4 by 4 numbers of 32 bits in each lane.
#[inline(always)]
pub(super) fn turn<X: Vector<N>, const N: usize>(x: X, [a, b, c, d]: [X::V; 4]) -> [X::V; 4] {
    let (ab, cd) = (x.low_doubles(a, b), x.low_doubles(c, d));
    let (first, second) = (x.low_quads(ab, cd), x.high_quads(ab, cd));
    let (ab, cd) = (x.high_doubles(a, b), x.high_doubles(c, d));
    [first, second, x.low_quads(ab, cd), x.high_quads(ab, cd)]
}
