//! Weights as digits: `d0 + 256 * d1 + 65536 * d2`, three signed bytes.

use crate::resample::weights::{GAP, Weights, Window};

/// A weight plus 128 in every digit has the digits plus 128 as its bytes, without borrowing.
const ALL_128: u32 = 0x80_8080;

/// Taps that are taken at once.
const FOUR: usize = GAP;

/// The digits of the weights of four taps, a byte for each tap.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Digits(pub(super) [i32; 3]);

impl Digits {
    /// The greatest weight that has digits.
    pub(super) const MOST: u32 = 127 * 0x1_0101;
}

/// The digits of an axis: first those of all weights in one place, then those in the next, so
/// that a load brings four taps.
pub(super) struct Planes<'a> {
    weights: &'a Weights<i32>,
    /// With zeros before the first weight.
    places: [Vec<u8>; 3],
}

impl<'a> Planes<'a> {
    /// Of weights that are shifted up by `shift` bits. `None` if a weight then needs more than
    /// three digits: beyond 1.98 or below -2.0, which no filter of ours reaches.
    #[inline(always)]
    pub(super) fn new(weights: &'a Weights<i32>, shift: u32) -> Option<Self> {
        let raised = |weight: &i32| ((*weight << shift) as u32).wrapping_add(ALL_128);
        let values = weights.values();
        let mut places = [0, 1, 2].map(|_| vec![0; FOUR + values.len()]);
        let [low, middle, high] = &mut places;
        let bytes = low[FOUR..].iter_mut().zip(&mut middle[FOUR..]).zip(&mut high[FOUR..]);
        let mut bits = 0;
        for (((low, middle), high), weight) in bytes.zip(values) {
            bits |= raised(weight);
            let digits = raised(weight) ^ ALL_128;
            *low = digits as u8;
            *middle = (digits >> 8) as u8;
            *high = (digits >> 16) as u8;
        }
        (bits >> 24 == 0).then_some(Self { weights, places })
    }

    /// The digits of four taps of a window, of the four after them, and so on to the last: the first of
    /// them after `lead` zeros, less than four, and zeros after the last. Of an empty window, four
    /// zeros. (There is a gap of zeros around every window.)
    #[inline(always)]
    pub(super) fn fours(&self, window: &Window, lead: usize) -> impl Iterator<Item = Digits> {
        let start = self.weights.offset_of(window) + FOUR - lead;
        let end = start + (lead + window.taps).next_multiple_of(FOUR).max(FOUR);
        let [low, middle, high] = &self.places;
        let fours = low[start..end].as_chunks().0.iter();
        let fours = fours.zip(middle[start..end].as_chunks().0).zip(high[start..end].as_chunks().0);
        fours.map(|((low, middle), high)| Digits([*low, *middle, *high].map(i32::from_le_bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two windows, and an empty one.
    fn weights(first: &[i32], second: &[i32]) -> Weights<i32> {
        let mut weights = Weights::with_capacity(3, 0);
        for values in [first, second, &[]] {
            weights.push_window(0, values.iter().copied());
        }
        weights
    }

    /// The four weights that digits stand for.
    fn sums(digits: Digits) -> [i32; 4] {
        let places = digits.0.map(i32::to_le_bytes);
        let digit = |place: usize, tap: usize| i32::from(places[place][tap] as i8);
        [0, 1, 2, 3].map(|tap| digit(0, tap) + (digit(1, tap) << 8) + (digit(2, tap) << 16))
    }

    #[test]
    fn digits_add_up_to_their_weights() {
        let most = Digits::MOST as i32;
        let (five, two) = ([most, -0x80_8080, 12_345, -1, 99], [7, 8]);
        let weights = weights(&five, &two);
        let planes = Planes::new(&weights, 0).unwrap();
        let sums = |index: usize, lead: usize| {
            let fours = planes.fours(&weights.windows()[index], lead);
            fours.flat_map(sums).collect::<Vec<_>>()
        };
        for lead in 0..4 {
            let padded = |weights: &[i32]| {
                let mut padded = [&vec![0; lead], weights].concat();
                padded.resize(padded.len().next_multiple_of(4), 0);
                padded
            };
            assert_eq!(sums(0, lead), padded(&five));
            assert_eq!(sums(1, lead), padded(&two));
            assert_eq!(sums(2, lead), [0; 4]);
        }
    }

    #[test]
    fn weights_of_more_digits_are_refused() {
        assert!(Planes::new(&weights(&[0, Digits::MOST as i32 + 1], &[]), 0).is_none());
        assert!(Planes::new(&weights(&[], &[-0x80_8081]), 0).is_none());
    }
}
