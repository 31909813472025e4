//! AVX-512: 16 pixels of four bands, or 32 of two, at a time; the arithmetic is that of
//! [`vectors`](super::vectors).

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::scalar;
use super::vectors::alpha_order;
use crate::simd::{ALMOST_NOTHING, Avx512};

/// See [`premultiply`](super::premultiply).
pub(super) fn premultiply(_: Avx512, source: &[u8], target: &mut [u8], bands: usize) {
    let (from, source) = source.as_chunks::<64>();
    let (to, target) = target.as_chunks_mut::<64>();
    // Words whose upper byte is alpha itself: every second, or all.
    let alpha_words = if bands == 4 { 0xaaaa_aaaa } else { u32::MAX };
    // SAFETY: the token proves that this CPU has AVX-512F and BW.
    unsafe { premultiply_blocks(from, to, &alpha_order(bands), alpha_words) };
    scalar::premultiply(source, target, bands);
}

/// See [`unpremultiply`](super::unpremultiply); four bands.
pub(super) fn unpremultiply(_: Avx512, pixels: &mut [u8]) {
    let (blocks, rest) = pixels.as_chunks_mut::<64>();
    // SAFETY: the token proves that this CPU has AVX-512F and BW.
    unsafe { unpremultiply_blocks(blocks) };
    scalar::unpremultiply(rest, 4);
}

#[target_feature(enable = "avx512f,avx512bw")]
fn premultiply_blocks(
    from: &[[u8; 64]],
    to: &mut [[u8; 64]],
    alpha_order: &[u8; 16],
    alpha_words: u32,
) {
    // SAFETY: the reference is to 16 readable bytes.
    let order = unsafe { _mm_loadu_si128(alpha_order.as_ptr().cast()) };
    let order = _mm512_broadcast_i32x4(order);
    let (byte, half) = (_mm512_set1_epi16(0xff), _mm512_set1_epi16(128));
    let reciprocal = _mm512_set1_epi16(257);
    for (from, to) in from.iter().zip(to) {
        // SAFETY: the reference is to 64 bytes; the load needs no alignment.
        let samples = unsafe { _mm512_loadu_si512(from.as_ptr().cast()) };
        let alpha = _mm512_shuffle_epi8(samples, order);
        let (even, odd) = (_mm512_and_si512(samples, byte), _mm512_srli_epi16::<8>(samples));
        let odd_factor = _mm512_mask_blend_epi16(alpha_words, alpha, byte);
        let even = _mm512_add_epi16(_mm512_mullo_epi16(even, alpha), half);
        let odd = _mm512_add_epi16(_mm512_mullo_epi16(odd, odd_factor), half);
        let even = _mm512_mulhi_epu16(even, reciprocal);
        let odd = _mm512_slli_epi16::<8>(_mm512_mulhi_epu16(odd, reciprocal));
        // SAFETY: the reference is to 64 bytes; the store needs no alignment.
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), _mm512_or_si512(even, odd)) };
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn unpremultiply_blocks(blocks: &mut [[u8; 64]]) {
    let byte = _mm512_set1_epi32(0xff);
    let (most, almost) = (_mm512_set1_ps(255.0), _mm512_set1_ps(ALMOST_NOTHING));
    for block in blocks {
        // SAFETY: the reference is to 64 bytes; the load needs no alignment.
        let pixels = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        let alpha = _mm512_srli_epi32::<24>(pixels);
        // Neither 0 nor 255.
        let between = _mm512_sub_epi32(alpha, _mm512_set1_epi32(1));
        let changed = _mm512_cmplt_epu32_mask(between, _mm512_set1_epi32(254));
        if changed == 0 {
            continue;
        }
        let factor = _mm512_div_ps(most, _mm512_cvtepi32_ps(alpha));
        let divide = |color: __m512i| {
            let color = _mm512_cvtepi32_ps(_mm512_and_si512(color, byte));
            let quotient = _mm512_add_ps(_mm512_mul_ps(color, factor), almost);
            _mm512_cvttps_epi32(_mm512_min_ps(quotient, most))
        };
        let red = divide(pixels);
        let green = _mm512_slli_epi32::<8>(divide(_mm512_srli_epi32::<8>(pixels)));
        let blue = _mm512_slli_epi32::<16>(divide(_mm512_srli_epi32::<16>(pixels)));
        let alpha = _mm512_slli_epi32::<24>(alpha);
        let divided = _mm512_or_si512(_mm512_or_si512(red, green), _mm512_or_si512(blue, alpha));
        // SAFETY: the reference is to 64 bytes, in lanes of 4; the store needs no alignment.
        unsafe { _mm512_mask_storeu_epi32(block.as_mut_ptr().cast(), changed, divided) };
    }
}
