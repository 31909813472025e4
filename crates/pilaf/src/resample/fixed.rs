//! Weights in fixed point by a shorter way than [`Weights::build`] and rounding: at this speed of
//! resampling, that would cost a tenth of a whole resize and more.
//!
//! - Sums and quotients are estimated, and so are [the sines](super::sines) of Lanczos and
//!   Hamming: to some 1e-14 of a weight, or 1e-7 in fixed point.
//! - Windows come again. Of 2725 samples made 720, every 144th window lies alike between the
//!   samples, and the windows of the right half, of all as of these 144, are those of the left half
//!   in a mirror; up to the rounding of their centers, for which [`NEAR`] allows.
//!
//! A window with any weight nearer than [`DOUBT`] to a rounding boundary is made the exact way and
//! not used again, nor is one whose samples meet a jump of the kernel, so the result is the same.

use std::f64::consts::PI;
use std::iter::repeat_n;

use super::Filter;
use super::sines::{Steps, hamming, lanczos};
use super::weights::{Extent, PRECISION_BITS, Spacing, Weights, normalize, to_fixed};
use crate::simd::{Body, Level};

/// Taps that are made at once.
pub(super) const LANES: usize = 8;

/// What is known of as many taps.
pub(super) type Lanes = [f64; LANES];

/// How near to a rounding boundary a weight must be to be made the exact way: a thousand times the
/// error of an estimate, and three times what [`NEAR`] does to a weight.
const DOUBT: f64 = 1e-4;

/// How far apart two windows may lie between their samples, in samples, and have the same weights:
/// some units in the last place of a center. Kernels rise by less than 2 in a sample, and a weight
/// by less than 4 with the sum of its window, which is 3.4e-5 in fixed point.
const NEAR: f64 = 2e-12;

/// Added to a number below 2^51, this leaves the nearest integer in the lowest bits.
pub(super) const INTEGER: f64 = 1.5 * (1_u64 << 52) as f64;

/// The weights of [`Weights::build`] in fixed point, by machine code of `level`. Windows of box go
/// without the taps at their ends whose weight is 0.
pub(super) fn build(
    level: Level,
    source: u32,
    extent: Extent,
    size: u32,
    filter: Filter,
) -> Weights<i32> {
    let spacing = Spacing::new(source, extent, size, filter);
    level.compile(Build { spacing, repeats: Repeats::new(extent, size), size, filter })
}

/// The weights of [`Weights::build`] up to small errors, where a sine for each takes long: each kernel
/// errs by less than 1e-15 times 10 more than the taps of its window.
pub(super) fn estimate(
    level: Level,
    source: u32,
    extent: Extent,
    size: u32,
    filter: Filter,
) -> Option<Weights<f64>> {
    let spacing = Spacing::new(source, extent, size, filter);
    level.compile(Rough { spacing, size, filter })
}

/// An axis to be estimated.
struct Rough {
    spacing: Spacing,
    size: u32,
    filter: Filter,
}

impl Body for Rough {
    type Output = Option<Weights<f64>>;

    #[inline(always)]
    fn run(self) -> Option<Weights<f64>> {
        let (inverse, most) = (self.spacing.inverse, self.spacing.most_taps());
        match self.filter {
            Filter::Hamming => self.windows(Steps::new(PI, inverse, most, hamming)),
            Filter::Lanczos => self.windows(Steps::new(PI / 3.0, inverse, most, lanczos)),
            _ => None,
        }
    }
}

impl Rough {
    #[inline(always)]
    fn windows(self, estimate: impl Estimate) -> Option<Weights<f64>> {
        let (size, most) = (self.size as usize, self.spacing.most_taps());
        let mut weights = Weights::with_capacity(size, size * most);
        let mut window = vec![[0.0; LANES]; most.div_ceil(LANES)];
        for index in 0..self.size {
            let place = Place::new(&self.spacing, index);
            let window = &mut window[..place.taps.div_ceil(LANES)];
            place.estimate(&estimate, self.spacing.inverse, window);
            let scale = 1.0 / total(window);
            if place.taps > 0 && !scale.is_finite() {
                return None;
            }
            let kernels = window.as_flattened()[..place.taps].iter();
            weights.push_window(place.start, kernels.map(|kernel| kernel * scale));
        }
        Some(weights)
    }
}

/// An axis to be built.
struct Build {
    spacing: Spacing,
    repeats: Repeats,
    size: u32,
    filter: Filter,
}

impl Body for Build {
    type Output = Weights<i32>;

