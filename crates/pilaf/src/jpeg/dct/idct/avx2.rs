//! AVX2: two blocks side by side in the 128-bit lanes of each register, four for the reduced sizes.
//!
//! The arithmetic is that of `scalar` and `reduced`, lane by lane; what is added are shortcuts whose result is
//! the same: blocks with only a DC coefficient, and passes whose inputs 4 to 7 are zero.

use std::arch::x86_64::*;

use super::blocks::for_each_group;
use super::scalar::dc_sample;
use super::scaled::idct_1x1;
use super::{Block, BlockRow};
use crate::jpeg::dct::avx2::{Lanes, Wide, add, dot, interleave, narrow, sub, transpose};
use crate::simd::Avx2;

/// Transforms pairs of blocks into rows of `out`, as [`super::Idct::transform`] says, for size 8.
pub(super) fn islow_row(
    _: Avx2,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { full_row(blocks, multipliers, out, stride) }
}

/// As [`islow_row`], for size 4.
pub(super) fn row_4x4(
    _: Avx2,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { reduced_row::<4>(quad_4x4, blocks, multipliers, out, stride) }
}

/// As [`islow_row`], for size 2.
pub(super) fn row_2x2(
    _: Avx2,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { reduced_row::<2>(quad_2x2, blocks, multipliers, out, stride) }
}

/// As [`islow_row`], for size 1, whose samples lie side by side.
pub(super) fn row_1x1(_: Avx2, blocks: &mut impl BlockRow, multiplier: i16, out: &mut [u8]) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { dc_row(blocks, multiplier, out) }
}

/// There is nothing to compute in parallel, but blocks are emptied by wider stores.
#[target_feature(enable = "avx2")]
fn dc_row(blocks: &mut impl BlockRow, multiplier: i16, out: &mut [u8]) {
    for_each_group(blocks, |index, _, [block]| out[index] = idct_1x1(block[0], multiplier));
}

#[target_feature(enable = "avx2")]
fn full_row(blocks: &mut impl BlockRow, multipliers: &Block, out: &mut [u8], stride: usize) {
    for_each_group(blocks, |index, count, [a, b]| {
        let out = &mut out[index * 8..];
        if count == 2 {
            return full_pair(a, b, multipliers, out, stride);
        }
        let mut square = [0; 128];
        full_pair(a, b, multipliers, &mut square, 16);
        for (row, samples) in square.chunks_exact(16).enumerate() {
            out[row * stride..][..8].copy_from_slice(&samples[..8]);
        }
    });
}

#[target_feature(enable = "avx2")]
fn full_pair(a: &Block, b: &Block, multipliers: &Block, out: &mut [u8], stride: usize) {
    let rows: [Lanes; 8] = std::array::from_fn(|row| load_pair(a, b, row));
    let or = |a, b| _mm256_or_si256(a, b);
    let low = or(or(rows[1], rows[2]), rows[3]);
    let high = or(or(rows[4], rows[5]), or(rows[6], rows[7]));
    let ac_rows = or(low, high);
    let ac = or(ac_rows, _mm256_and_si256(rows[0], not_dc()));
    if is_zero(ac) {
        let samples = [dc_sample(a[0], multipliers[0]), dc_sample(b[0], multipliers[0])];
        for row in 0..8 {
            out[row * stride..row * stride + 8].fill(samples[0]);
            out[row * stride + 8..row * stride + 16].fill(samples[1]);
        }
        return;
    }
    let input: [Lanes; 8] =
        std::array::from_fn(|row| _mm256_mullo_epi16(rows[row], load_both(multipliers, row)));
    let short = _mm256_slli_epi16::<2>(input[0]);
    // All bits set in the lanes of blocks that take the short first pass.
    let zero = _mm256_cmpeq_epi8(ac_rows, _mm256_setzero_si256());
    let short_lanes = _mm256_movemask_epi8(zero);
    let work = if short_lanes == -1 {
        [short; 8]
    } else {
        let work =
            if is_zero(high) { islow_low_pass::<11>(input) } else { islow_pass::<11>(input) };
        match (short_lanes & 0xffff == 0xffff, short_lanes >> 16 == -1) {
            (true, _) => work.map(|row| _mm256_blend_epi32::<0x0f>(row, short)),
            (_, true) => work.map(|row| _mm256_blend_epi32::<0xf0>(row, short)),
            _ => work,
        }
    };
    let columns = transpose(work);
    let right = _mm256_unpackhi_epi64(or(ac, rows[0]), _mm256_setzero_si256());
    let output =
        if is_zero(right) { islow_low_pass::<18>(columns) } else { islow_pass::<18>(columns) };
    store_pair(output, out, stride);
}

