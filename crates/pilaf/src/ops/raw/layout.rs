//! Which raw modes each mode has, and how their bytes are laid out. The names are Pillow's.

use super::number::Number;
use crate::image::{Mode, Sample};

/// Stands for a byte of 255 (unpacking) or 0 (packing) in [`Layout::Swizzle`].
pub(super) const PAD: u8 = 0xFF;

/// How the pixels of a row lie in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// As in memory: so many bytes a pixel.
    Copy(u8),
    /// Samples of 1, 2 or 4 bits, the first in the highest.
    Bits { depth: u8, scale: u8, reversed: bool, inverted: bool },
    /// One plane for each bit of an index, row by row, the lowest bit first.
    BitPlanes(usize),
    /// A whole number of bytes a pixel; each band is at an offset, or [`PAD`].
    Swizzle { bytes: u8, bands: [u8; 4] },
    /// All of the first band of a row, then all of the second, ...
    Lines(u8),
    /// One band: at an offset within a sample.
    Band { band: u8, bytes: u8, at: u8, inverted: bool },
    /// As in memory, the first bands of each pixel inverted.
    Inverted { bytes: u8, bands: u8 },
    /// As in memory, bits of each byte reversed: so many bytes a pixel.
    Reversed(u8),
    /// Bytes that are not 0 are white.
    Truth,
    /// Two bytes of bit fields: widths of the fields from the lowest bit, and which band each is.
    Fields { widths: [u8; 4], bands: [u8; 4], inverted_alpha: bool },
    /// Colour multiplied by alpha at the given offsets.
    Premultiplied { bytes: u8, bands: [u8; 4] },
    /// Inks that are mixed to RGB when read.
    Cmyk,
    /// RGB that inks are mixed to when written.
    MixedInks,
    /// LAB with a and b as signed bytes.
    Lab,
    /// Numbers of another type.
    Number(Number),
    /// 12-bit integers, two in three bytes.
    Twelve,
}

impl Layout {
    /// Bits of one pixel.
    pub(super) fn bits(&self) -> usize {
        match *self {
            Self::Bits { depth, .. } => usize::from(depth),
            Self::BitPlanes(planes) => planes,
            Self::Swizzle { bytes, .. }
            | Self::Band { bytes, .. }
            | Self::Premultiplied { bytes, .. } => 8 * usize::from(bytes),
            Self::Inverted { bytes, .. }
            | Self::Copy(bytes)
            | Self::Reversed(bytes)
            | Self::Lines(bytes) => 8 * usize::from(bytes),
            Self::Truth => 8,
            Self::Fields { .. } => 16,
            Self::Cmyk => 32,
            Self::MixedInks | Self::Lab => 24,
            Self::Number(number) => 8 * number.bytes(),
            Self::Twelve => 12,
        }
    }
}

const fn bits(depth: u8, scale: u8) -> Layout {
    Layout::Bits { depth, scale, reversed: false, inverted: false }
}

const fn swizzle(bytes: u8, bands: [u8; 4]) -> Layout {
    Layout::Swizzle { bytes, bands }
}

/// One band of 8 bits.
const fn band(band: u8) -> Layout {
    Layout::Band { band, bytes: 1, at: 0, inverted: false }
}

/// The high byte of one band of 16 bits.
const fn band_16(band: u8, at: u8) -> Layout {
    Layout::Band { band, bytes: 2, at, inverted: false }
}

const fn fields(widths: [u8; 4], bands: [u8; 4]) -> Layout {
    Layout::Fields { widths, bands, inverted_alpha: false }
}

const fn premultiplied(bytes: u8, bands: [u8; 4]) -> Layout {
    Layout::Premultiplied { bytes, bands }
}

const LITTLE_16: [u8; 4] = [1, 3, 5, 7];
const BIG_16: [u8; 4] = [0, 2, 4, 6];
const NATIVE_16: [u8; 4] = if cfg!(target_endian = "big") { BIG_16 } else { LITTLE_16 };
const RGB: [u8; 4] = [0, 1, 2, PAD];

fn opaque([r, g, b, _]: [u8; 4]) -> [u8; 4] {
    [r, g, b, PAD]
}

