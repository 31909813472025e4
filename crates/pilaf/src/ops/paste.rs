//! One image, or one colour, laid into another, with a mask or without.

use super::convert::{div_255, map, mul_div_255};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};

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

/// How a mask mixes the byte that is there with the one that is painted.
type Mix = fn(mask: u8, old: u8, new: u8) -> u8;

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
            (Paint::Image(image), mask) if image.mode() != self.mode() => {
                let image = to_rgb(image)?;
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
        let (to_x, from_x, bytes) = (at.to.0 * unit, at.from.0 * unit, at.size.0 * unit);
        let mix = mask.map(|mask| mix_for(mask.mode(), true)).transpose()?;
        for y in 0..at.size.1 {
            let from = &image.row((at.from.1 + y) as u32)[from_x..][..bytes];
            let to = &mut self.row_mut((at.to.1 + y) as u32)[to_x..][..bytes];
            match (mask, mix) {
                (Some(mask), Some(mix)) => {
                    let values = mask_row(mask, at.from.1 + y, at.from.0);
                    let pixels = to.chunks_exact_mut(unit).zip(from.chunks_exact(unit));
                    pixels.zip(values).for_each(|((to, from), value)| {
                        to.iter_mut().zip(from).for_each(|(to, &new)| *to = mix(value, *to, new));
                    });
                }
                _ => to.copy_from_slice(from),
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
        let mix = mask.map(|mask| mix_for(mask.mode(), false)).transpose()?;
        for y in 0..at.size.1 {
            let row = self.row_mut((at.to.1 + y) as u32);
            let to = row[at.to.0 * unit..][..at.size.0 * unit].chunks_exact_mut(unit);
            match (mask, mix) {
                (Some(mask), Some(mix)) => {
                    let values = mask_row(mask, at.from.1 + y, at.from.0);
                    to.zip(values).for_each(|(to, value)| {
                        let clear = keep_clear && value != 0 && to[unit - 1] == 0;
                        mix_pixel(to, pixel, value, mix, clear);
                    });
                }
                _ => to.for_each(|to| to.copy_from_slice(&pixel[..unit])),
            }
        }
        Ok(())
    }
}

/// Over a fully transparent pixel colour is not mixed but replaced; alpha always is mixed.
fn mix_pixel(to: &mut [u8], pixel: &[u8], value: u8, mix: Mix, clear: bool) {
    let last = to.len() - 1;
    for (band, (to, &new)) in to.iter_mut().zip(pixel).enumerate() {
        *to = mix(if clear && band != last { 255 } else { value }, *to, new);
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

fn mix_for(mask: Mode, image: bool) -> Result<Mix> {
    Ok(match mask {
        Mode::Bilevel => |mask, old, new| if mask != 0 { new } else { old },
        Mode::L | Mode::Rgba => blend,
        Mode::La if image => blend,
        Mode::RgbaPremultiplied => |mask, old, new| mul_div_255(old, 255 - mask).wrapping_add(new),
        _ => return Err(Error::parameter("bad transparency mask")),
    })
}

fn blend(mask: u8, old: u8, new: u8) -> u8 {
    div_255(u32::from(old) * u32::from(255 - mask) + u32::from(new) * u32::from(mask))
}

/// The last band of a row of a mask, from column `x` on.
fn mask_row(mask: &Image, y: usize, x: usize) -> impl Iterator<Item = u8> {
    let bytes = mask.mode().pixel_bytes();
    mask.row(y as u32)[x * bytes + bytes - 1..].iter().step_by(bytes).copied()
}

/// The bytes of colour as they are, whatever their alpha.
fn to_rgb(image: &Image) -> Result<Image> {
    match image.mode() {
        Mode::La => map(image, Mode::Rgb, |&[v, _]| [v; 3]),
        _ => map(image, Mode::Rgb, |&[r, g, b, _]| [r, g, b]),
    }
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
