//! AVX2: 32 pixels in one go.
//!
//! A shuffle spreads four pixels of a lane into pairs of 16-bit numbers, (red, green) and (blue,
//! green), whose products with constants are summed in pairs. Constants that do not fit 16 bits
//! are split: 0.587 into 0.337 and 0.25, one for each pair; 0.5 is subtracted as -0.5.

use std::arch::x86_64::*;

use crate::simd::Avx2;

/// Pixels of one step.
const STEP: usize = 32;
/// Bytes of a load.
const LOAD: usize = 16;

/// As [`super::rgb_to_ycc`].
pub(super) fn rgb_to_ycc<const N: usize>(_: Avx2, pixels: &[u8], planes: [&mut [u8]; 3]) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { convert_row::<N>(pixels, planes) }
}

#[target_feature(enable = "avx2")]
fn convert_row<const N: usize>(pixels: &[u8], mut planes: [&mut [u8]; 3]) {
    // The last load of a step reads more than its four pixels.
    let reach = (STEP - 4) * N + LOAD;
    let width = planes[0].len();
    let mut x = 0;
    while x + STEP <= width && pixels.len() - x * N >= reach {
        let converted = convert::<N>(&pixels[x * N..][..reach]);
        for (plane, samples) in planes.iter_mut().zip(converted) {
            store(samples, &mut plane[x..]);
        }
        x += STEP;
    }
    while x < width {
        let count = (width - x).min(STEP);
        let mut padded = [0; STEP * 4 + LOAD];
        padded[..count * N].copy_from_slice(&pixels[x * N..][..count * N]);
        let converted = convert::<N>(&padded[..reach]);
        for (plane, samples) in planes.iter_mut().zip(converted) {
            let mut bytes = [0; STEP];
            store(samples, &mut bytes);
            plane[x..x + count].copy_from_slice(&bytes[..count]);
        }
        x += count;
    }
}

/// Luma and chroma of 32 pixels.
#[target_feature(enable = "avx2")]
fn convert<const N: usize>(pixels: &[u8]) -> [__m256i; 3] {
    // Lanes of the groups: pixels 4 g .. 4 g + 4, and those sixteen further.
    let groups: [[__m256i; 3]; 4] = std::array::from_fn(|g| {
        let (low, high) = (load(pixels, 4 * g * N), load(pixels, (4 * g + 16) * N));
        four::<N>(_mm256_inserti128_si256::<1>(_mm256_castsi128_si256(low), high))
    });
    std::array::from_fn(|plane| {
        let words = |a: usize, b: usize| _mm256_packus_epi32(groups[a][plane], groups[b][plane]);
        _mm256_packus_epi16(words(0, 1), words(2, 3))
    })
}

/// Luma and chroma of the four pixels that each lane begins with, in 32-bit numbers.
#[target_feature(enable = "avx2")]
fn four<const N: usize>(pixels: __m256i) -> [__m256i; 3] {
    let n = N as i8;
    let spread = |first: i8| {
        let pixel = |x: i8| (x * n + first, x * n + 1);
        let ((a0, b0), (a1, b1), (a2, b2), (a3, b3)) = (pixel(0), pixel(1), pixel(2), pixel(3));
        let order = _mm_setr_epi8(a0, -1, b0, -1, a1, -1, b1, -1, a2, -1, b2, -1, a3, -1, b3, -1);
        _mm256_shuffle_epi8(pixels, _mm256_broadcastsi128_si256(order))
    };
    let (red_green, blue_green) = (spread(0), spread(2));
    let dot =
        |pair, a: i32, b: i32| _mm256_madd_epi16(pair, _mm256_set1_epi32(b << 16 | a & 0xFFFF));
    let half = _mm256_set1_epi32(1 << 15);
    let centre = _mm256_set1_epi32((128 << 16) + (1 << 15) - 1);
    let y = _mm256_add_epi32(dot(red_green, 19595, 38470 - 16384), dot(blue_green, 7471, 16384));
    let cb = _mm256_sub_epi32(dot(red_green, -11059, -21709), dot(blue_green, -32768, 0));
    let cr = _mm256_sub_epi32(dot(blue_green, -5329, -27439), dot(red_green, -32768, 0));
    [
        _mm256_srli_epi32::<16>(_mm256_add_epi32(y, half)),
        _mm256_srli_epi32::<16>(_mm256_add_epi32(cb, centre)),
        _mm256_srli_epi32::<16>(_mm256_add_epi32(cr, centre)),
    ]
}

#[target_feature(enable = "avx2")]
fn load(pixels: &[u8], at: usize) -> __m128i {
    let bytes = pixels[at..][..LOAD].as_ptr();
    // SAFETY: the slice was just checked to hold the sixteen bytes that a 128-bit load reads.
    unsafe { _mm_loadu_si128(bytes.cast()) }
}

#[target_feature(enable = "avx2")]
fn store(samples: __m256i, out: &mut [u8]) {
    let out = out[..STEP].as_mut_ptr();
    // SAFETY: the slice was just checked to hold the 32 bytes that a 256-bit store writes.
    unsafe { _mm256_storeu_si256(out.cast(), samples) }
}
