//! AVX-512: eight columns of sixteen rows at once.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use crate::simd::Avx512;

/// 32 bytes of each of sixteen rows, `stride` bytes apart and from byte `at` on, as eight columns of
/// numbers of 32 bits. Panics unless all of them lie in `bytes`.
#[inline(always)]
pub(in super::super) fn turn_eight(
    token: Avx512,
    bytes: &[u8],
    at: usize,
    stride: usize,
) -> [__m512i; 8] {
    assert!(15 * stride + at + 32 <= bytes.len());
    const EVEN: i32 = 0b10_00_10_00;
    const ODD: i32 = 0b11_01_11_01;
    // In lanes 0 and 2 of vector `k` column `k`, in the others column `k + 4`.
    let start = bytes.as_ptr().wrapping_add(at);
    // SAFETY: the token proves AVX-512F; by the assertion, the last row has 32 readable bytes from `at`
    // on, and so have those before it.
    unsafe {
        let a = eight_rows(token, start, stride);
        let b = eight_rows(token, start.add(8 * stride), stride);
        [
            _mm512_shuffle_i32x4::<EVEN>(a[0], b[0]),
            _mm512_shuffle_i32x4::<EVEN>(a[1], b[1]),
            _mm512_shuffle_i32x4::<EVEN>(a[2], b[2]),
            _mm512_shuffle_i32x4::<EVEN>(a[3], b[3]),
            _mm512_shuffle_i32x4::<ODD>(a[0], b[0]),
            _mm512_shuffle_i32x4::<ODD>(a[1], b[1]),
            _mm512_shuffle_i32x4::<ODD>(a[2], b[2]),
            _mm512_shuffle_i32x4::<ODD>(a[3], b[3]),
        ]
    }
}

/// 32 bytes of each of eight rows: in lane 0 of vector `k` column `k` of the first four, in lane 1
/// column `k + 4`, in lanes 2 and 3 those of the other four.
///
/// # Safety
///
/// From `start` on and every `stride` bytes after it, each of the rows has 32 readable bytes.
#[inline(always)]
unsafe fn eight_rows(token: Avx512, start: *const u8, stride: usize) -> [__m512i; 4] {
    // SAFETY: the token proves AVX-512F; as the caller states.
    unsafe {
        turn_numbers(
            token,
            [
                load_two(start, start.add(4 * stride)),
                load_two(start.add(stride), start.add(5 * stride)),
                load_two(start.add(2 * stride), start.add(6 * stride)),
                load_two(start.add(3 * stride), start.add(7 * stride)),
            ],
        )
    }
}

/// # Safety
///
/// The CPU has AVX-512F, and at both places are 32 readable bytes.
#[inline(always)]
unsafe fn load_two(low: *const u8, high: *const u8) -> __m512i {
    // SAFETY: as the caller states.
    unsafe {
        let low = _mm512_castsi256_si512(_mm256_loadu_si256(low.cast()));
        _mm512_inserti64x4::<1>(low, _mm256_loadu_si256(high.cast()))
    }
}

/// Transposes 4 by 4 numbers in each lane.
#[inline(always)]
pub(in super::super) fn turn_numbers(_: Avx512, [a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    // SAFETY: the token proves AVX-512F.
    unsafe {
        let (ab, cd) = (_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d));
        let (first, second) = (_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
        let (ab, cd) = (_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d));
        [first, second, _mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd)]
    }
}
