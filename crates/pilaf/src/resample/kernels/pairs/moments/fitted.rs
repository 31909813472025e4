//! Weights taken apart: into polynomials over stretches, and what these leave.

use std::ops::Range;

use super::Cuts;
use super::basis::{Basis, Fit, TAPS, Values};
use crate::resample::scalar::HALF;
use crate::resample::weights::Weights;

/// The weights of an axis, for stretches with `M` windows that meet in each of them.
#[derive(Debug)]
pub(super) struct Fitted<const M: usize> {
    pub(super) stretches: Vec<Stretch<M>>,
    /// The polynomials of every kind of stretch.
    pub(super) bases: Vec<Basis<M>>,
    /// Those of all windows.
    pub(super) bounds: Vec<Bounds>,
}

/// The taps between two centers, or a part of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<const M: usize> {
    /// The tap that its polynomials begin with.
    pub(super) first: usize,
    /// Its kind.
    pub(super) basis: usize,
    /// For each window that meets here, the first one first, how often each polynomial is in there.
    pub(super) factors: [[i16; M]; M],
}

/// What a window sums up to without its remainder.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bounds {
    /// Where the sum starts, if the remainder adds as little as it can: half an output, and less.
    pub(super) least: i32,
    /// How much more it may add; below 2^16.
    pub(super) room: i32,
}

impl Bounds {
    /// For remainders with these sums above and below zero.
    fn new([above, below]: [i32; 2]) -> Option<Self> {
        let room = (above + below) * 255;
        (room <= i32::from(u16::MAX)).then_some(Self { least: HALF - below * 255, room })
    }
}

impl<const M: usize> Fitted<M> {
    /// The polynomials of stretches begin at multiples of `unit`. `keep` gets what they leave: the number of
    /// a window, the first of some taps, what is left of the windows that meet there, and which of these
    /// it is. `None` where weights do not suit.
    pub(super) fn new(
        weights: &Weights<i32>,
        cuts: &Cuts,
        unit: usize,
        mut keep: impl FnMut(usize, usize, &[[f32; M]], usize),
    ) -> Option<Self> {
        let mut fitted = Self {
            stretches: Vec::with_capacity(cuts.count()),
            bases: Vec::new(),
            bounds: Vec::with_capacity(weights.len()),
        };
        let mut known = [None; 2 * TAPS];
        let mut balance = vec![[0; 2]; weights.len()];
        for index in 0..cuts.count() {
            let taps = cuts.taps(index);
            let first = taps.start / unit * unit;
            let windows = cuts.values(weights, index, first);
            let inside = taps.start - first..taps.end - first;
            let known = &mut known[2 * taps.len() + inside.start];
            let (basis, fit, left) = fitted.fit(inside.clone(), &windows, known)?;
            for (place, output) in cuts.outputs::<M>(index).enumerate() {
                let Some(output) = output.filter(|output| *output < weights.len()) else {
                    continue;
                };
                balance[output][0] += fit.above[place];
                balance[output][1] += fit.below[place];
                keep(output, taps.start, &left[inside.clone()], place);
            }
            fitted.stretches.push(Stretch { first, basis, factors: fit.factors });
        }
        for balance in balance {
            fitted.bounds.push(Bounds::new(balance)?);
        }
        Some(fitted)
    }

    /// Takes the polynomials out of the weights of the windows that meet in a stretch of these taps, those
    /// that are `known` of its kind if they suit. Returns which they are, how often they are in there,
    /// and what is left.
    fn fit(
        &mut self,
        taps: Range<usize>,
        windows: &Values<M>,
        known: &mut Option<usize>,
    ) -> Option<(usize, Fit<M>, Values<M>)> {
        let mut left = *windows;
        if let Some(basis) = *known
            && let Some(fit) = self.bases[basis].fit(&mut left)
        {
            return Some((basis, fit, left));
        }
        // At the ends of an axis, weights may be larger than elsewhere.
        left = *windows;
        let (basis, suiting) = (self.bases.len(), Basis::suiting(taps, windows)?);
        let fit = suiting.fit(&mut left)?;
        self.bases.push(suiting);
        *known = Some(basis);
        Some((basis, fit, left))
    }
}
