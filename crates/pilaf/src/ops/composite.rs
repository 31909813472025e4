//! Two images become one.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample, buffer};
use crate::ops::convert::clip_f32;
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
        let mut out = match first.palette() {
            Some(palette) if mode.has_palette() => {
                Image::new(mode, first.size())?.with_palette(palette.clone())?
            }
            _ => Image::new(mode, first.size())?,
        };
        let narrow = bands.iter().all(|band| band.mode().pixel_bytes() == 1);
        match *bands {
            [a, b] if narrow => interleave(&mut out, [a, b]),
            [a, b, c] if narrow => interleave(&mut out, [a, b, c]),
            [a, b, c, d] if narrow => interleave(&mut out, [a, b, c, d]),
            _ => {
                for (i, band) in bands.iter().enumerate() {
                    out.put_band(i, band)?;
                }
            }
        }
        Ok(out)
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

/// Fills pixels of `N` bytes with a byte of each of as many images of one byte a pixel.
fn interleave<const N: usize>(out: &mut Image, bands: [&Image; N]) {
    let pixels = out.as_bytes_mut().as_chunks_mut::<N>().0;
    let bands = bands.map(Image::as_bytes);
    Level::get().run(|| match *bands.as_slice() {
        [a, b] => {
            for ((pixel, &a), &b) in pixels.iter_mut().zip(a).zip(b) {
                (pixel[0], pixel[1]) = (a, b);
            }
        }
        [a, b, c] => {
            for (((pixel, &a), &b), &c) in pixels.iter_mut().zip(a).zip(b).zip(c) {
                (pixel[0], pixel[1], pixel[2]) = (a, b, c);
            }
        }
        [a, b, c, d] => {
            for ((((pixel, &a), &b), &c), &d) in pixels.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                (pixel[0], pixel[1], pixel[2], pixel[3]) = (a, b, c, d);
            }
        }
        _ => unreachable!("images are merged by two, three or four"),
    });
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
