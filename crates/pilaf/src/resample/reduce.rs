//! Shrinking by whole factors: every output pixel is the mean of a block of source pixels.
//!
//! The last column and row of blocks are cut off at the edge, and each is the mean of what is
//! there. Pillow 13's `Reduce.c` has a dozen special cases; for 8-bit samples they all amount to
//! the one formula here. For I and F the order of additions shows, and differs between whole and
//! cut blocks.

use std::ops::AddAssign;

use crate::error::Result;
use crate::image::buffer;
use crate::simd::Level;

/// The blocks: a region of the source in pixels, inside of it, and how many make one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) factor: (usize, usize),
}

/// One block: the pixels `columns` of the rows `rows`.
struct Block {
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
}

impl Block {
    fn area(&self) -> usize {
        self.columns.len() * self.rows.len()
    }
}

impl Blocks {
    /// Width and height of the result: partial blocks count.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.width.div_ceil(self.factor.0), self.height.div_ceil(self.factor.1))
    }

    fn block(&self, x: usize, y: usize) -> Block {
        let (left, top) = (x * self.factor.0, y * self.factor.1);
        let right = left.saturating_add(self.factor.0).min(self.width);
        let bottom = top.saturating_add(self.factor.1).min(self.height);
        Block {
            columns: self.left + left..self.left + right,
            rows: self.top + top..self.top + bottom,
        }
    }

    fn is_whole(&self, block: &Block) -> bool {
        block.columns.len() == self.factor.0 && block.rows.len() == self.factor.1
    }
}

/// Reduces packed 8-bit pixels of `bands` samples in rows of `row_bytes`.
pub(crate) fn reduce_narrow(
    source: &[u8],
    row_bytes: usize,
    bands: usize,
    blocks: &Blocks,
) -> Result<Vec<u8>> {
    let (area, across) = (blocks.block(0, 0).area(), blocks.factor.0);
    if area <= SMALL && blocks.width >= across {
        let reduce = match (bands, across) {
            (1, 2) => reduce_small::<1, 2>,
            (1, 3) => reduce_small::<1, 3>,
            (1, 4) => reduce_small::<1, 4>,
            (3, 2) => reduce_small::<3, 2>,
            (3, 3) => reduce_small::<3, 3>,
            (3, 4) => reduce_small::<3, 4>,
            (4, 2) => reduce_small::<4, 2>,
            (4, 3) => reduce_small::<4, 3>,
            (4, 4) => reduce_small::<4, 4>,
            _ => reduce_large,
        };
        return reduce(source, row_bytes, bands, blocks);
    }
    reduce_large(source, row_bytes, bands, blocks)
}

fn reduce_large(source: &[u8], row_bytes: usize, bands: usize, blocks: &Blocks) -> Result<Vec<u8>> {
    // Sums of the largest block: 32 bits nearly always, and then twice as many at once.
    let small = blocks.block(0, 0).area() < 1 << 24;
    let reduce = match (bands, small) {
        (1, true) => reduce_bands::<u32, 1>,
        (2, true) => reduce_bands::<u32, 2>,
        (3, true) => reduce_bands::<u32, 3>,
        (_, true) => reduce_bands::<u32, 4>,
        (1, false) => reduce_bands::<u64, 1>,
        (2, false) => reduce_bands::<u64, 2>,
        (3, false) => reduce_bands::<u64, 3>,
        (_, false) => reduce_bands::<u64, 4>,
    };
    reduce(source, row_bytes, blocks)
}

/// Samples whose sum fits 16 bits.
const SMALL: usize = 256;

/// Blocks of few columns: means of all runs of `ACROSS` columns side by side, of which every
/// `ACROSS`th is kept.
fn reduce_small<const BANDS: usize, const ACROSS: usize>(
    source: &[u8],
    row_bytes: usize,
    _: usize,
    blocks: &Blocks,
) -> Result<Vec<u8>> {
    let (level, (width, height)) = (Level::get(), blocks.size());
    let samples = blocks.width * BANDS;
    let mut target = buffer::zeros(width * height * BANDS)?;
    let (mut sums, mut means) = (buffer::repeated(0, samples)?, buffer::zeros(samples)?);
    for (y, target) in target.chunks_exact_mut(width * BANDS).enumerate() {
        let rows = blocks.block(0, y).rows;
        let count = rows.len();
        let rows = rows.map(|row| &source[row * row_bytes + blocks.left * BANDS..][..samples]);
        level.run(
            #[inline(always)]
            || {
                add_rows(rows, &mut sums);
                mean_runs::<BANDS, ACROSS>(&sums, count, &mut means);
                let runs = means.chunks_exact(ACROSS * BANDS);
                for (pixel, run) in target.as_chunks_mut::<BANDS>().0.iter_mut().zip(runs) {
                    pixel.copy_from_slice(&run[..BANDS]);
                }
            },
        );
        let whole = blocks.width / ACROSS;
        let (cut, target) = (&sums[whole * ACROSS * BANDS..], &mut target[whole * BANDS..]);
        reduce_row(cut.as_chunks::<BANDS>().0, target.as_chunks_mut().0, ACROSS, count);
    }
    Ok(target)
}

