//! The 4x4 and 2x2 transforms, as libjpeg-turbo's 16-bit lanes compute them.
//!
//! They drop the coefficients that a half or quarter size cannot show: 4x4 reads all rows and columns but
//! number 4, 2x2 reads 0 and the odd ones. Wrapping and saturation are as in [`super::scalar`].

use super::{Block, rows_are_zero, sample, saturate};

const CONST_BITS: u32 = 13;
const PASS1_BITS: u32 = 2;

const fn fix(x: f64) -> i32 {
    (x * (1 << CONST_BITS) as f64 + 0.5) as i32
}

fn dequantize(block: &Block, multipliers: &Block, index: usize) -> i16 {
    block[index].wrapping_mul(multipliers[index])
}

fn descale(value: i32, bits: u32) -> i32 {
    value.wrapping_add(1 << (bits - 1)) >> bits
}

fn dot(x: [i16; 4], factors: [i32; 4]) -> i32 {
    let [a, b, c, d] = std::array::from_fn(|i| i32::from(x[i]) * factors[i]);
    a.wrapping_add(b).wrapping_add(c.wrapping_add(d))
}

/// Inverse DCT of one block into 4 rows of 4 samples.
pub(super) fn idct_4x4(block: &Block, multipliers: &Block, out: &mut [u8], stride: usize) {
    let mut work = [[0i16; 8]; 4];
    let short = rows_are_zero(block, &[1, 2, 3, 5, 6, 7]);
    for column in [0, 1, 2, 3, 5, 6, 7] {
        let input = std::array::from_fn(|row| dequantize(block, multipliers, row * 8 + column));
        let output = if short {
            [input[0] << PASS1_BITS; 4]
        } else {
            inverse_4(input, CONST_BITS - PASS1_BITS + 1)
        };
        (0..4).for_each(|row| work[row][column] = output[row]);
    }
    for (row, values) in work.into_iter().enumerate() {
        let samples = inverse_4(values, CONST_BITS + PASS1_BITS + 4).map(sample);
        out[row * stride..row * stride + 4].copy_from_slice(&samples);
    }
}

/// Four outputs of an 8-point transform whose input 4 is ignored.
fn inverse_4(x: [i16; 8], bits: u32) -> [i16; 4] {
    const OUTER: [i32; 4] =
        [fix(2.562915447), fix(0.899976223), -fix(0.601344887), -fix(0.509795579)];
    const INNER: [i32; 4] =
        [fix(1.061594337), -fix(2.172734803), fix(1.451774981), -fix(0.211164243)];
    let dc = i32::from(x[0]) << (CONST_BITS + 1);
    let even = i32::from(x[2]) * fix(1.847759065) - i32::from(x[6]) * fix(0.765366865);
    let odd = [x[1], x[3], x[5], x[7]];
    let (outer, inner) = (dot(odd, OUTER), dot(odd, INNER));
    let (sum, difference) = (dc.wrapping_add(even), dc.wrapping_sub(even));
    [
        sum.wrapping_add(outer),
        difference.wrapping_add(inner),
        difference.wrapping_sub(inner),
        sum.wrapping_sub(outer),
    ]
    .map(|value| saturate(descale(value, bits)))
}

const ODD_2X2: [i32; 4] =
    [fix(3.624509785), -fix(1.272758580), fix(0.850430095), -fix(0.720959822)];

/// Inverse DCT of one block into 2 rows of 2 samples.
///
/// Column 0 stays 32 bits wide between the passes, the others saturate to 16.
pub(super) fn idct_2x2(block: &Block, multipliers: &Block, out: &mut [u8], stride: usize) {
    let column = |column: usize| {
        let at = |row: usize| dequantize(block, multipliers, row * 8 + column);
        let (dc, odd) =
            (i32::from(at(0)) << (CONST_BITS + 2), dot([at(1), at(3), at(5), at(7)], ODD_2X2));
        [dc.wrapping_add(odd), dc.wrapping_sub(odd)].map(|value| descale(value, CONST_BITS))
    };
    let first = column(0);
    let odd_columns = [column(1), column(3), column(5), column(7)];
    for row in 0..2 {
        let dc = first[row] << (CONST_BITS + 2);
        let odd = dot(odd_columns.map(|values| saturate(values[row])), ODD_2X2);
        let bits = CONST_BITS + PASS1_BITS + 5;
        let pair = [dc.wrapping_add(odd), dc.wrapping_sub(odd)].map(|value| descale(value, bits));
        out[row * stride..row * stride + 2]
            .copy_from_slice(&pair.map(|value| sample(saturate(value))));
    }
}
