//! Rows of one band: runs of samples summed where they lie.
//!
//! A run is a window of [means](super::means) or a stretch of [`moments`](super::moments). Where it is
//! about as long as a load, turning rows first, as [`across`](super::across) does it, costs as much as
//! the sums. Instead, the samples of a load are multiplied by the digits of the run, and what eight
//! runs, `a` to `h`, add up to is folded together:
//!
//! ```text
//! a load of two rows    a0 a1 a2 ... a15 | a0 a1 a2 ... a15       multiplied by digits
//! words                 a a a a a a a a  | a a a a a a a a        sums of two products
//! folded                a b a b a b a b  | ...                    those of two runs
//! again                 a b c d a b c d  | ...                    those of four
//! sums                  a b c d e f g h  | ...                    those of eight
//! ```
//!
//! Where there are two sums of each run, the first fold takes turns between those, and there are two
//! vectors in the end, each with the sums of four runs.

use std::ops::Range;

use super::Products;
use super::across::EIGHT;
use crate::resample::kernels::Rows;
use crate::simd::Ahead;

/// Samples of a load: those of one lane.
pub(super) const SIXTEEN: usize = 16;

/// The average samples of a run below which turning rows costs less.
pub(super) const FEW: usize = 8;

/// Samples of the longest run: those of four loads.
pub(super) const LONGEST: usize = 4 * SIXTEEN;

/// Samples from the first one of a block to the last that it may load.
const REACH: usize = u8::MAX as usize + LONGEST;

/// What the samples of a load are multiplied by.
pub(super) type Lane = [u8; SIXTEEN];

/// What is there of the rows of two vectors, from the first sample of a block on: two rows where a
/// vector has one lane, four where it has two.
type Reached<'a> = [&'a [u8; REACH]; 4];

/// Runs of samples, `M` sums of each.
#[derive(Debug)]
pub(super) struct Runs<const M: usize> {
    blocks: Vec<Eight>,
    /// For each load of each run, the digits of its sums.
    digits: Vec<[Lane; M]>,
    /// Loads of every run.
    pub(super) loads: usize,
}

/// Where eight runs begin.
#[derive(Clone, Copy, Debug)]
struct Eight {
    /// The first sample of the first one.
    first: u32,
    /// How far from it each of them begins.
    offsets: [u8; EIGHT],
}

impl<const M: usize> Runs<M> {
    /// Room for `count` runs of at most `taps` samples. `None` if these are more than [`LONGEST`].
    pub(super) fn with_capacity(count: usize, taps: usize) -> Option<Self> {
        let (blocks, loads) = (count.div_ceil(EIGHT) + 1, taps.div_ceil(SIXTEEN).max(1));
        let digits = Vec::with_capacity(blocks * EIGHT * loads);
        let runs = Self { blocks: Vec::with_capacity(blocks), digits, loads };
        (taps <= LONGEST).then_some(runs)
    }

    /// Appends a run from `first` on. `None` if it begins before the first one of its block, or too far
    /// behind it.
    pub(super) fn push(
        &mut self,
        first: usize,
        digits: impl IntoIterator<Item = [Lane; M]>,
    ) -> Option<()> {
        let run = self.digits.len() / self.loads;
        if run.is_multiple_of(EIGHT) {
            self.blocks.push(Eight { first: first as u32, offsets: [0; EIGHT] });
        }
        let block = self.blocks.last_mut()?;
        let offset = first.checked_sub(block.first as usize)?;
        block.offsets[run % EIGHT] = u8::try_from(offset).ok()?;
        self.digits.extend(digits.into_iter().take(self.loads));
        self.digits.resize((run + 1) * self.loads, [[0; SIXTEEN]; M]);
        Some(())
    }

