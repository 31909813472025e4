//! A file in memory until it grows too large for that.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::disk::DiskFile;
use super::memory::MemoryFile;

/// A file that lives in memory up to `max_size` bytes, then in an unnamed temporary file.
///
/// The size is checked *before* a write: what would pass `max_size` goes to the disk at once, and
/// with it all that was written before. Nothing is lost when the disk is full: the write fails,
/// what was there stays readable. On the disk up to 8 KiB of small writes are held back, in space
/// that the file has taken for them. A clone takes constant time, has its own cursor, and shares the
/// contents until one of the two writes, in memory as on the disk.
///
/// ```
/// use std::io::{Read, Seek, Write};
/// use pilaf::io::SpooledFile;
///
/// let mut file = SpooledFile::new(10);
/// file.write_all(b"0123456789")?;
/// assert!(!file.is_rolled());
/// file.write_all(b"!")?;
/// assert!(file.is_rolled());
///
/// file.rewind()?;
/// let mut text = String::new();
/// file.read_to_string(&mut text)?;
/// assert_eq!(text, "0123456789!");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SpooledFile {
    place: Place,
    max_size: u64,
    dir: Option<PathBuf>,
}

#[derive(Clone, Debug)]
enum Place {
    Memory(MemoryFile),
    Disk(DiskFile),
}

impl SpooledFile {
    /// An empty file that holds up to `max_size` bytes in memory; 0 means any number.
    pub fn new(max_size: u64) -> Self {
        Self { place: Place::Memory(MemoryFile::new()), max_size, dir: None }
    }

    /// The directory for the temporary file. Default: [`std::env::temp_dir`] at the time when it
    /// is needed.
    #[must_use]
    pub fn with_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// Changes the directory for the temporary file, for when it is needed.
    pub fn set_dir(&mut self, dir: impl Into<PathBuf>) {
        self.dir = Some(dir.into());
    }

    /// Bytes that are held in memory at most; 0 means any number.
    pub fn max_size(&self) -> u64 {
        self.max_size
    }

    /// Whether the contents are in a temporary file by now.
    pub fn is_rolled(&self) -> bool {
        matches!(self.place, Place::Disk(_))
    }

    /// Whether writing `count` bytes at the cursor will move the contents to the disk.
    pub fn will_roll(&self, count: usize) -> bool {
        let end = self.position().saturating_add(count as u64);
        !self.is_rolled() && self.max_size > 0 && end > self.max_size
    }

    /// Whether writing `count` bytes at the cursor takes memory alone: that of the file, or of
    /// what is held back of one on the disk.
    pub fn stays_in_memory(&self, count: usize) -> bool {
        match &self.place {
            Place::Memory(_) => !self.will_roll(count),
            Place::Disk(file) => file.will_hold(count),
        }
    }

    /// The contents while they are in memory.
    pub fn memory(&self) -> Option<&MemoryFile> {
        match &self.place {
            Place::Memory(file) => Some(file),
            Place::Disk(_) => None,
        }
    }

    /// The cursor: the byte that the next read or write begins at. It may lie past the end.
    pub fn position(&self) -> u64 {
        match &self.place {
            Place::Memory(file) => file.position() as u64,
            Place::Disk(file) => file.position(),
        }
    }

    /// The bytes in the file.
    ///
    /// # Errors
    ///
    /// Those of the operating system, once the file is on the disk.
    pub fn len(&self) -> io::Result<u64> {
        match &self.place {
            Place::Memory(file) => Ok(file.len() as u64),
            Place::Disk(file) => file.len(),
        }
    }

    /// Whether the file has no bytes. Errors as [`SpooledFile::len`].
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Moves the contents to a temporary file now.
    ///
    /// # Errors
    ///
    /// Those of the operating system: no such directory, no space left. The contents are still
    /// in memory then.
    pub fn roll_over(&mut self) -> io::Result<()> {
        if let Place::Memory(file) = &self.place {
            let position = file.position() as u64;
            let file = DiskFile::create(self.dir.as_deref(), file.as_slice(), position)?;
            self.place = Place::Disk(file);
        }
        Ok(())
    }