/// Ones in all places of a row but the first.
#[target_feature(enable = "avx2")]
fn not_dc() -> Lanes {
    _mm256_set_epi64x(-1, -1 << 16, -1, -1 << 16)
}

#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn is_zero(x: Lanes) -> bool {
    _mm256_testz_si256(x, x) == 1
}

/// Row `row` of block `a` in the low lane and of `b` in the high one.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn load_pair(a: &Block, b: &Block, row: usize) -> Lanes {
    let (a, b) = (a[row * 8..][..8].as_ptr(), b[row * 8..][..8].as_ptr());
    // SAFETY: both slices were just checked to hold the eight values that a 128-bit load reads.
    unsafe {
        _mm256_inserti128_si256::<1>(
            _mm256_castsi128_si256(_mm_loadu_si128(a.cast())),
            _mm_loadu_si128(b.cast()),
        )
    }
}

/// Row `row` of `block` in both lanes.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn load_both(block: &Block, row: usize) -> Lanes {
    let values = block[row * 8..][..8].as_ptr();
    // SAFETY: the slice was just checked to hold the eight values that a 128-bit load reads.
    unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(values.cast())) }
}

/// Sums from the front, differences from the back, without `SHIFT` fraction bits.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn butterfly<const SHIFT: i32>(even: [Wide; 4], odd: [Wide; 4]) -> [Lanes; 8] {
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

/// `x` with 13 fraction bits plus half a unit of the shift to come: a product with (16, 2^(SHIFT-5)).
#[target_feature(enable = "avx2")]
fn scaled_and_rounded<const SHIFT: i32>(x: Lanes) -> Wide {
    dot(interleave(x, _mm256_set1_epi16(16)), 1 << 13, 1 << (SHIFT - 5))
}

/// One 8-point pass over eight columns of both blocks; the constants are those of `scalar::islow_1d`.
#[target_feature(enable = "avx2")]
fn islow_pass<const SHIFT: i32>(x: [Lanes; 8]) -> [Lanes; 8] {
    let x26 = interleave(x[2], x[6]);
    let (outer, inner) = (dot(x26, 10703, 4433), dot(x26, 4433, -10704));
    let sum = scaled_and_rounded::<SHIFT>(_mm256_add_epi16(x[0], x[4]));
    let difference = scaled_and_rounded::<SHIFT>(_mm256_sub_epi16(x[0], x[4]));
    let even = [add(sum, outer), add(difference, inner), sub(difference, inner), sub(sum, outer)];

    let z34 = interleave(_mm256_add_epi16(x[3], x[7]), _mm256_add_epi16(x[1], x[5]));
    let (z3, z4) = (dot(z34, -6436, 9633), dot(z34, 9633, 6437));
    let (x71, x53) = (interleave(x[7], x[1]), interleave(x[5], x[3]));
    let odd = [
        add(dot(x71, -7373, 4926), z4),
        add(dot(x53, -20995, 4177), z3),
        add(dot(x53, -4176, -20995), z4),
        add(dot(x71, -4927, -7373), z3),
    ];
    butterfly::<SHIFT>(even, odd)
}

/// [`islow_pass`] for inputs 4 to 7 all zero, where each sum of products needs only two.
#[target_feature(enable = "avx2")]
fn islow_low_pass<const SHIFT: i32>(x: [Lanes; 8]) -> [Lanes; 8] {
    let x02 = interleave(x[0], x[2]);
    let round = _mm256_set1_epi32(1 << (SHIFT - 1));
    let rounded = |w: Wide| (_mm256_add_epi32(w.0, round), _mm256_add_epi32(w.1, round));
    let even = [
        rounded(dot(x02, 8192, 10703)),
        rounded(dot(x02, 8192, 4433)),
        rounded(dot(x02, 8192, -4433)),
        rounded(dot(x02, 8192, -10703)),
    ];
    let x13 = interleave(x[1], x[3]);
    let odd = [
        dot(x13, 4926 + 6437, 9633),
        dot(x13, 9633, 4177 - 6436),
        dot(x13, 6437, 9633 - 20995),
        dot(x13, 9633 - 7373, -6436),
    ];
    butterfly::<SHIFT>(even, odd)
}

