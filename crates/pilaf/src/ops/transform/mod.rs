//! Warping: every pixel of the target asks where in the source it comes from.
//!
//! ```text
//! target pixel (x, y) --[map]--> source position (f64) --[sample]--> pixel
//! ```
//!
//! A position outside of the source leaves the background. Positions and sums are `f64`, added
//! in Pillow's order (`Geometry.c` of Pillow 13), since the order shows in the last bit. The
//! nearest pixel of an affine map has shortcuts of its own whose rounding is part of the result:
//! see [`nearest`].

mod bytes;
mod grid;
mod map;
mod nearest;
mod numbers;

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};
use crate::simd::{Body, Level};

use self::bytes::Bytes;
use self::grid::Grid;
use self::numbers::Numbers;

/// From positions in the target to positions in the source, both in pixels with the origin at
/// the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transform {
    /// `[a, b, c, d, e, f]`: `(a x + b y + c, d x + e y + f)`.
    Affine([f64; 6]),
    /// `[a, b, c, d, e, f, g, h]`:
    /// `(a x + b y + c, d x + e y + f)` divided by `g x + h y + 1`.
    Perspective([f64; 8]),
    /// `[left, top, right, bottom]` of the part of the source that fills the target.
    Extent([f64; 4]),
    /// The corners of the part of the source that fills the target: x and y of upper left, lower
    /// left, lower right, upper right.
    Quad([f64; 8]),
}

/// How a pixel is found at a position between pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// The pixel in which the position lies.
    #[default]
    Nearest,
    /// Linear between 2 by 2 pixels.
    Bilinear,
    /// Cubic (a = -1) between 4 by 4 pixels.
    Bicubic,
}

/// A part `[left, top, right, bottom]` of the target, and what is shown there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patch {
    /// Left, top, right, bottom in pixels of the target. What lies beyond it is left out.
    pub target: [i32; 4],
    /// The map, whose target positions count from the upper left corner of this patch.
    pub transform: Transform,
}

/// What is known about a patch once it is cut to the target.
struct Region {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    /// Whether pixels without a source become zeros. Otherwise they stay as they are.
    clear: bool,
}

