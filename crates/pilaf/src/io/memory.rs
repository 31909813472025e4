//! A file in memory.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use bytes::Bytes;

use super::storage::{Buffer, Storage};

/// A file in memory: bytes, and a cursor of its own.
///
/// Made from a `Vec<u8>` or [`Bytes`] it copies nothing until the first write. A clone takes
/// constant time, shares the bytes until one of the two writes, and has its own cursor: several
/// readers of one body. Reading past the end gives nothing; writing past the end fills the gap
/// with zeros, as in a file.
///
/// ```
/// use std::io::{Read, Seek, SeekFrom, Write};
/// use pilaf::io::MemoryFile;
///
/// let mut file = MemoryFile::from(b"0123456789".to_vec());
/// let mut reader = file.clone();
/// file.seek(SeekFrom::Start(8))?;
/// file.write_all(b"ABCD")?;
/// assert_eq!(file.as_slice(), b"01234567ABCD");
///
/// let mut text = String::new();
/// reader.read_to_string(&mut text)?;
/// assert_eq!(text, "0123456789");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryFile<S = Buffer> {
    storage: S,
    /// May lie past the end of the bytes.
    position: usize,
}

impl MemoryFile {
    /// An empty file.
    pub fn new() -> Self {
        Self::default()
    }

    /// The contents, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.storage.into_bytes()
    }
}

impl<T: Into<Buffer>> From<T> for MemoryFile {
    fn from(bytes: T) -> Self {
        Self::with_storage(bytes.into())
    }
}

impl<S: Storage> MemoryFile<S> {
    /// A file over `storage`, with the cursor at its beginning.
    pub fn with_storage(storage: S) -> Self {
        Self { storage, position: 0 }
    }

    /// Where the bytes are kept.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// Where the bytes are kept, to be changed behind the cursor's back.
    pub fn storage_mut(&mut self) -> &mut S {
        &mut self.storage
    }

    /// The whole contents, wherever the cursor is.
    pub fn as_slice(&self) -> &[u8] {
        self.storage.as_slice()
    }

    /// The bytes in the file.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether the file has no bytes.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// The cursor: the byte that the next read or write begins at. It may lie past the end.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Moves the cursor; any position is allowed.
    pub fn set_position(&mut self, position: usize) {
        self.position = position;
    }

    /// The bytes from the cursor to the end.
    pub fn remaining(&self) -> &[u8] {
        self.as_slice().get(self.position..).unwrap_or_default()
    }

    /// The next `count` bytes, or what there is of them, and moves past them.
    ///
    /// ```
    /// let mut file = pilaf::io::MemoryFile::from(b"abc".to_vec());
    /// assert_eq!(file.take_slice(2), b"ab");
    /// assert_eq!(file.take_slice(2), b"c");
    /// assert_eq!(file.take_slice(2), b"");
    /// ```
    #[inline]
    pub fn take_slice(&mut self, count: usize) -> &[u8] {
        let bytes = self.storage.as_slice();
        let start = self.position.min(bytes.len());
        let end = start + count.min(bytes.len() - start);
        if end > start {
            self.position = end;
        }
        &bytes[start..end]
    }

    /// The rest of the line with its `\n`, but at most `limit` bytes, and moves past it.
    ///
    /// ```
    /// let mut file = pilaf::io::MemoryFile::from(b"one\ntwo".to_vec());
    /// assert_eq!(file.take_line(usize::MAX), b"one\n");
    /// assert_eq!(file.take_line(2), b"tw");
    /// assert_eq!(file.take_line(2), b"o");
    /// ```
    #[inline]
    pub fn take_line(&mut self, limit: usize) -> &[u8] {
        let rest = self.remaining();
        let rest = &rest[..rest.len().min(limit)];
        let count = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        self.take_slice(count)
    }

    /// Writes all of `data` at the cursor and moves past it.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::OutOfMemory`]; nothing is changed then.
    #[inline]
    pub fn put_slice(&mut self, data: &[u8]) -> io::Result<()> {
        self.storage.write_at(self.position, data)?;
        self.position += data.len();
        Ok(())
    }

    /// Drops everything past the first `len` bytes. The cursor stays; the file never grows.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::OutOfMemory`] when shared bytes cannot be copied.
    pub fn truncate(&mut self, len: usize) -> io::Result<()> {
        self.storage.truncate(len)
    }
}

