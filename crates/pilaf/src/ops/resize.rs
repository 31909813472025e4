//! Resizing images: which mode is resampled how, and the shortcuts that Pillow takes.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};
use crate::limits::image_bytes;
use crate::resample::passes::{self, Layout};
use crate::resample::plan::Geometry;
use crate::resample::wide::{F32, I32, U16Be, U16Le, Wide};
use crate::resample::{Filter, ResizeOptions, RowResizer, alpha, nearest};
use crate::simd::Level;

impl Image {
    /// The image at another size: Pillow 13's pixels, to the bit.
    ///
    /// RGBA and LA are resampled with colour multiplied by alpha and come back separated; `P` and
    /// `1` take the nearest pixel.
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
    /// [`Limit`](crate::ErrorKind::Limit) when the result does not fit memory.
    pub fn resize(&self, size: (u32, u32), filter: Filter) -> Result<Self> {
        self.resize_with(size, &ResizeOptions::new(filter))
    }

    /// The image at another size, with every option.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a width or height of 0, a region that is
    /// empty, not finite or outside of the image, a gap below 1, and a gap for the 16-bit modes,
    /// which cannot be [reduced](Self::reduce). The texts are Pillow's.
    /// [`Limit`](crate::ErrorKind::Limit) when the result does not fit memory.
    pub fn resize_with(&self, size: (u32, u32), options: &ResizeOptions) -> Result<Self> {
        let whole = [0.0, 0.0, f64::from(self.width()), f64::from(self.height())];
        let region = options.source.map_or(whole, <[f64; 4]>::from);
        check_numbers(&region, options.reducing_gap)?;
        if size == self.size() && region == whole {
            return Ok(self.clone());
        }
        if size.0 < 1 || size.1 < 1 {
            return Err(Error::parameter("height and width must be > 0"));
        }
        let filter = match self.mode() {
            Mode::Bilevel | Mode::P => Filter::Nearest,
            _ => options.filter,
        };
        if filter == Filter::Nearest {
            return self.resize_step(size, filter, region);
        }
        if options.reducing_gap.is_none() {
            return self.resize_step(size, filter, region);
        }
        if let Some(premultiplied) = self.mode().premultiplied() {
            let image = self.with_premultiplied_alpha(premultiplied)?;
            let image = image.resize_gap(size, filter, region, options.reducing_gap)?;
            return image.with_separate_alpha(self.mode());
        }
        self.resize_gap(size, filter, region, options.reducing_gap)
    }

    /// Reduces by whole factors as far as the gap allows, then resamples.
    fn resize_gap(
        &self,
        size: (u32, u32),
        filter: Filter,
        region: [f64; 4],
        gap: Option<f64>,
    ) -> Result<Self> {
        let Some(gap) = gap else { return self.resize_step(size, filter, region) };
        let factor = |low: f64, high: f64, size: u32| match (high - low) / f64::from(size) / gap {
            factor if factor.abs() < 1.0 => 1,
            factor => factor as i64,
        };
        let x = factor(region[0], region[2], size.0);
        let y = factor(region[1], region[3], size.1);
        if x <= 1 && y <= 1 {
            return self.resize_step(size, filter, region);
        }
        let cut = self.region_with_support(size, filter, region);
        let reduced = self.reduce((x, y), Some(cut))?;
        let rest =
            |at: usize, origin: i64, factor: i64| (region[at] - origin as f64) / factor as f64;
        let region =
            [rest(0, cut[0], x), rest(1, cut[1], y), rest(2, cut[0], x), rest(3, cut[1], y)];
        reduced.resize_step(size, filter, region)
    }

    /// Whole pixels around `region` that the filter may look at, inside of the image.
    fn region_with_support(&self, size: (u32, u32), filter: Filter, region: [f64; 4]) -> [i64; 4] {
        let beyond = filter.support() - 0.5;
        let x = beyond * ((region[2] - region[0]) / f64::from(size.0));
        let y = beyond * ((region[3] - region[1]) / f64::from(size.1));
        [
            ((region[0] - x) as i64).max(0),
            ((region[1] - y) as i64).max(0),
            ((region[2] + x).ceil() as i64).min(i64::from(self.width())),
            ((region[3] + y).ceil() as i64).min(i64::from(self.height())),
        ]
    }

