//! AVX2: 32 samples in one go, pairs summed by multiplying with ones.

use std::arch::x86_64::*;

use super::scalar;
use crate::simd::Avx2;

/// Samples of one step.
const STEP: usize = 32;

/// As [`super::h2v1`].
pub(super) fn h2v1(_: Avx2, row: &[u8], out: &mut [u8]) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { halve([row], out) }
}

/// As [`super::h2v2`].
pub(super) fn h2v2(_: Avx2, rows: [&[u8]; 2], out: &mut [u8]) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { halve(rows, out) }
}

/// The means of pairs in one row, or of squares in two.
#[target_feature(enable = "avx2")]
fn halve<const ROWS: usize>(rows: [&[u8]; ROWS], out: &mut [u8]) {
    // Even samples round down, odd ones up.
    let bias = _mm256_set1_epi32(if ROWS == 1 { 1 << 16 } else { 2 << 16 | 1 });
    let mean = |at: usize| {
        let sum = rows.iter().fold(bias, |sum, row| _mm256_add_epi16(sum, pairs(row, at)));
        if ROWS == 1 { _mm256_srli_epi16::<1>(sum) } else { _mm256_srli_epi16::<2>(sum) }
    };
    let whole = out.len() / STEP * STEP;
    for x in (0..whole).step_by(STEP) {
        // Lanes: samples 0..8 and 16..24, 8..16 and 24..32.
        let bytes = _mm256_packus_epi16(mean(2 * x), mean(2 * x + STEP));
        store(_mm256_permute4x64_epi64::<0b11_01_10_00>(bytes), &mut out[x..]);
    }
    let (rest, out) = (rows.map(|row| &row[2 * whole..]), &mut out[whole..]);
    match rest[..] {
        [row] => scalar::h2v1(row, out),
        [above, below] => scalar::h2v2([above, below], out),
        _ => unreachable!("one row or two"),
    }
}

/// Sums of the sixteen pairs from sample `at`.
#[target_feature(enable = "avx2")]
fn pairs(row: &[u8], at: usize) -> __m256i {
    let samples = row[at..][..STEP].as_ptr();
    // SAFETY: the slice was just checked to hold the 32 bytes that a 256-bit load reads.
    let samples = unsafe { _mm256_loadu_si256(samples.cast()) };
    _mm256_maddubs_epi16(samples, _mm256_set1_epi8(1))
}

#[target_feature(enable = "avx2")]
fn store(bytes: __m256i, out: &mut [u8]) {
    let out = out[..STEP].as_mut_ptr();
    // SAFETY: the slice was just checked to hold the 32 bytes that a 256-bit store writes.
    unsafe { _mm256_storeu_si256(out.cast(), bytes) }
}
