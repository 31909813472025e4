//! The n-th smallest sample of a window.

use crate::error::{Error, Result};
use crate::image::{Image, Sample, buffer};

use super::{rank_bytes, wrong_mode};

impl Image {
    /// The image with every sample replaced by the one of `rank` (0 is the least) among the
    /// `size` by `size` samples around it. Samples beyond an edge are those at the edge. Pillow's
    /// `RankFilter`.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (5, 1), vec![10, 20, 99, 40, 50])?;
    /// let median = image.rank_filter(3, 4)?;
    /// assert_eq!(median.as_bytes(), [10, 20, 40, 50, 50]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for an even size, one above 23170, a rank
    /// outside of the window, modes of several bands and modes of 16 bits.
    pub fn rank_filter(&self, size: u32, rank: u32) -> Result<Self> {
        let deep = matches!(self.mode().sample(), Sample::U16Le | Sample::U16Be);
        if self.mode().bands() != 1 || deep {
            return Err(wrong_mode());
        }
        if size.is_multiple_of(2) {
            return Err(Error::parameter("bad filter size"));
        }
        if size > MAX_SIZE {
            return Err(Error::parameter("filter size too large"));
        }
        if rank >= size * size {
            return Err(Error::parameter("bad rank value"));
        }
        let (size, rank) = (size as usize, rank as usize);
        let data = match self.mode().sample() {
            Sample::I32 => rank_samples(self, size, rank, i32::from_ne_bytes, i32::to_ne_bytes)?,
            Sample::F32 => rank_samples(self, size, rank, f32::from_ne_bytes, f32::to_ne_bytes)?,
            _ => match rank_bytes::rank(self, size, rank) {
                Some(data) => data?,
                None => rank_samples(self, size, rank, |[byte]| byte, |byte| [byte])?,
            },
        };
        self.with_pixels(self.size(), data)
    }
}

/// A window of more samples than this a side would hold more than 2 GiB.
const MAX_SIZE: u32 = 23_170;

fn rank_samples<T: Copy + PartialOrd, const N: usize>(
    image: &Image,
    size: usize,
    rank: usize,
    load: fn([u8; N]) -> T,
    store: fn(T) -> [u8; N],
) -> Result<Vec<u8>> {
    let margin = size / 2;
    let rows: Vec<Vec<T>> = image
        .rows()
        .map(|row| widen(row.as_chunks::<N>().0.iter().map(|&bytes| load(bytes)), margin))
        .collect::<Result<_>>()?;
    let mut window = buffer::room(size * size)?;
    let mut data = buffer::room(image.as_bytes().len())?;
    for y in 0..rows.len() {
        for x in 0..image.width() as usize {
            window.clear();
            for below in 0..size {
                let row = (y + below).saturating_sub(margin).min(rows.len() - 1);
                window.extend_from_slice(&rows[row][x..x + size]);
            }
            data.extend_from_slice(&store(select(&mut window, rank)));
        }
    }
    Ok(data)
}

/// A row with its first and last sample repeated `margin` times.
fn widen<T: Copy>(row: impl ExactSizeIterator<Item = T>, margin: usize) -> Result<Vec<T>> {
    let width = row.len();
    let mut wide: Vec<T> = buffer::room(width + 2 * margin)?;
    for sample in row {
        if wide.is_empty() {
            wide.resize(margin, sample);
        }
        wide.push(sample);
    }
    if let Some(&last) = wide.last() {
        wide.resize(width + 2 * margin, last);
    }
    Ok(wide)
}

/// The value that would stand at `rank` if `values` were sorted: Hoare's selection, as Wirth
/// writes it. With zeros of both signs or values that are no numbers in it, which of the equal
/// ones it is depends on the order of the exchanges, so it is this algorithm and no other.
fn select<T: Copy + PartialOrd>(values: &mut [T], rank: usize) -> T {
    let (mut low, mut high) = (0, values.len() - 1);
    while low < high {
        let pivot = values[rank];
        // Signed, because the upper one may step below the first value.
        let (mut i, mut j) = (low as isize, high as isize);
        while i <= j {
            while values[i as usize] < pivot {
                i += 1;
            }
            while pivot < values[j as usize] {
                j -= 1;
            }
            if i <= j {
                values.swap(i as usize, j as usize);
                i += 1;
                j -= 1;
            }
        }
        if j < rank as isize {
            low = i as usize;
        }
        if (rank as isize) < i {
            high = j.max(0) as usize;
        }
    }
    values[rank]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

    #[test]
    fn every_rank_is_that_of_the_sorted_values() {
        let values: Vec<u8> = (0..25_u32).map(|i| (i * 97 % 41) as u8).collect();
        let mut sorted = values.clone();
        sorted.sort_unstable();
        for (rank, &expected) in sorted.iter().enumerate() {
            assert_eq!(select(&mut values.clone(), rank), expected);
        }
    }

    #[test]
    fn what_is_no_number_does_no_harm() {
        for rank in 0..5 {
            select(&mut [f32::NAN, 1.0, f32::NAN, -1.0, 0.0], rank);
            select(&mut [f32::NAN; 5], rank);
        }
    }

    #[test]
    fn senseless_windows_are_refused() {
        let image = Image::new(Mode::L, (3, 3)).unwrap();
        let text = |size, rank| image.rank_filter(size, rank).unwrap_err().to_string();
        assert_eq!(text(2, 0), "bad filter size");
        assert_eq!(text(23_171, 0), "filter size too large");
        assert_eq!(text(3, 9), "bad rank value");
        assert!(Image::new(Mode::Rgb, (3, 3)).unwrap().rank_filter(3, 0).is_err());
        assert!(Image::new(Mode::L, (0, 3)).unwrap().rank_filter(3, 0).is_ok());
    }
}
