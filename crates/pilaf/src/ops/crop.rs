//! Cutting out a rectangle, which may reach beyond the image.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::image::{Image, Mode, buffer};
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

/// A part of an image that is not copied yet: it shares the pixels of the whole, which it keeps.
/// Memory for the copy is set aside already, so that copying cannot fail.
///
/// ```
/// use pilaf::ops::Part;
/// use pilaf::{Image, Mode};
/// use std::sync::Arc;
///
/// let image = Arc::new(Image::from_raw(Mode::L, (3, 1), vec![1, 2, 3])?);
/// let part = Part::new(&image, [1, 0, 3, 1])?.expect("it lies inside");
/// assert_eq!(part.size(), (2, 1));
/// assert_eq!(part.copied().as_bytes(), [2, 3]);
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Debug)]
pub struct Part {
    whole: Arc<Image>,
    left: u32,
    top: u32,
    size: (u32, u32),
    /// Empty, with room for the pixels.
    room: Vec<u8>,
}

impl Part {
    /// The part `[left, top, right, bottom]` of an image; `None` if it reaches beyond the image, so
    /// that it is none. See [`Image::crop`].
    ///
    /// # Errors
    ///
    /// Those of [`Image::crop`].
    pub fn new(whole: &Arc<Image>, region: [i64; 4]) -> Result<Option<Self>> {
        let [left, top, right, bottom] = region;
        let size = (side(left, right)?, side(top, bottom)?);
        let inside = right <= i64::from(whole.width()) && bottom <= i64::from(whole.height());
        let (Ok(left), Ok(top), true) = (left.try_into(), top.try_into(), inside) else {
            return Ok(None);
        };
        let bytes = image_bytes(size.0, size.1, whole.mode().pixel_bytes())?;
        Ok(Some(Self { whole: Arc::clone(whole), left, top, size, room: buffer::room(bytes)? }))
    }

    /// What a pixel is made of.
    pub fn mode(&self) -> Mode {
        self.whole.mode()
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The pixels as an image of their own.
    pub fn copied(mut self) -> Image {
        self.whole
            .rows_inside(self.left, self.top, self.size)
            .for_each(|row| self.room.extend_from_slice(row));
        let image = self.whole.with_pixels(self.size, self.room);
        image.unwrap_or_else(|error| unreachable!("rows of a size come to it: {error}"))
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
    fn parts_are_what_is_cut_out() {
        let bytes = (0..60).collect();
        let whole = Arc::new(Image::from_raw(Mode::Rgb, (5, 4), bytes).unwrap());
        for region in [[0, 0, 5, 4], [1, 2, 3, 4], [4, 3, 5, 4], [2, 2, 2, 3], [3, 1, 1, 2]] {
            let part = Part::new(&whole, region).unwrap().expect("inside");
            let cut = whole.crop(region).unwrap();
            assert_eq!((part.mode(), part.size()), (cut.mode(), cut.size()), "{region:?}");
            assert_eq!(part.copied(), cut, "{region:?}");
        }
        for region in [[-1, 0, 2, 2], [0, -1, 2, 2], [0, 0, 6, 2], [0, 0, 2, 5]] {
            assert!(Part::new(&whole, region).unwrap().is_none(), "{region:?}");
        }
        assert!(Part::new(&whole, [0, 0, i64::MAX, 1]).is_err());
    }

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
