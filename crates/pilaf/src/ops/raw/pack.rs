//! One row to bytes of the outside world.

use super::layout::{Layout, OPAQUE_BYTE, PAD};
use super::{bits, unpack};
use crate::image::Mode;
use crate::ops::convert::{cmyk_to_rgb, mul_div_255};
use crate::ops::swizzle;
use crate::simd::Level;

/// Fills `to`, a row of `layout`, from `from`, a row in memory.
pub(super) fn row(layout: &Layout, mode: Mode, to: &mut [u8], from: &[u8]) {
    let bands = mode.pixel_bytes();
    match *layout {
        Layout::Bits { depth, reversed, inverted, .. } => {
            bits::pack(to, from, depth, reversed, inverted);
        }
        Layout::Swizzle { bytes: 2, bands: order } => swizzle::<2>(to, from, bands, order),
        Layout::Swizzle { bytes: 3, bands: order } => swizzle::<3>(to, from, bands, order),
        Layout::Swizzle { bands: order, .. } => swizzle::<4>(to, from, bands, order),
        Layout::Lines(_) => {
            let width = from.len() / bands;
            for (x, pixel) in from.chunks_exact(bands).enumerate() {
                pixel.iter().enumerate().for_each(|(band, &v)| to[band * width + x] = v);
            }
        }
        Layout::Band { band, .. } => {
            let samples = from.iter().skip(usize::from(band)).step_by(bands);
            to.iter_mut().zip(samples).for_each(|(to, &from)| *to = from);
        }
        Layout::Premultiplied { bands: order, .. } => {
            for (to, p) in to.as_chunks_mut().0.iter_mut().zip(from.as_chunks::<4>().0) {
                let [b, g, r, alpha] = order.map(|at| p[usize::from(at)]);
                *to = [mul_div_255(b, alpha), mul_div_255(g, alpha), mul_div_255(r, alpha), alpha];
            }
        }
        Layout::MixedInks => {
            let pixels = from.as_chunks().0;
            to.as_chunks_mut().0.iter_mut().zip(pixels).for_each(|(to, &p)| *to = cmyk_to_rgb(p));
        }
        Layout::Number(_) => {
            for (to, &p) in to.as_chunks_mut().0.iter_mut().zip(from.as_chunks().0) {
                *to = (i32::from_ne_bytes(p).clamp(0, 0xFFFF) as u16).to_be_bytes();
            }
        }
        // Their own inverse: a byte more or less, flipped bits, bytes that stay.
        _ => unpack::row(layout, mode, to, from),
    }
}

/// `N` bytes a pixel from bands in memory.
fn swizzle<const N: usize>(to: &mut [u8], from: &[u8], bands: usize, order: [u8; 4]) {
    match (N, bands, order) {
        (3, 3, [2, 1, 0, PAD]) => return reorder::<3, 3>(to, from, [2, 1, 0]),
        (3, 4, [0, 1, 2, PAD]) => return reorder::<4, 3>(to, from, [0, 1, 2]),
        (3, 4, [2, 1, 0, PAD]) => return reorder::<4, 3>(to, from, [2, 1, 0]),
        (4, 4, _) if order.iter().all(|&band| band < 4) => {
            return reorder::<4, 4>(to, from, order);
        }
        _ => {}
    }
    for (to, from) in to.as_chunks_mut::<N>().0.iter_mut().zip(from.chunks_exact(bands)) {
        for (to, &band) in to.iter_mut().zip(&order) {
            *to = match band {
                PAD => 0,
                OPAQUE_BYTE => 255,
                _ => from[usize::from(band)],
            };
        }
    }
}

/// An order that is asked for often.
fn reorder<const FROM: usize, const TO: usize>(to: &mut [u8], from: &[u8], order: [u8; TO]) {
    swizzle::reorder::<FROM, TO>(Level::get(), to, from, order);
}