/// Clamps and writes two blocks given by columns: eight rows of sixteen samples.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn store_pair(columns: [Lanes; 8], out: &mut [u8], stride: usize) {
    assert!(out.len() >= 7 * stride + 16);
    let centre = _mm256_set1_epi8(-128);
    let pack = |a, b| _mm256_xor_si256(_mm256_packs_epi16(columns[a], columns[b]), centre);
    // Bytes of one lane: eight rows of column a, then eight rows of column b.
    let (c04, c15, c26, c37) = (pack(0, 4), pack(1, 5), pack(2, 6), pack(3, 7));
    // Rows 0..8 of columns 0 and 1 (then 4 and 5), byte by byte; then of four columns.
    let (c01, c45) = (_mm256_unpacklo_epi8(c04, c15), _mm256_unpackhi_epi8(c04, c15));
    let (c23, c67) = (_mm256_unpacklo_epi8(c26, c37), _mm256_unpackhi_epi8(c26, c37));
    let (left0, left4) = (_mm256_unpacklo_epi16(c01, c23), _mm256_unpackhi_epi16(c01, c23));
    let (right0, right4) = (_mm256_unpacklo_epi16(c45, c67), _mm256_unpackhi_epi16(c45, c67));
    let pairs_of_rows = [
        _mm256_unpacklo_epi32(left0, right0),
        _mm256_unpackhi_epi32(left0, right0),
        _mm256_unpacklo_epi32(left4, right4),
        _mm256_unpackhi_epi32(left4, right4),
    ];
    for (index, rows) in pairs_of_rows.into_iter().enumerate() {
        // Lanes hold rows 2i and 2i+1 of one block each; now of both blocks, one row a lane.
        let rows = _mm256_permute4x64_epi64::<0b11_01_10_00>(rows);
        // SAFETY: rows 2i and 2i+1 are at most row 7, whose sixteen samples end within `out` by the
        // assertion above.
        unsafe {
            let at = out.as_mut_ptr().add(2 * index * stride);
            _mm_storeu_si128(at.cast(), _mm256_castsi256_si128(rows));
            _mm_storeu_si128(at.add(stride).cast(), _mm256_extracti128_si256::<1>(rows));
        }
    }
}

/// Runs a kernel for four blocks along a row, the last one padded with empty blocks.
#[target_feature(enable = "avx2")]
fn reduced_row<const N: usize>(
    kernel: unsafe fn([&Block; 4], &Block) -> [[u8; 16]; 4],
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    for_each_group(blocks, |index, count, quad| {
        // SAFETY: the kernels need AVX2, which this function has by its own contract.
        let rows = unsafe { kernel(quad, multipliers) };
        let width = count * N;
        for (row, samples) in rows.iter().take(N).enumerate() {
            out[row * stride + index * N..][..width].copy_from_slice(&samples[..width]);
        }
    });
}

