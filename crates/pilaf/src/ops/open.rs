//! Opening: the header now, the pixels when asked.

use std::path::Path;

use crate::error::{Error, Result};
use crate::formats::{self, EncodeOptions, Format, Info, Probe};
use crate::image::{Image, Mode};
use crate::io::Source;
use crate::jpeg::{Colors, DecodeOptions, Decoder, Scale, Truncated};
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
    pub(super) limits: Limits,
    formats: Option<Vec<Format>>,
    truncated: Truncated,
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

    /// Whether a file that is cut off or broken is decoded as far as it goes. Default: no, it is an
    /// error.
    #[must_use]
    pub fn truncated(mut self, truncated: Truncated) -> Self {
        self.truncated = truncated;
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
                Probe::NeedMore(need) => {
                    let next = source.at_hand().len().saturating_add(need.bytes as usize);
                    wanted = wanted.saturating_mul(GROWTH).max(next);
                }
            }
        };
        let jpeg = DecodeOptions { truncated: self.truncated, ..DecodeOptions::default() };
        Ok(ImageFile { source, info, jpeg, limits: self.limits.clone() })
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

    pub(super) fn check_format(&self, prefix: &[u8]) -> Result<()> {
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
    /// How to decode it, if it is a JPEG.
    jpeg: DecodeOptions,
    limits: Limits,
}

impl ImageFile<'_> {
    /// Format, size, mode, orientation, bits, frames, metadata: from the header alone.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Decodes the pixels, as stored: [`Info::orientation`] is not applied.
    ///
    /// A sequential JPEG is decoded while it is read, without being held whole.
    ///
    /// # Errors
    ///
    /// [`Truncated`](crate::ErrorKind::Truncated) when the data ends early,
    /// [`Malformed`](crate::ErrorKind::Malformed) when it is broken,
    /// [`Limit`](crate::ErrorKind::Limit) when decoding would take more memory than allowed,
    /// [`Io`](crate::ErrorKind::Io) when a reader fails.
    pub fn decode(self) -> Result<Image> {
        formats::decode(self.source, &self.info, &self.jpeg, &self.limits)
    }

    /// Asks for a cheaper decoding: a JPEG at 1/2, 1/4 or 1/8 of its size, the smallest that is
    /// not smaller than `size`; and of a colour JPEG only the luma (`L`), or its colours as they
    /// are coded (`YCbCr`). [`info`](Self::info) then has the size and mode that decoding will
    /// give. Returns the factor by which it shrinks, 1, 2, 4 or 8; `None` when the format has no
    /// cheaper way. Pillow's `draft`.
    ///
    /// ```
    /// # let image = pilaf::Image::new(pilaf::Mode::Rgb, (100, 75))?;
    /// # let bytes = image.encode(pilaf::Format::Jpeg, &Default::default())?;
    /// let mut file = pilaf::open(&bytes)?; // 100x75 pixels
    /// assert_eq!(file.draft(None, Some((30, 30))), Some(2));
    /// assert_eq!(file.decode()?.size(), (50, 38));
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    pub fn draft(&mut self, mode: Option<Mode>, size: Option<(u32, u32)>) -> Option<u32> {
        if self.info.format != Format::Jpeg {
            return None;
        }
        if let (Mode::Rgb, Some(mode)) = (self.info.mode, mode)
            && let Some(colors) = colors_of(mode)
        {
            (self.jpeg.colors, self.info.mode) = (colors, mode);
        }
        let shrink = size.map_or(1, |(width, height)| {
            let (across, down) = (self.info.width / width.max(1), self.info.height / height.max(1));
            [8, 4, 2].into_iter().find(|&shrink| across.min(down) >= shrink).unwrap_or(1)
        });
        self.jpeg.scale = match shrink {
            8 => Scale::EIGHTH,
            4 => Scale::QUARTER,
            2 => Scale::HALF,
            _ => Scale::FULL,
        };
        (self.info.width, self.info.height) = self.jpeg.scale.apply(self.info.size());
        Some(shrink)
    }

    /// Decides anew what becomes of a file that is cut off or broken: see
    /// [`OpenOptions::truncated`].
    pub fn set_truncated(&mut self, truncated: Truncated) {
        self.jpeg.truncated = truncated;
    }

    /// Looks for damage without decoding pixels, as far as the format has checksums: those of the
    /// chunks of a PNG.
    ///
    /// # Errors
    ///
    /// [`Truncated`](crate::ErrorKind::Truncated) or [`Malformed`](crate::ErrorKind::Malformed),
    /// with the offset; [`Io`](crate::ErrorKind::Io) when a reader fails.
    pub fn verify(&mut self) -> Result<()> {
        if self.info.format != Format::Png {
            return Ok(());
        }
        self.source.fill(usize::MAX, &self.limits)?;
        let Some(fault) = formats::png_chunks::check(self.bytes()).fault else { return Ok(()) };
        let text = format!("broken PNG file: {}", fault.what);
        let error = if fault.is_end { Error::truncated(text) } else { Error::malformed(text) };
        Err(error.at(fault.offset as u64))
    }

    /// How many bytes of the source the image takes, from where it begins to its last one; what
    /// follows belongs to somebody else. `None` when the source ends before the image does, or it
    /// is too broken to tell. Reads the source to its end.
    ///
    /// ```
    /// use pilaf::io::Source;
    ///
    /// # let image = pilaf::Image::new(pilaf::Mode::L, (7, 5))?;
    /// # let bytes = image.encode(pilaf::Format::Png, &Default::default())?;
    /// let two = [&bytes[..], &bytes[..]].concat();
    /// let first = pilaf::open(&two)?.encoded_len()?.unwrap();
    /// let second = pilaf::open(Source::from(&two).skip(first))?;
    /// assert_eq!((first, second.info().size()), (bytes.len() as u64, (7, 5)));
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) when a reader fails, [`Limit`](crate::ErrorKind::Limit) when
    /// it gives more than allowed.
    pub fn encoded_len(&mut self) -> Result<Option<u64>> {
        self.source.fill(usize::MAX, &self.limits)?;
        Ok(formats::encoded_len(self.info.format, self.source.at_hand()).map(|len| len as u64))
    }

    /// The encoded bytes that were read so far: the header at least.
    pub(super) fn bytes(&self) -> &[u8] {
        self.source.at_hand()
    }

    /// Does `work` with a decoder of the file, which is a JPEG.
    pub(super) fn decode_jpeg<R>(
        self,
        options: &DecodeOptions,
        work: impl FnOnce(Decoder<'_>) -> Result<R>,
    ) -> Result<R> {
        formats::decode_jpeg(self.source, options, &self.limits, work)
    }
}

/// How a decoder of YCbCr files gives `mode`, if not by way of RGB.
fn colors_of(mode: Mode) -> Option<Colors> {
    match mode {
        Mode::L => Some(Colors::Gray),
        Mode::YCbCr => Some(Colors::YCbCr),
        _ => None,
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
