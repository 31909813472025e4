//! AArch64: lines of four rows, sixteen rows at a time.
//!
//! Sixteen rows are turned so that 64 bytes hold one unit of four taps of sixteen rows, and a
//! window is a run of such blocks; a line holds the same of sixteen columns, so both passes sum
//! in one way:
//!
//! ```text
//! 64 bytes:  r0:x r0:x+1 r0:x+2 r0:x+3  r1:x r1:x+1 ... r15:x+3
//! ```
//!
//! CPUs with dot products (`sdot`, ARMv8.4 and most of ARMv8.2) multiply bytes: a weight is split
//! into three signed bytes, `d0 + 256 * d1 + 65536 * d2`, with sums of their own, and samples
//! become signed by taking 128 away, which the start of the sum gives back as 128 times the sum of
//! the weights. Others widen samples and multiply whole weights (`mla`). All sums are right modulo
//! 2^32, as those of the scalar specification are.

#![allow(unsafe_code)]

use std::arch::aarch64::*;
use std::arch::asm;

use super::super::scalar::HALF;
use super::super::weights::{PRECISION_BITS, Weights};
use super::{Axis, Kernels, Rows, Scratch};
use crate::simd::{Dotprod, Neon};

/// A way to multiply the samples of four outputs, four taps each, with weights.
pub(crate) trait Products: Copy + Send + Sync + 'static {
    /// The weights of four taps.
    type Unit: Copy + Send + Sync;
    /// The sums of four outputs.
    type Sums: Copy;

    /// `None` when a weight does not fit.
    fn unit(weights: [i32; 4]) -> Option<Self::Unit>;
    /// What to add to the start of a window's sum, given the sum of its weights.
    fn bias(total: i32) -> i32;
    fn zero() -> Self::Sums;
    fn add(self, sums: Self::Sums, samples: uint8x16_t, unit: &Self::Unit) -> Self::Sums;
    fn total(sums: Self::Sums) -> int32x4_t;
}

/// Dot products of bytes, with the proof that they may run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dotted(pub(crate) Dotprod);

/// Products of 32 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Multiplied(pub(crate) Neon);

impl Products for Dotted {
    type Unit = [i32; 3];
    type Sums = [int32x4_t; 3];

    fn unit(weights: [i32; 4]) -> Option<[i32; 3]> {
        let mut digits = [[0_i8; 4]; 3];
        for (tap, &weight) in weights.iter().enumerate() {
            let mut rest = weight;
            for digit in &mut digits[..2] {
                digit[tap] = rest as i8;
                rest = (rest - i32::from(rest as i8)) >> 8;
            }
            digits[2][tap] = i8::try_from(rest).ok()?;
        }
        Some(digits.map(|digit| i32::from_le_bytes(digit.map(|d| d as u8))))
    }

    fn bias(total: i32) -> i32 {
        total.wrapping_mul(128)
    }

    #[inline(always)]
    fn zero() -> [int32x4_t; 3] {
        // SAFETY: Advanced SIMD is part of the baseline of this architecture.
        unsafe { [vdupq_n_s32(0); 3] }
    }

    #[inline(always)]
    fn add(self, sums: [int32x4_t; 3], samples: uint8x16_t, unit: &[i32; 3]) -> [int32x4_t; 3] {
        // SAFETY: Advanced SIMD is part of the baseline of this architecture, and `self` holds the
        // proof that this CPU has dot products.
        unsafe {
            let signed = vreinterpretq_s8_u8(veorq_u8(samples, vdupq_n_u8(0x80)));
            let digit = |index: usize| vreinterpretq_s8_s32(vdupq_n_s32(unit[index]));
            [
                sdot(sums[0], signed, digit(0)),
                sdot(sums[1], signed, digit(1)),
                sdot(sums[2], signed, digit(2)),
            ]
        }
    }

    #[inline(always)]
    fn total([low, middle, high]: [int32x4_t; 3]) -> int32x4_t {
        // SAFETY: Advanced SIMD is part of the baseline of this architecture.
        unsafe {
            let upper = vaddq_s32(middle, vshlq_n_s32::<8>(high));
            vaddq_s32(low, vshlq_n_s32::<8>(upper))
        }
    }
}

