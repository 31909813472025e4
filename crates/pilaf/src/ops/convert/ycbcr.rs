//! JFIF's full-range YCbCr in fixed point of 6 bits: the precision of Pillow's tables, which is
//! less than that of a JPEG decoder.

/// `weight * value` in 64ths; half is added before the fraction is cut off toward zero.
const fn product(weight: f64, value: i32) -> i16 {
    (weight * 64.0 * value as f64 + 0.5) as i16
}

/// [`product`] of all 256 chroma values, which 128 is taken from.
const fn table(weight: f64) -> [i16; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = product(weight, i as i32 - 128);
        i += 1;
    }
    table
}

static R_CR: [i16; 256] = table(1.402);
static G_CB: [i16; 256] = table(-0.34414);
static G_CR: [i16; 256] = table(-0.71414);
static B_CB: [i16; 256] = table(1.772);

/// A positive weight in 64ths, in fixed point of 16 bits: precise enough for all bytes (a test compares).
const fn fixed(weight: f64) -> i32 {
    (weight * 64.0 * 65536.0 + 0.5) as i32
}

/// [`product`] of a byte and a positive weight, in steps that vectors have.
#[inline(always)]
fn plus(weight: i32, value: i32) -> i32 {
    (weight * value + 0x8000) >> 16
}

/// [`product`] of a byte and the negative of a weight.
#[inline(always)]
fn minus(weight: i32, value: i32) -> i32 {
    -((weight * value - 0x8000).max(0) >> 16)
}

#[inline(always)]
pub(super) fn from_rgb(rgb: [u8; 3]) -> [u8; 3] {
    const Y: [i32; 3] = [fixed(0.299), fixed(0.587), fixed(0.114)];
    const CB: [i32; 2] = [fixed(0.16874), fixed(0.33126)];
    const CR: [i32; 2] = [fixed(0.41869), fixed(0.08131)];
    let [r, g, b] = rgb.map(i32::from);
    // The third weight of chroma is a half: 32 64ths.
    [
        ((plus(Y[0], r) + plus(Y[1], g) + plus(Y[2], b)) >> 6) as u8,
        (((minus(CB[0], r) + minus(CB[1], g) + 32 * b) >> 6) + 128) as u8,
        (((32 * r + minus(CR[0], g) + minus(CR[1], b)) >> 6) + 128) as u8,
    ]
}

#[inline(always)]
pub(super) fn to_rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (cb, cr) = (usize::from(cb), usize::from(cr));
    let clip = |chroma: i16| (i16::from(y) + (chroma >> 6)).clamp(0, 255) as u8;
    [clip(R_CR[cr]), clip(G_CB[cb] + G_CR[cr]), clip(B_CB[cb])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_real_weights() {
        for weight in [0.299, 0.587, 0.114, 0.16874, 0.33126, 0.5, 0.41869, 0.08131] {
            for value in 0..256 {
                let exact = [product(weight, value), product(-weight, value)].map(i32::from);
                let weight = fixed(weight);
                assert_eq!([plus(weight, value), minus(weight, value)], exact, "{weight} {value}");
            }
        }
    }
}