    #[inline(always)]
    fn run(self) -> Weights<i32> {
        let (inverse, most) = (self.spacing.inverse, self.spacing.most_taps());
        match self.filter {
            Filter::Nearest => self.windows(Kernel(|x| Filter::Nearest.kernel(x))),
            Filter::Box => self.boxes(),
            Filter::Bilinear => self.windows(Kernel(|x| Filter::Bilinear.kernel(x))),
            Filter::Hamming => self.windows(Steps::new(PI, inverse, most, hamming)),
            Filter::Bicubic => self.windows(Kernel(|x| Filter::Bicubic.kernel(x))),
            Filter::Lanczos => self.windows(Steps::new(PI / 3.0, inverse, most, lanczos)),
            Filter::Mks2013 => self.windows(Kernel(|x| Filter::Mks2013.kernel(x))),
            Filter::Mks2021 => self.windows(Kernel(|x| Filter::Mks2021.kernel(x))),
        }
    }
}

impl Build {
    /// The exact way, short by itself: the taps inside of a box weigh all the same. Where rounding puts
    /// one just outside at an end, which would have weight 0, the window goes without it.
    #[inline(always)]
    fn boxes(self) -> Weights<i32> {
        let Self { spacing, size, .. } = self;
        let mut weights = Weights::with_capacity(size as usize, 4 * spacing.most_taps());
        // For each number of taps, a window that has as many.
        let mut known: Vec<(usize, usize)> = Vec::new();
        for index in 0..size {
            let center = spacing.center(index);
            let (start, end) = spacing.bounds(center);
            let is_inside = |tap: &usize| Filter::Box.kernel(spacing.position(*tap, center)) > 0.0;
            let first = (start..end).find(is_inside).unwrap_or(start);
            let end = (first..end).rfind(is_inside).map_or(first, |last| last + 1);
            let taps = end - first;
            match known.iter().find(|(count, _)| *count == taps) {
                Some((_, earlier)) => weights.push_again(first, *earlier),
                None => {
                    known.push((taps, weights.len()));
                    weights.push_window(first, repeat_n(to_fixed(1.0 / taps as f64), taps));
                }
            }
        }
        weights
    }

    #[inline(always)]
    fn windows(mut self, estimate: impl Estimate) -> Weights<i32> {
        let (size, most) = (self.size as usize, self.spacing.most_taps());
        let mut weights = Weights::with_capacity(size, size * most + LANES);
        let mut window = vec![[0.0; LANES]; most.div_ceil(LANES)];
        for index in 0..self.size {
            let place = Place::new(&self.spacing, index);
            if self.repeats.push(&place, &mut weights) {
                continue;
            }
            let window = &mut window[..place.taps.div_ceil(LANES)];
            place.estimate(&estimate, self.spacing.inverse, window);
            let (mut rounding, offset) = (Rounding::new(window), weights.values().len());
            for lanes in &*window {
                weights.push_weights(&rounding.round(lanes));
            }
            weights.end_window(place.start, offset..offset + place.taps);
            let certain = rounding.is_certain();
            if !certain {
                place.evaluate(&self.spacing, self.filter, weights.last_mut());
            }
            self.repeats.made(&place, certain && !place.meets_jump(&self.spacing, self.filter));
        }
        weights
    }
}

/// A way to find the kernel at many taps, to some 1e-14 of it.
pub(super) trait Estimate {
    /// What is found out for all taps of a window first.
    type Window: Copy;

    fn window(&self, place: &Place, inverse: f64) -> Self::Window;

    /// The kernel at `positions`, those of the taps from number `from` on.
    fn kernel(&self, window: Self::Window, from: usize, positions: &Lanes) -> Lanes;
}

/// The kernel itself.
struct Kernel<F>(F);

impl<F: Fn(f64) -> f64> Estimate for Kernel<F> {
    type Window = ();

    #[inline(always)]
    fn window(&self, _: &Place, _: f64) {}

    #[inline(always)]
    fn kernel(&self, (): (), _: usize, positions: &Lanes) -> Lanes {
        let mut lanes = *positions;
        for lane in &mut lanes {
            *lane = self.0(*lane);
        }
        lanes
    }
}

/// Where a window lies.
pub(super) struct Place {
    center: f64,
    start: usize,
    pub(super) taps: usize,
    /// From the center to the first sample, without rounding.
    pub(super) first: f64,
}

impl Place {
    #[inline(always)]
    fn new(spacing: &Spacing, index: u32) -> Self {
        let center = spacing.center(index);
        let (start, end) = spacing.bounds(center);
        Self { center, start, taps: end - start, first: start as f64 - center + 0.5 }
    }

    /// Where tap number `number` lies in the kernel, as [`Spacing::position`] has it.
    #[inline(always)]
    pub(super) fn position(&self, number: usize, inverse: f64) -> f64 {
        ((self.start + number) as f64 - self.center + 0.5) * inverse
    }

