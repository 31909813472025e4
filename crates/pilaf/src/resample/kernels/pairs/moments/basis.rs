//! The polynomials that moments are made with, and weights as sums of them.

use std::ops::Range;

use crate::resample::kernels::pairs::runs::{Lane, SIXTEEN};

/// Room for the taps of the units of a stretch.
pub(super) const TAPS: usize = 32;

/// Of some windows, a number at each tap of the units of a stretch; zeros where taps are not of it.
pub(super) type Values<const M: usize> = [[f32; M]; TAPS];

/// What a digit may be, for the products of a pair to fit 16 bits in sum.
const MOST: f32 = 64.0;

/// What the digits of a sum may be above and below zero, for the sum of products to fit 16 bits.
const MOST_OF_SUM: f32 = 128.0;

/// Polynomials with whole values over the taps of a stretch, of degree 0, 1, ... `M - 1`.
#[derive(Clone, Debug)]
pub(super) struct Basis<const M: usize> {
    /// One past the last tap, from the first one of the first unit.
    end: usize,
    values: [[f32; TAPS]; M],
    /// For each of them, the least-squares fit: the product with a sum of those up to it tells how
    /// often it is in there. Zeros where there are not enough taps to tell it from those before it.
    fits: [[f32; TAPS]; M],
    /// The values as digits.
    pub(super) pairs: [[i32; M]; TAPS / 2],
}

impl<const M: usize> Basis<M> {
    /// Over these taps of the units; `steps` times the plain polynomials, which are
    ///
    /// ```text
    /// 1    t    t (t + 1) / 2 - a    (t^3 - t) / 6 - b t          from the middle tap on
    /// ```
    ///
    /// with those `a` and `b` that keep them small.
    fn new(taps: Range<usize>, steps: [f32; M]) -> Self {
        let mut values = [[0.0; TAPS]; M];
        for degree in 0..M {
            for tap in taps.clone() {
                let t = tap as i32 - ((taps.start + taps.end) / 2) as i32;
                let plain = [1, t, t * (t + 1) / 2, (t * t * t - t) / 6];
                values[degree][tap] = plain[degree] as f32;
            }
            if let Some(lower) = degree.checked_sub(2) {
                let lower = values[lower];
                let times = dot(&values[degree], &lower) / dot(&lower, &lower).max(1.0);
                subtract(&mut values[degree], &lower, times.round());
            }
        }
        for (values, step) in values.iter_mut().zip(steps) {
            values.iter_mut().for_each(|value| *value *= step);
        }
        let mut digits = [[0.0; M]; TAPS];
        for (degree, values) in values.iter().enumerate() {
            for (digits, &value) in digits.iter_mut().zip(values) {
                digits[degree] = value;
            }
        }
        let mut pairs = [[0; M]; TAPS / 2];
        for (pairs, taps) in pairs.iter_mut().zip(digits.as_chunks().0) {
            *pairs = pair_of(taps);
        }
        Self { end: taps.end, fits: fits(&values), values, pairs }
    }

    /// The values as bytes: of every polynomial those at the first 16 taps, and at the next.
    pub(super) fn lanes(&self) -> [[Lane; M]; 2] {
        let lane = |values: &[f32; TAPS], first: usize| {
            std::array::from_fn(|tap| to_integer(values[first + tap]) as u8)
        };
        [0, SIXTEEN].map(|first| self.values.each_ref().map(|values| lane(values, first)))
    }

    /// With steps that keep the factors of these weights within 16 bits. `None` where moments would
    /// not be.
    pub(super) fn suiting(taps: Range<usize>, windows: &Values<M>) -> Option<Self> {
        let (plain, mut values) = (Self::new(taps.clone(), [1.0; M]), *windows);
        let mut steps = [1.0_f32; M];
        for degree in (0..M).rev() {
            let factors = plain.factors(&values, degree);
            plain.take(&mut values, degree, factors);
            let most = factors.into_iter().fold(0.0, |most: f32, factor| most.max(factor.abs()));
            // A little more, for others to fit in too.
            steps[degree] = (most * 1.02 / f32::from(i16::MAX)).ceil().max(1.0);
        }
        let basis = Self::new(taps, steps);
        basis.values.iter().all(fits_sum).then_some(basis)
    }

