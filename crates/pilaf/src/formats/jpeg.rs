//! JPEG: read with `zune-jpeg`, written with `jpeg-encoder`.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, PixelDensityUnit, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use crate::error::{Error, Result};
use crate::image::{Image, Mode};
use crate::limits::Limits;

use super::{EncodeOptions, Format, Info, Metadata, Subsampling, cannot_write, exif};

pub(super) fn read_info(bytes: &[u8]) -> Result<Info> {
    let mut decoder = decoder(bytes, ColorSpace::RGB);
    decoder.decode_headers().map_err(explain)?;
    let header = decoder.info().ok_or_else(|| Error::truncated("the JPEG has no frame"))?;
    let metadata = Metadata {
        icc_profile: decoder.icc_profile(),
        exif: decoder.exif().cloned(),
        xmp: decoder.xmp().cloned(),
        ..Metadata::default()
    };
    let orientation = metadata.exif.as_deref().map(exif::orientation).unwrap_or_default();
    let mode = match header.components {
        1 => Mode::L,
        4 => Mode::Cmyk,
        _ => Mode::Rgb,
    };
    Ok(Info {
        format: Format::Jpeg,
        width: header.width.into(),
        height: header.height.into(),
        mode,
        bits: 8,
        orientation,
        frames: 1,
        progressive: false,
        metadata,
    })
}

pub(super) fn decode(bytes: &[u8], info: &Info, _limits: &Limits) -> Result<Image> {
    let space = match info.mode {
        Mode::L => ColorSpace::Luma,
        Mode::Cmyk => ColorSpace::CMYK,
        _ => ColorSpace::RGB,
    };
    let data = decoder(bytes, space).decode().map_err(explain)?;
    Image::from_raw(info.mode, info.size(), data)
}

fn decoder(bytes: &[u8], space: ColorSpace) -> JpegDecoder<ZCursor<&[u8]>> {
    let options = DecoderOptions::new_safe()
        .jpeg_set_out_colorspace(space)
        .set_max_width(65_535)
        .set_max_height(65_535)
        .set_strict_mode(true);
    JpegDecoder::new_with_options(ZCursor::new(bytes), options)
}

fn explain(error: DecodeErrors) -> Error {
    match error {
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => {
            Error::truncated("the JPEG file ends before its image does")
                .with_help("it was cut off on its way: fetch it again")
        }
        other => Error::malformed(format!("broken JPEG file: {other:?}")),
    }
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
