//! The pass over rows of one band: the moments of stretches summed where they lie.
//!
//! Blocks with outputs that are not the same at both [bounds](Bounds) are noted with their sums, and get
//! their remainders once all blocks of their rows are done. Of noise that is one output of two
//! hundred; of black and white stripes whose means are ties it is every one, and the pass takes twice
//! as long.

use super::Cuts;
use super::basis::{Basis, to_integer};
use super::fitted::{Bounds, Fitted};
use crate::resample::kernels::pairs::across::EIGHT;
use crate::resample::kernels::pairs::runs::{
    FEW, LONGEST, Lane, Lines, Next, Part, Runs, SIXTEEN, in_blocks, parts, store_block,
};
use crate::resample::kernels::pairs::{LineKernel, Products};
use crate::resample::kernels::{Rows, Scratch};
use crate::resample::scalar::HALF;
use crate::resample::weights::{PRECISION_BITS, Weights};

/// An axis in stretches of one band, with two moments and as many windows that meet in each of them.
#[derive(Debug)]
pub(crate) struct RowLines {
    /// Those of the first window, and one more for each window after it.
    stretches: Runs<2>,
    blocks: Vec<Windows>,
    /// For each window, what is left of its weights.
    remainders: Runs<1>,
}

/// A block with outputs that are not the same at both bounds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Doubt {
    block: usize,
    /// What its windows sum up to if remainders add as little as they can: the sums of the first and of
    /// the last four, for each of two vectors of rows.
    sums: [[[u8; 32]; 2]; 2],
}

/// Eight windows: numbers for the first four and for the last.
#[derive(Clone, Copy, Debug)]
struct Windows {
    /// What both moments of their first stretch are multiplied by, and those of the next one.
    factors: [[Lane; 2]; 2],
    /// Their [bounds](Bounds).
    least: [Lane; 2],
    room: [Lane; 2],
    /// How far below zero a remainder may be, of all eight.
    below: Lane,
}

impl RowLines {
    /// `None` where weights do not suit, or nothing would be gained.
    pub(in super::super) fn pack(weights: &Weights<i32>) -> Option<Self> {
        // A window is two stretches.
        let taps = weights.windows().iter().map(|window| window.taps);
        if taps.sum::<usize>() < weights.len() * 2 * FEW {
            return None;
        }
        let cuts = Cuts::new::<2>(weights.windows()).filter(|cuts| cuts.parts == 1)?;
        let longest = (0..cuts.count()).map(|index| cuts.taps(index).len()).max()?;
        let mut stretches = Runs::with_capacity(cuts.count(), longest)?;
        let mut left = vec![[[[0; SIXTEEN]]; LONGEST / SIXTEEN]; weights.len()];
        let keep = |output: usize, tap: usize, values: &[[f32; 2]], place: usize| {
            let left = left[output].as_flattened_mut().as_flattened_mut();
            let left = &mut left[tap - weights.windows()[output].start..];
            for (left, values) in left.iter_mut().zip(values) {
                *left = to_integer(values[place]) as u8;
            }
        };
        let fitted = Fitted::new(weights, &cuts, 1, keep)?;
        let lanes: Vec<_> = fitted.bases.iter().map(Basis::lanes).collect();
        for stretch in &fitted.stretches {
            stretches.push(stretch.first, lanes[stretch.basis])?;
        }
        stretches.fill(weights.len().div_ceil(EIGHT) + 1);
        let starts = (0..weights.len()).step_by(EIGHT);
        let blocks = starts.map(|first| Windows::new(&fitted, first)).collect();
        // A window is two stretches.
        let taps = 2 * SIXTEEN * stretches.loads;
        let mut remainders = Runs::with_capacity(weights.len(), taps)?;
        for (window, left) in weights.windows().iter().zip(left) {
            remainders.push(window.start, left)?;
        }
        remainders.fill(0);
        Some(Self { stretches, blocks, remainders })
    }

