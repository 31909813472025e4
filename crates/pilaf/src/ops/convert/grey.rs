//! Sources of one value a pixel: `1`, `L`, `LA`, `La`, `I`, `F` and the 16-bit modes.

use super::{map, white};
use crate::error::Result;
use crate::image::{Image, Mode, Sample};
use crate::ops::swizzle;

/// From `1`, `L`, `LA` or `La`; `None` when there is no direct way.
pub(super) fn convert(image: &Image, mode: Mode) -> Option<Result<Image>> {
    match (image.mode(), mode) {
        (Mode::Bilevel, Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N) => None,
        (Mode::Bilevel, Mode::L) => Some(map(image, mode, |&[v]| [white(v)])),
        (Mode::Bilevel, _) => spread(image, mode, |&[v]| (white(v), 255)),
        (Mode::L, Mode::Bilevel) => Some(map(image, mode, |&[v]| [threshold(v)])),
        (Mode::L, _) => spread(image, mode, |&[v]| (v, 255)),
        (Mode::La, Mode::LaPremultiplied) => Some(image.with_premultiplied_alpha(mode)),
        (Mode::La, Mode::L) => Some(map(image, mode, |&[v, _]| [v])),
        (Mode::La, Mode::Rgb | Mode::Rgba | Mode::Rgbx | Mode::Cmyk | Mode::YCbCr | Mode::Hsv) => {
            spread(image, mode, |&[v, alpha]| (v, alpha))
        }
        (Mode::LaPremultiplied, Mode::La) => {
            Some(image.try_clone().and_then(|copy| copy.with_separate_alpha(mode)))
        }
        _ => None,
    }
}

#[inline(always)]
fn threshold(v: u8) -> u8 {
    if v >= 128 { 255 } else { 0 }
}

/// Pixels of `mode` of the grey and alpha that `f` reads.
fn spread<const N: usize>(
    image: &Image,
    mode: Mode,
    f: impl Fn(&[u8; N]) -> (u8, u8),
) -> Option<Result<Image>> {
    Some(match mode {
        Mode::La => map(image, mode, |p| {
            let (v, alpha) = f(p);
            [v, alpha]
        }),
        Mode::Rgb if image.mode() == Mode::L => {
            let spread = swizzle::reordered::<1, 3>(image.as_bytes(), [0; 3]);
            spread.and_then(|data| Image::from_raw(mode, image.size(), data))
        }
        Mode::Rgb => map(image, mode, |p| [f(p).0; 3]),
        Mode::Rgba | Mode::Rgbx => map(image, mode, |p| {
            let (v, alpha) = f(p);
            [v, v, v, alpha]
        }),
        Mode::Cmyk => map(image, mode, |p| [0, 0, 0, 255 - f(p).0]),
        Mode::YCbCr => map(image, mode, |p| [f(p).0, 128, 128]),
        Mode::Hsv => map(image, mode, |p| [0, 0, f(p).0]),
        Mode::I => map(image, mode, |p| i32::from(f(p).0).to_ne_bytes()),
        Mode::F => map(image, mode, |p| f32::from(f(p).0).to_ne_bytes()),
        Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N => {
            let big = mode.sample() == Sample::U16Be;
            map(image, mode, |p| to_16(u16::from(f(p).0), big))
        }
        _ => return None,
    })
}

/// From `I`, `F` or a 16-bit mode; `None` when there is no direct way.
pub(super) fn convert_wide(image: &Image, mode: Mode) -> Option<Result<Image>> {
    let big = image.mode().sample() == Sample::U16Be;
    let read = |p: &[u8; 2]| from_16(p, big);
    match (image.mode(), mode) {
        (Mode::I, Mode::L) => Some(map(image, mode, |&p| [clip_8(i32::from_ne_bytes(p))])),
        (Mode::I, Mode::Rgb | Mode::Rgba | Mode::Rgbx | Mode::Hsv) => {
            spread(image, mode, |&p| (clip_8(i32::from_ne_bytes(p)), 255))
        }
        (Mode::I, Mode::F) => {
            Some(map(image, mode, |&p| (i32::from_ne_bytes(p) as f32).to_ne_bytes()))
        }
        (Mode::I, Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N) => {
            let big = mode.sample() == Sample::U16Be;
            let clip = |v: i32| v.clamp(0, 0xFFFF) as u16;
            Some(map(image, mode, |&p| to_16(clip(i32::from_ne_bytes(p)), big)))
        }
        (Mode::I, _) => None,
        // `as` from float to integer saturates, and makes 0 of what is not a number.
        (Mode::F, Mode::L) => Some(map(image, mode, |&p| [f32::from_ne_bytes(p) as u8])),
        (Mode::F, Mode::I) => {
            Some(map(image, mode, |&p| truncate(f64::from(f32::from_ne_bytes(p))).to_ne_bytes()))
        }
        (Mode::F, _) => None,
        (_, Mode::L) => Some(map(image, mode, |p| [read(p).min(255) as u8])),
        (_, Mode::I) => Some(map(image, mode, |p| i32::from(read(p)).to_ne_bytes())),
        (_, Mode::F) => Some(map(image, mode, |p| f32::from(read(p)).to_ne_bytes())),
        (Mode::I16, Mode::Rgb) => spread(image, mode, |p| (read(p).min(255) as u8, 255)),
        _ => None,
    }
}

/// Toward zero; what an `i32` cannot hold becomes its smallest value, as on the processors that
/// Pillow's wheels for x86 run on.
#[inline(always)]
pub fn truncate(v: f64) -> i32 {
    if v > -2_147_483_649.0 && v < 2_147_483_648.0 { v as i32 } else { i32::MIN }
}

#[inline(always)]
pub(super) fn clip_8(v: i32) -> u8 {
    v.clamp(0, 255) as u8
}

#[inline(always)]
pub(super) fn to_16(v: u16, big: bool) -> [u8; 2] {
    if big { v.to_be_bytes() } else { v.to_le_bytes() }
}

#[inline(always)]
pub(in crate::ops) fn from_16(pixel: &[u8; 2], big: bool) -> u16 {
    if big { u16::from_be_bytes(*pixel) } else { u16::from_le_bytes(*pixel) }
}
