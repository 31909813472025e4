//! AVX2: lines of two rows, sixteen rows at a time.
//!
//! A weight is split into `low + 65536 * high`, where `low` is 16 bits and `high` 8 bits, both
//! signed. The low parts meet samples widened to 16 bits (`vpmaddwd`, sums in 32 bits), the high
//! parts meet the bytes as they are (`vpmaddubsw`, sums in 16 bits). The 16-bit sums may wrap:
//! only their low 16 bits are left once they are shifted up. All sums are right modulo 2^32,
//! as those of the scalar specification are.
//!
//! `vpmaddubsw` saturates where the two products of a unit exceed 16 bits together, so the high
//! parts of a unit must not exceed 128 in sum; [`AxisOfPairs::pack`] refuses others (weights
//! beyond 2.0, which no filter has).
//!
//! Sixteen rows are first turned so that a vector holds one unit of sixteen rows:
//!
//! ```text
//! 32 bytes:  r0:x r0:x+1  r1:x r1:x+1 ... r7:x r7:x+1 | r8:x r8:x+1 ... r15:x r15:x+1
//! ```
//!
//! and a window is a run of such vectors, each multiplied by a pair of weights in all lanes: no
//! shuffle in the inner loop, whatever the scale. Columns of a line look the same to the
//! vertical pass, so [`Sums`] serves both.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::super::scalar::HALF;
use super::super::weights::{PRECISION_BITS, Weights};
use super::{Axis, Kernels, Rows, Scratch};
use crate::simd::Avx2;

/// The kernels, with the proof that they may run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pairs(pub(crate) Avx2);

/// The weights of two taps: the low parts side by side, and the high parts twice over.
#[derive(Clone, Copy, Debug, Default)]
struct Digits {
    low: i32,
    high: i32,
}

impl Digits {
    fn new(weights: [i32; 2]) -> Option<Self> {
        let high = weights.map(|weight| (weight + 0x8000) >> 16);
        let low = [0, 1].map(|tap| weights[tap] - (high[tap] << 16));
        if high[0].abs() + high[1].abs() > 128 || high.iter().any(|high| *high > 127) {
            return None;
        }
        let join = |digits: [i32; 2], bits| (digits[1] << bits) | (digits[0] & ((1 << bits) - 1));
        let high = join(high, 8) & 0xffff;
        Some(Self { low: join(low, 16), high: join([high, high], 16) })
    }
}

/// An axis whose windows consist of pairs of taps.
#[derive(Debug)]
pub(crate) struct AxisOfPairs {
    first_units: Vec<u32>,
    digits: Vec<Digits>,
    units: usize,
}

impl AxisOfPairs {
    fn pack(weights: &Weights<i32>) -> Option<Self> {
        let spans = weights.windows().iter().map(|w| w.end().div_ceil(2) - w.start / 2);
        let units = spans.max().unwrap_or(0).max(1);
        let mut axis = Self {
            first_units: weights.windows().iter().map(|w| (w.start / 2) as u32).collect(),
            digits: Vec::with_capacity(units * weights.len()),
            units,
        };
        for (window, values) in weights.iter() {
            axis.push(window.start % 2, values)?;
        }
        Some(axis)
    }

    /// Appends the digits of one window whose first tap is the `lead`th of its unit.
    fn push(&mut self, lead: usize, values: &[i32]) -> Option<()> {
        let at = |tap: usize| tap.checked_sub(lead).and_then(|tap| values.get(tap));
        for unit in 0..self.units {
            let pair = [at(2 * unit), at(2 * unit + 1)].map(|weight| weight.map_or(0, |w| *w));
            self.digits.push(Digits::new(pair)?);
        }
        Some(())
    }

    fn len(&self) -> usize {
        self.first_units.len()
    }

    fn digits(&self, index: usize) -> &[Digits] {
        &self.digits[index * self.units..][..self.units]
    }
}

impl Axis for AxisOfPairs {
    fn first_unit(&self, index: usize) -> usize {
        self.first_units[index] as usize
    }

    fn units(&self) -> usize {
        self.units
    }
}

