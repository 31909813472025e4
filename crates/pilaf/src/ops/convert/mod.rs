//! From one mode to another, with Pillow 13's numbers.
//!
//! ```text
//! grey  1 L LA I F I;16      a value, spread over the bands of the target
//! color RGB RGBA RGBX RGBa CMYK YCbCr
//! hsv   HSV                  as Python's colorsys
//! lab   LAB <-> RGB RGBA RGBX   through sRGB's profile, as LittleCMS
//! palette  P PA -> any       through the entries
//! nearest  any -> P PA       the nearest entry, with or without error diffusion
//! bilevel  L RGB -> 1        error diffusion
//! matrix, transparent        what `convert` does with a matrix or a transparent colour
//! ```
//!
//! Modes that have no direct way are refused here; the Python layer goes through the base mode
//! then, as Pillow's does.

mod bilevel;
mod color;
mod grey;
mod hsv;
mod lab;
mod matrix;
mod nearest;
mod palette;
mod transparent;
mod ycbcr;

pub(super) use color::cmyk_to_rgb;
pub(super) use grey::from_16;
pub use grey::truncate;
pub use lab::{lab_profile, srgb_profile};
pub use matrix::MatrixRows;

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Palette, buffer};

/// How colours that the target lacks are approximated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dither {
    /// Each pixel takes the nearest colour.
    None,
    /// The error of a pixel is spread over its neighbours (Floyd and Steinberg 1976).
    #[default]
    FloydSteinberg,
}

/// Options of [`Image::convert_with`].
#[derive(Clone, Debug, Default)]
pub struct ConvertOptions {
    /// For targets `1`, `P` and `PA`.
    pub dither: Dither,
    /// The palette of targets `P` and `PA`. Default: [`Palette::web`] for colour,
    /// [`Palette::grey_ramp`] for grey.
    pub palette: Option<Palette>,
}

impl Image {
    /// The image in another mode; `1` and `P` are dithered. Pillow's `convert`.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::Rgb, (1, 1), vec![200, 100, 50])?;
    /// assert_eq!(image.convert(Mode::L)?.as_bytes(), [124]);
    /// assert_eq!(image.convert(Mode::Cmyk)?.as_bytes(), [55, 155, 205, 0]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for two modes between which there is no direct
    /// way, such as `HSV` to `L`, and for an empty palette.
    pub fn convert(&self, mode: Mode) -> Result<Self> {
        self.convert_with(mode, &ConvertOptions::default())
    }

    /// The image in another mode, with every option.
    ///
    /// # Errors
    ///
    /// Those of [`convert`](Self::convert).
    pub fn convert_with(&self, mode: Mode, options: &ConvertOptions) -> Result<Self> {
        if mode == self.mode() {
            return self.try_clone();
        }
        if let Some(source) = self.palette() {
            return palette::convert(self, source, mode);
        }
        if mode.has_palette() {
            return nearest::convert(self, mode, options);
        }
        if mode == Mode::Bilevel && options.dither == Dither::FloydSteinberg {
            return bilevel::convert(self);
        }
        self.convert_directly(mode)
    }

    fn convert_directly(&self, mode: Mode) -> Result<Self> {
        let converted = match self.mode() {
            Mode::Bilevel | Mode::L | Mode::La | Mode::LaPremultiplied => grey::convert(self, mode),
            Mode::I | Mode::F | Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N => {
                grey::convert_wide(self, mode)
            }
            _ => color::convert(self, mode),
        };
        converted.unwrap_or_else(|| {
            Err(Error::parameter(format!(
                "conversion from {} to {mode} not supported",
                self.mode()
            )))
        })
    }
}

/// A new image of `mode` whose pixels are `f` of those of `image`. A long `f` is to be marked
/// `#[inline(always)]`.
pub(super) fn map<const FROM: usize, const TO: usize>(
    image: &Image,
    mode: Mode,
    f: impl Fn(&[u8; FROM]) -> [u8; TO] + Copy,
) -> Result<Image> {
    let mapped = buffer::mapped(image.as_bytes().as_chunks().0, f)?;
    Image::from_raw(mode, image.size(), mapped.into_flattened())
}

