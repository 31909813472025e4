//! The kernels of Lanczos and Hamming without a sine for every tap.
//!
//! The taps of a window are evenly spaced, so their sines follow from the sine and cosine of the
//! one next to the center and of the steps, which all windows share:
//!
//! ```text
//! sin(a + k d) = sin a cos kd + cos a sin kd
//! cos(a + k d) = cos a cos kd - sin a sin kd
//! ```
//!
//! This errs by some 1e-14 of a weight, also next to the center, where kernels divide by `a`:
//! there `k` is 0.

use std::f64::consts::PI;

use super::fixed::{Estimate, LANES, Lanes, Place};

/// A kernel of `x`, and of the sine and cosine of `x` times `turn`; and the sines and cosines of
/// all steps.
pub(super) struct Steps<F> {
    turn: f64,
    kernel: F,
    /// From `-most` steps up.
    sines: Vec<f64>,
    cosines: Vec<f64>,
    most: usize,
}

impl<F: Fn(f64, f64, f64) -> f64> Steps<F> {
    /// Steps of `inverse`, for windows of up to `most` taps.
    #[inline(always)]
    pub(super) fn new(turn: f64, inverse: f64, most: usize, kernel: F) -> Self {
        let (step_sin, step_cos) = (turn * inverse).sin_cos();
        let len = 2 * most + LANES;
        let (mut sines, mut cosines) = (vec![0.0; len], vec![1.0; len]);
        let (mut sin, mut cos) = (0.0, 1.0);
        for k in 1..=most {
            (sin, cos) = (sin * step_cos + cos * step_sin, cos * step_cos - sin * step_sin);
            (sines[most - k], cosines[most - k]) = (-sin, cos);
            (sines[most + k], cosines[most + k]) = (sin, cos);
        }
        Self { turn, kernel, sines, cosines, most }
    }
}

impl<F: Fn(f64, f64, f64) -> f64> Estimate for Steps<F> {
    /// Sine and cosine next to the center, and where the steps from there to the first tap are.
    type Window = (f64, f64, usize);

    #[inline(always)]
    fn window(&self, place: &Place, inverse: f64) -> (f64, f64, usize) {
        let near = ((0.5 - place.first) as u32 as usize).min(place.taps.saturating_sub(1));
        let (sin, cos) = (place.position(near, inverse) * self.turn).sin_cos();
        (sin, cos, self.most - near)
    }

    #[inline(always)]
    fn kernel(&self, (sin, cos, first): Self::Window, from: usize, positions: &Lanes) -> Lanes {
        let sines: &Lanes = self.sines[first + from..].first_chunk().expect("steps for all lanes");
        let cosines: &Lanes = self.cosines[first + from..].first_chunk().expect("as many as sines");
        let mut lanes = *positions;
        for (lane, (step_sin, step_cos)) in lanes.iter_mut().zip(sines.iter().zip(cosines)) {
            let here = (sin * step_cos + cos * step_sin, cos * step_cos - sin * step_sin);
            *lane = (self.kernel)(*lane, here.0, here.1);
        }
        lanes
    }
}

/// The kernel of Lanczos from the sine and cosine of `x` thirds of pi; by `sin 3a = 3 sin a - 4 sin^3 a`.
#[inline(always)]
pub(super) fn lanczos(x: f64, sin: f64, _: f64) -> f64 {
    let whole = sin * (3.0 - 4.0 * sin * sin);
    let kernel = sin * whole * (3.0 / (PI * PI)) / (x * x);
    let kernel = if x == 0.0 { 1.0 } else { kernel };
    // Pillow's kernel does not end before -3, and is 1e-33 there.
    if x.abs() < 3.0 { kernel } else { 0.0 }
}

/// The kernel of Hamming from the sine and cosine of `x` times pi.
#[inline(always)]
pub(super) fn hamming(x: f64, sin: f64, cos: f64) -> f64 {
    let kernel = sin / (x * PI) * (f64::from(0.54_f32) + f64::from(0.46_f32) * cos);
    let kernel = if x == 0.0 { 1.0 } else { kernel };
    if x.abs() < 1.0 { kernel } else { 0.0 }
}
