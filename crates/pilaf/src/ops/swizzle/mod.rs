//! Bytes of pixels in another order: swapped, spread, mirrored, or woven from several planes.
//!
//! ```text
//! reorder   RGB -> BGR, L -> RGB, RGBA -> BGR, ...    each pixel for itself
//! mirror    abc -> cba                                pixels in reverse
//! weave     aaa bbb ccc -> abc abc abc                one byte of each plane a pixel
//! ```
//!
//! A compiler makes vectors of such loops, but needs several times the instructions that there are
//! for it: one shuffle moves the bytes of 16.

#[cfg(target_arch = "x86_64")]
mod sse41;

use crate::error::Result;
use crate::image::buffer;
use crate::simd::Level;

/// Bytes that are moved before they are appended to what was made, so that memory is written to
/// once: whole pixels of any size.
const BLOCK: usize = 12 << 10;

/// The pixels of `source`, `FROM` bytes each, as pixels of `TO` bytes: the one at `i` is the source's at
/// `order[i]`.
pub(super) fn reordered<const FROM: usize, const TO: usize>(
    source: &[u8],
    order: [u8; TO],
) -> Result<Vec<u8>> {
    let mut made = buffer::room(source.len() / FROM * TO)?;
    let mut block = [0; BLOCK];
    for source in source.chunks(BLOCK / TO * FROM) {
        let moved = &mut block[..source.len() / FROM * TO];
        reorder::<FROM, TO>(Level::get(), moved, source, order);
        made.extend_from_slice(moved);
    }
    Ok(made)
}

/// Rows of `row_bytes` bytes, each with its pixels of `N` bytes in reverse.
pub(super) fn mirrored<const N: usize>(source: &[u8], row_bytes: usize) -> Result<Vec<u8>> {
    let mut made = buffer::room(source.len())?;
    let mut block = [0; BLOCK];
    for row in source.chunks(row_bytes) {
        for source in row.rchunks(BLOCK) {
            let moved = &mut block[..source.len()];
            mirror::<N>(Level::get(), moved, source);
            made.extend_from_slice(moved);
        }
    }
    Ok(made)
}

/// Pixels of a byte of each of `planes`, which are of one length.
pub(super) fn woven<const N: usize>(planes: [&[u8]; N]) -> Result<Vec<u8>> {
    let pixels = planes[0].len();
    let mut made = buffer::room(pixels * N)?;
    let mut block = [0; BLOCK];
    for start in (0..pixels).step_by(BLOCK / N) {
        let count = (pixels - start).min(BLOCK / N);
        let moved = &mut block[..count * N];
        weave(Level::get(), moved, planes.map(|plane| &plane[start..][..count]));
        made.extend_from_slice(moved);
    }
    Ok(made)
}

/// Writes as many pixels as both slices have.
pub(super) fn reorder<const FROM: usize, const TO: usize>(
    level: Level,
    to: &mut [u8],
    from: &[u8],
    order: [u8; TO],
) {
    let done = match level {
        #[cfg(target_arch = "x86_64")]
        Level::Sse41(token) => sse41::reorder::<FROM, TO>(token, to, from, order),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => sse41::reorder::<FROM, TO>(token.sse41(), to, from, order),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => sse41::reorder::<FROM, TO>(token.avx2().sse41(), to, from, order),
        _ => 0,
    };
    let rest = from.as_chunks::<FROM>().0.iter().skip(done);
    for (to, from) in to.as_chunks_mut::<TO>().0.iter_mut().skip(done).zip(rest) {
        *to = order.map(|at| from[usize::from(at)]);
    }
}

/// Writes the pixels of `from` in reverse; both slices are of one length.
fn mirror<const N: usize>(level: Level, to: &mut [u8], from: &[u8]) {
    let done = match level {
        #[cfg(target_arch = "x86_64")]
        Level::Sse41(token) => sse41::mirror::<N>(token, to, from),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => sse41::mirror::<N>(token.sse41(), to, from),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => sse41::mirror::<N>(token.avx2().sse41(), to, from),
        _ => 0,
    };
    let rest = from.as_chunks::<N>().0.iter().rev().skip(done);
    to.as_chunks_mut::<N>().0.iter_mut().skip(done).zip(rest).for_each(|(to, from)| *to = *from);
}

/// Writes as many pixels as the planes, which are of one length, have bytes.
fn weave<const N: usize>(level: Level, to: &mut [u8], planes: [&[u8]; N]) {
    let done = match level {
        #[cfg(target_arch = "x86_64")]
        Level::Sse41(token) => sse41::weave(token, to, planes),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => sse41::weave(token.sse41(), to, planes),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => sse41::weave(token.avx2().sse41(), to, planes),
        _ => 0,
    };
    for (at, pixel) in to.as_chunks_mut::<N>().0.iter_mut().enumerate().skip(done) {
        *pixel = planes.map(|plane| plane[at]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::for_each_level;

    const LENGTHS: [usize; 12] = [0, 1, 4, 5, 6, 15, 16, 17, 33, 80, 3071, 9000];

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|i| (i * 89 + i / 251) as u8).collect()
    }

    fn check_order<const FROM: usize, const TO: usize>(order: [u8; TO]) {
        for source in LENGTHS.map(|length| bytes(length * FROM)) {
            let pixel = |pixel: &[u8]| order.map(|at| pixel[usize::from(at)]);
            let expected: Vec<u8> = source.chunks(FROM).flat_map(pixel).collect();
            for_each_level(|level| {
                let made = reordered::<FROM, TO>(&source, order).unwrap();
                assert!(made == expected, "{FROM} to {TO}, {} bytes at {level}", source.len());
            });
        }
    }

    #[test]
    fn every_level_orders_alike() {
        check_order::<1, 3>([0; 3]);
        check_order::<2, 4>([0, 0, 0, 1]);
        check_order::<3, 3>([2, 1, 0]);
        check_order::<4, 3>([2, 1, 0]);
        check_order::<4, 4>([2, 1, 0, 3]);
    }

    fn check_mirror<const N: usize>() {
        for width in LENGTHS.into_iter().filter(|&width| width > 0) {
            let source = bytes(width * N * 2);
            let row = |row: &[u8]| row.chunks(N).rev().flatten().copied().collect::<Vec<_>>();
            let expected: Vec<u8> = source.chunks(width * N).flat_map(row).collect();
            for_each_level(|level| {
                let made = mirrored::<N>(&source, width * N).unwrap();
                assert!(made == expected, "{width} pixels of {N} bytes at {level}");
            });
        }
    }

    #[test]
    fn every_level_mirrors_alike() {
        check_mirror::<1>();
        check_mirror::<2>();
        check_mirror::<3>();
        check_mirror::<4>();
    }

    fn check_weave<const N: usize>() {
        for length in LENGTHS {
            let plane = bytes(length + N);
            let planes: [&[u8]; N] = std::array::from_fn(|i| &plane[i..][..length]);
            let expected: Vec<u8> =
                (0..length).flat_map(|at| planes.map(|plane| plane[at])).collect();
            for_each_level(|level| {
                assert!(woven(planes).unwrap() == expected, "{N} planes of {length} at {level}");
            });
        }
    }

    #[test]
    fn every_level_weaves_alike() {
        check_weave::<2>();
        check_weave::<3>();
        check_weave::<4>();
    }
}
