//! Masks of bits, of which the set ones are numbered.

use super::Level;

impl Level {
    /// `mask` with those of its set bits only whose number is set in `bits`, counted from the lowest.
    /// One instruction from AVX2 on, inside of [`run`](Self::run).
    #[inline(always)]
    pub(crate) fn deposit(self, bits: u64, mask: u64) -> u64 {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(token) => token.deposit(bits, mask),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(token) => token.avx2().deposit(bits, mask),
            _ => deposit(bits, mask),
        }
    }

    /// The set bit of `mask` that has `above` others above it; 0 if there is none.
    #[inline(always)]
    pub(crate) fn set_bit(self, mask: u64, above: u32) -> u64 {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) | Self::Avx512(_) => {
                let Some(below) = mask.count_ones().checked_sub(above + 1) else { return 0 };
                self.deposit(1 << below, mask)
            }
            _ => set_bit(mask, above),
        }
    }
}

#[inline(always)]
fn deposit(mut bits: u64, mut mask: u64) -> u64 {
    let mut kept = 0;
    while bits != 0 && mask != 0 {
        let rest = mask & (mask - 1);
        if bits & 1 != 0 {
            kept |= mask ^ rest;
        }
        (bits, mask) = (bits >> 1, rest);
    }
    kept
}

#[inline(always)]
fn set_bit(mut mask: u64, above: u32) -> u64 {
    let top = |mask: u64| (1_u64 << 63).checked_shr(mask.leading_zeros()).unwrap_or(0);
    for _ in 0..above {
        mask ^= top(mask);
    }
    top(mask)
}

#[cfg(test)]
mod tests {
    use crate::simd::for_each_level;

    #[test]
    fn bits_go_to_the_set_places() {
        for_each_level(|level| {
            assert_eq!(level.deposit(0b101, 0b1101_0000), 0b1001_0000, "{level}");
            assert_eq!(level.deposit(u64::MAX, 1 << 63 | 2), 1 << 63 | 2, "{level}");
            assert_eq!(level.deposit(7, 0), 0, "{level}");
            assert_eq!(level.deposit(0x1234, u64::MAX), 0x1234, "{level}");
        });
    }

    #[test]
    fn set_bits_are_counted_from_the_top() {
        let mask = 1 << 63 | 1 << 40 | 1;
        for_each_level(|level| {
            let all = [0, 1, 2, 3, 64].map(|above| level.set_bit(mask, above));
            assert_eq!(all, [1 << 63, 1 << 40, 1, 0, 0], "{level}");
            assert_eq!(level.set_bit(0, 0), 0, "{level}");
        });
    }
}
