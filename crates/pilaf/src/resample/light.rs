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

use super::kernels::numbers::{ABREAST, Transfer};

/// Parts of the straight line in [`Tables::codes`]: fewer than there are between two codes.
const PARTS: usize = 4096;

struct Tables {
    /// The light of each code.
    light: [f32; 256],
    /// The least light of each code.
    borders: [f32; 256],
    /// The code at the start of each part.
    codes: [u8; PARTS + 1],
}

/// The curve of sRGB, from code to light.
fn curve(code: f64) -> f64 {
    if code <= 0.04045 { code / 12.92 } else { ((code + 0.055) / 1.055).powf(2.4) }
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let light = std::array::from_fn(|code| curve(code as f64 / 255.0) as f32);
    let mut borders = [0.0; 256];
    for (code, border) in borders.iter_mut().enumerate().skip(1) {
        *border = curve((code as f64 - 0.5) / 255.0) as f32;
    }
    let codes = std::array::from_fn(|part| {
        let start = part as f32 / PARTS as f32;
        borders[1..].iter().filter(|&&border| border <= start).count() as u8
    });
    Tables { light, borders, codes }
});

impl Tables {
    /// The code of some light.
    #[inline]
    fn code(&self, light: f32) -> u8 {
        let light = light.clamp(0.0, 1.0);
        let code = self.codes[(light * PARTS as f32) as usize];
        // A part holds at most one border.
        match self.borders.get(usize::from(code) + 1) {
            Some(&border) if light >= border => code + 1,
            _ => code,
        }
    }
}

/// Light for codes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Light {
    /// Whether the last band is alpha.
    pub(super) alpha: bool,
}

impl Transfer for Light {
    type Stored = f32;
    type Number = f32;
    const SAMPLE_BYTES: usize = 1;

    #[inline(always)]
    fn decode(self, words: &[u32; ABREAST], bands: usize, sample: usize) -> [f32; ABREAST] {
        let light = &TABLES.light;
        let byte = |word: u32, at: usize| word.to_ne_bytes()[at];
        if !self.alpha {
            return words.map(|word| light[usize::from(byte(word, sample))]);
        }
        let at = sample / bands * bands + bands - 1;
        let alpha = words.map(|word| f32::from(byte(word, at)) / 255.0);
        if sample == at {
            return alpha;
        }
        let mut numbers = words.map(|word| light[usize::from(byte(word, sample))]);
        numbers.iter_mut().zip(alpha).for_each(|(number, alpha)| *number *= alpha);
        numbers
    }

    #[inline(always)]
    fn store(self, sum: f32) -> f32 {
        sum
    }

    #[inline(always)]
    fn encode(self, numbers: &[f32], bands: usize, pixels: &mut [u8]) {
        let tables = &*TABLES;
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
        TABLES.borders[1..].iter().filter(|&&border| border <= light).count() as u8
    }

    #[test]
    fn codes_survive_the_way_there_and_back() {
        for code in 0..=255 {
            assert_eq!(TABLES.code(TABLES.light[usize::from(code)]), code);
        }
    }

    #[test]
    fn every_border_and_its_neighbours_have_their_codes() {
        for border in TABLES.borders {
            for bits in border.to_bits().saturating_sub(2)..=border.to_bits() + 2 {
                let light = f32::from_bits(bits);
                assert_eq!(TABLES.code(light), plain_code(light), "{light}");
            }
        }
        for part in 0..=2 * PARTS {
            let light = part as f32 / (2 * PARTS) as f32;
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
        let light = Light { alpha: true };
        let words = [u32::from_ne_bytes([255, 0, 200, 255]); ABREAST];
        let numbers: [f32; 4] = std::array::from_fn(|sample| light.decode(&words, 2, sample)[0]);
        let mean = [(numbers[0] + numbers[2]) / 2.0, (numbers[1] + numbers[3]) / 2.0];
        let mut pixel = [0; 2];
        light.encode(&mean, 2, &mut pixel);
        assert_eq!(pixel, [200, 128]);
        light.encode(&[0.001, 0.001], 2, &mut pixel);
        assert_eq!(pixel, [0, 0]);
    }
}
