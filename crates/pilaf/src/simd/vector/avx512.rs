//! AVX-512: the vectors of AVX2, with its own instructions where they save some.
//!
//! Registers of 512 bits would do much at half the instructions, but make the clock of the whole JPEG
//! decoder slower by more than they save (Sapphire Rapids).

use std::arch::x86_64::*;

use super::avx2::TwoLanes;
use super::{Kernel, Vector};
use crate::simd::Avx512;

/// Computes `kernel` as machine code of this level.
pub(super) fn compute<K: Kernel>(token: Avx512, kernel: K) -> K::Output {
    #[target_feature(
        enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vnni,avx2,bmi1,bmi2,lzcnt,popcnt"
    )]
    fn compiled<K: Kernel>(token: Avx512, kernel: K) -> K::Output {
        kernel.vectors(token)
    }
    // SAFETY: the token proves these features.
    unsafe { compiled(token, kernel) }
}

impl TwoLanes for Avx512 {
    /// VNNI multiplies and adds in one instruction, which wraps like the sums it stands for.
    #[inline(always)]
    fn dot_words_onto(self, sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX-512 VL and VNNI.
        unsafe { _mm256_dpwssd_epi32(sum, a, b) }
    }

    /// Nine permutations across the whole register, masked, make 96 bytes. Register `k` begins with colour
    /// `2 k % 3` (32 is 2 modulo 3).
    #[inline(always)]
    fn store_threes(self, bytes: &mut [u8], [a, b, c]: [[__m256i; 2]; 3]) {
        let bytes = bytes[..96].as_chunks_mut::<32>().0;
        let [a, b, c] =
            [self.to_samples(a[0], a[1]), self.to_samples(b[0], b[1]), self.to_samples(c[0], c[1])];
        let orders = [[a, b, c], [c, a, b], [b, c, a]];
        for (index, (bytes, [first, second, third])) in bytes.iter_mut().zip(orders).enumerate() {
            let order = self.load(&ORDER[index]);
            // SAFETY: `self` proves AVX-512 VL and VBMI.
            let value = unsafe {
                let value = _mm256_permutexvar_epi8(order, first);
                let value = _mm256_mask_permutexvar_epi8(value, SECOND, order, second);
                _mm256_mask_permutexvar_epi8(value, SECOND << 1, order, third)
            };
            self.store(bytes, value);
        }
    }
}

/// Bytes `b` of a register with `b % 3` equal to 1.
const SECOND: u32 = 0x9249_2492;

/// For each register of 96 bytes, the place that a byte comes from: in each lane, even ones are in
/// bytes 0 to 7 and odd ones in 8 to 15.
static ORDER: [[u8; 32]; 3] = {
    let mut order = [[0; 32]; 3];
    let mut at = 0;
    while at < 96 {
        let place = at / 3;
        order[at / 32][at % 32] = (place / 16 * 16 + place % 16 / 2 + place % 2 * 8) as u8;
        at += 1;
    }
    order
};
