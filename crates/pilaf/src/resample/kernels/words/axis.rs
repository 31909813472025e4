//! Weights in digits, and which sums are doubtful.
//!
//! ```text
//! weight = d0 / 2^b0 + d1 / 2^(b0 + b1) + d2 / 2^(b0 + b1 + b2) + error
//! ```
//!
//! Digits are signed, of 16 bits, and rounded to nearest, so that an error is at most half of the
//! last digit's unit. The bits are as many as leave room for the sum of each digit in `i32`; there
//! are three digits where two would leave too many sums doubtful.
//!
//! The weights of Lanczos and Hamming are [estimates](super::super::super::fixed::estimate), since two
//! sines for each would take half as long as a whole resize. Their errors count as those of digits do; a
//! doubtful sum is made of estimates first, which decide nearly all of them, and only what is left asks
//! for the weights that Pillow has.

use std::sync::OnceLock;

use super::super::super::Filter;
use super::super::super::fixed::{self, INTEGER};
use super::super::super::weights::{Extent, Weights};
use super::super::super::wide::round_to_u16;
use super::super::Axis;
use super::BIAS;
use crate::simd::{Level, Vector};

/// An axis whose windows consist of pairs of taps.
#[derive(Debug)]
pub(crate) struct AxisOfWords {
    /// As Pillow has them, or estimates.
    weights: Weights<f64>,
    estimated: Option<Estimated>,
    first_units: Vec<u32>,
    units: usize,
    /// From the first unit of an output to the last of the third after it, at most.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]
    units_of_four: usize,
    /// For each output, for each of its units, the digits: those of the two taps in one number.
    digits: Vec<i32>,
    pub(super) digits_of_weight: usize,
    /// Bits that each digit adds.
    pub(super) bits: [u32; 3],
    endings: Vec<Ending>,
}

/// What is to be known of estimates.
#[derive(Debug)]
struct Estimated {
    /// How far away from a half, in samples, a sum of products with estimates must be to round as
    /// Pillow's does.
    unsure: f64,
    /// The axis that is estimated.
    axis: (u32, Extent, u32, Filter),
    /// Its weights as Pillow has them, once a sum has asked for them.
    exact: OnceLock<Weights<f64>>,
}

/// How the sum of an output ends, in units of the first digit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ending {
    /// A half of a sample, what the bias of samples leaves where weights do not sum to 1, and what a
    /// sum may be off, upwards: that changes the integer parts of doubtful sums only.
    pub(super) start: i32,
    /// The sum is doubtful if its fraction is below this.
    pub(super) doubtful: i32,
}

/// Less than the absolute values of one digit may sum up to.
const MOST: f64 = 65_535.0;

/// With a greater error than this, in samples, a third digit costs less than sums made again.
const MUCH: f64 = 1.0 / 320.0;

/// The largest sample, less the bias.
const LARGEST: f64 = 32_768.0;

impl AxisOfWords {
    /// The weights of [`Weights::build`] in digits; `None` when they are too many, or too large.
    pub(crate) fn build(
        level: Level,
        source: u32,
        extent: Extent,
        size: u32,
        filter: Filter,
    ) -> Option<Self> {
        let axis = (source, extent, size, filter);
        match fixed::estimate(level, source, extent, size, filter) {
            Some(weights) => Self::pack(weights, Some(axis)),
            None => Self::pack(Weights::build(source, extent, size, filter), None),
        }
    }

