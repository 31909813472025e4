//! Telling formats apart by their first bytes.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A prefix of this length settles what [`Format::sniff`] looks at.
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

    /// What a file of this format begins with.
    pub(crate) fn signature(self) -> &'static [u8] {
        match self {
            Self::Jpeg => b"\xFF\xD8\xFF",
            Self::Png => b"\x89PNG\r\n\x1a\n",
        }
    }

    /// The format that the first bytes of a file belong to.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|format| bytes.starts_with(format.signature()))
    }

    /// Whether `bytes` are the beginning of a file of this format, or of its signature.
    pub(crate) fn may_begin(self, bytes: &[u8]) -> bool {
        bytes.starts_with(self.signature()) || self.signature().starts_with(bytes)
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
