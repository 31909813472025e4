//! The pass over rows of pixels of three or four bands: four pixels at a time, summed where they lie.
//!
//! Turning rows, as [`across`](super::super::across) does it, costs more than to sum so few taps. Of
//! the 16 bytes of a load, neighbouring pixels are added up band by band:
//!
//! ```text
//! a load            r0 g0 b0  r1 g1 b1  r2 g2 b2  r3 g3 b3  ...
//! its pairs         r0+r1 g0+g1 b0+b1 -   r2+r3 g2+g3 b2+b3 -       summed over the loads of a window
//! of two windows    R G B -   R' G' B' -                            both pairs of each
//! of four, as bytes R G B  R' G' B'  R'' G'' B''  R''' G''' B'''
//! ```

use std::hint::black_box;
use std::ops::Range;

use super::{Factors, outputs};
use crate::resample::kernels::pairs::across::EIGHT;
use crate::resample::kernels::pairs::{LineKernel, Products};
use crate::resample::kernels::{Rows, Scratch};
use crate::resample::weights::Weights;
use crate::simd::{ByteRows, LINE};

/// Pixels of a load, windows of a block, and rows of each lane that are summed at once.
const FOUR: usize = 4;

/// Bytes by which memory is asked for ahead of its use: loads hop from row to row, and a CPU does not
/// guess where they go on.
const AHEAD: usize = 8 * LINE;

/// An axis of means.
#[derive(Debug)]
pub(crate) struct Means {
    blocks: Vec<Block>,
    /// Loads of each window. Where none of its pixels are in the last one, that is left out.
    loads: usize,
    /// What the bytes of a load are multiplied by, of which 0 to 4 pixels are in the window.
    inside: [[u8; 16]; FOUR + 1],
}

/// Four windows.
#[derive(Clone, Copy, Debug)]
struct Block {
    /// The first pixel of each.
    first: [u32; FOUR],
    /// The pixels that its last load has in it.
    last: [u8; FOUR],
    /// The factors of each two, four times in turns.
    factors: [[u8; 16]; FOUR / 2],
}

impl Means {
    /// `None` where turning rows costs less, and if taps have different weights or no [`Factors`].
    pub(in super::super) fn pack(weights: &Weights<i32>) -> Option<Self> {
        let windows = weights.windows();
        let taps = || windows.iter().map(|window| window.taps);
        let loads = taps().max()?.div_ceil(FOUR);
        // All pixels of all loads but the last ones must be in their windows.
        let few = taps().sum::<usize>() <= windows.len() * 2;
        if few || taps().min()? < (loads - 1) * FOUR {
            return None;
        }
        let Factors { up, factors } = Factors::find(weights)?;
        let indices: Vec<usize> = (0..windows.len()).collect();
        let block = |indices: &[usize]| {
            // The last one again and again where there are less.
            let index = |place: usize| indices[place.min(indices.len() - 1)];
            let of_two = |pair: usize| {
                let factors = [0, 1].map(|place| factors[index(2 * pair + place)].to_le_bytes());
                std::array::from_fn(|byte| factors[byte / 8][byte % 2])
            };
            Block {
                first: std::array::from_fn(|place| windows[index(place)].start as u32),
                last: std::array::from_fn(|place| {
                    (windows[index(place)].taps - (loads - 1) * FOUR) as u8
                }),
                factors: [of_two(0), of_two(1)],
            }
        };
        let blocks = indices.chunks(FOUR).map(block).collect();
        let inside =
            |pixels| std::array::from_fn(|byte| u8::from(byte / 8 * 2 + byte % 2 < pixels) << up);
        Some(Self { blocks, loads, inside: std::array::from_fn(inside) })
    }