    /// Makes lines, for stretches of `LOADS` loads and windows of `TWICE` as many.
    #[inline(always)]
    fn resample<X: Products<N>, const N: usize, const LOADS: usize, const TWICE: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let (count, line_bytes) = (2 * X::LANES, lines.len() / (N / 4));
        let mut next = Next::new(rows, N / 2);
        let doubts = &mut scratch.doubts;
        doubts.resize(self.blocks.len(), Doubt::default());
        for (index, lines) in lines.chunks_exact_mut(X::LANES * line_bytes).enumerate() {
            let mut lines = in_blocks(lines, line_bytes);
            let rows = rows.skip(index * count);
            let parts = parts(rows, count, &self.stretches, &mut scratch.edge);
            let (mut before, mut doubtful) = (None, 0);
            for part in parts.iter().flatten() {
                let mut blocks = self.stretches.blocks::<LOADS>(part.blocks.clone());
                let mut moments = match before {
                    Some(moments) => moments,
                    None => blocks.next().expect("parts have blocks").sum(x, part),
                };
                // With each block of stretches, the windows of the one before it are done.
                let start = part.blocks.start.saturating_sub(1);
                for ((block, windows), index) in blocks.zip(&self.blocks[start..]).zip(start..) {
                    next.ask::<N, LOADS>();
                    let later = block.sum(x, part);
                    let a = windows.sums(x, moments[0], later[0][0]);
                    let b = windows.sums(x, moments[1], later[1][0]);
                    let (output_a, change_a) = windows.outputs(x, a);
                    let (output_b, change_b) = windows.outputs(x, b);
                    store_block(x, [output_a, output_b], &mut lines, index);
                    if !x.is_zero(x.or(change_a, change_b)) {
                        doubts[doubtful] = Doubt::new(x, index, [a, b]);
                        doubtful += 1;
                    }
                    moments = later;
                }
                before = Some(moments);
            }
            for doubt in &doubts[..doubtful] {
                let of_block = |part: &&Part<'_>| part.blocks.contains(&doubt.block);
                let part = parts.iter().flatten().find(of_block).expect("each block has a part");
                self.add_remainders::<_, N, TWICE>(x, doubt, part, &mut lines);
            }
        }
    }

    /// Makes the outputs of a block once more, with their remainders of `LOADS` loads.
    #[inline(always)]
    fn add_remainders<X: Products<N>, const N: usize, const LOADS: usize>(
        &self,
        x: X,
        doubt: &Doubt,
        part: &Part<'_>,
        lines: &mut Lines<'_>,
    ) {
        let block = doubt.block;
        let remainders = self.remainders.blocks::<LOADS>(block..block + 1).next();
        let remainders = remainders.expect("windows are in blocks").sum(x, part);
        let windows = &self.blocks[block];
        let a = windows.outputs_with(x, doubt.sums(x, 0), remainders[0][0]);
        let b = windows.outputs_with(x, doubt.sums(x, 1), remainders[1][0]);
        store_block(x, [a, b], lines, block);
    }
}

impl Doubt {
    #[inline(always)]
    fn new<X: Products<N>, const N: usize>(x: X, block: usize, sums: [[X::V; 2]; 2]) -> Self {
        let mut doubt = Self { block, ..Self::default() };
        for (stored, sum) in doubt.sums.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
            x.store(stored.first_chunk_mut().expect("no vector is longer"), *sum);
        }
        doubt
    }

    /// Those of one vector of rows.
    #[inline(always)]
    fn sums<X: Products<N>, const N: usize>(&self, x: X, vector: usize) -> [X::V; 2] {
        let [low, high] = &self.sums[vector];
        [low, high].map(|sum| x.load(sum.first_chunk().expect("no vector is longer")))
    }
}

impl Windows {
    /// Those from number `first` on.
    fn new(fitted: &Fitted<2>, first: usize) -> Self {
        // Windows behind the last one are none.
        let bounds = |window: usize| fitted.bounds.get(window).copied();
        let factors = |stretch: usize, window: usize| match bounds(window) {
            Some(_) => fitted.stretches[window + stretch].factors[1 - stretch],
            None => [0; 2],
        };
        let mut windows = Self {
            factors: [[[0; SIXTEEN]; 2]; 2],
            least: [[0; SIXTEEN]; 2],
            room: [[0; SIXTEEN]; 2],
            below: [0; SIXTEEN],
        };
        for (half, first) in [first, first + EIGHT / 2].into_iter().enumerate() {
            for (place, window) in (first..first + EIGHT / 2).enumerate() {
                let bytes = 4 * place..4 * place + 4;
                for (stretch, lanes) in windows.factors.iter_mut().enumerate() {
                    let factors = factors(stretch, window).map(i16::to_le_bytes);
                    lanes[half][bytes.clone()].copy_from_slice(factors.as_flattened());
                }
                let Bounds { least, room } = bounds(window).unwrap_or_default();
                windows.least[half][bytes.clone()].copy_from_slice(&least.to_le_bytes());
                windows.room[half][bytes].copy_from_slice(&room.to_le_bytes());
                windows.below.as_chunks_mut().0[EIGHT / 2 * half + place] =
                    ((HALF - least) as u16).to_le_bytes();
            }
        }
        windows
    }

    /// What they sum up to if remainders add as little as they can. `next` are the moments of the four
    /// stretches after those of `moments`.
    #[inline(always)]
    fn sums<X: Products<N>, const N: usize>(
        &self,
        x: X,
        moments: [X::V; 2],
        next: X::V,
    ) -> [X::V; 2] {
        let [low, high] = moments;
        let factors = |stretch: usize, half: usize| x.repeat(&self.factors[stretch][half]);
        let mut sums = [x.repeat(&self.least[0]), x.repeat(&self.least[1])];
        sums[0] = x.dot_words_onto(sums[0], low, factors(0, 0));
        sums[1] = x.dot_words_onto(sums[1], high, factors(0, 1));
        sums[0] = x.dot_words_onto(sums[0], x.slide::<4>(low, high), factors(1, 0));
        sums[1] = x.dot_words_onto(sums[1], x.slide::<4>(high, next), factors(1, 1));
        sums
    }

