//! One row from bytes of the outside world.

use super::bits;
use super::layout::{Layout, PAD};
use crate::image::Mode;
use crate::ops::convert::cmyk_to_rgb;

/// Fills `to`, a row in memory, from `from`, a row of `layout`.
pub(super) fn row(layout: &Layout, mode: Mode, to: &mut [u8], from: &[u8]) {
    match *layout {
        Layout::Copy(_) => to.copy_from_slice(from),
        Layout::Bits { depth, scale, reversed, inverted } => {
            bits::unpack(to, from, depth, scale, reversed, inverted);
        }
        Layout::BitPlanes(_) => bits::unpack_planes(to, from),
        Layout::Swizzle { bytes, bands } => match mode.pixel_bytes() {
            1 => swizzle::<1>(to, from, bytes, bands),
            2 => swizzle::<2>(to, from, bytes, bands),
            3 => swizzle::<3>(to, from, bytes, bands),
            _ => swizzle::<4>(to, from, bytes, bands),
        },
        Layout::Lines(bands) => lines(to, from, mode.bands(), usize::from(bands)),
        Layout::Band { band, bytes, at, inverted } => {
            let samples = from.iter().skip(usize::from(at)).step_by(usize::from(bytes));
            for (pixel, &sample) in to.chunks_exact_mut(mode.bands()).zip(samples) {
                pixel[usize::from(band)] = if inverted { !sample } else { sample };
            }
        }
        Layout::Inverted { bytes, bands } => {
            let (bytes, bands) = (usize::from(bytes), usize::from(bands));
            for (to, from) in to.chunks_exact_mut(bytes).zip(from.chunks_exact(bytes)) {
                for (i, (to, &from)) in to.iter_mut().zip(from).enumerate() {
                    *to = if i < bands { !from } else { from };
                }
            }
        }
        Layout::Reversed(_) => {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = from.reverse_bits());
        }
        Layout::Truth => {
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = if from == 0 { 0 } else { 255 });
        }
        Layout::Fields { widths, bands, inverted_alpha } => {
            for (to, &from) in to.chunks_exact_mut(mode.bands()).zip(from.as_chunks::<2>().0) {
                fields(to, u16::from_le_bytes(from), widths, bands, inverted_alpha);
            }
        }
        Layout::Premultiplied { bytes, bands } => {
            let pixels = from.chunks_exact(usize::from(bytes));
            to.as_chunks_mut().0.iter_mut().zip(pixels).for_each(|(to, from)| {
                *to = divide_by_alpha(bands.map(|at| from[usize::from(at)]));
            });
        }
        Layout::Cmyk | Layout::MixedInks => {
            let pixels = from.as_chunks().0;
            to.as_chunks_mut().0.iter_mut().zip(pixels).for_each(|(to, &p)| *to = cmyk_to_rgb(p));
        }
        Layout::Lab => lab(to, from),
        Layout::Number(number) if mode == Mode::I => number.to_integers(to, from),
        Layout::Number(number) => number.to_floats(to, from),
        Layout::Twelve => twelve(to, from),
    }
}

/// `N` bands from offsets within pixels of `bytes`.
fn swizzle<const N: usize>(to: &mut [u8], from: &[u8], bytes: u8, bands: [u8; 4]) {
    for (to, from) in to.as_chunks_mut::<N>().0.iter_mut().zip(from.chunks_exact(bytes.into())) {
        for (to, &at) in to.iter_mut().zip(&bands) {
            *to = if at == PAD { 255 } else { from[usize::from(at)] };
        }
    }
}

/// Bands in memory that the lines lack are 255.
fn lines(to: &mut [u8], from: &[u8], bands: usize, lines: usize) {
    let width = from.len() / lines;
    for (x, pixel) in to.chunks_exact_mut(bands).enumerate() {
        for (band, sample) in pixel.iter_mut().enumerate() {
            *sample = if band < lines { from[band * width + x] } else { 255 };
        }
    }
}

fn fields(to: &mut [u8], mut value: u16, widths: [u8; 4], bands: [u8; 4], inverted_alpha: bool) {
    to.fill(255);
    for (width, band) in widths.into_iter().zip(bands) {
        let max = (1u32 << width) - 1;
        let field = u32::from(value) & max;
        value >>= width;
        if let Some(sample) = to.get_mut(usize::from(band)) {
            *sample = (field * 255 / max) as u8;
        }
    }
    if inverted_alpha {
        to[3] = !to[3];
    }
}

fn divide_by_alpha([r, g, b, alpha]: [u8; 4]) -> [u8; 4] {
    let divide = |v: u8| (u32::from(v) * 255 / u32::from(alpha)).min(255) as u8;
    match alpha {
        0 => [0; 4],
        _ => [divide(r), divide(g), divide(b), alpha],
    }
}

/// Flips the signs of a and b.
pub(super) fn lab(to: &mut [u8], from: &[u8]) {
    for (to, &[l, a, b]) in to.as_chunks_mut().0.iter_mut().zip(from.as_chunks().0) {
        *to = [l, a ^ 128, b ^ 128];
    }
}

/// Two integers in three bytes, big-endian, into two bytes each, little-endian.
fn twelve(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.chunks_mut(4).zip(from.chunks(3)) {
        let first = u16::from(from[0]) << 4 | u16::from(from[1]) >> 4;
        to[..2].copy_from_slice(&first.to_le_bytes());
        if to.len() == 4 {
            let second = u16::from(from[1] & 0x0F) << 8 | u16::from(from[2]);
            to[2..].copy_from_slice(&second.to_le_bytes());
        }
    }
}
