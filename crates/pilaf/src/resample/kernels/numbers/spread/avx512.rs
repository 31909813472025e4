//! AVX-512: eight numbers in a register.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::super::ABREAST;
use super::super::turn::{Sixteen, Turn};
use super::{Column, Registers};
use crate::simd::Avx512;

/// Numbers in a register.
const NUMBERS: usize = 8;

/// Whole columns.
#[derive(Clone, Copy)]
pub(super) struct Eights(pub(super) Avx512);

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are of arrays behind references, unaligned.
impl Registers for Eights {
    type Numbers = [__m512d; ABREAST / NUMBERS];
    const PARTS: usize = 1;

    #[inline(always)]
    fn turn(self) -> impl Turn {
        Sixteen(self.0)
    }

    #[inline(always)]
    fn zero(self) -> Self::Numbers {
        // SAFETY: `self` proves AVX-512F.
        [unsafe { _mm512_setzero_pd() }; ABREAST / NUMBERS]
    }

    #[inline(always)]
    fn load(self, column: &Column, _: usize) -> Self::Numbers {
        let mut numbers = self.zero();
        for (number, words) in numbers.iter_mut().zip(column.as_chunks::<NUMBERS>().0) {
            // SAFETY: `self` proves AVX-512F; the reference is to 32 readable bytes.
            *number = unsafe { _mm512_cvtps_pd(_mm256_loadu_ps(words.as_ptr().cast())) };
        }
        numbers
    }

    #[inline(always)]
    fn add(self, sums: &mut Self::Numbers, samples: Self::Numbers, weight: f64) {
        for (sum, sample) in sums.iter_mut().zip(samples) {
            // SAFETY: `self` proves AVX-512F.
            *sum = unsafe { _mm512_add_pd(*sum, _mm512_mul_pd(sample, _mm512_set1_pd(weight))) };
        }
    }

    #[inline(always)]
    fn store(self, column: &mut Column, _: usize, sums: Self::Numbers) {
        for (words, sum) in column.as_chunks_mut::<NUMBERS>().0.iter_mut().zip(sums) {
            // SAFETY: `self` proves AVX-512F; the reference is to 32 writable bytes.
            unsafe { _mm256_storeu_ps(words.as_mut_ptr().cast(), _mm512_cvtpd_ps(sum)) };
        }
    }
}
