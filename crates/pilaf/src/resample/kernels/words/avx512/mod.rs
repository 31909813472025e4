//! AVX-512: sixteen samples in 32 bits each, of as many rows or columns.
//!
//! The kernels over [`Vector`](crate::simd::Vector) have two registers of 256 bits for as many. Here a
//! multiplication takes the digits of a weight from memory, and doubtful sums are made again in
//! vectors, eight of them at once.

#![allow(unsafe_code)]

mod across;
mod doubtful;
mod down;

use std::arch::x86_64::*;
use std::hint::black_box;

pub(super) use across::Resample;
pub(super) use down::Combine;

use super::axis::{AxisOfWords, Ending};
use crate::simd::{Avx512, LINE};

/// A unit of sixteen rows.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(in super::super) struct Unit([u8; LINE]);

impl Unit {
    /// The same number in each row.
    fn of(number: u32) -> Self {
        let mut unit = [0; LINE];
        unit.as_chunks_mut().0.fill(number.to_le_bytes());
        Self(unit)
    }
}

/// Vectors of sixteen numbers of 32 bits.
#[derive(Clone, Copy)]
pub(super) struct Sixteen(pub(super) Avx512);

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are of arrays behind references, unaligned.
impl Sixteen {
    #[inline(always)]
    fn splat(self, value: i32) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_set1_epi32(value) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; LINE]) -> __m512i {
        // SAFETY: `self` proves AVX-512F; the reference is to 64 readable bytes.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; LINE], value: __m512i) {
        // SAFETY: `self` proves AVX-512F; the reference is to 64 writable bytes.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), value) }
    }

    /// `sum`, and two products of words in each number.
    #[inline(always)]
    fn dot(self, sum: __m512i, samples: __m512i, digits: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512 VNNI.
        unsafe { _mm512_dpwssd_epi32(sum, samples, digits) }
    }

    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_and_si512(a, b) }
    }

    /// Signed numbers, shifted down.
    #[inline(always)]
    fn down_by(self, a: __m512i, bits: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_srav_epi32(a, bits) }
    }

    /// Which numbers of `a` are below those of `b`.
    #[inline(always)]
    fn are_below(self, a: __m512i, b: __m512i) -> u16 {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_cmplt_epi32_mask(a, b) }
    }

    /// Samples made signed, or signed ones made samples again.
    #[inline(always)]
    fn with_bias(self, words: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512 BW.
        unsafe { _mm512_xor_si512(words, _mm512_set1_epi16(i16::MIN)) }
    }

    /// The bytes of words in the other order.
    #[inline(always)]
    fn swap(self, words: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512 BW.
        unsafe {
            let lane = _mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
            _mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(lane))
        }
    }
}

/// How the sums of an axis end: what all of its outputs share.
#[derive(Clone, Copy)]
struct Ends<const DIGITS: usize> {
    x: Sixteen,
    /// Bits of each digit.
    bits: [__m512i; DIGITS],
    /// Ones below a sample.
    fraction: __m512i,
}

impl<const DIGITS: usize> Ends<DIGITS> {
    #[inline(always)]
    fn new(x: Sixteen, axis: &AxisOfWords) -> Self {
        let mut bits = [x.splat(0); DIGITS];
        for (vector, &bits) in bits.iter_mut().zip(&axis.bits) {
            // If the compiler knew that they are alike, it would take two instructions for a shift.
            *vector = x.load(&black_box(Unit::of(bits)).0);
        }
        Self { x, bits, fraction: x.splat((1 << axis.bits[0]) - 1) }
    }

    /// The signed samples of sums of digits, not clamped yet, and which of them are doubtful.
    #[inline(always)]
    fn samples(&self, sums: [__m512i; DIGITS], ending: Ending) -> (__m512i, u16) {
        let x = self.x;
        let mut sum = sums[DIGITS - 1];
        for digit in (0..DIGITS - 1).rev() {
            sum = x.add(sums[digit], x.down_by(sum, self.bits[digit + 1]));
        }
        let sum = x.add(sum, x.splat(ending.start));
        let doubtful = x.are_below(x.and(sum, self.fraction), x.splat(ending.doubtful));
        (x.down_by(sum, self.bits[0]), doubtful)
    }
}
