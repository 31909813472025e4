//! Box blur of fractional radius, and Gaussian blur made of three of them.
//!
//! ```text
//! rows, a few at a time --[transpose]--> lanes --[blur, n times]--> lanes --[transpose]--> rows
//! columns, a few at a time --[copy]--> lanes --[blur, n times]--> lanes --[copy]--> columns
//! ```
//!
//! Pillow blurs along rows only, and transposes the image to blur along columns. Here both
//! directions become *lanes*: [`LANES`] samples side by side which are blurred along the other
//! axis all at once, with one running sum each. All passes are made while a strip is in the
//! cache. The sums, and the rounding to 8 bits after every pass, are Pillow's.

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
mod scalar;

use crate::error::{Error, Result};
use crate::image::{Image, Mode, buffer};
use crate::simd::Level;

use self::scalar::Window;
use super::wrong_mode;

/// Samples blurred side by side.
const LANES: usize = 32;

/// `LANES` samples at one position of the axis along which they are blurred.
type Lanes = [u8; LANES];

impl Image {
    /// The image with every pixel replaced by the mean of the pixels that are at most
    /// `radius.0` columns and `radius.1` rows away, a fraction of the outermost included. Pixels
    /// beyond an edge are those at the edge. Pillow's `BoxBlur`.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (5, 1), vec![0, 0, 90, 0, 0])?;
    /// assert_eq!(image.box_blur((1.0, 0.0))?.as_bytes(), [0, 30, 30, 30, 0]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a radius that is negative, no number, or
    /// 2 to the 31st or more, and for modes other than L, LA, La, RGB, RGBA, RGBa, RGBX, CMYK.
    pub fn box_blur(&self, radius: (f32, f32)) -> Result<Self> {
        self.blur(radius, 1, Level::get())
    }

    /// The image blurred by three box filters that come near to a Gaussian filter of the standard
    /// deviations `sigma` along rows and columns. Pillow's `GaussianBlur`.
    ///
    /// The method is that of Gwosdek, Grewenig, Bruhn, Weickert, "Theoretical Foundations of
    /// Gaussian Convolution by Extended Box Filtering" (SSVM 2011).
    ///
    /// # Errors
    ///
    /// As [`box_blur`](Self::box_blur), of the radius that belongs to `sigma`.
    pub fn gaussian_blur(&self, sigma: (f32, f32)) -> Result<Self> {
        self.blur(
            (gaussian_radius(sigma.0), gaussian_radius(sigma.1)),
            GAUSSIAN_PASSES,
            Level::get(),
        )
    }

    fn blur(&self, (x, y): (f32, f32), passes: usize, level: Level) -> Result<Self> {
        let mut image = self.try_clone()?;
        if image.as_bytes().is_empty() {
            return Ok(image);
        }
        for radius in [x, y] {
            if radius.is_nan() || radius < 0.0 {
                return Err(Error::parameter("radius must be >= 0"));
            }
            if radius >= 2_147_483_648.0 {
                return Err(Error::parameter("radius too large"));
            }
        }
        if !can_be_blurred(self.mode()) {
            return Err(wrong_mode());
        }
        if x != 0.0 {
            blur_rows(&mut image, &Blur { window: Window::new(x), passes, level })?;
        }
        if y != 0.0 {
            blur_columns(&mut image, &Blur { window: Window::new(y), passes, level })?;
        }
        Ok(image)
    }
}

const GAUSSIAN_PASSES: usize = 3;

fn can_be_blurred(mode: Mode) -> bool {
    use Mode::{Cmyk, L, La, LaPremultiplied, Rgb, Rgba, RgbaPremultiplied, Rgbx};
    let all = [L, La, LaPremultiplied, Rgb, Rgba, RgbaPremultiplied, Rgbx, Cmyk];
    all.contains(&mode)
}

/// The radius of the box whose repeated blur has the standard deviation `sigma`: equations 7, 11
/// and 14 of the paper, in the types that Pillow has for them.
fn gaussian_radius(sigma: f32) -> f32 {
    let variance = sigma * sigma / GAUSSIAN_PASSES as f32;
    let length = (12.0 * f64::from(variance) + 1.0).sqrt() as f32;
    let whole = ((f64::from(length) - 1.0) / 2.0).floor() as f32;
    let above = (2.0 * whole + 1.0) * (whole * (whole + 1.0) - 3.0 * variance);
    let below = 6.0 * (variance - (whole + 1.0) * (whole + 1.0));
    whole + above / below
}

/// What is done to lanes.
struct Blur {
    window: Window,
    passes: usize,
    level: Level,
}

impl Blur {
    /// Blurs `lanes` in place. `spare` is as long.
    fn run(&self, lanes: &mut Vec<Lanes>, spare: &mut Vec<Lanes>) {
        for _ in 0..self.passes {
            match self.level {
                #[cfg(target_arch = "x86_64")]
                Level::Avx2(token) => avx2::blur(token, lanes, spare, &self.window),
                #[cfg(target_arch = "x86_64")]
                Level::Avx512(token) => avx2::blur(token.avx2(), lanes, spare, &self.window),
                _ => scalar::blur(lanes, spare, &self.window),
            }
            std::mem::swap(lanes, spare);
        }
    }
}

fn blur_rows(image: &mut Image, blur: &Blur) -> Result<()> {
    match image.mode().bands() {
        1 => blur_rows_of::<1, 1>(image, blur),
        2 => blur_rows_of::<2, 2>(image, blur),
        3 => blur_rows_of::<3, 4>(image, blur),
        _ => blur_rows_of::<4, 4>(image, blur),
    }
}

