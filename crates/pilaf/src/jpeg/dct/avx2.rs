//! AVX2: what the transforms share, forward and inverse. Two blocks lie side by side in the 128-bit
//! lanes of each register.

use std::arch::x86_64::*;

/// Eight numbers of 16 bits of each of two blocks.
pub(super) type Lanes = __m256i;
/// 32-bit intermediates of the low and the high four numbers of each lane.
pub(super) type Wide = (__m256i, __m256i);

/// The numbers of `a` and `b` in turns.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn interleave(a: Lanes, b: Lanes) -> Wide {
    (_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b))
}

/// Factors for [`dot`]: `a` for the even places, `b` for the odd ones.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn factors(a: i32, b: i32) -> Lanes {
    _mm256_set1_epi32((b << 16) | (a & 0xFFFF))
}

/// `a * fa + b * fb` of interleaved `a` and `b`.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn dot(pair: Wide, fa: i32, fb: i32) -> Wide {
    let factors = factors(fa, fb);
    (_mm256_madd_epi16(pair.0, factors), _mm256_madd_epi16(pair.1, factors))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn add(a: Wide, b: Wide) -> Wide {
    (_mm256_add_epi32(a.0, b.0), _mm256_add_epi32(a.1, b.1))
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn sub(a: Wide, b: Wide) -> Wide {
    (_mm256_sub_epi32(a.0, b.0), _mm256_sub_epi32(a.1, b.1))
}

/// 16-bit numbers without `SHIFT` fraction bits, saturated.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn narrow<const SHIFT: i32>(x: Wide) -> Lanes {
    _mm256_packs_epi32(_mm256_srai_epi32::<SHIFT>(x.0), _mm256_srai_epi32::<SHIFT>(x.1))
}

/// Transposes the 8x8 values of each lane.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn transpose(x: [Lanes; 8]) -> [Lanes; 8] {
    let words = [
        interleave(x[0], x[1]),
        interleave(x[2], x[3]),
        interleave(x[4], x[5]),
        interleave(x[6], x[7]),
    ];
    let join = |a, b| (_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    let (a, b) = (join(words[0].0, words[1].0), join(words[2].0, words[3].0));
    let (c, d) = (join(words[0].1, words[1].1), join(words[2].1, words[3].1));
    [
        _mm256_unpacklo_epi64(a.0, b.0),
        _mm256_unpackhi_epi64(a.0, b.0),
        _mm256_unpacklo_epi64(a.1, b.1),
        _mm256_unpackhi_epi64(a.1, b.1),
        _mm256_unpacklo_epi64(c.0, d.0),
        _mm256_unpackhi_epi64(c.0, d.0),
        _mm256_unpacklo_epi64(c.1, d.1),
        _mm256_unpackhi_epi64(c.1, d.1),
    ]
}
