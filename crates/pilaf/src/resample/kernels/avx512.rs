//! AVX-512 with VNNI: the instructions behind the kernels of [`quads`](super::quads).

#![allow(unsafe_code)]

use std::arch::x86_64::*;
use std::ops::Range;

use super::super::weights::{PRECISION_BITS, Weights};
use super::quads::across::{self, Across};
use super::quads::down::{self, Down};
use super::quads::{self, Vector, Walk};
use super::{Kernels, Rows, RowsMut, Scratch};
use crate::simd::Avx512;

/// The kernels, with the proof that they may run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quads(pub(crate) Avx512);

/// Calls kernel code from a function that has all features of the level, so that everything it
/// inlines is compiled with them.
macro_rules! with_features {
    ($(#[$doc:meta])* fn $name:ident $(<const $const:ident: usize>)? ($($arg:ident: $type:ty),*) $(-> $output:ty)? $body:block) => {
        $(#[$doc])*
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vnni")]
        fn $name $(<const $const: usize>)? ($($arg: $type),*) $(-> $output)? $body
    };
}

with_features! {
    fn pack_across(weights: &Weights<i32>, bands: usize) -> Option<Across> {
        Across::pack(weights, bands)
    }
}

with_features! {
    fn pack_down(weights: &Weights<i32>) -> Option<Down> {
        Down::pack(weights)
    }
}

with_features! {
    fn resample_rows(
        x: Quads,
        rows: Rows<'_>,
        axis: &Across,
        scratch: &mut Scratch,
        lines: &mut [u8]
    ) {
        across::resample_rows(x, rows, axis, scratch, lines);
    }
}

with_features! {
    fn interleave_rows(rows: Rows<'_>, lines: &mut [u8]) {
        down::interleave_rows(rows, lines, Quads::GROUP / Quads::LINE_ROWS);
    }
}

with_features! {
    fn combine_rows(
        x: Quads,
        lines: &[&[u8]],
        axis: &Down,
        indices: Range<usize>,
        target: &mut RowsMut<'_>
    ) {
        down::combine_rows(x, lines, axis, indices, target);
    }
}

with_features! {
    fn extract_row(line: &[u8], row: usize, target: &mut [u8]) {
        down::extract_row(line, row, target);
    }
}

impl Kernels for Quads {
    type Across = Across;
    type Down = Down;
    const LINE_ROWS: usize = 4;
    const GROUP: usize = 8;

    fn pack_across(self, weights: &Weights<i32>, bands: usize) -> Option<Across> {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { pack_across(weights, bands) }
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<Down> {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { pack_down(weights) }
    }

    fn line_bytes(self, columns: usize) -> usize {
        quads::line_bytes(columns)
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        _: usize,
        axis: &Across,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { resample_rows(self, rows, axis, scratch, lines) }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { interleave_rows(rows, lines) }
    }

    fn combine_rows(
        self,
        lines: &[&[u8]],
        axis: &Down,
        indices: Range<usize>,
        target: &mut RowsMut<'_>,
    ) {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { combine_rows(self, lines, axis, indices, target) }
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { extract_row(line, row, target) }
    }
}

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are of arrays behind references, unaligned.
impl Vector for Quads {
    type V = __m512i;

    #[inline(always)]
    fn splat(self, value: i32) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_set1_epi32(value) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; 64]) -> __m512i {
        // SAFETY: `self` proves AVX-512F; the reference is to 64 readable bytes.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn load_rows<const ROWS: usize>(self, walk: &mut Walk<'_, ROWS>) -> [__m512i; ROWS] {
        let mut values = [self.splat(0); ROWS];
        for (value, start) in values.iter_mut().zip(walk.next()) {
            // SAFETY: `self` proves AVX-512F; `next` gives places with 64 readable bytes.
            *value = unsafe { _mm512_loadu_si512(start.cast()) };
        }
        values
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; 64], value: __m512i) {
        // SAFETY: `self` proves AVX-512F; the reference is to 64 writable bytes.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), value) }
    }

    #[inline(always)]
    fn dot(self, sum: __m512i, samples: __m512i, weights: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512 VNNI.
        unsafe { _mm512_dpbusd_epi32(sum, samples, weights) }
    }

    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn shift_8(self, a: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_slli_epi32::<8>(a) }
    }

    #[inline(always)]
    fn pick(self, a: __m512i, order: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512 VBMI.
        unsafe { _mm512_permutexvar_epi8(order, a) }
    }

    #[inline(always)]
    fn to_samples(self, [a, b, c, d]: [__m512i; 4]) -> __m512i {
        // SAFETY: `self` proves AVX-512F and BW.
        unsafe {
            let a = _mm512_srai_epi32::<PRECISION_BITS>(a);
            let b = _mm512_srai_epi32::<PRECISION_BITS>(b);
            let c = _mm512_srai_epi32::<PRECISION_BITS>(c);
            let d = _mm512_srai_epi32::<PRECISION_BITS>(d);
            _mm512_packus_epi16(_mm512_packs_epi32(a, b), _mm512_packs_epi32(c, d))
        }
    }

    #[inline(always)]
    fn highest_bytes(self, [a, b, c, d]: [__m512i; 4]) -> __m512i {
        // SAFETY: `self` proves AVX-512F and VBMI2.
        unsafe {
            let bytes = _mm512_srli_epi32::<24>(d);
            let bytes = _mm512_shldi_epi32::<8>(bytes, c);
            let bytes = _mm512_shldi_epi32::<8>(bytes, b);
            _mm512_shldi_epi32::<8>(bytes, a)
        }
    }

    #[inline(always)]
    fn add_halves(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe {
            let lower = _mm512_shuffle_i64x2::<0b01_00_01_00>(a, b);
            _mm512_add_epi32(lower, _mm512_shuffle_i64x2::<0b11_10_11_10>(a, b))
        }
    }

    #[inline(always)]
    fn add_quarters(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe {
            let even = _mm512_shuffle_i64x2::<0b10_00_10_00>(a, b);
            _mm512_add_epi32(even, _mm512_shuffle_i64x2::<0b11_01_11_01>(a, b))
        }
    }

    #[inline(always)]
    fn add_lanes(self, a: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe {
            let a = _mm512_add_epi32(a, _mm512_shuffle_epi32::<0b01_00_11_10>(a));
            _mm512_add_epi32(a, _mm512_shuffle_epi32::<0b10_11_00_01>(a))
        }
    }
}
