//! What a header tells.

use crate::image::Mode;

use super::{Format, Subsampling};
use crate::jpeg::QuantTable;

/// Everything that is known of an image without decoding it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Info {
    /// The file format.
    pub format: Format,
    /// Width in pixels as stored, before any [orientation](Self::orientation).
    pub width: u32,
    /// Height in pixels as stored.
    pub height: u32,
    /// The mode that decoding gives.
    pub mode: Mode,
    /// Bits of one sample in the file: 1 to 16.
    pub bits: u8,
    /// How the picture is to be turned for display.
    pub orientation: Orientation,
    /// Frames of the animation; 1 for a still picture.
    pub frames: u32,
    /// A progressive JPEG or an interlaced PNG.
    pub progressive: bool,
    /// What else the file carries.
    pub metadata: Metadata,
}

impl Info {
    /// Width and height in pixels, as stored.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
}

/// What a file carries beside its pixels.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Metadata {
    /// The embedded ICC colour profile.
    pub icc_profile: Option<Vec<u8>>,
    /// EXIF data: a TIFF structure, without the `Exif\0\0` before it.
    pub exif: Option<Vec<u8>>,
    /// XMP packet.
    pub xmp: Option<Vec<u8>>,
    /// Pixels per inch, across and down.
    pub dpi: Option<(f64, f64)>,
    /// The comment of a JPEG file.
    pub comment: Option<Vec<u8>>,
    /// The application segments of a JPEG file that hold neither EXIF, XMP nor a colour profile:
    /// the number behind `APP`, and what is in it.
    pub segments: Vec<(u8, Vec<u8>)>,
    /// The quantization tables of a JPEG file in the order of their numbers.
    pub quant_tables: Vec<QuantTable>,
    /// The chroma resolution of a JPEG file of three components, if it is one that can be written.
    pub subsampling: Option<Subsampling>,
    /// PNG: which pixels of an image without alpha are transparent.
    pub transparency: Option<Transparency>,
    /// PNG: the gamma of the samples (gAMA), such as 0.45455.
    pub gamma: Option<f64>,
    /// PNG: the rendering intent of the sRGB chunk, 0 to 3.
    pub srgb: Option<u8>,
    /// PNG: keyword and text of the text chunks, in file order within each kind.
    pub text: Vec<(String, String)>,
}

/// Transparent pixels of a PNG without an alpha band (its tRNS chunk).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transparency {
    /// Alpha for the first entries of the palette.
    Palette(Vec<u8>),
    /// This grey is transparent.
    Grey(u16),
    /// This colour is transparent.
    Rgb([u16; 3]),
}

/// How stored pixels are to be turned for display: EXIF tag 0x0112, values 1 to 8.
///
/// CIPA DC-008 (EXIF 2.32), 4.6.4 A "Orientation".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Orientation {
    /// 1: as stored.
    #[default]
    Normal = 1,
    /// 2: mirrored left to right.
    MirrorHorizontal = 2,
    /// 3: turned by half.
    Rotate180 = 3,
    /// 4: mirrored top to bottom.
    MirrorVertical = 4,
    /// 5: mirrored along the main diagonal.
    Transpose = 5,
    /// 6: to be turned a quarter clockwise.
    Rotate90 = 6,
    /// 7: mirrored along the other diagonal.
    Transverse = 7,
    /// 8: to be turned a quarter counter-clockwise.
    Rotate270 = 8,
}

impl Orientation {
    /// The orientation of an EXIF value; `None` outside of 1 to 8.
    pub fn from_exif(value: u16) -> Option<Self> {
        Some(match value {
            1 => Self::Normal,
            2 => Self::MirrorHorizontal,
            3 => Self::Rotate180,
            4 => Self::MirrorVertical,
            5 => Self::Transpose,
            6 => Self::Rotate90,
            7 => Self::Transverse,
            8 => Self::Rotate270,
            _ => return None,
        })
    }

    /// The EXIF value, 1 to 8.
    pub fn to_exif(self) -> u8 {
        self as u8
    }

    /// Whether turning exchanges width and height.
    pub fn swaps_axes(self) -> bool {
        self as u8 >= 5
    }
}
