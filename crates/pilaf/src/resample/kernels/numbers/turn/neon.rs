//! Advanced SIMD, which every AArch64 target of Rust has.

#![allow(unsafe_code)]

use std::arch::aarch64::*;

#[inline(always)]
fn turn([a, b, c, d]: [uint32x4_t; 4]) -> [uint32x4_t; 4] {
    // SAFETY: Advanced SIMD belongs to AArch64.
    unsafe {
        let ac = [vzip1q_u32(a, c), vzip2q_u32(a, c)];
        let bd = [vzip1q_u32(b, d), vzip2q_u32(b, d)];
        let half = |part: usize| [vzip1q_u32(ac[part], bd[part]), vzip2q_u32(ac[part], bd[part])];
        let ([first, second], [third, fourth]) = (half(0), half(1));
        [first, second, third, fourth]
    }
}

#[inline(always)]
pub(super) fn rows(rows: [&[u8; 16]; 4]) -> [[u32; 4]; 4] {
    // SAFETY: Advanced SIMD belongs to AArch64; each reference is to 16 readable bytes.
    let rows = rows.map(|row| unsafe { vreinterpretq_u32_u8(vld1q_u8(row.as_ptr())) });
    turn(rows).map(|column| {
        let mut words = [0; 4];
        // SAFETY: Advanced SIMD belongs to AArch64; the reference is to four words.
        unsafe { vst1q_u32(words.as_mut_ptr(), column) };
        words
    })
}

#[inline(always)]
pub(super) fn columns(columns: [[u32; 4]; 4]) -> [[u8; 16]; 4] {
    // SAFETY: Advanced SIMD belongs to AArch64; each reference is to four words.
    let columns = columns.map(|column| unsafe { vld1q_u32(column.as_ptr()) });
    turn(columns).map(|row| {
        let mut bytes = [0; 16];
        // SAFETY: Advanced SIMD belongs to AArch64; the reference is to 16 writable bytes.
        unsafe { vst1q_u8(bytes.as_mut_ptr(), vreinterpretq_u8_u32(row)) };
        bytes
    })
}
