//! The specification of the forward transform.

use super::Coefficients;
use super::divisors::Divisors;
use crate::jpeg::zigzag::NATURAL_ORDER;

/// Fraction bits of the constants.
const CONST_BITS: u32 = 13;
/// Fraction bits kept between the passes.
const PASS1_BITS: u32 = 2;

/// `x` in units of 2^-13, rounded (Loeffler, Ligtenberg and Moschytz, ICASSP 1989: constants of figure 1).
const fn fix(x: f64) -> i32 {
    (x * (1 << CONST_BITS) as f64 + 0.5) as i32
}

/// The eight rows of one block, less 128.
pub(super) fn load(samples: &[u8], stride: usize) -> [[i32; 8]; 8] {
    std::array::from_fn(|row| {
        std::array::from_fn(|column| i32::from(samples[row * stride + column]) - 128)
    })
}

/// The coefficients of a block, times eight, in natural order.
pub(super) fn islow(mut square: [[i32; 8]; 8]) -> [i32; 64] {
    for row in &mut square {
        *row = islow_1d(*row, CONST_BITS - PASS1_BITS, |x| x << PASS1_BITS);
    }
    let round = |x: i32| (x + (1 << (PASS1_BITS - 1))) >> PASS1_BITS;
    let mut coefficients = [0; 64];
    for column in 0..8 {
        let input = std::array::from_fn(|row| square[row][column]);
        let output = islow_1d(input, CONST_BITS + PASS1_BITS, round);
        (0..8).for_each(|row| coefficients[row * 8 + column] = output[row]);
    }
    coefficients
}

/// One 8-point transform: outputs 0 and 4 are sums, scaled by `scale`; the others lose `descale`
/// fraction bits, rounding half up.
fn islow_1d(x: [i32; 8], descale: u32, scale: impl Fn(i32) -> i32) -> [i32; 8] {
    let sum: [i32; 4] = std::array::from_fn(|k| x[k] + x[7 - k]);
    let difference: [i32; 4] = std::array::from_fn(|k| x[k] - x[7 - k]);
    let round = |value: i32| (value + (1 << (descale - 1))) >> descale;

    let (outer, inner) = ([sum[0] + sum[3], sum[1] + sum[2]], [sum[0] - sum[3], sum[1] - sum[2]]);
    let z1 = (inner[0] + inner[1]) * fix(0.541196100);

    let [d0, d1, d2, d3] = difference;
    let z5 = (d3 + d1 + d2 + d0) * fix(1.175875602);
    let z1_odd = (d3 + d0) * -fix(0.899976223);
    let z2 = (d2 + d1) * -fix(2.562915447);
    let z3 = (d3 + d1) * -fix(1.961570560) + z5;
    let z4 = (d2 + d0) * -fix(0.390180644) + z5;

    [
        scale(outer[0] + outer[1]),
        round(d0 * fix(1.501321110) + z1_odd + z4),
        round(z1 + inner[0] * fix(0.765366865)),
        round(d1 * fix(3.072711026) + z2 + z3),
        scale(outer[0] - outer[1]),
        round(d2 * fix(2.053119869) + z2 + z4),
        round(z1 - inner[1] * fix(1.847759065)),
        round(d3 * fix(0.298631336) + z1_odd + z3),
    ]
}

/// Divides each coefficient by its divisor, rounding halves away from zero, and puts it in order.
pub(super) fn quantize(coefficients: &[i32; 64], divisors: &Divisors) -> Coefficients {
    let mut block = Coefficients { values: [0; 64], nonzero: 0 };
    for (k, &position) in NATURAL_ORDER[..64].iter().enumerate() {
        let position = usize::from(position);
        let (value, divisor) = (coefficients[position], divisors.divisor[position]);
        let quotient = ((value.unsigned_abs() + divisor / 2) / divisor) as i32;
        block.values[k] = (quotient * value.signum()) as i16;
        block.nonzero |= u64::from(quotient != 0) << k;
    }
    block
}
