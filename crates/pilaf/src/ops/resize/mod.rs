//! Resizing images: which mode is resampled how, and the shortcuts that Pillow takes.

mod plans;
mod resizer;

pub use resizer::Resizer;

use crate::error::Result;
use crate::image::{Image, Mode, buffer};
use crate::limits::image_bytes;
use crate::resample::{Filter, ResizeOptions, alpha};
use crate::simd::Level;

impl Image {
    /// The image at another size: Pillow 13's pixels, to the bit.
    ///
    /// RGBA and LA are resampled with colour multiplied by alpha and come back separated; `P` and
    /// `1` take the nearest pixel. For many images of the same size see [`Resizer`].
    ///
    /// ```
    /// use pilaf::{Filter, Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (4, 1), vec![0, 100, 200, 200])?;
    /// assert_eq!(image.resize((2, 1), Filter::Box)?.as_bytes(), [50, 200]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a width or height of 0;
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn resize(&self, size: (u32, u32), filter: Filter) -> Result<Self> {
        self.resize_with(size, &ResizeOptions::new(filter))
    }

    /// The image at another size, with every option.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a width or height of 0, a region that is
    /// empty, not finite or outside of the image, a gap below 1, a gap for the 16-bit modes, which
    /// cannot be [reduced](Self::reduce), and what [a profile](crate::Profile) or linear light does
    /// not take. The texts are Pillow's where it has them.
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn resize_with(&self, size: (u32, u32), options: &ResizeOptions) -> Result<Self> {
        Resizer::new().resize(self, size, options)
    }

    /// A copy of a part that lies inside of the image.
    pub(super) fn crop_inside(&self, left: u32, top: u32, size: (u32, u32)) -> Result<Self> {
        let bytes = image_bytes(size.0, size.1, self.mode().pixel_bytes())?;
        let mut data = buffer::room(bytes)?;
        self.rows_inside(left, top, size).for_each(|row| data.extend_from_slice(row));
        self.with_pixels(size, data)
    }

    /// The rows of a part that lies inside of the image.
    pub(super) fn rows_inside(
        &self,
        left: u32,
        top: u32,
        size: (u32, u32),
    ) -> impl Iterator<Item = &[u8]> {
        let pixel_bytes = self.mode().pixel_bytes();
        let columns = left as usize * pixel_bytes..(left + size.0) as usize * pixel_bytes;
        (top..top + size.1).map(move |y| &self.row(y)[columns.clone()])
    }

    /// Other pixels of the same mode, under the same palette.
    pub(super) fn with_pixels(&self, size: (u32, u32), data: Vec<u8>) -> Result<Self> {
        let image = Self::from_raw(self.mode(), size, data)?;
        match self.palette() {
            Some(palette) => image.with_palette(palette.clone()),
            None => Ok(image),
        }
    }

    /// RGBA as RGBa, LA as La.
    pub(super) fn with_premultiplied_alpha(&self, mode: Mode) -> Result<Self> {
        let mut data = buffer::zeros(self.as_bytes().len())?;
        alpha::premultiply(Level::get(), self.as_bytes(), &mut data, self.mode().bands());
        Self::from_raw(mode, self.size(), data)
    }

    /// RGBa as RGBA, La as LA.
    pub(super) fn with_separate_alpha(mut self, mode: Mode) -> Result<Self> {
        alpha::unpremultiply(Level::get(), self.as_bytes_mut(), mode.bands());
        self.reinterpret(mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn refusal(result: Result<Image>) -> String {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parameter);
        error.to_string()
    }

    #[test]
    fn senseless_parameters_are_refused_in_pillow_s_words() {
        let image = Image::new(Mode::Rgb, (10, 8)).unwrap();
        let with = |source: [f64; 4]| {
            image.resize_with((5, 5), &ResizeOptions::default().source(source.into()))
        };
        assert_eq!(refusal(image.resize((0, 5), Filter::Box)), "height and width must be > 0");
        assert_eq!(refusal(with([-0.1, 0.0, 5.0, 5.0])), "box offset can't be negative");
        assert_eq!(refusal(with([0.0, 0.0, 5.0, 8.1])), "box can't exceed original image size");
        assert_eq!(refusal(with([6.0, 0.0, 5.0, 8.0])), "box can't be empty");
        assert_eq!(refusal(with([0.0, 0.0, f64::NAN, 8.0])), "box must be four finite numbers");
        let gap = ResizeOptions::default().reducing_gap(0.99);
        assert_eq!(refusal(image.resize_with((5, 5), &gap)), "reducing_gap must be 1.0 or greater");
        let deep = Image::new(Mode::I16, (10, 8)).unwrap();
        let gap = ResizeOptions::default().reducing_gap(1.0);
        assert_eq!(refusal(deep.resize_with((2, 2), &gap)), "image has wrong mode");
    }

    #[test]
    fn images_without_pixels_are_refused() {
        for size in [(0, 0), (0, 5), (5, 0)] {
            let image = Image::new(Mode::L, size).unwrap();
            assert!(image.resize((3, 3), Filter::Box).is_err());
            assert!(image.resize((3, 3), Filter::Nearest).is_err());
            assert_eq!(image.resize(size, Filter::Box).unwrap(), image);
        }
    }

    #[test]
    fn both_byte_orders_of_16_bits_give_the_same_numbers() {
        let numbers: Vec<u16> = (0..35).map(|i| i * 1871).collect();
        let image = |mode, bytes: fn(u16) -> [u8; 2]| {
            let data = numbers.iter().flat_map(|&v| bytes(v)).collect();
            Image::from_raw(mode, (7, 5), data).unwrap()
        };
        let little = image(Mode::I16, u16::to_le_bytes).resize((4, 9), Filter::Lanczos).unwrap();
        let big = image(Mode::I16B, u16::to_be_bytes).resize((4, 9), Filter::Lanczos).unwrap();
        let native = image(Mode::I16N, u16::to_ne_bytes).resize((4, 9), Filter::Lanczos).unwrap();
        let swapped: Vec<u8> = big.as_bytes().chunks(2).flat_map(|v| [v[1], v[0]]).collect();
        assert_eq!(little.as_bytes(), swapped);
        assert_eq!(
            native.as_bytes(),
            if cfg!(target_endian = "big") { &swapped } else { little.as_bytes() }
        );
    }
}
