//! The second life of a [`SpooledFile`](super::SpooledFile): an unnamed temporary file.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::held::{HELD, Held};
use super::memory::resolve_seek;

/// How much is read ahead.
const WINDOW: usize = 16 * 1024;

/// A file that no directory lists, with a cursor of its own.
///
/// Clones share the file until one of them writes, which copies it first; reading goes by offset,
/// so that they do not disturb each other.
///
/// Small writes are held back, but only where the file has room for them already: past its end
/// zeros are written first, for as much as may be held. So whether the disk is full is known at
/// the write that fills it. Should the disk refuse what was held all the same, it stays held, and
/// is read from there.
#[derive(Debug)]
pub(super) struct DiskFile {
    file: Arc<File>,
    position: u64,
    /// Bytes read ahead, from `window_start` on.
    window: Vec<u8>,
    window_start: u64,
    /// Lies within `extent.len`.
    held: Held,
    /// `None` once the file was lent: others may change it then, and see every write at once.
    extent: Option<Extent>,
}

/// How long a file is that nobody else writes to.
#[derive(Clone, Copy, Debug)]
struct Extent {
    len: u64,
    /// What the system takes for its length: from `len` on there are zeros.
    room: u64,
}

impl Extent {
    fn exactly(len: u64) -> Option<Self> {
        Some(Self { len, room: len })
    }
}

impl Clone for DiskFile {
    fn clone(&self) -> Self {
        Self {
            file: Arc::clone(&self.file),
            position: self.position,
            window: Vec::new(),
            window_start: 0,
            held: self.held.clone(),
            extent: self.extent,
        }
    }
}

impl DiskFile {
    /// All there is in `file`, which has `len` bytes.
    fn new(file: File, len: u64, position: u64) -> Self {
        Self {
            file: Arc::new(file),
            position,
            window: Vec::new(),
            window_start: 0,
            held: Held::default(),
            extent: Extent::exactly(len),
        }
    }

    /// A new file in `dir` that holds `contents`. On Linux it is made with `O_TMPFILE` where the
    /// file system has that; elsewhere it is removed from the directory at once, or by the
    /// system when it is closed.
    pub(super) fn create(dir: Option<&Path>, contents: &[u8], position: u64) -> io::Result<Self> {
        let file = temporary_file(dir)?;
        write_all_at(&file, contents, 0)?;
        Ok(Self::new(file, contents.len() as u64, position))
    }

