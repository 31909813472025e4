//! Strong shrinking where weights are smooth: what windows have in common is summed once.
//!
//! Between the centers of two neighbouring outputs, the weights of bilinear lie on a line in each of
//! the two windows that meet there, those of bicubic on a cubic in each of four. So the samples of
//! such a *stretch* are summed up to its *moments*, multiplied by 1, t, ... (the place of the tap),
//! and each window multiplies those by factors of its own:
//!
//! ```text
//! weight(t)      =  f0 * 1          + f1 * t          + remainder(t)
//! sum of window  =  f0 * sum of p   + f1 * sum of t p + sum of remainder(t) p      over its stretches
//! ```
//!
//! Whole numbers do not lie on a line, so there is a *remainder*, for each window and tap. It is
//! small: what it adds to a sum seldom changes the output, and lies between bounds that are known
//! before any sample is. So it is summed only for outputs that are not the same at both bounds.
//! Nothing is left out; the outputs are those of the specification.
//!
//! All sums of a stretch are in 16 bits. [`Moments::pack`] sees that none can exceed them, and gives
//! up where one could, or where weights are not what it takes them for.

mod basis;
mod fitted;
mod row;
mod sums;

use std::ops::Range;

use super::across::EIGHT;
use crate::resample::weights::{Weights, Window};
use basis::{TAPS, Values, to_integer};
use fitted::{Bounds, Fitted};
pub(in super::super) use row::Doubt;
pub(super) use row::RowLines;

/// An axis in stretches, with `M` moments and as many windows that meet in each of them.
#[derive(Debug)]
pub(crate) struct Moments<const M: usize> {
    /// Those of the first window, and `parts` more for each window after it; and some more.
    stretches: Vec<Stretch<M>>,
    /// Stretches between two centers.
    parts: usize,
    /// Those of all windows, and some more that have no meaning.
    bounds: Vec<Bounds>,
    /// For each block of outputs, its first unit and one past the last.
    blocks: Vec<[u32; 2]>,
    /// Units of every stretch.
    units: usize,
    /// What samples are multiplied by for the sum of each moment: for every kind of stretch, `units`
    /// times.
    digits: Vec<[Repeated; M]>,
    /// For each window, the remainders of `window_units` units.
    remainders: Vec<[i8; 2]>,
    window_units: usize,
}

/// The taps between two centers, or a part of them.
#[derive(Clone, Copy, Debug)]
struct Stretch<const M: usize> {
    first_unit: u32,
    /// Where its `digits` begin.
    digits: u32,
    /// For each window that meets here, the first one first, what moments are multiplied by.
    factors: [[i16; M]; M],
}

/// The digits of a unit, over and over: as long as the longest vector, so that none is made of them
/// for each product.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Repeated([u8; 32]);

impl Repeated {
    fn new(digits: i32) -> Self {
        let digits = digits.to_le_bytes();
        Self(std::array::from_fn(|byte| digits[byte % 4]))
    }
}

impl<const M: usize> Moments<M> {
    /// `None` where weights do not suit, or nothing would be gained.
    pub(super) fn pack(weights: &Weights<i32>) -> Option<Self> {
        let cuts = Cuts::new::<M>(weights.windows())?;
        let units = (0..cuts.count()).map(|index| units_of(&cuts.taps(index)).len()).max()?;
        if cost::<M>(units, cuts.parts, weights.len()) >= cost_of_windows(weights.windows()) {
            return None;
        }
        let first_unit = |output: usize| cuts.taps[output * cuts.parts] / 2;
        let last_unit = |output: usize| (cuts.taps[(output + M) * cuts.parts]).div_ceil(2);
        let lengths = (0..weights.len()).map(|output| last_unit(output) - first_unit(output));
        let window_units = lengths.max().unwrap_or(0);
        let mut remainders = vec![[0; 2]; weights.len() * window_units];
        let keep = |output: usize, tap: usize, left: &[[f32; M]], place: usize| {
            let remainders = remainders[output * window_units..].as_flattened_mut();
            let remainders = &mut remainders[tap - 2 * first_unit(output)..];
            for (remainder, left) in remainders.iter_mut().zip(left) {
                *remainder = to_integer(left[place]) as i8;
            }
        };
        let Fitted { stretches, bases, bounds } = Fitted::new(weights, &cuts, 2, keep)?;
        let repeated = |digits: &[i32; M]| digits.map(Repeated::new);
        let digits = bases.iter().flat_map(|basis| basis.pairs[..units].iter().map(repeated));
        let stretch = |stretch: &fitted::Stretch<M>| Stretch {
            first_unit: (stretch.first / 2) as u32,
            digits: (stretch.basis * units) as u32,
            factors: stretch.factors,
        };
        let mut axis = Self {
            stretches: stretches.iter().map(stretch).collect(),
            parts: cuts.parts,
            bounds,
            blocks: Vec::new(),
            units,
            digits: digits.collect(),
            remainders,
            window_units,
        };
        axis.fill_blocks();
        Some(axis)
    }

