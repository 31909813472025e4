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
        Tables::<1, 8>::count(byte_rows(self), mask)
    }

    fn count_bands(&self, mask: Option<&Image>) -> Vec<u64> {
        match self.mode().bands() {
            2 => Tables::<2, 4>::count(self.rows(), mask),
            3 => Tables::<3, 4>::count(self.rows(), mask),
            _ => Tables::<4, 4>::count(self.rows(), mask),
        }
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

/// Counts in several tables, so that equal neighbours do not wait for each other's, and in 32 bits,
/// so that all tables take little of the first-level cache.
struct Tables<const BANDS: usize, const TABLES: usize> {
    counts: [[[u32; 256]; BANDS]; TABLES],
    /// Pixels in `counts`.
    pixels: u32,
    /// What was counted before these.
    sums: [[u64; 256]; BANDS],
}

impl<const BANDS: usize, const TABLES: usize> Tables<BANDS, TABLES> {
    /// The histogram of the rows, band by band, where the mask is not 0.
    fn count<'a>(rows: impl Iterator<Item = &'a [u8]>, mask: Option<&Image>) -> Vec<u64> {
        let mut tables =
            Self { counts: [[[0; 256]; BANDS]; TABLES], pixels: 0, sums: [[0; 256]; BANDS] };
        match mask {
            None => rows.for_each(|row| tables.add(row)),
            Some(mask) => rows.zip(mask.rows()).for_each(|(row, mask)| tables.add_seen(row, mask)),
        }
        tables.sum();
        tables.sums.as_flattened().to_vec()
    }

    fn add(&mut self, row: &[u8]) {
        let pixels = self.pixels_with_room(row);
        let (groups, rest) = pixels.as_chunks::<TABLES>();
        for group in groups {
            let counts = self.counts.iter_mut().zip(group);
            counts.for_each(|(table, pixel)| count_pixel(table, pixel));
        }
        rest.iter().for_each(|pixel| count_pixel(&mut self.counts[0], pixel));
    }

    fn add_seen(&mut self, row: &[u8], mask: &[u8]) {
        let pixels = self.pixels_with_room(row);
        let seen = pixels.iter().zip(mask).filter(|&(_, &mask)| mask != 0);
        seen.for_each(|(pixel, _)| count_pixel(&mut self.counts[0], pixel));
    }

    /// The pixels of a row, which the counts of 32 bits have room for: a row has no more of them.
    fn pixels_with_room<'a>(&mut self, row: &'a [u8]) -> &'a [[u8; BANDS]] {
        let pixels = row.as_chunks::<BANDS>().0;
        self.pixels = self.pixels.checked_add(pixels.len() as u32).unwrap_or_else(|| {
            self.sum();
            pixels.len() as u32
        });
        pixels
    }

    /// Moves what the tables have counted into the sums.
    fn sum(&mut self) {
        for table in &mut self.counts {
            for (sum, count) in
                self.sums.as_flattened_mut().iter_mut().zip(table.as_flattened_mut())
            {
                *sum += u64::from(std::mem::take(count));
            }
        }
    }
}

#[inline(always)]
fn count_pixel<const BANDS: usize>(table: &mut [[u32; 256]; BANDS], pixel: &[u8; BANDS]) {
    for band in 0..BANDS {
        table[band][usize::from(pixel[band])] += 1;
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
    fn no_count_is_lost_when_32_bits_are_full() {
        let mut tables =
            Tables::<1, 8> { counts: [[[0; 256]; 1]; 8], pixels: u32::MAX - 1, sums: [[0; 256]] };
        tables.counts[0][0][7] = u32::MAX - 1;
        tables.add(&[7]);
        assert_eq!((tables.counts[0][0][7], tables.sums[0][7]), (u32::MAX, 0));
        tables.add_seen(&[7, 8, 7], &[1, 1, 0]);
        tables.sum();
        assert_eq!((tables.sums[0][7], tables.sums[0][8]), (u64::from(u32::MAX) + 1, 1));
    }

    #[test]
    fn two_equally_frequent_values_are_one_bit() {
        let image = Image::from_raw(Mode::L, (4, 1), vec![7, 9, 9, 7]).unwrap();
        assert_eq!(image.entropy(None, None).unwrap(), 1.0);
    }
}
