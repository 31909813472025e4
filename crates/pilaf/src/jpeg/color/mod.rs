//! Colour conversion of rows: component planes in, interleaved pixels out.
//!
//! JFIF's YCbCr (ITU-T T.871, clause 7) in libjpeg's 16-bit fixed point; Adobe's YCCK is the same with the
//! complement of RGB as CMY. Row lengths are checked once per call.

pub(crate) mod forward;
mod scalar;
mod vectors;

#[cfg(test)]
mod tests;

use super::upsample;
use crate::simd::{Kernel, Level, Vector};

pub(crate) use scalar::{invert, rgb_to_grey, ycck_to_cmyk};

/// The chroma samples that one row of YCbCr pixels is made from.
///
/// Full rows have a sample per pixel, the others one per two pixels (rounded up): more are ignored.
#[derive(Clone, Copy)]
pub(crate) enum ChromaRows<'a> {
    /// Not subsampled horizontally, or upsampled already.
    Full { cb: &'a [u8], cr: &'a [u8] },
    /// Triangle filter along the row.
    FancyH2V1 { cb: &'a [u8], cr: &'a [u8] },
    /// Triangle filter in both directions, from the nearer and the further row.
    FancyH2V2 { cb: [&'a [u8]; 2], cr: [&'a [u8]; 2] },
}

/// Rows that [`chroma_to_rgb`] keeps between calls so as not to allocate them.
#[derive(Default)]
pub(crate) struct ChromaScratch {
    /// Chroma in 16 bits, half as wide as the row, from [`WIDE_FIRST`] on.
    wide: [Vec<i16>; 2],
    upsampled: [Vec<u8>; 2],
}

/// Where the first sample of a wide row stands; the place before it repeats it.
const WIDE_FIRST: usize = 16;

impl ChromaScratch {
    /// Room for the wide chroma of `width` pixels, Cb and Cr.
    fn wide_rows(&mut self, width: usize) -> [&mut [i16]; 2] {
        let half = width.div_ceil(2);
        let length = WIDE_FIRST + half.next_multiple_of(16) + 16;
        self.wide.each_mut().map(|row| {
            if row.len() < length {
                row.resize(length, 0);
            }
            &mut row[WIDE_FIRST..WIDE_FIRST + half]
        })
    }

    /// Repeats the first and the last sample of both rows beyond their ends, which makes ordinary columns of
    /// libjpeg's special first and last ones: `(3s + s + 1) >> 2` is `s`.
    fn repeat_ends(&mut self, width: usize) -> (&[i16], &[i16]) {
        let end = WIDE_FIRST + width.div_ceil(2);
        for row in &mut self.wide {
            row[WIDE_FIRST - 1] = row[WIDE_FIRST];
            row[end] = row[end - 1];
        }
        let [cb, cr] = &self.wide;
        (cb, cr)
    }
}

/// One row of YCbCr to interleaved RGB, chroma upsampled on the way.
///
/// # Panics
///
/// When `out` is not three times as long as `y`, or a chroma row is too short.
pub(crate) fn chroma_to_rgb(
    level: Level,
    y: &[u8],
    chroma: ChromaRows<'_>,
    scratch: &mut ChromaScratch,
    out: &mut [u8],
) {
    assert!(out.len() == y.len() * 3, "three bytes a pixel");
    if y.is_empty() {
        return;
    }
    let chroma = chroma.cut(y.len());
    level.compute(ChromaToRgb { y, chroma, scratch, out });
}

/// A row to be converted, of good lengths and not empty.
struct ChromaToRgb<'a> {
    y: &'a [u8],
    chroma: ChromaRows<'a>,
    scratch: &'a mut ChromaScratch,
    out: &'a mut [u8],
}

impl Kernel for ChromaToRgb<'_> {
    type Output = ();

    fn scalar(self) {
        chroma_to_rgb_scalar(self.y, self.chroma, self.scratch, self.out);
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        vectors::chroma_to_rgb(x, self.y, self.chroma, self.scratch, self.out);
    }
}

/// The stages one after the other.
fn chroma_to_rgb_scalar(
    y: &[u8],
    chroma: ChromaRows<'_>,
    scratch: &mut ChromaScratch,
    out: &mut [u8],
) {
    let level = Level::Scalar;
    let [cb_row, cr_row] = &mut scratch.upsampled;
    cb_row.resize(y.len(), 0);
    cr_row.resize(y.len(), 0);
    match chroma {
        ChromaRows::Full { cb, cr } => return scalar::ycc_to_rgb(y, cb, cr, out),
        ChromaRows::FancyH2V1 { cb, cr } => {
            upsample::fancy_h2v1(level, cb, cb_row);
            upsample::fancy_h2v1(level, cr, cr_row);
        }
        ChromaRows::FancyH2V2 { cb, cr } => {
            upsample::fancy_h2v2(level, cb[0], cb[1], cb_row);
            upsample::fancy_h2v2(level, cr[0], cr[1], cr_row);
        }
    }
    scalar::ycc_to_rgb(y, cb_row, cr_row, out);
}

impl ChromaRows<'_> {
    /// The samples that belong to `width` pixels.
    fn cut(self, width: usize) -> Self {
        let half = width.div_ceil(2);
        match self {
            Self::Full { cb, cr } => Self::Full { cb: &cb[..width], cr: &cr[..width] },
            Self::FancyH2V1 { cb, cr } => Self::FancyH2V1 { cb: &cb[..half], cr: &cr[..half] },
            Self::FancyH2V2 { cb, cr } => {
                Self::FancyH2V2 { cb: cb.map(|row| &row[..half]), cr: cr.map(|row| &row[..half]) }
            }
        }
    }
}

/// YCbCr planes to interleaved RGB. The planes hold at least `out.len() / 3` samples.
pub(crate) fn ycc_to_rgb(level: Level, y: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) {
    let y = &y[..out.len() / 3];
    chroma_to_rgb(level, y, ChromaRows::Full { cb, cr }, &mut ChromaScratch::default(), out);
}

/// Planes to pixels without a change of colour space. The planes hold at least as many samples as `out` has
/// pixels.
pub(crate) fn interleave<const N: usize>(level: Level, planes: [&[u8]; N], out: &mut [u8]) {
    level.run(
        #[inline(always)]
        || scalar::interleave(planes, out),
    );
}