    /// The temporary file itself, after rolling over: for its descriptor, say. It belongs to
    /// this object alone (a clone that shares it is parted first), has all that was written, and
    /// gets every write at once from now on; the system's cursor is where
    /// [`position`](Self::position) is.
    ///
    /// # Errors
    ///
    /// As [`SpooledFile::roll_over`] and [`flush`](Write::flush).
    pub fn as_file(&mut self) -> io::Result<&File> {
        self.roll_over()?;
        let dir = self.dir.as_deref();
        match &mut self.place {
            Place::Disk(file) => file.as_file(dir),
            Place::Memory(_) => unreachable!("rolled over above"),
        }
    }

    /// Cuts the file to `len` bytes. One on the disk is extended with zeros where `len` is past
    /// its end; one in memory is not, but rolls over first if `len` is more than it may hold.
    /// The cursor stays.
    ///
    /// # Errors
    ///
    /// As [`SpooledFile::roll_over`].
    pub fn truncate(&mut self, len: u64) -> io::Result<()> {
        if self.max_size > 0 && len > self.max_size {
            self.roll_over()?;
        }
        let dir = self.dir.as_deref();
        match &mut self.place {
            Place::Memory(file) => file.truncate(usize::try_from(len).unwrap_or(usize::MAX)),
            Place::Disk(file) => file.set_len(len, dir),
        }
    }

    /// Writes all of `data` at the cursor.
    ///
    /// # Errors
    ///
    /// As [`SpooledFile::roll_over`]. Cursor, length and what was written before are as before
    /// then.
    pub fn put_slice(&mut self, data: &[u8]) -> io::Result<()> {
        if self.will_roll(data.len()) {
            self.roll_over()?;
        }
        let dir = self.dir.as_deref();
        match &mut self.place {
            Place::Memory(file) => file.put_slice(data),
            Place::Disk(file) => file.put_slice(data, dir),
        }
    }
}

impl Read for SpooledFile {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.place {
            Place::Memory(file) => file.read(buf),
            Place::Disk(file) => file.read(buf),
        }
    }
}

impl BufRead for SpooledFile {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.place {
            Place::Memory(file) => file.fill_buf(),
            Place::Disk(file) => file.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        match &mut self.place {
            Place::Memory(file) => file.consume(count),
            Place::Disk(file) => file.consume(count),
        }
    }
}

impl Write for SpooledFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.put_slice(buf)?;
        Ok(buf.len())
    }

    /// Writes what is held back to the file on the disk. After an error it still is, and stays
    /// readable.
    fn flush(&mut self) -> io::Result<()> {
        let dir = self.dir.as_deref();
        match &mut self.place {
            Place::Memory(_) => Ok(()),
            Place::Disk(file) => file.flush(dir),
        }
    }
}