impl<S: Storage> Read for MemoryFile<S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let bytes = self.take_slice(buf.len());
        buf[..bytes.len()].copy_from_slice(bytes);
        Ok(bytes.len())
    }

    fn read_to_end(&mut self, buf: &mut Vec<u8>) -> io::Result<usize> {
        let bytes = self.take_slice(usize::MAX);
        buf.try_reserve(bytes.len())?;
        buf.extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

impl<S: Storage> BufRead for MemoryFile<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.remaining())
    }

    fn consume(&mut self, count: usize) {
        self.take_slice(count);
    }
}

impl<S: Storage> Write for MemoryFile<S> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.put_slice(buf)?;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Storage> Seek for MemoryFile<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = resolve_seek(to, self.position as u64, self.len() as u64)?;
        self.position = usize::try_from(position).map_err(|_| io::ErrorKind::InvalidInput)?;
        Ok(position)
    }
}

/// The position that `to` means in a file of `len` bytes whose cursor is at `position`.
pub(super) fn resolve_seek(to: SeekFrom, position: u64, len: u64) -> io::Result<u64> {
    let target = match to {
        SeekFrom::Start(offset) => Some(offset),
        SeekFrom::Current(offset) => position.checked_add_signed(offset),
        SeekFrom::End(offset) => len.checked_add_signed(offset),
    };
    target.ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "seek to a negative or overflowing position")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    #[derive(Clone, Debug)]
    enum Step {
        Read(usize),
        Line(usize),
        Write(Vec<u8>),
        Seek(SeekFrom),
        Truncate(usize),
        Clone,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..40usize).prop_map(Step::Read),
            (0..40usize).prop_map(Step::Line),
            prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..20)
                .prop_map(Step::Write),
            (0..80u64).prop_map(|at| Step::Seek(SeekFrom::Start(at))),
            (-40..40i64).prop_map(|by| Step::Seek(SeekFrom::Current(by))),
            (-40..40i64).prop_map(|by| Step::Seek(SeekFrom::End(by))),
            (0..80usize).prop_map(Step::Truncate),
            Just(Step::Clone),
        ]
    }

    /// The same steps on [`Cursor`], which is the definition.
    fn check(start: Buffer, steps: Vec<Step>) {
        let mut model = Cursor::new(start.as_slice().to_vec());
        let mut file = MemoryFile::from(start);
        let mut kept = Vec::new();
        for step in steps {
            match step {
                Step::Read(count) => {
                    let mut expected = vec![0; count];
                    let read = model.read(&mut expected).unwrap();
                    assert_eq!(file.take_slice(count), &expected[..read]);
                }
                Step::Line(limit) => {
                    let mut expected = Vec::new();
                    Read::by_ref(&mut model)
                        .take(limit as u64)
                        .read_until(b'\n', &mut expected)
                        .unwrap();
                    assert_eq!(file.take_line(limit), expected);
                }
                Step::Write(data) if data.is_empty() => file.put_slice(&data).unwrap(),
                Step::Write(data) => {
                    model.write_all(&data).unwrap();
                    file.write_all(&data).unwrap();
                }
                Step::Seek(to) => assert_eq!(file.seek(to).ok(), model.seek(to).ok()),
                Step::Truncate(len) => {
                    model.get_mut().truncate(len);
                    file.truncate(len).unwrap();
                }
                Step::Clone => kept.push((file.clone(), model.get_ref().clone())),
            }
            assert_eq!(file.as_slice(), model.get_ref());
            assert_eq!(file.position() as u64, model.position());
        }
        for (clone, expected) in kept {
            assert_eq!(clone.as_slice(), expected);
        }
    }

    proptest! {
        #[test]
        fn does_what_a_cursor_does(
            start in prop::collection::vec(any::<u8>(), 0..60),
            shared: bool,
            steps in prop::collection::vec(step(), 0..60),
        ) {
            check(if shared { Bytes::from(start).into() } else { start.into() }, steps);
        }
    }

    #[test]
    fn clones_read_from_several_threads() {
        let file = MemoryFile::from((0..=255).collect::<Vec<u8>>());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let mut own = file.clone();
                scope.spawn(move || {
                    let mut all = Vec::new();
                    own.read_to_end(&mut all).unwrap();
                    assert_eq!(all.len(), 256);
                });
            }
        });
        assert_eq!(file.position(), 0);
    }
}
