//! AVX-512: sixteen by sixteen words at once.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::super::super::turn::turn_numbers;
use super::{ABREAST, Column, Columns, FOUR, PIECE, Rows, Turn};
use crate::simd::{Avx512, LINE};

/// Vectors of sixteen words; rows are in their own order.
#[derive(Clone, Copy)]
pub(in super::super) struct Sixteen(pub(in super::super) Avx512);

impl Sixteen {
    #[inline(always)]
    fn load(self, bytes: &[u8; LINE]) -> __m512i {
        // SAFETY: the token proves AVX-512F; the reference is to 64 readable bytes.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    /// The words of every row from byte `at` on.
    #[inline(always)]
    fn load_rows(self, rows: Rows<'_>, at: usize) -> [__m512i; ABREAST] {
        let mut values = [self.load(&[0; LINE]); ABREAST];
        if (ABREAST - 1) * rows.stride + at + LINE <= rows.bytes.len() {
            for (row, value) in values.iter_mut().enumerate() {
                let start = rows.bytes.as_ptr().wrapping_add(row * rows.stride + at);
                // SAFETY: the token proves AVX-512F; by the condition, the last row has 64 readable
                // bytes from `at` on, and so have those before it.
                *value = unsafe { _mm512_loadu_si512(start.cast()) };
            }
            return values;
        }
        for (row, value) in values.iter_mut().enumerate() {
            let mut bytes = [0; LINE];
            let rest = rows.row(row).get(at..).unwrap_or_default();
            let count = rest.len().min(LINE);
            bytes[..count].copy_from_slice(&rest[..count]);
            *value = self.load(&bytes);
        }
        values
    }

    /// Transposes the lanes of four vectors.
    #[inline(always)]
    fn turn_lanes(self, [a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
        const LOW: i32 = 0b01_00_01_00;
        const HIGH: i32 = 0b11_10_11_10;
        const EVEN: i32 = 0b10_00_10_00;
        const ODD: i32 = 0b11_01_11_01;
        // SAFETY: the token proves AVX-512F.
        unsafe {
            let (ab, cd) = (_mm512_shuffle_i32x4::<LOW>(a, b), _mm512_shuffle_i32x4::<LOW>(c, d));
            let first = _mm512_shuffle_i32x4::<EVEN>(ab, cd);
            let second = _mm512_shuffle_i32x4::<ODD>(ab, cd);
            let (ab, cd) = (_mm512_shuffle_i32x4::<HIGH>(a, b), _mm512_shuffle_i32x4::<HIGH>(c, d));
            let third = _mm512_shuffle_i32x4::<EVEN>(ab, cd);
            [first, second, third, _mm512_shuffle_i32x4::<ODD>(ab, cd)]
        }
    }
}

impl Turn for Sixteen {
    #[inline(always)]
    fn rows(self, rows: Rows<'_>, at: usize, columns: &mut Columns) {
        let v = self.load_rows(rows, at);
        // Of four rows each: in lane `n` of the vector `k`, column `4 n + k`.
        let a = turn_numbers(self.0, [v[0], v[1], v[2], v[3]]);
        let b = turn_numbers(self.0, [v[4], v[5], v[6], v[7]]);
        let c = turn_numbers(self.0, [v[8], v[9], v[10], v[11]]);
        let d = turn_numbers(self.0, [v[12], v[13], v[14], v[15]]);
        for k in 0..FOUR {
            let values = self.turn_lanes([a[k], b[k], c[k], d[k]]);
            for (columns, value) in columns.0.iter_mut().zip(values) {
                // SAFETY: the token proves AVX-512F; the reference is to 64 writable bytes.
                unsafe { _mm512_storeu_si512(columns[k].as_mut_ptr().cast(), value) };
            }
        }
    }

    #[inline(always)]
    fn columns(self, columns: &[Column; FOUR], lines: &mut [u8], at: usize) {
        let line_bytes = lines.len() / ABREAST;
        assert!(at.saturating_add(PIECE) <= line_bytes, "lines end before the store does");
        let mut values = [self.load(&[0; LINE]); FOUR];
        for (value, column) in values.iter_mut().zip(columns) {
            *value = self.load(column.as_flattened().first_chunk().expect("sixteen words"));
        }
        for (row, value) in turn_numbers(self.0, values).into_iter().enumerate() {
            let start = lines.as_mut_ptr().wrapping_add(row * line_bytes + at);
            // SAFETY: the token proves AVX-512F; by the assertion, each of the lines has 16 writable
            // bytes from `at` on.
            unsafe {
                let lane = |lane| start.wrapping_add(lane * FOUR * line_bytes).cast();
                _mm_storeu_si128(lane(0), _mm512_castsi512_si128(value));
                _mm_storeu_si128(lane(1), _mm512_extracti32x4_epi32::<1>(value));
                _mm_storeu_si128(lane(2), _mm512_extracti32x4_epi32::<2>(value));
                _mm_storeu_si128(lane(3), _mm512_extracti32x4_epi32::<3>(value));
            }
        }
    }
}