/// The layout that `mode` is read from under the name `raw`.
pub(super) fn unpacker(mode: Mode, raw: &str) -> Option<Layout> {
    match mode {
        Mode::Bilevel => unpack_bilevel(raw),
        Mode::L => unpack_grey(raw),
        Mode::La => match raw {
            "LA" => Some(Layout::Copy(2)),
            "LA;L" => Some(Layout::Lines(2)),
            _ => None,
        },
        Mode::LaPremultiplied => (raw == "La").then_some(Layout::Copy(2)),
        Mode::P => unpack_palette(raw),
        Mode::Pa => match raw {
            "PA" | "LA" => Some(Layout::Copy(2)),
            "PA;L" => Some(Layout::Lines(2)),
            _ => None,
        },
        Mode::Rgb => unpack_rgb(raw),
        Mode::Rgbx => unpack_rgbx(raw),
        Mode::Rgba => unpack_rgba(raw),
        Mode::RgbaPremultiplied => Some(match raw {
            "RGBa" => Layout::Copy(4),
            "BGRa" => swizzle(4, [2, 1, 0, 3]),
            "aRGB" => swizzle(4, [1, 2, 3, 0]),
            "aBGR" => swizzle(4, [3, 2, 1, 0]),
            _ => return None,
        }),
        Mode::Cmyk => unpack_cmyk(raw),
        Mode::YCbCr => Some(match raw {
            "YCbCr" => Layout::Copy(3),
            "YCbCr;L" => Layout::Lines(3),
            "YCbCrX" | "YCbCrK" => swizzle(4, RGB),
            _ => return None,
        }),
        Mode::Lab => Some(match raw {
            "LAB" => Layout::Lab,
            "L" => band(0),
            "A" => band(1),
            "B" => band(2),
            _ => return None,
        }),
        Mode::Hsv => Some(match raw {
            "HSV" => Layout::Copy(3),
            "H" => band(0),
            "S" => band(1),
            "V" => band(2),
            _ => return None,
        }),
        Mode::I if raw == "I" => Some(Layout::Copy(4)),
        Mode::I => {
            Number::parse(raw.strip_prefix("I;")?).filter(|n| !n.is_float()).map(Layout::Number)
        }
        Mode::F if raw == "F" => Some(Layout::Copy(4)),
        Mode::F => Number::parse(raw.strip_prefix("F;")?).map(Layout::Number),
        Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N => unpack_sixteen(mode, raw),
    }
}

fn unpack_bilevel(raw: &str) -> Option<Layout> {
    let layout = |reversed, inverted| Layout::Bits { depth: 1, scale: 255, reversed, inverted };
    Some(match raw {
        "1" => layout(false, false),
        "1;I" => layout(false, true),
        "1;R" => layout(true, false),
        "1;IR" => layout(true, true),
        "1;8" | "L" => Layout::Truth,
        _ => return None,
    })
}

fn unpack_grey(raw: &str) -> Option<Layout> {
    let layout =
        |depth, scale, reversed, inverted| Layout::Bits { depth, scale, reversed, inverted };
    Some(match raw {
        "L;2" => layout(2, 0x55, false, false),
        "L;2I" => layout(2, 0x55, false, true),
        "L;2R" => layout(2, 0x55, true, false),
        "L;2IR" => layout(2, 0x55, true, true),
        "L;4" => layout(4, 0x11, false, false),
        "L;4I" => layout(4, 0x11, false, true),
        "L;4R" => layout(4, 0x11, true, false),
        "L;4IR" => layout(4, 0x11, true, true),
        "L" => Layout::Copy(1),
        "L;I" => Layout::Inverted { bytes: 1, bands: 1 },
        "L;R" => Layout::Reversed(1),
        "L;16" => swizzle(2, [1, PAD, PAD, PAD]),
        "L;16B" | "LX" => swizzle(2, RGB),
        _ => return None,
    })
}

fn unpack_palette(raw: &str) -> Option<Layout> {
    Some(match raw {
        "P;1" => bits(1, 1),
        "P;2" => bits(2, 1),
        "P;2L" => Layout::BitPlanes(2),
        "P;4" => bits(4, 1),
        "P;4L" => Layout::BitPlanes(4),
        "P" | "L" => Layout::Copy(1),
        "P;R" => Layout::Reversed(1),
        "PX" => swizzle(2, RGB),
        _ => return None,
    })
}

