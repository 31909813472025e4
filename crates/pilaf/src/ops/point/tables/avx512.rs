//! AVX-512 VBMI: a table is four registers, of which two permutations and a choice look 64 bytes up.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::scalar;
use crate::simd::Avx512;

/// Bytes of a register.
const WIDE: usize = 64;

/// See [`map_in_place`](super::map_in_place).
pub(super) fn map<const N: usize>(_: Avx512, pixels: &mut [u8], tables: [&[u8; 256]; N]) {
    // SAFETY: the token proves that this CPU has AVX-512F, BW and VBMI.
    let done = unsafe { map_registers(pixels, tables) };
    scalar::map(&mut pixels[done..], tables);
}

/// Maps as many bytes as fill registers in which bands begin where they began, and returns how many.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn map_registers<const N: usize>(pixels: &mut [u8], tables: [&[u8; 256]; N]) -> usize {
    // Pixels of three bytes come to a whole number of registers in three.
    let period = if N == 3 { 3 } else { 1 };
    let tables = tables.map(|table| {
        let (quarters, _) = table.as_chunks::<WIDE>();
        // SAFETY: each reference is to 64 bytes; the load needs no alignment.
        std::array::from_fn(|i| unsafe { _mm512_loadu_si512(quarters[i].as_ptr().cast()) })
    });
    let bands: [[u64; 3]; N] = std::array::from_fn(|band| {
        std::array::from_fn(|register| bytes_of_band(N, band, register * WIDE))
    });
    let (registers, _) = pixels.as_chunks_mut::<WIDE>();
    let whole = registers.len() - registers.len() % period;
    for registers in registers[..whole].chunks_exact_mut(period) {
        for (at, register) in registers.iter_mut().enumerate() {
            // SAFETY: the reference is to 64 bytes; the load needs no alignment.
            let samples = unsafe { _mm512_loadu_si512(register.as_ptr().cast()) };
            let mut mapped = look_up(samples, &tables[0]);
            for band in 1..N {
                let others = look_up(samples, &tables[band]);
                mapped = _mm512_mask_mov_epi8(mapped, bands[band][at], others);
            }
            // SAFETY: the reference is to 64 bytes; the store needs no alignment.
            unsafe { _mm512_storeu_si512(register.as_mut_ptr().cast(), mapped) };
        }
    }
    whole * WIDE
}

/// A bit for each of 64 bytes from `first` on that is of `band`.
fn bytes_of_band(bands: usize, band: usize, first: usize) -> u64 {
    (0..WIDE).filter(|at| (first + at) % bands == band).fold(0, |mask, at| mask | 1 << at)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn look_up(samples: __m512i, table: &[__m512i; 4]) -> __m512i {
    let low = _mm512_permutex2var_epi8(table[0], samples, table[1]);
    let high = _mm512_permutex2var_epi8(table[2], samples, table[3]);
    _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(samples), high)
}
