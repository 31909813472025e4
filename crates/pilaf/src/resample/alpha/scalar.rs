//! The specification of multiplying by alpha and dividing again: Pillow's conversions between
//! RGBA and RGBa, LA and La.

/// Writes pixels to `target` with their colour multiplied by their alpha, which is the last of
/// their `bands` samples. Rounds to nearest: `(c * a + 127) / 255` by shifts.
pub(crate) fn premultiply(source: &[u8], target: &mut [u8], bands: usize) {
    for (source, target) in source.chunks_exact(bands).zip(target.chunks_exact_mut(bands)) {
        let (&alpha, colors) = source.split_last().expect("a pixel has bands");
        for (target, &color) in target.iter_mut().zip(colors) {
            *target = multiply(color, alpha);
        }
        target[bands - 1] = alpha;
    }
}

/// Whether the alpha of every pixel is 255, so that multiplying by it would change nothing. Looks
/// at some pixels at a time, and ends early.
pub(crate) fn is_opaque(pixels: &[u8], bands: usize) -> bool {
    let is_opaque = |alphas: &[u8]| alphas.iter().skip(bands - 1).step_by(bands).all(|&a| a == 255);
    let (blocks, rest) = pixels.as_chunks::<64>();
    is_opaque(rest)
        && blocks.chunks(16).all(|blocks| {
            let mut alphas = [255; 64];
            for block in blocks {
                alphas.iter_mut().zip(block).for_each(|(all, sample)| *all &= sample);
            }
            is_opaque(&alphas)
        })
}

/// Divides the colour of each pixel by its alpha: truncated, and clamped at 255. Pixels that are
/// opaque or fully transparent stay as they are.
pub(crate) fn unpremultiply(pixels: &mut [u8], bands: usize) {
    for pixel in pixels.chunks_exact_mut(bands) {
        let alpha = u32::from(pixel[bands - 1]);
        if alpha == 0 || alpha == 255 {
            continue;
        }
        for sample in &mut pixel[..bands - 1] {
            *sample = (255 * u32::from(*sample) / alpha).min(255) as u8;
        }
    }
}

fn multiply(color: u8, alpha: u8) -> u8 {
    let product = u32::from(color) * u32::from(alpha) + 128;
    (((product >> 8) + product) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_round_to_nearest() {
        for color in 0..=255_u8 {
            for alpha in 0..=255_u8 {
                let exact = f64::from(color) * f64::from(alpha) / 255.0;
                assert_eq!(f64::from(multiply(color, alpha)), exact.round());
            }
        }
    }

    #[test]
    fn one_alpha_below_255_is_found_wherever_it_is() {
        for bands in [2, 4] {
            for pixels in [1, 15, 33, 700] {
                let mut samples = vec![0; pixels * bands];
                samples.iter_mut().skip(bands - 1).step_by(bands).for_each(|alpha| *alpha = 255);
                assert!(is_opaque(&samples, bands));
                for pixel in 0..pixels {
                    samples[(pixel + 1) * bands - 1] = 254;
                    assert!(!is_opaque(&samples, bands), "pixel {pixel} of {pixels}");
                    samples[(pixel + 1) * bands - 1] = 255;
                }
            }
        }
    }

    #[test]
    fn quotients_truncate_and_clamp() {
        let mut pixels = [10, 3, 200, 100, 7, 0, 9, 255];
        unpremultiply(&mut pixels, 2);
        assert_eq!(pixels, [255, 3, 255, 100, 7, 0, 9, 255]);
        let mut pixels = [1, 2, 3, 7];
        unpremultiply(&mut pixels, 4);
        assert_eq!(pixels, [36, 72, 109, 7]);
    }
}
