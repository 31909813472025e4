//! SSE4.1 with SSSE3: the instructions behind the kernels of [`pairs`].

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::super::weights::PRECISION_BITS;
use super::Rows;
use super::pairs::{self, AxisOfPairs, Compiled, Digits, Vector, compile, instructions};
use crate::simd::Sse41;

compile!(Sse41, 16, "sse4.1,ssse3");

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are of arrays behind references, unaligned.
impl Vector<16> for Sse41 {
    type V = __m128i;

    instructions! {
        low_bytes: _mm_unpacklo_epi8,
        high_bytes: _mm_unpackhi_epi8,
        low_words: _mm_unpacklo_epi16,
        high_words: _mm_unpackhi_epi16,
        low_doubles: _mm_unpacklo_epi32,
        high_doubles: _mm_unpackhi_epi32,
        low_quads: _mm_unpacklo_epi64,
        high_quads: _mm_unpackhi_epi64,
        pick: _mm_shuffle_epi8,
        dot_words: _mm_madd_epi16,
        dot_bytes: _mm_maddubs_epi16,
        add_doubles: _mm_add_epi32,
        add_words: _mm_add_epi16,
        to_words: _mm_packs_epi32,
        to_samples: _mm_packus_epi16,
    }

    #[inline(always)]
    fn splat(self, value: i32) -> __m128i {
        // SAFETY: `self` proves SSE4.1.
        unsafe { _mm_set1_epi32(value) }
    }

    #[inline(always)]
    fn shift_down(self, a: __m128i) -> __m128i {
        // SAFETY: `self` proves SSE4.1.
        unsafe { _mm_srai_epi32::<{ PRECISION_BITS as i32 }>(a) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; 16]) -> __m128i {
        // SAFETY: `self` proves SSE4.1; the reference is to 16 readable bytes.
        unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; 16], value: __m128i) {
        // SAFETY: `self` proves SSE4.1; the reference is to 16 writable bytes.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), value) }
    }

    #[inline(always)]
    fn repeat(self, lane: &[u8; 16]) -> __m128i {
        self.load(lane)
    }

    #[inline(always)]
    fn load_rows(self, bytes: &[u8], at: usize, stride: usize) -> [__m128i; 8] {
        let last = stride.saturating_mul(7).saturating_add(16);
        assert!(last <= bytes.len() && at <= bytes.len() - last, "rows end before the load does");
        let mut rows = [self.splat(0); 8];
        for (row, value) in rows.iter_mut().enumerate() {
            let start = bytes.as_ptr().wrapping_add(at + row * stride);
            // SAFETY: `self` proves SSE4.1; by the assertion, the row 7 rows below the first has
            // 16 readable bytes from its start on, and so have those before it.
            *value = unsafe { _mm_loadu_si128(start.cast()) };
        }
        rows
    }
}
