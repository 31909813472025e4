//! Two images become one.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample, buffer};
use crate::ops::convert::clip_f32;
use crate::ops::swizzle;
use crate::simd::Level;

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
        match self.mode() {
            Mode::La => zip_pixels(&mut out, over, |below, &[v, alpha]| {
                let [l, _, _, a] = lay_over([below[0], 0, 0, below[1]], [v, 0, 0, alpha]);
                *below = [l, a];
            }),
            _ => zip_pixels(&mut out, over, |below, above| *below = lay_over(*below, *above)),
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
        let mut data = buffer::zeros(self.as_bytes().len())?;
        let pairs = self.as_bytes().iter().zip(other.as_bytes());
        Level::get().run(|| {
            for (to, (&a, &b)) in data.iter_mut().zip(pairs) {
                *to = clip_f32(f32::from(a) + alpha * f32::from(i16::from(b) - i16::from(a)));
            }
        });
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

fn zip_pixels<const N: usize>(
    below: &mut Image,
    above: &Image,
    f: impl Fn(&mut [u8; N], &[u8; N]),
) {
    let pixels = below.as_bytes_mut().as_chunks_mut().0.iter_mut();
    let pixels = pixels.zip(above.as_bytes().as_chunks().0);
    Level::get().run(|| pixels.for_each(|(below, above)| f(below, above)));
}

/// Bits of a weight beyond a byte.
const PRECISION: u32 = 7;

/// `above` over `below` in integers of 7 more bits: Porter and Duff's "over" (1984), colours not
/// multiplied by alpha.
#[inline(always)]
fn lay_over(below: [u8; 4], above: [u8; 4]) -> [u8; 4] {
    let alpha = u32::from(above[3]);
    if alpha == 0 {
        return below;
    }
    let alpha_255 = alpha * 255 + u32::from(below[3]) * (255 - alpha);
    let weight = alpha * 255 * 255 * (1 << PRECISION) / alpha_255;
    let rest = 255 * (1 << PRECISION) - weight;
    let mut out = [0, 0, 0, div_255(alpha_255 + 0x80) as u8];
    for band in 0..3 {
        let sum = u32::from(above[band]) * weight + u32::from(below[band]) * rest;
        out[band] = (div_255(sum + (0x80 << PRECISION)) >> PRECISION) as u8;
    }
    out
}

/// Division by 255 of what half was added to.
#[inline(always)]
fn div_255(a: u32) -> u32 {
    ((a >> 8) + a) >> 8
}
