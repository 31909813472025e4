//! Two images become one.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample, buffer};
use crate::ops::convert::{clip_f32, integer_part};
use crate::ops::swizzle;
use crate::simd::{Body, Level};

impl Image {
    /// `over` laid over this image, each with its alpha. Pillow's `alpha_composite`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for modes other than RGBA and LA, and when mode
    /// or size differ.
    pub fn alpha_composite(&self, over: &Image) -> Result<Self> {
        if !matches!(self.mode(), Mode::Rgba | Mode::La) {
            return Err(Error::parameter("image has wrong mode"));
        }
        if self.mode() != over.mode() || self.size() != over.size() {
            return Err(Error::parameter("images do not match"));
        }
        let mut out = self.try_clone()?;
        let (below, above) = (out.as_bytes_mut(), over.as_bytes());
        match self.mode() {
            Mode::La => Level::get().compile(LayOver {
                below: below.as_chunks_mut::<2>().0,
                above: above.as_chunks().0,
            }),
            _ => Level::get().compile(LayOver {
                below: below.as_chunks_mut::<4>().0,
                above: above.as_chunks().0,
            }),
        }
        Ok(out)
    }

    /// `self + (other - self) * alpha` in every band; `alpha` outside of 0 to 1 extrapolates.
    /// Pillow's `blend`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for the modes `1`, `P`, `PA` and those that are
    /// not of 8 bits, and when bands or size differ.
    pub fn blend(&self, other: &Image, alpha: f32) -> Result<Self> {
        let unfit = |image: &Image| image.mode() == Mode::Bilevel || image.mode().has_palette();
        if self.mode().sample() != Sample::U8 || unfit(self) || unfit(other) {
            return Err(Error::parameter("image has wrong mode"));
        }
        if other.mode().sample() != Sample::U8
            || self.mode().bands() != other.mode().bands()
            || self.size() != other.size()
        {
            return Err(Error::parameter("images do not match"));
        }
        if alpha == 1.0 {
            return other.try_clone();
        }
        let rows = [(self.as_bytes(), other.as_bytes())];
        let data = buffer::combined(self.as_bytes().len(), rows, move |&a, &b| {
            clip_f32(f32::from(a) + alpha * f32::from(i16::from(b) - i16::from(a)))
        })?;
        Image::from_raw(self.mode(), self.size(), data)
    }

    /// One image of several of one band each. The palette of the first is kept if `mode` has one.
    /// Pillow's `merge`.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let bands = [1, 2, 3].map(|v| Image::from_raw(Mode::L, (1, 1), vec![v]).unwrap());
    /// let image = Image::merge(Mode::Rgb, &bands.each_ref())?;
    /// assert_eq!(image.as_bytes(), [1, 2, 3]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when there are more or fewer images than `mode`
    /// has bands, one has several bands or other than 8 bits, or sizes differ.
    pub fn merge(mode: Mode, bands: &[&Image]) -> Result<Self> {
        let [first, ..] = bands else { return Err(Error::parameter("wrong number of bands")) };
        for band in bands {
            let is_wide = matches!(band.mode().sample(), Sample::I32 | Sample::F32);
            if band.mode().bands() != 1 || bands.len() > 1 && is_wide {
                return Err(Error::parameter("image has wrong mode"));
            }
            if band.size() != first.size() {
                return Err(Error::parameter("images do not match"));
            }
        }
        if mode.bands() != bands.len() {
            return Err(Error::parameter("wrong number of bands"));
        }
        let narrow = bands.iter().all(|band| band.mode().pixel_bytes() == 1);
        let bytes = |band: usize| bands[band].as_bytes();
        let woven = match bands.len() {
            2 if narrow => swizzle::woven([0, 1].map(bytes)),
            3 if narrow => swizzle::woven([0, 1, 2].map(bytes)),
            4 if narrow => swizzle::woven([0, 1, 2, 3].map(bytes)),
            _ => {
                let mut out = Image::new(mode, first.size())?;
                for (i, band) in bands.iter().enumerate() {
                    out.put_band(i, band)?;
                }
                Ok(out.into_bytes())
            }
        };
        let out = Image::from_raw(mode, first.size(), woven?)?;
        match first.palette() {
            Some(palette) if mode.has_palette() => out.with_palette(palette.clone()),
            _ => Ok(out),
        }
    }
}

/// Pixels of `N` bytes, the last of which is alpha, to be laid over others.
struct LayOver<'a, const N: usize> {
    below: &'a mut [[u8; N]],
    above: &'a [[u8; N]],
}

impl<const N: usize> Body for LayOver<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (below, above) in self.below.iter_mut().zip(self.above) {
            let out = lay_over(word(*below), word(*above)).to_le_bytes();
            below[0] = out[0];
            if N == 4 {
                (below[1], below[2]) = (out[1], out[2]);
            }
            below[N - 1] = out[3];
        }
    }
}

/// A pixel as a word, with alpha on top.
#[inline(always)]
fn word<const N: usize>(pixel: [u8; N]) -> u32 {
    // Byte by byte: of slices the compiler makes no vectors.
    u32::from_le_bytes(match N {
        2 => [pixel[0], 0, 0, pixel[1]],
        _ => [pixel[0], pixel[1], pixel[2], pixel[3]],
    })
}

/// Bits of a weight beyond a byte.
const PRECISION: u32 = 7;

/// `above` over `below` in integers of 7 more bits: Porter and Duff's "over" (1984), colours not
/// multiplied by alpha. Pixels are words with alpha on top; there is no branch, so that the compiler
/// makes vectors of it.
#[inline(always)]
fn lay_over(below: u32, above: u32) -> u32 {
    let alpha = above >> 24;
    let alpha_255 = alpha * 255 + (below >> 24) * (255 - alpha);
    let weight = quotient(alpha * 255 * 255 * (1 << PRECISION), alpha_255);
    let rest = (255 * (1 << PRECISION) - weight) & 0xFFFF;
    let mut out = div_255(alpha_255 + 0x80) << 24;
    for shift in [0, 8, 16] {
        let sum = (above >> shift & 0xFF) * weight + (below >> shift & 0xFF) * rest;
        out |= div_255(sum + (0x80 << PRECISION)) >> PRECISION << shift;
    }
    if alpha == 0 { below } else { out }
}

/// `a / b` for a quotient below 2 to the 16th and `b` above 0, in steps that vectors have. Floats of
/// 53 bits show the difference between an integer and the largest quotient below it.
#[inline(always)]
fn quotient(a: u32, b: u32) -> u32 {
    integer_part(f64::from(a as i32) / f64::from(b as i32)) as u32 & 0xFFFF
}

/// Division by 255 of what half was added to.
#[inline(always)]
fn div_255(a: u32) -> u32 {
    ((a >> 8) + a) >> 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_exact() {
        for alpha in 1..=255 {
            for below in 0..=255 {
                let (a, b) = (alpha * 255 * 255 * 128, alpha * 255 + below * (255 - alpha));
                assert_eq!(quotient(a, b), a / b, "{alpha} {below}");
            }
        }
        for b in 1..65_026_u32 {
            for a in [b * 33_000 - 1, b * 33_000, b * 33_000 + 1] {
                let a = a.min(i32::MAX as u32);
                assert_eq!(quotient(a, b), (a / b) & 0xFFFF, "{a} {b}");
            }
        }
    }
}
