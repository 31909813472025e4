//! Upsampling, conversion and interleaving of a vector of pixels in one go, with no planes in between.
//!
//! Chroma passes through the row in words, even and odd pixels apart: that is how the triangle filter
//! makes them, and how a shift and a mask take luma apart. The chroma of a row is first widened into a
//! scratch row whose ends are repeated ([`ChromaScratch`]).

use super::{ChromaRows, ChromaScratch, WIDE_FIRST};
use crate::simd::Vector;

/// As [`super::chroma_to_rgb`].
#[inline(always)]
pub(super) fn chroma_to_rgb<X: Vector<N>, const N: usize>(
    x: X,
    y: &[u8],
    chroma: ChromaRows<'_>,
    scratch: &mut ChromaScratch,
    out: &mut [u8],
) {
    match chroma {
        ChromaRows::Full { cb, cr } => convert(x, y, Full { cb, cr }, out),
        ChromaRows::FancyH2V1 { cb, cr } => {
            let [wide_cb, wide_cr] = scratch.wide_rows(y.len());
            widen(cb, wide_cb);
            widen(cr, wide_cr);
            let (cb, cr) = scratch.repeat_ends(y.len());
            convert(x, y, Triangle::<2> { cb, cr, bias: [1, 2] }, out);
        }
        ChromaRows::FancyH2V2 { cb, cr } => {
            let [wide_cb, wide_cr] = scratch.wide_rows(y.len());
            mix(cb, wide_cb);
            mix(cr, wide_cr);
            let (cb, cr) = scratch.repeat_ends(y.len());
            convert(x, y, Triangle::<4> { cb, cr, bias: [8, 7] }, out);
        }
    }
}

#[inline(always)]
fn widen(samples: &[u8], wide: &mut [i16]) {
    wide.iter_mut().zip(samples).for_each(|(wide, &sample)| *wide = i16::from(sample));
}

/// Three parts of the near row and one of the far row.
#[inline(always)]
fn mix([near, far]: [&[u8]; 2], wide: &mut [i16]) {
    for ((wide, &near), &far) in wide.iter_mut().zip(near).zip(far) {
        *wide = 3 * i16::from(near) + i16::from(far);
    }
}

/// Where chroma comes from.
trait Source: Copy {
    /// Cb and Cr of the `N` pixels from `at`, `width` of them real, less 128: words of the even ones and of the
    /// odd ones.
    fn chroma<X: Vector<N>, const N: usize>(self, x: X, at: usize, width: usize) -> [[X::V; 2]; 2];
}

#[inline(always)]
fn convert<X: Vector<N>, const N: usize>(x: X, y: &[u8], source: impl Source, out: &mut [u8]) {
    let mut at = 0;
    while at + N <= y.len() {
        let rgb = rgb(x, load(x, &y[at..]), source.chroma(x, at, N));
        x.store_threes(&mut out[at * 3..], rgb);
        at += N;
    }
    let width = y.len() - at;
    if width > 0 {
        let rgb = rgb(x, load_part(x, &y[at..], width), source.chroma(x, at, width));
        let mut last = [0; 96];
        x.store_threes(&mut last, rgb);
        out[at * 3..].copy_from_slice(&last[..width * 3]);
    }
}

#[derive(Clone, Copy)]
struct Full<'a> {
    cb: &'a [u8],
    cr: &'a [u8],
}

impl Source for Full<'_> {
    #[inline(always)]
    fn chroma<X: Vector<N>, const N: usize>(self, x: X, at: usize, width: usize) -> [[X::V; 2]; 2] {
        [centred(x, self.cb, at, width), centred(x, self.cr, at, width)]
    }
}

#[inline(always)]
fn centred<X: Vector<N>, const N: usize>(x: X, row: &[u8], at: usize, width: usize) -> [X::V; 2] {
    let [even, odd] = halves(x, load_part(x, &row[at..], width));
    let centre = x.splat_words(128);
    [x.sub_words(even, centre), x.sub_words(odd, centre)]
}

