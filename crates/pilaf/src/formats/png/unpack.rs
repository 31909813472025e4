//! From the samples of a PNG row to the bytes of a Pillow mode.
//!
//! W3C PNG, 7.2 "Scanlines": samples below a byte are packed from the high bits down, rows begin
//! at a byte; 16-bit samples are big-endian.

use png::{BitDepth, ColorType};

/// Appends the `width` pixels of `row` to `pixels`.
pub(super) fn unpack_row(
    row: &[u8],
    color: ColorType,
    depth: BitDepth,
    width: usize,
    pixels: &mut Vec<u8>,
) {
    match (color, depth) {
        (ColorType::Grayscale, BitDepth::Sixteen) => {
            pixels.extend(row.as_chunks().0.iter().flat_map(|&[high, low]| [low, high]));
        }
        (ColorType::GrayscaleAlpha, BitDepth::Sixteen) => {
            let grey = |&[v, _, a, _]: &[u8; 4]| [v, v, v, a];
            pixels.extend(row.as_chunks().0.iter().flat_map(grey));
        }
        (_, BitDepth::Sixteen) => pixels.extend(row.iter().step_by(2)),
        (_, BitDepth::Eight) => pixels.extend_from_slice(row),
        (ColorType::Grayscale, _) => {
            let scale = 255 / ((1u16 << depth as u8) - 1) as u8;
            pixels.extend(samples(row, depth as usize).take(width).map(|v| v * scale));
        }
        _ => pixels.extend(samples(row, depth as usize).take(width)),
    }
}

/// The samples of 1, 2 or 4 bits in `row`.
fn samples(row: &[u8], bits: usize) -> impl Iterator<Item = u8> {
    let mask = ((1u16 << bits) - 1) as u8;
    row.iter()
        .flat_map(move |&byte| (0..8 / bits).map(move |i| (byte >> (8 - bits * (i + 1))) & mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(row: &[u8], color: ColorType, depth: BitDepth, width: usize) -> Vec<u8> {
        let mut pixels = Vec::new();
        unpack_row(row, color, depth, width, &mut pixels);
        pixels
    }

    #[test]
    fn narrow_samples_come_from_the_high_bits() {
        use {BitDepth::*, ColorType::*};
        assert_eq!(unpack(&[0b1010_0000], Grayscale, One, 3), [255, 0, 255]);
        assert_eq!(unpack(&[0b0001_1011, 0b1100_0000], Grayscale, Two, 5), [0, 85, 170, 255, 255]);
        assert_eq!(unpack(&[0x2F], Indexed, Four, 2), [2, 15]);
    }

    #[test]
    fn wide_samples_keep_their_high_bytes() {
        use {BitDepth::Sixteen, ColorType::*};
        assert_eq!(unpack(&[0x12, 0x34], Grayscale, Sixteen, 1), [0x34, 0x12]);
        assert_eq!(unpack(&[9, 1, 8, 2], GrayscaleAlpha, Sixteen, 1), [9, 9, 9, 8]);
        assert_eq!(unpack(&[1, 9, 2, 9, 3, 9], Rgb, Sixteen, 1), [1, 2, 3]);
    }
}