    /// Weights in digits, and the axis of which they are estimates.
    fn pack(weights: Weights<f64>, axis: Option<(u32, Extent, u32, Filter)>) -> Option<Self> {
        let mut split = Split::new(&weights, axis.is_some());
        split.next_digit()?;
        split.next_digit()?;
        if split.largest_error() > MUCH {
            split.next_digit()?;
        }
        let endings = weights.iter().enumerate();
        let endings = endings.map(|(index, (_, values))| split.ending(index, values));
        let endings: Vec<Ending> = endings.collect();
        let spans = weights.windows().iter().map(|w| w.end().div_ceil(2) - w.start / 2);
        let units = spans.max().unwrap_or(0).max(1);
        let first_units: Vec<_> = weights.windows().iter().map(|w| (w.start / 2) as u32).collect();
        let apart = first_units.windows(4).map(|four| four[3] - four[0]).max();
        let ends = first_units.last().unwrap_or(&0) - first_units.first().unwrap_or(&0);
        let units_of_four = units + apart.unwrap_or(ends) as usize;
        let (digits, digits_of_weight, bits) = (split.join(units), split.digits.len(), split.bits);
        let estimated = axis.map(|axis| {
            let errors = weights.iter().map(|(_, values)| error_of_sum(values, true));
            Estimated { unsure: errors.fold(0.0, f64::max), axis, exact: OnceLock::new() }
        });
        Some(Self {
            weights,
            estimated,
            first_units,
            units,
            units_of_four,
            digits,
            digits_of_weight,
            bits,
            endings,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.first_units.len()
    }

    /// One past the last source sample of each output.
    pub(crate) fn ends(&self) -> Vec<usize> {
        self.weights.windows().iter().map(|window| window.end()).collect()
    }

    /// How many units four neighbouring outputs have together, at most.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn units_of_four(&self) -> usize {
        self.units_of_four
    }

    /// The digits of each unit of an output.
    #[inline(always)]
    pub(super) fn digits<const DIGITS: usize>(&self, index: usize) -> &[[i32; DIGITS]] {
        &self.digits.as_chunks::<DIGITS>().0[index * self.units..][..self.units]
    }

    /// The weights as Pillow has them.
    pub(super) fn exact(&self) -> &Weights<f64> {
        match &self.estimated {
            None => &self.weights,
            Some(Estimated { axis, exact, .. }) => {
                let (source, extent, size, filter) = *axis;
                exact.get_or_init(|| Weights::build(source, extent, size, filter))
            }
        }
    }

    /// Whether sums of products with estimates round as Pillow's do.
    #[inline(always)]
    pub(super) fn are_sure(&self, sums: &[f64]) -> bool {
        let Some(Estimated { unsure, .. }) = &self.estimated else { return true };
        let rounds_alike = |sum: &f64| (sum + 0.5 - nearest(sum + 0.5)).abs() > *unsure;
        sums.iter().all(rounds_alike)
    }

    /// How the sum of output `index` ends.
    #[inline(always)]
    pub(super) fn ending(&self, index: usize) -> Ending {
        self.endings[index]
    }

    /// Which tap of its units is the first of output `index`, and its weights, which may be estimates.
    #[inline(always)]
    pub(super) fn estimates(&self, index: usize) -> (usize, &[f64]) {
        let window = &self.weights.windows()[index];
        (window.start % 2, self.weights.of(window))
    }

    /// Which tap of its units is the first of output `index`, and its weights as Pillow has them.
    pub(super) fn taps(&self, index: usize) -> (usize, &[f64]) {
        let window = &self.weights.windows()[index];
        (window.start % 2, self.exact().of(window))
    }
}

impl Axis for AxisOfWords {
    fn first_unit(&self, index: usize) -> usize {
        self.first_units[index] as usize
    }

    fn units(&self) -> usize {
        self.units
    }
}

/// Weights on the way to digits.
struct Split<'a> {
    weights: &'a Weights<f64>,
    estimated: bool,
    /// What is left of each weight, in units of the last digit.
    rests: Vec<f64>,
    /// For each digit, that of each weight.
    digits: Vec<Vec<i16>>,
    bits: [u32; 3],
    /// For each output, the sum of the absolute values of `rests`.
    sums: Vec<f64>,
    /// For each output, what the bias leaves in a sum of samples, in samples.
    starts: Vec<f64>,
}

impl<'a> Split<'a> {
    fn new(weights: &'a Weights<f64>, estimated: bool) -> Self {
        let mut rests = Vec::with_capacity(weights.values().len());
        weights.iter().for_each(|(_, values)| rests.extend_from_slice(values));
        let starts = weights.iter().map(|(_, values)| start(values)).collect();
        let (digits, sums) = (Vec::with_capacity(3), Vec::with_capacity(weights.len()));
        let mut split = Self { weights, estimated, rests, digits, bits: [0; 3], sums, starts };
        split.sum();
        split
    }

