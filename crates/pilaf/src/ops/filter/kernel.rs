//! Convolution with 3 by 3 or 5 by 5 weights.
//!
//! Sums are `f32`, as in Pillow: the rows of the kernel from the first to the last are laid on
//! the rows of the image from the lowest up, each row is summed from left to right, and the rows
//! are added to the offset. The order is part of the result.

use crate::error::{Error, Result};
use crate::image::{Image, Sample};
use crate::simd::{Body, Level};

use super::wrong_mode;

/// Weights for the neighbours of a pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    size: (u32, u32),
    weights: Vec<f32>,
    offset: f32,
}

impl Kernel {
    /// A kernel of 3 by 3 or 5 by 5 `weights`, from left to right and from the row below the
    /// pixel to the row above. Sums are divided by `scale`, then `offset` is added.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when there are not `size.0 * size.1` weights.
    /// Other sizes than 3 and 5 are refused where the kernel is used.
    pub fn new(size: (u32, u32), weights: &[f32], scale: f32, offset: f32) -> Result<Self> {
        if u64::from(size.0) * u64::from(size.1) != weights.len() as u64 {
            return Err(Error::parameter("bad kernel size"));
        }
        let weights = weights.iter().map(|weight| weight / scale).collect();
        Ok(Self { size, weights, offset })
    }
}

impl Image {
    /// The image convolved with a kernel. Pixels too near to an edge for all neighbours to exist
    /// stay as they are, and so does an image smaller than the kernel. Pillow's `Kernel` filter.
    ///
    /// ```
    /// use pilaf::ops::Kernel;
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (3, 3), vec![0, 0, 0, 0, 90, 0, 0, 0, 0])?;
    /// let mean = Kernel::new((3, 3), &[1.0; 9], 9.0, 0.0)?;
    /// assert_eq!(image.convolve(&mean)?.row(1), [0, 10, 0]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for mode `F`, and for a kernel that is not 3 by
    /// 3 or 5 by 5.
    pub fn convolve(&self, kernel: &Kernel) -> Result<Self> {
        if self.mode().sample() == Sample::F32 {
            return Err(wrong_mode());
        }
        if self.width() < kernel.size.0 || self.height() < kernel.size.1 {
            return self.try_clone();
        }
        match kernel.size {
            (3, 3) => self.convolve_sized::<3>(kernel),
            (5, 5) => self.convolve_sized::<5>(kernel),
            _ => Err(Error::parameter("bad kernel size")),
        }
    }

    fn convolve_sized<const SIZE: usize>(&self, kernel: &Kernel) -> Result<Self> {
        match self.mode().sample() {
            Sample::U16Le => self.convolve_cells::<U16Le, SIZE>(kernel),
            Sample::U16Be => self.convolve_cells::<U16Be, SIZE>(kernel),
            Sample::I32 | Sample::F32 => self.convolve_cells::<I32, SIZE>(kernel),
            Sample::U8 => self.convolve_cells::<U8, SIZE>(kernel),
        }
    }

    fn convolve_cells<C: Cell, const SIZE: usize>(&self, kernel: &Kernel) -> Result<Self> {
        let (mut target, level) = (self.try_clone()?, Level::get());
        let weights: [[f32; SIZE]; SIZE] =
            std::array::from_fn(|row| std::array::from_fn(|x| kernel.weights[row * SIZE + x]));
        // Once, for rounding: what follows truncates.
        let offset = (f64::from(kernel.offset) + 0.5) as f32;
        let margin = (SIZE / 2) as u32;
        for y in margin..self.height() - margin {
            // The first row of the kernel is laid on the lowest row.
            let rows = std::array::from_fn(|row| C::cells(self.row(y + margin - row as u32)));
            let (bands, target) = (self.mode().bands(), C::cells_mut(target.row_mut(y)));
            let weights = &weights;
            level.compile(Convolution::<C, SIZE> { rows, weights, offset, bands, target });
        }
        Ok(target)
    }
}

/// A row to be made.
struct Convolution<'a, C: Cell, const SIZE: usize> {
    /// Those of the source, the lowest first.
    rows: [&'a [C::Bytes]; SIZE],
    weights: &'a [[f32; SIZE]; SIZE],
    offset: f32,
    /// The distance from a sample to that of the next pixel.
    bands: usize,
    target: &'a mut [C::Bytes],
}

impl<C: Cell, const SIZE: usize> Body for Convolution<'_, C, SIZE> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { rows, weights, offset, bands, target } = self;
        let edge = SIZE / 2 * bands;
        let count = target.len() - 2 * edge;
        let taps: [[&[C::Bytes]; SIZE]; SIZE] =
            rows.map(|row| std::array::from_fn(|tap| &row[tap * bands..][..count]));
        for (i, cell) in target[edge..][..count].iter_mut().enumerate() {
            let mut sum = offset;
            for row in 0..SIZE {
                let mut line = C::load(taps[row][0][i]) * weights[row][0];
                for tap in 1..SIZE {
                    line += C::load(taps[row][tap][i]) * weights[row][tap];
                }
                sum += line;
            }
            *cell = C::store(sum);
        }
    }
}

