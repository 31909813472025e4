//! Colour conversion for the encoder: interleaved pixels in, component planes out.
//!
//! JFIF's YCbCr (ITU-T T.871, clause 7) in libjpeg's 16-bit fixed point.

mod scalar;

#[cfg(test)]
mod tests;

use crate::simd::Level;

pub(crate) use scalar::{deinterleave, deinterleave_inverted};

/// A row of pixels of `N` bytes, red, green and blue first, to a row each of luma and chroma.
///
/// # Panics
///
/// When the rows are not of one length or `N` is less than 3.
pub(crate) fn rgb_to_ycc<const N: usize>(_level: Level, pixels: &[u8], planes: [&mut [u8]; 3]) {
    assert!(N >= 3 && planes.iter().all(|plane| plane.len() * N == pixels.len()));
    scalar::rgb_to_ycc::<N>(pixels, planes)
}
