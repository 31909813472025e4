//! The scaled transforms without SIMD in libjpeg-turbo: 1, 3, 5, 6, 7, 10, 12 and 14 samples a side.
//!
//! An N-point inverse DCT is applied to the lowest min(N, 8) coefficients of each column, then of each row.
//! Values are 64 bits wide inside a pass and cut to 32 between the passes; the output is taken modulo 1024
//! before it is clamped, which shows only in damaged files. Factorisations as published with libjpeg 7 and
//! later (G. Vollbeding); `cK` below is `sqrt(2) cos(K pi / 2N)`.

use super::Block;

const CONST_BITS: u32 = 13;
const PASS1_BITS: u32 = 2;

const fn fix(x: f64) -> i64 {
    (x * (1 << CONST_BITS) as f64 + 0.5) as i64
}

/// The sample of a transform output: the low ten bits as a signed number, clamped, plus 128.
fn sample(value: i64) -> u8 {
    let wrapped = ((value as i32) << 22) >> 22;
    (wrapped.clamp(-128, 127) + 128) as u8
}

/// The one sample of a 1x1 output: an eighth of the DC coefficient.
#[inline]
pub(super) fn idct_1x1(dc: i16, multiplier: i16) -> u8 {
    sample((i64::from(dc) * i64::from(multiplier) + 4) >> 3)
}

/// Inverse DCT of one block into `size` rows of `size` samples.
pub(super) fn idct(size: usize, block: &Block, multipliers: &Block, out: &mut [u8], stride: usize) {
    match size {
        3 => two_passes(inverse_3, block, multipliers, out, stride),
        5 => two_passes(inverse_5, block, multipliers, out, stride),
        6 => two_passes(inverse_6, block, multipliers, out, stride),
        7 => two_passes(inverse_7, block, multipliers, out, stride),
        10 => two_passes(inverse_10, block, multipliers, out, stride),
        12 => two_passes(inverse_12, block, multipliers, out, stride),
        14 => two_passes(inverse_14, block, multipliers, out, stride),
        _ => unreachable!("Idct::new admits no size {size} here"),
    }
}

/// Columns, then rows. `inverse` takes a first input that is scaled by 2^13 and holds the rounding term.
fn two_passes<const N: usize>(
    inverse: fn([i64; 8]) -> [i64; N],
    block: &Block,
    multipliers: &Block,
    out: &mut [u8],
    stride: usize,
) {
    let mut work = [[0i32; 8]; N];
    for column in 0..N.min(8) {
        let mut x: [i64; 8] = std::array::from_fn(|k| {
            i64::from(block[k * 8 + column]) * i64::from(multipliers[k * 8 + column])
        });
        x[0] = (x[0] << CONST_BITS) + (1 << (CONST_BITS - PASS1_BITS - 1));
        for (row, value) in inverse(x).into_iter().enumerate() {
            work[row][column] = (value >> (CONST_BITS - PASS1_BITS)) as i32;
        }
    }
    for (row, values) in work.into_iter().enumerate() {
        let mut x = values.map(i64::from);
        x[0] = (x[0] + (1 << (PASS1_BITS + 2))) << CONST_BITS;
        let samples = inverse(x).map(|value| sample(value >> (CONST_BITS + PASS1_BITS + 3)));
        out[row * stride..row * stride + N].copy_from_slice(&samples);
    }
}

/// Outputs of even and odd halves: `even[k] + odd[k]` from the front, `even[k] - odd[k]` from the back.
fn butterfly<const N: usize, const H: usize>(even: [i64; H], odd: [i64; H]) -> [i64; N] {
    std::array::from_fn(|k| if k < H { even[k] + odd[k] } else { even[N - 1 - k] - odd[N - 1 - k] })
}

fn inverse_3(x: [i64; 8]) -> [i64; 3] {
    let c2 = x[2] * fix(0.707106781);
    let c1 = x[1] * fix(1.224744871);
    [x[0] + c2 + c1, x[0] - 2 * c2, x[0] + c2 - c1]
}

