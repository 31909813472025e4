//! Two images combined sample by sample.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample, buffer};
use crate::limits::image_bytes;

use super::convert::clip_f32;
use super::filter::wrong_mode;

/// How two 8-bit samples become one. Pillow's `ImageChops`, in its integer arithmetic: quotients
/// are truncated.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Chop {
    /// The greater.
    Lighter,
    /// The lesser.
    Darker,
    /// The difference without its sign.
    Difference,
    /// The product, 255 counting as one.
    Multiply,
    /// The product of what is missing to 255, and what that misses.
    Screen,
    /// Multiply and screen, mixed by the first sample.
    SoftLight,
    /// Multiply or screen, by the second sample.
    HardLight,
    /// Multiply or screen, by the first sample.
    Overlay,
    /// The sum, divided by a scale, plus an offset.
    Add(f32, i32),
    /// The difference, divided by a scale, plus an offset.
    Subtract(f32, i32),
    /// The sum, modulo 256.
    AddModulo,
    /// The difference, modulo 256.
    SubtractModulo,
    /// 255 where both are not 0. For mode `1` only, as the next two.
    And,
    /// 255 where one is not 0.
    Or,
    /// 255 where exactly one is not 0.
    Xor,
}

impl Image {
    /// This image and another, combined sample by sample, in the mode of this one. The result is
    /// as wide as the narrower and as high as the lower one.
    ///
    /// ```
    /// use pilaf::ops::Chop;
    /// use pilaf::{Image, Mode};
    ///
    /// let a = Image::from_raw(Mode::L, (2, 1), vec![10, 200])?;
    /// let b = Image::from_raw(Mode::L, (2, 1), vec![30, 100])?;
    /// assert_eq!(a.combine(&b, Chop::Difference)?.as_bytes(), [20, 100]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when this image has no 8-bit samples, when the
    /// other has other samples or another number of bands, and when a logical operation is not
    /// given two images of mode `1`.
    pub fn combine(&self, other: &Self, chop: Chop) -> Result<Self> {
        let logical = matches!(chop, Chop::And | Chop::Or | Chop::Xor);
        let bilevel = self.mode() == Mode::Bilevel && other.mode() == Mode::Bilevel;
        if self.mode().sample() != Sample::U8 || (logical && !bilevel) {
            return Err(wrong_mode());
        }
        if other.mode().sample() != Sample::U8 || self.mode().bands() != other.mode().bands() {
            return Err(Error::parameter("images do not match"));
        }
        match chop {
            Chop::Lighter => self.zip(other, |a, b| a.max(b)),
            Chop::Darker => self.zip(other, |a, b| a.min(b)),
            Chop::Difference => self.zip(other, u8::abs_diff),
            Chop::Multiply => self.zip(other, |a, b| narrow(i32::from(a) * i32::from(b) / 255)),
            Chop::Screen => self.zip(other, |a, b| 255 - narrow(rest(a) * rest(b) / 255)),
            Chop::SoftLight => self.zip(other, soft_light),
            Chop::HardLight => self.zip(other, |a, b| multiply_or_screen(b, a)),
            Chop::Overlay => self.zip(other, multiply_or_screen),
            // Of sums and differences there are few, and a division takes longer than a look-up.
            Chop::Add(scale, offset) => {
                let table = sums(|sum| scaled(sum, scale, offset));
                self.zip(other, |a, b| table[usize::from(a) + usize::from(b)])
            }
            Chop::Subtract(scale, offset) => {
                let table = sums(|sum| scaled(sum - 255, scale, offset));
                self.zip(other, |a, b| table[255 + usize::from(a) - usize::from(b)])
            }
            Chop::AddModulo => self.zip(other, u8::wrapping_add),
            Chop::SubtractModulo => self.zip(other, u8::wrapping_sub),
            Chop::And => self.zip(other, |a, b| white_if(a != 0 && b != 0)),
            Chop::Or => self.zip(other, |a, b| white_if(a != 0 || b != 0)),
            Chop::Xor => self.zip(other, |a, b| white_if((a != 0) != (b != 0))),
        }
    }

