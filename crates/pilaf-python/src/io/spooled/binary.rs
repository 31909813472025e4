//! The binary file. What goes to the disk goes there with the interpreter released.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::PoisonError;

use pilaf::io::SpooledFile;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::super::arguments::count_of;
use super::{File, Spooled, State, closed};
use crate::buffer::{with_bytes, with_bytes_mut};

/// As many bytes as CPython's buffered files read at a time.
const READ1: usize = 8192;
/// `EINVAL`, the same number on all systems that Python runs on.
const INVALID_ARGUMENT: i32 = 22;

impl State {
    fn binary(&mut self) -> PyResult<&mut SpooledFile> {
        match &mut self.file {
            File::Binary(file) => Ok(file),
            _ => Err(closed()),
        }
    }
}

impl Spooled {
    /// Runs `work` on the file: at once while that is in memory, with the interpreter released
    /// when it is on the disk or `to_disk` says that it is about to be.
    fn with_file<T: Send>(
        &self,
        py: Python<'_>,
        to_disk: impl FnOnce(&SpooledFile) -> bool,
        work: impl FnOnce(&mut SpooledFile) -> io::Result<T> + Send,
    ) -> PyResult<T> {
        let mut state = self.lock(py);
        let file = state.binary()?;
        if !file.is_rolled() && !to_disk(file) {
            return work(file).map_err(os_error);
        }
        drop(state);
        py.detach(|| {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            work(state.binary()?).map_err(os_error)
        })
    }

    /// Finds out where a temporary file goes, before the first one is needed.
    fn settle_dir(&self, py: Python<'_>) -> PyResult<()> {
        let dir = {
            let state = self.lock(py);
            if state.dir_known {
                return Ok(());
            }
            state.dir.as_ref().map(|dir| dir.clone_ref(py))
        };
        let dir = match dir {
            Some(dir) => dir.into_bound(py),
            None => py.import("tempfile")?.call_method0("gettempdir")?,
        };
        let dir: PathBuf = py.import("os")?.call_method1("fsdecode", (dir,))?.extract()?;
        let mut state = self.lock(py);
        state.binary()?.set_dir(dir);
        state.dir_known = true;
        Ok(())
    }

    pub(super) fn rollover_binary(&self, py: Python<'_>) -> PyResult<()> {
        if self.rolled(py) {
            return Ok(());
        }
        self.settle_dir(py)?;
        self.with_file(py, |_| true, SpooledFile::roll_over)
    }

    pub(super) fn position(&self, py: Python<'_>) -> PyResult<u64> {
        Ok(self.lock(py).binary()?.position())
    }

