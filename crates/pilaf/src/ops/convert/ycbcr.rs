//! JFIF's full-range YCbCr in fixed point of 6 bits: the precision of Pillow's tables, which is
//! less than that of a JPEG decoder.

/// `weight * value` in 64ths; half is added before the fraction is cut off toward zero.
const fn product(weight: f64, value: i32) -> i16 {
    (weight * 64.0 * value as f64 + 0.5) as i16
}

/// [`product`] of all 256 values from `first` on.
const fn table(weight: f64, first: i32) -> [i16; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = product(weight, first + i as i32);
        i += 1;
    }
    table
}

static Y_R: [i16; 256] = table(0.299, 0);
static Y_G: [i16; 256] = table(0.587, 0);
static Y_B: [i16; 256] = table(0.114, 0);
static CB_R: [i16; 256] = table(-0.16874, 0);
static CB_G: [i16; 256] = table(-0.33126, 0);
static HALF: [i16; 256] = table(0.5, 0);
static CR_G: [i16; 256] = table(-0.41869, 0);
static CR_B: [i16; 256] = table(-0.08131, 0);
static R_CR: [i16; 256] = table(1.402, -128);
static G_CB: [i16; 256] = table(-0.34414, -128);
static G_CR: [i16; 256] = table(-0.71414, -128);
static B_CB: [i16; 256] = table(1.772, -128);

#[inline(always)]
pub(super) fn from_rgb(rgb: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = rgb.map(usize::from);
    [
        ((Y_R[r] + Y_G[g] + Y_B[b]) >> 6) as u8,
        (((CB_R[r] + CB_G[g] + HALF[b]) >> 6) + 128) as u8,
        (((HALF[r] + CR_G[g] + CR_B[b]) >> 6) + 128) as u8,
    ]
}

#[inline(always)]
pub(super) fn to_rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (cb, cr) = (usize::from(cb), usize::from(cr));
    let clip = |chroma: i16| (i16::from(y) + (chroma >> 6)).clamp(0, 255) as u8;
    [clip(R_CR[cr]), clip(G_CB[cb] + G_CR[cr]), clip(B_CB[cb])]
}
