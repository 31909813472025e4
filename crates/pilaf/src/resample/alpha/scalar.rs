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
    fn quotients_truncate_and_clamp() {
        let mut pixels = [10, 3, 200, 100, 7, 0, 9, 255];
        unpremultiply(&mut pixels, 2);
        assert_eq!(pixels, [255, 3, 255, 100, 7, 0, 9, 255]);
        let mut pixels = [1, 2, 3, 7];
        unpremultiply(&mut pixels, 4);
        assert_eq!(pixels, [36, 72, 109, 7]);
    }
}