/// Sums rows, at least one, column by column.
#[inline(always)]
fn add_rows<'a>(mut rows: impl Iterator<Item = &'a [u8]>, sums: &mut [u16]) {
    if let Some(row) = rows.next() {
        sums.iter_mut().zip(row).for_each(|(sum, &sample)| *sum = sample.into());
    }
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, &sample)| *sum += u16::from(sample));
    }
}

/// From every column on, as far as there are so many, the mean of `ACROSS` sums of `rows` samples.
#[inline(always)]
fn mean_runs<const BANDS: usize, const ACROSS: usize>(sums: &[u16], rows: usize, means: &mut [u8]) {
    let Mean::Reciprocal { multiplier, half } = Mean::new(ACROSS * rows) else {
        unreachable!("small blocks have means by reciprocals");
    };
    let count = sums.len() - (ACROSS - 1) * BANDS;
    let columns: [&[u16]; ACROSS] = std::array::from_fn(|column| &sums[column * BANDS..][..count]);
    for (at, mean) in means[..count].iter_mut().enumerate() {
        let mut sum = 0;
        for column in columns {
            sum += column[at];
        }
        *mean = ((u32::from(sum) + half).wrapping_mul(multiplier) >> 24) as u8;
    }
}

/// A sum of samples.
trait Sum: Copy + Default + AddAssign + From<u8> + Into<u64> {}
impl Sum for u16 {}
impl Sum for u32 {}
impl Sum for u64 {}

fn reduce_bands<S: Sum, const BANDS: usize>(
    source: &[u8],
    row_bytes: usize,
    blocks: &Blocks,
) -> Result<Vec<u8>> {
    let (width, height) = blocks.size();
    let mut target = buffer::zeros(width * height * BANDS)?;
    let mut sums = buffer::repeated(S::default(), blocks.width * BANDS)?;
    for (y, target) in target.chunks_exact_mut(width * BANDS).enumerate() {
        let rows = blocks.block(0, y).rows;
        sums.fill(S::default());
        for row in rows.clone() {
            let row = &source[row * row_bytes + blocks.left * BANDS..][..blocks.width * BANDS];
            sums.iter_mut().zip(row).for_each(|(sum, &sample)| *sum += S::from(sample));
        }
        let (sums, target) = (sums.as_chunks::<BANDS>().0, target.as_chunks_mut::<BANDS>().0);
        reduce_row(sums, target, blocks.factor.0, rows.len());
    }
    Ok(target)
}

/// Makes one row from sums of columns, each of `rows` samples.
fn reduce_row<S: Sum, const BANDS: usize>(
    sums: &[[S; BANDS]],
    target: &mut [[u8; BANDS]],
    factor: usize,
    rows: usize,
) {
    let whole = Mean::new(factor.min(sums.len()) * rows);
    for (pixel, block) in target.iter_mut().zip(sums.chunks(factor)) {
        let mut totals = [S::default(); BANDS];
        for column in block {
            totals.iter_mut().zip(column).for_each(|(total, &sum)| *total += sum);
        }
        let mean = if block.len() == factor { whole } else { Mean::new(block.len() * rows) };
        *pixel = totals.map(|total| mean.of(total.into()));
    }
}

/// The mean of `area` 8-bit samples, rounded half up.
///
/// Pillow multiplies by a reciprocal in `u32`, which is off by one for some sums; its reciprocal
/// is an `f32` quotient cut to an integer. Blocks of 2^23 pixels and more overflow there, and get
/// an exact mean here.
#[derive(Clone, Copy)]
enum Mean {
    Reciprocal { multiplier: u32, half: u32 },
    Exact { area: u64 },
}

impl Mean {
    fn new(area: usize) -> Self {
        if area >= 1 << 23 {
            return Self::Exact { area: area as u64 };
        }
        let multiplier = (4_294_967_296.0_f32 / (256 * area) as f32) as u32;
        Self::Reciprocal { multiplier, half: area as u32 / 2 }
    }

    fn of(&self, sum: u64) -> u8 {
        match *self {
            Self::Reciprocal { multiplier, half } => {
                ((sum as u32).wrapping_add(half).wrapping_mul(multiplier) >> 24) as u8
            }
            Self::Exact { area } => ((sum + area / 2) / area) as u8,
        }
    }
}