/// Four rows of sixteen samples from four blocks.
#[target_feature(enable = "avx2")]
fn quad_4x4(blocks: [&Block; 4], multipliers: &Block) -> [[u8; 16]; 4] {
    let (first, first_is_flat) = columns_4x4(blocks[0], blocks[1], multipliers);
    let (second, second_is_flat) = columns_4x4(blocks[2], blocks[3], multipliers);
    if first_is_flat && second_is_flat {
        return [flat_4x4(blocks.map(|block| block[0].wrapping_mul(multipliers[0]))); 4];
    }
    // Lanes of the columns: rows 0..4 of block 0 then of block 2; of block 1 then of block 3.
    let columns = transpose([
        first[0], first[1], first[2], first[3], second[0], second[1], second[2], second[3],
    ]);
    let c = inverse_4::<19>(columns);
    let (c01, c23) = (interleave(c[0], c[1]), interleave(c[2], c[3]));
    let rows = |a, b| _mm256_packs_epi16(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    let centre = _mm256_set1_epi8(-128);
    let blocks01 = _mm256_xor_si256(rows(c01.0, c23.0), centre);
    let blocks23 = _mm256_xor_si256(rows(c01.1, c23.1), centre);
    // Each lane holds four rows of four samples of one block: gather by row.
    let (a, b) = (_mm256_castsi256_si128(blocks01), _mm256_extracti128_si256::<1>(blocks01));
    let (c, d) = (_mm256_castsi256_si128(blocks23), _mm256_extracti128_si256::<1>(blocks23));
    let (ab01, ab23) = (_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
    let (cd01, cd23) = (_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
    [
        bytes(_mm_unpacklo_epi64(ab01, cd01)),
        bytes(_mm_unpackhi_epi64(ab01, cd01)),
        bytes(_mm_unpacklo_epi64(ab23, cd23)),
        bytes(_mm_unpackhi_epi64(ab23, cd23)),
    ]
}

#[target_feature(enable = "avx2")]
fn bytes(x: __m128i) -> [u8; 16] {
    let mut out = [0; 16];
    // SAFETY: the array has the sixteen bytes that a 128-bit store writes.
    unsafe { _mm_storeu_si128(out.as_mut_ptr().cast(), x) };
    out
}

/// A row of four blocks with these DC coefficients and no others.
fn flat_4x4(dc: [i16; 4]) -> [u8; 16] {
    let samples = dc.map(|dc| ((i32::from(dc << 2) + 16) >> 5).clamp(-128, 127) + 128);
    u128::to_le_bytes(
        samples
            .into_iter()
            .rev()
            .fold(0, |row, sample| row << 32 | u128::from(u32::from_ne_bytes([sample as u8; 4]))),
    )
}

/// First pass of the 4x4 transform of two blocks, and whether they have none but DC coefficients.
#[target_feature(enable = "avx2")]
fn columns_4x4(a: &Block, b: &Block, multipliers: &Block) -> ([Lanes; 4], bool) {
    let row = |row| load_pair(a, b, row);
    let (r1, r2, r3) = (row(1), row(2), row(3));
    let (r5, r6, r7) = (row(5), row(6), row(7));
    let or = |a, b| _mm256_or_si256(a, b);
    let ac_rows = or(or(or(r1, r2), or(r3, r5)), or(r6, r7));
    let times = |x, row| _mm256_mullo_epi16(x, load_both(multipliers, row));
    let top = row(0);
    let dc = times(top, 0);
    let short = _mm256_slli_epi16::<2>(dc);
    let short_lanes = _mm256_movemask_epi8(_mm256_cmpeq_epi8(ac_rows, _mm256_setzero_si256()));
    if short_lanes == -1 {
        let is_flat = _mm256_testz_si256(top, not_dc()) == 1;
        return ([short; 4], is_flat);
    }
    let work = inverse_4::<12>([
        dc,
        times(r1, 1),
        times(r2, 2),
        times(r3, 3),
        dc,
        times(r5, 5),
        times(r6, 6),
        times(r7, 7),
    ]);
    let work = match (short_lanes & 0xffff == 0xffff, short_lanes >> 16 == -1) {
        (true, _) => work.map(|row| _mm256_blend_epi32::<0x0f>(row, short)),
        (_, true) => work.map(|row| _mm256_blend_epi32::<0xf0>(row, short)),
        _ => work,
    };
    (work, false)
}

/// One pass of the 4x4 transform; input 4 is ignored. The constants are those of `reduced::inverse_4`.
#[target_feature(enable = "avx2")]
fn inverse_4<const SHIFT: i32>(x: [Lanes; 8]) -> [Lanes; 4] {
    let dc = dot(interleave(x[0], _mm256_set1_epi16(16)), 1 << 14, 1 << (SHIFT - 5));
    let even = dot(interleave(x[2], x[6]), 15137, -6270);
    let (x13, x57) = (interleave(x[1], x[3]), interleave(x[5], x[7]));
    let outer = add(dot(x13, 20995, 7373), dot(x57, -4926, -4176));
    let inner = add(dot(x13, 8697, -17799), dot(x57, 11893, -1730));
    let (sum, difference) = (add(dc, even), sub(dc, even));
    [
        narrow::<SHIFT>(add(sum, outer)),
        narrow::<SHIFT>(add(difference, inner)),
        narrow::<SHIFT>(sub(difference, inner)),
        narrow::<SHIFT>(sub(sum, outer)),
    ]
}

/// Two rows of eight samples from four blocks.
#[target_feature(enable = "avx2")]
fn quad_2x2(blocks: [&Block; 4], multipliers: &Block) -> [[u8; 16]; 4] {
    let (dc01, odd01, first_is_flat) = columns_2x2(blocks[0], blocks[1], multipliers);
    let (dc23, odd23, second_is_flat) = columns_2x2(blocks[2], blocks[3], multipliers);
    if first_is_flat && second_is_flat {
        return [flat_2x2(blocks.map(|block| block[0].wrapping_mul(multipliers[0]))); 4];
    }
    // 32-bit places: rows 0 and 1 of block 0, of block 2; of block 1, of block 3.
    let dc = _mm256_slli_epi32::<15>(_mm256_unpacklo_epi64(dc01, dc23));
    let odd = _mm256_hadd_epi32(odd01, odd23);
    let round = _mm256_set1_epi32(1 << 19);
    let left = _mm256_srai_epi32::<20>(_mm256_add_epi32(_mm256_add_epi32(dc, odd), round));
    let right = _mm256_srai_epi32::<20>(_mm256_add_epi32(_mm256_sub_epi32(dc, odd), round));
    let words = _mm256_packs_epi32(left, right);
    let samples = _mm256_xor_si256(_mm256_packs_epi16(words, words), _mm256_set1_epi8(-128));
    // Bytes of a lane: left columns of (block, row) 00, 01, 20, 21 (10, 11, 30, 31), then the right ones.
    let (even, odd) =
        (bytes(_mm256_castsi256_si128(samples)), bytes(_mm256_extracti128_si256::<1>(samples)));
    let mut rows = [[0; 16]; 4];
    for row in 0..2 {
        for half in 0..2 {
            let from = 2 * half + row;
            rows[row][4 * half..4 * half + 4].copy_from_slice(&[
                even[from],
                even[from + 4],
                odd[from],
                odd[from + 4],
            ]);
        }
    }
    rows
}

/// A row of four blocks with these DC coefficients and no others.
fn flat_2x2(dc: [i16; 4]) -> [u8; 16] {
    let mut row = [0; 16];
    for (pair, dc) in row.chunks_exact_mut(2).zip(dc) {
        let value = (i32::from(dc) << 17).wrapping_add(1 << 19) >> 20;
        pair.fill((value.clamp(-128, 127) + 128) as u8);
    }
    row
}

/// First pass of the 2x2 transform of two blocks: column 0 of both rows, per row two partial sums of the odd
/// columns' products for the second pass, and whether the blocks have none but DC coefficients.
#[target_feature(enable = "avx2")]
fn columns_2x2(a: &Block, b: &Block, multipliers: &Block) -> (Lanes, Lanes, bool) {
    let row = |row| load_pair(a, b, row);
    let times = |x, row| _mm256_mullo_epi16(x, load_both(multipliers, row));
    let (r0, r1, r3, r5, r7) = (row(0), row(1), row(3), row(5), row(7));
    let or = |a, b| _mm256_or_si256(a, b);
    let ac_rows = or(or(r1, r3), or(r5, r7));
    let is_flat = is_zero(or(ac_rows, _mm256_and_si256(r0, not_dc())));
    let top = times(r0, 0);
    // 2^15 does not fit a factor, 2^14 twice does.
    let dc = dot(interleave(top, top), 1 << 14, 1 << 14);
    let half = _mm256_set1_epi32(1 << 12);
    let dc = add(dc, (half, half));
    let odd = add(
        dot(interleave(times(r1, 1), times(r3, 3)), 29692, -10426),
        dot(interleave(times(r5, 5), times(r7, 7)), 6967, -5906),
    );
    let (top, bottom) = (add(dc, odd), sub(dc, odd));
    let descaled = |w: Wide| (_mm256_srai_epi32::<13>(w.0), _mm256_srai_epi32::<13>(w.1));
    let (top, bottom) = (descaled(top), descaled(bottom));
    let first = _mm256_unpacklo_epi32(top.0, bottom.0);
    let odd_factors = _mm256_setr_epi16(
        0, 29692, 0, -10426, 0, 6967, 0, -5906, 0, 29692, 0, -10426, 0, 6967, 0, -5906,
    );
    let products = |w: Wide| _mm256_madd_epi16(_mm256_packs_epi32(w.0, w.1), odd_factors);
    (first, _mm256_hadd_epi32(products(top), products(bottom)), is_flat)
}
