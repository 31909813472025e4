//! SSE2, which every x86-64 has; compiled with what the caller has more.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

#[inline(always)]
fn turn([a, b, c, d]: [__m128i; 4]) -> [__m128i; 4] {
    // SAFETY: SSE2 belongs to x86-64.
    unsafe {
        let (ab, cd) = (_mm_unpacklo_epi32(a, b), _mm_unpacklo_epi32(c, d));
        let (first, second) = (_mm_unpacklo_epi64(ab, cd), _mm_unpackhi_epi64(ab, cd));
        let (ab, cd) = (_mm_unpackhi_epi32(a, b), _mm_unpackhi_epi32(c, d));
        [first, second, _mm_unpacklo_epi64(ab, cd), _mm_unpackhi_epi64(ab, cd)]
    }
}

#[inline(always)]
pub(super) fn rows(rows: [&[u8; 16]; 4]) -> [[u32; 4]; 4] {
    // SAFETY: SSE2 belongs to x86-64; each reference is to 16 readable bytes.
    let rows = rows.map(|row| unsafe { _mm_loadu_si128(row.as_ptr().cast()) });
    turn(rows).map(|column| {
        let mut words = [0; 4];
        // SAFETY: SSE2 belongs to x86-64; the reference is to 16 writable bytes.
        unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), column) };
        words
    })
}

#[inline(always)]
pub(super) fn columns(columns: [[u32; 4]; 4]) -> [[u8; 16]; 4] {
    // SAFETY: SSE2 belongs to x86-64; each reference is to 16 readable bytes.
    let columns = columns.map(|column| unsafe { _mm_loadu_si128(column.as_ptr().cast()) });
    turn(columns).map(|row| {
        let mut bytes = [0; 16];
        // SAFETY: SSE2 belongs to x86-64; the reference is to 16 writable bytes.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), row) };
        bytes
    })
}
