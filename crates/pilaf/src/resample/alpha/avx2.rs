//! AVX2: 8 pixels of four bands, or 16 of two, at a time.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::scalar;
use crate::simd::Avx2;

/// Less than the distance of any quotient `255 * c / a` that is no integer to the next one, 1/254,
/// and more than the error of `c * (255 / a)` in `f32`, below 2^-15 where quotients count (below
/// 256). Added before truncation, it makes the product as good as the quotient.
pub(super) const ALMOST_NOTHING: f32 = 1.0 / 512.0;

/// For each word of 16 bytes: where the alpha of its pixel lies, and a zero.
pub(super) fn alpha_order(bands: usize) -> [u8; 16] {
    let alpha = |at: usize| ((at / bands + 1) * bands - 1) as u8;
    std::array::from_fn(|at| if at % 2 == 0 { alpha(at) } else { 0x80 })
}

/// See [`premultiply`](super::premultiply).
pub(super) fn premultiply(_: Avx2, pixels: &mut [u8], bands: usize) {
    // Words whose upper byte is alpha itself are multiplied by 255 there, which changes nothing.
    let is_alpha: [u8; 16] = std::array::from_fn(|at| {
        let word_of_alpha = (at | 1) % bands == bands - 1;
        if word_of_alpha && at % 2 == 0 { 0xff } else { 0 }
    });
    let (blocks, rest) = pixels.as_chunks_mut::<32>();
    // SAFETY: the token proves that this CPU has AVX2.
    unsafe { premultiply_blocks(blocks, &alpha_order(bands), &is_alpha) };
    scalar::premultiply(rest, bands);
}

/// See [`unpremultiply`](super::unpremultiply); four bands.
pub(super) fn unpremultiply(_: Avx2, pixels: &mut [u8]) {
    let (blocks, rest) = pixels.as_chunks_mut::<32>();
    // SAFETY: the token proves that this CPU has AVX2.
    unsafe { unpremultiply_blocks(blocks) };
    scalar::unpremultiply(rest, 4);
}

/// With `t = c * a + 128`, `(t + (t >> 8)) >> 8` of the specification is `t * 257 >> 16`.
#[target_feature(enable = "avx2")]
fn premultiply_blocks(blocks: &mut [[u8; 32]], alpha_order: &[u8; 16], is_alpha: &[u8; 16]) {
    // SAFETY: both references are to 16 readable bytes.
    let (order, is_alpha) = unsafe {
        (_mm_loadu_si128(alpha_order.as_ptr().cast()), _mm_loadu_si128(is_alpha.as_ptr().cast()))
    };
    let (order, is_alpha) =
        (_mm256_broadcastsi128_si256(order), _mm256_broadcastsi128_si256(is_alpha));
    let (byte, half) = (_mm256_set1_epi16(0xff), _mm256_set1_epi16(128));
    let reciprocal = _mm256_set1_epi16(257);
    for block in blocks {
        // SAFETY: the reference is to 32 bytes; the load needs no alignment.
        let samples = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
        let alpha = _mm256_shuffle_epi8(samples, order);
        let (even, odd) = (_mm256_and_si256(samples, byte), _mm256_srli_epi16::<8>(samples));
        let odd_factor = _mm256_or_si256(alpha, is_alpha);
        let even = _mm256_add_epi16(_mm256_mullo_epi16(even, alpha), half);
        let odd = _mm256_add_epi16(_mm256_mullo_epi16(odd, odd_factor), half);
        let even = _mm256_mulhi_epu16(even, reciprocal);
        let odd = _mm256_slli_epi16::<8>(_mm256_mulhi_epu16(odd, reciprocal));
        // SAFETY: the reference is to 32 bytes; the store needs no alignment.
        unsafe { _mm256_storeu_si256(block.as_mut_ptr().cast(), _mm256_or_si256(even, odd)) };
    }
}

/// One division a pixel: see [`ALMOST_NOTHING`].
#[target_feature(enable = "avx2")]
fn unpremultiply_blocks(blocks: &mut [[u8; 32]]) {
    let byte = _mm256_set1_epi32(0xff);
    let (most, almost) = (_mm256_set1_ps(255.0), _mm256_set1_ps(ALMOST_NOTHING));
    for block in blocks {
        // SAFETY: the reference is to 32 bytes; the load needs no alignment.
        let pixels = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
        let alpha = _mm256_srli_epi32::<24>(pixels);
        let transparent = _mm256_cmpeq_epi32(alpha, _mm256_setzero_si256());
        let kept = _mm256_or_si256(transparent, _mm256_cmpeq_epi32(alpha, byte));
        if _mm256_movemask_epi8(kept) == -1 {
            continue;
        }
        let factor = _mm256_div_ps(most, _mm256_cvtepi32_ps(alpha));
        let divide = |color: __m256i| {
            let color = _mm256_cvtepi32_ps(_mm256_and_si256(color, byte));
            let quotient = _mm256_add_ps(_mm256_mul_ps(color, factor), almost);
            _mm256_cvttps_epi32(_mm256_min_ps(quotient, most))
        };
        let red = divide(pixels);
        let green = _mm256_slli_epi32::<8>(divide(_mm256_srli_epi32::<8>(pixels)));
        let blue = _mm256_slli_epi32::<16>(divide(_mm256_srli_epi32::<16>(pixels)));
        let alpha = _mm256_slli_epi32::<24>(alpha);
        let divided = _mm256_or_si256(_mm256_or_si256(red, green), _mm256_or_si256(blue, alpha));
        let result = _mm256_blendv_epi8(divided, pixels, kept);
        // SAFETY: the reference is to 32 bytes; the store needs no alignment.
        unsafe { _mm256_storeu_si256(block.as_mut_ptr().cast(), result) };
    }
}
