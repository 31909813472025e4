//! Single bands of an image: taken out, put in, filled.

use super::convert::map;
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample, buffer};
use crate::simd::Level;

impl Image {
    /// One band as an image of mode `L`; the image itself if it has but one. Pillow's
    /// `getchannel`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when there is no such band, or samples are not
    /// of 8 bits.
    pub fn band(&self, band: usize) -> Result<Self> {
        if self.mode().sample() != Sample::U8 {
            return Err(Error::parameter("image has wrong mode"));
        }
        self.check_band(band)?;
        // A constant band is what vectors can be made of.
        match (self.mode().bands(), band) {
            (1, _) => self.try_clone(),
            (2, 0) => map(self, Mode::L, |&[a, _]| [a]),
            (2, _) => map(self, Mode::L, |&[_, b]| [b]),
            (3, 0) => map(self, Mode::L, |&[a, _, _]| [a]),
            (3, 1) => map(self, Mode::L, |&[_, b, _]| [b]),
            (3, _) => map(self, Mode::L, |&[_, _, c]| [c]),
            _ => map(self, Mode::L, |&pixel| [(u32::from_le_bytes(pixel) >> (8 * band)) as u8]),
        }
    }

    /// Each band as an image of mode `L`. Pillow's `split`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when samples are not of 8 bits.
    pub fn split(&self) -> Result<Vec<Self>> {
        match self.mode().bands() {
            3 if self.mode().sample() == Sample::U8 => self.split_three(),
            bands => (0..bands).map(|band| self.band(band)).collect(),
        }
    }

    /// In one pass: pixels of three bytes straddle cache lines, and are read once.
    fn split_three(&self) -> Result<Vec<Self>> {
        let pixels = self.as_bytes().as_chunks::<3>().0;
        let band = || Self::new(Mode::L, self.size());
        let mut bands = vec![band()?, band()?, band()?];
        let [a, b, c] = &mut bands[..] else { unreachable!("three bands were just made") };
        let (a, b, c) = (a.as_bytes_mut(), b.as_bytes_mut(), c.as_bytes_mut());
        Level::get().run(
            #[inline(always)]
            || {
                for (((pixel, a), b), c) in pixels.iter().zip(a).zip(b).zip(c) {
                    (*a, *b, *c) = (pixel[0], pixel[1], pixel[2]);
                }
            },
        );
        Ok(bands)
    }

    /// Replaces one band by the pixels of `source`, an image of one band.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when there is no such band, `source` has several
    /// bands or another type of samples, or sizes differ.
    pub fn put_band(&mut self, band: usize, source: &Image) -> Result<()> {
        if source.mode().bands() != 1 {
            return Err(Error::parameter("image has wrong mode"));
        }
        self.check_band(band)?;
        let mismatch = || Error::parameter("images do not match");
        if source.size() != self.size() {
            return Err(mismatch());
        }
        let bands = self.mode().bands();
        if bands == 1 {
            if source.mode() != self.mode() {
                return Err(mismatch());
            }
            self.as_bytes_mut().copy_from_slice(source.as_bytes());
            return Ok(());
        }
        // Of an image of 16 bits Pillow's `merge` takes the first bytes of each row.
        for (to, from) in self.rows_mut().zip(source.rows()) {
            set_band(to, band, bands, from.iter().copied());
        }
        Ok(())
    }

    /// An image of mode RGB with the pixels of `alpha`, an image of one 8-bit band, as its alpha.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for other modes, and when sizes differ.
    pub fn with_alpha(&self, alpha: &Image) -> Result<Self> {
        if self.mode() != Mode::Rgb || alpha.mode().pixel_bytes() != 1 {
            return Err(Error::parameter("image has wrong mode"));
        }
        if self.size() != alpha.size() {
            return Err(Error::parameter("images do not match"));
        }
        let rows = [(self.as_bytes().as_chunks().0, alpha.as_bytes())];
        let len = alpha.as_bytes().len();
        let data = buffer::combined(len, rows, |&[r, g, b], &alpha| [r, g, b, alpha])?;
        Self::from_raw(Mode::Rgba, self.size(), data.into_flattened())
    }

    /// Sets one band of every pixel.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when there is no such band, or samples are not
    /// of 8 bits.
    pub fn fill_band(&mut self, band: usize, value: u8) -> Result<()> {
        if self.mode().sample() != Sample::U8 {
            return Err(Error::parameter("image has wrong mode"));
        }
        self.check_band(band)?;
        let bands = self.mode().bands();
        set_band(self.as_bytes_mut(), band, bands, std::iter::repeat(value));
        Ok(())
    }

    fn check_band(&self, band: usize) -> Result<()> {
        if band < self.mode().bands() {
            return Ok(());
        }
        Err(Error::parameter("band index out of range"))
    }
}

/// Sets one of the `bands` of each pixel.
fn set_band(pixels: &mut [u8], band: usize, bands: usize, values: impl Iterator<Item = u8>) {
    #[inline(always)]
    fn set<const N: usize>(pixels: &mut [u8], band: usize, values: impl Iterator<Item = u8>) {
        for (pixel, value) in pixels.as_chunks_mut::<N>().0.iter_mut().zip(values) {
            pixel[band] = value;
        }
    }
    Level::get().run(
        #[inline(always)]
        || match bands {
            1 => set::<1>(pixels, band, values),
            2 => set::<2>(pixels, band, values),
            3 => set::<3>(pixels, band, values),
            _ => set::<4>(pixels, band, values),
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_put_beside_colour() {
        let image = Image::from_raw(Mode::Rgb, (2, 1), vec![1, 2, 3, 4, 5, 6]).unwrap();
        let alpha = Image::from_raw(Mode::L, (2, 1), vec![7, 8]).unwrap();
        let with = image.with_alpha(&alpha).unwrap();
        assert_eq!((with.mode(), with.as_bytes()), (Mode::Rgba, &[1, 2, 3, 7, 4, 5, 6, 8][..]));
        assert!(image.with_alpha(&image).is_err());
        assert!(image.with_alpha(&Image::new(Mode::L, (1, 2)).unwrap()).is_err());
    }

    #[test]
    fn split_and_merge_are_inverse() {
        for mode in Mode::ALL.into_iter().filter(|mode| mode.sample() == Sample::U8) {
            let bytes = (0..12 * mode.pixel_bytes()).map(|i| i as u8).collect();
            let image = Image::from_raw(mode, (4, 3), bytes).unwrap();
            let bands = image.split().unwrap();
            assert_eq!(bands.len(), mode.bands());
            let again = Image::merge(mode, &bands.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(again, image, "{mode}");
        }
    }
}
