//! [`Resizer`]: what one resize leaves for the next.

use super::plans::{self, Plans};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample, buffer};
use crate::limits::image_bytes;
use crate::resample::method::Method;
use crate::resample::plan::Geometry;
use crate::resample::{Filter, ResizeOptions, alpha, nearest};
use crate::simd::Level;

/// Resizes many images, and keeps what they share.
///
/// Weights depend on sizes and filter alone, and to compute them takes a good part of a resize.
/// A `Resizer` keeps those of the last few shapes with the working memory that goes with them:
/// a few rows each. Pixels are those of [`Image::resize_with`], which is a `Resizer` used once.
///
/// ```
/// use pilaf::{Filter, Image, Mode, ResizeOptions, Resizer};
///
/// let mut resizer = Resizer::new();
/// let options = ResizeOptions::new(Filter::Lanczos);
/// let mut small = Image::new(Mode::Rgb, (0, 0))?;
/// for shade in [10, 20, 30] {
///     let frame = Image::filled(Mode::Rgb, (640, 480), &[shade; 3])?;
///     resizer.resize_into(&frame, (64, 48), &options, &mut small)?;   // the same memory each time
///     assert_eq!(small.size(), (64, 48));
///     assert_eq!(small.as_bytes()[0], shade);
/// }
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Resizer {
    plans: Plans,
}

impl Resizer {
    /// One that holds nothing yet.
    pub const fn new() -> Self {
        Self { plans: Plans::new() }
    }

    /// `image` at another size.
    ///
    /// # Errors
    ///
    /// As for [`Image::resize_with`].
    pub fn resize(
        &mut self,
        image: &Image,
        size: (u32, u32),
        options: &ResizeOptions,
    ) -> Result<Image> {
        let call = Call::new(image, size, options)?;
        if call.is_identity {
            return image.try_clone();
        }
        let data = self.make(image, &call, buffer::zeros)?; // the system's zeros cost nothing
        image.with_pixels(size, data)
    }

    /// Makes `target` the image at another size. What `target` was before is lost, and its memory
    /// is used again if it is large enough.
    ///
    /// # Errors
    ///
    /// As for [`Image::resize_with`]; `target` is then as it was.
    pub fn resize_into(
        &mut self,
        image: &Image,
        size: (u32, u32),
        options: &ResizeOptions,
        target: &mut Image,
    ) -> Result<()> {
        let call = Call::new(image, size, options)?;
        if call.is_identity {
            *target = image.try_clone()?;
            return Ok(());
        }
        let empty = Image::new(Mode::L, (0, 0))?;
        let memory = |bytes| {
            if target.capacity() < bytes {
                return buffer::zeros(bytes);
            }
            let mut data = std::mem::replace(target, empty).into_bytes();
            data.resize(bytes, 0);
            Ok(data)
        };
        let data = self.make(image, &call, memory)?;
        *target = image.with_pixels(size, data)?;
        Ok(())
    }

    /// Chooses the way. `memory` for so many bytes is asked for last, when nothing else can fail.
    fn make(
        &mut self,
        image: &Image,
        call: &Call,
        memory: impl FnOnce(usize) -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        if call.method.takes_whole_images() {
            return self.cut_and_step(image, call, memory);
        }
        let Some(gap) = call.gap else { return self.step(image, call, memory) };
        if let Some(premultiplied) = image.mode().premultiplied() {
            let premultiplied = image.with_premultiplied_alpha(premultiplied)?;
            let mut data = self.reduce_and_step(&premultiplied, call, gap, memory)?;
            alpha::unpremultiply(Level::get(), &mut data, image.mode().bands());
            return Ok(data);
        }
        self.reduce_and_step(image, call, gap, memory)
    }

    /// Cuts the region out, then resamples.
    fn cut_and_step(
        &mut self,
        image: &Image,
        call: &Call,
        memory: impl FnOnce(usize) -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        let geometry = Geometry::new(image.size(), Some(call.region.into()), call.size)?;
        if geometry.is_whole() {
            return self.step(image, call, memory);
        }
        if call.region.iter().any(|edge| edge.fract() != 0.0) {
            return Err(Error::parameter("with this profile, box must lie at whole pixels"));
        }
        let [left, top, right, bottom] = call.region.map(|edge| edge as u32);
        if left == right || top == bottom {
            return Err(Error::parameter("box can't be empty"));
        }
        let cut = image.crop_inside(left, top, (right - left, bottom - top))?;
        let region = [0.0, 0.0, f64::from(cut.width()), f64::from(cut.height())];
        self.step(&cut, &Call { region, ..*call }, memory)
    }

