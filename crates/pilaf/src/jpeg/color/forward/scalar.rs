//! The specification of each conversion.

/// `x` with 16 fraction bits, rounded.
const fn fix(x: f64) -> i32 {
    (x * 65536.0 + 0.5) as i32
}

const HALF: i32 = 1 << 15;

/// Luma and chroma of one pixel. Chroma halves are rounded down, so that the largest value, 255.5,
/// stays a byte.
fn ycc(red: u8, green: u8, blue: u8) -> [u8; 3] {
    let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
    let centre = (128 << 16) + HALF - 1;
    let y = fix(0.29900) * red + fix(0.58700) * green + fix(0.11400) * blue + HALF;
    let cb = fix(0.5) * blue - fix(0.16874) * red - fix(0.33126) * green + centre;
    let cr = fix(0.5) * red - fix(0.41869) * green - fix(0.08131) * blue + centre;
    [y, cb, cr].map(|value| (value >> 16) as u8)
}

/// As [`super::rgb_to_ycc`].
pub(super) fn rgb_to_ycc<const N: usize>(pixels: &[u8], [y, cb, cr]: [&mut [u8]; 3]) {
    for (x, pixel) in pixels.chunks_exact(N).enumerate() {
        [y[x], cb[x], cr[x]] = ycc(pixel[0], pixel[1], pixel[2]);
    }
}

/// Pixels of `N` bytes to planes without a change of colour space; bytes past the planes are
/// dropped.
#[inline(always)]
pub(super) fn deinterleave<const N: usize, const P: usize>(pixels: &[u8], planes: [&mut [u8]; P]) {
    let pixels = pixels.as_chunks::<N>().0;
    let mut planes = planes.map(|plane| &mut plane[..pixels.len()]);
    for (x, pixel) in pixels.iter().enumerate() {
        for (plane, &sample) in planes.iter_mut().zip(pixel) {
            plane[x] = sample;
        }
    }
}

/// As [`deinterleave`], every sample complemented: Adobe's CMYK.
pub(crate) fn deinterleave_inverted<const N: usize>(pixels: &[u8], mut planes: [&mut [u8]; N]) {
    for (x, pixel) in pixels.chunks_exact(N).enumerate() {
        planes.iter_mut().zip(pixel).for_each(|(plane, &sample)| plane[x] = !sample);
    }
}
