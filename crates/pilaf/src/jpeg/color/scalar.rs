//! The specification of each colour conversion.
//!
//! All take planes of at least as many samples as `out` has pixels.

/// `x` with 16 fraction bits, rounded.
const fn fix(x: f64) -> i32 {
    (x * 65536.0 + 0.5) as i32
}

const HALF: i32 = 1 << 15;

/// Red, green and blue of one pixel before the clamp. Only the chroma terms have fractions to round: red
/// and blue each on their own, the two terms of green together.
fn rgb(y: u8, cb: u8, cr: u8) -> [i32; 3] {
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    [
        y + ((fix(1.40200) * cr + HALF) >> 16),
        y + ((-fix(0.34414) * cb - fix(0.71414) * cr + HALF) >> 16),
        y + ((fix(1.77200) * cb + HALF) >> 16),
    ]
}

fn clamp(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

/// YCbCr to RGB, interleaved.
pub(crate) fn ycc_to_rgb(y: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) {
    for (x, pixel) in out.chunks_exact_mut(3).enumerate() {
        pixel.copy_from_slice(&rgb(y[x], cb[x], cr[x]).map(clamp));
    }
}

/// YCCK to CMYK, interleaved: CMY is 255 minus the RGB of YCC, K is copied.
pub(crate) fn ycck_to_cmyk(y: &[u8], cb: &[u8], cr: &[u8], k: &[u8], out: &mut [u8]) {
    for (x, pixel) in out.chunks_exact_mut(4).enumerate() {
        pixel[..3].copy_from_slice(&rgb(y[x], cb[x], cr[x]).map(|value| clamp(255 - value)));
        pixel[3] = k[x];
    }
}

/// Planes to pixels without a change of colour space (RGB, CMYK, YCbCr).
#[inline(always)]
pub(super) fn interleave<const N: usize>(planes: [&[u8]; N], out: &mut [u8]) {
    let pixels = out.as_chunks_mut::<N>().0;
    let planes = planes.map(|plane| &plane[..pixels.len()]);
    for (x, pixel) in pixels.iter_mut().enumerate() {
        for (sample, plane) in pixel.iter_mut().zip(&planes) {
            *sample = plane[x];
        }
    }
}

/// Complements every sample: Adobe writes CMYK inverted, and Pillow presents it upright.
pub(crate) fn invert(samples: &mut [u8]) {
    samples.iter_mut().for_each(|sample| *sample = !*sample);
}

/// The luminance of RGB planes (Rec. 601 weights), as libjpeg gives for RGB files read as grey.
pub(crate) fn rgb_to_grey(red: &[u8], green: &[u8], blue: &[u8], out: &mut [u8]) {
    for (x, grey) in out.iter_mut().enumerate() {
        let sum = fix(0.29900) * i32::from(red[x])
            + fix(0.58700) * i32::from(green[x])
            + fix(0.11400) * i32::from(blue[x]);
        *grey = ((sum + HALF) >> 16) as u8;
    }
}
