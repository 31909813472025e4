//! SSE4.1 with SSSE3: what the kernels of [`pairs`] are compiled with, and products of bytes.

#![allow(unsafe_code)]

use std::arch::x86_64::_mm_maddubs_epi16;

use super::pairs::{self, AxisOfPairs, Compiled, Means, Moments, Products, compile};
use super::{Rows, Scratch};
use crate::simd::Sse41;

compile!(Sse41, 16, "sse4.1,ssse3");

impl Products<16> for Sse41 {
    #[inline(always)]
    fn dot_bytes(self, a: Self::V, b: Self::V) -> Self::V {
        // SAFETY: `self` proves SSSE3.
        unsafe { _mm_maddubs_epi16(a, b) }
    }
}