impl Kernels for Pairs {
    type Across = AxisOfPairs;
    type Down = AxisOfPairs;
    const LINE_ROWS: usize = 2;
    const GROUP: usize = 16;

    fn pack_across(self, weights: &Weights<i32>, _: usize) -> Option<AxisOfPairs> {
        AxisOfPairs::pack(weights)
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<AxisOfPairs> {
        AxisOfPairs::pack(weights)
    }

    fn line_bytes(self, columns: usize) -> usize {
        // `resample_rows` writes blocks of 8 pixels, `combine_lines` reads blocks of 16 columns.
        (columns + 7 * 4).next_multiple_of(16) * 2
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &AxisOfPairs,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        // SAFETY: `self` holds the proof that this CPU has AVX2.
        unsafe {
            match bands {
                1 => resample_rows::<1>(rows, axis, &mut scratch.pairs, lines),
                2 => resample_rows::<2>(rows, axis, &mut scratch.pairs, lines),
                3 => resample_rows::<3>(rows, axis, &mut scratch.pairs, lines),
                4 => resample_rows::<4>(rows, axis, &mut scratch.pairs, lines),
                _ => unreachable!("pixels have 1 to 4 bands, not {bands}"),
            }
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        // SAFETY: `self` holds the proof that this CPU has AVX2.
        unsafe { interleave_rows(rows, lines) }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &AxisOfPairs, index: usize, target: &mut [u8]) {
        // SAFETY: `self` holds the proof that this CPU has AVX2.
        unsafe { combine_lines(lines, axis.digits(index), target) }
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        for (sample, pair) in target.iter_mut().zip(line.as_chunks::<2>().0) {
            *sample = pair[row];
        }
    }
}

#[target_feature(enable = "avx2")]
fn load(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: the reference is to 32 readable bytes; the load needs no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[target_feature(enable = "avx2")]
fn load_half(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: the reference is to 16 readable bytes; the load needs no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

#[target_feature(enable = "avx2")]
fn store(bytes: &mut [u8; 32], value: __m256i) {
    // SAFETY: the reference is to 32 writable bytes; the store needs no alignment.
    unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), value) }
}

#[target_feature(enable = "avx2")]
fn store_half(bytes: &mut [u8; 16], value: __m128i) {
    // SAFETY: the reference is to 16 writable bytes; the store needs no alignment.
    unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), value) }
}

/// The sums of 16 outputs: `low` of outputs 0..4 | 8..12 and 4..8 | 12..16 in 32 bits, `high` of
/// all in 16 bits.
#[derive(Clone, Copy)]
struct Sums {
    low: [__m256i; 2],
    high: __m256i,
}

impl Sums {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn new() -> Self {
        Self { low: [_mm256_set1_epi32(HALF); 2], high: _mm256_setzero_si256() }
    }

    /// Adds one unit of 16 outputs.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn add(&mut self, samples: __m256i, low: __m256i, high: __m256i) {
        let zero = _mm256_setzero_si256();
        let first = _mm256_madd_epi16(_mm256_unpacklo_epi8(samples, zero), low);
        let second = _mm256_madd_epi16(_mm256_unpackhi_epi8(samples, zero), low);
        self.low[0] = _mm256_add_epi32(self.low[0], first);
        self.low[1] = _mm256_add_epi32(self.low[1], second);
        self.high = _mm256_add_epi16(self.high, _mm256_maddubs_epi16(samples, high));
    }

    /// The outputs 0..8 | 8..16 in 16 bits, still to be clamped to 8.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn finish(self) -> __m256i {
        let zero = _mm256_setzero_si256();
        let first = _mm256_add_epi32(self.low[0], _mm256_unpacklo_epi16(zero, self.high));
        let second = _mm256_add_epi32(self.low[1], _mm256_unpackhi_epi16(zero, self.high));
        const SHIFT: i32 = PRECISION_BITS as i32;
        _mm256_packs_epi32(_mm256_srai_epi32::<SHIFT>(first), _mm256_srai_epi32::<SHIFT>(second))
    }
}

