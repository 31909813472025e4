//! The pass over rows of one band: the moments of stretches summed where they lie.
//!
//! Outputs that are not the same at both [bounds](Bounds) are noted, and made again as they are
//! specified once their rows are done. Of photographs that is one of two hundred. Where it is every
//! one, as of black and white stripes whose means are ties, a resize takes five times as long.

use super::Cuts;
use super::basis::Basis;
use super::fitted::{Bounds, Fitted};
use crate::resample::kernels::pairs::across::EIGHT;
use crate::resample::kernels::pairs::runs::{
    FEW, Lane, Lines, Next, Runs, SIXTEEN, in_blocks, parts, store_block,
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
    weights: Weights<i32>,
}

/// Eight windows: numbers for the first four and for the last.
#[derive(Clone, Copy, Debug)]
struct Windows {
    /// What both moments of their first stretch are multiplied by, and those of the next one.
    factors: [[Lane; 2]; 2],
    /// Their [bounds](Bounds).
    least: [Lane; 2],
    room: [Lane; 2],
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
        let fitted = Fitted::new(weights, &cuts, 1, |_, _, _, _| ())?;
        let lanes: Vec<_> = fitted.bases.iter().map(Basis::lanes).collect();
        for stretch in &fitted.stretches {
            stretches.push(stretch.first, lanes[stretch.basis])?;
        }
        stretches.fill(weights.len().div_ceil(EIGHT) + 1);
        let starts = (0..weights.len()).step_by(EIGHT);
        let blocks = starts.map(|first| Windows::new(&fitted, first)).collect();
        Some(Self { stretches, blocks, weights: weights.clone() })
    }

    /// Makes those outputs of a block as they are specified whose bits are set: for each lane, for both
    /// vectors, eight.
    #[inline(always)]
    fn make_again(
        &self,
        rows: Rows<'_>,
        [block, mut bits]: [u32; 2],
        lanes: usize,
        lines: &mut Lines<'_>,
    ) {
        while bits != 0 {
            let place = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let (lane, vector, index) = (place / 16, place / EIGHT % 2, place % EIGHT);
            let row = vector * lanes + lane;
            let window = &self.weights.windows()[block as usize * EIGHT + index];
            let samples = &rows.row(row)[window.start..window.end()];
            let products = samples.iter().zip(self.weights.of(window));
            let sum: i32 = products.map(|(&sample, weight)| i32::from(sample) * weight).sum();
            let output = ((HALF + sum) >> PRECISION_BITS).clamp(0, 255) as u8;
            lines[row / 2][block as usize][2 * index + row % 2] = output;
        }
    }

    /// Makes lines, for stretches of `LOADS` loads.
    #[inline(always)]
    fn resample<X: Products<N>, const N: usize, const LOADS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let (count, line_bytes) = (2 * X::LANES, lines.len() / (N / 4));
        let mut next = Next::new(rows, N / 2);
        let doubts = &mut scratch.doubts;
        doubts.resize(self.blocks.len() + 1, [0; 2]);
        for (index, lines) in lines.chunks_exact_mut(X::LANES * line_bytes).enumerate() {
            let mut lines = in_blocks(lines, line_bytes);
            let rows = rows.skip(index * count);
            let (mut before, mut doubtful) = (None, 0);
            for part in parts(rows, count, &self.stretches, &mut scratch.edge) {
                let mut blocks = self.stretches.blocks::<LOADS>(part.blocks.clone());
                let mut moments = match before {
                    Some(moments) => moments,
                    None => blocks.next().expect("parts have blocks").sum(x, &part),
                };
                // With each block of stretches, the windows of the one before it are done.
                let start = part.blocks.start.saturating_sub(1);
                for ((block, windows), index) in blocks.zip(&self.blocks[start..]).zip(start..) {
                    next.ask::<N, LOADS>();
                    let later = block.sum(x, &part);
                    let a = windows.outputs(x, moments[0], later[0][0]);
                    let b = windows.outputs(x, moments[1], later[1][0]);
                    store_block(x, [a[0], b[0]], &mut lines, index);
                    let bits = x.nonzero_words(a[1], b[1]);
                    doubts[doubtful] = [index as u32, bits];
                    doubtful += usize::from(bits != 0);
                    moments = later;
                }
                before = Some(moments);
            }
            for &doubt in &doubts[..doubtful] {
                self.make_again(rows, doubt, X::LANES, &mut lines);
            }
        }
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
            }
        }
        windows
    }

    /// Their outputs as words if remainders add as little as they can, and zeros where they are the same if
    /// these add as much as they can. `next` are the moments of the four stretches after those of
    /// `moments`.
    #[inline(always)]
    fn outputs<X: Products<N>, const N: usize>(
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
        let low = x.add_doubles(sums[0], x.repeat(&self.room[0]));
        let high = x.add_doubles(sums[1], x.repeat(&self.room[1]));
        let least = x.narrow::<{ PRECISION_BITS as i32 }>(sums);
        let most = x.narrow::<{ PRECISION_BITS as i32 }>([low, high]);
        [least, x.settle(x.xor(least, most))]
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
            1 => self.resample::<X, N, 1>(x, rows, scratch, lines),
            _ => self.resample::<X, N, 2>(x, rows, scratch, lines),
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

    /// What the kernel makes of a row without its remainders, and the weights say.
    #[test]
    fn bounds_are_on_both_sides_of_every_sum() {
        let axis = pack(2725, 224, Filter::Bilinear).unwrap();
        let fitted = {
            let cuts = Cuts::new::<2>(axis.weights.windows()).unwrap();
            Fitted::<2>::new(&axis.weights, &cuts, 1, |_, _, _, _| ()).unwrap()
        };
        let samples: Vec<i32> = (0..2725).map(|at: i32| at * at % 256).collect();
        for (index, (window, values)) in axis.weights.iter().enumerate() {
            let exact: i32 = values.iter().zip(&samples[window.start..]).map(|(w, s)| w * s).sum();
            let mut least = fitted.bounds[index].least;
            for stretch in [index, index + 1] {
                let Stretch { first, basis, factors } = &fitted.stretches[stretch];
                let factors = factors[1 + index - stretch];
                for (load, lanes) in fitted.bases[*basis].lanes().into_iter().enumerate() {
                    for (lane, factor) in lanes.into_iter().zip(factors) {
                        let samples = samples.iter().skip(first + load * SIXTEEN);
                        let products = lane.into_iter().zip(samples);
                        let sum: i32 = products.map(|(digit, s)| i32::from(digit as i8) * s).sum();
                        least += sum * i32::from(factor);
                    }
                }
            }
            let sums = least..=least + fitted.bounds[index].room;
            assert!(sums.contains(&(HALF + exact)), "{index}: {exact} and {sums:?}");
        }
    }
}
