//! The passes over samples of 16 bits, in integers wherever those decide how Pillow rounds.
//!
//! Pillow adds products in `f64`, in tap order, and rounds each pass to a sample. Only a sum next to
//! a half depends on how that went. So weights are [split into digits](axis) of 16 bits, whose
//! products with samples integers add exactly, in any order and many at once; how far the digits
//! and Pillow's own rounding can be off is known for each window before the first row. A sum that
//! is nearer to a half than that is *doubtful*, and is made again as Pillow makes it: about one of a
//! thousand. Weights that digits carry without error, such as halves and quarters, leave no doubts.
//!
//! Samples are signed here, less 2^15. A line is two rows interleaved, and a unit two taps, as in
//! `pairs`; [`across`] makes lines of rows, [`down`] makes rows of lines. The code is safe and written
//! once, over [`Vector`](crate::simd::Vector); at AVX-512, both are done with registers that hold a
//! unit of a whole group of rows (`avx512`).

mod across;
#[cfg(target_arch = "x86_64")]
pub(super) mod avx512;
mod axis;
mod down;

pub(crate) use axis::AxisOfWords;

use super::{Kernels, Rows, Scratch};
use crate::simd::Level;

/// The kernels: this code compiled for a level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) level: Level,
    /// Whether the first byte of a sample is the upper one.
    pub(crate) big: bool,
}

/// Columns that the pass over columns makes at once, at most: whole blocks of a line.
const BLOCK: usize = 32;

/// What is added to a sample to make it signed, and taken away again.
const BIAS: i32 = -0x8000;

impl Kernels for Words {
    type Across = AxisOfWords;
    type Down = AxisOfWords;
    const LINE_ROWS: usize = 2;
    const GROUP: usize = 16;

    fn line_bytes(self, row_bytes: usize) -> usize {
        (row_bytes / 2).next_multiple_of(BLOCK) * 4
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        _: usize,
        axis: &AxisOfWords,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(token) => {
                let (x, units) = (avx512::Sixteen(token), &mut scratch.sixteens);
                self.level.compile(avx512::Resample { x, rows, big: self.big, axis, units, lines });
            }
            level => {
                let units = &mut scratch.words;
                level.compute(across::Resample { rows, big: self.big, axis, units, lines });
            }
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        let line_bytes = lines.len() / (Self::GROUP / 2);
        for (index, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
            let [upper, lower] = [0, 1].map(|row| rows.row(2 * index + row).as_chunks::<2>().0);
            let pairs = line.as_chunks_mut::<4>().0.iter_mut().zip(upper.iter().zip(lower));
            for (pair, (&upper, &lower)) in pairs {
                *pair = pair_of([upper, lower].map(|bytes| self.read(bytes)));
            }
        }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &AxisOfWords, index: usize, target: &mut [u8]) {
        let big = self.big;
        match self.level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(token) => {
                let x = avx512::Sixteen(token);
                self.level.compile(avx512::Combine { x, lines, big, axis, index, target });
            }
            level => level.compute(down::Combine { lines, big, axis, index, target }),
        }
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        let pairs = line.as_chunks::<4>().0;
        for (bytes, pair) in target.as_chunks_mut::<2>().0.iter_mut().zip(pairs) {
            *bytes = write(samples_of(*pair)[row], self.big);
        }
    }
}

impl Words {
    fn read(self, bytes: [u8; 2]) -> u16 {
        if self.big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }
}

/// A sample in memory.
#[inline(always)]
fn write(sample: u16, big: bool) -> [u8; 2] {
    if big { sample.to_be_bytes() } else { sample.to_le_bytes() }
}

/// Two samples in a line or a unit.
#[inline(always)]
fn pair_of(samples: [u16; 2]) -> [u8; 4] {
    let [a, b] = samples.map(|sample| u32::from(sample ^ 0x8000));
    (b << 16 | a).to_le_bytes()
}

/// The samples of [`pair_of`].
#[inline(always)]
fn samples_of(pair: [u8; 4]) -> [u16; 2] {
    let pair = u32::from_le_bytes(pair);
    [pair as u16 ^ 0x8000, (pair >> 16) as u16 ^ 0x8000]
}

#[cfg(test)]
mod tests {
    use super::super::super::method::Method;
    use super::super::super::passes::{self, Layout};
    use super::super::super::plan::Geometry;
    use super::super::super::wide::{U16, Wide};
    use super::super::super::{Filter, RowResizer};
    use crate::image::Mode;
    use crate::simd::for_each_level;

    /// Holds every level against the specification, for columns and for rows.
    fn check(from: u32, to: u32, filter: Filter, sample: impl Fn(usize) -> u16) {
        let row: Vec<u8> = (0..from as usize).flat_map(|at| sample(at).to_le_bytes()).collect();
        for (source, size) in [((from, 17), (to, 17)), ((17, from), (17, to))] {
            let source_bytes = match source.1 {
                17 => row.repeat(17),
                _ => row.chunks_exact(2).flat_map(|sample| sample.repeat(17)).collect(),
            };
            let geometry = Geometry::new(source, None, size).unwrap();
            let layout = Layout { bands: 1, sample_bytes: 2 };
            let plan = passes::Plan::new::<Wide<U16<false>>>(layout, &geometry, filter);
            let mut wanted = vec![0; size.0 as usize * size.1 as usize * 2];
            plan.run::<Wide<U16<false>>>(&source_bytes, 0..size.1 as usize, &mut wanted);
            for_each_level(|level| {
                let method = Method::Pillow(filter);
                let mut resizer = RowResizer::for_geometry(level, Mode::I16, &geometry, method);
                let mut got = vec![0; wanted.len()];
                resizer.run(&source_bytes, 0..size.1 as usize, &mut got);
                assert!(got == wanted, "{level}: {source:?} to {size:?}, {filter}");
            });
        }
    }

    /// Means of 6 and of 12 lie on a half now and then, and Pillow's sums to one side of it or the
    /// other; so do edges in the middle of a symmetric window.
    #[test]
    fn sums_on_a_half_go_where_those_of_pillow_go() {
        for factor in [2, 3, 6, 12, 14] {
            check(factor * 100, 100, Filter::Box, |at| (at * at % 65_521) as u16);
            for filter in &Filter::ALL[1..] {
                check(factor * 20, 20, *filter, |at| (at / 7 % 2 * 65_535) as u16);
                check(factor * 20, 20, *filter, |at| (at / 7 * 7919) as u16);
            }
        }
    }

    /// Three digits, and many units.
    #[test]
    fn long_windows_are_exact() {
        for filter in [Filter::Box, Filter::Lanczos] {
            for (from, to) in [(900, 13), (3000, 2), (6000, 1)] {
                check(from, to, filter, |at| (at * 40_503 % 65_536) as u16);
            }
        }
    }
}
