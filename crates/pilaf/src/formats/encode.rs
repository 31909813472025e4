//! How an image is to be written.

use crate::error::{Error, Result};
use crate::jpeg::{QuantTable, RestartInterval};

use super::Transparency;

/// Options of [`Image::encode`](crate::Image::encode). What a format has no use for is ignored.
///
/// ```
/// use pilaf::{EncodeOptions, Format, Image, Mode};
///
/// let image = Image::new(Mode::Rgb, (8, 8))?;
/// let jpeg = image.encode(Format::Jpeg, &EncodeOptions::default().quality(80))?;
/// assert_eq!(Format::sniff(&jpeg), Some(Format::Jpeg));
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EncodeOptions {
    /// JPEG quality, 1 to 100. Default: 75.
    pub quality: u8,
    /// JPEG chroma resolution. Default: 4:2:0 for colour, full resolution for CMYK.
    pub subsampling: Option<Subsampling>,
    /// JPEG quantization tables, at most four, in place of `quality`: one for each component, the
    /// last also for those that follow. [`QuantTable::scaled`] applies a quality to them.
    pub quant_tables: Vec<QuantTable>,
    /// JPEG restart markers. Default: none.
    pub restarts: RestartInterval,
    /// JPEG: write RGB as it is, not as YCbCr. Default: no.
    pub keep_rgb: bool,
    /// JPEG: several scans from coarse to fine. Default: no.
    pub progressive: bool,
    /// Spend time on a smaller file: optimised Huffman tables (JPEG), the highest compression
    /// level (PNG). Default: no.
    pub optimize: bool,
    /// PNG compression level, 0 (none) to 9. Default: 6.
    pub compress_level: u8,
    /// PNG: bits of a sample of an L image, 1, 2, 4 or 8, or at most so many for a palette.
    pub bits: u8,
    /// An ICC profile to embed.
    pub icc_profile: Option<Vec<u8>>,
    /// EXIF data to embed: a TIFF structure, without the `Exif\0\0` before it.
    pub exif: Option<Vec<u8>>,
    /// An XMP packet to embed.
    pub xmp: Option<Vec<u8>>,
    /// Pixels per inch, across and down.
    pub dpi: Option<(f64, f64)>,
    /// JPEG: a comment.
    pub comment: Option<Vec<u8>>,
    /// PNG: which pixels of an image without alpha are transparent.
    pub transparency: Option<Transparency>,
    /// PNG: keyword and text of text chunks.
    pub text: Vec<(String, String)>,
    /// PNG: further chunks.
    pub chunks: Vec<Chunk>,
}

/// A chunk to be written into a PNG as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its type, four letters, of which case tells how readers treat it: W3C PNG, 5.4.
    pub kind: [u8; 4],
    /// What is in it, without length and checksum.
    pub data: Vec<u8>,
    /// Whether it stands behind the pixels rather than before them.
    pub behind_pixels: bool,
}

impl Default for EncodeOptions {
    fn default() -> Self {
        Self {
            quality: 75,
            subsampling: None,
            quant_tables: Vec::new(),
            restarts: RestartInterval::None,
            keep_rgb: false,
            progressive: false,
            optimize: false,
            compress_level: 6,
            bits: 8,
            icc_profile: None,
            exif: None,
            xmp: None,
            dpi: None,
            comment: None,
            transparency: None,
            text: Vec::new(),
            chunks: Vec::new(),
        }
    }
}

impl EncodeOptions {
    /// The same options with another JPEG quality, 1 to 100.
    #[must_use]
    pub fn quality(mut self, quality: u8) -> Self {
        self.quality = quality;
        self
    }

    /// The same options with another chroma resolution.
    #[must_use]
    pub fn subsampling(mut self, subsampling: Subsampling) -> Self {
        self.subsampling = Some(subsampling);
        self
    }

    /// The same options, progressive or not.
    #[must_use]
    pub fn progressive(mut self, progressive: bool) -> Self {
        self.progressive = progressive;
        self
    }

    /// Refuses values that mean nothing.
    pub(crate) fn check(&self) -> Result<()> {
        if !(1..=100).contains(&self.quality) {
            return Err(Error::parameter(format!("quality is 1 to 100, not {}", self.quality)));
        }
        if self.compress_level > 9 {
            let level = self.compress_level;
            return Err(Error::parameter(format!("compress_level is 0 to 9, not {level}")));
        }
        if !matches!(self.bits, 1 | 2 | 4 | 8) {
            return Err(Error::parameter(format!("bits is 1, 2, 4 or 8, not {}", self.bits)));
        }
        Ok(())
    }
}

/// The resolution of colour beside that of brightness in a JPEG.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Subsampling {
    /// Full resolution.
    S444,
    /// Half across.
    S422,
    /// Half across and down.
    #[default]
    S420,
}
