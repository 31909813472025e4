//! JFIF's full-range YCbCr in fixed point of 6 bits: the precision of Pillow's tables, which is
//! less than that of a JPEG decoder.

/// A positive weight in 64ths, in fixed point of 16 bits: precise enough for all bytes (a test compares).
const fn fixed(weight: f64) -> i32 {
    (weight * 64.0 * 65536.0 + 0.5) as i32
}

/// `weight * value` in 64ths; half is added before the fraction is cut off toward zero.
#[inline(always)]
fn product(weight: i32, value: i32) -> i32 {
    (weight * value + 0x8000) / 65536
}

/// [`product`] of a byte and a positive weight, in fewer steps.
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
    const R_CR: i32 = fixed(1.402);
    const G: [i32; 2] = [-fixed(0.34414), -fixed(0.71414)];
    const B_CB: i32 = fixed(1.772);
    let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
    let clip = |chroma: i32| (i32::from(y) + (chroma >> 6)).clamp(0, 255) as u8;
    [clip(product(R_CR, cr)), clip(product(G[0], cb) + product(G[1], cr)), clip(product(B_CB, cb))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_real_weights() {
        const TO_YCC: [f64; 8] = [0.299, 0.587, 0.114, 0.16874, 0.33126, 0.5, 0.41869, 0.08131];
        const TO_RGB: [f64; 4] = [1.402, 0.34414, 0.71414, 1.772];
        for weight in TO_YCC.into_iter().chain(TO_RGB) {
            let exact = |weight: f64, value| (weight * 64.0 * f64::from(value) + 0.5) as i32;
            for value in -128..256 {
                let both = [product(fixed(weight), value), product(-fixed(weight), value)];
                assert_eq!(both, [exact(weight, value), exact(-weight, value)], "{weight} {value}");
            }
            for value in 0..256 {
                let both = [plus(fixed(weight), value), minus(fixed(weight), value)];
                assert_eq!(both, [exact(weight, value), exact(-weight, value)], "{weight} {value}");
            }
        }
    }
}
