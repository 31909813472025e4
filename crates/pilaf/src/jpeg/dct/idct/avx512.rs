//! AVX-512: four blocks side by side in the 128-bit lanes of each register, eight for the reduced sizes.
//!
//! The arithmetic is that of `scalar` and `reduced`, lane by lane; each output is a chain of `vpdpwssd`, which adds
//! two products to what is there and wraps like the sums it stands for. The shortcuts have the same result:
//! blocks with only a DC coefficient, and passes whose inputs 4 to 7 are zero.

use std::arch::x86_64::*;

use super::blocks::for_each_group;
use super::scalar::dc_sample;
use super::{Block, BlockRow};
use crate::simd::Avx512;

type Lanes = __m512i;
/// 32-bit intermediates of the low and the high four numbers of each lane.
type Wide = (__m512i, __m512i);

/// Transforms groups of blocks into rows of `out`, as [`super::Idct::transform`] says, for size 8.
pub(super) fn islow_row(
    _: Avx512,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    // SAFETY: the token proves that the CPU has AVX-512 F, BW and VNNI.
    unsafe { full_row(blocks, multipliers, out, stride) }
}

/// As [`islow_row`], for size 4.
pub(super) fn row_4x4(
    _: Avx512,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    // SAFETY: the token proves that the CPU has AVX-512 F, BW and VNNI.
    unsafe { half_row(blocks, multipliers, out, stride) }
}