    fn sum(&mut self) {
        let mut rests = &self.rests[..];
        self.sums.clear();
        for window in self.weights.windows() {
            let (values, after) = rests.split_at(window.taps);
            self.sums.push(sum_abreast(values, f64::abs));
            rests = after;
        }
    }

    /// Splits one more digit off, of as many bits as all windows have room for.
    fn next_digit(&mut self) -> Option<()> {
        let largest = abreast(
            &self.rests,
            |largest, rest| {
                if rest.abs() > largest { rest.abs() } else { largest }
            },
        );
        let largest = largest.into_iter().fold(0.0, f64::max);
        let most = self.sums.iter().fold(0.0_f64, |most, &sum| most.max(sum));
        let taps = self.weights.windows().iter().map(|window| window.taps).max().unwrap_or(0);
        // Each tap is rounded here, and again where the digits below carry over.
        let mut room = MOST - taps as f64 - 2.0;
        if self.digits.is_empty() {
            room -= self.starts.iter().fold(0.0, |most: f64, start| most.max(start.abs()));
        }
        let fits = |bits: &u32| {
            let unit = f64::from(1 << bits);
            most * unit < room && largest * unit < LARGEST - 1.0
        };
        let bits = (4..=15).rev().find(fits)?;
        let unit = f64::from(1 << bits);
        self.bits[self.digits.len()] = bits;
        let digits = self.rests.iter_mut().map(|rest| {
            let scaled = *rest * unit;
            let shifted = scaled + INTEGER;
            *rest = scaled - (shifted - INTEGER);
            shifted.to_bits() as i16
        });
        self.digits.push(digits.collect());
        self.sum();
        Some(())
    }

    /// The error of one in `rests`, in samples.
    fn error_of_rest(&self) -> f64 {
        LARGEST / (1_u64 << self.bits.iter().sum::<u32>()) as f64
    }

    fn largest_error(&self) -> f64 {
        self.sums.iter().fold(0.0, |most: f64, &sum| most.max(sum)) * self.error_of_rest()
    }

    /// What the sum of an output may be off, in samples; 0 if Pillow's is exact, too.
    fn error(&self, index: usize, weights: &[f64]) -> f64 {
        // Sums of multiples of 2^-36 below 2^17 have 53 bits.
        let is_multiple = |weight: &f64| weight * EXACT == nearest(weight * EXACT);
        let no_rest = self.sums[index] == 0.0 && self.starts[index] == 0.0 && !self.estimated;
        if no_rest && weights.iter().all(is_multiple) {
            return 0.0;
        }
        self.sums[index] * self.error_of_rest() + error_of_sum(weights, self.estimated)
    }

    fn ending(&self, index: usize, weights: &[f64]) -> Ending {
        let unit = f64::from(1 << self.bits[0]);
        let half = 1 << (self.bits[0] - 1);
        let start = self.starts[index] * unit;
        let error = self.error(index, weights) * unit + (start - nearest(start)).abs();
        let start = half + nearest(start) as i32;
        if error == 0.0 {
            return Ending { start, doubtful: 0 };
        }
        // From half a sample on, every sum is doubtful.
        let margin = error.ceil().min(f64::from(half)) as i32;
        // The sum lies anywhere up to one above its integer part.
        Ending { start: start + margin + 1, doubtful: 2 * margin + 1 }
    }