/// The horizontal pass. Blocks of 8 pixels: turn as many source columns as they need, sum each
/// pixel for 16 rows, turn the sums back into lines.
#[target_feature(enable = "avx2")]
fn resample_rows<const BANDS: usize>(
    rows: Rows<'_>,
    axis: &AxisOfPairs,
    scratch: &mut Vec<[u8; 32]>,
    lines: &mut [u8],
) {
    let chunk_units = chunk_pixels(BANDS) / 2;
    let base = axis.first_unit(0);
    let all = axis.first_unit(axis.len() - 1) + axis.units - base;
    let vectors = all.next_multiple_of(chunk_units) * BANDS;
    if scratch.len() < vectors {
        scratch.resize(vectors, [0; 32]);
    }
    let line_bytes = lines.len() / 8;
    let mut filled = 0;
    for block in (0..axis.len()).step_by(8) {
        let pixels = (axis.len() - block).min(8);
        let needed = axis.first_unit(block + pixels - 1) + axis.units - base;
        while filled < needed {
            let column = (base + filled) * 2 * BANDS;
            turn_chunk::<BANDS>(rows, column, &mut scratch[filled * BANDS..]);
            filled += chunk_units;
        }
        let mut sums = [_mm256_setzero_si256(); 32];
        for pixel in 0..pixels {
            let index = block + pixel;
            let first = (axis.first_unit(index) - base) * BANDS;
            let window = &scratch[first..][..axis.units * BANDS];
            sum_pixel::<BANDS>(window, axis.digits(index), &mut sums[pixel * BANDS..]);
        }
        for part in 0..BANDS {
            let columns = sums[part * 8..].first_chunk().expect("8 columns for each band");
            store_columns(columns, lines, line_bytes, (block * BANDS + part * 8) * 2);
        }
    }
}

/// Pixels that one 16-byte load of a row brings, rounded down to an even number.
const fn chunk_pixels(bands: usize) -> usize {
    (16 / bands) & !1
}