    /// Makes lines, of windows of one load if `ONE`: first those of four rows of each lane, then the others.
    /// (Loads of all eight at once drive each other out of the cache, and less memory comes in time.)
    #[inline(always)]
    fn average<X: Products<N>, const N: usize, const BANDS: usize, const ONE: bool>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let line_bytes = lines.len() / (N / 4);
        let others = rows.skip(FOUR);
        let halves = [Rows { next: others.bytes, ..rows }, others];
        for (rows, line) in halves.into_iter().zip([0, FOUR / 2]) {
            let parts = self.parts::<BANDS>(rows, N / 2 - FOUR, &mut scratch.edge);
            for part in parts.into_iter().flatten() {
                let source = Source::<X, N, BANDS>::new(x, self, part);
                source.sum_blocks::<ONE>(&mut lines[line * line_bytes..], line_bytes);
            }
        }
    }

    /// The first `count` rows in one or two parts. Blocks whose loads end before the last byte there
    /// is read it where it lies, the others from a copy with room after it.
    #[inline(always)]
    fn parts<'a, const BANDS: usize>(
        &self,
        rows: Rows<'a>,
        count: usize,
        edge: &'a mut Vec<u8>,
    ) -> [Option<Part<'a>>; 2] {
        let there = rows.bytes.len() - (count - 1) * rows.stride;
        let inside = self.blocks.partition_point(|block| self.end(block, BANDS) <= there);
        let whole = (inside > 0).then_some(Part { rows, from: 0, blocks: 0..inside });
        let mut ends = None;
        if let (Some(first), Some(last)) = (self.blocks.get(inside), self.blocks.last()) {
            let from = first.first[0] as usize * BANDS;
            let length = self.end(last, BANDS) - from;
            rows.copy_ends(count, from, length, edge);
            let rows = Rows::packed(edge, length);
            ends = Some(Part { rows, from, blocks: inside..self.blocks.len() });
        }
        [whole, ends]
    }

    /// One past the last byte that a block loads of a row.
    fn end(&self, block: &Block, bands: usize) -> usize {
        (block.first[FOUR - 1] as usize + (self.loads - 1) * FOUR) * bands + 16
    }
}

impl LineKernel for Means {
    #[inline(always)]
    fn make_lines<X: Products<N>, const N: usize, const BANDS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        match self.loads {
            1 => self.average::<X, N, BANDS, true>(x, rows, scratch, lines),
            _ => self.average::<X, N, BANDS, false>(x, rows, scratch, lines),
        }
    }
}

/// Rows for some blocks.
struct Part<'a> {
    rows: Rows<'a>,
    /// The byte of a row that these begin with.
    from: usize,
    blocks: Range<usize>,
}

/// Four rows of each lane, to be summed.
struct Source<'a, X: Products<N>, const N: usize, const BANDS: usize> {
    x: X,
    axis: &'a Means,
    part: Part<'a>,
    bytes: ByteRows<'a>,
    /// Brings the samples of two neighbouring pixels together.
    order: X::V,
    /// Brings four pixels of four bytes each close together.
    closer: X::V,
}

impl<'a, X: Products<N>, const N: usize, const BANDS: usize> Source<'a, X, N, BANDS> {
    #[inline(always)]
    fn new(x: X, axis: &'a Means, part: Part<'a>) -> Self {
        Self {
            x,
            axis,
            bytes: ByteRows::new(part.rows.bytes, part.rows.stride, N / 2 - FOUR),
            part,
            // Were the orders known, the compiler would make more instructions of them.
            order: x.repeat(black_box(const { &pair_order(BANDS) })),
            closer: x.repeat(black_box(const { &close_order(BANDS) })),
        }
    }

    /// Makes the blocks of two lines of each lane.
    #[inline(always)]
    fn sum_blocks<const ONE: bool>(&self, lines: &mut [u8], line_bytes: usize) {
        let (x, part) = (self.x, &self.part);
        let mut asked = AHEAD;
        for (index, block) in part.blocks.clone().zip(&self.axis.blocks[part.blocks.clone()]) {
            let end = self.axis.end(block, BANDS) - part.from + AHEAD;
            while asked < end {
                // Were it known to stay the same, an address would be kept for each row.
                let rows = Rows { stride: black_box(part.rows.stride), ..part.rows };
                rows.ask_ahead((0..N / 2).filter(|row| row % EIGHT < FOUR), asked);
                asked += LINE;
            }
            let means = [self.means::<ONE>(block, 0), self.means::<ONE>(block, 1)];
            let samples =
                |row: usize| x.pick(x.to_samples(means[0][row], means[1][row]), self.closer);
            let low = |line: usize| x.low_bytes(samples(2 * line), samples(2 * line + 1));
            let high = |line: usize| x.high_bytes(samples(2 * line), samples(2 * line + 1));
            let lines = &mut lines[index * FOUR * BANDS * 2..];
            x.store_rows::<FOUR, _>(lines, line_bytes, [low(0), low(1)]);
            x.store_rows::<FOUR, _>(&mut lines[16..], line_bytes, [high(0), high(1)]);
        }
    }

