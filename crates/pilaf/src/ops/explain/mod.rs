//! Why bytes are not an image.
//!
//! ```text
//! image signature?  -> structure.rs: walk it, decode it, say where it breaks
//! damaged one?      -> transport.rs: line ends, encodings
//! other signature?  -> signature.rs: known kinds of files
//! text?             -> text.rs: pages, errors, encodings of an image as text
//! image further on? -> embedded.rs: headers or junk in front
//! ```
//!
//! Nothing is repaired here (that is [`repair`](crate::repair), on request), and nothing is said that the bytes do not prove.

mod code;
pub(super) mod embedded;
mod signature;
mod structure;
mod text;
mod transport;

use std::borrow::Cow;
use std::fmt;

pub use code::Code;

use crate::error::{Error, ErrorKind, Result};
use crate::formats::{self, Format, Probe};
use crate::io::Source;
use crate::limits::Limits;
use crate::ops::repair::Repair;

/// What an input is, and if it is no readable image, why and what to do.
///
/// The [`Display`](fmt::Display) text is a sentence or two for people.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// What it is.
    pub code: Code,
    /// What it is, in words, with the evidence.
    pub message: String,
    /// The byte where it shows, counted from 0; where the image begins, for one with something
    /// in front.
    pub offset: Option<u64>,
    /// What to do about it.
    pub help: Option<Cow<'static, str>>,
    /// The image that is in there, readable or not, as far as its header tells.
    pub image: Option<Summary>,
    /// The share of the picture that can be saved from a broken file, 0.0 to 1.0.
    pub salvage: Option<f64>,
    /// The repair that takes the image out, when asked to: see [`repair`](crate::repair).
    pub repair: Option<Repair>,
    /// What else is odd; never a reason to refuse a readable image.
    pub warnings: Vec<Diagnosis>,
}

/// An image inside of something else, or a broken one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its format.
    pub format: Format,
    /// Width and height in pixels, where the header is there.
    pub size: Option<(u32, u32)>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.size {
            Some((width, height)) => write!(f, "a {width}x{height} {}", self.format),
            None => write!(f, "a {}", self.format),
        }
    }
}

impl Diagnosis {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            offset: None,
            help: None,
            image: None,
            salvage: None,
            repair: None,
            warnings: Vec::new(),
        }
    }

    fn at(mut self, offset: usize) -> Self {
        self.offset = Some(offset as u64);
        self
    }

    fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the repair, also in the help that is there already.
    fn repair(mut self, repair: Repair) -> Self {
        self.repair = Some(repair);
        let help = self.help.take().map(|help| format!("{help}; or let repair do it ({repair})"));
        self.help = help.map(Cow::Owned);
        self
    }

    fn image(mut self, image: Option<Summary>) -> Self {
        self.image = image;
        self
    }

    /// Whether the input is a readable image.
    pub fn is_ok(&self) -> bool {
        self.code == Code::Ok
    }

    /// The error for opening such an input.
    pub(crate) fn into_error(self) -> Error {
        let mut error = Error::new(self.code.kind(), self.message).with_code(self.code.as_str());
        if let Some(offset) = self.offset {
            error = error.at(offset);
        }
        match self.help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(offset) = self.offset {
            write!(f, " (at byte {offset})")?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

/// What is known of an input beside its bytes.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// What decoding may cost.
    pub limits: Limits,
    /// The name that the file goes by; its extension is compared with the content.
    pub name: Option<String>,
    /// The media type that a server or form stated, such as `image/png`.
    pub media_type: Option<String>,
}

/// Finds out what `source` is: a readable image, or why not.
///
/// The whole input is read, and an image is decoded to the end, under the limits of `context`.
///
/// ```
/// use pilaf::explain::{Code, Context, explain};
///
/// let page = b"<!DOCTYPE html><title>404 Not Found</title>".as_slice();
/// let diagnosis = explain(page, &Context::default())?;
/// assert_eq!(diagnosis.code, Code::Html);
/// assert_eq!(diagnosis.message, "the input is an HTML page titled \"404 Not Found\"");
/// # Ok::<(), pilaf::Error>(())
/// ```
///
/// # Errors
///
/// [`Io`](ErrorKind::Io) when a reader fails; whatever the bytes are is no error.
pub fn explain<'a>(source: impl Into<Source<'a>>, context: &Context) -> Result<Diagnosis> {
    let mut source = source.into();
    match source.fill(usize::MAX, &context.limits) {
        Err(error) if error.kind() == ErrorKind::Limit => return Ok(limit(&error)),
        other => other?,
    }
    let bytes = source.at_hand();
    let mut diagnosis = match Format::sniff(bytes) {
        Some(format) => structure::check(format, bytes, &context.limits),
        None => foreign(bytes, &context.limits),
    };
    diagnosis.warnings.extend(mismatches(&diagnosis, context));
    Ok(diagnosis)
}