    pub(super) fn len(&self) -> io::Result<u64> {
        match self.extent {
            Some(extent) => Ok(extent.len),
            None => Ok(self.file.metadata()?.len()),
        }
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Makes the file one for this one alone.
    fn own(&mut self, dir: Option<&Path>) -> io::Result<()> {
        if Arc::get_mut(&mut self.file).is_none() {
            let mut copy = temporary_file(dir)?;
            let mut all = self.clone();
            all.position = 0;
            let len = io::copy(&mut all, &mut copy)?;
            *self = Self::new(copy, len, self.position);
        }
        Ok(())
    }

    /// Writes what is held back to the file. After an error it is still held.
    pub(super) fn flush(&mut self, dir: Option<&Path>) -> io::Result<()> {
        if !self.held.bytes().is_empty() {
            self.own(dir)?;
            write_all_at(&self.file, self.held.bytes(), self.held.start())?;
            self.held.clear();
        }
        Ok(())
    }

    /// The file for those who go behind the cursor's back, with the system's cursor in its place.
    pub(super) fn as_file(&mut self, dir: Option<&Path>) -> io::Result<&File> {
        self.window.clear();
        self.own(dir)?;
        self.flush(dir)?;
        if let Some(Extent { len, room }) = self.extent {
            if room > len {
                self.file.set_len(len)?;
            }
            self.extent = None;
        }
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.position))?;
        Ok(file)
    }

    /// Whether writing `count` bytes at the cursor needs nothing of the disk.
    pub(super) fn will_hold(&self, count: usize) -> bool {
        let end = self.position.saturating_add(count as u64);
        Arc::strong_count(&self.file) == 1
            && self.extent.is_some_and(|extent| end <= extent.room)
            && !self.held.bytes().is_empty()
            && self.held.takes(self.position, count)
    }

    /// Writes all of `data` at the cursor. After an error the cursor and the length of the file
    /// are as before, and what was held back still is.
    pub(super) fn put_slice(&mut self, data: &[u8], dir: Option<&Path>) -> io::Result<()> {
        if data.is_empty() {
            return Ok(());
        }
        self.window.clear();
        self.own(dir)?;
        let end =
            self.position.checked_add(data.len() as u64).ok_or(io::ErrorKind::InvalidInput)?;
        if !self.will_hold(data.len()) {
            self.flush(dir)?;
            if data.len() >= HELD || !self.make_room(end)? {
                return self.write_through(data, end);
            }
        }
        self.held.put(self.position, data);
        self.advance(end);
        Ok(())
    }

    /// Gives the file zeros up to the most that may be held at the cursor, if it ends before
    /// `end`. Without space for that it is as before, and the result false.
    fn make_room(&mut self, end: u64) -> io::Result<bool> {
        let Some(extent) = &mut self.extent else { return Ok(false) };
        if end > extent.room {
            let start = self.position.max(extent.room);
            let count = HELD - (start - self.position) as usize;
            if write_all_at(&self.file, &[0; HELD][..count], start).is_err() {
                self.file.set_len(extent.room)?;
                return Ok(false);
            }
            extent.room = start + count as u64;
        }
        Ok(true)
    }

    /// Writes `data`, which ends at `end`, to the file; nothing is held.
    fn write_through(&mut self, data: &[u8], end: u64) -> io::Result<()> {
        let len = self.len()?;
        if let Err(error) = write_all_at(&self.file, data, self.position) {
            if self.file.metadata()?.len() > len {
                self.file.set_len(len)?;
            }
            self.extent = self.extent.and_then(|_| Extent::exactly(len));
            return Err(error);
        }
        self.advance(end);
        Ok(())
    }

    /// Moves the cursor to the end of what was written.
    fn advance(&mut self, end: u64) {
        self.position = end;
        if let Some(extent) = &mut self.extent {
            extent.len = extent.len.max(end);
            extent.room = extent.room.max(end);
        }
    }

    /// Cuts or extends the file to `len` bytes; the cursor stays.
    pub(super) fn set_len(&mut self, len: u64, dir: Option<&Path>) -> io::Result<()> {
        self.window.clear();
        self.own(dir)?;
        self.file.set_len(len)?;
        self.held.cut(len);
        self.extent = self.extent.and_then(|_| Extent::exactly(len));
        Ok(())
    }

    /// Bytes of the file and of what is held over it, from `offset` on: fewer than `buf` takes
    /// where one ends and the other begins.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let held = self.held.from(offset);
        if !held.is_empty() {
            return { held }.read(buf);
        }
        let mut end = self.extent.map_or(u64::MAX, |extent| extent.len);
        if !self.held.bytes().is_empty() && offset < self.held.start() {
            end = self.held.start();
        }
        let count = usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX);
        let count = count.min(buf.len());
        read_at(&self.file, &mut buf[..count], offset)
    }

    /// The part of the window that begins at the cursor.
    fn ahead(&self) -> &[u8] {
        let skip = self.position.checked_sub(self.window_start).and_then(|by| by.try_into().ok());
        skip.and_then(|by: usize| self.window.get(by..)).unwrap_or_default()
    }
}

impl Read for DiskFile {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = if self.ahead().is_empty() && buf.len() >= WINDOW {
            self.read_at(buf, self.position)?
        } else {
            self.fill_buf()?.read(buf)?
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl BufRead for DiskFile {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.ahead().is_empty() {
            let mut window = std::mem::take(&mut self.window);
            window.resize(WINDOW, 0);
            let read = self.read_at(&mut window, self.position);
            window.truncate(*read.as_ref().unwrap_or(&0));
            (self.window, self.window_start) = (window, self.position);
            read?;
        }
        Ok(self.ahead())
    }

    fn consume(&mut self, count: usize) {
        self.position += count.min(self.ahead().len()) as u64;
    }
}

impl Seek for DiskFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let len = if let SeekFrom::End(_) = to { self.len()? } else { 0 };
        self.position = resolve_seek(to, self.position, len)?;
        Ok(self.position)
    }
}

