//! Telling formats apart by their first bytes.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// A prefix of this length settles what [`Format::sniff`] and [`unrecognized`] look at.
pub(crate) const ENOUGH: usize = 32;

/// An image file format that pilaf reads and writes.
///
/// ```
/// use pilaf::Format;
///
/// assert_eq!(Format::sniff(b"\x89PNG\r\n\x1a\n"), Some(Format::Png));
/// assert_eq!("jpg".parse::<Format>()?, Format::Jpeg);
/// assert_eq!(Format::from_path("a/b/photo.JPEG"), Some(Format::Jpeg));
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (W3C Portable Network Graphics, third edition).
    Png,
}

impl Format {
    /// Every format, in the order of the declaration.
    pub const ALL: [Self; 2] = [Self::Jpeg, Self::Png];

    /// Pillow's name of the format: upper case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
        }
    }

    /// The media type for HTTP and data: URIs.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// File name extensions, the usual one first, without the dot.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png", "apng"],
        }
    }

    /// The format that the first bytes of a file belong to.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(Self::Png),
            _ => None,
        }
    }

    /// The format that a file name's extension stands for.
    pub fn from_path(path: impl AsRef<Path>) -> Option<Self> {
        path.as_ref().extension()?.to_str()?.parse().ok()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    /// The format of a name or extension, in any case.
    fn from_str(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.extensions().contains(&&*lower)).ok_or_else(
            || {
                Error::parameter(format!("unknown image format {name:?}"))
                    .with_help(format!("use one of {}", Self::ALL.map(Self::name).join(", ")))
            },
        )
    }
}

/// Signatures of what people mistake for a picture or pilaf does not read (yet):
/// offset, bytes, what to call it.
const OTHERS: &[(usize, &[u8], &str)] = &[
    (0, b"GIF8", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"BM", "a BMP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (4, b"ftypavif", "an AVIF image"),
    (4, b"ftyphei", "a HEIC image"),
    (4, b"ftypmif1", "a HEIF image"),
    (4, b"ftyp", "an MP4 or QuickTime video"),
    (0, b"\xFF\x0A", "a JPEG XL image"),
    (0, b"\0\0\0\x0CJXL ", "a JPEG XL image"),
    (0, b"\0\0\0\x0CjP  ", "a JPEG 2000 image"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1F\x8B", "gzip-compressed data"),
];

/// Why `bytes`, which [`Format::sniff`] does not know, are not an image pilaf reads.
pub(crate) fn unrecognized(bytes: &[u8]) -> Error {
    if bytes.is_empty() {
        return Error::new(ErrorKind::Unrecognized, "the input is empty: 0 bytes").with_help(
            "check that the upload or query returned a body, and that it was not read before",
        );
    }
    let found = OTHERS.iter().find(|(offset, signature, _)| {
        bytes.get(*offset..).is_some_and(|b| b.starts_with(signature))
    });
    if let Some((.., name)) = found {
        return Error::unsupported(format!("the input is {name}, which pilaf does not read"))
            .at(0)
            .with_help("convert it to JPEG or PNG first");
    }
    let start = &bytes[..bytes.len().min(12)];
    Error::new(
        ErrorKind::Unrecognized,
        format!(
            "the input is no image that pilaf knows: it begins with \"{}\"",
            start.escape_ascii()
        ),
    )
    .at(0)
    .with_help("a JPEG begins with \"\\xff\\xd8\\xff\", a PNG with \"\\x89PNG\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_that_are_no_image_are_told_apart() {
        let text = |bytes: &[u8]| unrecognized(bytes).to_string();
        assert!(text(b"").starts_with("the input is empty"));
        assert!(text(b"GIF89a").contains("a GIF image"));
        assert!(text(b"<!DOCTYPE html>").contains("\"<!DOCTYPE ht\""));
        assert_eq!(unrecognized(b"hello").kind(), ErrorKind::Unrecognized);
        assert_eq!(unrecognized(b"%PDF-1.7").kind(), ErrorKind::Unsupported);
    }
}
