//! How often each value occurs.

use super::{byte_rows, is_narrow};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};
use crate::ops::convert::truncate;

impl Image {
    /// How often each of 256 values occurs, for the first band, then the second, ... Where a mask
    /// (of mode `1` or `L`) is 0, pixels do not count.
    ///
    /// Images of mode `I` and `F` need `extrema`, the values of the first and of the last of the
    /// 256 bins; values outside of them do not count. Of 16 bits, Pillow counts the bytes of the
    /// left half.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a mask of another mode or size or with the
    /// modes `I` and `F`, and when `extrema` are missing.
    pub fn histogram(&self, mask: Option<&Image>, extrema: Option<(f64, f64)>) -> Result<Vec<u64>> {
        if let Some(mask) = mask {
            self.check_mask(mask)?;
        }
        if is_narrow(self) {
            return Ok(self.count_bytes(mask));
        }
        match (self.mode().sample(), mask) {
            (Sample::U8, _) => Ok(self.count_bands(mask)),
            (_, Some(_)) => Err(Error::parameter("image has wrong mode")),
            (Sample::I32, _) => {
                let (min, max) = extrema.ok_or_else(no_extrema)?;
                Ok(self.count_integers(min as i32, max as i32))
            }
            _ => {
                let (min, max) = extrema.ok_or_else(no_extrema)?;
                Ok(self.count_floats(min as f32, max as f32))
            }
        }
    }

    fn check_mask(&self, mask: &Image) -> Result<()> {
        if mask.size() != self.size() {
            return Err(Error::parameter("images do not match"));
        }
        if !matches!(mask.mode(), Mode::Bilevel | Mode::L) {
            return Err(Error::parameter("bad transparency mask"));
        }
        Ok(())
    }

    fn count_bytes(&self, mask: Option<&Image>) -> Vec<u64> {
        // Four tables, so that equal neighbours do not wait for each other.
        let mut counts = [[0u64; 256]; 4];
        match mask {
            None => byte_rows(self).for_each(|row| {
                let (quads, rest) = row.as_chunks::<4>();
                for quad in quads {
                    (0..4).for_each(|i| counts[i][usize::from(quad[i])] += 1);
                }
                rest.iter().for_each(|&v| counts[0][usize::from(v)] += 1);
            }),
            Some(mask) => byte_rows(self).zip(mask.rows()).for_each(|(row, mask)| {
                let seen = row.iter().zip(mask).filter(|&(_, &mask)| mask != 0);
                seen.for_each(|(&v, _)| counts[0][usize::from(v)] += 1);
            }),
        }
        (0..256).map(|v| counts.iter().map(|counts| counts[v]).sum()).collect()
    }

    fn count_bands(&self, mask: Option<&Image>) -> Vec<u64> {
        match self.mode().bands() {
            2 => self.count_pixels::<2>(mask),
            3 => self.count_pixels::<3>(mask),
            _ => self.count_pixels::<4>(mask),
        }
    }

    fn count_pixels<const BANDS: usize>(&self, mask: Option<&Image>) -> Vec<u64> {
        // Two tables, so that equal neighbours do not wait for each other.
        let mut counts = [[[0_u64; 256]; BANDS]; 2];
        let pixels = self.as_bytes().as_chunks::<BANDS>().0;
        let mut count = |table: usize, pixel: &[u8; BANDS]| {
            for band in 0..BANDS {
                counts[table][band][usize::from(pixel[band])] += 1;
            }
        };
        match mask {
            None => {
                let (pairs, rest) = pixels.as_chunks::<2>();
                for pair in pairs {
                    (0..2).for_each(|table| count(table, &pair[table]));
                }
                rest.iter().for_each(|pixel| count(0, pixel));
            }
            Some(mask) => {
                let seen = pixels.iter().zip(mask.as_bytes()).filter(|&(_, &mask)| mask != 0);
                seen.for_each(|(pixel, _)| count(0, pixel));
            }
        }
        let [even, odd] = counts.each_ref().map(|table| table.as_flattened());
        even.iter().zip(odd).map(|(even, odd)| even + odd).collect()
    }

    fn count_integers(&self, min: i32, max: i32) -> Vec<u64> {
        if min >= max {
            return vec![0; 256];
        }
        let scale = 255.0 / max.wrapping_sub(min) as f32;
        let pixels = self.as_bytes().as_chunks().0.iter().map(|&p| i32::from_ne_bytes(p));
        count_bins(pixels.map(|v| v.wrapping_sub(min) as f32 * scale))
    }

    fn count_floats(&self, min: f32, max: f32) -> Vec<u64> {
        if min >= max {
            return vec![0; 256];
        }
        let scale = 255.0 / (max - min);
        let pixels = self.as_bytes().as_chunks().0.iter().map(|&p| f32::from_ne_bytes(p));
        count_bins(pixels.map(|v| (v - min) * scale))
    }

    /// The entropy of the image in bits: of the distribution over all values of all bands that
    /// [`histogram`](Self::histogram) counts. Not a number for an image without pixels.
    ///
    /// # Errors
    ///
    /// Those of [`histogram`](Self::histogram).
    pub fn entropy(&self, mask: Option<&Image>, extrema: Option<(f64, f64)>) -> Result<f64> {
        let counts = self.histogram(mask, extrema)?;
        let total = counts.iter().sum::<u64>() as f64;
        let shares = counts.iter().map(|&count| count as f64 / total).filter(|&p| p != 0.0);
        Ok(-shares.fold(0.0, |sum, p| sum + p * p.ln() * std::f64::consts::LOG2_E))
    }
}

fn no_extrema() -> Error {
    Error::parameter("min/max not given")
}

fn count_bins(positions: impl Iterator<Item = f32>) -> Vec<u64> {
    let mut counts = vec![0; 256];
    for position in positions {
        if let Some(count) = counts.get_mut(truncate(f64::from(position)) as usize) {
            *count += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_follow_each_other() {
        let image = Image::from_raw(Mode::La, (2, 1), vec![1, 2, 1, 3]).unwrap();
        let counts = image.histogram(None, None).unwrap();
        assert_eq!((counts.len(), counts[1], counts[256 + 2], counts[256 + 3]), (512, 2, 1, 1));
    }

    #[test]
    fn two_equally_frequent_values_are_one_bit() {
        let image = Image::from_raw(Mode::L, (4, 1), vec![7, 9, 9, 7]).unwrap();
        assert_eq!(image.entropy(None, None).unwrap(), 1.0);
    }
}
