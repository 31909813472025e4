//! AVX-VNNI: the kernels of [`pairs`] as at the AVX2 level, with products and sums of words in one
//! instruction.

#![allow(unsafe_code)]

use std::arch::x86_64::{_mm256_alignr_epi8, _mm256_maddubs_epi16};

use super::avx2::settle;
use super::pairs::{self, AxisOfPairs, Compiled, LineKernel, Products, compile};
use super::{Rows, Scratch};
use crate::simd::AvxVnni;

compile!(AvxVnni, 32, "avx2,avxvnni");

impl Products<32> for AvxVnni {
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
