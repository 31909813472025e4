//! What is done to 8-bit samples before they are resampled, and undone after.
//!
//! Colour is multiplied by alpha, and divided again, as Pillow's conversions between RGBA and
//! RGBa, LA and La do it: in 8 bits, so the way there and back loses what alpha cannot carry.

#[cfg(target_arch = "x86_64")]
mod avx512;
mod scalar;
mod vectors;

pub(crate) use scalar::is_opaque;

use crate::simd::Level;

/// Writes pixels to `target` with their colour multiplied by their alpha, which is the last of
/// their `bands` samples (2 or 4), and rounded to nearest. Panics unless both have one length.
pub(crate) fn premultiply(level: Level, source: &[u8], target: &mut [u8], bands: usize) {
    assert_eq!(source.len(), target.len(), "as many pixels are written as are read");
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => avx512::premultiply(token, source, target, bands),
        _ => level.compute(vectors::Premultiply { source, target, bands }),
    }
}

/// Divides the colour of each pixel by its alpha: truncated, and clamped at 255. Pixels that are
/// opaque or fully transparent stay as they are.
pub(crate) fn unpremultiply(level: Level, pixels: &mut [u8], bands: usize) {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) if bands == 4 => avx512::unpremultiply(token, pixels),
        _ if bands == 4 => level.compute(vectors::Unpremultiply(pixels)),
        _ => scalar::unpremultiply(pixels, bands),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::for_each_level;

    /// Every colour with every alpha, and a length that no vector divides.
    fn pixels(bands: usize) -> Vec<u8> {
        let pairs = (0..=255_u8).flat_map(|color| (0..=255_u8).map(move |alpha| (color, alpha)));
        let pixel = |(color, alpha): (u8, u8)| {
            let colors = [color, color.wrapping_add(85), color ^ 0x5a];
            colors.into_iter().take(bands - 1).chain([alpha])
        };
        pairs.chain([(7, 3), (200, 0), (9, 255)]).flat_map(pixel).collect()
    }

    #[test]
    fn every_level_multiplies_and_divides_alike() {
        for bands in [2, 4] {
            let mut products = pixels(bands);
            scalar::premultiply(&pixels(bands), &mut products, bands);
            let mut quotients = pixels(bands);
            scalar::unpremultiply(&mut quotients, bands);
            for_each_level(|level| {
                let mut ours = vec![1; products.len()];
                premultiply(level, &pixels(bands), &mut ours, bands);
                assert!(ours == products, "{level}: {bands} bands multiplied");
                let mut ours = pixels(bands);
                unpremultiply(level, &mut ours, bands);
                assert!(ours == quotients, "{level}: {bands} bands divided");
            });
        }
    }
}
