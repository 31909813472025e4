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

/// The weights of [`Weights::build`] with [`Filter::Lanczos`], in fixed point.
pub(super) fn build_fixed(source: u32, extent: Extent, size: u32) -> Weights<i32> {
    let spacing = Spacing::new(source, extent, size, Filter::Lanczos);
    let most = spacing.most_taps();
    let steps: Vec<_> =
        (0..most).map(|k| (k as f64 * spacing.inverse * PI / 3.0).sin_cos()).collect();
    let mut weights = Weights::with_capacity(size as usize, size as usize * most);
    let mut window = Vec::with_capacity(most);
    for index in 0..size {
        let center = spacing.center(index);
        let (start, end) = spacing.bounds(center);
        window.clear();
        window.extend(estimate(&spacing, &steps, start..end, center));
        normalize(&mut window);
        if window.iter().any(|&weight| is_doubtful(weight)) {
            window.clear();
            let kernel = |tap| Filter::Lanczos.kernel(spacing.position(tap, center));
            window.extend((start..end).map(kernel));
            normalize(&mut window);
        }
        weights.push_window(start, window.iter().map(|&weight| to_fixed(weight)));
    }
    weights
}

/// The kernel over one window.
fn estimate(
    spacing: &Spacing,
    steps: &[(f64, f64)],
    taps: std::ops::Range<usize>,
    center: f64,
) -> impl Iterator<Item = f64> {
    let (sin, cos) = (spacing.position(taps.start, center) * PI / 3.0).sin_cos();
    taps.zip(steps).map(move |(tap, &(step_sin, step_cos))| {
        let x = spacing.position(tap, center);
        if x.abs() < NEAR_CENTER || !(-3.0..3.0).contains(&x) {
            return Filter::Lanczos.kernel(x);
        }
        let third = sin * step_cos + cos * step_sin;
        let whole = third * (3.0 - 4.0 * third * third);
        third * whole * (3.0 / (PI * PI)) / (x * x)
    })
}

fn is_doubtful(weight: f64) -> bool {
    let scaled = weight.abs() * f64::from(1 << PRECISION_BITS);
    (scaled.fract() - 0.5).abs() < DOUBT
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
