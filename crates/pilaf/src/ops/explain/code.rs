//! What can be the matter with bytes that should be an image.

use std::fmt;

use crate::error::ErrorKind;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal, $kind:ident;)+) => {
        /// What an input turned out to be. Codes are stable: the same in Rust, in Python's
        /// `Diagnosis.code` and `exception.code`, on the command line and in error columns.
        ///
        /// ```
        /// use pilaf::explain::Code;
        ///
        /// assert_eq!(Code::GitLfsPointer.as_str(), "git_lfs_pointer");
        /// assert!(Code::ALL.contains(&Code::Ok));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable lower-case name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// What sort of error opening such an input is.
            pub fn kind(self) -> ErrorKind {
                match self { $(Self::$variant => ErrorKind::$kind,)+ }
            }
        }
    };
}

codes! {
    /// A readable image. [`Diagnosis::warnings`](super::Diagnosis::warnings) may tell more.
    Ok = "ok", Unrecognized;
    /// No bytes at all.
    Empty = "empty", Unrecognized;
    /// A file object whose cursor is at the end: it was read, or written and not rewound.
    Exhausted = "exhausted", Unrecognized;
    /// A text-mode object, or text in place of bytes.
    TextMode = "text_mode", Parameter;
    /// Nothing but zero bytes.
    Zeros = "zeros", Unrecognized;
    /// An HTML page: an error page, a login form.
    Html = "html", Unrecognized;
    /// A JSON document, such as the error of an API.
    Json = "json", Unrecognized;
    /// An XML document, such as the error of an object store.
    Xml = "xml", Unrecognized;
    /// Some other text.
    Text = "text", Unrecognized;
    /// Base64 text of an image.
    Base64 = "base64", Unrecognized;
    /// A `data:` URI of an image.
    DataUri = "data_uri", Unrecognized;
    /// Hexadecimal text of an image.
    Hex = "hex", Unrecognized;
    /// Source text of bytes, such as Python's `b'\xff\xd8...'` or a list of numbers.
    BytesLiteral = "bytes_literal", Unrecognized;
    /// The text form of an object: its contents were never there.
    ObjectText = "object_text", Unrecognized;
    /// Line ends were converted on the way.
    NewlineDamage = "newline_damage", Malformed;
    /// Bytes were taken for text and replaced: they are lost.
    ReplacedBytes = "replaced_bytes", Malformed;
    /// Bytes were taken for Latin-1 text and written as UTF-8 or UTF-16: they can be recovered.
    Reencoded = "reencoded", Malformed;
    /// The highest bit of every byte is gone.
    SevenBit = "seven_bit", Malformed;
    /// Compressed data: gzip, zstd and others.
    Compressed = "compressed", Unsupported;
    /// An archive, or a document that is one.
    Archive = "archive", Unsupported;
    /// A document, such as PDF.
    Document = "document", Unsupported;
    /// A drawing in SVG.
    Svg = "svg", Unsupported;
    /// An image of a format that pilaf does not read.
    OtherImage = "other_image", Unsupported;
    /// A video.
    Video = "video", Unsupported;
    /// Sound.
    Audio = "audio", Unsupported;
    /// An executable, a font, a database: some other known kind of file.
    OtherFile = "other_file", Unsupported;
    /// A Git LFS pointer in place of the file.
    GitLfsPointer = "git_lfs_pointer", Unrecognized;
    /// A multipart or HTTP message with its headers still in front of the image.
    Multipart = "multipart", Unrecognized;
    /// An image whose first bytes are missing: somebody read them before.
    MissingStart = "missing_start", Malformed;
    /// An image with other bytes in front of it.
    LeadingJunk = "leading_junk", Unrecognized;
    /// An image with other bytes behind it; a warning.
    TrailingJunk = "trailing_junk", Malformed;
    /// An image that ends too early.
    Truncated = "truncated", Truncated;
    /// The right signature, but a damaged structure.
    Malformed = "malformed", Malformed;
    /// A valid image that uses something pilaf does not offer.
    Unsupported = "unsupported", Unsupported;
    /// More than the limits allow.
    Limit = "limit", Limit;
    /// A name or media type that contradicts the content; a warning.
    Mismatch = "mismatch", Unrecognized;
    /// None of these.
    Unknown = "unknown", Unrecognized;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
