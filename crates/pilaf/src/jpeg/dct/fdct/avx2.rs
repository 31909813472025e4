//! AVX2: two neighbouring blocks, one in each 128-bit lane.
//!
//! The arithmetic is that of `scalar`; its products are regrouped, so that each output is a sum of
//! products of two pairs, which changes no bit.

use std::arch::x86_64::*;

use super::Coefficients;
use super::divisors::Divisors;
use crate::jpeg::dct::avx2::{Lanes, Wide, add, dot, interleave, transpose};
use crate::jpeg::zigzag::NATURAL_ORDER;
use crate::simd::Avx2;

/// As [`super::Fdct::transform_row`].
pub(super) fn transform_row(
    _: Avx2,
    samples: &[u8],
    stride: usize,
    divisors: &Divisors,
    blocks: &mut [Coefficients],
) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { row(samples, stride, divisors, blocks) }
}

#[target_feature(enable = "avx2")]
fn row(samples: &[u8], stride: usize, divisors: &Divisors, blocks: &mut [Coefficients]) {
    let mut pairs = blocks.chunks_exact_mut(2);
    let mut column = 0;
    for pair in &mut pairs {
        let [a, b] = pair else { unreachable!("chunks of two") };
        two_blocks(&samples[column..], stride, divisors, a, b);
        column += 16;
    }
    if let [last] = pairs.into_remainder() {
        let mut square = [0; 128];
        for (row, line) in square.chunks_exact_mut(16).enumerate() {
            line[..8].copy_from_slice(&samples[row * stride + column..][..8]);
        }
        two_blocks(&square, 16, divisors, last, &mut Coefficients::of_dc(0));
    }
}

#[target_feature(enable = "avx2")]
fn two_blocks(
    samples: &[u8],
    stride: usize,
    divisors: &Divisors,
    a: &mut Coefficients,
    b: &mut Coefficients,
) {
    let rows: [Lanes; 8] = std::array::from_fn(|row| load(samples, row * stride));
    let by_row = transpose(pass::<11>(transpose(rows)));
    let coefficients = pass::<15>(by_row);
    let quantized = std::array::from_fn(|row| quantize(coefficients[row], divisors, row));
    let zigzag = [
        gather::<0>(&quantized),
        gather::<1>(&quantized),
        gather::<2>(&quantized),
        gather::<3>(&quantized),
        gather::<4>(&quantized),
        gather::<5>(&quantized),
        gather::<6>(&quantized),
        gather::<7>(&quantized),
    ];
    (a.nonzero, b.nonzero) = nonzero(&zigzag);
    for (index, eight) in zigzag.into_iter().enumerate() {
        store(_mm256_castsi256_si128(eight), &mut a.values[index * 8..]);
        store(_mm256_extracti128_si256::<1>(eight), &mut b.values[index * 8..]);
    }
}

/// Sixteen samples of a row, less 128.
#[target_feature(enable = "avx2")]
fn load(samples: &[u8], at: usize) -> Lanes {
    let samples = samples[at..][..16].as_ptr();
    // SAFETY: the slice was just checked to hold the sixteen bytes that a 128-bit load reads.
    let samples = unsafe { _mm_loadu_si128(samples.cast()) };
    _mm256_sub_epi16(_mm256_cvtepu8_epi16(samples), _mm256_set1_epi16(128))
}

#[target_feature(enable = "avx2")]
fn store(eight: __m128i, values: &mut [i16]) {
    let values = values[..8].as_mut_ptr();
    // SAFETY: the slice was just checked to hold the eight values that a 128-bit store writes.
    unsafe { _mm_storeu_si128(values.cast(), eight) }
}

