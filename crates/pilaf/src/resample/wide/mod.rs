//! Samples of more than 8 bits: modes I;16, I and F. Sums are `f64`, added in tap order from 0, and
//! become samples after each pass. [`scalar`] is the specification; here is how the passes of
//! [`kernels::numbers`](super::kernels::numbers) read and write such samples. At vector levels, I;16
//! goes through [`kernels::words`](super::kernels::words) instead.

mod scalar;

#[cfg(test)]
pub(super) use scalar::Wide;
pub(crate) use scalar::round;

use super::kernels::numbers::Transfer;

/// Numbers from here on have no fractions, and their last bits are those of an integer.
const WHOLE: f64 = (1_u64 << 52) as f64;

/// The largest integer up to a number from 0 to 2^52; larger ones stay near. Without a conversion to
/// integers, which baselines do one by one.
#[inline(always)]
fn floor(number: f64) -> f64 {
    let nearest = (number + WHOLE) - WHOLE;
    if nearest > number { nearest - 1.0 } else { nearest }
}

/// [`round`], side by side.
#[inline(always)]
fn round_to_i32(sum: f64) -> i32 {
    let rounded = floor(sum.abs() + 0.5).copysign(sum);
    let inside = rounded.max(f64::from(i32::MIN)).min(f64::from(i32::MAX));
    // One and a half times `WHOLE`: negative integers end in their two's complement there.
    (inside + 1.5 * WHOLE).to_bits() as i32
}

/// [`round`], clamped to 16 bits.
#[inline(always)]
pub(super) fn round_to_u16(sum: f64) -> i32 {
    let inside = (sum + 0.5).max(0.0).min(f64::from(u16::MAX));
    (floor(inside) + WHOLE).to_bits() as i32
}

/// Modes I;16 and I;16B; `BIG` for the latter.
#[derive(Clone, Copy, Debug)]
pub(super) struct U16<const BIG: bool>;

impl<const BIG: bool> U16<BIG> {
    #[inline(always)]
    fn write(sample: u16) -> [u8; 2] {
        if BIG { sample.to_be_bytes() } else { sample.to_le_bytes() }
    }
}

impl<const BIG: bool> Transfer for U16<BIG> {
    type Stored = i32;
    type Number = f64;
    const SAMPLE_BYTES: usize = 2;

    #[inline(always)]
    fn decode(self, word: u32, _: usize, sample: usize) -> i32 {
        let bytes = u32::from_le(word) >> (16 * sample);
        let swapped = (bytes & 0xff) << 8 | bytes >> 8 & 0xff;
        if BIG { swapped as i32 } else { (bytes & 0xffff) as i32 }
    }

    #[inline(always)]
    fn store(self, sum: f64) -> i32 {
        round_to_u16(sum)
    }

    #[inline(always)]
    fn encode(self, sums: &[f64], _: usize, pixels: &mut [u8]) {
        for (bytes, &sum) in pixels.as_chunks_mut::<2>().0.iter_mut().zip(sums) {
            *bytes = Self::write(round_to_u16(sum) as u16);
        }
    }
}

/// Mode I.
#[derive(Clone, Copy, Debug)]
pub(super) struct I32;

impl Transfer for I32 {
    type Stored = i32;
    type Number = f64;
    const SAMPLE_BYTES: usize = 4;

    #[inline(always)]
    fn decode(self, word: u32, _: usize, _: usize) -> i32 {
        word as i32
    }

    #[inline(always)]
    fn store(self, sum: f64) -> i32 {
        round_to_i32(sum)
    }

    #[inline(always)]
    fn encode(self, sums: &[f64], _: usize, pixels: &mut [u8]) {
        for (bytes, &sum) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            *bytes = round_to_i32(sum).to_ne_bytes();
        }
    }
}

/// Mode F.
#[derive(Clone, Copy, Debug)]
pub(super) struct F32;

impl Transfer for F32 {
    type Stored = f32;
    type Number = f64;
    const SAMPLE_BYTES: usize = 4;

    #[inline(always)]
    fn decode(self, word: u32, _: usize, _: usize) -> f32 {
        f32::from_bits(word)
    }

    #[inline(always)]
    fn store(self, sum: f64) -> f32 {
        sum as f32
    }

    #[inline(always)]
    fn encode(self, sums: &[f64], _: usize, pixels: &mut [u8]) {
        for (bytes, &sum) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            *bytes = (sum as f32).to_ne_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::scalar::round_u16;
    use super::*;

    #[test]
    fn rounding_side_by_side_is_rounding() {
        let edges = [0.0_f64, 0.25, 0.499_999_999_999_999_94, 0.5, 1.5, 2.5, 65534.5, 65535.5, 1e5];
        let large = [2_147_483_646.5, 2_147_483_647.5, 4e9, 4.6e15, 1e16, 1e300];
        for edge in edges.into_iter().chain(large) {
            for bits in edge.to_bits().saturating_sub(3)..edge.to_bits() + 3 {
                for sum in [f64::from_bits(bits), -f64::from_bits(bits)] {
                    assert_eq!(round_to_i32(sum), round(sum), "{sum}");
                    assert_eq!(round_to_u16(sum), i32::from(round_u16(sum)), "{sum}");
                }
            }
        }
        for step in -2_000_000..2_000_000 {
            let sum = f64::from(step) * 0.03125;
            assert_eq!(round_to_i32(sum), round(sum), "{sum}");
            assert_eq!(round_to_u16(sum), i32::from(round_u16(sum)), "{sum}");
        }
    }
}