/// What `bytes` are that do not begin with the signature of an image. They may be the first ones
/// only of a longer input.
pub(crate) fn foreign(bytes: &[u8], limits: &Limits) -> Diagnosis {
    if bytes.is_empty() {
        return Diagnosis::new(Code::Empty, "the input is empty: 0 bytes").help(
            "check that the upload or query returned a body, and that it was not read before",
        );
    }
    if let Some(diagnosis) = cut_signature(bytes) {
        return diagnosis;
    }
    if bytes.len() >= 8 && bytes.iter().all(|&byte| byte == 0) {
        let text = format!("the input is {} zero bytes", bytes.len());
        return Diagnosis::new(Code::Zeros, text).at(0).help(
            "space was reserved and the contents never written: fetch or copy the file again",
        );
    }
    transport::find(bytes, limits)
        .or_else(|| embedded::find_beheaded(bytes))
        .or_else(|| signature::find(bytes, limits))
        .or_else(|| embedded::find_after_headers(bytes, limits))
        .or_else(|| text::find(bytes, limits))
        .or_else(|| embedded::find(bytes, limits))
        .unwrap_or_else(|| unknown(bytes))
}

/// A file cut off within its first bytes.
fn cut_signature(bytes: &[u8]) -> Option<Diagnosis> {
    let format = Format::ALL.into_iter().find(|format| format.may_begin(bytes))?;
    let text = format!("the {format} ends too early, after {} bytes", bytes.len());
    let image = Some(Summary { format, size: None });
    Some(
        Diagnosis::new(Code::Truncated, text)
            .at(bytes.len())
            .image(image)
            .help("it was cut off on its way: fetch it again"),
    )
}

fn unknown(bytes: &[u8]) -> Diagnosis {
    let start = bytes[..bytes.len().min(12)].escape_ascii();
    Diagnosis::new(
        Code::Unknown,
        format!("the input is no image that pilaf knows: it begins with \"{start}\""),
    )
    .at(0)
    .help("a JPEG begins with \"\\xff\\xd8\\xff\", a PNG with \"\\x89PNG\"")
}

fn limit(error: &Error) -> Diagnosis {
    let help = error.help().map(|help| Cow::Owned(help.to_owned()));
    Diagnosis { help, offset: error.offset(), ..Diagnosis::new(Code::Limit, error.message()) }
}

/// The image that `bytes` begin with, as far as its header tells.
fn summary(bytes: &[u8], limits: &Limits) -> Option<Summary> {
    let format = Format::sniff(bytes)?;
    let size = match formats::probe(bytes, false, limits) {
        Ok(Probe::Ready(info)) => Some(info.size()),
        Ok(Probe::NeedMore(need)) => need.size,
        _ => None,
    };
    Some(Summary { format, size })
}

/// Names and media types that say something else than the content.
fn mismatches(diagnosis: &Diagnosis, context: &Context) -> Vec<Diagnosis> {
    let Some(Summary { format, .. }) = diagnosis.image.filter(|_| holds_image_itself(diagnosis))
    else {
        return Vec::new();
    };
    let mut warnings = Vec::new();
    if let Some(name) = &context.name
        && let Some((_, extension)) = name.rsplit_once('.')
        && is_image_extension(extension)
        && Format::from_path(name) != Some(format)
    {
        let text = format!("the name ends in .{extension}, but the content is {format}");
        let right = format.extensions()[0];
        warnings.push(
            Diagnosis::new(Code::Mismatch, text)
                .help(format!("pilaf goes by the content; rename it to .{right} for others")),
        );
    }
    if let Some(media_type) = &context.media_type {
        let stated = media_type.split(';').next().unwrap_or_default().trim();
        let aliases = [format.media_type(), "application/octet-stream", "image/*", ""];
        let jpg = format == Format::Jpeg && ["image/jpg", "image/pjpeg"].contains(&stated);
        if !jpg && !aliases.iter().any(|alias| alias.eq_ignore_ascii_case(stated)) {
            let text = format!("the stated media type is {stated}, but the content is {format}");
            warnings.push(
                Diagnosis::new(Code::Mismatch, text)
                    .help(format!("pilaf goes by the content; state {}", format.media_type())),
            );
        }
    }
    warnings
}

/// Whether the input is the image of the diagnosis itself, and not a text or message around it.
fn holds_image_itself(diagnosis: &Diagnosis) -> bool {
    use Code::{Limit, Malformed, Ok, Truncated, Unsupported};
    matches!(diagnosis.code, Ok | Truncated | Malformed | Unsupported | Limit)
}

fn is_image_extension(extension: &str) -> bool {
    const OTHERS: &[&str] =
        &["gif", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif", "jxl", "svg", "ico"];
    extension.parse::<Format>().is_ok() || OTHERS.contains(&extension.to_ascii_lowercase().as_str())
}