/// One 8-point pass over eight columns of both blocks; the constants are those of
/// `scalar::islow_1d`. Outputs lose `DESCALE` fraction bits; the sums gain two in the first pass
/// and lose them in the second.
#[target_feature(enable = "avx2")]
fn pass<const DESCALE: i32>(x: [Lanes; 8]) -> [Lanes; 8] {
    let round = _mm256_set1_epi32(1 << (DESCALE - 1));
    let rounded = |x: Wide| add(x, (round, round));
    let narrow = |x: Wide| {
        _mm256_packs_epi32(_mm256_srai_epi32::<DESCALE>(x.0), _mm256_srai_epi32::<DESCALE>(x.1))
    };
    let scale = |x| match DESCALE {
        11 => _mm256_slli_epi16::<2>(x),
        _ => _mm256_srai_epi16::<2>(_mm256_add_epi16(x, _mm256_set1_epi16(2))),
    };
    let sum: [Lanes; 4] = std::array::from_fn(|k| _mm256_add_epi16(x[k], x[7 - k]));
    let [d0, d1, d2, d3] = std::array::from_fn(|k| _mm256_sub_epi16(x[k], x[7 - k]));
    let (outer0, outer1) = (_mm256_add_epi16(sum[0], sum[3]), _mm256_add_epi16(sum[1], sum[2]));
    let inner = interleave(_mm256_sub_epi16(sum[0], sum[3]), _mm256_sub_epi16(sum[1], sum[2]));

    let z34 = interleave(_mm256_add_epi16(d3, d1), _mm256_add_epi16(d2, d0));
    let z3 = rounded(dot(z34, 9633 - 16069, 9633));
    let z4 = rounded(dot(z34, 9633, 9633 - 3196));
    let (d30, d21) = (interleave(d3, d0), interleave(d2, d1));
    [
        scale(_mm256_add_epi16(outer0, outer1)),
        narrow(add(dot(d30, -7373, 12299 - 7373), z4)),
        narrow(rounded(dot(inner, 4433 + 6270, 4433))),
        narrow(add(dot(d21, -20995, 25172 - 20995), z3)),
        scale(_mm256_sub_epi16(outer0, outer1)),
        narrow(add(dot(d21, 16819 - 20995, -20995), z4)),
        narrow(rounded(dot(inner, 4433, 4433 - 15137))),
        narrow(add(dot(d30, 2446 - 7373, -7373), z3)),
    ]
}

/// Divides row `row` of the coefficients of both blocks; see [`Divisors`].
#[target_feature(enable = "avx2")]
fn quantize(x: Lanes, divisors: &Divisors, row: usize) -> Lanes {
    let both = |factors: &[u16; 64]| {
        let factors = factors[row * 8..][..8].as_ptr();
        // SAFETY: the slice was just checked to hold the eight values that a 128-bit load reads.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(factors.cast()) })
    };
    let rounded = _mm256_add_epi16(_mm256_abs_epi16(x), both(&divisors.correction));
    let product = _mm256_mulhi_epu16(rounded, both(&divisors.reciprocal));
    _mm256_sign_epi16(_mm256_mulhi_epu16(product, both(&divisors.scale)), x)
}

/// The shuffle that takes to the coefficients `8 part ..` in zigzag order those of row `row`, and
/// zeros to the others.
const fn shuffle(part: usize, row: usize) -> [i8; 16] {
    let mut order = [-1; 16];
    let mut k = 0;
    while k < 8 {
        let position = NATURAL_ORDER[part * 8 + k] as usize;
        if position / 8 == row {
            order[2 * k] = (position % 8 * 2) as i8;
            order[2 * k + 1] = order[2 * k] + 1;
        }
        k += 1;
    }
    order
}

static SHUFFLES: [[[i8; 16]; 8]; 8] = {
    let mut shuffles = [[[0; 16]; 8]; 8];
    let mut index = 0;
    while index < 64 {
        shuffles[index / 8][index % 8] = shuffle(index / 8, index % 8);
        index += 1;
    }
    shuffles
};

/// The first row that holds some of the coefficients `8 part ..` in zigzag order, and the last
/// one plus one.
const fn rows_of(part: usize) -> (usize, usize) {
    let (mut first, mut end) = (8, 0);
    let mut k = 0;
    while k < 8 {
        let row = NATURAL_ORDER[part * 8 + k] as usize / 8;
        if row < first {
            first = row;
        }
        if row >= end {
            end = row + 1;
        }
        k += 1;
    }
    (first, end)
}

/// Coefficients `8 PART .. 8 PART + 8` in zigzag order.
#[target_feature(enable = "avx2")]
fn gather<const PART: usize>(rows: &[Lanes; 8]) -> Lanes {
    let (first, end) = const { rows_of(PART) };
    let mut gathered = _mm256_setzero_si256();
    for row in first..end {
        let order = SHUFFLES[PART][row].as_ptr();
        // SAFETY: the array has the sixteen bytes that a 128-bit load reads.
        let order = unsafe { _mm_loadu_si128(order.cast()) };
        let taken = _mm256_shuffle_epi8(rows[row], _mm256_broadcastsi128_si256(order));
        gathered = _mm256_or_si256(gathered, taken);
    }
    gathered
}

/// A bit for each coefficient of both blocks that is not zero.
#[target_feature(enable = "avx2")]
fn nonzero(zigzag: &[Lanes; 8]) -> (u64, u64) {
    let (mut a, mut b) = (0, 0);
    for (index, pair) in zigzag.chunks_exact(2).enumerate() {
        let zero = |x| _mm256_cmpeq_epi16(x, _mm256_setzero_si256());
        let bytes = _mm256_packs_epi16(zero(pair[0]), zero(pair[1]));
        let mask = !_mm256_movemask_epi8(bytes) as u32;
        a |= u64::from(mask & 0xFFFF) << (16 * index);
        b |= u64::from(mask >> 16) << (16 * index);
    }
    (a, b)
}
