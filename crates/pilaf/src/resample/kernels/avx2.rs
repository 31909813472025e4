//! AVX2: what the kernels of [`pairs`] are compiled with, and products of bytes.

#![allow(unsafe_code)]

use std::arch::x86_64::_mm256_maddubs_epi16;

use super::pairs::{self, AxisOfPairs, Compiled, Means, Moments, Products, compile};
use super::{Rows, Scratch};
use crate::simd::Avx2;

compile!(Avx2, 32, "avx2");

impl Products<32> for Avx2 {
    #[inline(always)]
    fn dot_bytes(self, a: Self::V, b: Self::V) -> Self::V {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_maddubs_epi16(a, b) }
    }
}