    fn zip<'a>(&'a self, other: &'a Self, f: impl Fn(u8, u8) -> u8 + Copy) -> Result<Self> {
        let size = (self.width().min(other.width()), self.height().min(other.height()));
        let bytes = image_bytes(size.0, size.1, self.mode().pixel_bytes())?;
        // Rows of one length are as good as one row.
        let is_one = self.width() == other.width();
        let rows = |image: &'a Self| {
            let length = if is_one { bytes } else { image.row_bytes() };
            image.as_bytes().chunks(length.max(1))
        };
        let data = buffer::combined(
            bytes,
            rows(self).zip(rows(other)),
            #[inline(always)]
            move |&a, &b| f(a, b),
        )?;
        self.with_pixels(size, data)
    }

    /// The image with every bit of every sample turned over. Pillow's `ImageChops.invert`.
    pub fn invert_bits(&self) -> Result<Self> {
        let data = buffer::mapped(self.as_bytes(), |byte| !byte)?;
        self.with_pixels(self.size(), data)
    }

    /// The image moved to the right and down; what leaves at one edge comes in at the opposite
    /// one. Pillow's `ImageChops.offset`.
    pub fn roll(&self, (x, y): (i32, i32)) -> Result<Self> {
        if self.as_bytes().is_empty() {
            return self.try_clone();
        }
        let wrap = |shift: i32, side: u32| i64::from(shift).rem_euclid(i64::from(side)) as usize;
        let mut image = self.try_clone()?;
        let (row_bytes, pixel_bytes) = (self.row_bytes(), self.mode().pixel_bytes());
        image.as_bytes_mut().rotate_right(wrap(y, self.height()) * row_bytes);
        let shift = wrap(x, self.width()) * pixel_bytes;
        image.rows_mut().for_each(|row| row.rotate_right(shift));
        Ok(image)
    }
}

/// What becomes of each of the sums of two samples.
fn sums(f: impl Fn(i32) -> u8) -> [u8; 511] {
    std::array::from_fn(|sum| f(sum as i32))
}

#[inline(always)]
fn rest(sample: u8) -> i32 {
    255 - i32::from(sample)
}

/// What C makes of storing an `int` in a byte.
#[inline(always)]
fn narrow(value: i32) -> u8 {
    value as u8
}

#[inline(always)]
fn white_if(white: bool) -> u8 {
    if white { 255 } else { 0 }
}

#[inline(always)]
fn soft_light(a: u8, b: u8) -> u8 {
    let (wide_a, wide_b) = (i32::from(a), i32::from(b));
    let multiplied = rest(a) * (wide_a * wide_b) / 65536;
    let screened = wide_a * (255 - rest(a) * rest(b) / 255) / 255;
    narrow(multiplied + screened)
}

/// Multiplied where `a` is dark, screened where it is light, twice as strong as those.
#[inline(always)]
fn multiply_or_screen(a: u8, b: u8) -> u8 {
    if a < 128 {
        narrow(i32::from(a) * i32::from(b) / 127)
    } else {
        narrow(255 - rest(a) * rest(b) / 127)
    }
}

/// Truncated and clamped. What does not fit 32 bits becomes the least integer, as on x86-64.
#[inline(always)]
fn scaled(value: i32, scale: f32, offset: i32) -> u8 {
    let value = value as f32 / scale + offset as f32;
    if value.is_nan() || value >= 2_147_483_648.0 { 0 } else { clip_f32(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_is_as_small_as_the_smaller_one() {
        let a = Image::from_raw(Mode::L, (3, 1), vec![1, 2, 3]).unwrap();
        let b = Image::from_raw(Mode::P, (2, 2), vec![9, 9, 9, 9]).unwrap();
        let sum = a.combine(&b, Chop::Add(2.0, 1)).unwrap();
        assert_eq!((sum.size(), sum.as_bytes()), ((2, 1), &[6, 6][..]));
        assert_eq!(b.combine(&a, Chop::Darker).unwrap().mode(), Mode::P);
    }

    #[test]
    fn images_that_do_not_match_are_refused() {
        let [l, rgb, i] = [Mode::L, Mode::Rgb, Mode::I].map(|m| Image::new(m, (1, 1)).unwrap());
        let text = |a: &Image, b, chop| a.combine(b, chop).unwrap_err().to_string();
        assert_eq!(text(&l, &rgb, Chop::Lighter), "images do not match");
        assert_eq!(text(&l, &i, Chop::Lighter), "images do not match");
        assert_eq!(text(&i, &l, Chop::Lighter), "image has wrong mode");
        assert_eq!(text(&l, &l, Chop::And), "image has wrong mode");
    }

    #[test]
    fn light_is_mixed_in_integers() {
        assert_eq!((soft_light(200, 100), soft_light(0, 255), soft_light(255, 1)), (190, 0, 255));
        assert_eq!((multiply_or_screen(127, 255), multiply_or_screen(128, 0)), (255, 0));
        assert_eq!((scaled(3, 0.0, 0), scaled(-3, 0.0, 9), scaled(-9, 1.0, 10)), (0, 0, 1));
    }

    #[test]
    fn rolling_wraps_round() {
        let image = Image::from_raw(Mode::L, (3, 2), vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(image.roll((1, 0)).unwrap().as_bytes(), [3, 1, 2, 6, 4, 5]);
        assert_eq!(image.roll((-1, 5)).unwrap().as_bytes(), [5, 6, 4, 2, 3, 1]);
        assert!(Image::new(Mode::L, (0, 2)).unwrap().roll((1, 1)).is_ok());
    }
}
