//! The one error type of the crate.
//!
//! Every failure answers three questions: what is wrong ([`Error::message`]), where
//! ([`Error::offset`], a byte offset into the input), and what to do about it
//! ([`Error::help`]). Programs decide by [`Error::kind`]; people read the [`Display`] text.
//!
//! [`Display`]: std::fmt::Display

use std::borrow::Cow;
use std::fmt;

/// The result of every fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it was, and so who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system, or a reader or writer of the caller, failed.
    Io,
    /// The bytes are of no image format that pilaf knows.
    Unrecognized,
    /// The format is known, but its structure is broken.
    Malformed,
    /// The data ends before the image does.
    Truncated,
    /// A valid file that uses something pilaf does not offer.
    Unsupported,
    /// The input asks for more than the [`Limits`](crate::Limits) allow.
    Limit,
    /// The machine has not the memory that the call needs.
    Memory,
    /// The caller passed an argument that makes no sense.
    Parameter,
}

impl ErrorKind {
    /// A stable lower-case word for logs, JSON and error columns.
    ///
    /// ```
    /// assert_eq!(pilaf::ErrorKind::Truncated.as_str(), "truncated");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Unrecognized => "unrecognized",
            Self::Malformed => "malformed",
            Self::Truncated => "truncated",
            Self::Unsupported => "unsupported",
            Self::Limit => "limit",
            Self::Memory => "memory",
            Self::Parameter => "parameter",
        }
    }
}

/// Why a call failed: a kind, a sentence, the byte offset where it is known, and advice.
///
/// There is one type for the whole crate because callers act on the *kind* and people on the
/// *text*; no caller needs a variant for each of a hundred ways in which a file can be broken.
///
/// ```
/// let error = pilaf::open(b"GIF89a, but not really".as_slice()).unwrap_err();
/// assert_eq!(error.kind(), pilaf::ErrorKind::Unsupported);
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    offset: Option<u64>,
    help: Option<Cow<'static, str>>,
    code: Option<&'static str>,
    missing: Option<u64>,
    source: Option<std::io::Error>,
}

impl Error {
    /// An error of `kind` with a sentence that says what is wrong.
    ///
    /// Adapters outside of this crate may use it too, so that their failures look alike.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self(Box::new(Inner {
            kind,
            message,
            offset: None,
            help: None,
            code: None,
            missing: None,
            source: None,
        }))
    }

    /// The same error, at the byte `offset` of the input.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.0.offset = Some(offset);
        self
    }

    /// The same error, with a sentence that says what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// The same error, with the code of a diagnosis.
    pub(crate) fn with_code(mut self, code: &'static str) -> Self {
        self.0.code = Some(code);
        self
    }

    /// The same error, of a header that takes at least so many more bytes.
    pub(crate) fn with_missing(mut self, bytes: u64) -> Self {
        self.0.missing = Some(bytes);
        let more = if bytes == 1 { "1 more byte".into() } else { format!("{bytes} more bytes") };
        self.with_help(format!("its header takes at least {more}: fetch the whole file"))
    }

    pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Malformed, message)
    }

    pub(crate) fn truncated(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Truncated, message)
    }

    pub(crate) fn unsupported(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    pub(crate) fn limit(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Limit, message)
    }

    pub(crate) fn memory(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Memory, message)
    }

    pub(crate) fn parameter(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Parameter, message)
    }

    /// A failure of the operating system with the file at `path`.
    pub(crate) fn io_at_path(source: std::io::Error, path: &std::path::Path) -> Self {
        // "No such file or directory (os error 2)": the number is for programs, which have it.
        let text = source.to_string();
        let reason = text.split(" (os error").next().unwrap_or(&text);
        let mut error = Self::new(ErrorKind::Io, format!("{}: {reason}", path.display()));
        error.0.source = Some(source);
        error
    }

    /// What sort of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// A stable lower-case word for what exactly was found: a [`Code`](crate::explain::Code) for
    /// an input that is no image, else the word for the [`kind`](Self::kind).
    ///
    /// ```
    /// let error = pilaf::open(b"GIF89a, but not really".as_slice()).unwrap_err();
    /// assert_eq!((error.kind().as_str(), error.code()), ("unsupported", "other_image"));
    /// ```
    pub fn code(&self) -> &'static str {
        self.0.code.unwrap_or(self.kind().as_str())
    }

    /// What is wrong, without offset and advice.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The byte of the input at which the fault was noticed, counted from 0.
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// How many more bytes there must be at least, of an input that ends within its header; as
    /// [`probe`](crate::probe()) tells.
    pub fn missing_bytes(&self) -> Option<u64> {
        self.0.missing
    }

    /// The error of the operating system behind an [`ErrorKind::Io`].
    pub fn io_error(&self) -> Option<&std::io::Error> {
        self.0.source.as_ref()
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Self {
        let mut error = Self::new(ErrorKind::Io, source.to_string());
        error.0.source = Some(source);
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(offset) = self.0.offset {
            write!(f, " (at byte {offset})")?;
        }
        if let Some(help) = &self.0.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}: {self})", self.kind().as_str())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_says_what_where_and_what_to_do() {
        let error = Error::truncated("the scan ends early").at(417).with_help("fetch it again");
        assert_eq!(error.to_string(), "the scan ends early (at byte 417); fetch it again");
        assert_eq!(format!("{error:?}"), format!("Error(truncated: {error})"));
    }

    #[test]
    fn an_error_is_one_pointer() {
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }
}
