//! AVX2: four numbers in a register.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::super::ABREAST;
use super::super::turn::{Lanes, Turn};
use super::{Column, Registers};
use crate::simd::Avx2;

/// Numbers in a register.
const NUMBERS: usize = 4;

/// Columns in parts of `COUNT` registers.
#[derive(Clone, Copy)]
pub(super) struct Fours<const COUNT: usize>(pub(super) Avx2);

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are of arrays behind references, unaligned.
impl<const COUNT: usize> Registers for Fours<COUNT> {
    type Numbers = [__m256d; COUNT];
    const PARTS: usize = ABREAST / (NUMBERS * COUNT);

    #[inline(always)]
    fn turn(self) -> impl Turn {
        Lanes(self.0)
    }

    #[inline(always)]
    fn zero(self) -> Self::Numbers {
        // SAFETY: `self` proves AVX.
        [unsafe { _mm256_setzero_pd() }; COUNT]
    }

    #[inline(always)]
    fn load(self, column: &Column, part: usize) -> Self::Numbers {
        let words = column.as_chunks::<NUMBERS>().0[COUNT * part..].first_chunk::<COUNT>();
        let mut numbers = self.zero();
        for (number, words) in numbers.iter_mut().zip(words.expect("rows of a part")) {
            // SAFETY: `self` proves AVX; the reference is to 16 readable bytes.
            *number = unsafe { _mm256_cvtps_pd(_mm_loadu_ps(words.as_ptr().cast())) };
        }
        numbers
    }

    #[inline(always)]
    fn add(self, sums: &mut Self::Numbers, samples: Self::Numbers, weight: f64) {
        for (sum, sample) in sums.iter_mut().zip(samples) {
            // SAFETY: `self` proves AVX.
            *sum = unsafe { _mm256_add_pd(*sum, _mm256_mul_pd(sample, _mm256_set1_pd(weight))) };
        }
    }

    #[inline(always)]
    fn store(self, column: &mut Column, part: usize, sums: Self::Numbers) {
        let words = column.as_chunks_mut::<NUMBERS>().0[COUNT * part..].first_chunk_mut::<COUNT>();
        for (words, sum) in words.expect("rows of a part").iter_mut().zip(sums) {
            // SAFETY: `self` proves AVX; the reference is to 16 writable bytes.
            unsafe { _mm_storeu_ps(words.as_mut_ptr().cast(), _mm256_cvtpd_ps(sum)) };
        }
    }
}