/// An unnamed file in `dir`, or in the system's directory for temporary files.
fn temporary_file(dir: Option<&Path>) -> io::Result<File> {
    dir.map_or_else(tempfile::tempfile, tempfile::tempfile_in)
}

fn write_all_at(file: &File, mut data: &[u8], mut offset: u64) -> io::Result<()> {
    while !data.is_empty() {
        match write_at(file, data, offset) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                data = &data[count..];
                offset += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, offset)
}

#[cfg(unix)]
fn write_at(file: &File, data: &[u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::write_at(file, data, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, offset)
}

#[cfg(windows)]
fn write_at(file: &File, data: &[u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, data, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(file: &DiskFile) -> Vec<u8> {
        let (mut file, mut all) = (file.clone(), Vec::new());
        file.rewind().unwrap();
        file.read_to_end(&mut all).unwrap();
        all
    }

    /// What the system has in the file, without what is held.
    fn on_the_disk(file: &DiskFile) -> Vec<u8> {
        let mut all = vec![0; file.file.metadata().unwrap().len() as usize];
        assert_eq!(read_at(&file.file, &mut all, 0).unwrap(), all.len());
        all
    }

    #[test]
    fn small_writes_are_held_until_they_are_many() {
        let mut file = DiskFile::create(None, b"abc", 3).unwrap();
        for _ in 0..HELD / 8 {
            file.put_slice(b"12345678", None).unwrap();
        }
        assert_eq!(on_the_disk(&file), [b"abc".to_vec(), vec![0; HELD]].concat());
        assert_eq!(file.len().unwrap(), 3 + HELD as u64);
        file.put_slice(b"9", None).unwrap();
        assert_eq!(on_the_disk(&file)[..3 + HELD], whole(&file)[..3 + HELD]);
        assert!(whole(&file).ends_with(b"123456789"));
    }

    #[test]
    fn a_file_that_is_lent_is_exact_and_holds_nothing_from_then_on() {
        let mut file = DiskFile::create(None, b"abc", 3).unwrap();
        file.put_slice(b"def", None).unwrap();
        file.as_file(None).unwrap();
        assert_eq!(on_the_disk(&file), b"abcdef");
        file.put_slice(b"g", None).unwrap();
        assert_eq!(on_the_disk(&file), b"abcdefg");
        write_all_at(&file.file, b"h", 7).unwrap();
        assert_eq!((file.len().unwrap(), whole(&file)), (8, b"abcdefgh".to_vec()));
    }

    #[test]
    fn what_the_disk_refuses_stays_held_and_readable() {
        let named = tempfile::NamedTempFile::new().unwrap();
        write_all_at(named.as_file(), &[b'.'; 10_000], 0).unwrap();
        let refuses = File::open(named.path()).unwrap();
        let mut file = DiskFile::new(refuses, 10_000, 0);
        file.put_slice(b"kept", None).unwrap();
        let expected = [&b"kept"[..], &[b'.'; 9_996]].concat();

        file.seek(SeekFrom::Start(9_000)).unwrap();
        for _ in 0..2 {
            file.put_slice(b"refused", None).unwrap_err();
            file.put_slice(&[7; 3 * HELD], None).unwrap_err();
            file.flush(None).unwrap_err();
            file.as_file(None).unwrap_err();
            assert_eq!((file.position(), file.len().unwrap()), (9_000, 10_000));
            assert_eq!(whole(&file), expected);
            assert_eq!(whole(&file.clone()), expected);
        }
        file.file = Arc::new(named.reopen().unwrap());
        file.put_slice(b"taken", None).unwrap();
        file.as_file(None).unwrap();
        assert_eq!(on_the_disk(&file), [&expected[..9_000], b"taken", &expected[9_005..]].concat());
    }
}