/// A sample in memory. Sums are truncated and clamped to its range, but never below 0.
trait Cell {
    type Bytes: Copy;
    fn cells(row: &[u8]) -> &[Self::Bytes];
    fn cells_mut(row: &mut [u8]) -> &mut [Self::Bytes];
    fn load(bytes: Self::Bytes) -> f32;
    fn store(sum: f32) -> Self::Bytes;
}

struct U8;

impl Cell for U8 {
    type Bytes = u8;

    fn cells(row: &[u8]) -> &[u8] {
        row
    }

    fn cells_mut(row: &mut [u8]) -> &mut [u8] {
        row
    }

    #[inline(always)]
    fn load(byte: u8) -> f32 {
        f32::from(byte)
    }

    #[inline(always)]
    fn store(sum: f32) -> u8 {
        sum as u8
    }
}

macro_rules! wide_cell {
    ($name:ident, $type:ty, $from:ident, $to:ident, $store:expr) => {
        struct $name;

        impl Cell for $name {
            type Bytes = [u8; size_of::<$type>()];

            fn cells(row: &[u8]) -> &[Self::Bytes] {
                row.as_chunks().0
            }

            fn cells_mut(row: &mut [u8]) -> &mut [Self::Bytes] {
                row.as_chunks_mut().0
            }

            #[inline(always)]
            fn load(bytes: Self::Bytes) -> f32 {
                <$type>::$from(bytes) as f32
            }

            #[inline(always)]
            fn store(sum: f32) -> Self::Bytes {
                let sample: $type = $store(sum);
                sample.$to()
            }
        }
    };
}

wide_cell!(U16Le, u16, from_le_bytes, to_le_bytes, |sum| sum as u16);
wide_cell!(U16Be, u16, from_be_bytes, to_be_bytes, |sum| sum as u16);
// What is no number becomes the least integer, as on x86-64.
wide_cell!(I32, i32, from_ne_bytes, to_ne_bytes, |sum: f32| {
    if sum.is_nan() { i32::MIN } else { sum.max(0.0) as i32 }
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

    #[test]
    fn the_first_row_of_a_kernel_is_the_one_below() {
        let image = Image::from_raw(Mode::L, (3, 3), (1..=9).collect()).unwrap();
        let mut weights = [0.0; 9];
        weights[0] = 1.0;
        let moved = image.convolve(&Kernel::new((3, 3), &weights, 1.0, 0.0).unwrap()).unwrap();
        assert_eq!(moved.as_bytes(), [1, 2, 3, 4, 7, 6, 7, 8, 9]);
    }

    #[test]
    fn small_images_stay_and_strange_kernels_are_refused() {
        let small = Image::filled(Mode::Rgb, (4, 9), &[1, 2, 3]).unwrap();
        let blur = Kernel::new((5, 5), &[9.0; 25], 1.0, 0.0).unwrap();
        assert_eq!(small.convolve(&blur).unwrap(), small);
        assert!(Kernel::new((3, 3), &[1.0; 8], 1.0, 0.0).is_err());
        let even = Kernel::new((2, 2), &[1.0; 4], 1.0, 0.0).unwrap();
        assert_eq!(small.convolve(&even).unwrap_err().to_string(), "bad kernel size");
        let float = Image::new(Mode::F, (9, 9)).unwrap();
        assert_eq!(float.convolve(&blur).unwrap_err().to_string(), "image has wrong mode");
    }

    #[test]
    fn all_bands_and_depths_are_clamped() {
        let double = Kernel::new((3, 3), &[0., 0., 0., 0., 2., 0., 0., 0., 0.], 1.0, -1.0).unwrap();
        for (mode, pixel, expected) in [
            (Mode::Rgb, vec![0, 100, 200], vec![0, 199, 255]),
            (Mode::I16, vec![0xff, 0xfe], vec![0xff, 0xff]),
            (Mode::I16B, vec![0x01, 0x02], vec![0x02, 0x03]),
            (Mode::I, (-5_i32).to_ne_bytes().to_vec(), vec![0; 4]),
            (Mode::I, i32::MAX.to_ne_bytes().to_vec(), i32::MAX.to_ne_bytes().to_vec()),
        ] {
            let image = Image::filled(mode, (3, 3), &pixel).unwrap();
            let made = image.convolve(&double).unwrap();
            let bytes = mode.pixel_bytes();
            assert_eq!(made.row(1)[bytes..2 * bytes], expected, "{mode}");
        }
    }
}
