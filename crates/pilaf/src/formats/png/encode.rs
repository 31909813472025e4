//! Writing PNG.

use std::borrow::Cow;

use png::{BitDepth, ColorType, DeflateCompression, Encoder, PixelDimensions, Unit};

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Palette, PaletteMode};

use super::super::{Chunk, EncodeOptions, Format, Transparency, cannot_write};

/// Encodes `image`; modes as Pillow's `PngImagePlugin` writes them.
pub(in crate::formats) fn encode(image: &Image, options: &EncodeOptions) -> Result<Vec<u8>> {
    if image.width() == 0 || image.height() == 0 {
        return Err(Error::parameter("cannot write empty image as PNG"));
    }
    let (color, bits) = layout(image, options)?;
    let depth = BitDepth::from_u8(bits).expect("layout gives PNG depths");
    let mut bytes = Vec::new();
    let info = header(image, color, depth, options);
    let failed = |error| Error::parameter(format!("cannot write this image as PNG: {error}"));
    let mut encoder = Encoder::with_info(&mut bytes, info).map_err(failed)?;
    let level = if options.optimize { 9 } else { options.compress_level };
    encoder.set_deflate_compression(match level {
        0 => DeflateCompression::NoCompression,
        level => DeflateCompression::Level(level),
    });
    if color == ColorType::Indexed || bits < 8 {
        encoder.set_filter(png::Filter::NoFilter);
    }
    for (keyword, text) in &options.text {
        encoder.add_itxt_chunk(keyword.clone(), text.clone()).map_err(failed)?;
    }
    if let Some(xmp) = &options.xmp {
        let text = String::from_utf8_lossy(xmp).into_owned();
        encoder.add_itxt_chunk("XML:com.adobe.xmp".into(), text).map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    let (behind, before): (Vec<&Chunk>, _) = options.chunks.iter().partition(|c| c.behind_pixels);
    for chunk in before {
        writer.write_chunk(png::chunk::ChunkType(chunk.kind), &chunk.data).map_err(failed)?;
    }
    writer.write_image_data(&pack(image, bits)).map_err(failed)?;
    for chunk in behind {
        writer.write_chunk(png::chunk::ChunkType(chunk.kind), &chunk.data).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// Colour type and bits of a sample.
fn layout(image: &Image, options: &EncodeOptions) -> Result<(ColorType, u8)> {
    Ok(match image.mode() {
        Mode::Bilevel => (ColorType::Grayscale, 1),
        Mode::L => (ColorType::Grayscale, options.bits),
        Mode::La => (ColorType::GrayscaleAlpha, 8),
        Mode::I16 | Mode::I16B => (ColorType::Grayscale, 16),
        Mode::P => (ColorType::Indexed, index_bits(palette_entries(image, options))),
        Mode::Rgb => (ColorType::Rgb, 8),
        Mode::Rgba => (ColorType::Rgba, 8),
        _ => return Err(cannot_write(image, Format::Png)),
    })
}

/// As many as the palette has, and as pixels need: no index is lost though it has no colour.
fn palette_entries(image: &Image, options: &EncodeOptions) -> usize {
    let colors = image.palette().map_or(0, |palette| palette.colors().len());
    let used = image.as_bytes().iter().max().map_or(0, |&index| usize::from(index) + 1);
    colors.max(used).clamp(1, 1 << options.bits)
}

fn index_bits(entries: usize) -> u8 {
    match entries {
        0..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    }
}

fn header<'a>(
    image: &Image,
    color: ColorType,
    depth: BitDepth,
    options: &'a EncodeOptions,
) -> png::Info<'a> {
    let mut info = png::Info::with_size(image.width(), image.height());
    info.color_type = color;
    info.bit_depth = depth;
    info.icc_profile = options.icc_profile.as_deref().map(Cow::Borrowed);
    info.exif_metadata = options.exif.as_deref().map(Cow::Borrowed);
    info.pixel_dims = options.dpi.map(|(x, y)| PixelDimensions {
        xppu: (x / 0.0254 + 0.5) as u32,
        yppu: (y / 0.0254 + 0.5) as u32,
        unit: Unit::Meter,
    });
    if let (ColorType::Indexed, Some(palette)) = (color, image.palette()) {
        let entries = palette_entries(image, options);
        info.palette = Some(plte(palette, entries).into());
        info.trns = palette_alpha(palette, entries, options).map(Cow::Owned);
    } else {
        info.trns = color_alpha(image.mode(), options).map(Cow::Owned);
    }
    info
}

fn plte(palette: &Palette, entries: usize) -> Vec<u8> {
    let colors = (0..entries).map(|i| palette.color(i as u8));
    colors.flat_map(|[r, g, b, _]| [r, g, b]).collect()
}

fn palette_alpha(palette: &Palette, entries: usize, options: &EncodeOptions) -> Option<Vec<u8>> {
    match &options.transparency {
        Some(Transparency::Palette(alpha)) => Some(alpha[..alpha.len().min(entries)].to_vec()),
        _ if palette.mode() == PaletteMode::Rgba => {
            Some((0..entries).map(|i| palette.color(i as u8)[3]).collect())
        }
        _ => None,
    }
}

fn color_alpha(mode: Mode, options: &EncodeOptions) -> Option<Vec<u8>> {
    match (&options.transparency, mode) {
        (Some(Transparency::Grey(grey)), Mode::Bilevel | Mode::L | Mode::I16 | Mode::I16B) => {
            Some(grey.to_be_bytes().to_vec())
        }
        (Some(Transparency::Rgb(rgb)), Mode::Rgb) => {
            Some(rgb.iter().flat_map(|sample| sample.to_be_bytes()).collect())
        }
        _ => None,
    }
}

/// The rows as PNG packs them.
fn pack(image: &Image, bits: u8) -> Cow<'_, [u8]> {
    match (image.mode(), bits) {
        (Mode::I16, _) => {
            let samples = image.as_bytes().as_chunks::<2>().0;
            Cow::Owned(samples.iter().flat_map(|&[low, high]| [high, low]).collect())
        }
        (Mode::Bilevel, _) => Cow::Owned(image.pack_bits()),
        (Mode::P, 1..8) => Cow::Owned(pack_bits(image, bits, |index| index)),
        (_, 1..8) => Cow::Owned(pack_bits(image, bits, |sample| sample >> (8 - bits))),
        _ => Cow::Borrowed(image.as_bytes()),
    }
}

/// Rows of `bits` a sample, from the high bits down, each row beginning at a byte.
fn pack_bits(image: &Image, bits: u8, to_sample: impl Fn(u8) -> u8) -> Vec<u8> {
    let mask = ((1u16 << bits) - 1) as u8;
    let pack = |pixels: &[u8]| {
        pixels.iter().enumerate().fold(0, |byte, (i, &pixel)| {
            byte | (to_sample(pixel) & mask) << (8 - bits * (i as u8 + 1))
        })
    };
    let per_byte = usize::from(8 / bits);
    image.rows().flat_map(|row| row.chunks(per_byte).map(pack)).collect()
}
