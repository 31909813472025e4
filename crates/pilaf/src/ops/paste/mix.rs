//! Rows mixed through a mask. Scalar code, compiled for every level.

use crate::error::{Error, Result};
use crate::image::{Image, Mode};
use crate::ops::convert::{div_255, mul_div_255};
use crate::simd::Level;

/// How a mask mixes the byte that is there with the one that is painted.
#[derive(Clone, Copy)]
pub(super) enum Mix {
    /// The new one wherever the mask is not 0.
    Choose,
    /// By the share of the mask in 255.
    Blend,
    /// The new one, and what the mask leaves of the old one.
    Add,
}

impl Mix {
    /// What a mask of `mode` does, with an image or with a colour.
    pub(super) fn of(mode: Mode, image: bool) -> Result<Self> {
        Ok(match mode {
            Mode::Bilevel => Self::Choose,
            Mode::L | Mode::Rgba => Self::Blend,
            Mode::La if image => Self::Blend,
            Mode::RgbaPremultiplied => Self::Add,
            _ => return Err(Error::parameter("bad transparency mask")),
        })
    }
}

/// The bytes of a row of a mask, of which the last of each pixel counts.
#[derive(Clone, Copy)]
pub(super) struct Mask<'a> {
    row: &'a [u8],
    pixel_bytes: usize,
}

impl<'a> Mask<'a> {
    /// Row `y` from column `x` on.
    pub(super) fn row(mask: &'a Image, y: usize, x: usize) -> Self {
        let pixel_bytes = mask.mode().pixel_bytes();
        Self { row: &mask.row(y as u32)[x * pixel_bytes..], pixel_bytes }
    }
}

/// Mixes units of as many bytes as `units` says of `to` and of `from`, one for each pixel of the
/// mask. What a unit of `from` has more is left out.
pub(super) fn row(mix: Mix, units: (usize, usize), to: &mut [u8], from: &[u8], mask: Mask<'_>) {
    match units {
        (1, _) => row_of::<1, 1>(mix, to, from, mask),
        (2, _) => row_of::<2, 2>(mix, to, from, mask),
        (3, 3) => row_of::<3, 3>(mix, to, from, mask),
        (3, _) => row_of::<3, 4>(mix, to, from, mask),
        _ => row_of::<4, 4>(mix, to, from, mask),
    }
}

fn row_of<const UNIT: usize, const FROM: usize>(
    mix: Mix,
    to: &mut [u8],
    from: &[u8],
    mask: Mask<'_>,
) {
    let (to, from) = (to.as_chunks_mut::<UNIT>().0, from.as_chunks::<FROM>().0);
    let new = from.iter();
    match mask.pixel_bytes {
        1 => mix_units::<UNIT, FROM, 1>(mix, to, mask.row, new, false),
        2 => mix_units::<UNIT, FROM, 2>(mix, to, mask.row, new, false),
        _ => mix_units::<UNIT, FROM, 4>(mix, to, mask.row, new, false),
    }
}

/// Mixes the unit `pixel` into each of `to`. With `keep_clear`, colour over a fully transparent
/// pixel is not mixed but replaced; alpha, the last byte, always is mixed.
pub(super) fn pixel(mix: Mix, pixel: &[u8], to: &mut [u8], mask: Mask<'_>, keep_clear: bool) {
    match *pixel {
        [a] => pixel_of(mix, [a], to, mask, keep_clear),
        [a, b] => pixel_of(mix, [a, b], to, mask, keep_clear),
        [a, b, c] => pixel_of(mix, [a, b, c], to, mask, keep_clear),
        _ => pixel_of(mix, [pixel[0], pixel[1], pixel[2], pixel[3]], to, mask, keep_clear),
    }
}

fn pixel_of<const UNIT: usize>(
    mix: Mix,
    pixel: [u8; UNIT],
    to: &mut [u8],
    mask: Mask<'_>,
    keep_clear: bool,
) {
    let (to, new) = (to.as_chunks_mut::<UNIT>().0, std::iter::repeat(&pixel));
    match mask.pixel_bytes {
        1 => mix_units::<UNIT, UNIT, 1>(mix, to, mask.row, new, keep_clear),
        _ => mix_units::<UNIT, UNIT, 4>(mix, to, mask.row, new, keep_clear),
    }
}

/// One loop for each way to mix, compiled apart from the others: in one piece with them, none is
/// vectorised.
fn mix_units<'a, const UNIT: usize, const FROM: usize, const MASK: usize>(
    mix: Mix,
    to: &mut [[u8; UNIT]],
    mask: &[u8],
    new: impl Iterator<Item = &'a [u8; FROM]>,
    keep_clear: bool,
) {
    let mask = &mask.as_chunks::<MASK>().0[..to.len()];
    let level = Level::get();
    match (mix, keep_clear) {
        (Mix::Choose, _) => level.run(
            #[inline(always)]
            || units(to, mask, new, choose),
        ),
        (Mix::Blend, false) => level.run(
            #[inline(always)]
            || units(to, mask, new, blend),
        ),
        (Mix::Blend, true) => level.run(
            #[inline(always)]
            || units_but_clear(to, mask, new),
        ),
        (Mix::Add, _) => level.run(
            #[inline(always)]
            || units(to, mask, new, add),
        ),
    }
}

#[inline(always)]
fn units<'a, const UNIT: usize, const FROM: usize, const MASK: usize>(
    to: &mut [[u8; UNIT]],
    mask: &[[u8; MASK]],
    new: impl Iterator<Item = &'a [u8; FROM]>,
    mix: impl Fn(u8, u8, u8) -> u8,
) {
    for ((to, mask), new) in to.iter_mut().zip(mask).zip(new) {
        let mask = mask[MASK - 1];
        for band in 0..UNIT {
            to[band] = mix(mask, to[band], new[band]);
        }
    }
}

#[inline(always)]
fn units_but_clear<'a, const UNIT: usize, const FROM: usize, const MASK: usize>(
    to: &mut [[u8; UNIT]],
    mask: &[[u8; MASK]],
    new: impl Iterator<Item = &'a [u8; FROM]>,
) {
    for ((to, mask), new) in to.iter_mut().zip(mask).zip(new) {
        let mask = mask[MASK - 1];
        let color = if mask != 0 && to[UNIT - 1] == 0 { 255 } else { mask };
        for band in 0..UNIT {
            to[band] = blend(if band + 1 < UNIT { color } else { mask }, to[band], new[band]);
        }
    }
}

#[inline(always)]
fn choose(mask: u8, old: u8, new: u8) -> u8 {
    if mask != 0 { new } else { old }
}

#[inline(always)]
fn add(mask: u8, old: u8, new: u8) -> u8 {
    mul_div_255(old, 255 - mask).wrapping_add(new)
}

#[inline(always)]
fn blend(mask: u8, old: u8, new: u8) -> u8 {
    div_255(u16::from(old) * u16::from(255 - mask) + u16::from(new) * u16::from(mask))
}