    /// Fills the last block up with runs that sum up to nothing, and appends such blocks until there are
    /// `blocks`.
    pub(super) fn fill(&mut self, blocks: usize) {
        if let Some(&Eight { first, .. }) = self.blocks.last() {
            let blocks = blocks.max(self.blocks.len());
            self.blocks.resize(blocks, Eight { first, offsets: [0; EIGHT] });
            self.digits.resize(blocks * EIGHT * self.loads, [[0; SIXTEEN]; M]);
        }
    }

    /// Some blocks with their digits. `LOADS` are [`loads`](Self::loads).
    #[inline(always)]
    pub(super) fn blocks<const LOADS: usize>(
        &self,
        blocks: Range<usize>,
    ) -> impl Iterator<Item = Block<'_, M, LOADS>> {
        let digits = self.digits.as_chunks().0.as_chunks().0[blocks.clone()].iter();
        self.blocks[blocks].iter().zip(digits).map(|(eight, digits)| Block {
            first: eight.first as usize,
            offsets: &eight.offsets,
            digits,
        })
    }
}

/// The rows of two vectors, for some blocks.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    rows: [&'a [u8]; 4],
    /// The sample that these begin with.
    from: usize,
    pub(super) blocks: Range<usize>,
}

/// The first `count` rows, 2 or 4, in one or two parts. Blocks that reach no further than the last
/// sample there is read them where they lie, the others from a copy with room after it.
#[inline(always)]
pub(super) fn parts<'a, const M: usize>(
    rows: Rows<'a>,
    count: usize,
    runs: &Runs<M>,
    edge: &'a mut Vec<u8>,
) -> [Option<Part<'a>>; 2] {
    let there = rows.bytes.len() - (count - 1) * rows.stride;
    let fits = |block: &Eight| block.first as usize + REACH <= there;
    let all = runs.blocks.len();
    let inside = runs.blocks.iter().rposition(fits).map_or(0, |last| last + 1);
    let (mut whole, mut ends) = (None, None);
    if inside > 0 {
        whole = Some(Part::new(rows, count, 0, 0..inside));
    }
    if inside < all {
        let from = runs.blocks[inside].first as usize;
        let length = runs.blocks[all - 1].first as usize + REACH - from;
        rows.copy_ends(count, from, length, edge);
        ends = Some(Part::new(Rows::packed(edge, length), count, from, inside..all));
    }
    [whole, ends]
}

impl<'a> Part<'a> {
    /// The first `count` rows, which begin with sample `from`.
    #[inline(always)]
    fn new(rows: Rows<'a>, count: usize, from: usize, blocks: Range<usize>) -> Self {
        let mut part = Self { rows: [rows.bytes; 4], from, blocks };
        for (row, bytes) in part.rows.iter_mut().enumerate().take(count) {
            *bytes = &rows.bytes[row * rows.stride..];
        }
        part
    }
}

/// Asks for the next group of rows, a share for each block.
pub(super) struct Next(Ahead);

impl Next {
    pub(super) fn new(rows: Rows<'_>, group: usize) -> Self {
        Self(rows.next_rows(group))
    }

    /// Asks for about as much as a block loads of the rows of two vectors of `N` bytes.
    #[inline(always)]
    pub(super) fn ask<const N: usize, const LOADS: usize>(&mut self) {
        for _ in 0..LOADS {
            match N {
                32 => self.0.fetch_lines::<7>(),
                _ => self.0.fetch_lines::<4>(),
            }
        }
    }
}

/// Eight runs of `LOADS` loads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a, const M: usize, const LOADS: usize> {
    first: usize,
    offsets: &'a [u8; EIGHT],
    digits: &'a [[[Lane; M]; LOADS]; EIGHT],
}

