//! Forward DCT and quantization: squares of samples to blocks of coefficients.
//!
//! ```text
//! 8x8 samples - 128 -> rows -> columns -> / (8 step), rounded -> zigzag order
//! ```
//!
//! The transform is the accurate integer one of libjpeg ("islow"); eight-bit samples never overflow
//! its 16-bit results, so scalar and vector code of libjpeg-turbo agree, and ours with them.

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
mod divisors;
mod scalar;

#[cfg(test)]
mod tests;

use divisors::Divisors;

use crate::simd::Level;

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
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(token) => {
                avx2::transform_row(token, samples, stride, &self.divisors, blocks)
            }
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(token) => {
                avx2::transform_row(token.avx2(), samples, stride, &self.divisors, blocks)
            }
            _ => self.transform_row_scalar(samples, stride, blocks),
        }
    }

    fn transform_row_scalar(&self, samples: &[u8], stride: usize, blocks: &mut [Coefficients]) {
        for (index, block) in blocks.iter_mut().enumerate() {
            let square = scalar::load(&samples[index * 8..], stride);
            *block = scalar::quantize(&scalar::islow(square), &self.divisors);
        }
    }
}
