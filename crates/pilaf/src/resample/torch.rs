//! The weights of `interpolate(..., antialias=True)` of PyTorch on `uint8`: those of Pillow's
//! bilinear and bicubic filters, rounded to 16 bits.
//!
//! PyTorch gives all weights of an axis the precision with which the largest still fits 16 bits
//! (at most 22), rounds each half away from zero, and from there on works as Pillow does: columns
//! first, sums from half a unit up, each pass rounded to samples. A sum of weights of `p` bits
//! times `2^(22 - p)` is the sum of weights of 22 bits, half a unit included, so these weights go
//! through Pillow's kernels.
//!
//! Measured on PyTorch 2.15: `upsample_bilinear2d_aa` and `upsample_bicubic2d_aa`.

use super::Filter;
use super::plan::{Geometry, PassWeights};
use super::weights::{PRECISION_BITS, Weights};

/// The weights of a geometry whose region is the whole source.
pub(super) fn weights(geometry: &Geometry, filter: Filter) -> PassWeights {
    PassWeights {
        horizontal: geometry.horizontal_weights(filter, Weights::build).map(|w| to_fixed(&w)),
        vertical: geometry.vertical_weights(filter, Weights::build).map(|w| to_fixed(&w)),
        rows_first: false,
    }
}

/// Weights of 16 bits, shifted up to Pillow's precision.
fn to_fixed(weights: &Weights<f64>) -> Weights<i32> {
    let values = || weights.iter().flat_map(|(_, values)| values);
    let bits = precision(values().fold(0.0, |most: f64, &value| most.max(value)));
    let round = |&value: &f64| {
        let scaled = value * f64::from(1 << bits);
        let rounded = if value < 0.0 { (scaled - 0.5) as i32 } else { (scaled + 0.5) as i32 };
        rounded << (PRECISION_BITS - bits)
    };
    let mut fixed = Weights::with_capacity(weights.len(), values().count());
    for (window, values) in weights.iter() {
        fixed.push_window(window.start, values.iter().map(round));
    }
    fixed
}

/// The most bits, up to 22, with which `largest` fits 16 bits with its sign.
fn precision(largest: f64) -> u32 {
    let fits = |bits: u32| ((0.5 + largest * f64::from(1 << bits)) as i32) < 1 << 15;
    (0..PRECISION_BITS).take_while(|bits| fits(bits + 1)).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_weight_fits_16_bits() {
        assert_eq!(precision(1.0), 14);
        assert_eq!(precision(0.5), 15);
        assert_eq!(precision(0.499_99), 16);
        assert_eq!(precision(0.001), 22);
        assert_eq!(precision(1.999_999), 13);
    }
}
