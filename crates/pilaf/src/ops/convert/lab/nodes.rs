//! The exact conversions, as LittleCMS evaluates them at the nodes of a grid.
//!
//! All numbers are encoded: from 0 to 1 for what 16 bits can hold. XYZ goes to nearly 2 there
//! (ICC.1, 6.3.4.2), L\* to 100, and a\* and b\* go from -128 to 127.

use super::srgb::{self, D50, Matrix};

/// The XYZ that is encoded as 1.
const XYZ_MAX: f64 = 1.0 + 32767.0 / 32768.0;

/// Lab of a colour of sRGB.
pub(super) fn lab_of_rgb() -> impl Fn([f32; 3]) -> [f32; 3] {
    let matrix = scaled(srgb::colorants(), 1.0 / XYZ_MAX);
    move |color| {
        let linear = color.map(|sample| srgb::light(f64::from(sample)) as f32);
        let [x, y, z] = apply(&matrix, linear);
        let [x, y, z] = [(x, D50[0]), (y, D50[1]), (z, D50[2])]
            .map(|(v, white)| lightness(f64::from(v) * XYZ_MAX / white));
        let (l, a, b) = (116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z));
        [(l / 100.0) as f32, ((a + 128.0) / 255.0) as f32, ((b + 128.0) / 255.0) as f32]
    }
}

/// The colour of sRGB of a Lab; outside of 0 to 1 where sRGB has none.
pub(super) fn rgb_of_lab() -> impl Fn([f32; 3]) -> [f32; 3] {
    let matrix = scaled(srgb::inverse(&srgb::colorants()), XYZ_MAX);
    move |[l, a, b]| {
        let l = f64::from(l) * 100.0;
        let [a, b] = [a, b].map(|v| f64::from(v) * 255.0 - 128.0);
        let y = (l + 16.0) / 116.0;
        let xyz = [(y + 0.002 * a, D50[0]), (y, D50[1]), (y - 0.005 * b, D50[2])]
            .map(|(v, white)| (luminance(v) * white / XYZ_MAX) as f32);
        apply(&matrix, xyz).map(|light| srgb::sample(f64::from(light)) as f32)
    }
}

/// The function `f` of CIE 15, 8.2.1: a cube root, and a line near black.
fn lightness(t: f64) -> f64 {
    const END_OF_LINE: f64 = (24.0 / 116.0) * (24.0 / 116.0) * (24.0 / 116.0);
    if t <= END_OF_LINE { (841.0 / 108.0) * t + 16.0 / 116.0 } else { t.powf(1.0 / 3.0) }
}

/// The inverse of [`lightness`].
fn luminance(t: f64) -> f64 {
    if t <= 24.0 / 116.0 { (108.0 / 841.0) * (t - 16.0 / 116.0) } else { t * t * t }
}

/// In `f64`, rounded at the end.
fn apply(matrix: &Matrix, v: [f32; 3]) -> [f32; 3] {
    let [x, y, z] = v.map(f64::from);
    matrix.map(|row| (x * row[0] + y * row[1] + z * row[2]) as f32)
}

fn scaled(matrix: Matrix, factor: f64) -> Matrix {
    matrix.map(|row| row.map(|v| v * factor))
}