fn unpack_rgb(raw: &str) -> Option<Layout> {
    Some(match raw {
        "RGB" => Layout::Copy(3),
        "RGB;R" => Layout::Reversed(3),
        "RGB;16L" => swizzle(6, opaque(LITTLE_16)),
        "RGB;16N" => swizzle(6, opaque(NATIVE_16)),
        "RGB;16" => fields([5, 6, 5, 0], RGB),
        "BGR;16" => fields([5, 6, 5, 0], [2, 1, 0, PAD]),
        "RGBA;15" => fields([5, 5, 5, 1], RGB),
        "RGBA;L" => Layout::Lines(4),
        "BGXR" => swizzle(4, [3, 1, 0, PAD]),
        "R;16L" => band_16(0, 1),
        "G;16L" => band_16(1, 1),
        "B;16L" => band_16(2, 1),
        "R;16B" => band_16(0, 0),
        "G;16B" => band_16(1, 0),
        "B;16B" => band_16(2, 0),
        "R;16N" => band_16(0, NATIVE_16[0]),
        "G;16N" => band_16(1, NATIVE_16[0]),
        "B;16N" => band_16(2, NATIVE_16[0]),
        "CMYK" => Layout::Cmyk,
        "X" => return None,
        _ => return unpack_rgbx(raw),
    })
}

fn unpack_rgbx(raw: &str) -> Option<Layout> {
    Some(match raw {
        "RGB" => swizzle(3, RGB),
        "RGB;L" => Layout::Lines(3),
        "RGB;16B" => swizzle(6, opaque(BIG_16)),
        "BGR" => swizzle(3, [2, 1, 0, PAD]),
        "RGB;15" => fields([5, 5, 5, 1], RGB),
        "BGR;15" | "BGR;5" => fields([5, 5, 5, 1], [2, 1, 0, PAD]),
        "RGB;4B" => fields([4, 4, 4, 4], RGB),
        "RGBX" => swizzle(4, [0, 1, 2, 3]),
        "RGBXX" => swizzle(5, [0, 1, 2, 3]),
        "RGBXXX" => swizzle(6, [0, 1, 2, 3]),
        "RGBX;L" => Layout::Lines(4),
        "RGBX;16L" => swizzle(8, LITTLE_16),
        "RGBX;16B" => swizzle(8, BIG_16),
        "RGBX;16N" => swizzle(8, NATIVE_16),
        "BGRX" => swizzle(4, [2, 1, 0, PAD]),
        "XRGB" => swizzle(4, [1, 2, 3, PAD]),
        "XBGR" => swizzle(4, [3, 2, 1, PAD]),
        "R" => band(0),
        "G" => band(1),
        "B" => band(2),
        "X" => band(3),
        _ => return None,
    })
}

