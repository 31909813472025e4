//! Inverse DCT: dequantised blocks of coefficients to squares of samples.
//!
//! ```text
//! coefficients (8x8, natural order) x multipliers -> columns -> rows -> +128, clamp -> size x size samples
//! ```
//!
//! The samples are those of libjpeg-turbo 3.2 on x86-64, whose decoder picks one of three families:
//!
//! | size | arithmetic | where |
//! |---|---|---|
//! | 8 | Islow, 16-bit lanes that wrap or saturate | [`scalar`] |
//! | 2, 4 | Islow constants, 16-bit lanes | [`reduced`] |
//! | 1, 3, 5, 6, 7, 10, 12, 14 | wide integers, samples taken modulo 1024 before the clamp | [`scaled`] |
//!
//! The lanes matter only for coefficients no encoder writes; damaged files have them, and pilaf's
//! pixels equal Pillow's there too. Sizes 10, 12 and 14 are the chroma of 4:2:0 files at 5/8, 6/8 and 7/8.

mod blocks;
mod reduced;
#[allow(clippy::needless_range_loop)] // columns index several arrays
mod scalar;
#[allow(clippy::approx_constant)] // nine digits, as the sources of the algorithms give them
mod scaled;
mod vectors;

#[cfg(test)]
mod tests;

pub(crate) use blocks::{Adjacent, BlockRow, Interleaved};

use crate::simd::{Kernel, Level, Vector};

/// One block of coefficients in natural (row by row) order.
pub(crate) type Block = [i16; 64];

/// The inverse transform of one component: output size and multipliers, chosen once per image.
#[derive(Clone)]
pub(crate) struct Idct {
    level: Level,
    size: usize,
    multipliers: Block,
}

impl Idct {
    /// A transform to `size` x `size` samples, for coefficients quantized by `quant` (natural order).
    ///
    /// Every level gives the same samples. Returns `None` for a size libjpeg does not reach from n/8 scales.
    pub(crate) fn new(level: Level, size: usize, quant: &[u16; 64]) -> Option<Self> {
        if !matches!(size, 1..=8 | 10 | 12 | 14) {
            return None;
        }
        Some(Self { level, size, multipliers: quant.map(|q| q as i16) })
    }

    /// Transforms a row of blocks into `size` rows of samples: block `b` covers columns
    /// `b * size .. (b + 1) * size`, row `r` starts at `out[r * stride]`.
    ///
    /// # Panics
    ///
    /// When `stride` is less than `row.len() * size` or `out` ends before the last row does.
    pub(crate) fn transform(&self, row: &mut impl BlockRow, out: &mut [u8], stride: usize) {
        let width = row.len() * self.size;
        if width == 0 {
            return;
        }
        assert!(
            width <= stride && out.len() >= (self.size - 1) * stride + width,
            "IDCT output too small"
        );
        self.level.compute(Transform { idct: self, row, out, stride });
    }

    /// The one sample of a block that has no coefficient but this DC.
    pub(crate) fn flat_sample(&self, dc: i16) -> u8 {
        let (mut block, mut samples) = ([0; 64], [0; 14 * 14]);
        block[0] = dc;
        self.transform_block(&block, &mut samples, self.size);
        samples[0]
    }

    fn transform_block(&self, block: &Block, out: &mut [u8], stride: usize) {
        let table = &self.multipliers;
        match self.size {
            8 => scalar::islow(block, table, out, stride),
            4 => reduced::idct_4x4(block, table, out, stride),
            2 => reduced::idct_2x2(block, table, out, stride),
            1 => out[0] = scaled::idct_1x1(block[0], table[0]),
            size => scaled::idct(size, block, table, out, stride),
        }
    }
}

/// What [`Idct::transform`] does, its arguments checked.
struct Transform<'a, R> {
    idct: &'a Idct,
    row: &'a mut R,
    out: &'a mut [u8],
    stride: usize,
}

impl<R: BlockRow> Kernel for Transform<'_, R> {
    type Output = ();

    fn scalar(self) {
        let Self { idct, row, out, stride } = self;
        let mut groups = blocks::Groups::<1>::new(1);
        while groups.next(row) {
            let [block] = groups.blocks(row);
            idct.transform_block(block, &mut out[groups.first * idct.size..], stride);
            groups.release(row);
        }
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        let (table, target) = (&self.idct.multipliers, (&mut *self.out, self.stride));
        match self.idct.size {
            8 => vectors::row_8x8(x, self.row, table, target),
            4 => vectors::row_4x4(x, self.row, table, target),
            2 => vectors::row_2x2(x, self.row, table, target),
            1 => vectors::row_1x1(self.row, table[0], self.out),
            _ => self.scalar(),
        }
    }
}

/// Whether rows `rows` of `block` hold only zeros.
fn rows_are_zero(block: &Block, rows: &[usize]) -> bool {
    rows.iter().all(|&row| block[row * 8..row * 8 + 8].iter().all(|&c| c == 0))
}

/// Saturates to the range of `i16`, as the SIMD pack instructions do.
fn saturate(value: i32) -> i16 {
    value.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

/// The sample of a transform output: saturated to -128..=127, then moved to 0..=255.
fn sample(value: i16) -> u8 {
    (value.clamp(-128, 127) + 128) as u8
}