/// A 32-bit sample: mode I or F.
pub(crate) trait WideBlockSample: Copy {
    /// The sample at the start of `bytes`.
    fn read(bytes: &[u8]) -> Self;
    /// The sum in the sample's own type, wrapping where that is an integer.
    fn plus(self, other: Self) -> Self;
    /// The sample as a term of a sum.
    fn to_f64(self) -> f64;
    /// A mean in memory.
    fn to_bytes(mean: f64) -> [u8; 4];
}

impl WideBlockSample for i32 {
    fn read(bytes: &[u8]) -> Self {
        Self::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn to_bytes(mean: f64) -> [u8; 4] {
        super::wide::round(mean).to_ne_bytes()
    }
}

impl WideBlockSample for f32 {
    fn read(bytes: &[u8]) -> Self {
        Self::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn to_bytes(mean: f64) -> [u8; 4] {
        (mean as f32).to_ne_bytes()
    }
}

/// Reduces packed 32-bit samples in rows of `row_bytes`.
pub(crate) fn reduce_wide<S: WideBlockSample>(
    source: &[u8],
    row_bytes: usize,
    blocks: &Blocks,
) -> Result<Vec<u8>> {
    let (width, height) = blocks.size();
    let mut target = buffer::room(width * height * 4)?;
    let at = |x: usize, y: usize| S::read(&source[y * row_bytes + x * 4..]);
    for y in 0..height {
        for x in 0..width {
            let block = blocks.block(x, y);
            let whole = blocks.is_whole(&block);
            let sum = if whole { sum_by_fours(at, &block) } else { sum_in_order(at, &block) };
            target.extend_from_slice(&S::to_bytes(sum * (1.0 / block.area() as f64)));
        }
    }
    Ok(target)
}

/// Adds a cut block sample by sample.
fn sum_in_order<S: WideBlockSample>(at: impl Fn(usize, usize) -> S, block: &Block) -> f64 {
    let mut sum = 0.0;
    for y in block.rows.clone() {
        for x in block.columns.clone() {
            sum += at(x, y).to_f64();
        }
    }
    sum
}

/// Adds a whole block in squares of two by two, each summed in the sample's own type first; then
/// what an odd width and an odd height leave over.
fn sum_by_fours<S: WideBlockSample>(at: impl Fn(usize, usize) -> S, block: &Block) -> f64 {
    let mut sum = 0.0;
    let mut y = block.rows.start;
    while y < block.rows.end {
        let two_rows = y + 1 < block.rows.end;
        let mut x = block.columns.start;
        while x < block.columns.end {
            let two_columns = x + 1 < block.columns.end;
            let term = match (two_columns, two_rows) {
                (true, true) => {
                    at(x, y).plus(at(x + 1, y)).plus(at(x, y + 1)).plus(at(x + 1, y + 1))
                }
                (true, false) => at(x, y).plus(at(x + 1, y)),
                (false, true) => at(x, y).plus(at(x, y + 1)),
                (false, false) => at(x, y),
            };
            sum += term.to_f64();
            x += 2;
        }
        y += 2;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::for_each_level;

    fn blocks(width: usize, height: usize, factor: (usize, usize)) -> Blocks {
        Blocks { left: 0, top: 0, width, height, factor }
    }

    #[test]
    fn edges_are_means_of_what_is_there() {
        let source = [0, 10, 20, 30, 40, 50, 60, 70, 80];
        let blocks = blocks(3, 3, (2, 2));
        assert_eq!(reduce_narrow(&source, 3, 1, &blocks).unwrap(), [20, 35, 65, 80]);
    }

    #[test]
    fn small_blocks_have_the_means_of_large_ones() {
        let noise: Vec<u8> = (0..40_000_u32).map(|at| (at * at / 7) as u8).collect();
        for bands in 1..=4 {
            for factor in [(2, 2), (3, 5), (4, 1), (2, 128), (4, 64), (3, 85)] {
                for (left, width, height) in [(0, 4, 1), (3, 30, 20), (1, 31, 140), (2, 29, 131)] {
                    let blocks = Blocks { left, top: 2, width, height, factor };
                    let row_bytes = 35 * bands;
                    let wanted = reduce_large(&noise, row_bytes, bands, &blocks).unwrap();
                    for_each_level(|level| {
                        let got = reduce_narrow(&noise, row_bytes, bands, &blocks).unwrap();
                        assert!(got == wanted, "{level}: {bands} bands, {blocks:?}");
                    });
                }
            }
        }
    }

    #[test]
    fn a_factor_beyond_the_size_gives_one_pixel() {
        let blocks = blocks(3, 1, (usize::MAX, 9));
        assert_eq!(blocks.size(), (1, 1));
        assert_eq!(reduce_narrow(&[1, 2, 3], 3, 1, &blocks).unwrap(), [2]);
    }

    #[test]
    fn huge_blocks_have_exact_means() {
        assert_eq!(Mean::new(1 << 23).of(200 << 23), 200);
        assert_eq!(Mean::new(1 << 22).of(200 << 22), 200);
    }
}
