//! SSSE3: the pixels of eight rows side by side, column by column, four or eight columns at once.
//! Registers are interleaved until each holds pixels of one column. Higher levels have wider
//! registers and do not need them: exchanging waits for memory.

#![allow(unsafe_code)]

use std::arch::x86_64::*;
use std::mem::MaybeUninit;

use super::{GROUP, Places};
use crate::simd::Sse41;

/// Bytes of a register.
const WIDE: usize = 16;

/// Moves the first `columns` pixels of each row, those of a column side by side to its place.
/// Returns how many columns it moved.
pub(super) fn move_group<const N: usize>(
    _: Sse41,
    rows: [&[[u8; N]]; GROUP],
    columns: usize,
    out: &mut [MaybeUninit<[u8; N]>],
    places: Places,
) -> usize {
    // SAFETY: the token proves that this CPU has SSSE3.
    unsafe { move_columns(rows, columns, out, places) }
}

#[target_feature(enable = "ssse3")]
fn move_columns<const N: usize>(
    rows: [&[[u8; N]]; GROUP],
    columns: usize,
    out: &mut [MaybeUninit<[u8; N]>],
    places: Places,
) -> usize {
    // Columns that a step moves, and bytes that it reads of each row: of pixels of three bytes more
    // than it moves.
    let (step, read) = match N {
        1 => (8, 8),
        2 => (8, WIDE),
        _ => (4, WIDE),
    };
    let mut starts = [std::ptr::null(); GROUP];
    let mut shortest = usize::MAX;
    for (start, row) in starts.iter_mut().zip(rows) {
        *start = row.as_ptr().cast();
        shortest = shortest.min(row.len());
    }
    let mut to = Groups { out, places, column: 0 };
    while to.column + step <= columns && (shortest - to.column) * N >= read {
        // SAFETY: each row has `read` bytes from this column on.
        unsafe {
            match N {
                1 => one_byte(&starts, &mut to),
                2 => two_bytes(&starts, &mut to),
                3 => three_bytes(&starts, &mut to),
                _ => four_bytes(&starts, &mut to),
            }
        }
    }
    to.column
}

/// Where pixels side by side go, column after column.
struct Groups<'a, const N: usize> {
    out: &'a mut [MaybeUninit<[u8; N]>],
    places: Places,
    column: usize,
}

impl<const N: usize> Groups<'_, N> {
    /// The group of the next column: `GROUP * N` bytes.
    #[inline(always)]
    fn next(&mut self) -> *mut u8 {
        let place = self.places.of(self.column);
        self.places.fetch_next(self.out, place);
        self.column += 1;
        self.out[place..][..GROUP].as_mut_ptr().cast()
    }
}

/// What row `i` has from the column on that `to` is at.
///
/// # Safety
///
/// It has 16 bytes there.
#[inline(always)]
unsafe fn load<const N: usize>(rows: &[*const u8; GROUP], i: usize, to: &Groups<'_, N>) -> __m128i {
    // SAFETY: the caller's guarantee; the load needs no alignment.
    unsafe { _mm_loadu_si128(rows[i].add(to.column * N).cast()) }
}

/// Eight columns of pixels of one byte.
///
/// # Safety
///
/// Each row has 8 bytes from the column on that `to` is at.
#[target_feature(enable = "ssse3")]
unsafe fn one_byte<const N: usize>(rows: &[*const u8; GROUP], to: &mut Groups<'_, N>) {
    let at = to.column * N;
    let mut pairs = [_mm_setzero_si128(); 4];
    for (pair, rows) in pairs.iter_mut().zip(rows.chunks(2)) {
        // SAFETY: each row has 8 bytes.
        let (a, b) = unsafe {
            (_mm_loadl_epi64(rows[0].add(at).cast()), _mm_loadl_epi64(rows[1].add(at).cast()))
        };
        *pair = _mm_unpacklo_epi8(a, b);
    }
    // Two rows, then four, then eight: from one byte of a column to all.
    let [ab, cd, ef, gh] = pairs;
    let upper = [_mm_unpacklo_epi16(ab, cd), _mm_unpackhi_epi16(ab, cd)];
    let lower = [_mm_unpacklo_epi16(ef, gh), _mm_unpackhi_epi16(ef, gh)];
    for half in 0..2 {
        let columns = [
            _mm_unpacklo_epi32(upper[half], lower[half]),
            _mm_unpackhi_epi32(upper[half], lower[half]),
        ];
        for columns in columns {
            // SAFETY: a group is of 8 bytes.
            unsafe {
                _mm_storel_epi64(to.next().cast(), columns);
                _mm_storel_epi64(to.next().cast(), _mm_unpackhi_epi64(columns, columns));
            }
        }
    }
}

