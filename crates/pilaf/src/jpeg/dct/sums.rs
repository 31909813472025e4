//! What the vector forms of the transforms share: sums of doubles, two vectors of them at a time.

use crate::simd::{Vector, Wide};

#[inline(always)]
pub(super) fn add<X: Vector<N>, const N: usize>(x: X, a: Wide<X::V>, b: Wide<X::V>) -> Wide<X::V> {
    [x.add_doubles(a[0], b[0]), x.add_doubles(a[1], b[1])]
}

#[inline(always)]
pub(super) fn sub<X: Vector<N>, const N: usize>(x: X, a: Wide<X::V>, b: Wide<X::V>) -> Wide<X::V> {
    [x.sub_doubles(a[0], b[0]), x.sub_doubles(a[1], b[1])]
}

/// Half a unit of a shift by `BITS`, where sums begin.
#[inline(always)]
pub(super) fn half<X: Vector<N>, const N: usize, const BITS: i32>(x: X) -> Wide<X::V> {
    [x.splat(1 << (BITS - 1)); 2]
}
