//! The specification of the 8-bit passes: Pillow 13's `Resample.c`, one row at a time.
//!
//! Sums are `i32` and wrap, from half a unit up, so that the shift rounds half up. The result of
//! each pass is clamped to a sample; the second pass works on the clamped samples of the first.

use super::weights::{PRECISION_BITS, Weights, Window};

/// Half of a sample in fixed point: where every sum starts.
pub(crate) const HALF: i32 = 1 << (PRECISION_BITS - 1);

/// A sum in fixed point as a sample.
pub(crate) fn to_sample(sum: i32) -> u8 {
    (sum >> PRECISION_BITS).clamp(0, 255) as u8
}

/// Makes one row of `weights.len()` pixels of `bands` interleaved samples from a source row.
pub(crate) fn resample_row(source: &[u8], target: &mut [u8], bands: usize, weights: &Weights<i32>) {
    for (pixel, (window, values)) in target.chunks_exact_mut(bands).zip(weights.iter()) {
        let samples = &source[window.start * bands..window.end() * bands];
        for (band, sample) in pixel.iter_mut().enumerate() {
            let taps = samples.iter().skip(band).step_by(bands);
            *sample = to_sample(dot(taps, values));
        }
    }
}

/// Makes one row from the rows of a window: `row(y)` is source row `y`.
///
/// `sums` is working memory that holds one sum per sample.
pub(crate) fn combine_rows<'a>(
    row: impl Fn(usize) -> &'a [u8],
    target: &mut [u8],
    window: &Window,
    values: &[i32],
    sums: &mut Vec<i32>,
) {
    sums.clear();
    sums.resize(target.len(), HALF);
    for (y, &weight) in (window.start..window.end()).zip(values) {
        for (sum, &sample) in sums.iter_mut().zip(row(y)) {
            *sum = sum.wrapping_add(i32::from(sample).wrapping_mul(weight));
        }
    }
    for (sample, &sum) in target.iter_mut().zip(sums.iter()) {
        *sample = to_sample(sum);
    }
}

fn dot<'a>(samples: impl Iterator<Item = &'a u8>, weights: &[i32]) -> i32 {
    samples.zip(weights).fold(HALF, |sum, (&sample, &weight)| {
        sum.wrapping_add(i32::from(sample).wrapping_mul(weight))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Filter;
    use super::super::weights::Extent;
    use super::*;

    #[test]
    fn sums_round_half_up_and_clamp() {
        assert_eq!(to_sample(HALF), 0);
        assert_eq!(to_sample(HALF + HALF), 1);
        assert_eq!(to_sample(HALF - 1 + HALF), 0);
        assert_eq!(to_sample(-5), 0);
        assert_eq!(to_sample(i32::MAX), 255);
    }

    #[test]
    fn bands_do_not_mix() {
        let weights = Weights::build(4, Extent::whole(4), 2, Filter::Box).to_fixed();
        let mut target = [0; 4];
        resample_row(&[10, 0, 20, 255, 30, 0, 40, 255], &mut target, 2, &weights);
        assert_eq!(target, [15, 128, 35, 128]);
    }

    #[test]
    fn rows_combine_as_samples_of_a_row_do() {
        let weights = Weights::build(7, Extent::whole(7), 3, Filter::Lanczos).to_fixed();
        let column = [3, 250, 0, 99, 255, 17, 200];
        let mut across = [0; 3];
        resample_row(&column, &mut across, 1, &weights);
        let mut sums = Vec::new();
        for (y, (window, values)) in weights.iter().enumerate() {
            let mut down = [0];
            combine_rows(|y| &column[y..=y], &mut down, window, values, &mut sums);
            assert_eq!(down[0], across[y]);
        }
    }
}
