//! AVX-512 with VNNI: the instructions behind the kernels of [`quads`](super::quads).

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::super::weights::{PRECISION_BITS, Weights};
use super::quads::{self, AxisOfQuads, Vector};
use super::{Kernels, Rows, Scratch};
use crate::simd::Avx512;

/// The kernels, with the proof that they may run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quads(pub(crate) Avx512);

/// Calls kernel code from a function that has all features of the level, so that everything it
/// inlines is compiled with them.
macro_rules! with_features {
    ($(#[$doc:meta])* fn $name:ident $(<const $const:ident: usize>)? ($($arg:ident: $type:ty),*) $body:block) => {
        $(#[$doc])*
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni")]
        fn $name $(<const $const: usize>)? ($($arg: $type),*) $body
    };
}

with_features! {
    fn resample_rows<const BANDS: usize>(
        x: Quads,
        rows: Rows<'_>,
        axis: &AxisOfQuads,
        scratch: &mut Scratch,
        lines: &mut [u8]
    ) {
        quads::resample_rows::<Quads, BANDS>(x, rows, axis, scratch, lines);
    }
}

with_features! {
    fn interleave_rows(rows: Rows<'_>, lines: &mut [u8]) {
        quads::interleave_rows(rows, lines);
    }
}

with_features! {
    fn combine_lines(
        x: Quads,
        lines: &[&[u8]],
        axis: &AxisOfQuads,
        index: usize,
        target: &mut [u8]
    ) {
        quads::combine_lines(x, lines, axis, index, target);
    }
}

impl Kernels for Quads {
    type Across = AxisOfQuads;
    type Down = AxisOfQuads;
    const LINE_ROWS: usize = 4;
    const GROUP: usize = 16;

    fn pack_across(self, weights: &Weights<i32>, _: usize) -> Option<AxisOfQuads> {
        AxisOfQuads::pack(weights)
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<AxisOfQuads> {
        AxisOfQuads::pack(weights)
    }

    fn line_bytes(self, columns: usize) -> usize {
        quads::line_bytes(columns)
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &AxisOfQuads,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe {
            match bands {
                1 => resample_rows::<1>(self, rows, axis, scratch, lines),
                2 => resample_rows::<2>(self, rows, axis, scratch, lines),
                3 => resample_rows::<3>(self, rows, axis, scratch, lines),
                4 => resample_rows::<4>(self, rows, axis, scratch, lines),
                _ => unreachable!("pixels have 1 to 4 bands, not {bands}"),
            }
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { interleave_rows(rows, lines) }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &AxisOfQuads, index: usize, target: &mut [u8]) {
        // SAFETY: `self` holds the proof that this CPU has the level's instructions.
        unsafe { combine_lines(self, lines, axis, index, target) }
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        for (sample, four) in target.iter_mut().zip(line.as_chunks::<4>().0) {
            *sample = four[row];
        }
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
    fn store(self, bytes: &mut [u8; 64], value: __m512i) {
        // SAFETY: `self` proves AVX-512F; the reference is to 64 writable bytes.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), value) }
    }

    #[inline(always)]
    fn join(self, parts: [&[u8; 16]; 4]) -> __m512i {
        // SAFETY: `self` proves AVX-512F; each reference is to 16 readable bytes.
        unsafe {
            let [a, b, c, d] = parts.map(|part| _mm_loadu_si128(part.as_ptr().cast()));
            let ab = _mm512_inserti32x4::<1>(_mm512_castsi128_si512(a), b);
            _mm512_inserti32x4::<3>(_mm512_inserti32x4::<2>(ab, c), d)
        }
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
    fn to_samples(self, a: __m512i) -> [u8; 16] {
        let mut samples = [0; 16];
        // SAFETY: `self` proves AVX-512F; the array has 16 writable bytes.
        unsafe {
            let rounded = _mm512_srai_epi32::<PRECISION_BITS>(a);
            let positive = _mm512_max_epi32(rounded, _mm512_setzero_si512());
            _mm_storeu_si128(samples.as_mut_ptr().cast(), _mm512_cvtusepi32_epi8(positive));
        }
        samples
    }

    #[inline(always)]
    fn shuffle(self, a: __m512i, order: &[u8; 16]) -> __m512i {
        // SAFETY: `self` proves AVX-512BW; the reference is to 16 readable bytes.
        unsafe {
            let order = _mm512_broadcast_i32x4(_mm_loadu_si128(order.as_ptr().cast()));
            _mm512_shuffle_epi8(a, order)
        }
    }

    #[inline(always)]
    fn unpack_low_32(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_unpacklo_epi32(a, b) }
    }

    #[inline(always)]
    fn unpack_high_32(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_unpackhi_epi32(a, b) }
    }

    #[inline(always)]
    fn unpack_low_64(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_unpacklo_epi64(a, b) }
    }

    #[inline(always)]
    fn unpack_high_64(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_unpackhi_epi64(a, b) }
    }

    #[inline(always)]
    fn select(self, a: __m512i, b: __m512i, order: &[u32; 16]) -> __m512i {
        // SAFETY: `self` proves AVX-512F; the reference is to 64 readable bytes.
        unsafe {
            let order = _mm512_loadu_si512(order.as_ptr().cast());
            _mm512_permutex2var_epi32(a, order, b)
        }
    }
}
