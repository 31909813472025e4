//! SSE4.1 with SSSE3: what the kernels of [`pairs`] are compiled with, and products of bytes.

#![allow(unsafe_code)]

use std::arch::x86_64::{__m128i, _mm_alignr_epi8, _mm_maddubs_epi16};

use super::pairs::{self, AxisOfPairs, Compiled, LineKernel, Products, compile};
use super::{Rows, Scratch};
use crate::simd::Sse41;

compile!(Sse41, 16, "sse4.1,ssse3");

impl Products<16> for Sse41 {
    #[inline(always)]
    fn dot_bytes(self, a: Self::V, b: Self::V) -> Self::V {
        // SAFETY: `self` proves SSSE3.
        unsafe { _mm_maddubs_epi16(a, b) }
    }

    #[inline(always)]
    fn slide<const BYTES: i32>(self, a: Self::V, b: Self::V) -> Self::V {
        // SAFETY: `self` proves SSSE3.
        unsafe { _mm_alignr_epi8::<BYTES>(b, a) }
    }

    #[inline(always)]
    fn settle(self, a: Self::V) -> Self::V {
        // SAFETY: `self` proves SSE4.1.
        unsafe { settle(a) }
    }
}

/// See [`Products::settle`].
#[inline]
#[target_feature(enable = "sse4.1")]
fn settle(mut a: __m128i) -> __m128i {
    #[cfg(not(miri))]
    // SAFETY: there is no instruction.
    unsafe {
        std::arch::asm!("/* {0} */", inout(xmm_reg) a, options(nostack, preserves_flags));
    }
    a
}
