//! Header and pixels of a PNG. Modes as Pillow's `PngImagePlugin` maps them.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use crate::error::{Error, ErrorKind, Result};
use crate::image::{Image, Mode, Palette, PaletteMode, buffer};
use crate::jpeg::Truncated;
use crate::limits::Limits;

use super::super::{Format, Info, Metadata, Transparency, exif};
use super::unpack::unpack_row;

/// Longest text of one chunk, decompressed (Pillow's `MAX_TEXT_CHUNK`).
const MAX_TEXT: usize = 1 << 20;

type Reader<'c, 'b> = png::Reader<&'c mut Cursor<&'b [u8]>>;

/// Everything up to the pixels.
pub(in crate::formats) fn read_info(bytes: &[u8], limits: &Limits) -> Result<Info> {
    with_reader(bytes, limits, |reader| {
        let png = reader.info();
        let metadata = read_metadata(png);
        let orientation = metadata.exif.as_deref().map(exif::orientation).unwrap_or_default();
        Ok(Info {
            format: Format::Png,
            width: png.width,
            height: png.height,
            mode: mode_of(png.color_type, png.bit_depth),
            bits: png.bit_depth as u8,
            orientation,
            frames: png.animation_control.map_or(1, |control| control.num_frames.max(1)),
            progressive: png.interlaced,
            metadata,
        })
    })
}

/// The pixels of the default image. Where `truncated` allows it, those that a broken file lacks are
/// zeros.
pub(in crate::formats) fn decode(
    bytes: &[u8],
    info: &Info,
    truncated: Truncated,
    limits: &Limits,
) -> Result<Image> {
    with_reader(bytes, limits, |reader| {
        let packed = reader.output_buffer_size().ok_or_else(too_large)?;
        limits.check_bytes(packed as u64)?;
        let mut data = buffer::zeros(packed)?;
        if let Err(failure) = reader.next_frame(&mut data)
            && truncated == Truncated::Error
        {
            return Err(failure.into());
        }
        let (color, depth) = reader.output_color_type();
        let palette = reader.info().palette.as_deref().map(to_palette).transpose()?;
        let pixels = if is_packed(color, depth) {
            data
        } else {
            let width = info.width as usize;
            let mut pixels = buffer::room(limits.image_bytes(
                info.width,
                info.height,
                info.mode.pixel_bytes(),
            )?)?;
            let row_bytes = reader.output_line_size(info.width).unwrap_or_default();
            for row in data.chunks_exact(row_bytes.max(1)) {
                unpack_row(row, color, depth, width, &mut pixels);
            }
            pixels
        };
        let image = Image::from_raw(info.mode, info.size(), pixels)?;
        match palette {
            Some(palette) if info.mode == Mode::P => Ok(image.with_palette(palette)?),
            _ => Ok(image),
        }
    })
}

/// Runs `work` over the opened file and gives its errors the place where reading stopped.
fn with_reader<T>(
    bytes: &[u8],
    limits: &Limits,
    work: impl FnOnce(&mut Reader<'_, '_>) -> Result<T, Failure>,
) -> Result<T> {
    let mut cursor = Cursor::new(bytes);
    let outcome = open(&mut cursor, limits).and_then(|mut reader| work(&mut reader));
    outcome.map_err(|failure| match failure {
        Failure::Pilaf(error) => error,
        Failure::Png(error) => explain(error, cursor.position()),
    })
}

fn open<'c, 'b>(
    cursor: &'c mut Cursor<&'b [u8]>,
    limits: &Limits,
) -> Result<Reader<'c, 'b>, Failure> {
    let bytes = usize::try_from(limits.max_bytes).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(cursor, png::Limits { bytes });
    decoder.set_transformations(Transformations::IDENTITY);
    let header = decoder.read_header_info()?;
    limits.check_size(header.width, header.height)?;
    Ok(decoder.read_info()?)
}

/// A failure of ours, or one of the png crate that still lacks its offset.
enum Failure {
    Pilaf(Error),
    Png(DecodingError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Pilaf(error)
    }
}

impl From<DecodingError> for Failure {
    fn from(error: DecodingError) -> Self {
        Self::Png(error)
    }
}

