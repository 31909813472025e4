//! AVX2: what the kernels of [`pairs`] are compiled with, and products of bytes.

#![allow(unsafe_code)]

use std::arch::x86_64::{__m256i, _mm256_alignr_epi8, _mm256_maddubs_epi16};

use super::pairs::{self, AxisOfPairs, Compiled, LineKernel, Products, compile};
use super::{Rows, Scratch};
use crate::simd::Avx2;

compile!(Avx2, 32, "avx2");

impl Products<32> for Avx2 {
    #[inline(always)]
    fn dot_bytes(self, a: Self::V, b: Self::V) -> Self::V {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_maddubs_epi16(a, b) }
    }

    #[inline(always)]
    fn slide<const BYTES: i32>(self, a: Self::V, b: Self::V) -> Self::V {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_alignr_epi8::<BYTES>(b, a) }
    }

    #[inline(always)]
    fn settle(self, a: Self::V) -> Self::V {
        // SAFETY: `self` proves AVX2.
        unsafe { settle(a) }
    }
}

/// See [`Products::settle`].
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn settle(mut a: __m256i) -> __m256i {
    #[cfg(not(miri))]
    // SAFETY: there is no instruction.
    unsafe {
        std::arch::asm!("/* {0} */", inout(ymm_reg) a, options(nostack, preserves_flags));
    }
    a
}