    /// The outputs of these sums as words, and what changes in them if remainders add as much as they can.
    #[inline(always)]
    fn outputs<X: Products<N>, const N: usize>(&self, x: X, sums: [X::V; 2]) -> (X::V, X::V) {
        let low = x.add_doubles(sums[0], x.repeat(&self.room[0]));
        let high = x.add_doubles(sums[1], x.repeat(&self.room[1]));
        let least = x.narrow::<{ PRECISION_BITS as i32 }>(sums);
        let most = x.narrow::<{ PRECISION_BITS as i32 }>([low, high]);
        (least, x.settle(x.xor(least, most)))
    }

    /// The outputs of these sums as words, with the words that remainders sum up to.
    #[inline(always)]
    fn outputs_with<X: Products<N>, const N: usize>(
        &self,
        x: X,
        [low, high]: [X::V; 2],
        remainders: X::V,
    ) -> X::V {
        // What they add to the least is in 16 bits without a sign.
        let more = x.add_words(remainders, x.repeat(&self.below));
        x.narrow::<{ PRECISION_BITS as i32 }>([
            x.add_doubles(low, x.low_words(more, x.splat(0))),
            x.add_doubles(high, x.high_words(more, x.splat(0))),
        ])
    }
}

impl LineKernel for RowLines {
    #[inline(always)]
    fn make_lines<X: Products<N>, const N: usize, const BANDS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        assert_eq!(BANDS, 1);
        match self.stretches.loads {
            1 => self.resample::<X, N, 1, 2>(x, rows, scratch, lines),
            _ => self.resample::<X, N, 2, 4>(x, rows, scratch, lines),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fitted::Stretch;
    use super::*;
    use crate::resample::Filter;
    use crate::resample::weights::Extent;

    fn pack(source: u32, size: u32, filter: Filter) -> Option<RowLines> {
        RowLines::pack(&Weights::build(source, Extent::whole(source), size, filter).to_fixed())
    }

    #[test]
    fn long_stretches_of_bilinear_suit() {
        assert_eq!(pack(2725, 224, Filter::Bilinear).unwrap().stretches.loads, 1);
        assert_eq!(pack(4000, 160, Filter::Bilinear).unwrap().stretches.loads, 2);
        assert!(pack(2725, 720, Filter::Bilinear).is_none(), "few taps");
        assert!(pack(4000, 100, Filter::Bilinear).is_none(), "40 of them");
        assert!(pack(2725, 224, Filter::Bicubic).is_none());
    }

    /// What the kernel makes of a row without and with its remainders, and the weights say.
    #[test]
    fn remainders_are_within_bounds_and_complete() {
        let extent = Extent::whole(2725);
        let weights = Weights::build(2725, extent, 224, Filter::Bilinear).to_fixed();
        let cuts = Cuts::new::<2>(weights.windows()).unwrap();
        let samples: Vec<i32> = (0..2725).map(|at: i32| at * at % 256).collect();
        let mut remainders = vec![0; 224];
        let keep = |output: usize, tap: usize, values: &[[f32; 2]], place: usize| {
            let products = values.iter().zip(&samples[tap..]);
            remainders[output] +=
                products.map(|(left, sample)| to_integer(left[place]) * sample).sum::<i32>();
        };
        let fitted = Fitted::<2>::new(&weights, &cuts, 1, keep).unwrap();
        for (index, (window, values)) in weights.iter().enumerate() {
            let mut sum = HALF;
            for stretch in [index, index + 1] {
                let Stretch { first, basis, factors } = &fitted.stretches[stretch];
                let factors = factors[1 + index - stretch];
                for (load, lanes) in fitted.bases[*basis].lanes().into_iter().enumerate() {
                    for (lane, factor) in lanes.into_iter().zip(factors) {
                        let samples = samples.iter().skip(first + load * SIXTEEN);
                        let products = lane.into_iter().zip(samples);
                        let moment: i32 =
                            products.map(|(digit, s)| i32::from(digit as i8) * s).sum();
                        sum += moment * i32::from(factor);
                    }
                }
            }
            let exact: i32 = values.iter().zip(&samples[window.start..]).map(|(w, s)| w * s).sum();
            assert_eq!(sum + remainders[index], HALF + exact, "{index}");
            let Bounds { least, room } = fitted.bounds[index];
            assert!((least..=least + room).contains(&(HALF + remainders[index])), "{index}");
        }
    }
}