/// The horizontal triangle filter over wide rows with `SHIFT` fraction bits, with biases of even and odd
/// outputs.
#[derive(Clone, Copy)]
struct Triangle<'a, const SHIFT: i32> {
    cb: &'a [i16],
    cr: &'a [i16],
    bias: [i16; 2],
}

impl<const SHIFT: i32> Source for Triangle<'_, SHIFT> {
    #[inline(always)]
    fn chroma<X: Vector<N>, const N: usize>(self, x: X, at: usize, _: usize) -> [[X::V; 2]; 2] {
        let at = WIDE_FIRST + at / 2;
        let bias = self.bias.map(|bias| bias - (128 << SHIFT));
        [
            filtered::<X, N, SHIFT>(x, self.cb, at, bias),
            filtered::<X, N, SHIFT>(x, self.cr, at, bias),
        ]
    }
}

/// Even and odd outputs for the samples from `at`.
#[inline(always)]
fn filtered<X: Vector<N>, const N: usize, const SHIFT: i32>(
    x: X,
    row: &[i16],
    at: usize,
    bias: [i16; 2],
) -> [X::V; 2] {
    let this = x.load_words(row, at);
    let triple = x.add_words(this, x.words_up::<1>(this));
    let even = x.add_words(triple, x.splat_words(bias[0]));
    let even = x.add_words(even, x.load_words(row, at - 1));
    let odd = x.add_words(triple, x.splat_words(bias[1]));
    let odd = x.add_words(odd, x.load_words(row, at + 1));
    [x.words_down::<SHIFT>(even), x.words_down::<SHIFT>(odd)]
}

/// Red, green and blue before the clamp, of even and odd pixels.
#[inline(always)]
fn rgb<X: Vector<N>, const N: usize>(x: X, y: X::V, [cb, cr]: [[X::V; 2]; 2]) -> [[X::V; 2]; 3] {
    let [even, odd] = halves(x, y);
    let (a, b) = (rgb_words(x, even, cb[0], cr[0]), rgb_words(x, odd, cb[1], cr[1]));
    [[a[0], b[0]], [a[1], b[1]], [a[2], b[2]]]
}

/// Red, green and blue before the clamp, for chroma less 128.
///
/// The coefficients are those of `scalar::rgb` less a whole number, so that they fit 15 bits. Halving them
/// is exact for green and blue; for red, 26345 / 2 is rounded up, which changes none of the 256 values.
#[inline(always)]
fn rgb_words<X: Vector<N>, const N: usize>(x: X, y: X::V, cb: X::V, cr: X::V) -> [X::V; 3] {
    let red = x.add_words(cr, x.mul_rounded(cr, x.splat_words(13173)));
    let blue = x.mul_rounded(cb, x.splat_words(-7471));
    let blue = x.add_words(x.add_words(cb, cb), blue);
    // -0.34414 cb + (1 - 0.71414) cr, rounded, then less cr.
    let half = [x.splat(1 << 14); 2];
    let green = x.narrow::<15>(x.dot_onto(half, x.pair(cb, cr), -11277, 9367));
    let green = x.sub_words(green, cr);
    [x.add_words(y, red), x.add_words(y, green), x.add_words(y, blue)]
}

/// The even and the odd bytes as words.
#[inline(always)]
fn halves<X: Vector<N>, const N: usize>(x: X, v: X::V) -> [X::V; 2] {
    [x.and(v, x.splat_words(255)), x.unsigned_words_down::<8>(v)]
}

#[inline(always)]
fn load<X: Vector<N>, const N: usize>(x: X, samples: &[u8]) -> X::V {
    x.load(samples.first_chunk().expect("a vector of samples"))
}

/// The first `width` samples, then anything.
#[inline(always)]
fn load_part<X: Vector<N>, const N: usize>(x: X, samples: &[u8], width: usize) -> X::V {
    if samples.len() >= N {
        return load(x, samples);
    }
    let mut padded = [0; N];
    padded[..width].copy_from_slice(&samples[..width]);
    x.load(&padded)
}
