//! The pass over rows of one band: long windows, summed where they lie.

use std::hint::black_box;

use super::{Factors, outputs};
use crate::resample::kernels::pairs::across::EIGHT;
use crate::resample::kernels::pairs::runs::{
    FEW, Lane, Next, Runs, SIXTEEN, in_blocks, parts, store_block,
};
use crate::resample::kernels::pairs::{LineKernel, Products};
use crate::resample::kernels::{Rows, Scratch};
use crate::resample::weights::Weights;

/// An axis of means of one band.
#[derive(Debug)]
pub(crate) struct RowMeans {
    windows: Runs<1>,
    /// Those of each block of windows.
    factors: Vec<Lane>,
}

impl RowMeans {
    /// `None` where turning rows costs less or windows are too long, and if taps have different weights or
    /// no [`Factors`].
    pub(in super::super) fn pack(weights: &Weights<i32>) -> Option<Self> {
        let taps = || weights.windows().iter().map(|window| window.taps);
        if taps().sum::<usize>() < weights.len() * FEW {
            return None;
        }
        let mut windows = Runs::with_capacity(weights.len(), taps().max()?)?;
        let Factors { up, factors } = Factors::find(weights)?;
        let digits = |taps: usize| [std::array::from_fn(|tap| u8::from(tap < taps) << up)];
        for window in weights.windows() {
            let loads = (0..window.taps).step_by(SIXTEEN);
            windows.push(window.start, loads.map(|tap| digits(window.taps - tap)))?;
        }
        windows.fill(0);
        let of_eight = |factors: &[u16]| {
            let factor = |word: usize| factors.get(word).copied().unwrap_or(0).to_le_bytes();
            std::array::from_fn(|byte| factor(byte / 2)[byte % 2])
        };
        Some(Self { windows, factors: factors.chunks(EIGHT).map(of_eight).collect() })
    }

    /// Makes lines, for windows of `LOADS` loads.
    #[inline(always)]
    fn average<X: Products<N>, const N: usize, const LOADS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let Self { windows, factors } = self;
        let (count, line_bytes) = (2 * X::LANES, lines.len() / (N / 4));
        let mut next = Next::new(rows, N / 2);
        for (index, lines) in lines.chunks_exact_mut(X::LANES * line_bytes).enumerate() {
            let mut lines = in_blocks(lines, line_bytes);
            let rows = rows.skip(index * count);
            let parts = parts(rows, count, windows, &mut scratch.edge);
            for part in parts.iter().flatten() {
                let blocks = windows.blocks::<LOADS>(part.blocks.clone());
                let factors = &factors[part.blocks.clone()];
                for ((block, factors), index) in blocks.zip(factors).zip(part.blocks.clone()) {
                    next.ask::<N, LOADS>();
                    // Were they known to be the same in all lanes, the compiler would multiply in more
                    // instructions.
                    let factors = x.repeat(black_box(factors));
                    let [[a], [b]] = block.sum(x, part);
                    let means = [outputs(x, a, factors), outputs(x, b, factors)];
                    store_block(x, means, &mut lines, index);
                }
            }
        }
    }
}

impl LineKernel for RowMeans {
    #[inline(always)]
    fn make_lines<X: Products<N>, const N: usize, const BANDS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        assert_eq!(BANDS, 1);
        match self.windows.loads {
            1 => self.average::<X, N, 1>(x, rows, scratch, lines),
            2 => self.average::<X, N, 2>(x, rows, scratch, lines),
            3 => self.average::<X, N, 3>(x, rows, scratch, lines),
            _ => self.average::<X, N, 4>(x, rows, scratch, lines),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::Filter;
    use crate::resample::weights::Extent;

    fn suits(source: u32, size: u32, filter: Filter) -> bool {
        let weights = Weights::build(source, Extent::whole(source), size, filter).to_fixed();
        RowMeans::pack(&weights).is_some()
    }

    #[test]
    fn long_windows_of_one_weight_suit() {
        assert!(suits(2725, 224, Filter::Box) && suits(4000, 115, Filter::Box));
        assert!(!suits(2725, 720, Filter::Box), "few taps");
        assert!(suits(300, 5, Filter::Box), "of four loads");
        assert!(!suits(330, 5, Filter::Box), "of five");
        assert!(!suits(4000, 100, Filter::Box), "too far apart");
        assert!(!suits(2725, 224, Filter::Bilinear));
    }
}
