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
//! Whole numbers do not lie on a line, so there is a *remainder*, for each window and tap. It is small
//! and costs a product of bytes: half of what a unit and a window cost otherwise, and less than that
//! where four windows share the moments. Nothing is left out; the sums are those of the specification.
//!
//! All sums of a stretch are in 16 bits. [`Moments::pack`] sees that none can exceed them, and gives
//! up where one could, or where weights are not what it takes them for.

mod basis;
mod sums;

use std::ops::Range;

use super::across::EIGHT;
use crate::resample::scalar::HALF;
use crate::resample::weights::{Weights, Window};
use basis::{Basis, Fit, TAPS, Values, pair_of};
pub(crate) use sums::sum_rows;

/// An axis in stretches, with `M` moments and as many windows that meet in each of them.
#[derive(Debug)]
pub(crate) struct Moments<const M: usize> {
    /// Those of the first window, and `parts` more for each window after it.
    stretches: Vec<Stretch<M>>,
    /// For each stretch, `units` of them.
    digits: Vec<Digits<M>>,
    units: usize,
    /// Stretches between two centers.
    parts: usize,
    outputs: usize,
    /// Of the first window.
    first: Start,
}

/// The taps between two centers, or a part of them.
#[derive(Debug)]
struct Stretch<const M: usize> {
    first_unit: u32,
    /// Whether the first of its windows ends with it, and another one enters.
    is_last: bool,
    /// For each window, the first one first, what it multiplies the moments by.
    factors: [[i16; M]; M],
    /// Of the window that enters.
    start: Start,
}

/// Where the sums of a window start: half a sample, and for the sum of samples times remainders as
/// much less or more as makes it fit 16 bits.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    sum: i32,
    /// Twice over.
    remainders: i32,
}

/// What the two samples of a unit are multiplied by, each pair twice over.
#[derive(Clone, Copy, Debug)]
struct Digits<const M: usize> {
    moments: [i32; M],
    remainders: [i32; M],
}

impl Start {
    /// For remainders with these sums above and below zero.
    fn new([above, below]: [i32; 2]) -> Option<Self> {
        let start = (below - above) * 255 / 2;
        let (least, most) = (start - below * 255, start + above * 255);
        if least < i32::from(i16::MIN) || most > i32::from(i16::MAX) {
            return None;
        }
        Some(Self { sum: HALF - start, remainders: start << 16 | start & 0xffff })
    }
}

impl<const M: usize> Moments<M> {
    /// `None` where weights do not suit, or nothing would be gained.
    pub(super) fn pack(weights: &Weights<i32>) -> Option<Self> {
        let cuts = Cuts::new::<M>(weights.windows())?;
        let units = (0..cuts.count()).map(|index| units_of(&cuts.taps(index)).len()).max()?;
        if cost::<M>(units, cuts.count(), weights.len()) >= cost_of_windows(weights.windows()) {
            return None;
        }
        let mut axis = Self {
            stretches: Vec::with_capacity(cuts.count()),
            digits: Vec::with_capacity(cuts.count() * units),
            units,
            parts: cuts.parts,
            outputs: weights.len(),
            first: Start::default(),
        };
        let mut bases: [Option<Basis<M>>; 2 * TAPS] = [const { None }; 2 * TAPS];
        let mut balance = vec![[0; 2]; weights.len()];
        for index in 0..cuts.count() {
            let taps = cuts.taps(index);
            let windows = cuts.values(weights, index);
            let mut left = windows;
            let basis = &mut bases[2 * taps.len() + taps.start % 2];
            let fit = match basis.as_ref().and_then(|basis| basis.fit(&mut left)) {
                Some(fit) => fit,
                // At the ends of an axis, weights may be larger than elsewhere.
                None => {
                    left = windows;
                    let taps = taps.start % 2..taps.start % 2 + taps.len();
                    basis.insert(Basis::suiting(taps, &windows)?).fit(&mut left)?
                }
            };
            for (place, output) in cuts.outputs::<M>(index).enumerate() {
                if let Some([above, below]) = output.and_then(|output| balance.get_mut(output)) {
                    *above += fit.above[place];
                    *below += fit.below[place];
                }
            }
            axis.push(&taps, basis.as_ref()?, &fit, &left);
        }
        axis.set_starts(&balance)?;
        Some(axis)
    }