fn inverse_5(x: [i64; 8]) -> [i64; 5] {
    let sum = (x[2] + x[4]) * fix(0.790569415); // (c2+c4)/2
    let difference = (x[2] - x[4]) * fix(0.353553391); // (c2-c4)/2
    let base = x[0] + difference;
    let c3 = (x[1] + x[3]) * fix(0.831253876);
    let odd = [c3 + x[1] * fix(0.513743148), c3 - x[3] * fix(2.176250899)]; // c1-c3, c1+c3
    let even = [base + sum, base - sum];
    [even[0] + odd[0], even[1] + odd[1], x[0] - 4 * difference, even[1] - odd[1], even[0] - odd[0]]
}

fn inverse_6(x: [i64; 8]) -> [i64; 6] {
    let c4 = x[4] * fix(0.707106781);
    let c2 = x[2] * fix(1.224744871);
    let even = [x[0] + c4 + c2, x[0] - 2 * c4, x[0] + c4 - c2];
    let c5 = (x[1] + x[5]) * fix(0.366025404);
    let odd = [
        c5 + ((x[1] + x[3]) << CONST_BITS),
        (x[1] - x[3] - x[5]) << CONST_BITS,
        c5 + ((x[5] - x[3]) << CONST_BITS),
    ];
    butterfly(even, odd)
}

fn inverse_7(x: [i64; 8]) -> [i64; 7] {
    let c4 = (x[4] - x[6]) * fix(0.881747734);
    let c6 = (x[2] - x[4]) * fix(0.314692123);
    let outer = x[2] + x[6];
    let c2 = outer * fix(1.274162392) + x[0];
    let even = [
        c4 + c2 - x[6] * fix(0.077722536),        // c2-c4-c6
        c4 + c6 + x[0] - x[4] * fix(1.841218003), // c2+c4-c6
        c6 + c2 - x[2] * fix(2.470602249),        // c2+c4+c6
    ];
    let middle = x[0] + (x[4] - outer) * fix(1.414213562); // c0

    let a = (x[1] + x[3]) * fix(0.935414347); // (c3+c1-c5)/2
    let b = (x[1] - x[3]) * fix(0.170262339); // (c3+c5-c1)/2
    let c1 = (x[3] + x[5]) * -fix(1.378756276);
    let c5 = (x[1] + x[5]) * fix(0.613604268);
    let odd = [a - b + c5, a + b + c1, c1 + c5 + x[5] * fix(1.870828693)]; // c3+c1-c5
    let [o0, o1, o2] = odd;
    let [e0, e1, e2] = even;
    [e0 + o0, e1 + o1, e2 + o2, middle, e2 - o2, e1 - o1, e0 - o0]
}

fn inverse_10(x: [i64; 8]) -> [i64; 10] {
    let c4 = x[4] * fix(1.144122806);
    let c8 = x[4] * fix(0.437016024);
    let c6 = (x[2] + x[6]) * fix(0.831253876);
    let inner = c6 + x[2] * fix(0.513743148); // c2-c6
    let outer = c6 - x[6] * fix(2.176250899); // c2+c6
    let even = [
        x[0] + c4 + inner,
        x[0] - c8 + outer,
        x[0] - 2 * (c4 - c8), // c0
        x[0] - c8 - outer,
        x[0] + c4 - inner,
    ];

    let (sum, difference) = (x[3] + x[7], x[3] - x[7]);
    let half = difference * fix(0.309016994); // (c3-c7)/2
    let five = x[5] << CONST_BITS;
    let a = sum * fix(0.951056516); // (c3+c7)/2
    let b = sum * fix(0.587785252); // (c1-c9)/2
    let c = five - half - (difference << (CONST_BITS - 1));
    let odd = [
        x[1] * fix(1.396802247) + a + (five + half), // c1
        x[1] * fix(1.260073511) - b - c,             // c3
        (x[1] - difference - x[5]) << CONST_BITS,
        x[1] * fix(0.642039522) - b + c,             // c7
        x[1] * fix(0.221231742) - a + (five + half), // c9
    ];
    butterfly(even, odd)
}