    /// The units that each block of [`EIGHT`] outputs needs.
    fn blocks(&self) -> impl Iterator<Item = Range<usize>> + Clone {
        self.blocks.iter().map(|[start, end]| *start as usize..*end as usize)
    }

    /// Adds stretches without meaning, for all blocks to be whole ones.
    fn fill_blocks(&mut self) {
        let outputs = self.bounds.len().next_multiple_of(EIGHT);
        self.bounds.resize(outputs + M - 1, Bounds::default());
        if let Some(Stretch { first_unit, digits, .. }) = self.stretches.last() {
            let last = Stretch { first_unit: *first_unit, digits: *digits, factors: [[0; M]; M] };
            self.stretches.resize((outputs + M - 1) * self.parts, last);
        }
        let step = EIGHT * self.parts;
        let stretches_of_block = step + (M - 1) * self.parts;
        let blocks = self.stretches.windows(stretches_of_block).step_by(step).map(|stretches| {
            let [first, last] =
                [0, stretches_of_block - 1].map(|index| stretches[index].first_unit);
            [first, last + self.units as u32]
        });
        self.blocks = blocks.collect();
    }
}

/// What sums over stretches cost: instructions on vectors for all rows of a group, and a quarter more
/// for what is around them, as measured.
fn cost<const M: usize>(units: usize, parts: usize, outputs: usize) -> usize {
    outputs * (parts * (units * M * 2 + M + M * M * 2) + 20) * 5 / 4
}

/// What sums cost window by window.
fn cost_of_windows(windows: &[Window]) -> usize {
    windows.iter().map(|window| units_of(&(window.start..window.end())).len() * 8 + 14).sum()
}

/// The units that have some of these taps.
fn units_of(taps: &Range<usize>) -> Range<usize> {
    taps.start / 2..taps.end.div_ceil(2)
}

/// Where stretches begin and end.
struct Cuts {
    /// The first tap of every stretch, and one past the last tap of the last one.
    taps: Vec<usize>,
    parts: usize,
}

impl Cuts {
    /// Where a window bends, others begin and end. Each reaches from the cut with its own number over
    /// `M` distances.
    fn new<const M: usize>(windows: &[Window]) -> Option<Self> {
        let starts = windows.iter().map(|window| window.start);
        let ends = windows[windows.len().checked_sub(M)?..].iter().map(Window::end);
        let cuts: Vec<usize> = starts.chain(ends).collect();
        if windows.iter().zip(&cuts[M..]).any(|(window, end)| window.end() > *end) {
            return None;
        }
        let distances = || cuts.windows(2).map(|cuts| (cuts[0], cuts[1].checked_sub(cuts[0])));
        let longest =
            distances().map(|(_, taps)| taps).try_fold(0, |most, taps| Some(taps?.max(most)))?;
        let parts = longest.div_ceil(most_taps(M)).max(1);
        let mut taps = Vec::with_capacity(cuts.len() * parts);
        for (start, distance) in distances() {
            taps.extend((0..parts).map(|part| start + distance.unwrap_or(0) * part / parts));
        }
        taps.extend(cuts.last());
        Some(Self { taps, parts })
    }

    /// The number of stretches.
    fn count(&self) -> usize {
        self.taps.len() - 1
    }

    /// The taps of stretch `index`.
    fn taps(&self, index: usize) -> Range<usize> {
        self.taps[index]..self.taps[index + 1]
    }

    /// The windows that meet in stretch `index`, the first one first; some may be none of the axis.
    fn outputs<const M: usize>(&self, index: usize) -> impl Iterator<Item = Option<usize>> {
        let last = index / self.parts;
        (0..M).map(move |place| (last + 1 + place).checked_sub(M))
    }

    /// The weights of those windows at the taps of the stretch, from tap `first` on; zeros elsewhere.
    fn values<const M: usize>(
        &self,
        weights: &Weights<i32>,
        index: usize,
        first: usize,
    ) -> Values<M> {
        let taps = self.taps(index);
        let mut values = [[0.0; M]; TAPS];
        for (place, output) in self.outputs::<M>(index).enumerate() {
            let window = output.and_then(|output| weights.windows().get(output));
            let Some(window) = window else { continue };
            let (start, end) = (taps.start.max(window.start), taps.end.min(window.end()));
            if start < end {
                let values = &mut values[start - first..end - first];
                let weights = &weights.of(window)[start - window.start..end - window.start];
                for (values, &weight) in values.iter_mut().zip(weights) {
                    values[place] = weight as f32;
                }
            }
        }
        values
    }
}

