//! AVX2: upsampling, conversion and interleaving of 32 pixels in one go, with no planes in between.
//!
//! Chroma passes through the row in 16-bit lanes, even and odd pixels apart: that is how the triangle filter
//! makes them, and how a shift and a mask take luma apart. The chroma of a row is first widened into a
//! scratch row whose ends are repeated ([`ChromaScratch`]).

use std::arch::x86_64::*;

use super::{ChromaRows, ChromaScratch, WIDE_FIRST};
use crate::simd::Avx2;

/// Pixels of one step.
const STEP: usize = 32;

/// As [`super::chroma_to_rgb`].
pub(super) fn chroma_to_rgb(
    _: Avx2,
    y: &[u8],
    chroma: ChromaRows<'_>,
    scratch: &mut ChromaScratch,
    out: &mut [u8],
) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { convert_row(y, chroma, scratch, out) }
}

/// Converts a row in steps. `$chroma` gives Cb and Cr of the 32 pixels from `$x`, `$width` of them real; a
/// macro, because a closure would not be inlined across the change of CPU features.
macro_rules! steps {
    ($y:ident, $out:ident, |$x:ident, $width:ident| $chroma:expr) => {{
        let mut $x = 0;
        while $x + STEP <= $y.len() {
            let $width = STEP;
            let (cb, cr) = $chroma;
            store(interleave(rgb(halves(load(&$y[$x..])), cb, cr)), &mut $out[$x * 3..]);
            $x += $width;
        }
        let $width = $y.len() - $x;
        if $width > 0 {
            let (cb, cr) = $chroma;
            let mut last = [0; STEP * 3];
            store(interleave(rgb(halves(load_part(&$y[$x..], $width)), cb, cr)), &mut last);
            $out[$x * 3..].copy_from_slice(&last[..$width * 3]);
        }
    }};
}

#[target_feature(enable = "avx2")]
fn convert_row(y: &[u8], chroma: ChromaRows<'_>, scratch: &mut ChromaScratch, out: &mut [u8]) {
    match chroma {
        ChromaRows::Full { cb, cr } => steps!(y, out, |x, width| {
            (centred(load_part(&cb[x..], width)), centred(load_part(&cr[x..], width)))
        }),
        ChromaRows::FancyH2V1 { cb, cr } => {
            let [wide_cb, wide_cr] = scratch.wide_rows(y.len());
            widen(cb, wide_cb);
            widen(cr, wide_cr);
            let (cb, cr) = scratch.repeat_ends(y.len());
            steps!(y, out, |x, _width| (
                triangle::<2>(cb, x / 2, 1, 2),
                triangle::<2>(cr, x / 2, 1, 2)
            ));
        }
        ChromaRows::FancyH2V2 { cb, cr } => {
            let [wide_cb, wide_cr] = scratch.wide_rows(y.len());
            mix(cb, wide_cb);
            mix(cr, wide_cr);
            let (cb, cr) = scratch.repeat_ends(y.len());
            steps!(y, out, |x, _width| (
                triangle::<4>(cb, x / 2, 8, 7),
                triangle::<4>(cr, x / 2, 8, 7)
            ));
        }
    }
}

/// Chroma of 32 pixels less 128: the even ones and the odd ones.
pub(super) type Chroma = (__m256i, __m256i);

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn centred(samples: __m256i) -> Chroma {
    let (even, odd) = halves(samples);
    let centre = _mm256_set1_epi16(128);
    (_mm256_sub_epi16(even, centre), _mm256_sub_epi16(odd, centre))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn widen(samples: &[u8], wide: &mut [i16]) {
    wide.iter_mut().zip(samples).for_each(|(wide, &sample)| *wide = i16::from(sample));
}

/// Three parts of the near row and one of the far row.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn mix([near, far]: [&[u8]; 2], wide: &mut [i16]) {
    for ((wide, &near), &far) in wide.iter_mut().zip(near).zip(far) {
        *wide = 3 * i16::from(near) + i16::from(far);
    }
}

/// Even and odd outputs of the horizontal triangle filter for 16 samples from `at`, less 128.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn triangle<const SHIFT: i32>(
    row: &[i16],
    at: usize,
    even_bias: i16,
    odd_bias: i16,
) -> Chroma {
    let at = WIDE_FIRST + at;
    let (left, this, right) = (load_wide(row, at - 1), load_wide(row, at), load_wide(row, at + 1));
    let triple = _mm256_add_epi16(this, _mm256_slli_epi16::<1>(this));
    let bias = |bias| _mm256_set1_epi16(bias - (128 << SHIFT));
    let even = _mm256_add_epi16(_mm256_add_epi16(triple, bias(even_bias)), left);
    let odd = _mm256_add_epi16(_mm256_add_epi16(triple, bias(odd_bias)), right);
    (_mm256_srai_epi16::<SHIFT>(even), _mm256_srai_epi16::<SHIFT>(odd))
}

/// Red, green and blue of 32 pixels as bytes, each lane with its even pixels before its odd ones.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn rgb(y: (__m256i, __m256i), cb: Chroma, cr: Chroma) -> [__m256i; 3] {
    let [r0, g0, b0] = rgb_wide(y.0, cb.0, cr.0);
    let [r1, g1, b1] = rgb_wide(y.1, cb.1, cr.1);
    [_mm256_packus_epi16(r0, r1), _mm256_packus_epi16(g0, g1), _mm256_packus_epi16(b0, b1)]
}