impl<const M: usize, const LOADS: usize> Block<'_, M, LOADS> {
    /// The sums of all runs for two vectors, in each lane those of its row: the eight words, or of two sums
    /// in turns the words of the first four runs, and then of the last four.
    #[inline(always)]
    pub(super) fn sum<X: Products<N>, const N: usize>(
        &self,
        x: X,
        part: &Part<'_>,
    ) -> [[X::V; M]; 2] {
        let at = self.first - part.from;
        let row = |row: usize| part.rows[row][at..].first_chunk().expect("blocks end within rows");
        let rows = [row(0), row(1), row(2), row(3)];
        let first = self.sum_four(x, &rows, 0);
        let last = self.sum_four(x, &rows, EIGHT / 2);
        let mut sums = [[x.splat(0); M]; 2];
        for (vector, sums) in sums.iter_mut().enumerate() {
            match M {
                1 => sums[0] = fold_quads(x, first[vector], last[vector]),
                _ => (sums[0], sums[1]) = (first[vector], last[vector]),
            }
        }
        sums
    }

    /// Those of four runs from number `first` on: all of their words twice, still to be added; or the words
    /// of two sums in turns.
    #[inline(always)]
    fn sum_four<X: Products<N>, const N: usize>(
        &self,
        x: X,
        rows: &Reached<'_>,
        first: usize,
    ) -> [X::V; 2] {
        let [a, b] = self.sum_two(x, rows, first);
        let [c, d] = self.sum_two(x, rows, first + 2);
        match M {
            1 => [x.settle(fold_doubles(x, a, c)), x.settle(fold_doubles(x, b, d))],
            _ => [x.settle(fold_quads(x, a, c)), x.settle(fold_quads(x, b, d))],
        }
    }

    /// Those of two runs: the words of both four times, or twice those of two sums in turns.
    #[inline(always)]
    fn sum_two<X: Products<N>, const N: usize>(
        &self,
        x: X,
        rows: &Reached<'_>,
        first: usize,
    ) -> [X::V; 2] {
        let [a, b] = self.sum_one(x, rows, first);
        let [c, d] = self.sum_one(x, rows, first + 1);
        match M {
            1 => [x.settle(fold_words(x, a, c)), x.settle(fold_words(x, b, d))],
            _ => [x.settle(fold_doubles(x, a, c)), x.settle(fold_doubles(x, b, d))],
        }
    }

    /// Those of one run: its words, or four times those of two sums in turns. They are settled before what
    /// comes next is loaded, as all at once would not fit the registers.
    #[inline(always)]
    fn sum_one<X: Products<N>, const N: usize>(
        &self,
        x: X,
        rows: &Reached<'_>,
        run: usize,
    ) -> [X::V; 2] {
        let offset = usize::from(self.offsets[run]);
        let mut words = [[x.splat(0); M]; 2];
        for (load, digits) in self.digits[run].iter().enumerate() {
            for (vector, words) in words.iter_mut().enumerate() {
                let samples = x.load_lanes(|lane| {
                    let row = rows[vector * X::LANES + lane];
                    row[offset + load * SIXTEEN..].first_chunk().expect("runs end within blocks")
                });
                for (words, digits) in words.iter_mut().zip(digits) {
                    *words = x.add_words(*words, x.dot_bytes(samples, x.repeat(digits)));
                }
            }
        }
        let mut sums = [x.splat(0); 2];
        for (sum, words) in sums.iter_mut().zip(words) {
            *sum = x.settle(match M {
                1 => words[0],
                _ => fold_words(x, words[0], words[1]),
            });
        }
        sums
    }
}

/// Sums of words half a lane apart, those of `a` and `b` in turns.
#[inline(always)]
fn fold_words<X: Products<N>, const N: usize>(x: X, a: X::V, b: X::V) -> X::V {
    x.add_words(x.low_words(a, b), x.high_words(a, b))
}

/// The same two by two.
#[inline(always)]
fn fold_doubles<X: Products<N>, const N: usize>(x: X, a: X::V, b: X::V) -> X::V {
    x.add_words(x.low_doubles(a, b), x.high_doubles(a, b))
}

/// The same four by four: those of `a`, then those of `b`.
#[inline(always)]
fn fold_quads<X: Products<N>, const N: usize>(x: X, a: X::V, b: X::V) -> X::V {
    x.add_words(x.low_quads(a, b), x.high_quads(a, b))
}

