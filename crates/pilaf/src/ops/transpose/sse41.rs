//! SSSE3: the pixels of eight rows side by side, column by column, four or eight columns at once.
//! Registers are interleaved until each holds pixels of one column. Higher levels have wider
//! registers and do not need them: exchanging waits for memory.

#![allow(unsafe_code)]

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::GROUP;
use crate::simd::Sse41;

/// Bytes of a register.
const WIDE: usize = 16;

/// Moves the first `columns` pixels of each row, those of a column side by side to `to` of it.
/// Returns how many columns it moved.
pub(super) fn move_group<const N: usize>(
    _: Sse41,
    rows: [&[[u8; N]]; GROUP],
    columns: usize,
    out: &mut [MaybeUninit<[u8; N]>],
    to: impl Fn(usize) -> usize,
) -> usize {
    // SAFETY: the token proves that this CPU has SSSE3.
    unsafe { move_columns(rows, columns, out, to) }
}

#[target_feature(enable = "ssse3")]
fn move_columns<const N: usize>(
    rows: [&[[u8; N]]; GROUP],
    columns: usize,
    out: &mut [MaybeUninit<[u8; N]>],
    to: impl Fn(usize) -> usize,
) -> usize {
    // Columns that a step moves, and bytes that it reads of each row: of pixels of three bytes more
    // than it moves.
    let (step, read) = match N {
        1 => (8, 8),
        2 => (8, WIDE),
        _ => (4, WIDE),
    };
    let shortest = rows.iter().fold(usize::MAX, |least, row| least.min(row.len()));
    let mut x = 0;
    while x + step <= columns && (shortest - x) * N >= read {
        let group = |column: usize| {
            let group = &mut out[to(x + column)..][..GROUP];
            group.as_mut_ptr().cast()
        };
        let rows = rows.map(|row| row[x..].as_ptr().cast());
        // SAFETY: each row has `read` bytes from `x` on, and a group is of `GROUP` pixels of `N` bytes.
        unsafe {
            match N {
                1 => one_byte(rows, group),
                2 => two_bytes(rows, group),
                3 => three_bytes(rows, group),
                _ => four_bytes(rows, group),
            }
        }
        x += step;
    }
    x
}

/// Eight columns of pixels of one byte.
///
/// # Safety
///
/// Each row has 8 bytes; `group` gives 8 bytes.
#[target_feature(enable = "ssse3")]
unsafe fn one_byte(rows: [*const u8; GROUP], mut group: impl FnMut(usize) -> *mut u8) {
    // SAFETY: each row has 8 bytes.
    let [a, b, c, d, e, f, g, h] = rows.map(|row| unsafe { _mm_loadl_epi64(row.cast()) });
    // Two rows, then four, then eight: from one byte of a column to all.
    let (ab, cd) = (_mm_unpacklo_epi8(a, b), _mm_unpacklo_epi8(c, d));
    let (ef, gh) = (_mm_unpacklo_epi8(e, f), _mm_unpacklo_epi8(g, h));
    let upper = [_mm_unpacklo_epi16(ab, cd), _mm_unpackhi_epi16(ab, cd)];
    let lower = [_mm_unpacklo_epi16(ef, gh), _mm_unpackhi_epi16(ef, gh)];
    for half in 0..2 {
        let pairs = [
            _mm_unpacklo_epi32(upper[half], lower[half]),
            _mm_unpackhi_epi32(upper[half], lower[half]),
        ];
        for (pair, columns) in pairs.into_iter().enumerate() {
            let column = half * 4 + pair * 2;
            // SAFETY: `group` gives 8 bytes.
            unsafe {
                _mm_storel_epi64(group(column).cast(), columns);
                _mm_storel_epi64(group(column + 1).cast(), _mm_unpackhi_epi64(columns, columns));
            }
        }
    }
}

