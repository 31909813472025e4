//! Sources of three or four bands.

use super::grey::to_16;
use super::{drop_fourth, hsv, lab, luma, luma_1000, map, mul_div_255, ycbcr};
use crate::error::Result;
use crate::image::{Image, Mode, Sample};

/// From a mode of three or four bands; `None` when there is no direct way.
pub(super) fn convert(image: &Image, mode: Mode) -> Option<Result<Image>> {
    match image.mode() {
        Mode::Rgb => from_rgb::<3>(image, mode),
        Mode::Rgba | Mode::Rgbx => from_rgb::<4>(image, mode),
        Mode::RgbaPremultiplied => from_premultiplied(image, mode),
        Mode::Cmyk => from_cmyk(image, mode),
        Mode::YCbCr => from_ycbcr(image, mode),
        Mode::Lab => lab::to_rgb(image, mode),
        Mode::Hsv if mode == Mode::Rgb => Some(map(
            image,
            mode,
            #[inline(always)]
            |&p| hsv::to_rgb(p),
        )),
        _ => None,
    }
}

/// From RGB, RGBA or RGBX, of `N` bytes a pixel.
fn from_rgb<const N: usize>(image: &Image, mode: Mode) -> Option<Result<Image>> {
    let from = image.mode();
    let alpha = |p: &[u8; N]| if from == Mode::Rgba { p[3] } else { 255 };
    Some(match mode {
        Mode::Bilevel => map(image, mode, |p: &[u8; N]| [threshold(p[0], p[1], p[2])]),
        Mode::L => map(image, mode, |p: &[u8; N]| [luma(p[0], p[1], p[2])]),
        Mode::La => map(image, mode, |p: &[u8; N]| [luma(p[0], p[1], p[2]), alpha(p)]),
        Mode::LaPremultiplied if from == Mode::Rgb => {
            map(image, mode, |p: &[u8; N]| [luma(p[0], p[1], p[2]), 255])
        }
        Mode::I => map(image, mode, |p: &[u8; N]| i32::from(luma(p[0], p[1], p[2])).to_ne_bytes()),
        Mode::F => map(image, mode, |p: &[u8; N]| luma_f32(p[0], p[1], p[2]).to_ne_bytes()),
        Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N if from == Mode::Rgb => {
            let big = mode.sample() == Sample::U16Be;
            map(image, mode, |p: &[u8; N]| to_16(u16::from(luma(p[0], p[1], p[2])), big))
        }
        Mode::RgbaPremultiplied if from == Mode::Rgba => image.with_premultiplied_alpha(mode),
        Mode::Rgb if from != Mode::Rgb => drop_fourth(image, mode),
        Mode::Rgba | Mode::RgbaPremultiplied | Mode::Rgbx if from == Mode::Rgb => {
            map(image, mode, |p: &[u8; N]| [p[0], p[1], p[2], 255])
        }
        Mode::Rgbx => map(image, mode, |p: &[u8; N]| [p[0], p[1], p[2], 255]),
        Mode::Cmyk => map(image, mode, |p: &[u8; N]| [255 - p[0], 255 - p[1], 255 - p[2], 0]),
        Mode::YCbCr => map(
            image,
            mode,
            #[inline(always)]
            |p: &[u8; N]| ycbcr::from_rgb([p[0], p[1], p[2]]),
        ),
        Mode::Hsv => map(
            image,
            mode,
            #[inline(always)]
            |p: &[u8; N]| hsv::from_rgb([p[0], p[1], p[2]]),
        ),
        Mode::Lab => lab::from_rgb::<N>(image),
        _ => return None,
    })
}

#[inline(always)]
pub(super) fn threshold(r: u8, g: u8, b: u8) -> u8 {
    if luma_1000(r, g, b) >= 128_000 { 255 } else { 0 }
}

#[inline(always)]
pub(super) fn luma_f32(r: u8, g: u8, b: u8) -> f32 {
    luma_1000(r, g, b) as f32 / 1000.0
}

fn from_premultiplied(image: &Image, mode: Mode) -> Option<Result<Image>> {
    match mode {
        Mode::Rgba => Some(image.try_clone().and_then(|copy| copy.with_separate_alpha(mode))),
        Mode::Rgb => Some(image.convert(Mode::Rgba).and_then(|image| image.convert(mode))),
        _ => None,
    }
}

fn from_cmyk(image: &Image, mode: Mode) -> Option<Result<Image>> {
    Some(match mode {
        Mode::Rgb => map(image, mode, |&p| cmyk_to_rgb(p)),
        Mode::Rgba | Mode::Rgbx => map(image, mode, |&p| {
            let [r, g, b] = cmyk_to_rgb(p);
            [r, g, b, 255]
        }),
        Mode::Hsv => map(
            image,
            mode,
            #[inline(always)]
            |&p| hsv::from_rgb(cmyk_to_rgb(p)),
        ),
        _ => return None,
    })
}

/// Each ink takes its share of the light that black leaves.
#[inline(always)]
pub(in crate::ops) fn cmyk_to_rgb([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let light = 255 - k;
    [light - mul_div_255(c, light), light - mul_div_255(m, light), light - mul_div_255(y, light)]
}

fn from_ycbcr(image: &Image, mode: Mode) -> Option<Result<Image>> {
    Some(match mode {
        Mode::L => map(image, mode, |&[y, _, _]| [y]),
        Mode::La => map(image, mode, |&[y, _, _]| [y, 255]),
        Mode::Rgb => map(
            image,
            mode,
            #[inline(always)]
            |&p| ycbcr::to_rgb(p),
        ),
        _ => return None,
    })
}