fn inverse_12(x: [i64; 8]) -> [i64; 12] {
    let c4 = x[4] * fix(1.224744871);
    let c2 = x[2] * fix(1.366025404);
    let (two, six) = (x[2] << CONST_BITS, x[6] << CONST_BITS);
    let even = [
        x[0] + c4 + (c2 + six),
        x[0] + (two - six),
        x[0] - c4 + (c2 - two - six),
        x[0] - c4 - (c2 - two - six),
        x[0] - (two - six),
        x[0] + c4 - (c2 + six),
    ];

    let c3 = x[3] * fix(1.306562965);
    let c9 = x[3] * -fix(0.541196100);
    let c7 = (x[1] + x[5] + x[7]) * fix(0.860918669);
    let c5 = c7 + (x[1] + x[5]) * fix(0.261052384); // c5-c7
    let c11 = (x[5] + x[7]) * -fix(1.045510580); // -(c7+c11)
    let (front, back) = (x[1] - x[7], x[3] - x[5]);
    let turn = (front + back) * fix(0.541196100); // c9
    let odd = [
        c5 + c3 + x[1] * fix(0.280143716),       // c1-c5
        turn + front * fix(0.765366865),         // c3-c9
        c5 + c11 + c9 - x[5] * fix(1.478575242), // c1+c5-c7-c11
        c11 + c7 - c3 + x[7] * fix(1.586706681), // c1+c11
        turn - back * fix(1.847759065),          // c3+c9
        c7 + c9 - x[1] * fix(0.676326758) - x[7] * fix(1.982889723), // c7-c11, c5+c7
    ];
    butterfly(even, odd)
}

fn inverse_14(x: [i64; 8]) -> [i64; 14] {
    let c4 = x[4] * fix(1.274162392);
    let c12 = x[4] * fix(0.314692123);
    let c8 = x[4] * fix(0.881747734);
    let c6 = (x[2] + x[6]) * fix(1.105676686);
    let a = c6 + x[2] * fix(0.273079590); // c2-c6
    let b = c6 - x[6] * fix(1.719280954); // c6+c10
    let c = x[2] * fix(0.613604268) - x[6] * fix(1.378756276); // c10, c2
    let even = [
        x[0] + c4 + a,
        x[0] + c12 + b,
        x[0] - c8 + c,
        x[0] - 2 * (c4 + c12 - c8), // c0
        x[0] - c8 - c,
        x[0] + c12 - b,
        x[0] + c4 - a,
    ];

    let seven = x[7] << CONST_BITS;
    let c3 = (x[1] + x[3]) * fix(1.334852607);
    let c5 = (x[1] + x[5]) * fix(1.197448846);
    let c9 = (x[1] + x[5]) * fix(0.752406978);
    let c11 = (x[1] - x[3]) * fix(0.467085129) - seven;
    let c13 = (x[3] + x[5]) * -fix(0.158341681) - seven;
    let c1 = (x[5] - x[3]) * fix(1.405321284);
    let odd = [
        c3 + c5 + seven - x[1] * fix(1.126980169), // c3+c5-c1
        c3 + c13 - x[3] * fix(0.424103948),        // c3-c9-c13
        c5 + c13 - x[5] * fix(2.373959773),        // c3+c5-c13
        (x[1] - x[3] - x[5] + x[7]) << CONST_BITS,
        c9 + c1 + seven - x[5] * fix(1.6906431334), // c1+c9-c11
        c11 + c1 + x[3] * fix(0.674957567),         // c1+c11-c5
        c9 - x[1] * fix(1.061150426) + c11,         // c9+c11-c13
    ];
    butterfly(even, odd)
}