/// To each lane of `sum`, adds the four products of signed bytes of that lane. (The standard
/// library's `vdotq_s32` is not stable yet.)
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn sdot(mut sum: int32x4_t, a: int8x16_t, b: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction is of `dotprod`, which this function enables; it reads and writes
    // the named registers and nothing else.
    unsafe {
        asm!(
            "sdot {sum:v}.4s, {a:v}.16b, {b:v}.16b",
            sum = inout(vreg) sum,
            a = in(vreg) a,
            b = in(vreg) b,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sum
}

impl Products for Multiplied {
    type Unit = [i32; 4];
    type Sums = [int32x4_t; 4];

    fn unit(weights: [i32; 4]) -> Option<[i32; 4]> {
        Some(weights)
    }

    fn bias(_: i32) -> i32 {
        0
    }

    #[inline(always)]
    fn zero() -> [int32x4_t; 4] {
        // SAFETY: Advanced SIMD is part of the baseline of this architecture.
        unsafe { [vdupq_n_s32(0); 4] }
    }

    #[inline(always)]
    fn add(self, sums: [int32x4_t; 4], samples: uint8x16_t, unit: &[i32; 4]) -> [int32x4_t; 4] {
        // SAFETY: Advanced SIMD is part of the baseline of this architecture; the array has the 16
        // bytes that are read.
        unsafe {
            let weights = vld1q_s32(unit.as_ptr());
            let (low, high) = (vmovl_u8(vget_low_u8(samples)), vmovl_high_u8(samples));
            let taps = [
                vmovl_u16(vget_low_u16(low)),
                vmovl_high_u16(low),
                vmovl_u16(vget_low_u16(high)),
                vmovl_high_u16(high),
            ];
            let sum = |of: usize| vmlaq_s32(sums[of], vreinterpretq_s32_u32(taps[of]), weights);
            [sum(0), sum(1), sum(2), sum(3)]
        }
    }

    #[inline(always)]
    fn total([a, b, c, d]: [int32x4_t; 4]) -> int32x4_t {
        // SAFETY: Advanced SIMD is part of the baseline of this architecture.
        unsafe { vpaddq_s32(vpaddq_s32(a, b), vpaddq_s32(c, d)) }
    }
}

/// An axis whose windows consist of fours of taps.
#[derive(Debug)]
pub(crate) struct AxisOfFours<U> {
    first_units: Vec<u32>,
    /// Where the sum of each window begins.
    starts: Vec<i32>,
    weights: Vec<U>,
    units: usize,
}

impl<U: Copy> AxisOfFours<U> {
    fn pack<P: Products<Unit = U>>(weights: &Weights<i32>) -> Option<Self> {
        let spans = weights.windows().iter().map(|w| w.end().div_ceil(4) - w.start / 4);
        let units = spans.max().unwrap_or(0).max(1);
        let mut axis = Self {
            first_units: weights.windows().iter().map(|w| (w.start / 4) as u32).collect(),
            starts: Vec::with_capacity(weights.len()),
            weights: Vec::with_capacity(units * weights.len()),
            units,
        };
        for (window, values) in weights.iter() {
            let lead = window.start % 4;
            let at = |tap: usize| tap.checked_sub(lead).and_then(|tap| values.get(tap));
            for unit in 0..units {
                let four = [0, 1, 2, 3].map(|tap| at(4 * unit + tap).map_or(0, |weight| *weight));
                axis.weights.push(P::unit(four)?);
            }
            let total = values.iter().fold(0, |sum: i32, weight| sum.wrapping_add(*weight));
            axis.starts.push(HALF.wrapping_add(P::bias(total)));
        }
        Some(axis)
    }

    fn window(&self, index: usize) -> (&[U], i32) {
        (&self.weights[index * self.units..][..self.units], self.starts[index])
    }
}

impl<U> Axis for AxisOfFours<U> {
    fn first_unit(&self, index: usize) -> usize {
        self.first_units[index] as usize
    }

    fn units(&self) -> usize {
        self.units
    }
}

/// The samples of sixteen outputs: one block a unit.
#[inline(always)]
fn sum_blocks<'a, P: Products>(
    products: P,
    blocks: impl Iterator<Item = &'a [u8; 64]>,
    (units, start): (&[P::Unit], i32),
) -> [u8; 16] {
    let mut sums = [P::zero(); 4];
    for (block, unit) in blocks.zip(units) {
        for (sums, samples) in sums.iter_mut().zip(block.as_chunks::<16>().0) {
            // SAFETY: the array has the 16 bytes that are read.
            let samples = unsafe { vld1q_u8(samples.as_ptr()) };
            *sums = products.add(*sums, samples, unit);
        }
    }
    let mut samples = [0; 16];
    // SAFETY: Advanced SIMD is part of the baseline of this architecture; the array has the 16
    // bytes that are written.
    unsafe {
        let start = vdupq_n_s32(start);
        let [a, b, c, d] = sums
            .map(|sums| vshrq_n_s32::<{ PRECISION_BITS as i32 }>(vaddq_s32(P::total(sums), start)));
        let low = vqmovn_high_s32(vqmovn_s32(a), b);
        let high = vqmovn_high_s32(vqmovn_s32(c), d);
        vst1q_u8(samples.as_mut_ptr(), vqmovun_high_s16(vqmovun_s16(low), high));
    }
    samples
}

/// Pixels that one 16-byte load of a row brings, rounded down to a multiple of 4.
const fn chunk_pixels(bands: usize) -> usize {
    (16 / bands) & !3
}

/// The order that brings the samples of four neighbouring pixels together, band by band. Places
/// past the last pixel get zeros.
const fn quad_order(bands: usize) -> [u8; 16] {
    let mut order = [0x80; 16];
    let mut at = 0;
    while at < chunk_pixels(bands) * bands {
        let (quad, tap) = (at / 4, at % 4);
        order[at] = ((quad / bands * 4 + tap) * bands + quad % bands) as u8;
        at += 1;
    }
    order
}

/// Turns one chunk of 16 rows, from byte `column` on, into blocks: for each four pixels, for each
/// band, 64 bytes. What a chunk has past the end of its row meets no weight but zero.
#[inline(always)]
fn turn_chunk<const BANDS: usize>(rows: Rows<'_>, column: usize, blocks: &mut [[u8; 64]]) {
    let order = const { quad_order(BANDS) };
    let count = chunk_pixels(BANDS) / 4 * BANDS;
    for four in 0..4 {
        let chunks = [0, 1, 2, 3].map(|row| chunk_of(rows, four * 4 + row, column));
        // SAFETY: Advanced SIMD is part of the baseline of this architecture; all arrays have the
        // 16 bytes that are read or written.
        unsafe {
            let order = vld1q_u8(order.as_ptr());
            let [a, b, c, d] = chunks
                .map(|chunk| vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(chunk.as_ptr()), order)));
            let wide = |v| vreinterpretq_u64_u32(v);
            let (even_ab, even_cd) = (wide(vtrn1q_u32(a, b)), wide(vtrn1q_u32(c, d)));
            let (odd_ab, odd_cd) = (wide(vtrn2q_u32(a, b)), wide(vtrn2q_u32(c, d)));
            let turned = [
                vtrn1q_u64(even_ab, even_cd),
                vtrn1q_u64(odd_ab, odd_cd),
                vtrn2q_u64(even_ab, even_cd),
                vtrn2q_u64(odd_ab, odd_cd),
            ];
            for (block, value) in blocks[..count].iter_mut().zip(turned) {
                let part = &mut block.as_chunks_mut::<16>().0[four];
                vst1q_u8(part.as_mut_ptr(), vreinterpretq_u8_u64(value));
            }
        }
    }
}