/// The lines of the rows of two vectors, one or two: in each, the pairs of every block.
pub(super) type Lines<'a> = [&'a mut [[u8; 2 * EIGHT]]; 2];

/// Cuts them into blocks.
pub(super) fn in_blocks(lines: &mut [u8], line_bytes: usize) -> Lines<'_> {
    let (upper, lower) = lines.split_at_mut(line_bytes);
    [upper, lower].map(|line| line.as_chunks_mut().0)
}

/// Stores a block: eight words of each row, which are clamped to samples.
#[inline(always)]
pub(super) fn store_block<X: Products<N>, const N: usize>(
    x: X,
    [first, last]: [X::V; 2],
    lines: &mut Lines<'_>,
    block: usize,
) {
    let order = x.repeat(&[0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]);
    let mut pairs = [0; N];
    x.store(&mut pairs, x.pick(x.to_samples_in_order(first, last), order));
    for (line, pairs) in lines.iter_mut().zip(pairs.as_chunks().0) {
        line[block] = *pairs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_cut_into_blocks() {
        let mut runs = Runs::with_capacity(9, 20).unwrap();
        for run in 0..9 {
            runs.push(100 + 30 * run, [[[1; SIXTEEN]], [[2; SIXTEEN]]]).unwrap();
        }
        runs.fill(3);
        let blocks: Vec<Block<'_, 1, 2>> = runs.blocks(0..3).collect();
        assert_eq!(blocks.iter().map(|block| block.first).collect::<Vec<_>>(), [100, 340, 340]);
        assert_eq!(blocks[0].offsets, &[0, 30, 60, 90, 120, 150, 180, 210]);
        assert_eq!(blocks[1].digits[0], [[[1; SIXTEEN]], [[2; SIXTEEN]]]);
        assert!(
            blocks[1].digits[1..].iter().chain(blocks[2].digits).all(|run| run == &[[[0; 16]]; 2])
        );
    }

    #[test]
    fn runs_may_be_too_long_or_too_far_apart() {
        assert!(Runs::<1>::with_capacity(1, LONGEST + 1).is_none());
        let mut runs = Runs::<1>::with_capacity(9, LONGEST).unwrap();
        assert_eq!(runs.push(10, []), Some(()));
        assert_eq!(runs.push(9, []), None, "before the first one");
        assert_eq!(runs.push(10 + 256, []), None, "too far from it");
    }

    #[test]
    fn ends_of_rows_are_copied_where_blocks_reach_beyond() {
        let mut runs = Runs::<1>::with_capacity(16, 8).unwrap();
        for run in 0..16 {
            runs.push(20 * run, []).unwrap();
        }
        runs.fill(0);
        let bytes: Vec<u8> = (0..1000).map(|byte| byte as u8).collect();
        // How much there is of the second row, and the blocks that it is enough for.
        for (there, inside) in [(160 + REACH, 2), (160 + REACH - 1, 1), (REACH - 1, 0)] {
            let rows = Rows::packed(&bytes[..400 + there], 400);
            let rows = Rows { row_bytes: there.min(350), count: 2, ..rows };
            let mut edge = Vec::new();
            let parts = parts(rows, 2, &runs, &mut edge);
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            let blocks: Vec<_> = parts.iter().flat_map(|part| part.blocks.clone()).collect();
            assert_eq!(blocks, [0, 1]);
            assert_eq!(parts.iter().filter(|part| part.from > 0).count(), usize::from(inside == 1));
            assert_eq!(parts[0].blocks.end, if inside == 0 { 2 } else { inside });
            for (part, row) in parts.iter().flat_map(|part| [(part, 0), (part, 1)]) {
                let loaded = &part.rows[row][160 - part.from..][..222];
                assert_eq!(loaded[..rows.row_bytes - 160], rows.row(row)[160..]);
            }
        }
    }
}
