//! Opening: the header now, the pixels when asked.

use std::path::Path;

use crate::error::{Error, Result};
use crate::formats::{self, EncodeOptions, Format, Info, Probe};
use crate::image::Image;
use crate::io::Source;
use crate::limits::Limits;
use crate::ops::explain::foreign;

/// How much of a reader is read before the first look at the header. Most headers end before it;
/// those with large EXIF or ICC segments make it grow by [`GROWTH`].
const FIRST_READ: usize = 64 * 1024;
const GROWTH: usize = 4;

/// Opens an image: reads its header, not yet its pixels.
///
/// Takes `&[u8]`, `Vec<u8>`, [`Bytes`](bytes::Bytes), a [`File`](std::fs::File), or with
/// [`Source::reader`] anything that reads and seeks. The format is found by content, never by
/// name.
///
/// ```
/// use pilaf::{Filter, Format, Image, Mode};
///
/// # let bytes = Image::new(Mode::Rgb, (64, 48))?.encode(Format::Jpeg, &Default::default())?;
/// let image = pilaf::open(&bytes)?;
/// assert_eq!(image.info().size(), (64, 48));
/// let small = image.decode()?.resize((32, 24), Filter::Lanczos)?;
/// let png = small.encode(Format::Png, &Default::default())?;
/// # assert_eq!(pilaf::open(png)?.info().format, Format::Png);
/// # Ok::<(), pilaf::Error>(())
/// ```
///
/// # Errors
///
/// [`Unrecognized`](crate::ErrorKind::Unrecognized) when the bytes are no image,
/// [`Unsupported`](crate::ErrorKind::Unsupported) when they are of a kind that pilaf does not
/// read, [`Truncated`](crate::ErrorKind::Truncated) or [`Malformed`](crate::ErrorKind::Malformed)
/// when the header is broken, [`Limit`](crate::ErrorKind::Limit) when it states more than
/// [`Limits::default`] allow, [`Io`](crate::ErrorKind::Io) when a reader fails.
pub fn open<'a>(source: impl Into<Source<'a>>) -> Result<ImageFile<'a>> {
    OpenOptions::new().open(source)
}

/// Opens the image file at `path`: [`open`] for a file.
///
/// # Errors
///
/// As [`open`]; [`Io`](crate::ErrorKind::Io) names the path.
pub fn open_path(path: impl AsRef<Path>) -> Result<ImageFile<'static>> {
    OpenOptions::new().open_path(path)
}

/// How to open an image.
///
/// ```
/// use pilaf::{Format, Limits, OpenOptions};
///
/// let options = OpenOptions::new()
///     .limits(Limits { max_pixels: 1_000_000, ..Limits::default() })
///     .formats(&[Format::Jpeg]);
/// # let png = pilaf::Image::new(pilaf::Mode::L, (1, 1))?.encode(Format::Png, &Default::default())?;
/// let error = options.open(&png).unwrap_err();
/// assert_eq!(error.kind(), pilaf::ErrorKind::Unsupported);
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    limits: Limits,
    formats: Option<Vec<Format>>,
}

impl OpenOptions {
    /// Default limits, every format.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bounds on what the image may cost, in place of [`Limits::default`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The only formats that may be decoded.
    #[must_use]
    pub fn formats(mut self, formats: &[Format]) -> Self {
        self.formats = Some(formats.to_vec());
        self
    }

    /// Opens `source` with these options; see [`open`].
    ///
    /// # Errors
    ///
    /// As [`open`]; [`Unsupported`](crate::ErrorKind::Unsupported) also for a format that is not
    /// among those allowed.
    pub fn open<'a>(&self, source: impl Into<Source<'a>>) -> Result<ImageFile<'a>> {
        let mut source = source.into();
        let mut wanted = FIRST_READ;
        let info = loop {
            source.fill(wanted, &self.limits)?;
            let complete = source.is_complete();
            self.check_format(source.at_hand())?;
            self.check_signature(source.at_hand())?;
            match formats::probe(source.at_hand(), complete, &self.limits)? {
                Probe::Ready(info) => break *info,
                Probe::NeedMore => wanted = wanted.saturating_mul(GROWTH),
            }
        };
        Ok(ImageFile { source, info, limits: self.limits.clone() })
    }

    /// Opens the file at `path` with these options; see [`open_path`].
    ///
    /// # Errors
    ///
    /// As [`OpenOptions::open`]; [`Io`](crate::ErrorKind::Io) names the path.
    pub fn open_path(&self, path: impl AsRef<Path>) -> Result<ImageFile<'static>> {
        self.open(Source::path(path)?)
    }

    /// Says what an input is that begins as no image.
    fn check_signature(&self, prefix: &[u8]) -> Result<()> {
        match Format::sniff(prefix) {
            Some(_) => Ok(()),
            None => Err(foreign(prefix, &self.limits).into_error()),
        }
    }

    fn check_format(&self, prefix: &[u8]) -> Result<()> {
        let (Some(allowed), Some(format)) = (&self.formats, Format::sniff(prefix)) else {
            return Ok(());
        };
        if allowed.contains(&format) {
            return Ok(());
        }
        Err(Error::unsupported(format!("the input is {format}, which this call does not allow")))
    }
}

/// An opened image: its header is known, its pixels are still encoded.
pub struct ImageFile<'a> {
    source: Source<'a>,
    info: Info,
    limits: Limits,
}

impl ImageFile<'_> {
    /// Format, size, mode, orientation, bits, frames, metadata: from the header alone.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Decodes the pixels, as stored: [`Info::orientation`] is not applied.
    ///
    /// # Errors
    ///
    /// [`Truncated`](crate::ErrorKind::Truncated) when the data ends early,
    /// [`Malformed`](crate::ErrorKind::Malformed) when it is broken,
    /// [`Limit`](crate::ErrorKind::Limit) when decoding would take more memory than allowed,
    /// [`Io`](crate::ErrorKind::Io) when a reader fails.
    pub fn decode(self) -> Result<Image> {
        let file = self.read()?;
        formats::decode(file.bytes(), &file.info, &file.limits)
    }

    /// The same, with all of the encoded bytes at hand.
    pub(super) fn read(mut self) -> Result<Self> {
        self.source.fill(usize::MAX, &self.limits)?;
        Ok(self)
    }

    /// The encoded bytes that were [read](Self::read).
    pub(super) fn bytes(&self) -> &[u8] {
        self.source.at_hand()
    }
}

impl std::fmt::Debug for ImageFile<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Info { format, mode, width, height, .. } = &self.info;
        write!(f, "ImageFile({format}, {mode}, {width}x{height})")
    }
}

impl Image {
    /// Encodes the image.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) when the format cannot hold the mode,
    /// [`Parameter`](crate::ErrorKind::Parameter) for an image without pixels, one too large for
    /// the format, or options out of range.
    pub fn encode(&self, format: Format, options: &EncodeOptions) -> Result<Vec<u8>> {
        formats::encode(self, format, options)
    }

    /// Encodes the image into the file at `path`: into a new file beside it that then takes its
    /// name, so that a failure leaves nothing half-written and a reader never sees half a file.
    ///
    /// # Errors
    ///
    /// As [`Image::encode`]; [`Io`](crate::ErrorKind::Io) names the path.
    pub fn save(
        &self,
        path: impl AsRef<Path>,
        format: Format,
        options: &EncodeOptions,
    ) -> Result<()> {
        crate::io::replace_file(path.as_ref(), &self.encode(format, options)?)
    }
}
