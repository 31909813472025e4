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
fn load(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: SSE2 belongs to x86-64; the reference is to 16 readable bytes.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

#[inline(always)]
fn load_words(words: &[u32; 4]) -> __m128i {
    // SAFETY: SSE2 belongs to x86-64; the reference is to 16 readable bytes.
    unsafe { _mm_loadu_si128(words.as_ptr().cast()) }
}

#[inline(always)]
pub(super) fn rows([a, b, c, d]: [&[u8; 16]; 4]) -> [[u32; 4]; 4] {
    let mut words = [[0; 4]; 4];
    for (words, column) in words.iter_mut().zip(turn([load(a), load(b), load(c), load(d)])) {
        // SAFETY: SSE2 belongs to x86-64; the reference is to 16 writable bytes.
        unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), column) };
    }
    words
}

#[inline(always)]
pub(super) fn columns([a, b, c, d]: [[u32; 4]; 4]) -> [[u8; 16]; 4] {
    let columns = [load_words(&a), load_words(&b), load_words(&c), load_words(&d)];
    let mut bytes = [[0; 16]; 4];
    for (bytes, row) in bytes.iter_mut().zip(turn(columns)) {
        // SAFETY: SSE2 belongs to x86-64; the reference is to 16 writable bytes.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), row) };
    }
    bytes
}
