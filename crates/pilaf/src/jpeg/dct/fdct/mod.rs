//! Forward DCT and quantization: squares of samples to blocks of coefficients.
//!
//! ```text
//! 8x8 samples - 128 -> rows -> columns -> / (8 step), rounded -> zigzag order
//! ```
//!
//! The transform is the accurate integer one of libjpeg ("islow"); eight-bit samples never overflow
//! its 16-bit results, so scalar and vector code of libjpeg-turbo agree, and ours with them.

mod divisors;
mod scalar;
mod vectors;

#[cfg(test)]
mod tests;

use divisors::Divisors;

use crate::simd::{Kernel, Level, Vector};

/// The quantized coefficients of a block as they are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Coefficients {
    /// In zigzag order.
    pub(crate) values: [i16; 64],
    /// Bit k is set if `values[k]` is not zero.
    pub(crate) nonzero: u64,
}

impl Coefficients {
    /// A block with no AC coefficients.
    pub(crate) fn of_dc(dc: i16) -> Self {
        let mut values = [0; 64];
        values[0] = dc;
        Self { values, nonzero: (dc != 0).into() }
    }
}

/// The forward transform of one component.
pub(crate) struct Fdct {
    level: Level,
    divisors: Divisors,
}

impl Fdct {
    /// A transform that quantizes by `steps` (natural order). A step of 0 counts as 1.
    pub(crate) fn new(level: Level, steps: &[u16; 64]) -> Self {
        Self { level, divisors: Divisors::new(steps) }
    }

    /// Transforms a row of blocks: block `b` is columns `8 b .. 8 b + 8` of eight rows of
    /// `samples`, the row `r` of which starts at `r * stride`.
    ///
    /// # Panics
    ///
    /// When `samples` ends before the last row of the last block does.
    pub(crate) fn transform_row(&self, samples: &[u8], stride: usize, blocks: &mut [Coefficients]) {
        if blocks.is_empty() {
            return;
        }
        let width = blocks.len() * 8;
        assert!(stride >= width && samples.len() >= 7 * stride + width, "too few samples");
        self.level.compute(Transform { divisors: &self.divisors, samples, stride, blocks });
    }
}

/// What [`Fdct::transform_row`] does, its arguments checked.
struct Transform<'a> {
    divisors: &'a Divisors,
    samples: &'a [u8],
    stride: usize,
    blocks: &'a mut [Coefficients],
}

impl Kernel for Transform<'_> {
    type Output = ();

    fn scalar(self) {
        for (index, block) in self.blocks.iter_mut().enumerate() {
            let square = scalar::load(&self.samples[index * 8..], self.stride);
            *block = scalar::quantize(&scalar::islow(square), self.divisors);
        }
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        vectors::transform_row(x, (self.samples, self.stride), self.divisors, self.blocks);
    }
}