/// As [`islow_row`], for size 2.
pub(super) fn row_2x2(
    _: Avx512,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    // SAFETY: the token proves that the CPU has AVX-512 F, BW, VBMI and VNNI.
    unsafe { quarter_row(blocks, multipliers, out, stride) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn full_row(blocks: &mut impl BlockRow, multipliers: &Block, out: &mut [u8], stride: usize) {
    for_each_group(blocks, |index, count, quad| {
        let out = &mut out[index * 8..];
        if count == 4 {
            return full_quad(quad, multipliers, out, stride);
        }
        let mut square = [0; 256];
        full_quad(quad, multipliers, &mut square, 32);
        for (row, samples) in square.chunks_exact(32).enumerate() {
            out[row * stride..][..count * 8].copy_from_slice(&samples[..count * 8]);
        }
    });
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn full_quad(blocks: [&Block; 4], multipliers: &Block, out: &mut [u8], stride: usize) {
    let zero = _mm512_setzero_si512();
    let upper: [Lanes; 4] = load_halves::<1>(blocks);
    let no_upper = is_zero(or4(upper));
    let low = exchange(load_halves::<0>(blocks));
    let high = if no_upper { [zero; 4] } else { exchange(upper) };
    let ac_rows = _mm512_or_si512(or4([zero, low[1], low[2], low[3]]), or4(high));
    let all_rows = _mm512_or_si512(ac_rows, low[0]);
    let has_ac_rows = _mm512_test_epi64_mask(ac_rows, ac_rows);
    let not_dc = _mm512_xor_si512(_mm512_set1_epi64(-1), _mm512_set4_epi32(0, 0, 0, 0xFFFF));
    if has_ac_rows == 0 && _mm512_test_epi16_mask(low[0], not_dc) == 0 {
        return fill_quad(blocks.map(|block| dc_sample(block[0], multipliers[0])), out, stride);
    }
    let times = |x, row| _mm512_mullo_epi16(x, load_row(multipliers, row));
    let low = [times(low[0], 0), times(low[1], 1), times(low[2], 2), times(low[3], 3)];
    let work = if has_ac_rows == 0 {
        [_mm512_slli_epi16::<2>(low[0]); 8]
    } else {
        let work = if no_upper {
            islow_low_pass::<11>(low)
        } else {
            let high = [times(high[0], 4), times(high[1], 5), times(high[2], 6), times(high[3], 7)];
            islow_pass::<11>(low, high)
        };
        mend_short_pass(work, low[0], has_ac_rows)
    };
    let columns = transpose(work);
    let left = [columns[0], columns[1], columns[2], columns[3]];
    let output = if _mm512_test_epi64_mask(all_rows, all_rows) & 0b1010_1010 == 0 {
        islow_low_pass::<18>(left)
    } else {
        islow_pass::<18>(left, [columns[4], columns[5], columns[6], columns[7]])
    };
    store_quad(output, out, stride);
}

/// Blocks without AC rows (see `has_ac_rows`: two bits a lane) take a first pass that wraps instead of
/// saturating. That shows only for row-0 inputs beyond 13 bits.
#[target_feature(enable = "avx512f,avx512bw")]
fn mend_short_pass<const N: usize>(work: [Lanes; N], row: Lanes, has_ac_rows: u8) -> [Lanes; N] {
    let with_rows = (has_ac_rows | has_ac_rows >> 1) & 0b0101_0101;
    if with_rows == 0b0101_0101 {
        return work;
    }
    let shifted = _mm512_add_epi16(row, _mm512_set1_epi16(1 << 13));
    if _mm512_cmpge_epu16_mask(shifted, _mm512_set1_epi16(1 << 14)) == 0 {
        return work;
    }
    let short = _mm512_slli_epi16::<2>(row);
    let mask = !(with_rows | with_rows << 1);
    work.map(|row| _mm512_mask_blend_epi64(mask, row, short))
}

#[target_feature(enable = "avx512f")]
fn is_zero(x: Lanes) -> bool {
    _mm512_test_epi64_mask(x, x) == 0
}

#[target_feature(enable = "avx512f")]
fn or4([a, b, c, d]: [Lanes; 4]) -> Lanes {
    _mm512_or_si512(_mm512_or_si512(a, b), _mm512_or_si512(c, d))
}

/// Eight rows of eight equal samples for each of four blocks.
#[target_feature(enable = "avx512f")]
fn fill_quad(samples: [u8; 4], out: &mut [u8], stride: usize) {
    let [a, b, c, d] = samples.map(|sample| u64::from_ne_bytes([sample; 8]).cast_signed());
    let row = _mm256_setr_epi64x(a, b, c, d);
    for index in 0..8 {
        store32(row, &mut out[index * stride..]);
    }
}

/// Rows 0 to 3 (`HALF` 0) or 4 to 7 of each block, a register a block.
#[target_feature(enable = "avx512f")]
fn load_halves<const HALF: usize>(blocks: [&Block; 4]) -> [Lanes; 4] {
    blocks.map(|block| {
        let half = block[HALF * 32..][..32].as_ptr();
        // SAFETY: the slice was just checked to hold the 32 values that a 512-bit load reads.
        unsafe { _mm512_loadu_si512(half.cast()) }
    })
}

/// From a register a block to a register a row: lane `b` of row `r` is lane `r` of block `b`.
#[target_feature(enable = "avx512f")]
fn exchange([a, b, c, d]: [Lanes; 4]) -> [Lanes; 4] {
    let (ab01, ab23) = (_mm512_shuffle_i64x2::<0x44>(a, b), _mm512_shuffle_i64x2::<0xEE>(a, b));
    let (cd01, cd23) = (_mm512_shuffle_i64x2::<0x44>(c, d), _mm512_shuffle_i64x2::<0xEE>(c, d));
    [
        _mm512_shuffle_i64x2::<0x88>(ab01, cd01),
        _mm512_shuffle_i64x2::<0xDD>(ab01, cd01),
        _mm512_shuffle_i64x2::<0x88>(ab23, cd23),
        _mm512_shuffle_i64x2::<0xDD>(ab23, cd23),
    ]
}

/// Row `row` of `block` in all lanes.
#[target_feature(enable = "avx512f")]
fn load_row(block: &Block, row: usize) -> Lanes {
    let values = block[row * 8..][..8].as_ptr();
    // SAFETY: the slice was just checked to hold the eight values that a 128-bit load reads.
    unsafe { _mm512_broadcast_i32x4(_mm_loadu_si128(values.cast())) }
}

/// Factors for [`dot`]: `a` for the even places, `b` for the odd ones.
#[target_feature(enable = "avx512f")]
fn factors(a: i32, b: i32) -> Lanes {
    _mm512_set1_epi32((b << 16) | (a & 0xFFFF))
}

#[target_feature(enable = "avx512f,avx512bw")]
fn interleave(a: Lanes, b: Lanes) -> Wide {
    (_mm512_unpacklo_epi16(a, b), _mm512_unpackhi_epi16(a, b))
}

/// `sum + a * fa + b * fb` of interleaved `a` and `b`.
#[target_feature(enable = "avx512f,avx512vnni")]
fn dot(sum: Wide, pair: Wide, fa: i32, fb: i32) -> Wide {
    let factors = factors(fa, fb);
    (_mm512_dpwssd_epi32(sum.0, pair.0, factors), _mm512_dpwssd_epi32(sum.1, pair.1, factors))
}

/// `a * fa + b * fb` of interleaved `a` and `b`.
#[target_feature(enable = "avx512f,avx512bw")]
fn product(pair: Wide, fa: i32, fb: i32) -> Wide {
    let factors = factors(fa, fb);
    (_mm512_madd_epi16(pair.0, factors), _mm512_madd_epi16(pair.1, factors))
}

#[target_feature(enable = "avx512f")]
fn add(a: Wide, b: Wide) -> Wide {
    (_mm512_add_epi32(a.0, b.0), _mm512_add_epi32(a.1, b.1))
}

#[target_feature(enable = "avx512f")]
fn sub(a: Wide, b: Wide) -> Wide {
    (_mm512_sub_epi32(a.0, b.0), _mm512_sub_epi32(a.1, b.1))
}

/// Half a unit of a shift by `SHIFT`, where sums begin.
#[target_feature(enable = "avx512f")]
fn half<const SHIFT: u32>() -> Wide {
    let half = _mm512_set1_epi32(1 << (SHIFT - 1));
    (half, half)
}

#[target_feature(enable = "avx512f,avx512bw")]
fn narrow<const SHIFT: u32>(x: Wide) -> Lanes {
    _mm512_packs_epi32(_mm512_srai_epi32::<SHIFT>(x.0), _mm512_srai_epi32::<SHIFT>(x.1))
}

/// Sums from the front, differences from the back, without `SHIFT` fraction bits.
#[target_feature(enable = "avx512f,avx512bw")]
fn butterfly<const SHIFT: u32>(even: [Wide; 4], odd: [Wide; 4]) -> [Lanes; 8] {
    [
        narrow::<SHIFT>(add(even[0], odd[0])),
        narrow::<SHIFT>(add(even[1], odd[1])),
        narrow::<SHIFT>(add(even[2], odd[2])),
        narrow::<SHIFT>(add(even[3], odd[3])),
        narrow::<SHIFT>(sub(even[3], odd[3])),
        narrow::<SHIFT>(sub(even[2], odd[2])),
        narrow::<SHIFT>(sub(even[1], odd[1])),
        narrow::<SHIFT>(sub(even[0], odd[0])),
    ]
}

/// One 8-point pass over eight columns of four blocks, given the inputs 0 to 3 and 4 to 7; the constants are those
/// of `scalar::islow_1d`.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn islow_pass<const SHIFT: u32>(
    [x0, x1, x2, x3]: [Lanes; 4],
    [x4, x5, x6, x7]: [Lanes; 4],
) -> [Lanes; 8] {
    let x04 = interleave(_mm512_add_epi16(x0, x4), _mm512_sub_epi16(x0, x4));
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
    let z34 = interleave(_mm512_add_epi16(x3, x7), _mm512_add_epi16(x1, x5));
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
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn islow_low_pass<const SHIFT: u32>([x0, x1, x2, x3]: [Lanes; 4]) -> [Lanes; 8] {
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

/// Transposes the 8x8 values of each lane.
#[target_feature(enable = "avx512f,avx512bw")]
fn transpose(x: [Lanes; 8]) -> [Lanes; 8] {
    let words = [
        interleave(x[0], x[1]),
        interleave(x[2], x[3]),
        interleave(x[4], x[5]),
        interleave(x[6], x[7]),
    ];
    let join = |a, b| (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    let (a, b) = (join(words[0].0, words[1].0), join(words[2].0, words[3].0));
    let (c, d) = (join(words[0].1, words[1].1), join(words[2].1, words[3].1));
    [
        _mm512_unpacklo_epi64(a.0, b.0),
        _mm512_unpackhi_epi64(a.0, b.0),
        _mm512_unpacklo_epi64(a.1, b.1),
        _mm512_unpackhi_epi64(a.1, b.1),
        _mm512_unpacklo_epi64(c.0, d.0),
        _mm512_unpackhi_epi64(c.0, d.0),
        _mm512_unpacklo_epi64(c.1, d.1),
        _mm512_unpackhi_epi64(c.1, d.1),
    ]
}

/// Clamps and writes four blocks given by columns: eight rows of 32 samples.
#[target_feature(enable = "avx512f,avx512bw")]
fn store_quad(columns: [Lanes; 8], out: &mut [u8], stride: usize) {
    let centre = _mm512_set1_epi8(-128);
    let pack =
        |a: usize, b: usize| _mm512_xor_si512(_mm512_packs_epi16(columns[a], columns[b]), centre);
    // Bytes of one lane: eight rows of column a, then eight rows of column b.
    let (c04, c15, c26, c37) = (pack(0, 4), pack(1, 5), pack(2, 6), pack(3, 7));
    // Rows 0..8 of columns 0 and 1 (then 4 and 5), byte by byte; then of four columns.
    let (c01, c45) = (_mm512_unpacklo_epi8(c04, c15), _mm512_unpackhi_epi8(c04, c15));
    let (c23, c67) = (_mm512_unpacklo_epi8(c26, c37), _mm512_unpackhi_epi8(c26, c37));
    let (left0, left4) = (_mm512_unpacklo_epi16(c01, c23), _mm512_unpackhi_epi16(c01, c23));
    let (right0, right4) = (_mm512_unpacklo_epi16(c45, c67), _mm512_unpackhi_epi16(c45, c67));
    // Lanes hold rows 2i and 2i+1 of one block each.
    let pairs_of_rows = [
        _mm512_unpacklo_epi32(left0, right0),
        _mm512_unpackhi_epi32(left0, right0),
        _mm512_unpacklo_epi32(left4, right4),
        _mm512_unpackhi_epi32(left4, right4),
    ];
    let by_row = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    for (index, rows) in pairs_of_rows.into_iter().enumerate() {
        let rows = _mm512_permutexvar_epi64(by_row, rows);
        store32(_mm512_castsi512_si256(rows), &mut out[2 * index * stride..]);
        store32(_mm512_extracti64x4_epi64::<1>(rows), &mut out[(2 * index + 1) * stride..]);
    }
}

#[target_feature(enable = "avx512f")]
fn store32(samples: __m256i, out: &mut [u8]) {
    let out = out[..32].as_mut_ptr();
    // SAFETY: the slice was just checked to hold the 32 bytes that a 256-bit store writes.
    unsafe { _mm256_storeu_si256(out.cast(), samples) }
}

/// Writes the first `width` of 32 samples.
#[target_feature(enable = "avx512f")]
fn store_part(samples: __m256i, width: usize, out: &mut [u8]) {
    if width == 32 {
        return store32(samples, out);
    }
    let mut row = [0; 32];
    store32(samples, &mut row);
    out[..width].copy_from_slice(&row[..width]);
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn half_row(blocks: &mut impl BlockRow, multipliers: &Block, out: &mut [u8], stride: usize) {
    for_each_group(blocks, |index, count, [a, b, c, d, e, f, g, h]| {
        let first = columns_4x4([a, b, c, d], multipliers);
        let second = columns_4x4([e, f, g, h], multipliers);
        let rows = rows_4x4(first, second);
        for (row, samples) in rows.into_iter().enumerate() {
            store_part(samples, count * 4, &mut out[row * stride + index * 4..]);
        }
    });
}

/// First pass of the 4x4 transform of four blocks.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn columns_4x4(blocks: [&Block; 4], multipliers: &Block) -> [Lanes; 4] {
    let zero = _mm512_setzero_si512();
    let low = exchange(load_halves::<0>(blocks));
    let upper = load_halves::<1>(blocks);
    let [_, high @ ..] = if is_zero(or4(upper)) { [zero; 4] } else { exchange(upper) };
    let ac_rows = _mm512_or_si512(
        or4([zero, low[1], low[2], low[3]]),
        or4([zero, high[0], high[1], high[2]]),
    );
    let times = |x, row| _mm512_mullo_epi16(x, load_row(multipliers, row));
    let dc = times(low[0], 0);
    let has_ac_rows = _mm512_test_epi64_mask(ac_rows, ac_rows);
    if has_ac_rows == 0 {
        return [_mm512_slli_epi16::<2>(dc); 4];
    }
    let odd = [times(low[1], 1), times(low[3], 3), times(high[0], 5), times(high[2], 7)];
    let work = inverse_4::<12>(dc, times(low[2], 2), times(high[1], 6), odd);
    mend_short_pass(work, dc, has_ac_rows)
}

/// Second pass of eight blocks: four rows of 32 samples.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn rows_4x4(first: [Lanes; 4], second: [Lanes; 4]) -> [__m256i; 4] {
    // Lanes of the columns: rows 0..4 of block b, then of block b + 4.
    let c = transpose([
        first[0], first[1], first[2], first[3], second[0], second[1], second[2], second[3],
    ]);
    let c = inverse_4::<19>(c[0], c[2], c[6], [c[1], c[3], c[5], c[7]]);
    let (c01, c23) = (interleave(c[0], c[1]), interleave(c[2], c[3]));
    let rows = |a, b| {
        let words = _mm512_packs_epi16(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
        _mm512_xor_si512(words, _mm512_set1_epi8(-128))
    };
    // Each lane holds four rows of four samples of one block: gather by row.
    let (blocks0123, blocks4567) = (rows(c01.0, c23.0), rows(c01.1, c23.1));
    let order = _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    let rows01 = _mm512_permutex2var_epi32(blocks0123, order, blocks4567);
    let order = _mm512_add_epi32(order, _mm512_set1_epi32(2));
    let rows23 = _mm512_permutex2var_epi32(blocks0123, order, blocks4567);
    [
        _mm512_castsi512_si256(rows01),
        _mm512_extracti64x4_epi64::<1>(rows01),
        _mm512_castsi512_si256(rows23),
        _mm512_extracti64x4_epi64::<1>(rows23),
    ]
}

/// One pass of the 4x4 transform, from inputs 0, 2, 6 and the odd ones. The constants are those of
/// `reduced::inverse_4`.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn inverse_4<const SHIFT: u32>(x0: Lanes, x2: Lanes, x6: Lanes, odd: [Lanes; 4]) -> [Lanes; 4] {
    let round = half::<SHIFT>();
    let x0 = interleave(x0, _mm512_setzero_si512());
    let dc = dot(round, x0, 1 << 14, 0);
    let x26 = interleave(x2, x6);
    let (sum, difference) = (dot(dc, x26, 15137, -6270), dot(dc, x26, -15137, 6270));
    let (x13, x57) = (interleave(odd[0], odd[1]), interleave(odd[2], odd[3]));
    let outer = dot(product(x13, 20995, 7373), x57, -4926, -4176);
    let inner = dot(product(x13, 8697, -17799), x57, 11893, -1730);
    [
        narrow::<SHIFT>(add(sum, outer)),
        narrow::<SHIFT>(add(difference, inner)),
        narrow::<SHIFT>(sub(difference, inner)),
        narrow::<SHIFT>(sub(sum, outer)),
    ]
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vnni")]
fn quarter_row(blocks: &mut impl BlockRow, multipliers: &Block, out: &mut [u8], stride: usize) {
    for_each_group(blocks, |index, count, [a, b, c, d, e, f, g, h]| {
        let rows = rows_2x2(
            columns_2x2([a, b, c, d], multipliers),
            columns_2x2([e, f, g, h], multipliers),
        );
        let mut samples = [0; 32];
        store32(rows, &mut samples);
        for (row, samples) in samples.chunks_exact(16).enumerate() {
            let out = &mut out[row * stride + index * 2..];
            match count {
                8 => out[..16].copy_from_slice(samples),
                _ => out[..count * 2].copy_from_slice(&samples[..count * 2]),
            }
        }
    });
}

/// First pass of the 2x2 transform of four blocks: column 0 of both rows, in the lower half of each lane, and
/// per row the four products of the odd columns for the second pass.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn columns_2x2(blocks: [&Block; 4], multipliers: &Block) -> (Lanes, [Lanes; 2]) {
    let low = exchange(load_halves::<0>(blocks));
    let high = exchange(load_halves::<1>(blocks));
    let times = |x, row| _mm512_mullo_epi16(x, load_row(multipliers, row));
    let row = times(low[0], 0);
    // 2^15 does not fit a factor, 2^14 twice does.
    let dc = dot(half::<13>(), interleave(row, row), 1 << 14, 1 << 14);
    let odd = product(interleave(times(low[1], 1), times(low[3], 3)), 29692, -10426);
    let odd = dot(odd, interleave(times(high[1], 5), times(high[3], 7)), 6967, -5906);
    let descaled = |w: Wide| (_mm512_srai_epi32::<13>(w.0), _mm512_srai_epi32::<13>(w.1));
    let (top, bottom) = (descaled(add(dc, odd)), descaled(sub(dc, odd)));
    let first = _mm512_unpacklo_epi32(top.0, bottom.0);
    let factors = _mm512_set4_epi32(-5906 << 16, 6967 << 16, -10426 << 16, 29692 << 16);
    let products = |w: Wide| _mm512_madd_epi16(_mm512_packs_epi32(w.0, w.1), factors);
    (first, [products(top), products(bottom)])
}

/// Second pass of eight blocks: two rows of sixteen samples.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn rows_2x2(first: (Lanes, [Lanes; 2]), second: (Lanes, [Lanes; 2])) -> __m256i {
    let half_sums = |[top, bottom]: [Lanes; 2]| {
        _mm512_add_epi32(_mm512_unpacklo_epi32(top, bottom), _mm512_unpackhi_epi32(top, bottom))
    };
    let (a, b) = (half_sums(first.1), half_sums(second.1));
    let odd = _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    // 32-bit places of a lane: top and bottom of block b, then of block b + 4.
    let dc = _mm512_slli_epi32::<15>(_mm512_unpacklo_epi64(first.0, second.0));
    let dc = _mm512_add_epi32(dc, _mm512_set1_epi32(1 << 19));
    let left = _mm512_srai_epi32::<20>(_mm512_add_epi32(dc, odd));
    let right = _mm512_srai_epi32::<20>(_mm512_sub_epi32(dc, odd));
    let words = _mm512_packs_epi32(left, right);
    let samples = _mm512_xor_si512(_mm512_packs_epi16(words, words), _mm512_set1_epi8(-128));
    // SAFETY: the array has the 64 bytes that a 512-bit load reads.
    let order = unsafe { _mm512_loadu_si512(ORDER_2X2.as_ptr().cast()) };
    _mm512_castsi512_si256(_mm512_permutexvar_epi8(order, samples))
}

/// Where the samples of two rows of sixteen come from: bytes of lane `b` are the left ones of (block, row)
/// b0, b1, (b+4)0, (b+4)1, then the right ones.
static ORDER_2X2: [u8; 64] = {
    let mut order = [0; 64];
    let mut at = 0;
    while at < 32 {
        let (row, block, right) = (at / 16, at % 16 / 2, at % 2);
        order[at] = (block % 4 * 16 + right * 4 + block / 4 * 2 + row) as u8;
        at += 1;
    }
    order
};
