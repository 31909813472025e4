//! Image file formats: recognising them, reading headers, decoding and encoding.
//!
//! ```text
//! bytes -> sniff (which format) -> probe (header: Info) -> decode (pixels: Image)
//! Image + EncodeOptions -> encode -> bytes
//! ```
//!
//! One short adapter a format; a new format is a file here, a variant of [`Format`] and an arm in
//! each of the functions below.

mod encode;
mod end;
mod exif;
mod info;
mod jpeg;
mod png;
mod probe;
mod sniff;

pub(crate) use end::encoded_len;
pub(crate) use png::chunks as png_chunks;

pub use encode::{Chunk, EncodeOptions, Subsampling};
pub use exif::take_orientation;
pub use info::{Info, Metadata, Orientation, Transparency};
pub use probe::{Need, Probe};
pub use sniff::Format;

use crate::error::{Error, Result};
use crate::image::Image;
use crate::io::Source;
use crate::jpeg::{DecodeOptions, Decoder};
use crate::limits::Limits;

/// Reads the header in `prefix`; `complete` says that nothing follows it.
pub(crate) fn probe(prefix: &[u8], complete: bool, limits: &Limits) -> Result<Probe> {
    if prefix.len() < sniff::ENOUGH && !complete {
        return Ok(Probe::NeedMore(Need::of_signature(prefix)));
    }
    let Some(format) = Format::sniff(prefix) else {
        return Err(Error::new(crate::ErrorKind::Unrecognized, "the bytes begin as no image"));
    };
    let info = match format {
        Format::Jpeg => jpeg::read_info(prefix, limits),
        Format::Png => png::read_info(prefix, limits),
    };
    match info {
        Err(error) if error.kind() == crate::ErrorKind::Truncated => {
            let need = missing(format, prefix);
            if complete { Err(error.with_missing(need.bytes)) } else { Ok(Probe::NeedMore(need)) }
        }
        Err(error) => Err(error),
        Ok(info) => {
            limits.check_size(info.width, info.height)?;
            check_frames(&info, limits)?;
            Ok(Probe::Ready(Box::new(info)))
        }
    }
}

/// What is missing from a header that ends too early.
fn missing(format: Format, prefix: &[u8]) -> Need {
    let (bytes, size) = match format {
        Format::Jpeg => {
            let missing = crate::jpeg::missing(prefix);
            (missing.bytes, missing.size.filter(|&(_, height)| height > 0))
        }
        Format::Png => png::missing(prefix),
    };
    Need { bytes: bytes.max(1) as u64, format: Some(format), size }
}

fn check_frames(info: &Info, limits: &Limits) -> Result<()> {
    if info.frames <= limits.max_frames {
        return Ok(());
    }
    Err(Error::limit(format!(
        "the image states {} frames, more than the limit of {}",
        info.frames, limits.max_frames
    )))
}

/// Decodes the (first) frame of an input whose header is `info`. `jpeg` says how, if it is
/// one, and whether a broken file is decoded as far as it goes; `info` has the size and mode that
/// follow from it.
pub(crate) fn decode(
    mut source: Source<'_>,
    info: &Info,
    jpeg: &DecodeOptions,
    limits: &Limits,
) -> Result<Image> {
    limits.image_bytes(info.width, info.height, info.mode.pixel_bytes())?;
    match info.format {
        Format::Jpeg => decode_jpeg(source, jpeg, limits, |decoder| Ok(decoder.decode()?.0)),
        Format::Png => {
            source.fill(usize::MAX, limits)?;
            png::decode(source.at_hand(), info, jpeg.truncated, limits)
        }
    }
}

/// Does `work` with a decoder of the JPEG file in `source`, which is read meanwhile unless it is at hand.
pub(crate) fn decode_jpeg<R>(
    source: Source<'_>,
    options: &DecodeOptions,
    limits: &Limits,
    work: impl FnOnce(Decoder<'_>) -> Result<R>,
) -> Result<R> {
    if source.is_complete() {
        return work(Decoder::new(source.at_hand(), options, limits)?);
    }
    work(Decoder::from_reader(source.into_reader()?, options, limits)?)
}

/// Encodes `image` in `format`.
pub(crate) fn encode(image: &Image, format: Format, options: &EncodeOptions) -> Result<Vec<u8>> {
    options.check()?;
    match format {
        Format::Jpeg => jpeg::encode(image, options),
        Format::Png => png::encode(image, options),
    }
}

/// The error for a mode that a format cannot hold, in Pillow's words.
fn cannot_write(image: &Image, format: Format) -> Error {
    Error::unsupported(format!("cannot write mode {} as {format}", image.mode()))
        .with_help("convert the image to another mode first")
}