    /// The digits of the two taps of each unit, for `units` units of each output.
    fn join(&self, units: usize) -> Vec<i32> {
        let count = self.digits.len();
        let mut joined = vec![0; self.weights.len() * units * count];
        let windows = self.weights.windows().iter().zip(joined.chunks_exact_mut(units * count));
        let mut tap = 0;
        for (window, joined) in windows {
            for (place, digits) in self.digits.iter().enumerate() {
                let digits = &digits[tap..tap + window.taps];
                let (alone, digits) = digits.split_at((window.start % 2).min(window.taps));
                let (pairs, last) = digits.as_chunks::<2>();
                let first = alone.iter().map(|&digit| [0, digit]);
                let last = last.iter().map(|&digit| [digit, 0]);
                let pairs = first.chain(pairs.iter().copied()).chain(last);
                for (joined, [first, second]) in
                    joined[place..].iter_mut().step_by(count).zip(pairs)
                {
                    *joined = i32::from(second) << 16 | i32::from(first as u16);
                }
            }
            tap += window.taps;
        }
        joined
    }
}

/// 2^36.
const EXACT: f64 = (1_u64 << 36) as f64;

/// The nearest integer to a number below 2^51. (`round_ties_even` is a call at baseline.)
fn nearest(number: f64) -> f64 {
    (number + INTEGER) - INTEGER
}

/// What `add` makes of zeros and all numbers, every eighth of them in one.
fn abreast(numbers: &[f64], add: impl Fn(f64, f64) -> f64) -> [f64; 8] {
    let mut sums = [0.0; 8];
    let (eights, rest) = numbers.as_chunks::<8>();
    for eight in eights {
        sums.iter_mut().zip(eight).for_each(|(sum, &number)| *sum = add(*sum, number));
    }
    sums.iter_mut().zip(rest).for_each(|(sum, &number)| *sum = add(*sum, number));
    sums
}

/// The sum of what `of` makes of numbers, in another order than theirs: not of any use where the last
/// bit counts.
fn sum_abreast(numbers: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    abreast(numbers, |sum, number| sum + of(number)).iter().sum()
}

/// What a sum of products in `f64` may be off that of Pillow, in samples: each product and each sum is
/// rounded in its 53rd bit, and a sum is below 2^16 times all weights; so are those of estimates.
fn error_of_sum(weights: &[f64], estimated: bool) -> f64 {
    let taps = weights.len() as f64;
    let magnitude = sum_abreast(weights, f64::abs);
    let rounded = (taps + 4.0) * (magnitude + 1.0) / EXACT;
    if !estimated {
        return rounded;
    }
    // Kernels err by this, and weights by that over their total, and for the error of the total. The
    // kernel at the tap next to the center is above a third; so the largest weight tells the total.
    let kernel = 1e-15 * (taps + 10.0);
    let largest = weights.iter().fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
    2.0 * rounded + 65_536.0 * taps * kernel * 3.0 * largest * (1.0 + magnitude)
}

/// What the bias leaves in a sum of samples, in samples.
fn start(weights: &[f64]) -> f64 {
    LARGEST * (sum_abreast(weights, |weight| weight) - 1.0)
}

/// The sums of the digits of `N / 2` outputs, a half of them in each of two vectors.
#[derive(Clone, Copy)]
pub(super) struct Sums<V, const DIGITS: usize>([[V; 2]; DIGITS]);

impl<V: Copy, const DIGITS: usize> Sums<V, DIGITS> {
    #[inline(always)]
    pub(super) fn new<X: Vector<N, V = V>, const N: usize>(x: X) -> Self {
        Self([[x.splat(0); 2]; DIGITS])
    }

    /// Adds one unit of the outputs.
    #[inline(always)]
    pub(super) fn add<X: Vector<N, V = V>, const N: usize>(
        &mut self,
        x: X,
        samples: [V; 2],
        digits: &[i32; DIGITS],
    ) {
        for (sums, &digit) in self.0.iter_mut().zip(digits) {
            let digit = x.splat(digit);
            sums[0] = x.dot_words_onto(sums[0], samples[0], digit);
            sums[1] = x.dot_words_onto(sums[1], samples[1], digit);
        }
    }

