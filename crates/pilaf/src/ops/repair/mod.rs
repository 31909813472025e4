//! Taking an image out of what it was wrapped in: on request only, step by step, each step told.
//!
//! ```text
//! written.rs    text that stands for bytes: base64, data: URIs, hexadecimal, literals
//! message.rs    the body of an HTTP or MIME message
//! transport.rs  damage on the way that can be proved to be undone
//! ```
//!
//! [`explain`](super::explain) names the repair that would help; nothing else in the crate makes
//! one. Every step is bounded by [`Limits::max_input_bytes`].

pub(super) mod message;
pub(super) mod transport;
pub(super) mod written;

use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::str::FromStr;

use super::explain::{embedded, foreign};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{self, Format};
use crate::limits::Limits;

macro_rules! repairs {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $done:literal;)+) => {
        /// A way of taking an image out of what it was wrapped in. Names are stable: the same in
        /// Rust, in Python, on the command line.
        ///
        /// ```
        /// use pilaf::{Limits, repair::Repair};
        ///
        /// let bytes = Repair::FromBase64.apply(b"/9j/4AAQ", &Limits::default())?;
        /// assert_eq!(bytes, b"\xFF\xD8\xFF\xE0\x00\x10");
        /// assert_eq!(Repair::FromBase64.as_str(), "from_base64");
        /// # Ok::<(), pilaf::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Repair {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Repair {
            /// Every repair, in the order of the declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable lower-case name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What was done, in words.
            fn done(self) -> &'static str {
                match self { $(Self::$variant => $done,)+ }
            }
        }
    };
}

repairs! {
    /// Decodes base64 text (RFC 4648, both alphabets) or a `data:` URI.
    FromBase64 = "from_base64", "base64 text was decoded";
    /// Decodes hexadecimal text, such as a `bytea` of PostgreSQL.
    FromHex = "from_hex", "hexadecimal text was decoded";
    /// Decodes the source text of bytes: Python's `b'\xff\xd8...'`, a list of numbers.
    FromLiteral = "from_literal", "the source text of bytes was decoded";
    /// Takes the image out of a multipart or HTTP message.
    FromMultipart = "from_multipart", "the image was taken out of a message with headers";
    /// Decompresses gzip (RFC 1952) and zlib (RFC 1950) data; checksums must be right.
    Gunzip = "gunzip", "compressed data was decompressed";
    /// Cuts off what is in front of and behind an image.
    StripJunk = "strip_junk", "what was in front of or behind the image was cut off";
    /// Turns CR LF back into LF in a PNG; the checksums of all chunks must be right then.
    RestoreNewlines = "restore_newlines", "converted line ends were restored, and checksums agree";
    /// Turns characters back into bytes that were taken for Latin-1 or Windows-1252 text and written
    /// as UTF-8 or UTF-16; none may be lost.
    FromLatin1 = "from_latin1", "bytes that were taken for text were restored";
}