/// Eight columns of pixels of two bytes.
///
/// # Safety
///
/// Each row has 16 bytes; `group` gives 16 bytes.
#[target_feature(enable = "ssse3")]
unsafe fn two_bytes(rows: [*const u8; GROUP], mut group: impl FnMut(usize) -> *mut u8) {
    // SAFETY: each row has 16 bytes.
    let [a, b, c, d, e, f, g, h] = rows.map(|row| unsafe { _mm_loadu_si128(row.cast()) });
    let halves = [
        [
            _mm_unpacklo_epi16(a, b),
            _mm_unpacklo_epi16(c, d),
            _mm_unpacklo_epi16(e, f),
            _mm_unpacklo_epi16(g, h),
        ],
        [
            _mm_unpackhi_epi16(a, b),
            _mm_unpackhi_epi16(c, d),
            _mm_unpackhi_epi16(e, f),
            _mm_unpackhi_epi16(g, h),
        ],
    ];
    for (half, pairs) in halves.into_iter().enumerate() {
        // Pairs of rows are pixels of four bytes.
        for (column, pixels) in exchange_four(pairs).into_iter().enumerate() {
            // SAFETY: `group` gives 16 bytes.
            unsafe { _mm_storeu_si128(group(half * 4 + column).cast(), pixels) };
        }
    }
}

/// Four columns of pixels of three bytes.
///
/// # Safety
///
/// Each row has 16 bytes; `group` gives 24 bytes.
#[target_feature(enable = "ssse3")]
unsafe fn three_bytes(rows: [*const u8; GROUP], mut group: impl FnMut(usize) -> *mut u8) {
    let spread = _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
    let packed = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    // Of the lower four pixels: what fills the register that the upper four begin, and the rest.
    let filling = _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 4);
    let rest = _mm_setr_epi8(5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, -1, -1, -1, -1);
    // SAFETY: each row has 16 bytes.
    let [a, b, c, d, e, f, g, h] =
        rows.map(|row| unsafe { _mm_shuffle_epi8(_mm_loadu_si128(row.cast()), spread) });
    let (upper, lower) = (exchange_four([a, b, c, d]), exchange_four([e, f, g, h]));
    for (column, (upper, lower)) in upper.into_iter().zip(lower).enumerate() {
        let first = _mm_or_si128(_mm_shuffle_epi8(upper, packed), _mm_shuffle_epi8(lower, filling));
        let to = group(column);
        // SAFETY: `group` gives 24 bytes.
        unsafe {
            _mm_storeu_si128(to.cast(), first);
            _mm_storel_epi64(to.add(WIDE).cast(), _mm_shuffle_epi8(lower, rest));
        }
    }
}

/// Four columns of pixels of four bytes.
///
/// # Safety
///
/// Each row has 16 bytes; `group` gives 32 bytes.
#[target_feature(enable = "ssse3")]
unsafe fn four_bytes(rows: [*const u8; GROUP], mut group: impl FnMut(usize) -> *mut u8) {
    // SAFETY: each row has 16 bytes.
    let [a, b, c, d, e, f, g, h] = rows.map(|row| unsafe { _mm_loadu_si128(row.cast()) });
    let (upper, lower) = (exchange_four([a, b, c, d]), exchange_four([e, f, g, h]));
    for (column, (upper, lower)) in upper.into_iter().zip(lower).enumerate() {
        let to = group(column);
        // SAFETY: `group` gives 32 bytes.
        unsafe {
            _mm_storeu_si128(to.cast(), upper);
            _mm_storeu_si128(to.add(WIDE).cast(), lower);
        }
    }
}

/// Rows and columns of four times four pixels of four bytes exchanged.
#[target_feature(enable = "ssse3")]
fn exchange_four([a, b, c, d]: [__m128i; 4]) -> [__m128i; 4] {
    let (left_ab, right_ab) = (_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
    let (left_cd, right_cd) = (_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
    [
        _mm_unpacklo_epi64(left_ab, left_cd),
        _mm_unpackhi_epi64(left_ab, left_cd),
        _mm_unpacklo_epi64(right_ab, right_cd),
        _mm_unpackhi_epi64(right_ab, right_cd),
    ]
}
