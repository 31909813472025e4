//! The forward transform over vectors: neighbouring blocks, one in each lane.
//!
//! The arithmetic is that of `scalar`; its products are regrouped, so that each output is a sum of
//! products of two pairs, which changes no bit.

use super::Coefficients;
use super::divisors::Divisors;
use crate::jpeg::dct::sums::half;
use crate::jpeg::zigzag::NATURAL_ORDER;
use crate::simd::Vector;

/// As [`super::Fdct::transform_row`].
#[inline(always)]
pub(super) fn transform_row<X: Vector<N>, const N: usize>(
    x: X,
    (samples, stride): (&[u8], usize),
    divisors: &Divisors,
    blocks: &mut [Coefficients],
) {
    for (index, blocks) in blocks.chunks_mut(X::LANES).enumerate() {
        let samples = &samples[index * N / 2..];
        if blocks.len() == X::LANES {
            transform(x, (samples, stride), divisors, blocks);
        } else {
            let mut square = [0; 128];
            for (row, line) in square.chunks_exact_mut(16).enumerate() {
                line[..8].copy_from_slice(&samples[row * stride..][..8]);
            }
            transform(x, (&square, 16), divisors, blocks);
        }
    }
}

/// Transforms a block for each lane; stores as many as there are `blocks`.
#[inline(always)]
fn transform<X: Vector<N>, const N: usize>(
    x: X,
    (samples, stride): (&[u8], usize),
    divisors: &Divisors,
    blocks: &mut [Coefficients],
) {
    let mut rows = [x.splat(0); 8];
    for (row, values) in rows.iter_mut().enumerate() {
        let samples = x.load_wide(&samples[row * stride..]);
        *values = x.sub_words(samples, x.splat_words(128));
    }
    let by_row = x.transpose_words(pass::<X, N, 11>(x, x.transpose_words(rows)));
    let mut quantized = pass::<X, N, 15>(x, by_row);
    for (row, values) in quantized.iter_mut().enumerate() {
        *values = quantize(x, *values, divisors, row);
    }
    let mut zigzag = [x.splat(0); 8];
    for (part, values) in zigzag.iter_mut().enumerate() {
        for row in ROWS[part].0..ROWS[part].1 {
            let taken = x.pick(quantized[row], x.repeat(&SHUFFLES[part][row]));
            *values = x.or(*values, taken);
        }
    }
    let mut nonzero = [0; 2];
    for pair in 0..4 {
        let bits = x.nonzero_words(zigzag[2 * pair], zigzag[2 * pair + 1]);
        nonzero[0] |= u64::from(bits & 0xFFFF) << (16 * pair);
        nonzero[1] |= u64::from(bits >> 16) << (16 * pair);
    }
    for (lane, block) in blocks.iter_mut().enumerate() {
        block.nonzero = nonzero[lane];
        let eights = block.values.as_chunks_mut::<8>().0;
        for (eight, values) in eights.iter_mut().zip(zigzag) {
            x.store_lane(eight, values, lane);
        }
    }
}

/// One 8-point pass over eight columns of each lane; the constants are those of
/// `scalar::islow_1d`. Outputs lose `DESCALE` fraction bits; the sums gain two in the first pass
/// and lose them in the second.
#[inline(always)]
fn pass<X: Vector<N>, const N: usize, const DESCALE: i32>(x: X, v: [X::V; 8]) -> [X::V; 8] {
    let round = half::<X, N, DESCALE>(x);
    let scale = |v: X::V| match DESCALE {
        11 => x.words_up::<2>(v),
        _ => x.words_down::<2>(x.add_words(v, x.splat_words(2))),
    };
    let sum = |k: usize| x.add_words(v[k], v[7 - k]);
    let difference = |k: usize| x.sub_words(v[k], v[7 - k]);
    let (s0, s1, s2, s3) = (sum(0), sum(1), sum(2), sum(3));
    let (d0, d1, d2, d3) = (difference(0), difference(1), difference(2), difference(3));
    let (outer0, outer1) = (x.add_words(s0, s3), x.add_words(s1, s2));
    let inner = x.pair(x.sub_words(s0, s3), x.sub_words(s1, s2));

    let z34 = x.pair(x.add_words(d3, d1), x.add_words(d2, d0));
    let z3 = x.dot_onto(round, z34, 9633 - 16069, 9633);
    let z4 = x.dot_onto(round, z34, 9633, 9633 - 3196);
    let (d30, d21) = (x.pair(d3, d0), x.pair(d2, d1));
    [
        scale(x.add_words(outer0, outer1)),
        x.narrow::<DESCALE>(x.dot_onto(z4, d30, -7373, 12299 - 7373)),
        x.narrow::<DESCALE>(x.dot_onto(round, inner, 4433 + 6270, 4433)),
        x.narrow::<DESCALE>(x.dot_onto(z3, d21, -20995, 25172 - 20995)),
        scale(x.sub_words(outer0, outer1)),
        x.narrow::<DESCALE>(x.dot_onto(z4, d21, 16819 - 20995, -20995)),
        x.narrow::<DESCALE>(x.dot_onto(round, inner, 4433, 4433 - 15137)),
        x.narrow::<DESCALE>(x.dot_onto(z3, d30, 2446 - 7373, -7373)),
    ]
}

/// Divides row `row` of the coefficients of each lane; see [`Divisors`].
#[inline(always)]
fn quantize<X: Vector<N>, const N: usize>(x: X, v: X::V, divisors: &Divisors, row: usize) -> X::V {
    let of_row = |factors: &[i16; 64]| x.repeat_words(&factors.as_chunks::<8>().0[row]);
    let rounded = x.add_words(x.abs_words(v), of_row(&divisors.correction));
    let product = x.mul_high(rounded, of_row(&divisors.reciprocal));
    x.with_signs(x.mul_high(product, of_row(&divisors.scale)), v)
}

/// For each eight coefficients in zigzag order and each row, the shuffle that takes those of the
/// row to their places, and zeros to the others.
static SHUFFLES: [[[u8; 16]; 8]; 8] = {
    let mut shuffles = [[[0x80; 16]; 8]; 8];
    let mut k = 0;
    while k < 64 {
        let position = NATURAL_ORDER[k] as usize;
        let order = &mut shuffles[k / 8][position / 8];
        order[k % 8 * 2] = (position % 8 * 2) as u8;
        order[k % 8 * 2 + 1] = order[k % 8 * 2] + 1;
        k += 1;
    }
    shuffles
};

/// For each eight coefficients in zigzag order, the first row that holds some of them, and the last
/// one plus one.
const ROWS: [(usize, usize); 8] = {
    let mut rows = [(8, 0); 8];
    let mut k = 0;
    while k < 64 {
        let row = NATURAL_ORDER[k] as usize / 8;
        let (first, end) = &mut rows[k / 8];
        if row < *first {
            *first = row;
        }
        if row >= *end {
            *end = row + 1;
        }
        k += 1;
    }
    rows
};