fn unpack_rgba(raw: &str) -> Option<Layout> {
    Some(match raw {
        "LA" => swizzle(2, [0, 0, 0, 1]),
        "LA;16B" => swizzle(4, [0, 0, 0, 2]),
        "RGBA" => Layout::Copy(4),
        "RGBAX" => swizzle(5, [0, 1, 2, 3]),
        "RGBAXX" => swizzle(6, [0, 1, 2, 3]),
        "RGBa" => premultiplied(4, [0, 1, 2, 3]),
        "RGBaX" => premultiplied(5, [0, 1, 2, 3]),
        "RGBaXX" => premultiplied(6, [0, 1, 2, 3]),
        "RGBa;16L" => premultiplied(8, LITTLE_16),
        "RGBa;16B" => premultiplied(8, BIG_16),
        "RGBa;16N" => premultiplied(8, NATIVE_16),
        "BGRa" => premultiplied(4, [2, 1, 0, 3]),
        "BGR" => swizzle(3, [2, 1, 0, PAD]),
        "RGBA;I" => Layout::Inverted { bytes: 4, bands: 3 },
        "RGBA;L" => Layout::Lines(4),
        "RGBA;15" => fields([5, 5, 5, 1], [0, 1, 2, 3]),
        "BGRA;15" => fields([5, 5, 5, 1], [2, 1, 0, 3]),
        "BGRA;15Z" => {
            Layout::Fields { widths: [5, 5, 5, 1], bands: [2, 1, 0, 3], inverted_alpha: true }
        }
        "RGBA;4B" => fields([4, 4, 4, 4], [0, 1, 2, 3]),
        "RGBA;16L" => swizzle(8, LITTLE_16),
        "RGBA;16B" => swizzle(8, BIG_16),
        "RGBA;16N" => swizzle(8, NATIVE_16),
        "BGRA" => swizzle(4, [2, 1, 0, 3]),
        "BGRA;16L" => swizzle(8, [5, 3, 1, 7]),
        "BGRA;16B" => swizzle(8, [4, 2, 0, 6]),
        "BGAR" => swizzle(4, [3, 1, 0, 2]),
        "ARGB" => swizzle(4, [1, 2, 3, 0]),
        "ABGR" => swizzle(4, [3, 2, 1, 0]),
        "A" => band(3),
        "A;16L" => band_16(3, 1),
        "A;16B" => band_16(3, 0),
        "A;16N" => band_16(3, NATIVE_16[0]),
        "R" | "G" | "B" | "R;16L" | "G;16L" | "B;16L" | "R;16B" | "G;16B" | "B;16B" | "R;16N"
        | "G;16N" | "B;16N" => return unpack_rgb(raw),
        _ => return None,
    })
}

fn unpack_cmyk(raw: &str) -> Option<Layout> {
    let inverted = |band| Layout::Band { band, bytes: 1, at: 0, inverted: true };
    Some(match raw {
        "CMYK" => Layout::Copy(4),
        "CMYKX" => swizzle(5, [0, 1, 2, 3]),
        "CMYKXX" => swizzle(6, [0, 1, 2, 3]),
        "CMYK;I" => Layout::Inverted { bytes: 4, bands: 4 },
        "CMYK;L" => Layout::Lines(4),
        "CMYK;16L" => swizzle(8, LITTLE_16),
        "CMYK;16B" => swizzle(8, BIG_16),
        "CMYK;16N" => swizzle(8, NATIVE_16),
        "C" => band(0),
        "M" => band(1),
        "Y" => band(2),
        "K" => band(3),
        "C;I" => inverted(0),
        "M;I" => inverted(1),
        "Y;I" => inverted(2),
        "K;I" => inverted(3),
        _ => return None,
    })
}

const SWAPPED: Layout = swizzle(2, [1, 0, PAD, PAD]);

fn unpack_sixteen(mode: Mode, raw: &str) -> Option<Layout> {
    let native = if mode.sample() == Mode::I16N.sample() { Layout::Copy(2) } else { SWAPPED };
    match raw {
        _ if raw == mode.name() => Some(Layout::Copy(2)),
        "I;16N" => Some(native),
        "I;16B" if mode == Mode::I16 => Some(SWAPPED),
        "I;16R" if mode == Mode::I16 => Some(Layout::Reversed(2)),
        "I;12" if mode == Mode::I16 => Some(Layout::Twelve),
        _ => None,
    }
}

