//! The second life of a [`SpooledFile`](super::SpooledFile): an unnamed temporary file.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::memory::resolve_seek;

/// How much is read ahead.
const WINDOW: usize = 16 * 1024;

/// A file that no directory lists, with a cursor of its own.
///
/// Clones share the file until one of them writes, which copies it first; reading goes by offset,
/// so that they do not disturb each other. Writes are not held back: whether the disk is full is
/// known at the write that fills it.
#[derive(Debug)]
pub(super) struct DiskFile {
    file: Arc<File>,
    position: u64,
    /// Bytes read ahead, from `window_start` on.
    window: Vec<u8>,
    window_start: u64,
}

impl Clone for DiskFile {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.file), self.position)
    }
}

impl DiskFile {
    fn new(file: Arc<File>, position: u64) -> Self {
        Self { file, position, window: Vec::new(), window_start: 0 }
    }

    /// A new file in `dir` that holds `contents`. On Linux it is made with `O_TMPFILE` where the
    /// file system has that; elsewhere it is removed from the directory at once, or by the
    /// system when it is closed.
    pub(super) fn create(dir: Option<&Path>, contents: &[u8], position: u64) -> io::Result<Self> {
        let file = temporary_file(dir)?;
        write_all_at(&file, contents, 0)?;
        Ok(Self::new(Arc::new(file), position))
    }

    pub(super) fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The file, for this one alone.
    fn own(&mut self, dir: Option<&Path>) -> io::Result<&File> {
        if Arc::get_mut(&mut self.file).is_none() {
            let mut copy = temporary_file(dir)?;
            let mut rest = Self::new(Arc::clone(&self.file), 0);
            io::copy(&mut rest, &mut copy)?;
            self.file = Arc::new(copy);
        }
        Ok(&self.file)
    }

    /// The file for those who go behind the cursor's back, with the system's cursor in its place.
    pub(super) fn as_file(&mut self, dir: Option<&Path>) -> io::Result<&File> {
        self.window.clear();
        let position = self.position;
        let mut file = self.own(dir)?;
        file.seek(SeekFrom::Start(position))?;
        Ok(file)
    }

    /// Writes all of `data` at the cursor. After an error the cursor and the length of the file
    /// are as before.
    pub(super) fn put_slice(&mut self, data: &[u8], dir: Option<&Path>) -> io::Result<()> {
        self.window.clear();
        let position = self.position;
        let file = self.own(dir)?;
        let len = file.metadata()?.len();
        if let Err(error) = write_all_at(file, data, position) {
            if file.metadata()?.len() > len {
                file.set_len(len)?;
            }
            return Err(error);
        }
        self.position += data.len() as u64;
        Ok(())
    }

    /// Cuts or extends the file to `len` bytes; the cursor stays.
    pub(super) fn set_len(&mut self, len: u64, dir: Option<&Path>) -> io::Result<()> {
        self.window.clear();
        self.own(dir)?.set_len(len)
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
            read_at(&self.file, buf, self.position)?
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
            self.window.resize(WINDOW, 0);
            let read = read_at(&self.file, &mut self.window, self.position);
            self.window.truncate(*read.as_ref().unwrap_or(&0));
            self.window_start = self.position;
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