fn explain(error: DecodingError, offset: u64) -> Error {
    match error {
        DecodingError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            Error::truncated("the PNG file ends before its image does")
                .at(offset)
                .with_help("it was cut off on its way: fetch it again")
        }
        DecodingError::IoError(io) => Error::from(io),
        DecodingError::LimitsExceeded => {
            Error::limit("the PNG file needs more memory than allowed")
                .at(offset)
                .with_help("raise Limits::max_bytes if you trust where it came from")
        }
        DecodingError::Format(_) | DecodingError::Parameter(_) => {
            Error::new(ErrorKind::Malformed, format!("broken PNG file: {error}")).at(offset)
        }
    }
}

fn too_large() -> Error {
    Error::limit("the PNG image does not fit into memory")
}

/// Pillow's mode of a PNG colour type and depth. It has no 16-bit modes with several bands: of
/// these the high bytes are kept, and grey with alpha becomes RGBA.
fn mode_of(color: ColorType, depth: BitDepth) -> Mode {
    match (color, depth) {
        (ColorType::Grayscale, BitDepth::One) => Mode::Bilevel,
        (ColorType::Grayscale, BitDepth::Sixteen) => Mode::I16,
        (ColorType::Grayscale, _) => Mode::L,
        (ColorType::GrayscaleAlpha, BitDepth::Sixteen) => Mode::Rgba,
        (ColorType::GrayscaleAlpha, _) => Mode::La,
        (ColorType::Indexed, _) => Mode::P,
        (ColorType::Rgb, _) => Mode::Rgb,
        (ColorType::Rgba, _) => Mode::Rgba,
    }
}

/// Whether the samples of the file already are the bytes of the image.
fn is_packed(color: ColorType, depth: BitDepth) -> bool {
    depth == BitDepth::Eight && mode_of(color, depth).bands() == color.samples()
}

fn to_palette(plte: &[u8]) -> Result<Palette> {
    let colors = plte.as_chunks::<3>().0.iter().map(|&[r, g, b]| [r, g, b, 255]);
    Palette::new(PaletteMode::Rgb, colors.take(256).collect())
}

fn read_metadata(png: &png::Info<'_>) -> Metadata {
    let owned = |bytes: &Option<std::borrow::Cow<'_, [u8]>>| bytes.as_ref().map(|b| b.to_vec());
    let mut metadata = Metadata {
        icc_profile: owned(&png.icc_profile),
        exif: owned(&png.exif_metadata),
        transparency: png.trns.as_deref().and_then(|trns| transparency(png.color_type, trns)),
        gamma: png.gama_chunk.map(|gamma| f64::from(gamma.into_scaled()) / 100_000.0),
        srgb: png.srgb.map(|intent| intent as u8),
        dpi: png
            .pixel_dims
            .filter(|dims| dims.unit == png::Unit::Meter)
            .map(|dims| (f64::from(dims.xppu) * 0.0254, f64::from(dims.yppu) * 0.0254)),
        ..Metadata::default()
    };
    for chunk in &png.uncompressed_latin1_text {
        metadata.text.push((chunk.keyword.clone(), chunk.text.clone()));
    }
    for chunk in &png.compressed_latin1_text {
        let mut chunk = chunk.clone();
        if chunk.decompress_text_with_limit(MAX_TEXT).is_ok()
            && let Ok(text) = chunk.get_text()
        {
            metadata.text.push((chunk.keyword, text));
        }
    }
    for chunk in &png.utf8_text {
        let mut chunk = chunk.clone();
        if chunk.decompress_text_with_limit(MAX_TEXT).is_ok()
            && let Ok(text) = chunk.get_text()
        {
            if chunk.keyword == "XML:com.adobe.xmp" {
                metadata.xmp = Some(text.clone().into_bytes());
            }
            metadata.text.push((chunk.keyword, text));
        }
    }
    metadata
}

fn transparency(color: ColorType, trns: &[u8]) -> Option<Transparency> {
    // The png crate leaves the zero high bytes out where samples have 8 bits or less.
    let wide = trns.len() == 2 * color.samples();
    let sample = |i: usize| match wide {
        true => Some(u16::from_be_bytes(*trns.get(2 * i..)?.first_chunk()?)),
        false => trns.get(i).copied().map(u16::from),
    };
    match color {
        ColorType::Indexed => Some(Transparency::Palette(trns.to_vec())),
        ColorType::Grayscale => sample(0).map(Transparency::Grey),
        ColorType::Rgb => Some(Transparency::Rgb([sample(0)?, sample(1)?, sample(2)?])),
        ColorType::GrayscaleAlpha | ColorType::Rgba => None,
    }
}
