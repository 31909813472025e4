//! What the encoder can be told.

use crate::error::{Error, Result};
use crate::jpeg::quant::QuantTable;

/// The pixels that an encoder is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// One byte: grey.
    Gray,
    /// Three bytes: red, green, blue.
    Rgb,
    /// Four bytes: red, green, blue and one that is ignored.
    Rgbx,
    /// Three bytes: luma and chroma as in JFIF.
    YCbCr,
    /// Four bytes, 255 full ink; written inverted, as Adobe does.
    Cmyk,
}

impl Pixels {
    /// Bytes of a pixel.
    pub fn bytes(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb | Self::YCbCr => 3,
            Self::Rgbx | Self::Cmyk => 4,
        }
    }
}

/// Quantization tables: where a picture loses precision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantization {
    /// The tables of ITU-T T.81, annex K, scaled by libjpeg's quality, 1 to 100.
    Quality(u8),
    /// One to four tables. Component i uses table i, or the last one there is.
    Tables(Vec<QuantTable>),
}

/// How coefficients are coded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntropyCoding {
    /// One scan with the tables of ITU-T T.81, annex K.
    #[default]
    Standard,
    /// One scan with tables made for the picture. All coefficients are kept until the end.
    Optimized,
    /// Several scans from coarse to fine, with tables made for each.
    Progressive,
}

/// Where restart markers stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestartInterval {
    /// Nowhere.
    #[default]
    None,
    /// After so many MCUs.
    Mcus(u16),
    /// After so many rows of MCUs.
    Rows(u16),
}

/// Options of an [`Encoder`](super::Encoder).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EncoderOptions {
    /// Default: quality 75.
    pub quantization: Quantization,
    /// Sampling factors of the first component across and down: (1, 1), (2, 1) or (2, 2). The
    /// others have 1 and 1. Default: (2, 2) for YCbCr, else (1, 1).
    pub sampling: Option<(u8, u8)>,
    /// Default: one scan with the standard tables.
    pub coding: EntropyCoding,
    /// Default: none.
    pub restarts: RestartInterval,
    /// Whether RGB is written as such, not as YCbCr. Default: no.
    pub keep_rgb: bool,
    /// Pixels per inch, across and down, 1 to 65535. Default: not stated.
    pub density: Option<(u16, u16)>,
    /// APPn and COM segments, marker code and contents, in the order in which they follow the
    /// JFIF and Adobe segments.
    pub segments: Vec<(u8, Vec<u8>)>,
}

impl Default for EncoderOptions {
    fn default() -> Self {
        Self {
            quantization: Quantization::Quality(75),
            sampling: None,
            coding: EntropyCoding::default(),
            restarts: RestartInterval::default(),
            keep_rgb: false,
            density: None,
            segments: Vec::new(),
        }
    }
}

/// The most bytes that a segment holds beside its length.
const SEGMENT_MOST: usize = 65_533;

impl EncoderOptions {
    /// Refuses what no file can hold.
    pub(super) fn check(&self, pixels: Pixels) -> Result<()> {
        match &self.quantization {
            Quantization::Quality(quality) if !(1..=100).contains(quality) => {
                return Err(Error::parameter(format!("quality is 1 to 100, not {quality}")));
            }
            Quantization::Tables(tables) if !(1..=4).contains(&tables.len()) => {
                let count = tables.len();
                return Err(Error::parameter(format!("{count} quantization tables, not 1 to 4")));
            }
            Quantization::Tables(tables)
                if tables.iter().any(|table| table.values.contains(&0)) =>
            {
                return Err(Error::parameter("a quantization table holds a 0"));
            }
            _ => {}
        }
        let sampling = self.sampling.unwrap_or((1, 1));
        if !matches!(sampling, (1, 1) | (2, 1) | (2, 2)) {
            let text = format!("sampling factors {sampling:?}, not (1, 1), (2, 1) or (2, 2)");
            return Err(Error::parameter(text));
        }
        if self.keep_rgb && sampling != (1, 1) && matches!(pixels, Pixels::Rgb | Pixels::Rgbx) {
            return Err(Error::parameter("RGB cannot be subsampled")
                .with_help("write YCbCr (keep_rgb off), or leave the subsampling away"));
        }
        match self.segments.iter().find(|(_, contents)| contents.len() > SEGMENT_MOST) {
            Some((code, contents)) => Err(Error::parameter(format!(
                "a segment FF{code:02X} of {} bytes is too long",
                contents.len()
            ))
            .with_help("a JPEG segment holds at most 65533 bytes")),
            None => Ok(()),
        }
    }
}