impl Seek for SpooledFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.place {
            Place::Memory(file) => file.seek(to),
            Place::Disk(file) => file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Read(usize),
        Line,
        Write(Vec<u8>),
        Seek(SeekFrom),
        Clone,
        RollOver,
        Truncate(u64),
        Flush,
        Lend,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            prop_oneof![0..50usize, Just(40_000usize)].prop_map(Step::Read),
            Just(Step::Line),
            prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..30)
                .prop_map(Step::Write),
            (1..40_000usize).prop_map(|count| Step::Write(vec![7; count])),
            (0..100u64).prop_map(|at| Step::Seek(SeekFrom::Start(at))),
            (-60..60i64).prop_map(|by| Step::Seek(SeekFrom::Current(by))),
            (-60..60i64).prop_map(|by| Step::Seek(SeekFrom::End(by))),
            Just(Step::Clone),
            Just(Step::RollOver),
            prop_oneof![0..100u64, 8_000..9_000u64].prop_map(Step::Truncate),
            Just(Step::Flush),
            Just(Step::Lend),
        ]
    }

    fn whole(mut file: SpooledFile) -> Vec<u8> {
        let mut all = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut all).unwrap();
        all
    }

    fn check(max_size: u64, steps: Vec<Step>) {
        let mut model = io::Cursor::new(Vec::new());
        let mut file = SpooledFile::new(max_size);
        let mut kept = Vec::new();
        for step in steps {
            match step {
                Step::Read(count) => {
                    let (mut expected, mut got) = (Vec::new(), Vec::new());
                    Read::by_ref(&mut model).take(count as u64).read_to_end(&mut expected).unwrap();
                    Read::by_ref(&mut file).take(count as u64).read_to_end(&mut got).unwrap();
                    assert_eq!(got, expected);
                }
                Step::Line => {
                    let (mut expected, mut got) = (Vec::new(), Vec::new());
                    model.read_until(b'\n', &mut expected).unwrap();
                    file.read_until(b'\n', &mut got).unwrap();
                    assert_eq!(got, expected);
                }
                Step::Write(data) if data.is_empty() => file.put_slice(&data).unwrap(),
                Step::Write(data) => {
                    model.write_all(&data).unwrap();
                    file.write_all(&data).unwrap();
                }
                Step::Seek(to) => assert_eq!(file.seek(to).ok(), model.seek(to).ok()),
                Step::Clone => kept.push((file.clone(), model.get_ref().clone())),
                Step::RollOver => file.roll_over().unwrap(),
                Step::Truncate(len) => {
                    file.roll_over().unwrap();
                    file.truncate(len).unwrap();
                    model.get_mut().resize(len as usize, 0);
                }
                Step::Flush => file.flush().unwrap(),
                Step::Lend => {
                    let len = file.as_file().unwrap().metadata().unwrap().len();
                    assert_eq!(len, model.get_ref().len() as u64);
                }
            }
            assert_eq!(file.position(), model.position());
            assert_eq!(file.len().unwrap(), model.get_ref().len() as u64);
        }
        kept.push((file, model.into_inner()));
        for (clone, expected) in kept {
            assert_eq!(whole(clone), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn does_what_a_cursor_does(
            max_size in prop_oneof![Just(0u64), 1..200u64],
            steps in prop::collection::vec(step(), 0..40),
        ) {
            check(max_size, steps);
        }
    }

    #[test]
    fn the_size_is_checked_before_the_write() {
        let mut file = SpooledFile::new(4).with_dir("/nonexistent/directory");
        file.write_all(b"abcd").unwrap();
        assert_eq!(file.write(b"e").unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(!file.is_rolled());
        assert_eq!((file.position(), whole(file)), (4, b"abcd".to_vec()));
    }

    #[test]
    fn truncate_extends_on_the_disk_only() {
        let mut file = SpooledFile::new(10);
        file.write_all(b"abcdefg").unwrap();
        file.truncate(9).unwrap();
        assert_eq!((file.len().unwrap(), file.is_rolled()), (7, false));
        file.truncate(20).unwrap();
        assert_eq!((file.len().unwrap(), file.is_rolled()), (20, true));
        file.truncate(3).unwrap();
        assert_eq!(whole(file), b"abc");
    }

    #[test]
    fn the_systems_cursor_follows_when_the_file_is_handed_out() {
        let mut file = SpooledFile::new(1);
        file.write_all(b"abcdef").unwrap();
        file.seek(SeekFrom::Start(2)).unwrap();
        let other = file.clone();
        let mut text = String::new();
        file.as_file().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "cdef");
        file.as_file().unwrap().write_all(b"!").unwrap();
        assert_eq!(whole(file), b"ab!def");
        assert_eq!(whole(other), b"abcdef");
    }
}
