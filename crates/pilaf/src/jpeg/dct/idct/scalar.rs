//! The full-size transform (Islow), as libjpeg-turbo's 16-bit lanes compute them.
//!
//! Products with constants and their sums are 32 bits wide and wrap; sums of inputs wrap at 16 bits; the
//! values between the passes saturate at 16 bits. When rows 1 to 7 are zero the first pass is replaced by
//! a shift that wraps instead of saturating, so the test for zero rows is part of the result.

use super::{Block, rows_are_zero, sample, saturate};

/// Fraction bits of the Islow constants.
const CONST_BITS: u32 = 13;
/// Fraction bits kept between the passes.
const PASS1_BITS: u32 = 2;
/// Rows whose absence allows the short first pass.
const AC_ROWS: [usize; 7] = [1, 2, 3, 4, 5, 6, 7];

/// `x` in units of 2^-13, rounded (Loeffler, Ligtenberg and Moschytz, ICASSP 1989: constants of figure 1).
const fn fix(x: f64) -> i32 {
    (x * (1 << CONST_BITS) as f64 + 0.5) as i32
}

/// Accurate integer inverse DCT of one block into 8 rows of `out`.
pub(super) fn islow(block: &Block, multipliers: &Block, out: &mut [u8], stride: usize) {
    let mut work = [[0i16; 8]; 8];
    if rows_are_zero(block, &AC_ROWS) {
        for column in 0..8 {
            let dc = block[column].wrapping_mul(multipliers[column]) << PASS1_BITS;
            work.iter_mut().for_each(|row| row[column] = dc);
        }
    } else {
        for column in 0..8 {
            let input = dequantized_column(block, multipliers, column);
            let output = islow_1d(input, CONST_BITS - PASS1_BITS);
            (0..8).for_each(|row| work[row][column] = output[row]);
        }
    }
    for (row, values) in work.into_iter().enumerate() {
        let samples = islow_1d(values, CONST_BITS + PASS1_BITS + 3).map(sample);
        out[row * stride..row * stride + 8].copy_from_slice(&samples);
    }
}

/// The one value of a block that has no AC coefficients.
pub(super) fn dc_sample(dc: i16, multiplier: i16) -> u8 {
    let dc = dc.wrapping_mul(multiplier) << PASS1_BITS;
    sample(((i32::from(dc) + 16) >> 5) as i16)
}

fn dequantized_column(block: &Block, multipliers: &Block, column: usize) -> [i16; 8] {
    std::array::from_fn(|row| block[row * 8 + column].wrapping_mul(multipliers[row * 8 + column]))
}

/// One 8-point transform; the outputs lose `descale` fraction bits, rounding half up.
fn islow_1d(x: [i16; 8], descale: u32) -> [i16; 8] {
    let wide = x.map(i32::from);
    let rotate = |a: i32, ka: i32, b: i32, kb: i32| (a * ka).wrapping_add(b * kb);

    let even = [
        rotate(wide[2], fix(0.541196100) + fix(0.765366865), wide[6], fix(0.541196100)),
        rotate(wide[2], fix(0.541196100), wide[6], fix(0.541196100) - fix(1.847759065)),
    ];
    let sum = i32::from(x[0].wrapping_add(x[4])) << CONST_BITS;
    let difference = i32::from(x[0].wrapping_sub(x[4])) << CONST_BITS;
    let even = [
        sum.wrapping_add(even[0]),
        difference.wrapping_add(even[1]),
        difference.wrapping_sub(even[1]),
        sum.wrapping_sub(even[0]),
    ];

    let z3 = i32::from(x[3].wrapping_add(x[7]));
    let z4 = i32::from(x[1].wrapping_add(x[5]));
    let (z3, z4) = (
        rotate(z3, fix(1.175875602) - fix(1.961570560), z4, fix(1.175875602)),
        rotate(z4, fix(1.175875602) - fix(0.390180644), z3, fix(1.175875602)),
    );
    let odd = [
        rotate(wide[7], -fix(0.899976223), wide[1], fix(1.501321110) - fix(0.899976223))
            .wrapping_add(z4),
        rotate(wide[5], -fix(2.562915447), wide[3], fix(3.072711026) - fix(2.562915447))
            .wrapping_add(z3),
        rotate(wide[5], fix(2.053119869) - fix(2.562915447), wide[3], -fix(2.562915447))
            .wrapping_add(z4),
        rotate(wide[7], fix(0.298631336) - fix(0.899976223), wide[1], -fix(0.899976223))
            .wrapping_add(z3),
    ];

    let round = |value: i32| saturate(value.wrapping_add(1 << (descale - 1)) >> descale);
    std::array::from_fn(|k| match k {
        0..4 => round(even[k].wrapping_add(odd[k])),
        _ => round(even[7 - k].wrapping_sub(odd[7 - k])),
    })
}
