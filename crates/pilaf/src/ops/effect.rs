//! Pictures made by a formula or by chance.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, buffer};
use crate::limits::image_bytes;

impl Image {
    /// The Mandelbrot set, in mode `L`: how soon `z * z + c` leaves the circle of radius 10, of at
    /// most `quality` steps; 0 for points that stay. `extent` is the part of the plane of `c` to
    /// show: the least real and imaginary part, then the greatest. Pillow's `effect_mandelbrot`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when an extent is negative or the quality below 2.
    pub fn mandelbrot(size: (u32, u32), extent: [f64; 4], quality: i32) -> Result<Self> {
        let (width, height) = (extent[2] - extent[0], extent[3] - extent[1]);
        if width < 0.0 || height < 0.0 || quality < 2 {
            return Err(Error::parameter("unrecognized argument value"));
        }
        // From the first to the last pixel: one pixel has no step, which makes its place no number.
        let step = (width / (f64::from(size.0) - 1.0), height / (f64::from(size.1) - 1.0));
        let mut image = Self::new(Mode::L, size)?;
        for (y, row) in image.rows_mut().enumerate() {
            let imaginary = y as f64 * step.1 + extent[1];
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = escape(x as f64 * step.0 + extent[0], imaginary, quality);
            }
        }
        Ok(image)
    }

    /// Grey noise around 128 with the standard deviation `sigma`, normally distributed, by Box and
    /// Muller's polar method. Equal seeds give equal noise; Pillow's `effect_noise` has others.
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn noise(size: (u32, u32), sigma: f32, seed: u64) -> Result<Self> {
        let (pixels, mut random) = (image_bytes(size.0, size.1, 1)?, Random(seed));
        let mut data = buffer::room(pixels)?;
        while data.len() < pixels {
            let (a, b) = (random.unit() * 2.0 - 1.0, random.unit() * 2.0 - 1.0);
            let radius = a * a + b * b;
            if radius >= 1.0 || radius == 0.0 {
                continue;
            }
            let factor = f64::from(sigma) * (-2.0 * radius.ln() / radius).sqrt();
            let both = [a, b].map(|v| (128.0 + factor * v) as u8);
            data.extend_from_slice(&both[..both.len().min(pixels - data.len())]);
        }
        Self::from_raw(Mode::L, size, data)
    }

    /// Every pixel takes the colour of one at most about half of `distance` away, by chance; where
    /// that is outside of the image, its own. Equal seeds give equal images; Pillow's
    /// `effect_spread` has others.
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn spread(&self, distance: u32, seed: u64) -> Result<Self> {
        let distance = u64::from(distance);
        let mut random = Random(seed);
        let mut shift = || (random.next() % (distance + 1)) as i64 - (distance / 2) as i64;
        let mut out = self.try_clone()?;
        let bytes = self.mode().pixel_bytes();
        let inside = |at: i64, side: u32| (0..i64::from(side)).contains(&at);
        for (y, row) in out.rows_mut().enumerate() {
            for (x, pixel) in row.chunks_exact_mut(bytes).enumerate() {
                let (x, y) = (x as i64 + shift(), y as i64 + shift());
                if inside(x, self.width()) && inside(y, self.height()) {
                    pixel.copy_from_slice(&self.row(y as u32)[x as usize * bytes..][..bytes]);
                }
            }
        }
        Ok(out)
    }
}

/// When `c` leaves the circle, as a share of `quality` in 255. The order of the sums is Pillow's.
fn escape(real: f64, imaginary: f64, quality: i32) -> u8 {
    let (mut x, mut y, mut xx, mut yy) = (0.0, 0.0, 0.0, 0.0);
    for step in 1.. {
        y = 2.0 * x * y + imaginary;
        x = xx - yy + real;
        (xx, yy) = (x * x, y * y);
        if xx + yy > 100.0 {
            return (i64::from(step) * 255 / i64::from(quality)) as u8;
        }
        if step > quality {
            break;
        }
    }
    0
}

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0.0 up to 1.0.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_deviation_that_was_asked_for() {
        let noise = Image::noise((101, 99), 20.0, 7).unwrap();
        let off = noise.as_bytes().iter().map(|&v| f64::from(v) + 0.5 - 128.0);
        let variance = off.clone().map(|v| v * v).sum::<f64>() / off.len() as f64;
        assert!((variance.sqrt() - 20.0).abs() < 1.0, "{}", variance.sqrt());
        assert!((off.clone().sum::<f64>() / off.len() as f64).abs() < 1.0);
        assert_eq!(noise, Image::noise((101, 99), 20.0, 7).unwrap());
        assert_ne!(noise, Image::noise((101, 99), 20.0, 8).unwrap());
    }

    #[test]
    fn pixels_are_spread_within_the_distance() {
        let ramp = Image::from_raw(Mode::L, (50, 1), (0..50).collect()).unwrap();
        let spread = ramp.spread(6, 1).unwrap();
        assert_ne!(spread, ramp);
        for (x, &v) in spread.as_bytes().iter().enumerate() {
            assert!((x as i32 - i32::from(v)).abs() <= 3, "{x} {v}");
        }
        assert_eq!(ramp.spread(0, 1).unwrap(), ramp);
    }

    #[test]
    fn the_middle_of_the_set_is_black() {
        let image = Image::mandelbrot((3, 3), [-1.0, -1.0, 1.0, 1.0], 50).unwrap();
        assert_eq!((image.as_bytes()[4], image.as_bytes()[0] > 0), (0, true));
        assert!(Image::mandelbrot((3, 3), [1.0, 0.0, 0.0, 1.0], 50).is_err());
        assert!(Image::mandelbrot((1, 1), [0.0; 4], 2).is_ok());
    }
}
