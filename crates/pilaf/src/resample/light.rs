//! Averages of light instead of averages of codes.
//!
//! Samples of images are codes on a curve near to how bright they look; light adds up on a
//! straight line. Means of codes are too dark: of black and white lines, shrunk away, remains 128
//! where it should be 188. Here samples become light by the curve of sRGB (IEC 61966-2-1:1999),
//!
//! ```text
//! light = code / 12.92                         code up to 0.04045
//! light = ((code + 0.055) / 1.055) ^ 2.4       above
//! ```
//!
//! with codes and light from 0 to 1, and light becomes the 8-bit code that is nearest, a half
//! upwards. Alpha is no light: it is averaged as it is, and light is multiplied by it before and
//! divided by it after. Where alpha comes out as 0, so does colour.
//!
//! Numbers are `f32`: the curve is computed in `f64` and rounded once, weights are Pillow's with
//! 22 bits, columns go first. Against the same in `f64`, codes differ by 1 at most, where a sum
//! lies within 1e-4 of a code's border: about one of ten thousand in noise.

use std::sync::LazyLock;

use super::kernels::numbers::Transfer;

/// Parts that the light of a factor of two is cut into: in none of them begin two codes.
const PARTS: u32 = 128;

/// The least light that is told apart: code 1 begins above it.
const LEAST: f32 = 1.0 / 8192.0;

/// Where some light is found in [`Tables::parts`]: its exponent and the first bits behind.
#[inline(always)]
fn part_of(light: f32) -> usize {
    ((light.to_bits() - LEAST.to_bits()) >> (f32::MANTISSA_DIGITS - 1 - PARTS.ilog2())) as usize
}

/// Light that differs by few bits.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The code at its start.
    code: u32,
    /// The light from which on it is the next one.
    next: f32,
}

struct Tables {
    /// The light of each code.
    light: [f32; 256],
    /// The parts from [`LEAST`] up to 1, and some that no light is in.
    parts: [Part; 2048],
}

/// The curve of sRGB, from code to light.
fn curve(code: f64) -> f64 {
    if code <= 0.04045 { code / 12.92 } else { ((code + 0.055) / 1.055).powf(2.4) }
}

/// The least light of a code above 0.
fn border(code: u32) -> f32 {
    curve((f64::from(code) - 0.5) / 255.0) as f32
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    light: std::array::from_fn(|code| curve(code as f64 / 255.0) as f32),
    parts: parts(),
});

fn parts() -> [Part; 2048] {
    let mut parts = [Part { code: 255, next: f32::INFINITY }; 2048];
    let mut code = 0;
    for (index, part) in parts.iter_mut().enumerate().take(part_of(1.0) + 1) {
        let shift = f32::MANTISSA_DIGITS - 1 - PARTS.ilog2();
        let start = f32::from_bits(LEAST.to_bits() + ((index as u32) << shift));
        while code < 255 && border(code + 1) <= start {
            code += 1;
        }
        *part = Part { code, next: if code < 255 { border(code + 1) } else { f32::INFINITY } };
    }
    parts
}

impl Tables {
    /// The code of some light.
    #[inline(always)]
    #[allow(clippy::manual_clamp, reason = "`clamp` would keep a NaN, which has no part")]
    fn code(&self, light: f32) -> u8 {
        let light = light.max(LEAST).min(1.0);
        let part = &self.parts[part_of(light) % self.parts.len()];
        (part.code + u32::from(light >= part.next)) as u8
    }
}

/// Light for codes.
#[derive(Clone, Copy)]
pub(super) struct Light {
    /// Whether the last band is alpha.
    alpha: bool,
    tables: &'static Tables,
}

impl Light {
    pub(super) fn new(alpha: bool) -> Self {
        Self { alpha, tables: &TABLES }
    }
}

impl Transfer for Light {
    type Stored = f32;
    type Number = f32;
    const SAMPLE_BYTES: usize = 1;

    #[inline(always)]
    fn decode(self, word: u32, bands: usize, sample: usize) -> f32 {
        let bytes = word.to_ne_bytes();
        let light = |at: usize| self.tables.light[usize::from(bytes[at])];
        if !self.alpha {
            return light(sample);
        }
        let at = sample / bands * bands + bands - 1;
        let alpha = f32::from(bytes[at]) / 255.0;
        if sample == at { alpha } else { light(sample) * alpha }
    }

    #[inline(always)]
    fn store(self, sum: f32) -> f32 {
        sum
    }

    #[inline(always)]
    fn encode(self, numbers: &[f32], bands: usize, pixels: &mut [u8]) {
        let tables = self.tables;
        if !self.alpha {
            for (code, &light) in pixels.iter_mut().zip(numbers) {
                *code = tables.code(light);
            }
            return;
        }
        for (numbers, pixel) in numbers.chunks_exact(bands).zip(pixels.chunks_exact_mut(bands)) {
            let alpha = numbers[bands - 1];
            pixel[bands - 1] = (alpha.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
            let visible = pixel[bands - 1] > 0;
            for (code, &light) in pixel.iter_mut().zip(&numbers[..bands - 1]) {
                *code = if visible { tables.code(light / alpha) } else { 0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without the table of parts.
    fn plain_code(light: f32) -> u8 {
        (1..=255).filter(|&code| border(code) <= light).count() as u8
    }

    #[test]
    fn codes_survive_the_way_there_and_back() {
        for code in 0..=255 {
            assert_eq!(TABLES.code(TABLES.light[usize::from(code)]), code);
        }
    }

    #[test]
    fn every_border_and_its_neighbours_have_their_codes() {
        for bits in (1..=255).flat_map(|code| {
            let border = border(code).to_bits();
            border - 2..=border + 2
        }) {
            let light = f32::from_bits(bits);
            assert_eq!(TABLES.code(light), plain_code(light), "{light}");
        }
        for part in 0..=8192 {
            let light = part as f32 / 8192.0;
            assert_eq!(TABLES.code(light), plain_code(light), "{light}");
        }
        assert_eq!([-1.0, 2.0, f32::INFINITY].map(|light| TABLES.code(light)), [0, 255, 255]);
    }

    /// Values of IEC 61966-2-1 worked out with 30 digits.
    #[test]
    fn the_curve_is_that_of_srgb() {
        let known =
            [(0.0, 0.0), (0.04045, 0.003_130_804_954), (0.5, 0.214_041_140_482_232_55), (1.0, 1.0)];
        for (code, light) in known {
            assert!((curve(code) - light).abs() < 1e-11, "{code}");
        }
    }

    #[test]
    fn hidden_colour_does_not_show() {
        let light = Light::new(true);
        let word = u32::from_ne_bytes([255, 0, 200, 255]);
        let numbers: [f32; 4] = std::array::from_fn(|sample| light.decode(word, 2, sample));
        let mean = [(numbers[0] + numbers[2]) / 2.0, (numbers[1] + numbers[3]) / 2.0];
        let mut pixel = [0; 2];
        light.encode(&mean, 2, &mut pixel);
        assert_eq!(pixel, [200, 128]);
        light.encode(&[0.001, 0.001], 2, &mut pixel);
        assert_eq!(pixel, [0, 0]);
    }
}