impl Repair {
    /// Does this one repair.
    ///
    /// Whether the result is an image is not looked at, but by [`Repair::StripJunk`], which needs
    /// one to know what is junk, and [`Repair::RestoreNewlines`].
    ///
    /// # Errors
    ///
    /// [`Parameter`](ErrorKind::Parameter) when the data are not what this one is for,
    /// [`Truncated`](ErrorKind::Truncated) and [`Malformed`](ErrorKind::Malformed) for compressed
    /// data that are, [`Limit`](ErrorKind::Limit) when the result is larger than
    /// [`Limits::max_input_bytes`].
    pub fn apply(self, data: &[u8], limits: &Limits) -> Result<Vec<u8>> {
        limits.check_input(data.len() as u64)?;
        let most = usize::try_from(limits.max_input_bytes).unwrap_or(usize::MAX).saturating_add(1);
        let repaired = match self {
            Self::FromBase64 => from_base64_within(data, most)?,
            Self::FromHex => {
                let text = unquoted(data);
                written::decode_hex(text, most).map_err(|at| not_made_of("hexadecimal", at))?
            }
            Self::FromLiteral => written::decode_literal(data, most)
                .ok_or_else(|| Error::parameter("the data are no source text of bytes"))?,
            Self::FromMultipart => message::body(data)
                .ok_or_else(|| Error::parameter("the data are no message that holds an image"))?
                .into_owned(),
            Self::Gunzip => gunzip(data, limits)?,
            Self::StripJunk => strip_junk(data, limits)?.to_vec(),
            Self::RestoreNewlines => transport::restore_newlines(data).ok_or_else(|| {
                Error::parameter("converted line ends cannot be proved to be restored")
            })?,
            Self::FromLatin1 => match transport::from_latin1(data) {
                (bytes, None) => bytes,
                (_, Some(at)) => {
                    let text = "the data are not Latin-1 characters alone: bytes are lost";
                    return Err(Error::parameter(text).at(at as u64));
                }
            },
        };
        limits.check_input(repaired.len() as u64)?;
        Ok(repaired)
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Repair {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.iter().copied().find(|repair| repair.as_str() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|repair| repair.as_str()).collect();
            Error::parameter(format!("unknown repair {name:?}"))
                .with_help(format!("use one of {}", names.join(", ")))
        })
    }
}

/// An image, and what was done to get at it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repaired {
    /// The encoded image.
    pub data: Vec<u8>,
    /// What was done, in order; nothing for data that are an image as they are.
    pub steps: Vec<Step>,
}

/// One repair that was made. The [`Display`](fmt::Display) text is a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// Which one.
    pub repair: Repair,
    /// How many bytes there were before.
    pub bytes_before: usize,
    /// How many bytes there are now.
    pub bytes_after: usize,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { repair, bytes_before, bytes_after } = self;
        write!(f, "{repair}: {} ({bytes_before} bytes became {bytes_after})", repair.done())
    }
}

/// Layers that are taken off one after the other: an e-mail's part, base64, gzip, junk, and one
/// more. Deeper nesting is nobody's accident.
const MOST_STEPS: usize = 5;

/// Takes an image out of what it was wrapped in, by those repairs that `allowed` names.
///
/// Each step is the one that [`explain`](super::explain::explain) names for what is there. The
/// result begins as an image; whether it decodes, opening it will tell.
///
/// ```
/// use pilaf::repair::{Repair, repair};
/// use pilaf::Limits;
///
/// # let png = pilaf::Image::new(pilaf::Mode::L, (2, 2))?
/// #     .encode(pilaf::Format::Png, &Default::default())?;
/// let body = [b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", &png[..]].concat();
/// let repaired = repair(&body, Repair::ALL, &Limits::default())?;
/// assert_eq!(repaired.steps[0].repair, Repair::FromMultipart);
/// assert_eq!(repaired.data, png);
/// # Ok::<(), pilaf::Error>(())
/// ```
///
/// # Errors
///
/// What opening the data gives, when no repair is known for it or it is not among those allowed;
/// that of [`Repair::apply`].
pub fn repair(data: &[u8], allowed: &[Repair], limits: &Limits) -> Result<Repaired> {
    limits.check_input(data.len() as u64)?;
    let mut data = Cow::Borrowed(data);
    let mut steps = Vec::new();
    while steps.len() < MOST_STEPS {
        let Some(repair) = next_repair(&data, allowed, limits)? else { break };
        let repaired = repair.apply(&data, limits)?;
        steps.push(Step { repair, bytes_before: data.len(), bytes_after: repaired.len() });
        data = Cow::Owned(repaired);
    }
    if Format::sniff(&data).is_none() {
        return Err(foreign(&data, limits).into_error());
    }
    Ok(Repaired { data: data.into_owned(), steps })
}

