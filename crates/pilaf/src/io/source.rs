//! Encoded input: a slice, owned or shared bytes, or a reader.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;

use crate::error::{Error, Result};
use crate::limits::Limits;

/// A reader that can seek: a file, a cursor, an object store's handle.
pub trait ReadSeek: Read + Seek + Send {}

impl<R: Read + Seek + Send> ReadSeek for R {}

/// The encoded bytes of one image, wherever they are.
///
/// Slices and buffers convert with [`From`], and nothing is copied; anything that can read and
/// seek goes through [`Source::reader`], what cannot seek through [`Source::stream`].
///
/// ```
/// use pilaf::io::Source;
///
/// let from_slice = Source::from(b"\xFF\xD8".as_slice());
/// let from_file = Source::reader(std::io::Cursor::new(vec![0xFF, 0xD8]));
/// let from_pipe = Source::stream(std::io::stdin());
/// # let _ = (from_slice, from_file, from_pipe);
/// ```
pub struct Source<'a>(Kind<'a>);

enum Kind<'a> {
    Borrowed(&'a [u8]),
    Shared(Bytes),
    Reader { reader: Reader<'a>, start: u64, prefix: Vec<u8>, at_end: bool },
}

enum Reader<'a> {
    Seeking(Box<dyn ReadSeek + 'a>),
    Stream(Box<dyn Read + Send + 'a>),
}

impl Reader<'_> {
    /// Goes to byte `start`, of a stream counted from where it stands.
    fn go_to(&mut self, start: u64) -> std::io::Result<()> {
        match self {
            Self::Seeking(reader) => reader.seek(SeekFrom::Start(start)).map(drop),
            Self::Stream(reader) => {
                std::io::copy(&mut reader.take(start), &mut std::io::sink()).map(drop)
            }
        }
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Seeking(reader) => reader.read(buf),
            Self::Stream(reader) => reader.read(buf),
        }
    }
}

impl<'a> Source<'a> {
    /// A source over anything that reads and seeks. It is read from its beginning, whatever its
    /// position is now: first a prefix for the header, the rest when the image is decoded.
    pub fn reader(reader: impl Read + Seek + Send + 'a) -> Self {
        Self::reader_at(reader, 0)
    }

    /// The same, read from the position where `reader` is now: an image within a larger file.
    ///
    /// ```
    /// use std::io::{Cursor, Seek, SeekFrom};
    /// use pilaf::io::Source;
    ///
    /// # let png = pilaf::Image::new(pilaf::Mode::L, (7, 5))?
    /// #     .encode(pilaf::Format::Png, &Default::default())?;
    /// let mut reader = Cursor::new([b"header", &png[..]].concat());
    /// reader.seek(SeekFrom::Start(6))?;
    /// assert_eq!(pilaf::open(Source::reader_here(reader)?)?.info().size(), (7, 5));
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) when it does not know its position.
    pub fn reader_here(mut reader: impl Read + Seek + Send + 'a) -> Result<Self> {
        let start = reader.stream_position()?;
        Ok(Self::reader_at(reader, start))
    }

    /// A source over what can only be read, from where it stands: a pipe, a socket. It is read once,
    /// and a sequential JPEG is decoded while it is read.
    ///
    /// ```
    /// use pilaf::io::Source;
    ///
    /// # let image = pilaf::Image::new(pilaf::Mode::L, (7, 5))?;
    /// # let jpeg = image.encode(pilaf::Format::Jpeg, &Default::default())?;
    /// let stream = std::io::Read::chain(&jpeg[..50], &jpeg[50..]); // cannot seek
    /// assert_eq!(pilaf::open(Source::stream(stream))?.decode()?.size(), (7, 5));
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    pub fn stream(reader: impl Read + Send + 'a) -> Self {
        Self::over(Reader::Stream(Box::new(reader)), 0)
    }

    fn reader_at(reader: impl Read + Seek + Send + 'a, start: u64) -> Self {
        Self::over(Reader::Seeking(Box::new(reader)), start)
    }

    fn over(reader: Reader<'a>, start: u64) -> Self {
        Self(Kind::Reader { reader, start, prefix: Vec::new(), at_end: false })
    }

    /// The same source without its first `count` bytes, none of which is read or copied: an image
    /// that begins there. Past the end nothing is left.
    #[must_use]
    pub fn skip(mut self, count: u64) -> Self {
        let index = |len: usize| usize::try_from(count).unwrap_or(usize::MAX).min(len);
        match &mut self.0 {
            Kind::Borrowed(bytes) => *bytes = &bytes[index(bytes.len())..],
            Kind::Shared(bytes) => *bytes = bytes.slice(index(bytes.len())..),
            Kind::Reader { start, .. } => *start = start.saturating_add(count),
        }
        self
    }

    /// A source over the file at `path`, opened now.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io), naming the path.
    pub fn path(path: impl AsRef<Path>) -> Result<Source<'static>> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|io| Error::io_at_path(io, path))?;
        if file.metadata().is_ok_and(|meta| meta.is_dir()) {
            return Err(Error::io_at_path(std::io::ErrorKind::IsADirectory.into(), path));
        }
        Ok(file.into())
    }

    /// The bytes that are at hand without reading.
    pub(crate) fn at_hand(&self) -> &[u8] {
        match &self.0 {
            Kind::Borrowed(bytes) => bytes,
            Kind::Shared(bytes) => bytes,
            Kind::Reader { prefix, .. } => prefix,
        }
    }

    /// Whether [`Source::at_hand`] is all there is.
    pub(crate) fn is_complete(&self) -> bool {
        match &self.0 {
            Kind::Borrowed(_) | Kind::Shared(_) => true,
            Kind::Reader { at_end, .. } => *at_end,
        }
    }

    /// Reads on until `wanted` bytes are at hand or the input ends. Input over the limit is an
    /// error; so is a failing reader.
    pub(crate) fn fill(&mut self, wanted: usize, limits: &Limits) -> Result<()> {
        if let Kind::Reader { reader, start, prefix, at_end } = &mut self.0
            && !*at_end
            && prefix.len() < wanted
        {
            if prefix.is_empty() {
                reader.go_to(*start)?;
            }
            let allowed = limits.max_input_bytes.saturating_add(1);
            let missing = (wanted as u64).min(allowed).saturating_sub(prefix.len() as u64);
            let read = reader.take(missing).read_to_end(prefix)? as u64;
            *at_end = read < missing;
        }
        limits.check_input(self.at_hand().len() as u64)
    }

    /// All bytes, those at hand first.
    pub(crate) fn into_reader(self) -> Result<Box<dyn Read + Send + 'a>> {
        Ok(match self.0 {
            Kind::Borrowed(bytes) => Box::new(bytes),
            Kind::Shared(bytes) => Box::new(Cursor::new(bytes)),
            Kind::Reader { mut reader, start, prefix, .. } => {
                if prefix.is_empty() {
                    reader.go_to(start)?;
                }
                Box::new(Cursor::new(prefix).chain(reader))
            }
        })
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(Kind::Borrowed(bytes))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Source<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self(Kind::Borrowed(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Source<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self(Kind::Borrowed(bytes))
    }
}

