//! JPEG: read with our own decoder, written with `jpeg-encoder`.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};

use crate::error::{Error, Result};
use crate::image::{Image, Mode};
use crate::jpeg;
use crate::limits::Limits;

use super::{EncodeOptions, Format, Info, Metadata, Orientation, Subsampling, cannot_write};

/// What an APP1 segment with EXIF begins with.
const EXIF_NAME: &[u8] = b"Exif\0\0";

pub(super) fn read_info(bytes: &[u8], limits: &Limits) -> Result<Info> {
    let header = jpeg::read_header(bytes, limits)?;
    Ok(Info {
        format: Format::Jpeg,
        width: header.width,
        height: header.height,
        mode: header.mode(),
        bits: 8,
        orientation: Orientation::from_exif(header.orientation(bytes).into()).unwrap_or_default(),
        frames: 1,
        progressive: header.is_progressive(),
        metadata: metadata(&header, bytes),
    })
}

fn metadata(header: &jpeg::Header, bytes: &[u8]) -> Metadata {
    Metadata {
        icc_profile: header.icc_profile(bytes),
        exif: header.exif(bytes).and_then(|exif| Some(exif.get(EXIF_NAME.len()..)?.to_vec())),
        xmp: header.xmp(bytes).map(<[u8]>::to_vec),
        comment: header.comment(bytes).map(<[u8]>::to_vec),
        dpi: header.jfif.and_then(dpi),
        ..Metadata::default()
    }
}

/// Pixels per inch, if the JFIF segment states an absolute density.
fn dpi(jfif: jpeg::Jfif) -> Option<(f64, f64)> {
    let factor = match jfif.unit {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    Some((f64::from(jfif.density.0) * factor, f64::from(jfif.density.1) * factor))
}

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Image> {
    jpeg::decode(bytes, &jpeg::DecodeOptions::default(), limits)
}

/// Encodes `image`; modes as Pillow's `JpegImagePlugin` writes them.
pub(super) fn encode(image: &Image, options: &EncodeOptions) -> Result<Vec<u8>> {
    let color = match image.mode() {
        Mode::L | Mode::Bilevel => ColorType::Luma,
        Mode::Rgb => ColorType::Rgb,
        Mode::Rgbx => ColorType::Rgba,
        Mode::YCbCr => ColorType::Ycbcr,
        Mode::Cmyk => ColorType::Cmyk,
        _ => return Err(cannot_write(image, Format::Jpeg)),
    };
    let (width, height) = checked_size(image)?;
    let mut bytes = Vec::new();
    let encoder = configure(Encoder::new(&mut bytes, options.quality), options)?;
    encoder.encode(image.as_bytes(), width, height, color).map_err(failed)?;
    match &options.comment {
        Some(comment) => with_comment(bytes, comment),
        None => Ok(bytes),
    }
}

/// Puts a COM segment (T.81, B.2.4.5) behind the JFIF header that the encoder wrote.
fn with_comment(mut bytes: Vec<u8>, comment: &[u8]) -> Result<Vec<u8>> {
    let length = u16::try_from(comment.len() + 2)
        .map_err(|_| Error::parameter("Comment is too long").with_help("65533 bytes at most"))?;
    let segment = [&[0xFF, 0xFE], length.to_be_bytes().as_slice(), comment].concat();
    let header_end = match bytes[..] {
        [0xFF, 0xD8, 0xFF, 0xE0, high, low, ..] => 4 + usize::from(u16::from_be_bytes([high, low])),
        _ => 2,
    };
    bytes.splice(header_end..header_end, segment);
    Ok(bytes)
}

/// Width and height as a JPEG frame header holds them.
fn checked_size(image: &Image) -> Result<(u16, u16)> {
    let (width, height) = image.size();
    if width == 0 || height == 0 {
        return Err(Error::parameter("cannot write empty image as JPEG"));
    }
    let fits = |side| u16::try_from(side).ok();
    fits(width).zip(fits(height)).ok_or_else(|| {
        Error::parameter(format!("a JPEG is at most 65535x65535 pixels, not {width}x{height}"))
            .with_help("resize it, or write PNG")
    })
}

fn configure<'a>(
    mut encoder: Encoder<&'a mut Vec<u8>>,
    options: &EncodeOptions,
) -> Result<Encoder<&'a mut Vec<u8>>> {
    encoder.set_sampling_factor(match options.subsampling {
        Subsampling::S444 => SamplingFactor::F_1_1,
        Subsampling::S422 => SamplingFactor::F_2_1,
        Subsampling::S420 => SamplingFactor::F_2_2,
    });
    encoder.set_chroma_subsampling_method(jpeg_encoder::ChromaSubsamplingMethod::Average);
    encoder.set_progressive(options.progressive);
    encoder.set_optimized_huffman_tables(options.optimize || options.progressive);
    if let Some((x, y)) = options.dpi {
        let density = (x.round() as u16, y.round() as u16);
        encoder.set_density(PixelDensity { density, unit: PixelDensityUnit::Inches });
    }
    if let Some(exif) = &options.exif {
        encoder.add_exif_metadata(exif).map_err(failed)?;
    }
    if let Some(xmp) = &options.xmp {
        let segment = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), xmp].concat();
        encoder.add_app_segment(1, segment).map_err(failed)?;
    }
    if let Some(profile) = &options.icc_profile {
        encoder.add_icc_profile(profile).map_err(failed)?;
    }
    Ok(encoder)
}

fn failed(error: jpeg_encoder::EncodingError) -> Error {
    Error::parameter(format!("cannot write this image as JPEG: {error}"))
}