    /// Reduces by whole factors as far as the gap allows, then resamples.
    fn reduce_and_step(
        &mut self,
        image: &Image,
        call: &Call,
        gap: Gap,
        memory: impl FnOnce(usize) -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        let (x, y) = call.factors(gap.times);
        if x <= 1 && y <= 1 {
            return self.step(image, call, memory);
        }
        let cut = call.region_with_support(gap.filter, image.size());
        let reduced = image.reduce((x, y), Some(cut))?;
        let rest =
            |at: usize, origin: i64, factor: i64| (call.region[at] - origin as f64) / factor as f64;
        let region =
            [rest(0, cut[0], x), rest(1, cut[1], y), rest(2, cut[0], x), rest(3, cut[1], y)];
        self.step(&reduced, &Call { region, ..*call }, memory)
    }

    /// One resampling of a region.
    fn step(
        &mut self,
        image: &Image,
        call: &Call,
        memory: impl FnOnce(usize) -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        let (mode, size) = (image.mode(), call.size);
        let geometry = Geometry::new(image.size(), Some(call.region.into()), size)?;
        let bytes = image_bytes(size.0, size.1, mode.pixel_bytes())?;
        if geometry.is_crop() {
            let mut data = memory(bytes)?;
            copy_region(image, &geometry, call.method, &mut data);
            return Ok(data);
        }
        if call.method.is_nearest() {
            return pick_nearest(image, &geometry, || memory(bytes));
        }
        let threads = plans::worthwhile(call.threads, image.as_bytes().len().max(bytes), size.1);
        let mut plan = self.plans.take(mode, &geometry, call.method, threads, bytes)?;
        let mut data = memory(bytes)?;
        plan.run(image, threads, &mut data);
        self.plans.keep(plan);
        Ok(data)
    }
}

/// A first step by whole factors: how many times what is wanted it leaves, to which filter.
#[derive(Clone, Copy)]
struct Gap {
    times: f64,
    filter: Filter,
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Call {
    size: (u32, u32),
    method: Method,
    region: [f64; 4],
    gap: Option<Gap>,
    threads: usize,
    /// Whether the result is the image: Pillow does not even sharpen then.
    is_identity: bool,
}

impl Call {
    fn new(image: &Image, size: (u32, u32), options: &ResizeOptions) -> Result<Self> {
        let whole = [0.0, 0.0, f64::from(image.width()), f64::from(image.height())];
        let region = options.source.map_or(whole, <[f64; 4]>::from);
        check_numbers(&region, options.reducing_gap)?;
        let is_identity = size == image.size() && region == whole;
        if !is_identity && (size.0 < 1 || size.1 < 1) {
            return Err(Error::parameter("height and width must be > 0"));
        }
        let method = Method::new(image.mode(), options)?;
        let gap = match (method, options.reducing_gap) {
            (Method::Pillow(filter), Some(times)) if !method.is_nearest() => {
                Some(Gap { times, filter })
            }
            _ => None,
        };
        let threads = options.threads.map_or(1, usize::from);
        Ok(Self { size, method, region, gap, threads, is_identity })
    }

    /// The whole factors of a first step that leaves `gap` times what is wanted.
    fn factors(&self, gap: f64) -> (i64, i64) {
        let factor = |low: f64, high: f64, size: u32| match (high - low) / f64::from(size) / gap {
            factor if factor.abs() < 1.0 => 1,
            factor => factor as i64,
        };
        let [left, top, right, bottom] = self.region;
        (factor(left, right, self.size.0), factor(top, bottom, self.size.1))
    }

