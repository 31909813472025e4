//! Shrinking images by whole factors.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};
use crate::resample::reduce::{Blocks, reduce_narrow, reduce_wide};

impl Image {
    /// The image shrunk by whole factors: every pixel is the mean of `factor.0` by `factor.1`
    /// pixels, or of those that are left at the right and lower edge. Pillow's `reduce`.
    ///
    /// `region` is the part to use: left, top, right, bottom in pixels; `None` is all of it. With
    /// factors of 1 it is cut out.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (5, 1), vec![0, 10, 20, 30, 99])?;
    /// assert_eq!(image.reduce((2, 1), None)?.as_bytes(), [5, 25, 99]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a factor below 1, a region that is empty or
    /// outside of the image, and the modes `1`, `P` and those of 16 bits, unless both factors are 1.
    /// The texts are Pillow's. [`Memory`](crate::ErrorKind::Memory) when there is not as much
    /// memory.
    pub fn reduce(&self, factor: (i64, i64), region: Option<[i64; 4]>) -> Result<Self> {
        let whole = [0, 0, i64::from(self.width()), i64::from(self.height())];
        let region = region.unwrap_or(whole);
        if let Some(premultiplied) = self.mode().premultiplied().filter(|_| factor != (1, 1)) {
            let image = self.with_premultiplied_alpha(premultiplied)?;
            return image.reduce(factor, Some(region))?.with_separate_alpha(self.mode());
        }
        let blocks = self.check_blocks(factor, region)?;
        if factor == (1, 1) {
            let size = (blocks.width as u32, blocks.height as u32);
            return self.crop_inside(blocks.left as u32, blocks.top as u32, size);
        }
        let (width, height) = blocks.size();
        self.with_pixels((width as u32, height as u32), self.reduce_blocks(&blocks)?)
    }

    fn check_blocks(&self, factor: (i64, i64), region: [i64; 4]) -> Result<Blocks> {
        let [left, top, right, bottom] = region;
        if factor.0 < 1 || factor.1 < 1 {
            return Err(Error::parameter("scale must be > 0"));
        }
        if left < 0 || top < 0 {
            return Err(Error::parameter("box offset can't be negative"));
        }
        if right > i64::from(self.width()) || bottom > i64::from(self.height()) {
            return Err(Error::parameter("box can't exceed original image size"));
        }
        if right <= left || bottom <= top {
            return Err(Error::parameter("box can't be empty"));
        }
        Ok(Blocks {
            left: left as usize,
            top: top as usize,
            width: (right - left) as usize,
            height: (bottom - top) as usize,
            factor: (factor.0 as usize, factor.1 as usize),
        })
    }

    fn reduce_blocks(&self, blocks: &Blocks) -> Result<Vec<u8>> {
        let (bands, row_bytes) = (self.mode().bands(), self.row_bytes());
        match (self.mode(), self.mode().sample()) {
            (Mode::Bilevel | Mode::P, _) | (_, Sample::U16Le | Sample::U16Be) => {
                Err(Error::parameter("image has wrong mode"))
            }
            (_, Sample::U8) => reduce_narrow(self.as_bytes(), row_bytes, bands, blocks),
            (_, Sample::I32) => reduce_wide::<i32>(self.as_bytes(), row_bytes, blocks),
            (_, Sample::F32) => reduce_wide::<f32>(self.as_bytes(), row_bytes, blocks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senseless_parameters_are_refused_in_pillow_s_words() {
        let image = Image::new(Mode::Rgba, (10, 8)).unwrap();
        let text = |factor, region| image.reduce(factor, region).unwrap_err().to_string();
        assert_eq!(text((0, 2), None), "scale must be > 0");
        assert_eq!(text((2, 2), Some([-1, 0, 5, 5])), "box offset can't be negative");
        assert_eq!(text((2, 2), Some([0, 0, 11, 5])), "box can't exceed original image size");
        assert_eq!(text((2, 2), Some([5, 0, 5, 5])), "box can't be empty");
        let palette = Image::new(Mode::P, (4, 4)).unwrap();
        assert_eq!(palette.reduce((2, 2), None).unwrap_err().to_string(), "image has wrong mode");
    }

    #[test]
    fn a_factor_of_one_cuts_out_the_region() {
        let image = Image::from_raw(Mode::P, (3, 2), vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(image.reduce((1, 1), Some([1, 0, 3, 2])).unwrap().as_bytes(), [2, 3, 5, 6]);
    }
}