/// The layout that `mode` is written in under the name `raw`.
pub(super) fn packer(mode: Mode, raw: &str) -> Option<Layout> {
    Some(match (mode, raw) {
        (Mode::Bilevel, "L") => Layout::Truth,
        (Mode::Bilevel, "1" | "1;I" | "1;R" | "1;IR") => return unpack_bilevel(raw),
        (Mode::L, "L") | (Mode::P, "P") => Layout::Copy(1),
        (Mode::L, "L;1") | (Mode::P, "P;1") => bits(1, 1),
        (Mode::L, "L;2") | (Mode::P, "P;2") => bits(2, 1),
        (Mode::L, "L;4") | (Mode::P, "P;4") => bits(4, 1),
        (Mode::L, "L;16") => swizzle(2, [PAD, 0, PAD, PAD]),
        (Mode::L, "L;16B") => swizzle(2, [0, PAD, PAD, PAD]),
        (Mode::La, "LA") | (Mode::LaPremultiplied, "La") | (Mode::Pa, "PA") => Layout::Copy(2),
        (Mode::La, "LA;L") | (Mode::Pa, "PA;L") => Layout::Lines(2),
        (Mode::Rgb, "RGB") => Layout::Copy(3),
        (Mode::Rgb, _) => return pack_rgb(raw),
        (Mode::Rgba, "RGBA;L") => Layout::Lines(4),
        (Mode::Rgba, "BGRA") => swizzle(4, [2, 1, 0, 3]),
        (Mode::Rgba, "ABGR") => swizzle(4, [3, 2, 1, 0]),
        (Mode::Rgba, "BGRa") => premultiplied(4, [2, 1, 0, 3]),
        (Mode::Rgba, "A") => band(3),
        (Mode::Rgba, "RGBA") => Layout::Copy(4),
        (Mode::Rgba, "RGB" | "BGR" | "R" | "G" | "B") => return pack_rgb(raw),
        (Mode::RgbaPremultiplied, "RGBa") => Layout::Copy(4),
        (Mode::RgbaPremultiplied, "BGRa") => swizzle(4, [2, 1, 0, 3]),
        (Mode::RgbaPremultiplied, "aBGR") => swizzle(4, [3, 2, 1, 0]),
        (Mode::Rgbx, "RGBX") => Layout::Copy(4),
        (Mode::Rgbx, "RGBX;L") => Layout::Lines(4),
        (Mode::Rgbx, "X") => band(3),
        (Mode::Rgbx, "RGB" | "BGR" | "BGRX" | "XBGR" | "R" | "G" | "B") => {
            return pack_rgb(raw);
        }
        (Mode::Cmyk, "CMYK" | "CMYK;I" | "CMYK;L" | "C" | "M" | "Y" | "K") => {
            return unpack_cmyk(raw);
        }
        (Mode::Cmyk, "RGB") => Layout::MixedInks,
        (Mode::YCbCr, "YCbCr") | (Mode::Hsv, "HSV") => Layout::Copy(3),
        (Mode::YCbCr, "YCbCr;L") => Layout::Lines(3),
        (Mode::YCbCr, "YCbCrX" | "YCbCrK") => swizzle(4, OPAQUE),
        (Mode::Lab, "LAB") => Layout::Lab,
        (Mode::YCbCr, "Y") | (Mode::Lab, "L") | (Mode::Hsv, "H") => band(0),
        (Mode::YCbCr, "Cb") | (Mode::Lab, "A") | (Mode::Hsv, "S") => band(1),
        (Mode::YCbCr, "Cr") | (Mode::Lab, "B") | (Mode::Hsv, "V") => band(2),
        (Mode::I, "I" | "I;32NS") | (Mode::F, "F" | "F;32NF") => Layout::Copy(4),
        (Mode::I, "I;16B") => Layout::Number(Number::U16_BIG),
        (Mode::I, "I;32S") | (Mode::F, "F;32F") if cfg!(target_endian = "little") => {
            Layout::Copy(4)
        }
        (Mode::I, "I;32S") | (Mode::F, "F;32F") => swizzle(4, [3, 2, 1, 0]),
        (Mode::I16, "I;16B") => SWAPPED,
        (Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N, "I;16N") => {
            return unpack_sixteen(mode, raw);
        }
        _ if mode.sample() != Sample::U8 && raw == mode.name() => Layout::Copy(2),
        _ => return None,
    })
}

/// Four bytes of which the last, which RGB has not, is 255.
const OPAQUE: [u8; 4] = [0, 1, 2, OPAQUE_BYTE];

/// Stands for a byte of 255 in [`Layout::Swizzle`] (packing).
pub(super) const OPAQUE_BYTE: u8 = 0xFE;

fn pack_rgb(raw: &str) -> Option<Layout> {
    Some(match raw {
        "RGB" => swizzle(3, RGB),
        "RGBX" | "RGBA" => swizzle(4, OPAQUE),
        "XRGB" => swizzle(4, [PAD, 0, 1, 2]),
        "BGR" => swizzle(3, [2, 1, 0, PAD]),
        "BGRX" => swizzle(4, [2, 1, 0, PAD]),
        "XBGR" => swizzle(4, [PAD, 2, 1, 0]),
        "RGB;L" => Layout::Lines(3),
        "R" => band(0),
        "G" => band(1),
        "B" => band(2),
        _ => return None,
    })
}