    /// Appends a stretch. `left` is what is left of the weights of its windows.
    fn push(&mut self, taps: &Range<usize>, basis: &Basis<M>, fit: &Fit<M>, left: &Values<M>) {
        let pairs = basis.pairs.iter().zip(left.as_chunks().0).take(self.units);
        let digits = pairs.map(|(&moments, left)| Digits { moments, remainders: pair_of(left) });
        self.digits.extend(digits);
        self.stretches.push(Stretch {
            first_unit: units_of(taps).start as u32,
            is_last: (self.stretches.len() + 1).is_multiple_of(self.parts),
            factors: fit.factors,
            start: Start::default(),
        });
    }

    /// Sets where the sums of windows start, with the remainders of each above and below zero.
    fn set_starts(&mut self, balance: &[[i32; 2]]) -> Option<()> {
        let (first, others) = balance.split_first()?;
        self.first = Start::new(*first)?;
        let lasts = self.stretches.iter_mut().filter(|stretch| stretch.is_last);
        for (stretch, balance) in lasts.zip(others) {
            stretch.start = Start::new(*balance)?;
        }
        Some(())
    }

    /// The stretches that the first output needs but the last `parts`, and those that each block of
    /// [`EIGHT`] outputs needs after them.
    fn blocks(&self) -> impl Iterator<Item = Range<usize>> + Clone {
        let first = (M - 1) * self.parts;
        let rest = (first..self.stretches.len()).step_by(EIGHT * self.parts);
        let rest = rest.map(|start| start..(start + EIGHT * self.parts).min(self.stretches.len()));
        std::iter::once(0..first).chain(rest)
    }

    /// The units of some stretches.
    fn units_of(&self, stretches: Range<usize>) -> Range<usize> {
        let stretches = &self.stretches[stretches];
        let last = stretches[stretches.len() - 1].first_unit as usize;
        stretches[0].first_unit as usize..last + self.units
    }
}

/// What sums over stretches cost: instructions on vectors for all rows of a group, and a quarter more
/// for what is around them, as measured.
fn cost<const M: usize>(units: usize, stretches: usize, outputs: usize) -> usize {
    (stretches * (units * M * 4 + M * M * 2 + M) + outputs * 10) * 5 / 4
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

    /// The weights of those windows at the taps of the stretch, zeros elsewhere.
    fn values<const M: usize>(&self, weights: &Weights<i32>, index: usize) -> Values<M> {
        let taps = self.taps(index);
        let first = taps.start / 2 * 2;
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

    /// The weights that the moments stand for, at `taps` taps of every output.
    fn unpacked<const M: usize>(axis: &Moments<M>, taps: usize) -> Vec<Vec<i32>> {
        let mut outputs = vec![vec![0; taps]; axis.outputs];
        let byte = |pair: i32, tap: usize| i32::from(pair.to_le_bytes()[tap] as i8);
        for (index, stretch) in axis.stretches.iter().enumerate() {
            for place in 0..M {
                let output = (index / axis.parts + 1 + place).checked_sub(M);
                let Some(output) = output.and_then(|output| outputs.get_mut(output)) else {
                    assert_eq!(stretch.factors[place], [0; M], "a window that is none");
                    continue;
                };
                let digits = &axis.digits[index * axis.units..][..axis.units];
                for (unit, digits) in (stretch.first_unit as usize..).zip(digits) {
                    for tap in [0, 1] {
                        let moments = digits.moments.iter().zip(stretch.factors[place]);
                        let sum =
                            moments.map(|(&pair, factor)| byte(pair, tap) * i32::from(factor));
                        let weight = sum.sum::<i32>() + byte(digits.remainders[place], tap);
                        match output.get_mut(2 * unit + tap) {
                            Some(target) => *target += weight,
                            None => assert_eq!(weight, 0, "a tap past the end"),
                        }
                    }
                }
            }
        }
        outputs
    }

    /// Whether moments suit; then they must stand for the same weights.
    fn check<const M: usize>(weights: &Weights<i32>, taps: usize) -> bool {
        let Some(axis) = Moments::<M>::pack(weights) else { return false };
        for ((window, values), unpacked) in weights.iter().zip(unpacked(&axis, taps)) {
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
