//! AVX2: 8 pixels of four bands, or 16 of two, at a time.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::scalar;
use crate::simd::Avx2;

/// See [`premultiply`](super::premultiply).
pub(super) fn premultiply(_: Avx2, pixels: &mut [u8], bands: usize) {
    // Where the alpha of each byte's pixel lies within the 16 bytes of a lane.
    let alpha: [u8; 16] = std::array::from_fn(|at| ((at / bands + 1) * bands - 1) as u8);
    let is_alpha = std::array::from_fn(|at| if at % bands == bands - 1 { 0xff } else { 0 });
    let (blocks, rest) = pixels.as_chunks_mut::<32>();
    // SAFETY: the token proves that this CPU has AVX2.
    unsafe { premultiply_blocks(blocks, &alpha, &is_alpha) };
    scalar::premultiply(rest, bands);
}

/// See [`unpremultiply`](super::unpremultiply); four bands.
pub(super) fn unpremultiply(_: Avx2, pixels: &mut [u8]) {
    let (blocks, rest) = pixels.as_chunks_mut::<32>();
    // SAFETY: the token proves that this CPU has AVX2.
    unsafe { unpremultiply_blocks(blocks) };
    scalar::unpremultiply(rest, 4);
}

/// Alpha itself is multiplied by 255, which leaves it as it is.
#[target_feature(enable = "avx2")]
fn premultiply_blocks(blocks: &mut [[u8; 32]], alpha: &[u8; 16], is_alpha: &[u8; 16]) {
    // SAFETY: both references are to 16 readable bytes.
    let (alpha, is_alpha) = unsafe {
        (_mm_loadu_si128(alpha.as_ptr().cast()), _mm_loadu_si128(is_alpha.as_ptr().cast()))
    };
    let (alpha, is_alpha) =
        (_mm256_broadcastsi128_si256(alpha), _mm256_broadcastsi128_si256(is_alpha));
    let (zero, half) = (_mm256_setzero_si256(), _mm256_set1_epi16(128));
    let divide = |product: __m256i| {
        let sum = _mm256_add_epi16(product, half);
        _mm256_srli_epi16::<8>(_mm256_add_epi16(sum, _mm256_srli_epi16::<8>(sum)))
    };
    for block in blocks {
        // SAFETY: the reference is to 32 bytes; the load needs no alignment.
        let samples = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
        let factors = _mm256_or_si256(_mm256_shuffle_epi8(samples, alpha), is_alpha);
        let low = _mm256_mullo_epi16(
            _mm256_unpacklo_epi8(samples, zero),
            _mm256_unpacklo_epi8(factors, zero),
        );
        let high = _mm256_mullo_epi16(
            _mm256_unpackhi_epi8(samples, zero),
            _mm256_unpackhi_epi8(factors, zero),
        );
        let products = _mm256_packus_epi16(divide(low), divide(high));
        // SAFETY: the reference is to 32 bytes; the store needs no alignment.
        unsafe { _mm256_storeu_si256(block.as_mut_ptr().cast(), products) };
    }
}

/// Divides in `f32`: a quotient below 256 that is no integer is at least 1/254 away from one, and
/// the error of the division is below 2^-16, so truncation gives the exact result.
#[target_feature(enable = "avx2")]
fn unpremultiply_blocks(blocks: &mut [[u8; 32]]) {
    let byte = _mm256_set1_epi32(0xff);
    let (scale, most) = (_mm256_set1_ps(255.0), _mm256_set1_ps(255.0));
    for block in blocks {
        // SAFETY: the reference is to 32 bytes; the load needs no alignment.
        let pixels = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
        let alpha = _mm256_srli_epi32::<24>(pixels);
        let divisor = _mm256_cvtepi32_ps(alpha);
        let divide = |color: __m256i| {
            let color = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_and_si256(color, byte)), scale);
            _mm256_cvttps_epi32(_mm256_min_ps(_mm256_div_ps(color, divisor), most))
        };
        let red = divide(pixels);
        let green = _mm256_slli_epi32::<8>(divide(_mm256_srli_epi32::<8>(pixels)));
        let blue = _mm256_slli_epi32::<16>(divide(_mm256_srli_epi32::<16>(pixels)));
        let colors = _mm256_or_si256(_mm256_or_si256(red, green), blue);
        let divided = _mm256_or_si256(colors, _mm256_slli_epi32::<24>(alpha));
        let transparent = _mm256_cmpeq_epi32(alpha, _mm256_setzero_si256());
        let kept = _mm256_blendv_epi8(divided, pixels, transparent);
        // SAFETY: the reference is to 32 bytes; the store needs no alignment.
        unsafe { _mm256_storeu_si256(block.as_mut_ptr().cast(), kept) };
    }
}