impl Image {
    /// An image of the given size, whose pixels are those of this image at the positions that
    /// `transform` gives. Pillow's `transform`.
    ///
    /// Pixels without a source are `background`, or zeros. RGBA and LA are interpolated with
    /// colour multiplied by alpha; their `background` is taken as multiplied already, as in
    /// Pillow. Modes `1` and `P` take the nearest pixel.
    ///
    /// ```
    /// use pilaf::ops::{Interpolation, Transform};
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (3, 1), vec![10, 20, 30])?;
    /// let right = Transform::Affine([1.0, 0.0, -1.0, 0.0, 1.0, 0.0]);
    /// let moved = image.transform((3, 1), right, Interpolation::Nearest, Some(&[7]))?;
    /// assert_eq!(moved.as_bytes(), [7, 10, 20]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when `background` is not one pixel;
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn transform(
        &self,
        size: (u32, u32),
        transform: Transform,
        interpolation: Interpolation,
        background: Option<&[u8]>,
    ) -> Result<Self> {
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        let target = [0, 0, side(size.0), side(size.1)];
        self.transform_mesh(size, &[Patch { target, transform }], interpolation, background)
    }

    /// As [`transform`](Self::transform), patch after patch.
    ///
    /// # Errors
    ///
    /// As [`transform`](Self::transform).
    pub fn transform_mesh(
        &self,
        size: (u32, u32),
        patches: &[Patch],
        interpolation: Interpolation,
        background: Option<&[u8]>,
    ) -> Result<Self> {
        let premultiplied = self.mode().premultiplied();
        if let (Some(mode), true) = (premultiplied, interpolation != Interpolation::Nearest) {
            let image = self.with_premultiplied_alpha(mode)?;
            let image = image.transform_mesh(size, patches, interpolation, background)?;
            return image.with_separate_alpha(self.mode());
        }
        let interpolation = match self.mode() {
            Mode::Bilevel | Mode::P => Interpolation::Nearest,
            _ => interpolation,
        };
        let blank = match background {
            Some(pixel) => Self::filled(self.mode(), size, pixel)?,
            None => Self::new(self.mode(), size)?,
        };
        let mut target = self.with_pixels(size, blank.into_bytes())?;
        for patch in patches {
            self.paint(&mut target, patch, interpolation, background.is_none())?;
        }
        Ok(target)
    }

    fn paint(
        &self,
        target: &mut Self,
        patch: &Patch,
        interpolation: Interpolation,
        clear: bool,
    ) -> Result<()> {
        let map = patch.transform.resolve(patch.target)?;
        let [left, top, right, bottom] = patch.target;
        let (left, top) = (left.max(0), top.max(0));
        let width = i64::from(right).min(i64::from(target.width())) - i64::from(left);
        let height = i64::from(bottom).min(i64::from(target.height())) - i64::from(top);
        if width <= 0 || height <= 0 {
            return Ok(());
        }
        let region = Region {
            left: left as usize,
            top: top as usize,
            width: width as usize,
            height: height as usize,
            clear,
        };
        match interpolation {
            Interpolation::Nearest => match self.mode().pixel_bytes() {
                1 => nearest::paint::<1>(self, target, &region, &map),
                2 => nearest::paint::<2>(self, target, &region, &map),
                3 => nearest::paint::<3>(self, target, &region, &map),
                _ => nearest::paint::<4>(self, target, &region, &map),
            },
            Interpolation::Bilinear => self.interpolate::<2>(target, &region, &map),
            Interpolation::Bicubic => self.interpolate::<4>(target, &region, &map),
        }
        Ok(())
    }

    /// Between `SIDE` by `SIDE` pixels.
    fn interpolate<const SIDE: usize>(&self, target: &mut Self, region: &Region, map: &map::Map) {
        match (self.mode().sample(), self.mode().bands()) {
            (Sample::I32, _) => {
                warp(target, region, map, &Numbers::<i32, SIDE>::of(Grid::of(self)));
            }
            (Sample::F32, _) => {
                warp(target, region, map, &Numbers::<f32, SIDE>::of(Grid::of(self)));
            }
            (Sample::U8, 2) => warp(target, region, map, &Bytes::<2, SIDE>(Grid::of(self))),
            (Sample::U8, 3) => warp(target, region, map, &Bytes::<3, SIDE>(Grid::of(self))),
            (Sample::U8, 4) => warp(target, region, map, &Bytes::<4, SIDE>(Grid::of(self))),
            // Of 16 bits too: Pillow 13 interpolates between the first bytes of each row and
            // stores the first byte of each pixel only.
            _ => warp(target, region, map, &Bytes::<1, SIDE>(Grid::of(self))),
        }
    }
}

/// Pixels of a row that are worked out together.
const RUN: usize = 64;

/// Pixels across a strip: so narrow that the rows of the source under a row of it stay in the
/// first-level cache until the next row, which shares most of them.
const STRIP: usize = 128;

/// Where the pixels of a run come from: positions in the source.
struct Positions {
    x: [f64; RUN],
    y: [f64; RUN],
}

/// The pixels of a run.
struct Target<'a> {
    pixels: &'a mut [u8],
    pixel_bytes: usize,
    clear: bool,
}

impl Target<'_> {
    fn len(&self) -> usize {
        self.pixels.len() / self.pixel_bytes
    }

    /// Stores each pixel, as `store` does; where that says that there is none, zeros if the region
    /// is cleared.
    #[inline(always)]
    fn fill(self, mut store: impl FnMut(usize, &mut [u8]) -> bool) {
        for (i, pixel) in self.pixels.chunks_exact_mut(self.pixel_bytes).enumerate() {
            if !store(i, pixel) && self.clear {
                pixel.fill(0);
            }
        }
    }
}

/// Finds pixels at positions.
trait Sampler {
    /// Stores the pixels at the positions at which there are any.
    fn fill(&self, positions: &Positions, target: Target<'_>);
}

/// Fills a region strip by strip.
fn warp(target: &mut Image, region: &Region, map: &map::Map, sampler: &impl Sampler) {
    let (pixel_bytes, clear) = (target.mode().pixel_bytes(), region.clear);
    for x in (0..region.width).step_by(STRIP) {
        for (y, pixels) in region.rows(target).enumerate() {
            let end = pixels.len().min((x + STRIP) * pixel_bytes);
            let pixels = &mut pixels[x * pixel_bytes..end];
            let target = Target { pixels, pixel_bytes, clear };
            Level::get().compile(Row { x, y, map, sampler, target });
        }
    }
}

/// A row of a strip to be filled.
struct Row<'a, S> {
    x: usize,
    y: usize,
    map: &'a map::Map,
    sampler: &'a S,
    target: Target<'a>,
}

