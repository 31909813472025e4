//! AVX2: the instructions behind the kernels of [`pairs`].

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::super::weights::PRECISION_BITS;
use super::Rows;
use super::pairs::{self, AxisOfPairs, Compiled, Digits, Vector, compile, instructions};
use crate::simd::Avx2;

compile!(Avx2, 32, "avx2");

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are of arrays behind references, unaligned.
impl Vector<32> for Avx2 {
    type V = __m256i;

    instructions! {
        low_bytes: _mm256_unpacklo_epi8,
        high_bytes: _mm256_unpackhi_epi8,
        low_words: _mm256_unpacklo_epi16,
        high_words: _mm256_unpackhi_epi16,
        low_doubles: _mm256_unpacklo_epi32,
        high_doubles: _mm256_unpackhi_epi32,
        low_quads: _mm256_unpacklo_epi64,
        high_quads: _mm256_unpackhi_epi64,
        pick: _mm256_shuffle_epi8,
        dot_words: _mm256_madd_epi16,
        dot_bytes: _mm256_maddubs_epi16,
        add_doubles: _mm256_add_epi32,
        add_words: _mm256_add_epi16,
        to_words: _mm256_packs_epi32,
        to_samples: _mm256_packus_epi16,
    }

    #[inline(always)]
    fn splat(self, value: i32) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_set1_epi32(value) }
    }

    #[inline(always)]
    fn shift_down(self, a: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_srai_epi32::<{ PRECISION_BITS as i32 }>(a) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; 32]) -> __m256i {
        // SAFETY: `self` proves AVX2; the reference is to 32 readable bytes.
        unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; 32], value: __m256i) {
        // SAFETY: `self` proves AVX2; the reference is to 32 writable bytes.
        unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), value) }
    }

    #[inline(always)]
    fn repeat(self, lane: &[u8; 16]) -> __m256i {
        // SAFETY: `self` proves AVX2; the reference is to 16 readable bytes.
        unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(lane.as_ptr().cast())) }
    }

    #[inline(always)]
    fn load_rows(self, bytes: &[u8], at: usize, stride: usize) -> [__m256i; 8] {
        let last = stride.saturating_mul(15).saturating_add(16);
        assert!(last <= bytes.len() && at <= bytes.len() - last, "rows end before the load does");
        let mut rows = [self.splat(0); 8];
        for (row, value) in rows.iter_mut().enumerate() {
            let start = bytes.as_ptr().wrapping_add(at + row * stride);
            // SAFETY: `self` proves AVX2; by the assertion, the row 15 rows below the first has
            // 16 readable bytes from its start on, and so have those before it.
            *value = unsafe {
                let upper = _mm_loadu_si128(start.cast());
                let lower = _mm_loadu_si128(start.wrapping_add(8 * stride).cast());
                _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(upper), lower)
            };
        }
        rows
    }
}
