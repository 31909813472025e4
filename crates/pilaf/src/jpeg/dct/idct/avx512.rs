//! AVX-512: two blocks side by side in the 128-bit lanes of each register, for size 8.
//!
//! The arithmetic is that of `scalar`, lane by lane; each output is a chain of `vpdpwssd`, which adds two products to
//! what is there and wraps like the sums it stands for. Registers are 256 bits wide: twice as wide ones take
//! as long a block here, since shuffles are a good part of it and shortcuts then need four blocks of one kind, and they
//! make the whole decoder's clock slower. The shortcuts have the same result: blocks with only a DC
//! coefficient, and passes whose inputs 4 to 7 are zero.

use std::arch::x86_64::*;

use super::avx2::{butterfly, is_zero, load_both, load_pair, store_pair};
use super::blocks::for_each_group;
use super::scalar::dc_sample;
use super::{Block, BlockRow};
use crate::jpeg::dct::avx2::{Lanes, Wide, dot as product, factors, interleave, transpose};
use crate::simd::Avx512;

/// Transforms pairs of blocks into rows of `out`, as [`super::Idct::transform`] says, for size 8.
pub(super) fn islow_row(
    _: Avx512,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    // SAFETY: the token proves that the CPU has AVX-512 BW, VL and VNNI.
    unsafe { full_row(blocks, multipliers, out, stride) }
}

#[target_feature(enable = "avx512bw,avx512vl,avx512vnni")]
fn full_row(blocks: &mut impl BlockRow, multipliers: &Block, out: &mut [u8], stride: usize) {
    for_each_group(blocks, |index, count, pair| {
        let out = &mut out[index * 8..];
        if count == 2 {
            return full_pair(pair, multipliers, out, stride);
        }
        let mut square = [0; 128];
        full_pair(pair, multipliers, &mut square, 16);
        for (row, samples) in square.chunks_exact(16).enumerate() {
            out[row * stride..][..8].copy_from_slice(&samples[..8]);
        }
    });
}

#[target_feature(enable = "avx512bw,avx512vl,avx512vnni")]
fn full_pair(blocks: [&Block; 2], multipliers: &Block, out: &mut [u8], stride: usize) {
    let low = [0, 1, 2, 3].map(|row| load_pair(blocks[0], blocks[1], row));
    let high = [4, 5, 6, 7].map(|row| load_pair(blocks[0], blocks[1], row));
    let any_high = or4(high);
    let ac_rows = or4([any_high, low[1], low[2], low[3]]);
    let all_rows = _mm256_or_si256(ac_rows, low[0]);
    let has_ac_rows = _mm256_test_epi64_mask(ac_rows, ac_rows);
    let not_dc = _mm256_set1_epi64x(-1 << 16);
    let not_dc = _mm256_mask_blend_epi64(0b1010, not_dc, _mm256_set1_epi64x(-1));
    if _mm256_testz_si256(all_rows, not_dc) == 1 && has_ac_rows == 0 {
        return fill_pair(blocks.map(|block| dc_sample(block[0], multipliers[0])), out, stride);
    }
    let times = |x, row| _mm256_mullo_epi16(x, load_both(multipliers, row));
    let low = [times(low[0], 0), times(low[1], 1), times(low[2], 2), times(low[3], 3)];
    let work = if has_ac_rows == 0 {
        [_mm256_slli_epi16::<2>(low[0]); 8]
    } else {
        let work = if is_zero(any_high) {
            islow_low_pass::<11>(low)
        } else {
            let high = [times(high[0], 4), times(high[1], 5), times(high[2], 6), times(high[3], 7)];
            islow_pass::<11>(low, high)
        };
        mend_short_pass(work, low[0], has_ac_rows)
    };
    let columns = transpose(work);
    let left = [columns[0], columns[1], columns[2], columns[3]];
    let output = if _mm256_test_epi64_mask(all_rows, all_rows) & 0b1010 == 0 {
        islow_low_pass::<18>(left)
    } else {
        islow_pass::<18>(left, [columns[4], columns[5], columns[6], columns[7]])
    };
    store_pair(output, out, stride);
}