/// Eight columns of pixels of two bytes.
///
/// # Safety
///
/// Each row has 16 bytes from the column on that `to` is at.
#[target_feature(enable = "ssse3")]
unsafe fn two_bytes<const N: usize>(rows: &[*const u8; GROUP], to: &mut Groups<'_, N>) {
    // Pairs of rows are pixels of four bytes: of the left four columns, and of the right.
    let (mut left, mut right) = ([_mm_setzero_si128(); 4], [_mm_setzero_si128(); 4]);
    for i in 0..4 {
        // SAFETY: each row has 16 bytes.
        let (a, b) = unsafe { (load(rows, 2 * i, to), load(rows, 2 * i + 1, to)) };
        (left[i], right[i]) = (_mm_unpacklo_epi16(a, b), _mm_unpackhi_epi16(a, b));
    }
    for pairs in [left, right] {
        for pixels in exchange_four(pairs) {
            // SAFETY: a group is of 16 bytes.
            unsafe { _mm_storeu_si128(to.next().cast(), pixels) };
        }
    }
}

/// Four columns of pixels of three bytes.
///
/// # Safety
///
/// Each row has 16 bytes from the column on that `to` is at.
#[target_feature(enable = "ssse3")]
unsafe fn three_bytes<const N: usize>(rows: &[*const u8; GROUP], to: &mut Groups<'_, N>) {
    let spread = _mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
    let packed = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    // Of the lower four pixels: what fills the register that the upper four begin, and the rest.
    let filling = _mm_setr_epi8(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 4);
    let rest = _mm_setr_epi8(5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, -1, -1, -1, -1);
    let (mut upper, mut lower) = ([spread; 4], [spread; 4]);
    for i in 0..4 {
        // SAFETY: each row has 16 bytes.
        let (a, b) = unsafe { (load(rows, i, to), load(rows, 4 + i, to)) };
        (upper[i], lower[i]) = (_mm_shuffle_epi8(a, spread), _mm_shuffle_epi8(b, spread));
    }
    let (upper, lower) = (exchange_four(upper), exchange_four(lower));
    for (upper, lower) in upper.into_iter().zip(lower) {
        let first = _mm_or_si128(_mm_shuffle_epi8(upper, packed), _mm_shuffle_epi8(lower, filling));
        let group = to.next();
        // SAFETY: a group is of 24 bytes.
        unsafe {
            _mm_storeu_si128(group.cast(), first);
            _mm_storel_epi64(group.add(WIDE).cast(), _mm_shuffle_epi8(lower, rest));
        }
    }
}

/// Four columns of pixels of four bytes.
///
/// # Safety
///
/// Each row has 16 bytes from the column on that `to` is at.
#[target_feature(enable = "ssse3")]
unsafe fn four_bytes<const N: usize>(rows: &[*const u8; GROUP], to: &mut Groups<'_, N>) {
    let (mut upper, mut lower) = ([_mm_setzero_si128(); 4], [_mm_setzero_si128(); 4]);
    for i in 0..4 {
        // SAFETY: each row has 16 bytes.
        (upper[i], lower[i]) = unsafe { (load(rows, i, to), load(rows, 4 + i, to)) };
    }
    for (upper, lower) in exchange_four(upper).into_iter().zip(exchange_four(lower)) {
        let group = to.next();
        // SAFETY: a group is of 32 bytes.
        unsafe {
            _mm_storeu_si128(group.cast(), upper);
            _mm_storeu_si128(group.add(WIDE).cast(), lower);
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
