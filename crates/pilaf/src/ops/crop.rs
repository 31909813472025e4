//! Cutting out a rectangle, which may reach beyond the image.

use crate::error::{Error, Result};
use crate::image::{Image, buffer};
use crate::limits::image_bytes;

impl Image {
    /// The part `[left, top, right, bottom]` of the image, in pixels. What lies beyond the image
    /// is zeros: black, or transparent where the mode has alpha. A rectangle whose right is not
    /// beyond its left has no pixels. Pillow's `crop`.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (3, 1), vec![1, 2, 3])?;
    /// assert_eq!(image.crop([1, 0, 3, 1])?.as_bytes(), [2, 3]);
    /// assert_eq!(image.crop([-1, 0, 2, 1])?.as_bytes(), [0, 1, 2]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory;
    /// [`Limit`](crate::ErrorKind::Limit) for a side of 2 to the 32nd pixels and more.
    pub fn crop(&self, region: [i64; 4]) -> Result<Self> {
        let [left, top, right, bottom] = region;
        let size = (side(left, right)?, side(top, bottom)?);
        let (image_width, image_height) = (i64::from(self.width()), i64::from(self.height()));
        if left >= 0 && top >= 0 && right <= image_width && bottom <= image_height {
            return self.crop_inside(left as u32, top as u32, size);
        }
        let pixel_bytes = self.mode().pixel_bytes();
        let mut data = buffer::zeros(image_bytes(size.0, size.1, pixel_bytes)?)?;
        let (from_x, to_x) = (left.max(0), right.min(image_width));
        let (from_y, to_y) = (top.max(0), bottom.min(image_height));
        if from_x < to_x {
            let columns = from_x as usize * pixel_bytes..to_x as usize * pixel_bytes;
            let row_bytes = size.0 as usize * pixel_bytes;
            for y in from_y..to_y {
                let at = (y - top) as usize * row_bytes + (from_x - left) as usize * pixel_bytes;
                let part = &self.row(y as u32)[columns.clone()];
                data[at..][..part.len()].copy_from_slice(part);
            }
        }
        self.with_pixels(size, data)
    }
}

fn side(from: i64, to: i64) -> Result<u32> {
    u32::try_from(to.saturating_sub(from).max(0))
        .map_err(|_| Error::limit(format!("a side from {from} to {to} is too long")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

    #[test]
    fn rectangles_beyond_the_image_are_zeros() {
        let image = Image::from_raw(Mode::L, (2, 2), vec![1, 2, 3, 4]).unwrap();
        let cut = |region| image.crop(region).unwrap().into_bytes();
        assert_eq!(cut([1, 1, 3, 3]), [4, 0, 0, 0]);
        assert_eq!(cut([-2, -1, 1, 1]), [0, 0, 0, 0, 0, 1]);
        assert_eq!(cut([5, 5, 7, 6]), [0, 0]);
        assert_eq!(cut([-7, -7, -5, -6]), [0, 0]);
        assert_eq!(image.crop([1, 1, 0, 9]).unwrap().size(), (0, 8));
        assert!(image.crop([i64::MIN, 0, i64::MAX, 1]).is_err());
    }
}
