//! Outputs of windows whose taps all have one weight, as those of box have: samples are added up first
//! and multiplied once, in 16 bits.
//!
//! A sum of some samples has few values. So a factor with fewer bits than the weight can be held
//! against the specification for all of them, before the first row:
//!
//! ```text
//! (sum * weight + half) >> 22  =  ((sum << up) * factor >> 16) + 32 >> 6
//! ```

mod across;
mod row;

use super::Products;
use super::sums::Total;
use crate::resample::scalar::HALF;
use crate::resample::weights::{PRECISION_BITS, Weights};
pub(crate) use across::Means;
pub(crate) use row::RowMeans;

/// Fraction bits of a product.
const BITS: u32 = PRECISION_BITS - 16;

/// A half of a product.
const HALF_OF_PRODUCT: i16 = 1 << (BITS - 1);

/// Whether all taps of each window have one weight.
pub(super) fn suit(weights: &Weights<i32>) -> bool {
    let is_mean = |values: &[i32]| values.iter().all(|value| *value == values[0]);
    weights.distinct().all(|window| is_mean(weights.of(window)))
}

/// What makes outputs of the sums of all windows of an axis.
#[derive(Debug)]
pub(super) struct Factors {
    /// Bits by which samples are shifted up: as many as leave their sum below 2^16, and that of the
    /// two of a unit below 2^15.
    pub(super) up: u32,
    /// One for each window.
    pub(super) factors: Vec<u16>,
}

impl Factors {
    /// `None` when some weights differ, or one of them has no factor that gives the outputs of the
    /// specification. (All means of up to 92 samples have one, and most of up to 257.)
    pub(super) fn find(weights: &Weights<i32>) -> Option<Self> {
        let most = weights.windows().iter().map(|window| window.taps).max()?;
        let up = (0..=6).rev().find(|up| (255 * most) << up <= usize::from(u16::MAX))?;
        let mut factors = Vec::with_capacity(weights.len());
        if !suit(weights) {
            return None;
        }
        // There are few windows of different kinds.
        let mut known: Vec<((usize, u32), u16)> = Vec::new();
        for (_, values) in weights.iter() {
            let kind = (values.len(), u32::try_from(*values.first()?).ok()?);
            let factor = match known.iter().find(|(seen, _)| *seen == kind) {
                Some((_, factor)) => *factor,
                None => {
                    let factor = factor(kind, up)?;
                    known.push((kind, factor));
                    factor
                }
            };
            factors.push(factor);
        }
        Some(Self { up, factors })
    }
}

/// The factor of windows of `taps` taps of one weight.
fn factor((taps, weight): (usize, u32), up: u32) -> Option<u16> {
    let largest = 255 * taps as u32;
    // Outputs grow with sums: where they are right on both sides of each step, all are.
    let fits = |factor: &u16| {
        let product = |sum: u32| ((sum << up) * u32::from(*factor)) >> 16;
        let output = |sum: u32| (product(sum) + HALF_OF_PRODUCT as u32) >> BITS;
        (1..=255).all(|wanted| {
            let least = ((wanted << PRECISION_BITS) - HALF as u32).div_ceil(weight.max(1));
            least <= largest && output(least) == wanted && output(least - 1) == wanted - 1
        })
    };
    let least = u16::try_from(weight >> up).unwrap_or(u16::MAX);
    [least, least.saturating_add(1)].into_iter().find(fits)
}

/// Sums in 16 bits of samples shifted up.
#[derive(Clone, Copy)]
pub(super) struct MeanSums<V>(V);

impl<V: Copy, X: Products<N, V = V>, const N: usize> Total<X, N> for MeanSums<V> {
    const UNIFORM: bool = true;

    #[inline(always)]
    fn new(x: X) -> Self {
        Self(x.splat(0))
    }

    #[inline(always)]
    fn add(&mut self, x: X, samples: V, _: V, ones: V) {
        self.0 = x.add_words(self.0, x.dot_bytes(samples, ones));
    }

    #[inline(always)]
    fn finish(self, x: X, factors: i32) -> V {
        outputs(x, self.0, x.splat(factors))
    }
}

/// Outputs of sums.
#[inline(always)]
fn outputs<X: Products<N>, const N: usize>(x: X, sums: X::V, factors: X::V) -> X::V {
    let products = x.mul_high(sums, factors);
    let rounded = x.add_words(products, x.splat_words(HALF_OF_PRODUCT));
    x.unsigned_words_down::<{ BITS as i32 }>(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_have_factors() {
        for taps in 1..=92 {
            let room = u16::MAX / (255 * taps as u16);
            let weight = (1 << PRECISION_BITS) / taps as u32;
            // Of sums of most taps, a half is a tie, which goes where the weight was rounded to.
            for weight in [weight, weight + u32::from(taps > 1)] {
                assert!(factor((taps, weight), room.ilog2().min(6)).is_some(), "{taps}: {weight}");
            }
        }
    }

    #[test]
    fn a_factor_gives_every_output() {
        for (taps, weight) in [(3, 1_398_101), (12, 349_525), (13, 322_639), (92, 45_590)] {
            let up = (u16::MAX / (255 * taps as u16)).ilog2().min(6);
            let factor = u32::from(factor((taps, weight), up).unwrap());
            for sum in 0..=255 * taps as u32 {
                let wanted = (sum * weight + HALF as u32) >> PRECISION_BITS;
                assert_eq!(((((sum << up) * factor) >> 16) + 32) >> 6, wanted, "{sum} of {taps}");
            }
        }
    }

    #[test]
    fn other_weights_have_none() {
        assert_eq!(factor((4, 1 << (PRECISION_BITS - 3)), 6), None);
        assert_eq!(factor((4, 0), 6), None);
    }
}
