//! Upsampling: subsampled component rows brought to the width and height of the image.
//!
//! *Fancy* upsampling is libjpeg's triangle filter: each output sample is 3/4 of the nearer input sample and
//! 1/4 of the further one, in each direction that is subsampled by two. Rounding alternates from sample to
//! sample so that it has no bias. Everything else is replication.
//!
//! libjpeg's rules, which the caller applies: fancy upsampling only if it was asked for, the smallest scaled
//! DCT size of the image exceeds 1 and, for the two horizontal kinds, the component is at least 3 samples
//! wide; rows above the first and below the last real row of a component are copies of it.

mod scalar;

#[cfg(test)]
mod tests;

use crate::simd::Level;

pub(crate) use scalar::{Half, replicate};

/// Doubles a row horizontally with the triangle filter.
///
/// `out` has twice the length of `input`, or one sample less; it panics otherwise.
pub(crate) fn fancy_h2v1(_level: Level, input: &[u8], out: &mut [u8]) {
    scalar::fancy_h2v1(input, out);
}

/// One output row of the vertical triangle filter, from the input row `near` and its neighbour `far`.
pub(crate) fn fancy_h1v2(_level: Level, near: &[u8], far: &[u8], half: Half, out: &mut [u8]) {
    scalar::fancy_h1v2(near, far, half, out);
}

/// One output row of the two-dimensional triangle filter; `far` is the row above `near` for the upper of
/// its two output rows and the row below for the lower.
///
/// `out` has twice the length of `near`, or one sample less; it panics otherwise.
pub(crate) fn fancy_h2v2(_level: Level, near: &[u8], far: &[u8], out: &mut [u8]) {
    scalar::fancy_h2v2(near, far, out);
}
