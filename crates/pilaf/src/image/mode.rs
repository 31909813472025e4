//! Pixel modes, with Pillow's names.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// What a pixel is made of: bands, their meaning and their type. Pillow's modes.
///
/// ```
/// use pilaf::Mode;
///
/// let mode: Mode = "RGBA".parse()?;
/// assert_eq!((mode.bands(), mode.pixel_bytes()), (4, 4));
/// assert_eq!(mode.to_string(), "RGBA");
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// `1`: black (0) or white (255), one byte in memory.
    Bilevel,
    /// `L`: 8-bit grey.
    L,
    /// `LA`: grey and alpha.
    La,
    /// `La`: grey premultiplied by alpha, and alpha.
    LaPremultiplied,
    /// `P`: index into a palette.
    P,
    /// `PA`: index into a palette, and alpha.
    Pa,
    /// `RGB`: red, green, blue.
    Rgb,
    /// `RGBA`: red, green, blue, alpha.
    Rgba,
    /// `RGBa`: red, green, blue premultiplied by alpha, and alpha.
    RgbaPremultiplied,
    /// `RGBX`: red, green, blue and a byte without meaning.
    Rgbx,
    /// `CMYK`: cyan, magenta, yellow, black; 255 is full ink.
    Cmyk,
    /// `YCbCr`: luma and two chroma bands, full range, as in JFIF.
    YCbCr,
    /// `LAB`: lightness, and a and b plus 128. Files and arrays have a and b as signed bytes
    /// instead: [`Image::unpack`](crate::Image::unpack) and
    /// [`Image::pack`](crate::Image::pack) convert.
    Lab,
    /// `HSV`: hue, saturation, value.
    Hsv,
    /// `I`: 32-bit signed integer, native byte order.
    I,
    /// `F`: 32-bit float, native byte order.
    F,
    /// `I;16`: 16-bit unsigned integer, little-endian.
    I16,
    /// `I;16L`: as `I;16`, under its explicit name.
    I16L,
    /// `I;16B`: 16-bit unsigned integer, big-endian.
    I16B,
    /// `I;16N`: 16-bit unsigned integer, native byte order.
    I16N,
}

/// The type of one sample of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sample {
    /// 8-bit unsigned.
    U8,
    /// 16-bit unsigned, little-endian.
    U16Le,
    /// 16-bit unsigned, big-endian.
    U16Be,
    /// 32-bit signed, native byte order.
    I32,
    /// 32-bit float, native byte order.
    F32,
}

impl Sample {
    /// Bytes of one sample.
    pub fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16Le | Self::U16Be => 2,
            Self::I32 | Self::F32 => 4,
        }
    }
}

impl Mode {
    /// Every mode, in the order of the declaration.
    pub const ALL: [Self; 20] = [
        Self::Bilevel,
        Self::L,
        Self::La,
        Self::LaPremultiplied,
        Self::P,
        Self::Pa,
        Self::Rgb,
        Self::Rgba,
        Self::RgbaPremultiplied,
        Self::Rgbx,
        Self::Cmyk,
        Self::YCbCr,
        Self::Lab,
        Self::Hsv,
        Self::I,
        Self::F,
        Self::I16,
        Self::I16L,
        Self::I16B,
        Self::I16N,
    ];

    /// Pillow's name of the mode.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bilevel => "1",
            Self::L => "L",
            Self::La => "LA",
            Self::LaPremultiplied => "La",
            Self::P => "P",
            Self::Pa => "PA",
            Self::Rgb => "RGB",
            Self::Rgba => "RGBA",
            Self::RgbaPremultiplied => "RGBa",
            Self::Rgbx => "RGBX",
            Self::Cmyk => "CMYK",
            Self::YCbCr => "YCbCr",
            Self::Lab => "LAB",
            Self::Hsv => "HSV",
            Self::I => "I",
            Self::F => "F",
            Self::I16 => "I;16",
            Self::I16L => "I;16L",
            Self::I16B => "I;16B",
            Self::I16N => "I;16N",
        }
    }

    /// Samples of one pixel.
    pub fn bands(self) -> usize {
        match self {
            Self::La | Self::LaPremultiplied | Self::Pa => 2,
            Self::Rgb | Self::YCbCr | Self::Lab | Self::Hsv => 3,
            Self::Rgba | Self::RgbaPremultiplied | Self::Rgbx | Self::Cmyk => 4,
            _ => 1,
        }
    }

    /// The type of a sample.
    pub fn sample(self) -> Sample {
        match self {
            Self::I => Sample::I32,
            Self::F => Sample::F32,
            Self::I16 | Self::I16L => Sample::U16Le,
            Self::I16B => Sample::U16Be,
            Self::I16N if cfg!(target_endian = "big") => Sample::U16Be,
            Self::I16N => Sample::U16Le,
            _ => Sample::U8,
        }
    }

    /// Bytes of one pixel in memory.
    pub fn pixel_bytes(self) -> usize {
        self.bands() * self.sample().bytes()
    }

    /// Whether pixels are indices into a palette.
    pub fn has_palette(self) -> bool {
        matches!(self, Self::P | Self::Pa)
    }

    /// The mode with colour multiplied by alpha that belongs to a mode with separate alpha:
    /// the one in which it must be resampled.
    pub fn premultiplied(self) -> Option<Self> {
        match self {
            Self::Rgba => Some(Self::RgbaPremultiplied),
            Self::La => Some(Self::LaPremultiplied),
            _ => None,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Mode {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.name() == name)
            .ok_or_else(|| Error::parameter("unrecognized image mode"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for mode in Mode::ALL {
            assert_eq!(mode.name().parse::<Mode>().unwrap(), mode);
        }
        assert!("rgb".parse::<Mode>().is_err());
    }
}