    /// Estimates the kernel over the window, with zeros in the lanes that are left after it.
    #[inline(always)]
    fn estimate<E: Estimate>(&self, estimate: &E, inverse: f64, window: &mut [Lanes]) {
        let known = estimate.window(self, inverse);
        let mut taps = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        taps.iter_mut().for_each(|tap| *tap += self.start as f64);
        for (lanes, from) in window.iter_mut().zip((0..).step_by(LANES)) {
            let mut positions = taps;
            for (position, tap) in positions.iter_mut().zip(&mut taps) {
                *position = (*tap - self.center + 0.5) * inverse;
                *tap += LANES as f64;
            }
            *lanes = estimate.kernel(known, from, &positions);
        }
        if let Some(last) = window.last_mut() {
            *last = first_of(last, (self.taps - 1) % LANES + 1);
        }
    }

    /// The weights in fixed point, the exact way.
    #[cold]
    fn evaluate(&self, spacing: &Spacing, filter: Filter, fixed: &mut [i32]) {
        let position = |tap| spacing.position(tap, self.center);
        let taps = self.start..self.start + self.taps;
        let mut window: Vec<f64> = taps.map(|tap| filter.kernel(position(tap))).collect();
        normalize(&mut window);
        for (fixed, &weight) in fixed.iter_mut().zip(&window) {
            *fixed = to_fixed(weight);
        }
    }

    /// Whether a sample lies where the kernel jumps, or so near that it might.
    #[inline(always)]
    fn meets_jump(&self, spacing: &Spacing, filter: Filter) -> bool {
        // By Pillow's constants, Hamming is 1 in the middle, but 3e-8 more all around.
        let is_at_jump = |tap| spacing.position(tap, self.center).abs() < 10.0 * NEAR;
        filter == Filter::Hamming && (self.start..self.start + self.taps).any(is_at_jump)
    }
}

/// The first `count` lanes, and zeros. (Zeros that are written one by one have to reach memory before
/// the lanes can be read at once.)
#[inline(always)]
fn first_of(lanes: &Lanes, count: usize) -> Lanes {
    const ALL_AND_NONE: [u64; 2 * LANES] = {
        let mut masks = [0; 2 * LANES];
        let mut lane = 0;
        while lane < LANES {
            masks[lane] = u64::MAX;
            lane += 1;
        }
        masks
    };
    let masks = ALL_AND_NONE[LANES - count..].iter();
    let mut first = *lanes;
    for (lane, mask) in first.iter_mut().zip(masks) {
        *lane = f64::from_bits(lane.to_bits() & mask);
    }
    first
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
    #[inline(always)]
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
        // The mirror is in the middle of the first period, or else in that of the axis, whose ends lack taps.
        let length = if index < self.period { self.period } else { self.size };
        let mirrored = length - 1 - index;
        if mirrored < index && self.alike(mirrored, place.taps, -(place.first + last), weights) {
            weights.push_mirrored(place.start, mirrored);
            self.firsts.push(-(self.firsts[mirrored] + last));
            return true;
        }
        false
    }

    #[inline(always)]
    fn alike(&self, earlier: usize, taps: usize, first: f64, weights: &Weights<i32>) -> bool {
        weights.windows()[earlier].taps == taps && (self.firsts[earlier] - first).abs() <= NEAR
    }

    /// Notes a window that was made.
    #[inline(always)]
    fn made(&mut self, place: &Place, to_use_again: bool) {
        self.firsts.push(if to_use_again { place.first } else { f64::NAN });
    }
}

/// The greatest common divisor of a number and one that is not 0.
fn common_divisor(a: u32, b: u32) -> u32 {
    if a == 0 { b } else { common_divisor(b % a, a) }
}

