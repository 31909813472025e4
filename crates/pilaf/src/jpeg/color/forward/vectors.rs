//! A vector of pixels in one go.
//!
//! Pixels become pairs of words, (red, green) and (blue, green), whose products with constants are
//! summed. Constants that do not fit 16 bits are split: 0.587 into 0.337 and 0.25, one for each
//! pair; 0.5 is subtracted as -0.5.

use crate::simd::{Pair, Vector, Wide, groups_reach};

/// As [`super::rgb_to_ycc`].
#[inline(always)]
pub(super) fn rgb_to_ycc<X: Vector<N>, const N: usize, const BYTES: usize>(
    x: X,
    pixels: &[u8],
    mut planes: [&mut [u8]; 3],
) {
    let width = planes[0].len();
    let mut at = 0;
    while at + N <= width && pixels.len() - at * BYTES >= groups_reach(N, BYTES) {
        let converted = convert::<X, N, BYTES>(x, &pixels[at * BYTES..]);
        for (plane, samples) in planes.iter_mut().zip(converted) {
            x.store(plane[at..].first_chunk_mut().expect("a vector of samples"), samples);
        }
        at += N;
    }
    while at < width {
        let count = (width - at).min(N);
        // As far as groups of 4 reach for 32 bytes.
        let mut padded = [0; 128];
        padded[..count * BYTES].copy_from_slice(&pixels[at * BYTES..][..count * BYTES]);
        let converted = convert::<X, N, BYTES>(x, &padded);
        for (plane, samples) in planes.iter_mut().zip(converted) {
            let mut bytes = [0; N];
            x.store(&mut bytes, samples);
            plane[at..at + count].copy_from_slice(&bytes[..count]);
        }
        at += count;
    }
}

/// Luma and chroma of `N` pixels.
#[inline(always)]
fn convert<X: Vector<N>, const N: usize, const BYTES: usize>(x: X, pixels: &[u8]) -> [X::V; 3] {
    let [low, high] = x.load_groups::<BYTES>(pixels);
    let (low, high) = (ycc(x, low), ycc(x, high));
    [x.to_samples(low[0], high[0]), x.to_samples(low[1], high[1]), x.to_samples(low[2], high[2])]
}

/// Luma and chroma, in words, of pairs of words.
#[inline(always)]
fn ycc<X: Vector<N>, const N: usize>(x: X, [red_green, blue_green]: [Pair<X::V>; 2]) -> [X::V; 3] {
    let sub = |a: Wide<X::V>, b: Wide<X::V>| [x.sub_doubles(a[0], b[0]), x.sub_doubles(a[1], b[1])];
    let half = [x.splat(1 << 15); 2];
    let centre = [x.splat((128 << 16) + (1 << 15) - 1); 2];
    let y = x.dot_onto(half, red_green, 19595, 38470 - 16384);
    let cb = x.dot_onto(centre, red_green, -11059, -21709);
    let cr = x.dot_onto(centre, blue_green, -5329, -27439);
    [
        x.narrow::<16>(x.dot_onto(y, blue_green, 7471, 16384)),
        x.narrow::<16>(sub(cb, x.dot(blue_green, -32768, 0))),
        x.narrow::<16>(sub(cr, x.dot(red_green, -32768, 0))),
    ]
}