    /// The signed samples of output `index`, not clamped yet. The doubtful ones are made again of
    /// `units`, of which each has a pair of taps for every output.
    #[inline(always)]
    pub(super) fn finish<'a, X: Vector<N, V = V>, const N: usize>(
        self,
        x: X,
        axis: &AxisOfWords,
        index: usize,
        units: impl Fn(usize) -> &'a [[u8; N]; 2],
    ) -> [V; 2] {
        let (first, near) = self.finish_half(x, axis, index, 0);
        let (second, also_near) = self.finish_half(x, axis, index, 1);
        if x.is_zero(x.doubles_down::<31>(x.or(near, also_near))) {
            return [first, second];
        }
        let (mut samples, mut doubts) = ([[0; N]; 2], [[0; N]; 2]);
        for (half, [sample, near]) in [[first, near], [second, also_near]].into_iter().enumerate() {
            x.store(&mut samples[half], sample);
            x.store(&mut doubts[half], near);
        }
        let fours = samples.as_flattened_mut().as_chunks_mut().0.as_chunks_mut::<4>().0;
        let doubts = doubts.as_flattened().as_chunks().0.as_chunks::<4>().0;
        for (place, (four, doubts)) in fours.iter_mut().zip(doubts).enumerate() {
            if doubts.iter().any(|doubt| i32::from_ne_bytes(*doubt) < 0) {
                let pairs =
                    |unit: usize| &units(unit).as_flattened().as_chunks().0.as_chunks().0[place];
                *four = as_pillow(pairs, axis, index);
            }
        }
        samples.map(|half| x.load(&half))
    }

    /// The samples of one vector, and negative numbers where they are doubtful.
    #[inline(always)]
    fn finish_half<X: Vector<N, V = V>, const N: usize>(
        &self,
        x: X,
        axis: &AxisOfWords,
        index: usize,
        half: usize,
    ) -> (V, V) {
        let Ending { start, doubtful } = axis.ending(index);
        let mut sum = self.0[DIGITS - 1][half];
        for digit in (0..DIGITS - 1).rev() {
            let carried = x.doubles_down_by(sum, axis.bits[digit + 1]);
            sum = x.add_doubles(self.0[digit][half], carried);
        }
        let sum = x.add_doubles(sum, x.splat(start));
        let fraction = x.splat((1 << axis.bits[0]) - 1);
        let near = x.sub_doubles(x.and(sum, fraction), x.splat(doubtful));
        (x.doubles_down_by(sum, axis.bits[0]), near)
    }
}

/// A unit of four outputs: a pair of taps of each.
type Four = [[u8; 4]; 4];

/// Four signed samples of output `index`, as Pillow makes them of the pairs in its units.
#[inline(always)]
fn as_pillow<'a>(units: impl Fn(usize) -> &'a Four, axis: &AxisOfWords, index: usize) -> Four {
    let (lead, weights) = axis.estimates(index);
    let mut sums = sum_in_order(&units, lead, weights);
    if !axis.are_sure(&sums) {
        let (lead, weights) = axis.taps(index);
        sums = sum_in_order(&units, lead, weights);
    }
    sums.map(|sum| (round_to_u16(sum) + BIAS).to_le_bytes())
}

/// Sums in tap order, the first of which is tap `lead` of the first unit.
#[inline(always)]
fn sum_in_order<'a>(units: &impl Fn(usize) -> &'a Four, lead: usize, weights: &[f64]) -> [f64; 4] {
    let mut sums = [0.0; 4];
    let mut add = |unit: &Four, below: u32, weight: f64| {
        for (sum, &pair) in sums.iter_mut().zip(unit) {
            // In 32 bits, signed, since all levels convert such side by side.
            let sample = (u32::from_le_bytes(pair) ^ 0x8000_8000) >> below & 0xffff;
            *sum += f64::from(sample as i32) * weight;
        }
    };
    let (alone, weights) = weights.split_at(lead.min(weights.len()));
    let (pairs, last) = weights.as_chunks::<2>();
    if let [weight] = alone {
        add(units(0), 16, *weight);
    }
    for (unit, [first, second]) in (lead..).zip(pairs) {
        add(units(unit), 0, *first);
        add(units(unit), 16, *second);
    }
    if let [weight] = last {
        add(units(lead + pairs.len()), 0, *weight);
    }
    sums
}
