//! Sharpening: what differs from a blurred copy is made to differ more.

use crate::error::Result;
use crate::image::Image;
use crate::simd::Level;

impl Image {
    /// The image with its difference from a [blurred](Self::gaussian_blur) copy added to it,
    /// times `percent` / 100, where that difference is more than `threshold`. Pillow's
    /// `UnsharpMask`.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (4, 1), vec![100, 100, 120, 120])?;
    /// let sharp = image.unsharp_mask(1.0, 100, 0)?;
    /// assert!(sharp.as_bytes()[1] < 100 && sharp.as_bytes()[2] > 120);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`gaussian_blur`](Self::gaussian_blur).
    pub fn unsharp_mask(&self, radius: f32, percent: i32, threshold: i32) -> Result<Self> {
        let mut image = self.gaussian_blur((radius, radius))?;
        let samples = image.as_bytes_mut().iter_mut().zip(self.as_bytes());
        Level::get().run(
            #[inline(always)]
            || {
                samples.for_each(|(sample, &source)| {
                    *sample = sharpen(source, *sample, percent, threshold);
                });
            },
        );
        Ok(image)
    }
}

/// Products that do not fit 32 bits wrap, as Pillow's do.
#[inline(always)]
fn sharpen(source: u8, blurred: u8, percent: i32, threshold: i32) -> u8 {
    let difference = i32::from(source) - i32::from(blurred);
    if difference.abs() <= threshold {
        return source;
    }
    let more = difference.wrapping_mul(percent) / 100;
    (i32::from(source) + more).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_stay() {
        assert_eq!(sharpen(100, 97, 150, 3), 100);
        assert_eq!(sharpen(100, 96, 150, 3), 106);
        assert_eq!(sharpen(100, 104, 150, 3), 94);
        assert_eq!(sharpen(250, 200, 150, 3), 255);
        assert_eq!(sharpen(100, 200, i32::MAX, -1), sharpen(100, 200, i32::MAX, 0));
    }
}
