//! From the modes `P` and `PA`: every pixel becomes its entry.

use super::color::{luma_f32, threshold};
use super::{hsv, luma, map, ycbcr};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Palette};

pub(super) fn convert(image: &Image, palette: &Palette, mode: Mode) -> Result<Image> {
    if image.mode() == Mode::P {
        look_up(image, palette, mode, |&[index]| palette.color(index), |&[index]| index)
    } else {
        let with_alpha = |&[index, alpha]: &[u8; 2]| {
            let [r, g, b, _] = palette.color(index);
            [r, g, b, alpha]
        };
        look_up(image, palette, mode, with_alpha, |&[index, _]| index)
    }
    .and_then(|out| match mode {
        Mode::P | Mode::Pa => out.with_palette(palette.clone()),
        _ => Ok(out),
    })
}

fn look_up<const N: usize>(
    image: &Image,
    palette: &Palette,
    mode: Mode,
    color: impl Fn(&[u8; N]) -> [u8; 4] + Copy,
    index: impl Fn(&[u8; N]) -> u8 + Copy,
) -> Result<Image> {
    let grey = |[r, g, b]: [u8; 3]| luma(r, g, b);
    let inks = |[r, g, b]: [u8; 3]| [255 - r, 255 - g, 255 - b, 0];
    let light = |[r, g, b]: [u8; 3]| luma_f32(r, g, b).to_ne_bytes();
    let entries = Entries { image, palette, mode };
    match mode {
        Mode::Bilevel => entries.look_up(index, |[r, g, b]| [threshold(r, g, b)]),
        Mode::L => entries.look_up(index, |rgb| [grey(rgb)]),
        Mode::La => map(image, mode, |p| {
            let [r, g, b, alpha] = color(p);
            [luma(r, g, b), alpha]
        }),
        Mode::P => map(image, mode, |p| [index(p)]),
        Mode::Pa => map(image, mode, |p| [index(p), color(p)[3]]),
        Mode::I => entries.look_up(index, |rgb| i32::from(grey(rgb)).to_ne_bytes()),
        Mode::F => entries.look_up(index, light),
        Mode::Rgb => entries.look_up(index, |rgb| rgb),
        Mode::Rgba | Mode::Rgbx => map(image, mode, color),
        Mode::Cmyk => entries.look_up(index, inks),
        Mode::YCbCr => entries.look_up(index, ycbcr::from_rgb),
        Mode::Hsv => entries.look_up(index, hsv::from_rgb),
        _ => Err(Error::parameter("conversion not supported")),
    }
}

/// A conversion of colours alone.
struct Entries<'a> {
    image: &'a Image,
    palette: &'a Palette,
    mode: Mode,
}

impl Entries<'_> {
    /// Converts the entries of the palette, and looks up those of pixels.
    fn look_up<const N: usize, const M: usize>(
        self,
        index: impl Fn(&[u8; N]) -> u8 + Copy,
        convert: impl Fn([u8; 3]) -> [u8; M],
    ) -> Result<Image> {
        let mut entries = [[0; M]; 256];
        for (entry, index) in entries.iter_mut().zip(0..=u8::MAX) {
            let [r, g, b, _] = self.palette.color(index);
            *entry = convert([r, g, b]);
        }
        map(self.image, self.mode, |p| entries[usize::from(index(p))])
    }
}
