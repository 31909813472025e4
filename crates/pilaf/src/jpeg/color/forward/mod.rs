//! Colour conversion for the encoder: interleaved pixels in, component planes out.
//!
//! JFIF's YCbCr (ITU-T T.871, clause 7) in libjpeg's 16-bit fixed point.

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
mod scalar;

#[cfg(test)]
mod tests;

use crate::simd::Level;

pub(crate) use scalar::deinterleave_inverted;

/// A row of pixels of `N` bytes, red, green and blue first, to a row each of luma and chroma.
///
/// # Panics
///
/// When the rows are not of one length or `N` is less than 3.
pub(crate) fn rgb_to_ycc<const N: usize>(level: Level, pixels: &[u8], planes: [&mut [u8]; 3]) {
    assert!(N >= 3 && planes.iter().all(|plane| plane.len() * N == pixels.len()));
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => avx2::rgb_to_ycc::<N>(token, pixels, planes),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => avx2::rgb_to_ycc::<N>(token.avx2(), pixels, planes),
        _ => scalar::rgb_to_ycc::<N>(pixels, planes),
    }
}

/// The first `P` of the `N` bytes of each pixel to a row each.
pub(crate) fn deinterleave<const N: usize, const P: usize>(
    level: Level,
    pixels: &[u8],
    planes: [&mut [u8]; P],
) {
    level.run(|| scalar::deinterleave::<N, P>(pixels, planes));
}
