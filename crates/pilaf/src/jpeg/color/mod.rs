//! Colour conversion of rows: component planes in, interleaved pixels out.
//!
//! JFIF's YCbCr (ITU-T T.871, clause 7) in libjpeg's 16-bit fixed point; Adobe's YCCK is the same with the
//! complement of RGB as CMY. Row lengths are checked once per call.

mod scalar;

#[cfg(test)]
mod tests;

use crate::simd::Level;

pub(crate) use scalar::{interleave, invert, rgb_to_grey, ycck_to_cmyk};

/// YCbCr planes to interleaved RGB. The planes hold at least `out.len() / 3` samples.
pub(crate) fn ycc_to_rgb(_level: Level, y: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) {
    scalar::ycc_to_rgb(y, cb, cr, out);
}
