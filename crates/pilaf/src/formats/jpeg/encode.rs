//! Images to JPEG, as Pillow's `JpegImagePlugin` does it.

use super::super::{EncodeOptions, Format, Subsampling, cannot_write};
use super::EXIF_NAME;
use crate::error::{Error, Result};
use crate::image::{Image, Mode};
use crate::jpeg::{Encoder, EncoderOptions, EntropyCoding, Pixels, Quantization};

/// What an APP1 segment with XMP begins with.
pub(super) const XMP_NAME: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// What an APP2 segment with a part of an ICC profile begins with, before its number and how many
/// there are.
pub(super) const ICC_NAME: &[u8] = b"ICC_PROFILE\0";
/// The most that a segment holds beside its length.
const SEGMENT_MOST: usize = 65_533;

const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const COM: u8 = 0xFE;

/// Encodes `image`.
pub(in crate::formats) fn encode(image: &Image, options: &EncodeOptions) -> Result<Vec<u8>> {
    let pixels = match image.mode() {
        Mode::L | Mode::Bilevel => Pixels::Gray,
        Mode::Rgb => Pixels::Rgb,
        Mode::Rgbx => Pixels::Rgbx,
        Mode::YCbCr => Pixels::YCbCr,
        Mode::Cmyk => Pixels::Cmyk,
        _ => return Err(cannot_write(image, Format::Jpeg)),
    };
    if image.width() == 0 || image.height() == 0 {
        return Err(Error::parameter("cannot write empty image as JPEG"));
    }
    let mut encoder = Encoder::new(image.size(), pixels, &encoder_options(options)?)?;
    encoder.push_rows(image.as_bytes())?;
    encoder.finish()
}

/// The options in the encoder's terms.
pub(in crate::formats) fn encoder_options(options: &EncodeOptions) -> Result<EncoderOptions> {
    Ok(EncoderOptions {
        quantization: match &options.quant_tables[..] {
            [] => Quantization::Quality(options.quality),
            tables => Quantization::Tables(tables.to_vec()),
        },
        sampling: options.subsampling.map(|subsampling| match subsampling {
            Subsampling::S444 => (1, 1),
            Subsampling::S422 => (2, 1),
            Subsampling::S420 => (2, 2),
        }),
        coding: match (options.progressive, options.optimize) {
            (true, _) => EntropyCoding::Progressive,
            (false, true) => EntropyCoding::Optimized,
            (false, false) => EntropyCoding::Standard,
        },
        restarts: options.restarts,
        keep_rgb: options.keep_rgb,
        density: options.dpi.and_then(density),
        segments: segments(options)?,
    })
}

/// Rounded as Python rounds. What does not fit is not stated, as nothing is when Pillow is given 0.
fn density((x, y): (f64, f64)) -> Option<(u16, u16)> {
    let rounded = |dpi: f64| {
        let dpi = dpi.round_ties_even();
        (1.0..=65535.0).contains(&dpi).then_some(dpi as u16)
    };
    rounded(x).zip(rounded(y))
}

/// EXIF, XMP, the ICC profile and the comment, in Pillow's order.
fn segments(options: &EncodeOptions) -> Result<Vec<(u8, Vec<u8>)>> {
    let mut segments = Vec::new();
    if let Some(exif) = &options.exif {
        segments.push((APP1, whole(EXIF_NAME, exif, "EXIF data")?));
    }
    if let Some(xmp) = &options.xmp {
        segments.push((APP1, whole(XMP_NAME, xmp, "XMP data")?));
    }
    if let Some(profile) = &options.icc_profile {
        let parts = profile.chunks(SEGMENT_MOST - ICC_NAME.len() - 2);
        let count = u8::try_from(parts.len())
            .map_err(|_| Error::parameter("the ICC profile is too long for a JPEG"))?;
        for (number, part) in (1..=count).zip(parts) {
            segments.push((APP2, [ICC_NAME, &[number, count], part].concat()));
        }
    }
    if let Some(comment) = options.comment.as_ref().filter(|comment| !comment.is_empty()) {
        segments.push((COM, whole(&[], comment, "Comment")?));
    }
    Ok(segments)
}

/// A name and contents that a segment must hold in one piece.
fn whole(name: &[u8], contents: &[u8], what: &str) -> Result<Vec<u8>> {
    let most = SEGMENT_MOST - name.len();
    if contents.len() > most {
        let help = format!("a JPEG holds at most {most} bytes of it");
        return Err(Error::parameter(format!("{what} is too long")).with_help(help));
    }
    Ok([name, contents].concat())
}
