//! The kernel of Lanczos without a sine for every tap.
//!
//! The taps of a window are evenly spaced, so their sines follow from the sine and cosine of the
//! first and of the steps, which all windows share:
//!
//! ```text
//! sin(a + k d) = sin a cos kd + cos a sin kd
//! sin 3a       = 3 sin a - 4 sin^3 a            the other sine of the kernel
//! ```
//!
//! This errs by some 1e-14 of a weight.

use std::f64::consts::PI;

use super::Filter;
use super::weights::Spacing;

/// Nearer to the center than this, the quotients of the kernel lose digits.
const NEAR_CENTER: f64 = 0.01;

/// For the `k`th tap of any window: `k`, and the sine and cosine of `k` steps.
pub(super) struct Steps {
    numbers: Vec<f64>,
    sines: Vec<f64>,
    cosines: Vec<f64>,
}

impl Steps {
    pub(super) fn new(spacing: &Spacing, count: usize) -> Self {
        let angle = |k: usize| k as f64 * spacing.inverse * PI / 3.0;
        Self {
            numbers: (0..count).map(|k| k as f64).collect(),
            sines: (0..count).map(|k| angle(k).sin()).collect(),
            cosines: (0..count).map(|k| angle(k).cos()).collect(),
        }
    }

    /// The kernel over the window from `start` on. The loop over all taps has no branches, so
    /// that the compiler can do several at once; the taps that it gets wrong come after.
    pub(super) fn estimate(
        &self,
        spacing: &Spacing,
        start: usize,
        center: f64,
        window: &mut [f64],
    ) {
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
