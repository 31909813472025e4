//! Weights in fixed point by a shorter way than [`Weights::build`] and rounding: at this speed of
//! resampling, that would cost a tenth of a whole resize and more.
//!
//! - Sums and quotients are estimated, and so are [the sines of Lanczos](super::lanczos): to some
//!   1e-14 of a weight, or 1e-7 in fixed point.
//! - Windows come again. Of 2725 samples made 720, every 144th window lies alike between the
//!   samples, and the windows of the right half are those of the left half in a mirror; up to the
//!   rounding of their centers, for which [`NEAR`] allows.
//!
//! A window with any weight nearer than [`DOUBT`] to a rounding boundary is made the exact way and
//! not used again, nor is one whose samples meet a jump of the kernel, so the result is the same.

use super::Filter;
use super::lanczos::Steps;
use super::weights::{Extent, PRECISION_BITS, Spacing, Weights, normalize, to_fixed};

/// How near to a rounding boundary a weight must be to be made the exact way: a thousand times the
/// error of an estimate, and three times what [`NEAR`] does to a weight.
const DOUBT: f64 = 1e-4;

/// How far apart two windows may lie between their samples, in samples, and have the same weights:
/// some units in the last place of a center. Kernels rise by less than 2 in a sample, and a weight
/// by less than 4 with the sum of its window, which is 3.4e-5 in fixed point.
const NEAR: f64 = 2e-12;

/// Added to a number below 2^51, this leaves the nearest integer in the lowest bits.
const INTEGER: f64 = 1.5 * (1_u64 << 52) as f64;

/// The weights of [`Weights::build`] in fixed point.
pub(super) fn build(source: u32, extent: Extent, size: u32, filter: Filter) -> Weights<i32> {
    let spacing = Spacing::new(source, extent, size, filter);
    let most = spacing.most_taps();
    let steps = (filter == Filter::Lanczos).then(|| Steps::new(&spacing, most));
    let mut weights = Weights::with_capacity(size as usize, size as usize * most);
    let mut repeats = Repeats::new(extent, size);
    let (mut window, mut fixed) = (vec![0.0; most], vec![0; most]);
    for index in 0..size {
        let place = Place::new(&spacing, index);
        if repeats.push(&place, &mut weights) {
            continue;
        }
        let (window, fixed) = (&mut window[..place.taps], &mut fixed[..place.taps]);
        match &steps {
            Some(steps) => steps.estimate(&spacing, place.start, place.center, window),
            None => place.evaluate(&spacing, filter, window),
        }
        let certain = round(window, fixed);
        if !certain {
            place.evaluate(&spacing, filter, window);
            normalize(window);
            for (fixed, &weight) in fixed.iter_mut().zip(&*window) {
                *fixed = to_fixed(weight);
            }
        }
        weights.push_window(place.start, fixed.iter().copied());
        repeats.made(&place, certain && !place.meets_jump(&spacing, filter));
    }
    weights
}

/// Where a window lies.
struct Place {
    center: f64,
    start: usize,
    taps: usize,
    /// From the center to the first sample, without rounding.
    first: f64,
}

impl Place {
    fn new(spacing: &Spacing, index: u32) -> Self {
        let center = spacing.center(index);
        let (start, end) = spacing.bounds(center);
        Self { center, start, taps: end - start, first: start as f64 - center + 0.5 }
    }

    /// The kernel over the window.
    fn evaluate(&self, spacing: &Spacing, filter: Filter, window: &mut [f64]) {
        for (weight, tap) in window.iter_mut().zip(self.start..) {
            *weight = filter.kernel(spacing.position(tap, self.center));
        }
    }

    /// Whether a sample lies where the kernel of the box jumps, or so near that it might.
    fn meets_jump(&self, spacing: &Spacing, filter: Filter) -> bool {
        let is_at_jump = |tap| (spacing.position(tap, self.center).abs() - 0.5).abs() < 10.0 * NEAR;
        filter == Filter::Box && (self.start..self.start + self.taps).any(is_at_jump)
    }
}

/// The windows made so far, for those that come again.
struct Repeats {
    size: usize,
    /// Windows from one to the next that lies alike.
    period: usize,
    /// For every window, [`Place::first`] of the one that its weights were made for; not a number
    /// if they must not be used again.
    firsts: Vec<f64>,
}

impl Repeats {
    fn new(extent: Extent, size: u32) -> Self {
        let length = extent.end - extent.start;
        let common = if length.fract() == 0.0 { common_divisor(length as u32, size) } else { 1 };
        let size = size as usize;
        Self { size, period: size / common as usize, firsts: Vec::with_capacity(size) }
    }