/// What is to be done next; `None` for an image.
fn next_repair(data: &[u8], allowed: &[Repair], limits: &Limits) -> Result<Option<Repair>> {
    if let Some(format) = Format::sniff(data) {
        let more = formats::encoded_len(format, data).is_some_and(|len| len < data.len());
        return Ok((more && allowed.contains(&Repair::StripJunk)).then_some(Repair::StripJunk));
    }
    let diagnosis = foreign(data, limits);
    match diagnosis.repair {
        Some(repair) if allowed.contains(&repair) => Ok(Some(repair)),
        Some(repair) => {
            let help = format!("the repair {repair} would help, but is not among those allowed");
            Err(diagnosis.into_error().with_help(help))
        }
        None => Err(diagnosis.into_error()),
    }
}

/// Decodes base64 text (RFC 4648, both alphabets, with or without padding and line breaks) or a
/// `data:` URI.
///
/// ```
/// let bytes = pilaf::from_base64("data:image/jpeg;base64,/9j/4AAQ", &Default::default())?;
/// assert_eq!(bytes, b"\xFF\xD8\xFF\xE0\x00\x10");
/// # Ok::<(), pilaf::Error>(())
/// ```
///
/// # Errors
///
/// [`Parameter`](ErrorKind::Parameter), with the offset of the first byte that is no base64;
/// [`Limit`](ErrorKind::Limit) when the result is larger than [`Limits::max_input_bytes`].
pub fn from_base64(text: impl AsRef<[u8]>, limits: &Limits) -> Result<Vec<u8>> {
    Repair::FromBase64.apply(text.as_ref(), limits)
}

fn from_base64_within(data: &[u8], most: usize) -> Result<Vec<u8>> {
    let text = unquoted(data);
    let start = text.as_ptr() as usize - data.as_ptr() as usize;
    let decoded = match text.split_at_checked(5) {
        Some((scheme, uri)) if scheme.eq_ignore_ascii_case(b"data:") => {
            written::decode_data_uri(uri, most).map_err(|at| at + scheme.len())
        }
        _ => written::decode_base64(text, most),
    };
    decoded.map_err(|at| not_made_of("base64", start + at))
}

fn not_made_of(what: &str, at: usize) -> Error {
    Error::parameter(format!("the text is not {what}")).at(at as u64)
}

/// The text without its mark, white space and quotes.
pub(super) fn unquoted(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii();
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        // The end of a long text may not be at hand.
        [b'"', inner @ ..] => inner,
        _ => text,
    }
}

fn gunzip(data: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let most = limits.max_input_bytes.saturating_add(1);
    let done = match data {
        [0x1F, 0x8B, ..] => {
            flate2::read::MultiGzDecoder::new(data).take(most).read_to_end(&mut out)
        }
        _ => flate2::read::ZlibDecoder::new(data).take(most).read_to_end(&mut out),
    };
    done.map(|_| out).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Error::truncated("the compressed data end too early")
            .at(data.len() as u64)
            .with_help("fetch them again"),
        std::io::ErrorKind::OutOfMemory => Error::from(error),
        _ => Error::new(ErrorKind::Malformed, format!("broken gzip or zlib data: {error}")),
    })
}

/// The first bytes of gzip or zlib data, decompressed as far as that goes.
pub(super) fn inflated_start(data: &[u8]) -> Vec<u8> {
    const START: u64 = 64 * 1024;
    let mut out = Vec::new();
    // What came before an error is kept, and all that is wanted.
    let _ = match data {
        [0x1F, 0x8B, ..] => flate2::read::GzDecoder::new(data).take(START).read_to_end(&mut out),
        _ => flate2::read::ZlibDecoder::new(data).take(START).read_to_end(&mut out),
    };
    out
}

/// The image in `data` alone.
fn strip_junk<'a>(data: &'a [u8], limits: &Limits) -> Result<&'a [u8]> {
    let start = match Format::sniff(data) {
        Some(_) => 0,
        None => match embedded::image_in(data, limits) {
            Some((start, _)) => start,
            None => return Err(Error::parameter("there is no image in the data")),
        },
    };
    let image = &data[start..];
    let format = Format::sniff(image).expect("an image begins there");
    Ok(formats::encoded_len(format, image).map_or(image, |len| &image[..len]))
}