    /// Whole pixels around the region that the filter may look at, inside of the image.
    fn region_with_support(&self, filter: Filter, (width, height): (u32, u32)) -> [i64; 4] {
        let [left, top, right, bottom] = self.region;
        let beyond = filter.support() - 0.5;
        let x = beyond * ((right - left) / f64::from(self.size.0));
        let y = beyond * ((bottom - top) / f64::from(self.size.1));
        [
            ((left - x) as i64).max(0),
            ((top - y) as i64).max(0),
            ((right + x).ceil() as i64).min(i64::from(width)),
            ((bottom + y).ceil() as i64).min(i64::from(height)),
        ]
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

fn copy_region(image: &Image, geometry: &Geometry, method: Method, data: &mut [u8]) {
    let [left, top, ..] = geometry.region;
    let rows = image.rows_inside(left as u32, top as u32, geometry.size);
    let row_bytes = geometry.size.0 as usize * image.mode().pixel_bytes();
    let rows = data.chunks_exact_mut(row_bytes).zip(rows);
    if method.premultiplies(image.mode()) {
        // Pillow goes to the premultiplied mode and back even here, and loses as much.
        let (level, bands) = (Level::get(), image.mode().bands());
        rows.for_each(|(to, from)| alpha::premultiply(level, from, to, bands));
        alpha::unpremultiply(level, data, bands);
    } else {
        rows.for_each(|(to, from)| to.copy_from_slice(from));
    }
}

fn pick_nearest(
    image: &Image,
    geometry: &Geometry,
    memory: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let (width, height) = geometry.size;
    let multiplied = matches!(image.mode().sample(), Sample::U16Le | Sample::U16Be);
    let [left, top, right, bottom] = geometry.region;
    let columns = nearest::positions(image.width(), (left, right), width, multiplied)?;
    let rows = nearest::positions(image.height(), (top, bottom), height, multiplied)?;
    let pixel_bytes = image.mode().pixel_bytes();
    let mut data = memory()?;
    nearest::pick(image.as_bytes(), image.row_bytes(), pixel_bytes, &columns, &rows, &mut data);
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(mode: Mode, size: (u32, u32)) -> Image {
        let bytes = size.0 as usize * size.1 as usize * mode.pixel_bytes();
        let sample = |i: usize| (i.wrapping_mul(2_654_435_761) >> 13) as u8;
        Image::from_raw(mode, size, (0..bytes).map(sample).collect()).unwrap()
    }

    #[test]
    fn what_is_kept_changes_no_pixels() {
        let mut resizer = Resizer::new();
        let mut target = Image::new(Mode::F, (3, 3)).unwrap();
        for round in 0..3 {
            for mode in [Mode::L, Mode::Rgba, Mode::I16, Mode::P, Mode::Rgb] {
                let image = picture(mode, (40 + round, 30));
                for (filter, gap) in
                    [(Filter::Lanczos, None), (Filter::Box, Some(1.5)), (Filter::Nearest, None)]
                {
                    let mut options = ResizeOptions::new(filter);
                    options.reducing_gap = gap.filter(|_| mode != Mode::I16);
                    for size in [(17, 9), (40, 60), (5, 5), (40 + round, 30)] {
                        let wanted = image.resize_with(size, &options).unwrap();
                        assert_eq!(resizer.resize(&image, size, &options).unwrap(), wanted);
                        resizer.resize_into(&image, size, &options, &mut target).unwrap();
                        assert_eq!(target, wanted, "{mode} {filter} {size:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_refusal_leaves_the_target_alone() {
        let mut target = picture(Mode::Rgb, (4, 4));
        let before = target.clone();
        let image = picture(Mode::L, (8, 8));
        let mut options = ResizeOptions::default().source((5.0, 0.0, 2.0, 8.0));
        let mut resizer = Resizer::new();
        assert!(resizer.resize_into(&image, (3, 3), &options, &mut target).is_err());
        options = options.reducing_gap(1.0);
        assert!(resizer.resize_into(&image, (3, 3), &options, &mut target).is_err());
        assert!(resizer.resize_into(&image, (0, 3), &options, &mut target).is_err());
        assert_eq!(target, before);
    }

    #[test]
    fn memory_is_used_again() {
        let image = picture(Mode::L, (64, 64));
        let (mut resizer, options) = (Resizer::new(), ResizeOptions::default());
        let mut target = resizer.resize(&image, (50, 50), &options).unwrap();
        let place = target.as_bytes().as_ptr();
        resizer.resize_into(&image, (20, 20), &options, &mut target).unwrap();
        assert_eq!(target.as_bytes().as_ptr(), place);
    }
}