    /// Appends the next window, if an earlier one has its weights. Returns whether that is so.
    fn push(&mut self, place: &Place, weights: &mut Weights<i32>) -> bool {
        let index = self.firsts.len();
        let last = place.taps as f64 - 1.0;
        if let Some(earlier) = index.checked_sub(self.period)
            && self.alike(earlier, place.taps, place.first, weights)
        {
            weights.push_again(place.start, earlier);
            self.firsts.push(self.firsts[earlier]);
            return true;
        }
        let mirrored = self.size - 1 - index;
        if mirrored < index && self.alike(mirrored, place.taps, -(place.first + last), weights) {
            weights.push_mirrored(place.start, mirrored);
            self.firsts.push(-(self.firsts[mirrored] + last));
            return true;
        }
        false
    }

    fn alike(&self, earlier: usize, taps: usize, first: f64, weights: &Weights<i32>) -> bool {
        weights.windows()[earlier].taps == taps && (self.firsts[earlier] - first).abs() <= NEAR
    }

    /// Notes a window that was made.
    fn made(&mut self, place: &Place, to_use_again: bool) {
        self.firsts.push(if to_use_again { place.first } else { f64::NAN });
    }
}

/// The greatest common divisor of a number and one that is not 0.
fn common_divisor(a: u32, b: u32) -> u32 {
    if a == 0 { b } else { common_divisor(b % a, a) }
}

/// Makes the window sum to 1 and rounds it. Returns false when that is in doubt.
fn round(window: &[f64], fixed: &mut [i32]) -> bool {
    let mut sums = [0.0; 4];
    let (fours, rest) = window.as_chunks::<4>();
    for four in fours {
        (0..4).for_each(|lane| sums[lane] += four[lane]);
    }
    let total = sums.iter().chain(rest).sum::<f64>();
    let scale = f64::from(1 << PRECISION_BITS) / total;
    let mut doubts = 0;
    for (fixed, weight) in fixed.iter_mut().zip(window) {
        let scaled = weight * scale;
        let shifted = scaled + INTEGER;
        *fixed = shifted.to_bits() as i32;
        let apart = (scaled - (shifted - INTEGER)).abs();
        doubts |= u64::from(apart >= 0.5 - DOUBT);
    }
    doubts == 0 && scale.is_finite()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::resample::weights::Window;

    /// Both ways, compared.
    fn check(source: u32, extent: Extent, size: u32, filter: Filter) -> Weights<i32> {
        let exact = Weights::build(source, extent, size, filter).to_fixed();
        let short = build(source, extent, size, filter);
        assert_eq!(exact.len(), short.len());
        for ((window, exact), (same, short)) in exact.iter().zip(short.iter()) {
            let place = |window: &Window| (window.start, window.taps);
            assert_eq!(place(window), place(same), "{filter}, {extent:?} of {source} to {size}");
            assert_eq!(exact, short, "{filter}, {extent:?} of {source} to {size}");
        }
        short
    }

    fn filters() -> impl Iterator<Item = Filter> {
        Filter::ALL.into_iter().filter(|&filter| filter != Filter::Nearest)
    }

    #[test]
    fn windows_that_come_again_share_weights_or_mirror_them() {
        let sides = [(2725, 720), (2225, 588), (720, 4000), (640, 640), (6000, 250), (1, 300)];
        for (source, size) in sides {
            filters().for_each(|filter| drop(check(source, Extent::whole(source), size, filter)));
        }
        let weights = check(2725, Extent::whole(2725), 720, Filter::Lanczos);
        let places = |index: usize| weights.of(&weights.windows()[index]).as_ptr();
        assert_eq!(places(100), places(100 + 144));
        assert_ne!(places(100), places(101));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn the_short_way_gives_the_same_weights(
            source in prop_oneof![1..4000_u32, 1..100_u32, 1..65_000_u32],
            size in prop_oneof![1..1500_u32, 1..100_u32],
            part in prop_oneof![Just((0.0, 1.0)), (0.0..0.6_f32, 0.61..=1.0_f32)],
            whole in any::<bool>(),
            filter in proptest::sample::select(filters().collect::<Vec<_>>()),
        ) {
            let (start, end) = (part.0 * source as f32, part.1 * source as f32);
            let extent = if whole {
                Extent { start: start.floor(), end: end.ceil() }
            } else {
                Extent { start, end }
            };
            check(source, extent, size, filter);
        }
    }
}