/// The 16 bytes from `column` on of a row; less, before zeros, at the end of the last row.
#[inline(always)]
fn chunk_of(rows: Rows<'_>, row: usize, column: usize) -> [u8; 16] {
    let rest = rows.bytes.get(row * rows.stride + column..).unwrap_or_default();
    match rest.first_chunk() {
        Some(whole) => *whole,
        None => std::array::from_fn(|at| rest.get(at).copied().unwrap_or(0)),
    }
}

/// The pass over rows: turns as many columns as the next output needs, sums it for 16 rows.
#[inline(always)]
fn resample_rows<P: Products, const BANDS: usize>(
    products: P,
    rows: Rows<'_>,
    axis: &AxisOfFours<P::Unit>,
    blocks: &mut Vec<[u8; 64]>,
    lines: &mut [u8],
) {
    let (chunk_units, count) = (chunk_pixels(BANDS) / 4, axis.first_units.len());
    let base = axis.first_unit(0);
    let all = axis.first_unit(count - 1) + axis.units - base;
    let needed = all.next_multiple_of(chunk_units) * BANDS;
    if blocks.len() < needed {
        blocks.resize(needed, [0; 64]);
    }
    let line_bytes = lines.len() / 4;
    let mut filled = 0;
    for index in 0..count {
        let first = axis.first_unit(index) - base;
        while filled < first + axis.units {
            turn_chunk::<BANDS>(rows, (base + filled) * 4 * BANDS, &mut blocks[filled * BANDS..]);
            filled += chunk_units;
        }
        let window = &blocks[first * BANDS..][..axis.units * BANDS];
        for band in 0..BANDS {
            let taps = window[band..].iter().step_by(BANDS);
            let samples = sum_blocks(products, taps, axis.window(index));
            let at = (index * BANDS + band) * 4;
            for (line, four) in lines.chunks_exact_mut(line_bytes).zip(samples.as_chunks::<4>().0) {
                line[at..at + 4].copy_from_slice(four);
            }
        }
    }
}

