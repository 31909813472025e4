//! Reading, writing and seeking.

use pyo3::exceptions::{PyMemoryError, PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyList, PyNone};

use super::super::arguments::{Arguments, to_int, to_isize};
use super::super::method::discard;
use super::{File, This};
use crate::buffer::{with_bytes, with_bytes_mut};

type Result<'py, T = PyBytes> = PyResult<Bound<'py, T>>;

fn integer<'py>(py: Python<'py>, value: usize) -> Result<'py, PyInt> {
    Ok(value.into_pyobject(py)?)
}

#[inline]
pub(super) fn read<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    arguments: Arguments<'_, 'py>,
) -> Result<'py> {
    let count = arguments.count(0)?;
    let mut state = this.state.lock(py);
    let exported = state.exports > 0;
    let file = state.open()?;
    if file.position() == 0 && count >= file.len() && !exported {
        read_whole(py, file)
    } else {
        Ok(PyBytes::new(py, file.take_slice(count)))
    }
}

/// All of the file, which is at its beginning: the object that holds it, if there is no slack.
fn read_whole<'py>(py: Python<'py>, file: &mut File) -> Result<'py> {
    let len = file.len();
    file.set_position(len);
    match file.storage_mut().whole(py) {
        Some(bytes) => Ok(bytes),
        None => Ok(PyBytes::new(py, file.as_slice())),
    }
}

pub(super) fn readline<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    arguments: Arguments<'_, 'py>,
) -> Result<'py> {
    let limit = arguments.count(0)?;
    let mut state = this.state.lock(py);
    Ok(PyBytes::new(py, state.open()?.take_line(limit)))
}

pub(super) fn next<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let mut state = this.state.lock(py);
    let line = state.open()?.take_line(usize::MAX);
    Ok((!line.is_empty()).then(|| PyBytes::new(py, line)))
}

/// Lines until `hint` bytes have been read; all lines when it is absent or not positive.
pub(super) fn readlines<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    arguments: Arguments<'_, 'py>,
) -> Result<'py, PyList> {
    let hint = match arguments.get(0) {
        Some(hint) if !hint.is_none() => size_hint(hint)?,
        _ => 0,
    };
    let limit = usize::try_from(hint).ok().filter(|&hint| hint > 0).unwrap_or(usize::MAX);
    let lines = PyList::empty(py);
    let mut total = 0;
    while total < limit {
        let line = {
            let mut state = this.state.lock(py);
            PyBytes::new(py, state.open()?.take_line(usize::MAX))
        };
        if line.as_bytes().is_empty() {
            break;
        }
        total += line.as_bytes().len();
        lines.append(line)?;
    }
    Ok(lines)
}

fn size_hint(hint: Borrowed<'_, '_, PyAny>) -> PyResult<isize> {
    if !hint.is_instance_of::<PyInt>() {
        let kind = hint.get_type().name()?;
        return Err(PyTypeError::new_err(format!("integer argument expected, got '{kind}'")));
    }
    to_isize(hint)
}

pub(super) fn readinto<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    target: Borrowed<'_, 'py, PyAny>,
) -> Result<'py, PyInt> {
    let fill = |target: &mut [u8]| {
        let mut state = this.state.lock(py);
        let bytes = state.open()?.take_slice(target.len());
        target[..bytes.len()].copy_from_slice(bytes);
        PyResult::Ok(bytes.len())
    };
    match with_bytes_mut(&target, fill) {
        Ok(count) => integer(py, count?),
        Err(error) => {
            discard(error);
            let kind = target.get_type().name()?;
            Err(PyTypeError::new_err(format!(
                "readinto() argument must be read-write bytes-like object, not {kind}"
            )))
        }
    }
}

#[inline]
pub(super) fn write<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    data: Borrowed<'_, 'py, PyAny>,
) -> Result<'py, PyInt> {
    if let Ok(bytes) = data.cast::<PyBytes>() {
        let bytes = bytes.as_bytes();
        this.state.lock(py).resizable().and_then(|file| put(file, bytes))?;
        return integer(py, bytes.len());
    }
    this.state.lock(py).resizable()?;
    let count = with_bytes(&data, |bytes| {
        this.state.lock(py).resizable().and_then(|file| put(file, bytes))?;
        PyResult::Ok(bytes.len())
    })??;
    integer(py, count)
}

#[inline]
pub(super) fn put(file: &mut File, bytes: &[u8]) -> PyResult<()> {
    if file.position().checked_add(bytes.len()).is_none_or(|end| end > isize::MAX as usize) {
        return Err(PyOverflowError::new_err("new buffer size too large"));
    }
    file.put_slice(bytes).map_err(|_| PyMemoryError::new_err(()))
}

pub(super) fn truncate<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    arguments: Arguments<'_, 'py>,
) -> Result<'py, PyInt> {
    let size = arguments.optional_size(0)?;
    let mut state = this.state.lock(py);
    let file = state.resizable()?;
    let size = match size {
        None => file.position(),
        Some(size) => usize::try_from(size)
            .map_err(|_| PyValueError::new_err(format!("negative size value {size}")))?,
    };
    file.truncate(size)?;
    integer(py, size)
}

#[inline]
pub(super) fn tell<'py>(py: Python<'py>, this: This<'_, 'py>) -> Result<'py, PyInt> {
    let position = this.state.lock(py).open()?.position();
    integer(py, position)
}

#[inline]
pub(super) fn seek<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    arguments: Arguments<'_, 'py>,
) -> Result<'py, PyInt> {
    let offset = arguments.get(0).map_or(Ok(0), to_isize)?;
    let whence = arguments.get(1).map_or(Ok(0), to_int)?;
    let mut state = this.state.lock(py);
    let file = state.open()?;
    let base = match whence {
        0 if offset < 0 => {
            return Err(PyValueError::new_err(format!("negative seek value {offset}")));
        }
        0 => 0,
        1 => file.position(),
        2 => file.len(),
        _ => {
            let text = format!("invalid whence ({whence}, should be 0, 1 or 2)");
            return Err(PyValueError::new_err(text));
        }
    };
    let position = (base as isize)
        .checked_add(offset)
        .ok_or_else(|| PyOverflowError::new_err("new position too large"))?;
    file.set_position(position.max(0) as usize);
    integer(py, file.position())
}

/// `flush`: nothing to do, but not on a closed file.
pub(super) fn flush<'py>(py: Python<'py>, this: This<'_, 'py>) -> Result<'py, PyNone> {
    this.state.lock(py).open()?;
    Ok(PyNone::get(py).to_owned())
}
