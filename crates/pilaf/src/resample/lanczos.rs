//! Lanczos weights in fixed point without a sine for every tap.
//!
//! At this speed of resampling, the sines of [`Weights::build`] cost a tenth of a whole resize.
//! The taps of a window are evenly spaced, so their sines follow from the sine and cosine of the
//! first and of the steps, which all windows share:
//!
//! ```text
//! sin(a + k d) = sin a cos kd + cos a sin kd
//! sin 3a       = 3 sin a - 4 sin^3 a            the other sine of the kernel
//! ```
//!
//! This errs by some 1e-14 of a weight, or 1e-7 in fixed point. A window with any weight nearer
//! than [`DOUBT`] to a rounding boundary is made again the exact way, so the result is the same.

use std::f64::consts::PI;

use super::Filter;
use super::weights::{Extent, PRECISION_BITS, Spacing, Weights, normalize, to_fixed};

/// How near to a rounding boundary a weight must be to be made the exact way: a hundred times the
/// largest error.
const DOUBT: f64 = 1e-5;

/// Nearer to the center than this, the quotients of the kernel lose digits.
const NEAR_CENTER: f64 = 0.01;

/// Added to a number below 2^51, this leaves the nearest integer in the lowest bits.
const INTEGER: f64 = 1.5 * (1_u64 << 52) as f64;

/// The weights of [`Weights::build`] with [`Filter::Lanczos`], in fixed point.
pub(super) fn build_fixed(source: u32, extent: Extent, size: u32) -> Weights<i32> {
    let spacing = Spacing::new(source, extent, size, Filter::Lanczos);
    let most = spacing.most_taps();
    let steps = Steps::new(&spacing, most);
    let mut weights = Weights::with_capacity(size as usize, size as usize * most);
    let (mut window, mut fixed) = (vec![0.0; most], vec![0; most]);
    for index in 0..size {
        let center = spacing.center(index);
        let (start, end) = spacing.bounds(center);
        let taps = end - start;
        steps.estimate(&spacing, start, center, &mut window[..taps]);
        if !round(&window[..taps], &mut fixed[..taps]) {
            for (weight, tap) in window.iter_mut().zip(start..end) {
                *weight = Filter::Lanczos.kernel(spacing.position(tap, center));
            }
            normalize(&mut window[..taps]);
            for (fixed, &weight) in fixed.iter_mut().zip(&window[..taps]) {
                *fixed = to_fixed(weight);
            }
        }
        weights.push_window(start, fixed[..taps].iter().copied());
    }
    weights
}

/// For the `k`th tap of any window: `k`, and the sine and cosine of `k` steps.
struct Steps {
    numbers: Vec<f64>,
    sines: Vec<f64>,
    cosines: Vec<f64>,
}

impl Steps {
    fn new(spacing: &Spacing, count: usize) -> Self {
        let angle = |k: usize| k as f64 * spacing.inverse * PI / 3.0;
        Self {
            numbers: (0..count).map(|k| k as f64).collect(),
            sines: (0..count).map(|k| angle(k).sin()).collect(),
            cosines: (0..count).map(|k| angle(k).cos()).collect(),
        }
    }

    /// The kernel over the window from `start` on. The loop over all taps has no branches, so
    /// that the compiler can do several at once; the taps that it gets wrong come after.
    fn estimate(&self, spacing: &Spacing, start: usize, center: f64, window: &mut [f64]) {
        let first = start as f64 - center + 0.5;
        let (sin, cos) = (first * spacing.inverse * PI / 3.0).sin_cos();
        let steps = self.numbers.iter().zip(&self.sines).zip(&self.cosines);
        for (weight, ((number, step_sin), step_cos)) in window.iter_mut().zip(steps) {
            let x = (first + number) * spacing.inverse;
            let third = sin * step_cos + cos * step_sin;
            let whole = third * (3.0 - 4.0 * third * third);
            *weight = third * whole * (3.0 / (PI * PI)) / (x * x);
        }
        let taps = window.len();
        for k in [0, taps.saturating_sub(2), taps.saturating_sub(1)] {
            // Only the outermost taps can lie outside of the kernel.
            let inside = (-3.0..3.0).contains(&spacing.position(start + k, center));
            if let Some(weight) = window.get_mut(k).filter(|_| !inside) {
                *weight = 0.0;
            }
        }
        let nearest = |x: f64| ((x / spacing.inverse - first) as usize).min(taps);
        let near = nearest(-NEAR_CENTER)..(nearest(NEAR_CENTER) + 1).min(taps);
        for (weight, tap) in window[near.clone()].iter_mut().zip(start + near.start..) {
            *weight = Filter::Lanczos.kernel(spacing.position(tap, center));
        }
    }
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_short_way_gives_the_same_weights(
            source in 1..4000_u32,
            size in 1..1500_u32,
            from in 0.0..0.6_f32,
            to in 0.61..=1.0_f32,
        ) {
            let extent = Extent { start: from * source as f32, end: to * source as f32 };
            let exact = Weights::build(source, extent, size, Filter::Lanczos).to_fixed();
            let short = build_fixed(source, extent, size);
            prop_assert_eq!(exact.windows(), short.windows());
            for (window, values) in exact.iter() {
                prop_assert_eq!(values, short.of(window));
            }
        }
    }
}