/// The longest stretch whose moments fit 16 bits.
fn most_taps(moments: usize) -> usize {
    if moments == 2 { 30 } else { 16 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::Filter;
    use crate::resample::weights::Extent;

    fn weights(source: u32, extent: Extent, size: u32, filter: Filter) -> Weights<i32> {
        Weights::build(source, extent, size, filter).to_fixed()
    }

    fn whole(source: u32, size: u32, filter: Filter) -> Weights<i32> {
        weights(source, Extent::whole(source), size, filter)
    }

    /// The weights that the moments and remainders stand for, at `taps` taps of every output.
    fn unpacked<const M: usize>(
        axis: &Moments<M>,
        (outputs, taps): (usize, usize),
    ) -> Vec<Vec<i32>> {
        let unpacked = |output: usize| {
            let mut weights = vec![0; taps + 64];
            let stretches = output * axis.parts..(output + M) * axis.parts;
            let first = 2 * axis.stretches[stretches.start].first_unit as usize;
            let remainders = &axis.remainders[output * axis.window_units..][..axis.window_units];
            for (tap, &remainder) in remainders.as_flattened().iter().enumerate() {
                weights[first + tap] = i32::from(remainder);
            }
            for (index, stretch) in axis.stretches[stretches].iter().enumerate() {
                let factors = &stretch.factors[M - 1 - index / axis.parts];
                let digits = &axis.digits[stretch.digits as usize..][..axis.units];
                for (unit, digits) in (stretch.first_unit as usize..).zip(digits) {
                    for tap in [0, 1] {
                        let products = digits.iter().zip(factors);
                        let products =
                            products.map(|(d, &f)| i32::from(d.0[tap] as i8) * i32::from(f));
                        weights[2 * unit + tap] += products.sum::<i32>();
                    }
                }
            }
            assert!(weights[taps..].iter().all(|weight| *weight == 0), "taps past the end");
            weights.truncate(taps);
            weights
        };
        (0..outputs).map(unpacked).collect()
    }

    /// Whether moments suit; then they must stand for the same weights.
    fn check<const M: usize>(weights: &Weights<i32>, taps: usize) -> bool {
        let Some(axis) = Moments::<M>::pack(weights) else { return false };
        for ((window, values), unpacked) in
            weights.iter().zip(unpacked(&axis, (weights.len(), taps)))
        {
            let mut wanted = vec![0; taps];
            wanted[window.start..window.end()].copy_from_slice(values);
            assert_eq!(unpacked, wanted);
        }
        true
    }

    #[test]
    fn moments_and_remainders_are_the_weights() {
        for (source, size) in [(2725, 224), (1400, 100), (350, 25)] {
            assert!(check::<2>(&whole(source, size, Filter::Bilinear), source as usize));
        }
        assert!(check::<4>(&whole(2725, 224, Filter::Bicubic), 2725));
    }

    #[test]
    fn a_box_may_lie_anywhere() {
        let mut suited = [0; 2];
        for index in 0..100_u16 {
            let start = f32::from(index) * 7.3;
            let extent = Extent { start, end: 2000.0 - f32::from(index % 7) * 10.1 };
            let size = 20 + u32::from(index) * 2;
            let lines = weights(2000, extent, size, Filter::Bilinear);
            let cubics = weights(2000, extent, size, Filter::Bicubic);
            suited[0] += usize::from(check::<2>(&lines, 2000));
            suited[1] += usize::from(check::<4>(&cubics, 2000));
        }
        assert!(suited[0] >= 60 && suited[1] >= 20, "{suited:?}");
    }

    #[test]
    fn other_weights_do_not_suit() {
        for filter in [Filter::Hamming, Filter::Lanczos, Filter::Mks2013, Filter::Mks2021] {
            let weights = whole(2725, 224, filter);
            assert!(Moments::<2>::pack(&weights).is_none(), "{filter}");
            assert!(Moments::<4>::pack(&weights).is_none(), "{filter}");
        }
        // Too few taps for anything to be gained, and too few windows.
        assert!(Moments::<2>::pack(&whole(100, 50, Filter::Bilinear)).is_none());
        assert!(Moments::<4>::pack(&whole(100, 3, Filter::Bicubic)).is_none());
    }
}
