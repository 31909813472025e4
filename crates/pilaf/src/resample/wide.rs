//! Samples of more than 8 bits: modes I;16, I and F. Sums are `f64`, added in tap order from 0,
//! since the order shows in the last bit; and so vector code may work on several outputs at
//! once, but never on several taps of one output.

use std::marker::PhantomData;

use super::passes::Passes;
use super::weights::{Weights, Window};

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
pub(crate) fn round(sum: f64) -> i32 {
    if sum >= 0.0 { (sum + 0.5) as i32 } else { (sum - 0.5) as i32 }
}

fn round_u16(sum: f64) -> u16 {
    round(sum).clamp(0, 65535) as u16
}

macro_rules! wide_sample {
    ($(#[$doc:meta])* $name:ident: $type:ty, $from:ident, $to:ident, $round:expr) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl WideSample for $name {
            const BYTES: usize = size_of::<$type>();

            fn read(bytes: &[u8]) -> f64 {
                let mut sample = [0; size_of::<$type>()];
                sample.copy_from_slice(&bytes[..size_of::<$type>()]);
                f64::from(<$type>::$from(sample))
            }

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
        let pixel_bytes = bands * S::BYTES;
        for (pixel, (window, values)) in target.chunks_exact_mut(pixel_bytes).zip(weights.iter()) {
            let samples = &source[window.start * pixel_bytes..window.end() * pixel_bytes];
            for band in 0..bands {
                let taps = samples[band * S::BYTES..].chunks(pixel_bytes).zip(values);
                let sum = taps.fold(0.0, |sum, (bytes, weight)| sum + S::read(bytes) * weight);
                S::write(sum, &mut pixel[band * S::BYTES..]);
            }
        }
    }

    fn combine_rows<'a>(
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
