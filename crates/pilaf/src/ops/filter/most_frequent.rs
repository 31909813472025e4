//! The most frequent sample of a window.

use crate::error::Result;
use crate::image::{Image, Sample};

use super::wrong_mode;

impl Image {
    /// The image with every sample replaced by the most frequent one among those at most
    /// `size / 2` columns and rows away, the least of them if several are. Samples that are alone
    /// or two alike stay as they are. Pillow's `ModeFilter`.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (5, 1), vec![7, 7, 9, 7, 1])?;
    /// assert_eq!(image.most_frequent(5)?.as_bytes(), [7, 7, 7, 7, 1]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for modes of several bands or of more than
    /// 8 bits.
    pub fn most_frequent(&self, size: i32) -> Result<Self> {
        if self.mode().bands() != 1 || self.mode().sample() != Sample::U8 {
            return Err(wrong_mode());
        }
        let Ok(reach) = u32::try_from(size / 2) else { return self.try_clone() };
        let mut target = self.try_clone()?;
        for y in 0..self.height() {
            let rows = y.saturating_sub(reach)..y.saturating_add(reach + 1).min(self.height());
            let rows: Vec<&[u8]> = rows.map(|y| self.row(y)).collect();
            filter_row(&rows, reach as usize, target.row_mut(y));
        }
        Ok(target)
    }
}

/// The counts of a window are kept up to date as it moves along the row.
fn filter_row(rows: &[&[u8]], reach: usize, target: &mut [u8]) {
    let mut counts = [0_u32; 256];
    let width = target.len();
    let count = |x: usize, counts: &mut [u32; 256], up: bool| {
        for row in rows {
            let count = &mut counts[usize::from(row[x])];
            *count = if up { *count + 1 } else { *count - 1 };
        }
    };
    (0..reach.min(width)).for_each(|x| count(x, &mut counts, true));
    for (x, sample) in target.iter_mut().enumerate() {
        if x + reach < width {
            count(x + reach, &mut counts, true);
        }
        if x > reach {
            count(x - reach - 1, &mut counts, false);
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        if most > 2 {
            *sample = counts.iter().position(|&count| count == most).unwrap_or(0) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

    #[test]
    fn pairs_are_not_enough() {
        let image = Image::from_raw(Mode::L, (4, 1), vec![5, 5, 6, 8]).unwrap();
        assert_eq!(image.most_frequent(3).unwrap(), image);
        assert_eq!(image.most_frequent(-7).unwrap(), image);
        assert_eq!(image.most_frequent(i32::MAX).unwrap(), image);
        assert!(Image::new(Mode::I, (1, 1)).unwrap().most_frequent(3).is_err());
    }
}