    pub(super) fn read_binary<'py>(
        &self,
        py: Python<'py>,
        size: Option<isize>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let count = count_of(size);
        {
            let mut state = self.lock(py);
            let file = state.binary()?;
            if let Some(memory) = file.memory() {
                let rest = memory.remaining();
                let bytes = PyBytes::new(py, &rest[..rest.len().min(count)]);
                file.consume(bytes.as_bytes().len());
                return Ok(bytes);
            }
        }
        let bytes = self.with_file(py, |_| false, |file| read_up_to(file, count))?;
        Ok(PyBytes::new(py, &bytes))
    }

    pub(super) fn read1_binary<'py>(
        &self,
        py: Python<'py>,
        size: Option<isize>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let unlimited = size.is_none_or(|size| size < 0);
        match unlimited && self.rolled(py) {
            true => self.read_binary(py, Some(READ1 as isize)),
            false => self.read_binary(py, size),
        }
    }

    pub(super) fn readline_binary<'py>(
        &self,
        py: Python<'py>,
        size: Option<isize>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let limit = count_of(size) as u64;
        let line = self.with_file(
            py,
            |_| false,
            |file| {
                let mut line = Vec::new();
                file.take(limit).read_until(b'\n', &mut line)?;
                Ok(line)
            },
        )?;
        Ok(PyBytes::new(py, &line))
    }

    pub(super) fn readinto_binary(&self, py: Python<'_>, b: &Bound<'_, PyAny>) -> PyResult<usize> {
        let wanted = with_bytes_mut(b, |target| target.len())?;
        let bytes = self.read_binary(py, Some(wanted as isize))?;
        let bytes = bytes.as_bytes();
        with_bytes_mut(b, |target| {
            let count = bytes.len().min(target.len());
            target[..count].copy_from_slice(&bytes[..count]);
            count
        })
    }

    pub(super) fn write_binary(&self, py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<usize> {
        self.lock(py).binary()?;
        if let Ok(bytes) = data.cast::<PyBytes>() {
            return self.write_slice(py, bytes.as_bytes());
        }
        // Others may change the buffer while the interpreter is released.
        let copy = with_bytes(data, <[u8]>::to_vec)?;
        self.write_slice(py, &copy)
    }

    pub(super) fn write_slice(&self, py: Python<'_>, data: &[u8]) -> PyResult<usize> {
        let mut state = self.lock(py);
        let always = state.max_size < 0;
        let file = state.binary()?;
        let rolled = file.is_rolled();
        if file.stays_in_memory(data.len()) && (rolled || !always) {
            file.put_slice(data).map_err(os_error)?;
            return Ok(data.len());
        }
        drop(state);
        if !rolled {
            self.settle_dir(py)?;
        }
        self.with_file(
            py,
            |_| true,
            |file| {
                if always {
                    file.roll_over()?;
                }
                file.put_slice(data)
            },
        )?;
        Ok(data.len())
    }

    pub(super) fn flush_binary(&self, py: Python<'_>) -> PyResult<()> {
        self.with_file(py, |_| false, Write::flush)
    }

    pub(super) fn seek_binary(&self, py: Python<'_>, offset: isize, whence: i32) -> PyResult<u64> {
        let offset = offset as i64;
        let rolled = self.rolled(py);
        let to = match whence {
            0 => match u64::try_from(offset) {
                Ok(offset) => SeekFrom::Start(offset),
                Err(_) if rolled => return Err(invalid_argument()),
                Err(_) => {
                    return Err(PyValueError::new_err(format!("negative seek value {offset}")));
                }
            },
            1 => SeekFrom::Current(offset),
            2 => SeekFrom::End(offset),
            _ => {
                let text = format!("invalid whence ({whence}, should be 0, 1 or 2)");
                return Err(PyValueError::new_err(text));
            }
        };
        self.with_file(
            py,
            |_| false,
            |file| {
                file.seek(to).or_else(|error| match file.is_rolled() || offset > 0 {
                    true => Err(error),
                    // In memory, io.BytesIO stops at the beginning.
                    false => file.seek(SeekFrom::Start(0)),
                })
            },
        )
        .map_err(|error| if rolled { invalid_argument() } else { error })
    }

    pub(super) fn truncate_binary(&self, py: Python<'_>, size: Option<i64>) -> PyResult<u64> {
        let rolled = self.rolled(py);
        let size = match size {
            None => self.position(py)?,
            Some(size) => {
                // As the standard library has it, a max_size of 0 holds nothing in this case.
                if size > self.max_size(py) {
                    self.rollover_binary(py)?;
                }
                u64::try_from(size).map_err(|_| match rolled {
                    true => invalid_argument(),
                    false => PyValueError::new_err(format!("negative size value {size}")),
                })?
            }
        };
        self.settle_dir(py)?;
        self.with_file(
            py,
            |_| false,
            |file| match file.memory() {
                // In memory it never grows, and so has no reason to leave.
                Some(memory) => file.truncate(size.min(memory.len() as u64)),
                None => file.truncate(size),
            },
        )?;
        Ok(size)
    }

    pub(super) fn descriptor(&self, py: Python<'_>) -> PyResult<i64> {
        self.rollover_binary(py)?;
        self.with_file(py, |_| true, |file| file.as_file().map(descriptor_of))
    }

    pub(super) fn whole<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        {
            let mut state = self.lock(py);
            if let Some(memory) = state.binary()?.memory() {
                return Ok(PyBytes::new(py, memory.as_slice()));
            }
        }
        let bytes = self.with_file(
            py,
            |_| true,
            |file| {
                let mut all = file.clone();
                all.rewind()?;
                read_up_to(&mut all, usize::MAX)
            },
        )?;
        Ok(PyBytes::new(py, &bytes))
    }

    pub(super) fn clone_state(&self, py: Python<'_>) -> PyResult<State> {
        let mut state = self.lock(py);
        let file = File::Binary(state.binary()?.clone());
        Ok(State {
            file,
            dir: state.dir.as_ref().map(|dir| dir.clone_ref(py)),
            dir_known: state.dir_known,
            ..State::new(state.max_size, &state.mode, None)
        })
    }

    pub(super) fn detach_binary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.position(py)?;
        let io = py.import("io")?;
        if !self.rolled(py) {
            return Err(PyErr::from_value(io.getattr("UnsupportedOperation")?.call1(("detach",))?));
        }
        let descriptor = py.import("os")?.call_method1("dup", (self.descriptor(py)?,))?;
        let raw = io.call_method1("FileIO", (descriptor, "rb+"))?;
        self.close(py)?;
        Ok(raw)
    }
}

fn read_up_to(file: &mut SpooledFile, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let rest = file.len()?.saturating_sub(file.position());
    bytes.try_reserve_exact(count.min(usize::try_from(rest).unwrap_or(usize::MAX)))?;
    file.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The exception for an error of the system, as Python words it: `[Errno 28] No space left on
/// device`, of the class that belongs to the number.
fn os_error(error: io::Error) -> PyErr {
    let Some(number) = error.raw_os_error() else { return error.into() };
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or(&text).to_owned();
    PyOSError::new_err((number, reason))
}

fn invalid_argument() -> PyErr {
    PyOSError::new_err((INVALID_ARGUMENT, "Invalid argument"))
}

#[cfg(unix)]
fn descriptor_of(file: &std::fs::File) -> i64 {
    std::os::fd::AsRawFd::as_raw_fd(file).into()
}

/// The handle: a C runtime's descriptor for it would have an owner of its own.
#[cfg(windows)]
fn descriptor_of(file: &std::fs::File) -> i64 {
    std::os::windows::io::AsRawHandle::as_raw_handle(file) as i64
}

/// The descriptor as the file's name, once there is one.
pub(super) fn name_of(file: &mut SpooledFile) -> Option<i64> {
    file.is_rolled().then(|| file.as_file().ok().map(descriptor_of))?
}