/// The pass over columns, 16 at a time.
#[inline(always)]
fn combine_lines<P: Products>(
    products: P,
    lines: &[&[u8]],
    window: (&[P::Unit], i32),
    target: &mut [u8],
) {
    for (block, target) in target.chunks_mut(16).enumerate() {
        let columns = lines
            .iter()
            .map(|line| line[block * 64..].first_chunk().expect("lines end after whole blocks"));
        target.copy_from_slice(&sum_blocks(products, columns, window)[..target.len()]);
    }
}

/// The kernels of a way to multiply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fours<P>(pub(crate) P);

/// The same body compiled with and without dot products.
trait Compiled: Products {
    fn resample<const BANDS: usize>(
        self,
        rows: Rows<'_>,
        axis: &AxisOfFours<Self::Unit>,
        blocks: &mut Vec<[u8; 64]>,
        lines: &mut [u8],
    );
    fn combine(self, lines: &[&[u8]], window: (&[Self::Unit], i32), target: &mut [u8]);
}

macro_rules! compile {
    ($products:ty, $features:literal) => {
        impl Compiled for $products {
            fn resample<const BANDS: usize>(
                self,
                rows: Rows<'_>,
                axis: &AxisOfFours<Self::Unit>,
                blocks: &mut Vec<[u8; 64]>,
                lines: &mut [u8],
            ) {
                #[target_feature(enable = $features)]
                fn compiled<const BANDS: usize>(
                    products: $products,
                    rows: Rows<'_>,
                    axis: &AxisOfFours<<$products as Products>::Unit>,
                    blocks: &mut Vec<[u8; 64]>,
                    lines: &mut [u8],
                ) {
                    resample_rows::<_, BANDS>(products, rows, axis, blocks, lines);
                }
                // SAFETY: `self` holds the proof that this CPU has these features.
                unsafe { compiled::<BANDS>(self, rows, axis, blocks, lines) }
            }

            fn combine(self, lines: &[&[u8]], window: (&[Self::Unit], i32), target: &mut [u8]) {
                #[target_feature(enable = $features)]
                fn compiled(
                    products: $products,
                    lines: &[&[u8]],
                    window: (&[<$products as Products>::Unit], i32),
                    target: &mut [u8],
                ) {
                    combine_lines(products, lines, window, target);
                }
                // SAFETY: `self` holds the proof that this CPU has these features.
                unsafe { compiled(self, lines, window, target) }
            }
        }
    };
}

compile!(Dotted, "neon,dotprod");
compile!(Multiplied, "neon");

impl<P: Compiled> Kernels for Fours<P> {
    type Across = AxisOfFours<P::Unit>;
    type Down = AxisOfFours<P::Unit>;
    const LINE_ROWS: usize = 4;
    const GROUP: usize = 16;

    fn pack_across(self, weights: &Weights<i32>, _: usize) -> Option<Self::Across> {
        self.pack_down(weights)
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<Self::Down> {
        AxisOfFours::pack::<P>(weights)
    }

    fn line_bytes(self, columns: usize) -> usize {
        columns.next_multiple_of(16) * 4
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &Self::Across,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        match bands {
            1 => self.0.resample::<1>(rows, axis, &mut scratch.fours, lines),
            2 => self.0.resample::<2>(rows, axis, &mut scratch.fours, lines),
            3 => self.0.resample::<3>(rows, axis, &mut scratch.fours, lines),
            _ => self.0.resample::<4>(rows, axis, &mut scratch.fours, lines),
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        let line_bytes = lines.len() / 4;
        for (index, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
            let four = [0, 1, 2, 3].map(|row| rows.row(4 * index + row));
            interleave_four(four, line);
        }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &Self::Down, index: usize, target: &mut [u8]) {
        assert_eq!(lines.len(), axis.units);
        self.0.combine(lines, axis.window(index), target);
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        for (sample, four) in target.iter_mut().zip(line.as_chunks::<4>().0) {
            *sample = four[row];
        }
    }
}

/// Four rows, column by column.
fn interleave_four(four: [&[u8]; 4], line: &mut [u8]) {
    let (blocks, rest) = four[0].as_chunks::<16>();
    for (index, block) in line.as_chunks_mut::<64>().0[..blocks.len()].iter_mut().enumerate() {
        let [a, b, c, d] = four.map(|row| &row.as_chunks::<16>().0[index]);
        // SAFETY: the arrays have the 16 bytes that are read, the block the 64 that are written.
        unsafe {
            let load = |row: &[u8; 16]| vld1q_u8(row.as_ptr());
            vst4q_u8(block.as_mut_ptr(), uint8x16x4_t(load(a), load(b), load(c), load(d)));
        }
    }
    let done = blocks.len() * 16;
    let columns = line.as_chunks_mut::<4>().0[done..].iter_mut().take(rest.len());
    for (column, target) in columns.enumerate() {
        *target = four.map(|row| row[done + column]);
    }
}
