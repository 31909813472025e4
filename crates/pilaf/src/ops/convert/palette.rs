//! From the modes `P` and `PA`: every pixel becomes its entry.

use super::color::{luma_f32, threshold};
use super::{hsv, luma, map, ycbcr};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Palette};

pub(super) fn convert(image: &Image, palette: &Palette, mode: Mode) -> Result<Image> {
    if image.mode() == Mode::P {
        look_up(image, mode, |&[index]| palette.color(index), |&[index]| index)
    } else {
        let with_alpha = |&[index, alpha]: &[u8; 2]| {
            let [r, g, b, _] = palette.color(index);
            [r, g, b, alpha]
        };
        look_up(image, mode, with_alpha, |&[index, _]| index)
    }
    .and_then(|out| match mode {
        Mode::P | Mode::Pa => out.with_palette(palette.clone()),
        _ => Ok(out),
    })
}

fn look_up<const N: usize>(
    image: &Image,
    mode: Mode,
    color: impl Fn(&[u8; N]) -> [u8; 4] + Copy,
    index: impl Fn(&[u8; N]) -> u8,
) -> Result<Image> {
    let rgb = |p: &[u8; N]| {
        let [r, g, b, _] = color(p);
        [r, g, b]
    };
    let grey = |p: &[u8; N]| {
        let [r, g, b] = rgb(p);
        luma(r, g, b)
    };
    match mode {
        Mode::Bilevel => map(image, mode, |p| {
            let [r, g, b] = rgb(p);
            [threshold(r, g, b)]
        }),
        Mode::L => map(image, mode, |p| [grey(p)]),
        Mode::La => map(image, mode, |p| [grey(p), color(p)[3]]),
        Mode::P => map(image, mode, |p| [index(p)]),
        Mode::Pa => map(image, mode, |p| [index(p), color(p)[3]]),
        Mode::I => map(image, mode, |p| i32::from(grey(p)).to_ne_bytes()),
        Mode::F => map(image, mode, |p| {
            let [r, g, b] = rgb(p);
            luma_f32(r, g, b).to_ne_bytes()
        }),
        Mode::Rgb => map(image, mode, rgb),
        Mode::Rgba | Mode::Rgbx => map(image, mode, color),
        Mode::Cmyk => map(image, mode, |p| {
            let [r, g, b] = rgb(p);
            [255 - r, 255 - g, 255 - b, 0]
        }),
        Mode::YCbCr => map(image, mode, |p| ycbcr::from_rgb(rgb(p))),
        Mode::Hsv => map(image, mode, |p| hsv::from_rgb(rgb(p))),
        _ => Err(Error::parameter("conversion not supported")),
    }
}
