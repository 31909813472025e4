//! One image, or one colour, laid into another, with a mask or without.

mod mix;

use super::convert::map;
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};
use mix::{Mask, Mix};

/// Where to paste: the left, top, right and lower edge in pixels of the target; may reach out of
/// it.
pub type Region = [i64; 4];

/// What is pasted: an image as large as the region, or one pixel in the mode of the target.
#[derive(Clone, Copy, Debug)]
pub enum Paint<'a> {
    /// An image of the same mode; `LA`, `RGBA` and `RGBa` may go onto RGB.
    Image(&'a Image),
    /// The bytes of one pixel.
    Pixel(&'a [u8]),
}

/// Rows and columns of the target and of what is painted that meet.
struct Overlap {
    to: (usize, usize),
    from: (usize, usize),
    size: (usize, usize),
}

impl Image {
    /// Lays `paint` into `region`. Where a mask of mode `L`, or the alpha of one of mode `LA` or
    /// `RGBA`, is 255, the new pixel is taken, where it is 0 the old one stays, between they are
    /// mixed; a mask of mode `RGBa` adds to what it leaves of the old; of a mask of mode `1` each
    /// pixel that is not 0 counts as 255. Pillow's `paste`.
    ///
    /// ```
    /// use pilaf::ops::Paint;
    /// use pilaf::{Image, Mode};
    ///
    /// let mut image = Image::new(Mode::L, (3, 1))?;
    /// image.paste(Paint::Pixel(&[200]), [1, 0, 5, 1], None)?;
    /// assert_eq!(image.as_bytes(), [0, 200, 200]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when the image or the mask is not as large as
    /// the region, and for another mode of either. The texts are Pillow's.
    pub fn paste(&mut self, paint: Paint<'_>, region: Region, mask: Option<&Image>) -> Result<()> {
        let size = (region[2].saturating_sub(region[0]), region[3].saturating_sub(region[1]));
        let matches = |image: &Image| (i64::from(image.width()), i64::from(image.height())) == size;
        if mask.is_some_and(|mask| !matches(mask)) {
            return Err(mismatch());
        }
        if let Paint::Image(image) = paint
            && !(matches(image) && self.takes(image.mode()))
        {
            return Err(mismatch());
        }
        let Some(overlap) = self.overlap(region, size) else { return Ok(()) };
        match (paint, mask) {
            (Paint::Image(image), mask) if self.mode() == Mode::Rgb && image.mode() == Mode::La => {
                let image = map(image, Mode::Rgb, |&[v, _]| [v; 3])?;
                self.lay_image(&image, &overlap, mask)
            }
            (Paint::Image(image), mask) => self.lay_image(image, &overlap, mask),
            (Paint::Pixel(pixel), mask) => self.lay_pixel(pixel, &overlap, mask),
        }
    }

    fn takes(&self, mode: Mode) -> bool {
        mode == self.mode()
            || self.mode() == Mode::Rgb
                && matches!(mode, Mode::La | Mode::Rgba | Mode::RgbaPremultiplied)
    }

    fn overlap(&self, region: Region, size: (i64, i64)) -> Option<Overlap> {
        let clip = |low: i64, length: i64, limit: u32| {
            let (start, end) = (low.max(0), low.saturating_add(length).min(i64::from(limit)));
            let span = (start as usize, start.abs_diff(low) as usize, end.abs_diff(start) as usize);
            (start < end).then_some(span)
        };
        let (to_x, from_x, width) = clip(region[0], size.0, self.width())?;
        let (to_y, from_y, height) = clip(region[1], size.1, self.height())?;
        Some(Overlap { to: (to_x, to_y), from: (from_x, from_y), size: (width, height) })
    }

    /// Bytes that go with one pixel of a mask. Pillow takes images of 16 bits for images of 8
    /// bits under most masks.
    fn unit(&self, sixteen_bits: bool) -> usize {
        let is_wide = matches!(self.mode().sample(), Sample::U16Le | Sample::U16Be);
        if is_wide && !sixteen_bits { 1 } else { self.mode().pixel_bytes() }
    }

    fn lay_image(&mut self, image: &Image, at: &Overlap, mask: Option<&Image>) -> Result<()> {
        let mode = mask.map(Image::mode);
        let unit = self.unit(matches!(mode, None | Some(Mode::Bilevel)));
        // RGBA and RGBa onto RGB: colour as it is, whatever its alpha.
        let units = if image.mode() == self.mode() { (unit, unit) } else { (3, 4) };
        let mix = mode.map(|mode| Mix::of(mode, true)).transpose()?;
        for y in 0..at.size.1 {
            let from = &image.row((at.from.1 + y) as u32)[at.from.0 * units.1..];
            let to = &mut self.row_mut((at.to.1 + y) as u32)[at.to.0 * units.0..];
            let from = &from[..at.size.0 * units.1];
            let to = &mut to[..at.size.0 * units.0];
            match (mask, mix) {
                (Some(mask), Some(mix)) => {
                    mix::row(mix, units, to, from, Mask::row(mask, at.from.1 + y, at.from.0));
                }
                _ if units.0 == units.1 => to.copy_from_slice(from),
                _ => {
                    let pixels = to.as_chunks_mut().0.iter_mut().zip(from.as_chunks().0);
                    pixels.for_each(|(to, &[r, g, b, _])| *to = [r, g, b]);
                }
            }
        }
        Ok(())
    }

    fn lay_pixel(&mut self, pixel: &[u8], at: &Overlap, mask: Option<&Image>) -> Result<()> {
        let mode = mask.map(Image::mode);
        let is_wide = matches!(self.mode().sample(), Sample::U16Le | Sample::U16Be);
        let low_byte = [pixel[usize::from(self.mode().sample() == Sample::U16Be)]; 2];
        // Pillow fills both bytes of 16 bits with the low one.
        let pixel = if is_wide && mode != Some(Mode::L) { &low_byte[..] } else { pixel };
        let unit = self.unit(matches!(mode, None | Some(Mode::L)));
        let keep_clear = mode == Some(Mode::L) && has_alpha(self.mode());
        let mix = mode.map(|mode| Mix::of(mode, false)).transpose()?;
        for y in 0..at.size.1 {
            let row = self.row_mut((at.to.1 + y) as u32);
            let to = &mut row[at.to.0 * unit..][..at.size.0 * unit];
            match (mask, mix) {
                (Some(mask), Some(mix)) => {
                    let mask = Mask::row(mask, at.from.1 + y, at.from.0);
                    mix::pixel(mix, &pixel[..unit], to, mask, keep_clear);
                }
                _ => to.chunks_exact_mut(unit).for_each(|to| to.copy_from_slice(&pixel[..unit])),
            }
        }
        Ok(())
    }
}

fn has_alpha(mode: Mode) -> bool {
    matches!(
        mode,
        Mode::La | Mode::LaPremultiplied | Mode::Pa | Mode::Rgba | Mode::RgbaPremultiplied
    )
}

fn mismatch() -> Error {
    Error::parameter("images do not match")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_out_is_cut_off() {
        let source = Image::from_raw(Mode::L, (2, 2), vec![1, 2, 3, 4]).unwrap();
        for (x, y, expected) in [(-1, -1, [4, 9, 9, 9]), (1, 1, [9, 9, 9, 1]), (2, 0, [9; 4])] {
            let mut image = Image::filled(Mode::L, (2, 2), &[9]).unwrap();
            image.paste(Paint::Image(&source), [x, y, x + 2, y + 2], None).unwrap();
            assert_eq!(image.as_bytes(), expected, "{x} {y}");
        }
    }

    #[test]
    fn sizes_and_masks_are_checked() {
        let mut image = Image::new(Mode::L, (2, 2)).unwrap();
        let mask = Image::new(Mode::Hsv, (2, 2)).unwrap();
        let mut text = |region, mask: Option<&Image>| {
            image.paste(Paint::Pixel(&[1]), region, mask).unwrap_err().to_string()
        };
        assert_eq!(text([0, 0, 2, 2], Some(&mask)), "bad transparency mask");
        assert_eq!(text([0, 0, 1, 2], Some(&mask)), "images do not match");
    }
}