/// Red, green and blue before the clamp, for chroma less 128.
///
/// The coefficients are those of `scalar::rgb` less a whole number, so that they fit 15 bits. Halving them
/// is exact for green and blue; for red, 26345 / 2 is rounded up, which changes none of the 256 values.
#[target_feature(enable = "avx2")]
fn rgb_wide(y: __m256i, cb: __m256i, cr: __m256i) -> [__m256i; 3] {
    let red = _mm256_add_epi16(cr, _mm256_mulhrs_epi16(cr, _mm256_set1_epi16(13173)));
    let blue = _mm256_mulhrs_epi16(cb, _mm256_set1_epi16(-7471));
    let blue = _mm256_add_epi16(_mm256_add_epi16(cb, cb), blue);
    // -0.34414 cb + (1 - 0.71414) cr, rounded, then less cr.
    let factors = _mm256_set1_epi32((9367 << 16) | (-11277 & 0xffff));
    let half = |pair| {
        let sum = _mm256_add_epi32(_mm256_madd_epi16(pair, factors), _mm256_set1_epi32(1 << 14));
        _mm256_srai_epi32::<15>(sum)
    };
    let green = _mm256_packs_epi32(
        half(_mm256_unpacklo_epi16(cb, cr)),
        half(_mm256_unpackhi_epi16(cb, cr)),
    );
    let green = _mm256_sub_epi16(green, cr);
    [_mm256_add_epi16(y, red), _mm256_add_epi16(y, green), _mm256_add_epi16(y, blue)]
}

/// 96 bytes of pixels from the three colours.
///
/// Byte `b` of the output vector `k` of a lane is colour `(k + b) % 3` of pixel `(16 k + b) / 3`. For one
/// colour the three vectors use different `b`, so one shuffle a colour puts every byte into place, and
/// blends pick them.
#[target_feature(enable = "avx2")]
fn interleave([red, green, blue]: [__m256i; 3]) -> [__m256i; 3] {
    const ORDER: [[i8; 16]; 3] = [shuffle(0), shuffle(1), shuffle(2)];
    let place = |colour, order| _mm256_shuffle_epi8(colour, mask(order));
    let (red, green, blue) =
        (place(red, &ORDER[0]), place(green, &ORDER[1]), place(blue, &ORDER[2]));
    let masks: [__m256i; 3] = [mask(&MASKS[0]), mask(&MASKS[1]), mask(&MASKS[2])];
    let blend = |green_at: usize, blue_at: usize| {
        let mixed = _mm256_blendv_epi8(red, green, masks[green_at]);
        _mm256_blendv_epi8(mixed, blue, masks[blue_at])
    };
    let (first, second, third) = (blend(1, 2), blend(0, 1), blend(2, 0));
    // The low lanes hold pixels 0 to 15, the high ones 16 to 31.
    [
        _mm256_permute2x128_si256::<0x20>(first, second),
        _mm256_permute2x128_si256::<0x30>(third, first),
        _mm256_permute2x128_si256::<0x31>(second, third),
    ]
}

/// Ones at the bytes `b` with `b % 3` equal to 0, 1 and 2.
const MASKS: [[i8; 16]; 3] = {
    let mut masks = [[0; 16]; 3];
    let mut b = 0;
    while b < 16 {
        masks[b % 3][b] = -1;
        b += 1;
    }
    masks
};

/// The same sixteen bytes in both lanes.
#[target_feature(enable = "avx2")]
fn mask(bytes: &[i8; 16]) -> __m256i {
    // SAFETY: the array has the sixteen bytes that a 128-bit load reads.
    unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(bytes.as_ptr().cast())) }
}

/// Where the bytes of one colour come from: even pixels are in bytes 0 to 7 of a lane, odd ones in 8 to 15.
const fn shuffle(colour: usize) -> [i8; 16] {
    let mut order = [0; 16];
    let mut b = 0;
    while b < 16 {
        let vector = (colour + 3 * 16 - b) % 3;
        let pixel = (16 * vector + b) / 3;
        order[b] = (pixel / 2 + pixel % 2 * 8) as i8;
        b += 1;
    }
    order
}

/// The even and the odd bytes as 16-bit numbers.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn halves(x: __m256i) -> (__m256i, __m256i) {
    (_mm256_and_si256(x, _mm256_set1_epi16(255)), _mm256_srli_epi16::<8>(x))
}

#[target_feature(enable = "avx2")]
fn load(samples: &[u8]) -> __m256i {
    let samples = samples[..STEP].as_ptr();
    // SAFETY: the slice was just checked to hold the 32 bytes that a 256-bit load reads.
    unsafe { _mm256_loadu_si256(samples.cast()) }
}

/// The first `width` samples, then anything.
#[target_feature(enable = "avx2")]
fn load_part(samples: &[u8], width: usize) -> __m256i {
    if samples.len() >= STEP {
        return load(samples);
    }
    let mut padded = [0; STEP];
    padded[..width].copy_from_slice(&samples[..width]);
    load(&padded)
}

#[target_feature(enable = "avx2")]
fn load_wide(row: &[i16], at: usize) -> __m256i {
    let samples = row[at..][..16].as_ptr();
    // SAFETY: the slice was just checked to hold the sixteen values that a 256-bit load reads.
    unsafe { _mm256_loadu_si256(samples.cast()) }
}

#[target_feature(enable = "avx2")]
fn store(pixels: [__m256i; 3], out: &mut [u8]) {
    let out = out[..STEP * 3].as_mut_ptr();
    // SAFETY: the slice was just checked to hold the 96 bytes that three 256-bit stores write.
    unsafe {
        _mm256_storeu_si256(out.cast(), pixels[0]);
        _mm256_storeu_si256(out.add(STEP).cast(), pixels[1]);
        _mm256_storeu_si256(out.add(2 * STEP).cast(), pixels[2]);
    }
}