    /// One resampling of a region.
    fn resize_step(&self, size: (u32, u32), filter: Filter, region: [f64; 4]) -> Result<Self> {
        let geometry = Geometry::new(self.size(), Some(region.into()), size)?;
        if geometry.is_crop() {
            let [left, top, ..] = geometry.region;
            let mut image = self.crop_inside(left as u32, top as u32, size)?;
            if filter != Filter::Nearest && self.mode().premultiplied().is_some() {
                // Pillow goes to the premultiplied mode and back even here, and loses as much.
                alpha::premultiply(Level::get(), image.as_bytes_mut(), self.mode().bands());
                alpha::unpremultiply(Level::get(), image.as_bytes_mut(), self.mode().bands());
            }
            return Ok(image);
        }
        let data = match filter {
            Filter::Nearest => self.pick_nearest(&geometry)?,
            _ => self.resample(&geometry, filter)?,
        };
        self.with_pixels(size, data)
    }

    fn pick_nearest(&self, geometry: &Geometry) -> Result<Vec<u8>> {
        let (width, height) = geometry.size;
        image_bytes(width, height, self.mode().pixel_bytes())?;
        let multiplied = matches!(self.mode().sample(), Sample::U16Le | Sample::U16Be);
        let [left, top, right, bottom] = geometry.region;
        let columns = nearest::positions(self.width(), (left, right), width, multiplied);
        let rows = nearest::positions(self.height(), (top, bottom), height, multiplied);
        let pixel_bytes = self.mode().pixel_bytes();
        Ok(nearest::pick(self.as_bytes(), self.row_bytes(), pixel_bytes, &columns, &rows))
    }

    fn resample(&self, geometry: &Geometry, filter: Filter) -> Result<Vec<u8>> {
        let (width, height) = geometry.size;
        let mut target = vec![0; image_bytes(width, height, self.mode().pixel_bytes())?];
        let wide = match self.mode().sample() {
            Sample::U8 => {
                let level = Level::get();
                let mut resizer = RowResizer::for_geometry(level, self.mode(), geometry, filter);
                resizer.run(self.as_bytes(), &mut target);
                return Ok(target);
            }
            Sample::U16Le => passes::resample::<Wide<U16Le>>,
            Sample::U16Be => passes::resample::<Wide<U16Be>>,
            Sample::I32 => passes::resample::<Wide<I32>>,
            Sample::F32 => passes::resample::<Wide<F32>>,
        };
        let sample_bytes = self.mode().sample().bytes();
        let layout = Layout { bands: self.mode().bands(), sample_bytes };
        wide(self.as_bytes(), &mut target, layout, geometry, filter);
        Ok(target)
    }

    /// A copy of a part that lies inside of the image.
    pub(super) fn crop_inside(&self, left: u32, top: u32, size: (u32, u32)) -> Result<Self> {
        let pixel_bytes = self.mode().pixel_bytes();
        let columns = left as usize * pixel_bytes..(left + size.0) as usize * pixel_bytes;
        let mut data = Vec::with_capacity(image_bytes(size.0, size.1, pixel_bytes)?);
        for y in top..top + size.1 {
            data.extend_from_slice(&self.row(y)[columns.clone()]);
        }
        self.with_pixels(size, data)
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
        let mut data = self.as_bytes().to_vec();
        alpha::premultiply(Level::get(), &mut data, self.mode().bands());
        Self::from_raw(mode, self.size(), data)
    }

    /// RGBa as RGBA, La as LA.
    pub(super) fn with_separate_alpha(mut self, mode: Mode) -> Result<Self> {
        alpha::unpremultiply(Level::get(), self.as_bytes_mut(), mode.bands());
        self.reinterpret(mode)
    }
}

/// Refuses what is not a number before anything is computed with it.
fn check_numbers(region: &[f64; 4], gap: Option<f64>) -> Result<()> {
    if region.iter().any(|edge| !edge.is_finite()) {
        return Err(Error::parameter("box must be four finite numbers"));
    }
    match gap {
        Some(gap) if gap.is_nan() || gap < 1.0 => {
            Err(Error::parameter("reducing_gap must be 1.0 or greater"))
        }
        _ => Ok(()),
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