    /// Takes the polynomials out of the weights of windows. `None` where a factor has more than 16
    /// bits or what is left is large. (All numbers are whole and below 2^24, so `f32` holds them.)
    pub(super) fn fit(&self, values: &mut Values<M>) -> Option<Fit<M>> {
        let mut fit = Fit { factors: [[0; M]; M], above: [0; M], below: [0; M] };
        let mut most = [0.0_f32; M];
        for degree in (0..M).rev() {
            let factors = self.factors(values, degree).map(|factor| (factor + INTEGER) - INTEGER);
            for window in 0..M {
                fit.factors[window][degree] = to_integer(factors[window]) as i16;
                most[window] = larger(most[window], factors[window].abs());
            }
            self.take(values, degree, factors);
        }
        let mut most_left = [0.0; M];
        let (mut sums, mut sizes) = ([0.0; M], [0.0; M]);
        for values in &values[..self.end] {
            for (window, &value) in values.iter().enumerate() {
                sums[window] += value;
                sizes[window] += value.abs();
                most_left[window] = larger(most_left[window], value.abs());
            }
        }
        for window in 0..M {
            fit.above[window] = to_integer((sizes[window] + sums[window]) / 2.0);
            fit.below[window] = to_integer((sizes[window] - sums[window]) / 2.0);
        }
        let all_fit = most.iter().all(|most| *most <= f32::from(i16::MAX))
            && most_left.iter().all(|most| *most <= MOST);
        all_fit.then_some(fit)
    }

    /// How often the polynomial of this degree is in the values of each window.
    #[inline]
    fn factors(&self, values: &Values<M>, degree: usize) -> [f32; M] {
        let mut sums = [[0.0; M]; 2];
        let (fits, values) = (self.fits[degree].as_chunks::<2>().0, values.as_chunks::<2>().0);
        for (fits, values) in fits.iter().zip(values).take(self.end.div_ceil(2)) {
            for ((sums, fit), values) in sums.iter_mut().zip(fits).zip(values) {
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += fit * value;
                }
            }
        }
        std::array::from_fn(|window| sums[0][window] + sums[1][window])
    }

    /// Takes it out of them.
    #[inline]
    fn take(&self, values: &mut Values<M>, degree: usize, factors: [f32; M]) {
        for (values, polynomial) in values.iter_mut().zip(&self.values[degree][..self.end]) {
            for (value, factor) in values.iter_mut().zip(factors) {
                *value -= polynomial * factor;
            }
        }
    }
}

/// How the weights of windows are made of polynomials over the taps of a stretch.
#[derive(Debug)]
pub(super) struct Fit<const M: usize> {
    /// For each window, how often each polynomial is in there.
    pub(super) factors: [[i16; M]; M],
    /// For each window, the sums of what is left above and below zero.
    pub(super) above: [i32; M],
    pub(super) below: [i32; M],
}

/// The larger of two numbers, in one instruction since neither is NaN.
#[inline]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Added to a number below 2^22, this leaves the nearest integer in the lowest bits.
const INTEGER: f32 = 1.5 * (1 << 23) as f32;

/// Numbers below 2^22; others become something.
#[inline]
pub(super) fn to_integer(value: f32) -> i32 {
    (value + INTEGER).to_bits() as i32 - INTEGER.to_bits() as i32
}

/// The whole numbers at the taps of a unit as digits, twice over.
#[inline]
fn pair_of<const M: usize>([a, b]: &[[f32; M]; 2]) -> [i32; M] {
    std::array::from_fn(|place| {
        let pair = to_integer(a[place]) & 0xff | (to_integer(b[place]) & 0xff) << 8;
        pair | pair << 16
    })
}

/// Whether sums of samples multiplied by these digits fit 16 bits.
fn fits_sum(values: &[f32; TAPS]) -> bool {
    let sum = |sign: f32| values.iter().map(|value| (value * sign).max(0.0)).sum::<f32>();
    let sums = sum(1.0).max(sum(-1.0));
    sums <= MOST_OF_SUM && values.iter().all(|value| value.abs() <= MOST)
}

/// Orthogonal to all polynomials of lower degree, and 1 times the one of its own degree.
fn fits<const M: usize>(values: &[[f32; TAPS]; M]) -> [[f32; TAPS]; M] {
    let mut fits = *values;
    for degree in 0..M {
        let mut fit = values[degree];
        for lower in &fits[..degree] {
            let norm = dot(lower, lower);
            if norm > 0.0 {
                subtract(&mut fit, lower, dot(&values[degree], lower) / norm);
            }
        }
        let norm = dot(&fit, &values[degree]);
        let scale = if norm > 1e-3 { 1.0 / norm } else { 0.0 };
        fits[degree] = fit.map(|value| value * scale);
    }
    fits
}

fn dot(a: &[f32; TAPS], b: &[f32; TAPS]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn subtract(values: &mut [f32; TAPS], others: &[f32; TAPS], times: f32) {
    for (value, other) in values.iter_mut().zip(others) {
        *value -= other * times;
    }
}