/// The first three bytes of every four.
pub(super) fn drop_fourth(image: &Image, mode: Mode) -> Result<Image> {
    // Groups of four pixels, which the compiler turns into one shuffle.
    let (groups, rest) = image.as_bytes().as_chunks::<16>();
    let mut last = [[0; 16]];
    last[0][..rest.len()].copy_from_slice(rest);
    let rows = [groups, &last].map(|row| (row, row));
    let packed = buffer::combined(groups.len() + 1, rows, |p, _| {
        [p[0], p[1], p[2], p[4], p[5], p[6], p[8], p[9], p[10], p[12], p[13], p[14]]
    })?;
    let mut data = packed.into_flattened();
    data.truncate(image.as_bytes().len() / 4 * 3);
    Image::from_raw(mode, image.size(), data)
}

/// Luma of ITU-R BT.601 in thousandths, as Pillow computes thresholds and floats with it.
#[inline(always)]
fn luma_1000(r: u8, g: u8, b: u8) -> i32 {
    i32::from(r) * 299 + i32::from(g) * 587 + i32::from(b) * 114
}

/// Luma of ITU-R BT.601, rounded, from weights of 16 bits.
#[inline(always)]
pub(super) fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((u32::from(r) * 19_595 + u32::from(g) * 38_470 + u32::from(b) * 7_471 + 0x8000) >> 16) as u8
}

/// `a * b / 255`, rounded.
#[inline(always)]
pub(super) fn mul_div_255(a: u8, b: u8) -> u8 {
    div_255(u16::from(a) * u16::from(b))
}

/// `a / 255`, rounded, of a product or a weighted sum of bytes: up to `255 * 255`.
#[inline(always)]
pub(super) fn div_255(a: u16) -> u8 {
    let a = a + 128;
    (((a >> 8) + a) >> 8) as u8
}

/// `v as u8`: truncated, and cut off at 0 and 255; 0 for what is no number. In steps that vectors
/// have, which have no such cast.
#[inline(always)]
pub(super) fn clip_f32(v: f32) -> u8 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 255.0 { v } else { 255.0 };
    // 2^23 has the unit in its last place: the sum is rounded to an integer, which then is at most
    // one too large.
    const ONES: f32 = (1 << 23) as f32;
    let rounded = ((v + ONES).to_bits() - ONES.to_bits()) as i32;
    (rounded - i32::from(rounded as f32 > v)) as u8
}

/// Has the unit in its last place: added to a number, it leaves the nearest integer in the last bits.
pub(super) const UNITS_F64: f64 = (1_u64 << 52) as f64;

/// The integer part of a number from 0 to below 2^51, in steps that vectors have; any number for
/// others.
#[inline(always)]
pub(super) fn integer_part(v: f64) -> u64 {
    let sum = v + UNITS_F64;
    // Rounded, and then at most one too large.
    let excess = u64::from(sum - UNITS_F64 > v);
    sum.to_bits().wrapping_sub(UNITS_F64.to_bits() + excess)
}

/// 255 for any pixel that is not black.
#[inline(always)]
fn white(pixel: u8) -> u8 {
    if pixel == 0 { 0 } else { 255 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn pixel(mode: Mode, bytes: &[u8]) -> Image {
        Image::from_raw(mode, (1, 1), bytes.to_vec()).unwrap()
    }

    #[test]
    fn modes_without_a_direct_way_are_named() {
        let error = pixel(Mode::Hsv, &[1, 2, 3]).convert(Mode::L).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parameter);
        assert_eq!(error.to_string(), "conversion from HSV to L not supported");
    }

    #[test]
    fn floats_are_cut_off_as_a_cast_does() {
        for i in -1000..70_000 {
            let v = i as f32 / 256.0;
            for v in [v, v.next_up(), v.next_down()] {
                assert_eq!(clip_f32(v), v as u8, "{v}");
            }
        }
        for v in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0, 1e-30, 1e30] {
            assert_eq!(clip_f32(v), v as u8, "{v}");
        }
    }

    #[test]
    fn rounded_division_is_exact() {
        for a in 0..=255u8 {
            for b in 0..=255u8 {
                let exact = (u32::from(a) * u32::from(b) * 2 + 255) / 510;
                assert_eq!(u32::from(mul_div_255(a, b)), exact, "{a} * {b}");
            }
        }
    }

    #[test]
    fn every_pair_of_modes_gives_an_image_or_a_parameter_error() {
        for from in Mode::ALL {
            for to in Mode::ALL {
                for size in [(0, 0), (3, 0), (5, 3)] {
                    match Image::new(from, size).unwrap().convert(to) {
                        Ok(image) => assert_eq!((image.mode(), image.size()), (to, size)),
                        Err(error) => assert_eq!(error.kind(), ErrorKind::Parameter),
                    }
                }
            }
        }
    }
}