/// Blocks without AC rows (see `has_ac_rows`: two bits a lane) take a first pass that wraps instead of
/// saturating. That shows only for row-0 inputs beyond 13 bits.
#[target_feature(enable = "avx512bw,avx512vl")]
fn mend_short_pass(work: [Lanes; 8], row: Lanes, has_ac_rows: u8) -> [Lanes; 8] {
    let with_rows = (has_ac_rows | has_ac_rows >> 1) & 0b0101;
    if with_rows == 0b0101 {
        return work;
    }
    let shifted = _mm256_add_epi16(row, _mm256_set1_epi16(1 << 13));
    if _mm256_cmpge_epu16_mask(shifted, _mm256_set1_epi16(1 << 14)) == 0 {
        return work;
    }
    let short = _mm256_slli_epi16::<2>(row);
    let mask = !(with_rows | with_rows << 1);
    work.map(|row| _mm256_mask_blend_epi64(mask, row, short))
}

#[target_feature(enable = "avx512vl")]
fn or4([a, b, c, d]: [Lanes; 4]) -> Lanes {
    _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d))
}

/// Eight rows of eight equal samples for each block.
#[target_feature(enable = "avx512vl")]
fn fill_pair(samples: [u8; 2], out: &mut [u8], stride: usize) {
    let [a, b] = samples.map(|sample| u64::from_ne_bytes([sample; 8]).cast_signed());
    let row = _mm_set_epi64x(b, a);
    for index in 0..8 {
        store(row, &mut out[index * stride..]);
    }
}

/// `sum + a * fa + b * fb` of interleaved `a` and `b`.
#[target_feature(enable = "avx512vl,avx512vnni")]
fn dot(sum: Wide, pair: Wide, fa: i32, fb: i32) -> Wide {
    let factors = factors(fa, fb);
    (_mm256_dpwssd_epi32(sum.0, pair.0, factors), _mm256_dpwssd_epi32(sum.1, pair.1, factors))
}

/// Half a unit of a shift by `SHIFT`, where sums begin.
#[target_feature(enable = "avx512vl")]
fn half<const SHIFT: i32>() -> Wide {
    let half = _mm256_set1_epi32(1 << (SHIFT - 1));
    (half, half)
}

/// One 8-point pass over eight columns of both blocks, given the inputs 0 to 3 and 4 to 7; the constants are those
/// of `scalar::islow_1d`.
#[target_feature(enable = "avx512bw,avx512vl,avx512vnni")]
fn islow_pass<const SHIFT: i32>(
    [x0, x1, x2, x3]: [Lanes; 4],
    [x4, x5, x6, x7]: [Lanes; 4],
) -> [Lanes; 8] {
    let x04 = interleave(_mm256_add_epi16(x0, x4), _mm256_sub_epi16(x0, x4));
    let round = half::<SHIFT>();
    let sum = dot(round, x04, 8192, 0);
    let difference = dot(round, x04, 0, 8192);
    let x26 = interleave(x2, x6);
    let even = [
        dot(sum, x26, 10703, 4433),
        dot(difference, x26, 4433, -10704),
        dot(difference, x26, -4433, 10704),
        dot(sum, x26, -10703, -4433),
    ];
    let z34 = interleave(_mm256_add_epi16(x3, x7), _mm256_add_epi16(x1, x5));
    let (z3, z4) = (product(z34, -6436, 9633), product(z34, 9633, 6437));
    let (x71, x53) = (interleave(x7, x1), interleave(x5, x3));
    let odd = [
        dot(z4, x71, -7373, 4926),
        dot(z3, x53, -20995, 4177),
        dot(z4, x53, -4176, -20995),
        dot(z3, x71, -4927, -7373),
    ];
    butterfly::<SHIFT>(even, odd)
}

/// [`islow_pass`] for inputs 4 to 7 all zero, where each sum of products needs only two.
#[target_feature(enable = "avx512bw,avx512vl,avx512vnni")]
fn islow_low_pass<const SHIFT: i32>([x0, x1, x2, x3]: [Lanes; 4]) -> [Lanes; 8] {
    let x02 = interleave(x0, x2);
    let round = half::<SHIFT>();
    let even = [
        dot(round, x02, 8192, 10703),
        dot(round, x02, 8192, 4433),
        dot(round, x02, 8192, -4433),
        dot(round, x02, 8192, -10703),
    ];
    let x13 = interleave(x1, x3);
    let odd = [
        product(x13, 4926 + 6437, 9633),
        product(x13, 9633, 4177 - 6436),
        product(x13, 6437, 9633 - 20995),
        product(x13, 9633 - 7373, -6436),
    ];
    butterfly::<SHIFT>(even, odd)
}

#[target_feature(enable = "avx512vl")]
fn store(samples: __m128i, out: &mut [u8]) {
    let out = out[..16].as_mut_ptr();
    // SAFETY: the slice was just checked to hold the sixteen bytes that a 128-bit store writes.
    unsafe { _mm_storeu_si128(out.cast(), samples) }
}