/// Sums one pixel of 16 rows: vectors of `BANDS` outputs in 16 bits.
#[inline]
#[target_feature(enable = "avx2")]
fn sum_pixel<const BANDS: usize>(window: &[[u8; 32]], digits: &[Digits], sums: &mut [__m256i]) {
    if BANDS == 4 {
        // Twelve sums at once would not fit the registers.
        sum_bands::<4, 2>(window, 0, digits, sums);
        sum_bands::<4, 2>(window, 2, digits, &mut sums[2..]);
    } else {
        sum_bands::<BANDS, BANDS>(window, 0, digits, sums);
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn sum_bands<const BANDS: usize, const COUNT: usize>(
    window: &[[u8; 32]],
    first: usize,
    digits: &[Digits],
    sums: &mut [__m256i],
) {
    let mut totals = [Sums::new(); COUNT];
    for (unit, digits) in window.chunks_exact(BANDS).zip(digits) {
        let (low, high) = (_mm256_set1_epi32(digits.low), _mm256_set1_epi32(digits.high));
        for (total, samples) in totals.iter_mut().zip(&unit[first..]) {
            total.add(load(samples), low, high);
        }
    }
    for (sum, total) in sums.iter_mut().zip(totals) {
        *sum = total.finish();
    }
}

/// Turns one chunk of 16 rows, from byte `column` on, into units: for each pair of pixels, for
/// each band, 32 bytes. What a chunk has past the end of its row meets no weight but zero.
#[inline]
#[target_feature(enable = "avx2")]
fn turn_chunk<const BANDS: usize>(rows: Rows<'_>, column: usize, units: &mut [[u8; 32]]) {
    let order = pair_order::<BANDS>();
    let arrange = |upper: __m128i, lower: __m128i| {
        let joined = _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(upper), lower);
        if BANDS == 1 { joined } else { _mm256_shuffle_epi8(joined, order) }
    };
    let v = if 15 * rows.stride + column + 16 <= rows.bytes.len() {
        // SAFETY: the last of the 16 rows has 16 bytes from `column` on within `bytes`, by the
        // condition, and so have the rows before it.
        let chunk = |row: usize| unsafe {
            _mm_loadu_si128(rows.bytes.as_ptr().add(row * rows.stride + column).cast())
        };
        [0, 1, 2, 3, 4, 5, 6, 7].map(|row| arrange(chunk(row), chunk(row + 8)))
    } else {
        let chunk = |row: usize| chunk_of(rows.row(row), column);
        [0, 1, 2, 3, 4, 5, 6, 7].map(|row| arrange(chunk(row), chunk(row + 8)))
    };
    let words = chunk_pixels(BANDS) / 2 * BANDS;
    for (unit, word) in units[..words].iter_mut().zip(transpose_words(v)) {
        store(unit, word);
    }
}

/// The 16 bytes of a row from `column` on, with zeros past its end.
#[inline]
#[target_feature(enable = "avx2")]
fn chunk_of(row: &[u8], column: usize) -> __m128i {
    let rest = row.get(column..).unwrap_or_default();
    if let Some(chunk) = rest.first_chunk() {
        return load_half(chunk);
    }
    let mut chunk = [0; 16];
    chunk[..rest.len()].copy_from_slice(rest);
    load_half(&chunk)
}

/// The shuffle, in both lanes, that brings the samples of two neighbouring pixels together:
/// for RGB, `r0 g0 b0 r1 g1 b1 ...` becomes `r0 r1 g0 g1 b0 b1 ...`.
#[inline]
#[target_feature(enable = "avx2")]
fn pair_order<const BANDS: usize>() -> __m256i {
    let mut order = [0x80_u8; 16];
    for word in 0..chunk_pixels(BANDS) / 2 * BANDS {
        let (pair, band) = (word / BANDS, word % BANDS);
        order[2 * word] = (2 * pair * BANDS + band) as u8;
        order[2 * word + 1] = ((2 * pair + 1) * BANDS + band) as u8;
    }
    _mm256_broadcastsi128_si256(load_half(&order))
}

/// Transposes 8 by 8 words in each lane: vector `w` of the result has word `w` of vectors 0..8.
#[inline]
#[target_feature(enable = "avx2")]
fn transpose_words(v: [__m256i; 8]) -> [__m256i; 8] {
    // Words of rows 0 1, 2 3, 4 5, 6 7: `a` has words 0..4, `b` has words 4..8.
    let a = [0, 2, 4, 6].map(|row| _mm256_unpacklo_epi16(v[row], v[row + 1]));
    let b = [0, 2, 4, 6].map(|row| _mm256_unpackhi_epi16(v[row], v[row + 1]));
    // Of rows 0..4 and 4..8, two words each.
    let quads = |c: [__m256i; 4], rows: usize| {
        (_mm256_unpacklo_epi32(c[rows], c[rows + 1]), _mm256_unpackhi_epi32(c[rows], c[rows + 1]))
    };
    let ((a01, a23), (a45, a67)) = (quads(a, 0), quads(a, 2));
    let ((b01, b23), (b45, b67)) = (quads(b, 0), quads(b, 2));
    [
        _mm256_unpacklo_epi64(a01, a45),
        _mm256_unpackhi_epi64(a01, a45),
        _mm256_unpacklo_epi64(a23, a67),
        _mm256_unpackhi_epi64(a23, a67),
        _mm256_unpacklo_epi64(b01, b45),
        _mm256_unpackhi_epi64(b01, b45),
        _mm256_unpacklo_epi64(b23, b67),
        _mm256_unpackhi_epi64(b23, b67),
    ]
}

/// Clamps 8 columns of 16 rows to samples and stores them as 16 bytes in each of 8 lines.
///
/// ```text
/// packed   c0:r0..r7 c2:r0..r7 | c0:r8..r15 c2:r8..r15      as words: pairs of rows
/// line j   c0 c1 c2 c3 c4 c5 c6 c7, each the rows 2j and 2j+1
/// ```
#[inline]
#[target_feature(enable = "avx2")]
fn store_columns(columns: &[__m256i; 8], lines: &mut [u8], line_bytes: usize, at: usize) {
    let pack = |first: usize| _mm256_packus_epi16(columns[first], columns[first + 2]);
    let (p02, p13, p46, p57) = (pack(0), pack(1), pack(4), pack(5));
    let (c01, c23) = (_mm256_unpacklo_epi16(p02, p13), _mm256_unpackhi_epi16(p02, p13));
    let (c45, c67) = (_mm256_unpacklo_epi16(p46, p57), _mm256_unpackhi_epi16(p46, p57));
    let (left01, left23) = (_mm256_unpacklo_epi32(c01, c23), _mm256_unpackhi_epi32(c01, c23));
    let (right01, right23) = (_mm256_unpacklo_epi32(c45, c67), _mm256_unpackhi_epi32(c45, c67));
    let by_line = [
        _mm256_unpacklo_epi64(left01, right01),
        _mm256_unpackhi_epi64(left01, right01),
        _mm256_unpacklo_epi64(left23, right23),
        _mm256_unpackhi_epi64(left23, right23),
    ];
    for (line, both) in by_line.into_iter().enumerate() {
        let mut put = |line: usize, half: __m128i| {
            let bytes = &mut lines[line * line_bytes + at..];
            store_half(bytes.first_chunk_mut().expect("lines end after whole blocks"), half);
        };
        put(line, _mm256_castsi256_si128(both));
        put(line + 4, _mm256_extracti128_si256::<1>(both));
    }
}

#[target_feature(enable = "avx2")]
fn interleave_rows(rows: Rows<'_>, lines: &mut [u8]) {
    let line_bytes = lines.len() / 8;
    for (index, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
        let pair = [rows.row(2 * index), rows.row(2 * index + 1)];
        for (block, target) in line.as_chunks_mut::<32>().0.iter_mut().enumerate() {
            let (upper, lower) = (chunk_of(pair[0], block * 16), chunk_of(pair[1], block * 16));
            let [left, right] = target.as_chunks_mut::<16>().0 else { unreachable!() };
            store_half(left, _mm_unpacklo_epi8(upper, lower));
            store_half(right, _mm_unpackhi_epi8(upper, lower));
        }
    }
}

/// The vertical pass: 48 columns at a time, then what is left in blocks of 16.
#[target_feature(enable = "avx2")]
fn combine_lines(lines: &[&[u8]], digits: &[Digits], target: &mut [u8]) {
    assert_eq!(lines.len(), digits.len());
    let (wide, rest) = target.as_chunks_mut::<48>();
    let done = wide.len() * 48;
    for (block, target) in wide.iter_mut().enumerate() {
        combine_block::<3>(lines, digits, block * 48, target);
    }
    for (block, target) in rest.chunks_mut(16).enumerate() {
        combine_block::<1>(lines, digits, done + block * 16, target);
    }
}

/// Sums `16 * COUNT` columns from `column` on; stores as many as `target` holds.
#[inline]
#[target_feature(enable = "avx2")]
fn combine_block<const COUNT: usize>(
    lines: &[&[u8]],
    digits: &[Digits],
    column: usize,
    target: &mut [u8],
) {
    let mut totals = [Sums::new(); COUNT];
    for (line, digits) in lines.iter().zip(digits) {
        let (low, high) = (_mm256_set1_epi32(digits.low), _mm256_set1_epi32(digits.high));
        let samples = line[column * 2..][..COUNT * 32].as_chunks::<32>().0;
        for (total, samples) in totals.iter_mut().zip(samples) {
            total.add(load(samples), low, high);
        }
    }
    for (total, target) in totals.into_iter().zip(target.chunks_mut(16)) {
        let sums = total.finish();
        let (left, right) = (_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
        let samples = _mm_packus_epi16(left, right);
        match target.first_chunk_mut() {
            Some(whole) => store_half(whole, samples),
            None => store_part(target, samples),
        }
    }
}

/// Stores the first samples of a vector, as many as `target` holds.
#[target_feature(enable = "avx2")]
fn store_part(target: &mut [u8], samples: __m128i) {
    let mut whole = [0; 16];
    store_half(&mut whole, samples);
    target.copy_from_slice(&whole[..target.len()]);
}
