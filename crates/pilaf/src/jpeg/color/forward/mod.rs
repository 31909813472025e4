//! Colour conversion for the encoder: interleaved pixels in, component planes out.
//!
//! JFIF's YCbCr (ITU-T T.871, clause 7) in libjpeg's 16-bit fixed point.

mod scalar;
mod vectors;

#[cfg(test)]
mod tests;

use crate::simd::{Kernel, Level, Vector};

pub(crate) use scalar::deinterleave_inverted;

/// A row of pixels of `N` bytes, red, green and blue first, to a row each of luma and chroma.
///
/// # Panics
///
/// When the rows are not of one length or `N` is not 3 or 4.
pub(crate) fn rgb_to_ycc<const N: usize>(level: Level, pixels: &[u8], planes: [&mut [u8]; 3]) {
    assert!((3..=4).contains(&N) && planes.iter().all(|plane| plane.len() * N == pixels.len()));
    level.compute(RgbToYcc::<N> { pixels, planes });
}

/// A row to be converted, of good lengths.
struct RgbToYcc<'a, const BYTES: usize> {
    pixels: &'a [u8],
    planes: [&'a mut [u8]; 3],
}

impl<const BYTES: usize> Kernel for RgbToYcc<'_, BYTES> {
    type Output = ();

    fn scalar(self) {
        scalar::rgb_to_ycc::<BYTES>(self.pixels, self.planes);
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        vectors::rgb_to_ycc::<X, N, BYTES>(x, self.pixels, self.planes);
    }
}

/// The first `P` of the `N` bytes of each pixel to a row each.
pub(crate) fn deinterleave<const N: usize, const P: usize>(
    level: Level,
    pixels: &[u8],
    planes: [&mut [u8]; P],
) {
    level.run(
        #[inline(always)]
        || scalar::deinterleave::<N, P>(pixels, planes),
    );
}
