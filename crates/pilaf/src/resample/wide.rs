//! Samples of more than 8 bits: modes I;16, I and F. Sums are `f64`, added in tap order from 0,
//! since the order shows in the last bit; and so several outputs may be worked on at once, but
//! never several taps of one output. Rust never joins a multiplication and an addition into one
//! rounding, at any level.

use std::marker::PhantomData;

use super::passes::Passes;
use super::weights::{Weights, Window};
use crate::simd::Level;

/// How samples of one kind are read, and how sums become samples.
pub(crate) trait WideSample {
    /// Bytes of a sample.
    const BYTES: usize;
    /// The sample at the start of `bytes`.
    fn read(bytes: &[u8]) -> f64;
    /// Stores the sample of `sum` at the start of `bytes`.
    fn write(sum: f64, bytes: &mut [u8]);
}

/// Rounds half away from zero, as Pillow does for integers. Sums outside of `i32` saturate,
/// where Pillow leaves it to the C compiler.
#[inline(always)]
pub(crate) fn round(sum: f64) -> i32 {
    if sum >= 0.0 { (sum + 0.5) as i32 } else { (sum - 0.5) as i32 }
}

#[inline(always)]
fn round_u16(sum: f64) -> u16 {
    round(sum).clamp(0, 65535) as u16
}

macro_rules! wide_sample {
    ($(#[$doc:meta])* $name:ident: $type:ty, $from:ident, $to:ident, $round:expr) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl WideSample for $name {
            const BYTES: usize = size_of::<$type>();

            #[inline(always)]
            fn read(bytes: &[u8]) -> f64 {
                let mut sample = [0; size_of::<$type>()];
                sample.copy_from_slice(&bytes[..size_of::<$type>()]);
                f64::from(<$type>::$from(sample))
            }

            #[inline(always)]
            fn write(sum: f64, bytes: &mut [u8]) {
                let sample: $type = $round(sum);
                bytes[..size_of::<$type>()].copy_from_slice(&sample.$to());
            }
        }
    };
}

wide_sample!(
    /// Mode I;16.
    U16Le: u16, from_le_bytes, to_le_bytes, round_u16
);
wide_sample!(
    /// Mode I;16B.
    U16Be: u16, from_be_bytes, to_be_bytes, round_u16
);
wide_sample!(
    /// Mode I.
    I32: i32, from_ne_bytes, to_ne_bytes, round
);
wide_sample!(
    /// Mode F.
    F32: f32, from_ne_bytes, to_ne_bytes, |sum| sum as f32
);

/// The passes over wide samples.
pub(crate) struct Wide<S>(PhantomData<S>);

impl<S: WideSample> Passes for Wide<S> {
    type Weight = f64;
    type Sum = f64;

    fn prepare(weights: Weights<f64>) -> Weights<f64> {
        weights
    }

    fn resample_row(source: &[u8], target: &mut [u8], bands: usize, weights: &Weights<f64>) {
        Level::get().run(
            #[inline(always)]
            || resample_row::<S>(source, target, bands, weights),
        );
    }

    fn combine_rows<'a>(
        row: impl Fn(usize) -> &'a [u8],
        target: &mut [u8],
        window: &Window,
        values: &[f64],
        sums: &mut Vec<f64>,
    ) {
        Level::get().run(
            #[inline(always)]
            || combine_rows::<S>(row, target, window, values, sums),
        );
    }
}

/// One output after the other. (Eight of them abreast, each with its own taps, were no faster:
/// some two cycles a tap both ways. Rows abreast, turned once, are left to try.)
#[inline(always)]
fn resample_row<S: WideSample>(
    source: &[u8],
    target: &mut [u8],
    bands: usize,
    weights: &Weights<f64>,
) {
    let pixel_bytes = bands * S::BYTES;
    for (pixel, (window, values)) in target.chunks_exact_mut(pixel_bytes).zip(weights.iter()) {
        let samples = &source[window.start * pixel_bytes..window.end() * pixel_bytes];
        for band in 0..bands {
            let taps = samples.get(band * S::BYTES..).unwrap_or_default().chunks(pixel_bytes);
            let sum = taps.zip(values).fold(0.0, |sum, (tap, weight)| sum + S::read(tap) * weight);
            S::write(sum, &mut pixel[band * S::BYTES..]);
        }
    }
}

#[inline(always)]
fn combine_rows<'a, S: WideSample>(
    row: impl Fn(usize) -> &'a [u8],
    target: &mut [u8],
    window: &Window,
    values: &[f64],
    sums: &mut Vec<f64>,
) {
    sums.clear();
    sums.resize(target.len() / S::BYTES, 0.0);
    for (y, &weight) in (window.start..window.end()).zip(values) {
        for (sum, bytes) in sums.iter_mut().zip(row(y).chunks_exact(S::BYTES)) {
            *sum += S::read(bytes) * weight;
        }
    }
    for (bytes, &sum) in target.chunks_exact_mut(S::BYTES).zip(sums.iter()) {
        S::write(sum, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Filter;
    use super::super::weights::Extent;
    use super::*;
    use crate::simd::for_each_level;

    #[test]
    fn integers_round_half_away_from_zero_and_saturate() {
        assert_eq!([0.5, -0.5, 1.4999, -2.5].map(round), [1, -1, 1, -3]);
        assert_eq!([1e12, -1e12].map(round), [i32::MAX, i32::MIN]);
        assert_eq!([-3.0, 70000.0].map(round_u16), [0, 65535]);
    }

    #[test]
    fn byte_orders_differ_only_in_memory() {
        let mut bytes = [0; 2];
        U16Be::write(258.0, &mut bytes);
        assert_eq!((bytes, U16Be::read(&bytes)), ([1, 2], 258.0));
        U16Le::write(258.0, &mut bytes);
        assert_eq!((bytes, U16Le::read(&bytes)), ([2, 1], 258.0));
    }

    /// Both passes the plain way, tap by tap.
    fn plainly<S: WideSample>(taps: &[&[u8]], values: &[f64]) -> Vec<u8> {
        let sum = taps.iter().zip(values).fold(0.0, |sum, (tap, w)| sum + S::read(tap) * w);
        let mut bytes = vec![0; S::BYTES];
        S::write(sum, &mut bytes);
        bytes
    }

    fn check<S: WideSample>(level: Level) {
        let row: Vec<u8> = (0..53 * S::BYTES).map(|i| (i * 97 % 61) as u8).collect();
        let samples: Vec<&[u8]> = row.chunks(S::BYTES).collect();
        for (filter, size) in [(Filter::Lanczos, 19), (Filter::Box, 5), (Filter::Bicubic, 101)] {
            let weights = Weights::build(53, Extent { start: 0.3, end: 52.1 }, size, filter);
            let mut across = vec![0; size as usize * S::BYTES];
            level.run(|| resample_row::<S>(&row, &mut across, 1, &weights));
            let (mut sums, mut down) = (Vec::new(), vec![0; S::BYTES]);
            for ((window, values), across) in weights.iter().zip(across.chunks(S::BYTES)) {
                let wanted = plainly::<S>(&samples[window.start..window.end()], values);
                assert_eq!(across, wanted, "{level} {filter}");
                level.run(|| {
                    combine_rows::<S>(|y| samples[y], &mut down, window, values, &mut sums)
                });
                assert_eq!(down, wanted, "{level} {filter}, down");
            }
        }
    }

    #[test]
    fn every_level_adds_in_tap_order() {
        for_each_level(|level| {
            check::<U16Le>(level);
            check::<U16Be>(level);
            check::<I32>(level);
            check::<F32>(level);
        });
    }
}