impl From<Vec<u8>> for Source<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kind::Shared(bytes.into()))
    }
}

impl From<Bytes> for Source<'_> {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Shared(bytes))
    }
}

impl From<File> for Source<'_> {
    fn from(file: File) -> Self {
        Self::reader(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_read_from_its_beginning_and_no_further_than_asked() {
        let mut cursor = Cursor::new(vec![7u8; 100]);
        cursor.set_position(60);
        let mut source = Source::reader(cursor);
        source.fill(10, &Limits::default()).unwrap();
        assert_eq!(source.at_hand().len(), 10);
        assert!(!source.is_complete());
        source.fill(usize::MAX, &Limits::default()).unwrap();
        assert_eq!(source.at_hand().len(), 100);
    }

    #[test]
    fn an_image_may_begin_anywhere() {
        let bytes: Vec<u8> = (0..100).collect();
        let mut cursor = Cursor::new(bytes.clone());
        cursor.set_position(30);
        let sources = [
            Source::from(&bytes).skip(30),
            Source::from(bytes.clone()).skip(30),
            Source::reader(Cursor::new(bytes.clone())).skip(30),
            Source::reader_here(cursor).unwrap(),
            Source::stream(&bytes[10..]).skip(20),
        ];
        for (mut source, first) in sources.into_iter().zip([0, 10, 0, 10, 20]) {
            source.fill(first, &Limits::default()).unwrap();
            let mut all = Vec::new();
            source.into_reader().unwrap().read_to_end(&mut all).unwrap();
            assert_eq!(all, &bytes[30..]);
        }
        let mut stream = Source::stream(&bytes[10..]).skip(20);
        stream.fill(usize::MAX, &Limits::default()).unwrap();
        assert_eq!(stream.at_hand(), &bytes[30..]);
        for mut source in [Source::from(&bytes), Source::reader(Cursor::new(bytes.clone()))] {
            source = source.skip(u64::MAX / 2).skip(u64::MAX);
            let _ = source.fill(1, &Limits::default());
            assert_eq!(source.at_hand(), b"");
        }
    }

    #[test]
    fn an_endless_reader_stops_at_the_limit() {
        struct Endless;
        impl Read for Endless {
            fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
                buf.fill(0);
                Ok(buf.len())
            }
        }
        impl Seek for Endless {
            fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
                Ok(0)
            }
        }
        let limits = Limits { max_input_bytes: 1000, ..Limits::default() };
        let error = Source::reader(Endless).fill(usize::MAX, &limits).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Limit);
    }
}