    /// The outputs for two windows of a block, in 16 bits.
    #[inline(always)]
    fn means<const ONE: bool>(&self, block: &Block, pair: usize) -> [X::V; FOUR] {
        let x = self.x;
        let first = self.sums::<ONE>(block, 2 * pair);
        let second = self.sums::<ONE>(block, 2 * pair + 1);
        // Were they known to stay the same, the compiler would widen them beforehand, and multiply in
        // more instructions.
        let factors = x.repeat(black_box(&block.factors[pair]));
        let mut means = [x.splat(0); FOUR];
        for row in 0..FOUR {
            let low = x.low_quads(first[row], second[row]);
            let high = x.high_quads(first[row], second[row]);
            means[row] = outputs(x, x.add_words(low, high), factors);
        }
        means
    }

    /// What the pairs of pixels of a window sum up to.
    #[inline(always)]
    fn sums<const ONE: bool>(&self, block: &Block, window: usize) -> [X::V; FOUR] {
        let (x, inside) = (self.x, &self.axis.inside);
        let mut sums = [x.splat(0); FOUR];
        let mut at = block.first[window] as usize * BANDS - self.part.from;
        if !ONE {
            let whole = x.repeat(&inside[FOUR]);
            for _ in 1..self.axis.loads {
                self.add(&mut sums, at, whole);
                at += FOUR * BANDS;
            }
        }
        let last = block.last[window] as usize;
        if ONE || last > 0 {
            self.add(&mut sums, at, x.repeat(&inside[last]));
        }
        sums
    }

    /// Adds the pairs of four pixels of each row.
    #[inline(always)]
    fn add(&self, sums: &mut [X::V; FOUR], at: usize, inside: X::V) {
        let x = self.x;
        let loaded = x.load_rows::<FOUR>(&self.bytes, at).expect("loads end within the rows");
        for (sum, samples) in sums.iter_mut().zip(&loaded) {
            *sum = x.add_words(*sum, x.dot_bytes(x.pick(*samples, self.order), inside));
        }
    }
}

/// The order, in a lane, that brings the samples of two neighbouring pixels together: 8 bytes for each
/// two of four pixels.
const fn pair_order(bands: usize) -> [u8; 16] {
    let mut order = [0x80; 16];
    let mut byte = 0;
    while byte < 16 {
        let (pixel, band) = (byte / 8 * 2 + byte % 2, byte % 8 / 2);
        if band < bands {
            order[byte] = (pixel * bands + band) as u8;
        }
        byte += 1;
    }
    order
}

/// The order, in a lane, that brings four pixels of four bytes each close together.
const fn close_order(bands: usize) -> [u8; 16] {
    let mut order = [0x80; 16];
    let mut byte = 0;
    while byte < FOUR * bands {
        order[byte] = (byte / bands * FOUR + byte % bands) as u8;
        byte += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::Filter;
    use crate::resample::weights::Extent;

    fn weights(source: u32, size: u32, filter: Filter) -> Weights<i32> {
        Weights::build(source, Extent::whole(source), size, filter).to_fixed()
    }

    #[test]
    fn loads_have_the_taps_of_their_windows() {
        for (source, size) in [(2725, 224), (2725, 720), (300, 120), (300, 75), (13, 5), (7, 1)] {
            let weights = weights(source, size, Filter::Box);
            let axis = Means::pack(&weights).unwrap();
            assert_eq!(axis.blocks.len(), weights.len().div_ceil(FOUR));
            for (index, window) in weights.windows().iter().enumerate() {
                let block = &axis.blocks[index / FOUR];
                let last = &axis.inside[usize::from(block.last[index % FOUR])];
                let ones = |load: &[u8; 16]| load.iter().filter(|byte| **byte > 0).count() / 4;
                let taps = (axis.loads - 1) * ones(&axis.inside[FOUR]) + ones(last);
                assert_eq!(block.first[index % FOUR] as usize, window.start);
                assert_eq!(taps, window.taps, "{source} to {size}: output {index}");
            }
        }
    }

    #[test]
    fn other_weights_are_no_means() {
        assert!(Means::pack(&weights(300, 75, Filter::Bilinear)).is_none());
        assert!(Means::pack(&weights(300, 150, Filter::Box)).is_none(), "few taps");
    }
}