/// Blurs as many rows at once as there is room for in the lanes: `ROOM` lanes for a row of pixels
/// of `BANDS` samples.
fn blur_rows_of<const BANDS: usize, const ROOM: usize>(
    image: &mut Image,
    blur: &Blur,
) -> Result<()> {
    let (row_bytes, width) = (image.row_bytes(), image.width() as usize);
    let mut lanes = buffer::repeated([0; LANES], width)?;
    let mut spare = buffer::repeated([0; LANES], width)?;
    for rows in image.as_bytes_mut().chunks_mut(row_bytes * (LANES / ROOM)) {
        for (row, pixels) in rows.chunks_exact(row_bytes).enumerate() {
            let places = lanes.iter_mut().map(|lanes| &mut lanes.as_chunks_mut::<ROOM>().0[row]);
            for (place, pixel) in places.zip(pixels.as_chunks::<BANDS>().0) {
                place[..BANDS].copy_from_slice(pixel);
            }
        }
        blur.run(&mut lanes, &mut spare);
        for (row, pixels) in rows.chunks_exact_mut(row_bytes).enumerate() {
            let places = lanes.iter().map(|lanes| &lanes.as_chunks::<ROOM>().0[row]);
            for (pixel, place) in pixels.as_chunks_mut::<BANDS>().0.iter_mut().zip(places) {
                pixel.copy_from_slice(&place[..BANDS]);
            }
        }
    }
    Ok(())
}

/// Groups of lanes that are read and written together: two cache lines a row.
const GROUPS: usize = 4;

fn blur_columns(image: &mut Image, blur: &Blur) -> Result<()> {
    let (row_bytes, height) = (image.row_bytes(), image.height() as usize);
    let lanes = || buffer::repeated([0; LANES], height);
    let (mut groups, mut spare) = ([lanes()?, lanes()?, lanes()?, lanes()?], lanes()?);
    for left in (0..row_bytes).step_by(GROUPS * LANES) {
        let strip = left..(left + GROUPS * LANES).min(row_bytes);
        for (y, row) in image.rows().enumerate() {
            for (group, part) in groups.iter_mut().zip(row[strip.clone()].chunks(LANES)) {
                group[y][..part.len()].copy_from_slice(part);
            }
        }
        for group in &mut groups[..strip.len().div_ceil(LANES)] {
            blur.run(group, &mut spare);
        }
        for (y, row) in image.rows_mut().enumerate() {
            for (group, part) in groups.iter().zip(row[strip.clone()].chunks_mut(LANES)) {
                part.copy_from_slice(&group[y][..part.len()]);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::for_each_level;

    fn noise(mode: Mode, size: (u32, u32)) -> Image {
        let mut image = Image::new(mode, size).unwrap();
        let mut state = 1_u32;
        for byte in image.as_bytes_mut() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (state >> 24) as u8;
        }
        image
    }

    /// One row, one band, by the definition: exact means of whole boxes.
    fn mean_of_box(row: &[u8], x: usize, radius: usize) -> f64 {
        let at = |i: usize| f64::from(row[i.saturating_sub(radius).min(row.len() - 1)]);
        let sum: f64 = (x..=x + 2 * radius).map(at).sum();
        sum / (2 * radius + 1) as f64
    }

    #[test]
    fn whole_radii_are_means() {
        for radius in [1, 2, 5, 40] {
            let image = noise(Mode::L, (37, 3));
            let blurred = image.box_blur((radius as f32, 0.0)).unwrap();
            for (row, source) in blurred.rows().zip(image.rows()) {
                for (x, &sample) in row.iter().enumerate() {
                    let mean = mean_of_box(source, x, radius);
                    assert!((f64::from(sample) - mean).abs() <= 0.51, "{radius} {x}");
                }
            }
        }
    }

    #[test]
    fn levels_and_directions_agree() {
        use crate::Transpose;
        let sizes = [(1, 1), (3, 70), (70, 3), (129, 33), (32, 32)];
        for_each_level(|level| {
            for mode in [Mode::L, Mode::La, Mode::Rgb, Mode::Cmyk] {
                for size in sizes {
                    let image = noise(mode, size);
                    let across = image.blur((2.3, 0.0), 3, level).unwrap();
                    let scalar = image.blur((2.3, 0.0), 3, Level::Scalar).unwrap();
                    assert_eq!(across, scalar, "{level} {mode} {size:?}");
                    let turned = image.transpose(Transpose::Transpose).unwrap();
                    let down = turned.blur((0.0, 2.3), 3, level).unwrap();
                    assert_eq!(down.transpose(Transpose::Transpose).unwrap(), across);
                }
            }
        });
    }

    #[test]
    fn radii_of_gaussians_follow_the_paper() {
        assert_eq!(gaussian_radius(0.0), 0.0);
        // Variance 4/3 a pass: 1 whole sample on each side, and 3 (2 - 4) / 6 (4/3 - 4) of the next.
        assert!((gaussian_radius(2.0) - 1.375).abs() < 1e-6);
        assert_eq!(gaussian_radius(2.0), gaussian_radius(-2.0));
    }

    #[test]
    fn senseless_radii_and_modes_are_refused() {
        let text = |mode, radius| noise(mode, (3, 3)).box_blur(radius).unwrap_err().to_string();
        assert_eq!(text(Mode::L, (-1.0, 0.0)), "radius must be >= 0");
        assert_eq!(text(Mode::L, (0.0, f32::NAN)), "radius must be >= 0");
        assert_eq!(text(Mode::L, (f32::INFINITY, 0.0)), "radius too large");
        assert_eq!(text(Mode::P, (1.0, 1.0)), "image has wrong mode");
        assert!(noise(Mode::L, (3, 3)).box_blur((2e9, 2e9)).is_ok());
    }
}