/// The sum of a window.
#[inline(always)]
fn total(window: &[Lanes]) -> f64 {
    let mut sums = [0.0; LANES];
    for lanes in window {
        (0..LANES).for_each(|lane| sums[lane] += lanes[lane]);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Makes a window sum to 1 and rounds it.
struct Rounding {
    scale: f64,
    /// How far away from their integers the weights were at most, lane by lane.
    furthest: Lanes,
}

impl Rounding {
    #[inline(always)]
    fn new(window: &[Lanes]) -> Self {
        Self { scale: f64::from(1 << PRECISION_BITS) / total(window), furthest: [0.0; LANES] }
    }

    #[inline(always)]
    fn round(&mut self, lanes: &Lanes) -> [i32; LANES] {
        let (mut bits, mut fixed) = ([0; LANES], [0; LANES]);
        for lane in 0..LANES {
            let scaled = lanes[lane] * self.scale;
            let shifted = scaled + INTEGER;
            bits[lane] = shifted.to_bits();
            let apart = (scaled - (shifted - INTEGER)).abs();
            let furthest = &mut self.furthest[lane];
            *furthest = if apart > *furthest { apart } else { *furthest };
        }
        (0..LANES).for_each(|lane| fixed[lane] = bits[lane] as i32);
        fixed
    }

    /// Whether no weight was so near to a rounding boundary that another integer might be right.
    #[inline(always)]
    fn is_certain(&self) -> bool {
        self.furthest.iter().all(|&apart| apart < 0.5 - DOUBT) && self.scale.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::resample::weights::Window;
    use crate::simd::for_each_level;

    #[test]
    fn estimates_err_by_less_than_they_may() {
        let sizes = [(2725, 720), (2225, 224), (300, 7), (30_000, 3), (1, 9), (9, 1), (7, 300)];
        for (source, size) in sizes {
            for filter in [Filter::Hamming, Filter::Lanczos] {
                let extent = Extent::whole(source);
                let exact = Weights::build(source, extent, size, filter);
                let rough = estimate(Level::get(), source, extent, size, filter).unwrap();
                for ((window, exact), (same, rough)) in exact.iter().zip(rough.iter()) {
                    assert_eq!((window.start, window.taps), (same.start, same.taps));
                    // Totals are above half of the scale at least, and err as much.
                    let most = 1e-15 * (10 + window.taps) as f64 / 2.0;
                    let scale = (f64::from(source) / f64::from(size)).max(1.0);
                    for (exact, rough) in exact.iter().zip(rough) {
                        let error = (exact - rough).abs() * scale;
                        assert!(error < most, "{filter}, {source} to {size}: {error}");
                    }
                }
            }
        }
    }

    /// Both ways, compared.
    fn check(level: Level, source: u32, extent: Extent, size: u32, filter: Filter) -> Weights<i32> {
        let exact = Weights::build(source, extent, size, filter).to_fixed();
        let short = build(level, source, extent, size, filter);
        assert_eq!(exact.len(), short.len());
        for ((window, exact), (same, short)) in exact.iter().zip(short.iter()) {
            let is_idle = |weight: &&i32| filter == Filter::Box && **weight == 0;
            let lead = exact.iter().take_while(is_idle).count();
            let tail = exact[lead..].iter().rev().take_while(is_idle).count();
            let exact = (window.start + lead, &exact[lead..exact.len() - tail]);
            assert_eq!(exact, (same.start, short), "{filter}, {extent:?} of {source} to {size}");
        }
        short
    }

    fn filters() -> impl Iterator<Item = Filter> {
        Filter::ALL.into_iter().filter(|&filter| filter != Filter::Nearest)
    }

    #[test]
    fn windows_that_come_again_share_weights_or_mirror_them() {
        let sides = [(2725, 720), (2225, 588), (720, 4000), (640, 640), (6000, 250), (1, 300)];
        for_each_level(|level| {
            for (source, size) in sides {
                let extent = Extent::whole(source);
                filters().for_each(|filter| drop(check(level, source, extent, size, filter)));
            }
        });
        let weights = check(Level::get(), 2725, Extent::whole(2725), 720, Filter::Lanczos);
        let places = |index: usize| weights.of(&weights.windows()[index]).as_ptr();
        assert_eq!(places(100), places(100 + 144));
        assert_ne!(places(100), places(101));
    }

    #[test]
    fn windows_that_meet_a_jump_do_not_come_again() {
        // The central tap lies at 0 in some windows, and 1e-14 beside it in others.
        check(Level::get(), 2856, Extent::whole(2856), 152, Filter::Hamming);
    }

    #[test]
    fn windows_of_box_have_no_idle_taps() {
        let taps = |weights: &Weights<i32>| weights.windows().iter().map(|w| w.taps).sum::<usize>();
        // The last tap lies at the end of the box, or just outside.
        for (source, size, idle) in [(2725, 1000, 3), (2725, 224, 0), (1000, 2725, 0)] {
            let extent = Extent::whole(source);
            let short = check(Level::get(), source, extent, size, Filter::Box);
            let exact = Weights::build(source, extent, size, Filter::Box).to_fixed();
            assert_eq!(taps(&exact) - taps(&short), idle, "{source} to {size}");
            assert!(!short.iter().any(|(_, values)| values.contains(&0)));
            assert!(short.windows().is_sorted_by_key(|window| window.start));
            assert!(short.windows().is_sorted_by_key(Window::end));
        }
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
            level in proptest::sample::select(Level::available().collect::<Vec<_>>()),
        ) {
            let (start, end) = (part.0 * source as f32, part.1 * source as f32);
            let extent = if whole {
                Extent { start: start.floor(), end: end.ceil() }
            } else {
                Extent { start, end }
            };
            check(level, source, extent, size, filter);
        }
    }
}
