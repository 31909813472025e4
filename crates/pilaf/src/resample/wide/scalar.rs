//! The specification of the passes over wide samples, which tests hold the kernels against. Rust
//! never joins a multiplication and an addition into one rounding, at any level.

/// Rounds half away from zero, as Pillow does for integers. Sums outside of `i32` saturate,
/// where Pillow leaves it to the C compiler.
#[inline(always)]
pub(crate) fn round(sum: f64) -> i32 {
    if sum >= 0.0 { (sum + 0.5) as i32 } else { (sum - 0.5) as i32 }
}

#[cfg(test)]
pub(in super::super) use rows::{Wide, round_u16};

#[cfg(test)]
mod rows {
    use std::marker::PhantomData;

    use super::super::super::passes::Passes;
    use super::super::super::weights::{Weights, Window};
    use super::super::{F32, I32, U16};
    use super::round;

    /// The passes over samples of a kind.
    pub(crate) struct Wide<S>(PhantomData<S>);

    /// How samples of one kind are read, and how sums become samples.
    pub(crate) trait WideSample {
        /// Bytes of a sample.
        const BYTES: usize;
        /// The sample in `bytes`.
        fn read(bytes: &[u8]) -> f64;
        /// Stores the sample of `sum`.
        fn write(sum: f64, bytes: &mut [u8]);
    }

    pub(crate) fn round_u16(sum: f64) -> u16 {
        round(sum).clamp(0, 65535) as u16
    }

    macro_rules! wide_sample {
        ($name:ty: $sample:ty, $from:ident, $to:ident, $round:expr) => {
            impl WideSample for $name {
                const BYTES: usize = size_of::<$sample>();

                fn read(bytes: &[u8]) -> f64 {
                    f64::from(<$sample>::$from(bytes.try_into().unwrap()))
                }

                fn write(sum: f64, bytes: &mut [u8]) {
                    let sample: $sample = $round(sum);
                    bytes.copy_from_slice(&sample.$to());
                }
            }
        };
    }

    wide_sample!(U16<false>: u16, from_le_bytes, to_le_bytes, round_u16);
    wide_sample!(U16<true>: u16, from_be_bytes, to_be_bytes, round_u16);
    wide_sample!(I32: i32, from_ne_bytes, to_ne_bytes, round);
    wide_sample!(F32: f32, from_ne_bytes, to_ne_bytes, |sum| sum as f32);

    impl<S: WideSample> Passes for Wide<S> {
        type Weight = f64;
        type Sum = f64;

        fn prepare(weights: Weights<f64>) -> Weights<f64> {
            weights
        }

        fn resample_row(source: &[u8], target: &mut [u8], bands: usize, weights: &Weights<f64>) {
            assert_eq!(bands, 1, "wide samples are pixels");
            let samples: Vec<f64> = source.chunks_exact(S::BYTES).map(S::read).collect();
            let target = target.chunks_exact_mut(S::BYTES);
            for (target, (window, values)) in target.zip(weights.iter()) {
                let taps = samples[window.start..window.end()].iter().zip(values);
                S::write(taps.fold(0.0, |sum, (sample, weight)| sum + sample * weight), target);
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

    #[test]
    fn integers_round_half_away_from_zero_and_saturate() {
        assert_eq!([0.5, -0.5, 1.4999, -2.5].map(round), [1, -1, 1, -3]);
        assert_eq!([1e12, -1e12].map(round), [i32::MAX, i32::MIN]);
        assert_eq!([-3.0, 70000.0].map(round_u16), [0, 65535]);
    }

    #[test]
    fn byte_orders_differ_only_in_memory() {
        let mut bytes = [0; 2];
        <U16<true> as WideSample>::write(258.0, &mut bytes);
        assert_eq!((bytes, <U16<true> as WideSample>::read(&bytes)), ([1, 2], 258.0));
        <U16<false> as WideSample>::write(258.0, &mut bytes);
        assert_eq!((bytes, <U16<false> as WideSample>::read(&bytes)), ([2, 1], 258.0));
    }
}
