//! SSSE3: one shuffle for as many pixels as 16 bytes hold. Higher levels have wider ones and do not
//! need them: these wait for memory.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use crate::simd::Sse41;

/// Bytes of a register.
const WIDE: usize = 16;

/// An index that makes a shuffle write 0.
const NOTHING: u8 = 0x80;

/// See [`reorder`](super::reorder). Returns how many pixels were written.
pub(super) fn reorder<const FROM: usize, const TO: usize>(
    _: Sse41,
    to: &mut [u8],
    from: &[u8],
    order: [u8; TO],
) -> usize {
    // Registers of pixels that lie next to each other: what a store writes beyond them, the next
    // store or the caller writes again.
    let pixels = WIDE / FROM.max(TO);
    let mut indices = [NOTHING; WIDE];
    for (at, index) in indices[..pixels * TO].iter_mut().enumerate() {
        *index = (at / TO * FROM) as u8 + order[at % TO];
    }
    let step = (pixels * FROM, pixels * TO);
    // SAFETY: the token proves that this CPU has SSSE3.
    let steps = unsafe { shuffle(to, from, step, &indices) };
    steps * pixels
}

/// Shuffles 16 bytes from each `step.0` of `from` into 16 at each `step.1` of `to`, as often as
/// both have them, and returns how often that is.
#[target_feature(enable = "ssse3")]
fn shuffle(to: &mut [u8], from: &[u8], step: (usize, usize), indices: &[u8; WIDE]) -> usize {
    let steps = steps_in(from.len(), step.0).min(steps_in(to.len(), step.1));
    // SAFETY: the reference is to 16 bytes; the load needs no alignment.
    let indices = unsafe { _mm_loadu_si128(indices.as_ptr().cast()) };
    for at in 0..steps {
        // SAFETY: `steps` leaves 16 bytes from `at` steps on in either slice; loads and stores need
        // no alignment.
        unsafe {
            let bytes = _mm_loadu_si128(from.as_ptr().add(at * step.0).cast());
            let shuffled = _mm_shuffle_epi8(bytes, indices);
            _mm_storeu_si128(to.as_mut_ptr().add(at * step.1).cast(), shuffled);
        }
    }
    steps
}

/// How many times a register can be read or written in `length` bytes, every `step` bytes.
fn steps_in(length: usize, step: usize) -> usize {
    length.checked_sub(WIDE).map_or(0, |last| last / step + 1)
}

/// See [`mirror`](super::mirror). Returns how many pixels were written.
pub(super) fn mirror<const N: usize>(_: Sse41, to: &mut [u8], from: &[u8]) -> usize {
    let pixels = WIDE / N;
    // The last pixels of a register are the next to be written.
    let mut indices = [NOTHING; WIDE];
    for (at, index) in indices[..pixels * N].iter_mut().enumerate() {
        *index = (WIDE - (at / N + 1) * N + at % N) as u8;
    }
    // SAFETY: the token proves that this CPU has SSSE3.
    let steps = unsafe { shuffle_backwards(to, from, pixels * N, &indices) };
    steps * pixels
}

/// Shuffles 16 bytes that end at each `step` from the end of `from` into 16 at each `step` of `to`,
/// and returns how often.
#[target_feature(enable = "ssse3")]
fn shuffle_backwards(to: &mut [u8], from: &[u8], step: usize, indices: &[u8; WIDE]) -> usize {
    let steps = steps_in(from.len().min(to.len()), step);
    // SAFETY: the reference is to 16 bytes; the load needs no alignment.
    let indices = unsafe { _mm_loadu_si128(indices.as_ptr().cast()) };
    for at in 0..steps {
        // SAFETY: `steps` leaves 16 bytes from `at` steps on in `to`, and as many before `at` steps
        // from the end of `from`; loads and stores need no alignment.
        unsafe {
            let end = from.as_ptr().add(from.len() - at * step);
            let bytes = _mm_shuffle_epi8(_mm_loadu_si128(end.sub(WIDE).cast()), indices);
            _mm_storeu_si128(to.as_mut_ptr().add(at * step).cast(), bytes);
        }
    }
    steps
}

/// See [`weave`](super::weave). Returns how many pixels were written.
pub(super) fn weave<const N: usize>(_: Sse41, to: &mut [u8], planes: [&[u8]; N]) -> usize {
    let steps = planes.iter().fold(to.len() / N, |least, plane| least.min(plane.len())) / WIDE;
    // SAFETY: the token proves that this CPU has SSSE3; `steps` registers fill no more than each
    // plane has, and `N` times as many no more than `to`.
    unsafe { weave_registers(to, planes, steps) };
    steps * WIDE
}

/// Weaves `steps` registers of each plane.
///
/// # Safety
///
/// Each plane has as many bytes, and `to` `N` times as many.
#[target_feature(enable = "ssse3")]
unsafe fn weave_registers<const N: usize>(to: &mut [u8], planes: [&[u8]; N], steps: usize) {
    // For each register of the result and each plane: its bytes at their places.
    let indices: [[__m128i; N]; N] = std::array::from_fn(|register| {
        std::array::from_fn(|plane| {
            let indices: [u8; WIDE] = std::array::from_fn(|at| {
                let at = register * WIDE + at;
                if at % N == plane { (at / N) as u8 } else { NOTHING }
            });
            // SAFETY: the reference is to 16 bytes; the load needs no alignment.
            unsafe { _mm_loadu_si128(indices.as_ptr().cast()) }
        })
    });
    for step in 0..steps {
        let bytes = planes.map(|plane| {
            // SAFETY: each plane has `steps` registers, as the caller guarantees.
            unsafe { _mm_loadu_si128(plane.as_ptr().add(step * WIDE).cast()) }
        });
        for (register, indices) in indices.iter().enumerate() {
            let mut woven = _mm_shuffle_epi8(bytes[0], indices[0]);
            for plane in 1..N {
                woven = _mm_or_si128(woven, _mm_shuffle_epi8(bytes[plane], indices[plane]));
            }
            // SAFETY: `to` has `N` times as many, as the caller guarantees.
            unsafe {
                let at = (step * N + register) * WIDE;
                _mm_storeu_si128(to.as_mut_ptr().add(at).cast(), woven);
            }
        }
    }
}