impl<S: Sampler> Body for Row<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Target { pixels, pixel_bytes, clear } = self.target;
        for (run, pixels) in pixels.chunks_mut(RUN * pixel_bytes).enumerate() {
            let positions = self.map.positions(self.x + run * RUN, self.y);
            self.sampler.fill(&positions, Target { pixels, pixel_bytes, clear });
        }
    }
}

impl Region {
    /// The parts of the rows of `target` that lie in the region.
    fn rows<'a>(&self, target: &'a mut Image) -> impl Iterator<Item = &'a mut [u8]> {
        let pixel_bytes = target.mode().pixel_bytes();
        let columns = self.left * pixel_bytes..(self.left + self.width) * pixel_bytes;
        let rows = target.rows_mut().skip(self.top).take(self.height);
        rows.map(move |row| &mut row[columns.clone()])
    }
}

impl Transform {
    /// The map for a patch of the given shape.
    fn resolve(self, target: [i32; 4]) -> Result<map::Map> {
        let width = f64::from(target[2]) - f64::from(target[0]);
        let height = f64::from(target[3]) - f64::from(target[1]);
        let divides = matches!(self, Self::Extent(_) | Self::Quad(_));
        if divides && (width == 0.0 || height == 0.0) {
            return Err(Error::parameter("a part without pixels cannot show a rectangle"));
        }
        Ok(match self {
            Self::Affine(a) => map::Map::Affine(a),
            Self::Perspective(a) => map::Map::Perspective(a),
            Self::Extent(extent) => map::extent(extent, width, height),
            Self::Quad(corners) => map::quad(corners, width, height),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(mode: Mode, width: u32, height: u32) -> Image {
        let mut image = Image::new(mode, (width, height)).unwrap();
        let bytes = image.as_bytes_mut();
        (0..bytes.len()).for_each(|i| bytes[i] = (i * 7 % 251) as u8);
        image
    }

    #[test]
    fn the_identity_changes_nothing() {
        let identity = Transform::Affine([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let whole = Transform::Extent([0.0, 0.0, 7.0, 5.0]);
        let corners = Transform::Quad([0.0, 0.0, 0.0, 5.0, 7.0, 5.0, 7.0, 0.0]);
        let plane = Transform::Perspective([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        for mode in Mode::ALL {
            let image = ramp(mode, 7, 5);
            for transform in [identity, whole, corners, plane] {
                let same = image.transform((7, 5), transform, Interpolation::Nearest, None);
                assert_eq!(same.unwrap(), image, "{mode} {transform:?}");
            }
        }
    }

    #[test]
    fn flat_images_stay_flat_under_interpolation() {
        let image = Image::filled(Mode::Rgb, (9, 9), &[10, 20, 30]).unwrap();
        let turn = Transform::Affine([0.8, 0.6, 0.5, -0.6, 0.8, 3.0]);
        for interpolation in [Interpolation::Bilinear, Interpolation::Bicubic] {
            let turned = image.transform((9, 9), turn, interpolation, Some(&[10, 20, 30]));
            assert_eq!(turned.unwrap(), image);
        }
    }

    #[test]
    fn parts_without_pixels_cannot_show_a_rectangle() {
        let image = ramp(Mode::L, 3, 3);
        let extent = Transform::Extent([0.0, 0.0, 1.0, 1.0]);
        assert!(image.transform((0, 3), extent, Interpolation::Nearest, None).is_err());
        let identity = Transform::Affine([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let empty = image.transform((0, 3), identity, Interpolation::Bilinear, None).unwrap();
        assert_eq!(empty.size(), (0, 3));
    }

    #[test]
    fn sources_without_pixels_leave_the_background() {
        let image = Image::new(Mode::Rgb, (0, 0)).unwrap();
        let identity = Transform::Affine([1.0, 0.1, 0.0, 0.2, f64::NAN, 0.0]);
        for interpolation in
            [Interpolation::Nearest, Interpolation::Bilinear, Interpolation::Bicubic]
        {
            let made = image.transform((2, 2), identity, interpolation, Some(&[1, 2, 3])).unwrap();
            assert_eq!(made.as_bytes(), [1, 2, 3].repeat(4));
        }
    }
}
