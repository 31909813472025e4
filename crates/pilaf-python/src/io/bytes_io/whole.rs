//! The file as a whole: its value, its state for pickle, copies, closing.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyInt, PyNone, PyTuple};

use super::super::arguments::to_isize;
use super::super::bytes_object::BytesObject;
use super::methods::put;
use super::{File, State, This, empty_file, exported};
use crate::buffer::with_bytes;

/// A file with the given contents and its cursor at the beginning: shared if they are `bytes`,
/// copied if they are anything else with a buffer.
#[inline]
fn file_of(contents: &Bound<'_, PyAny>) -> PyResult<File> {
    if let Ok(bytes) = contents.cast_exact::<PyBytes>() {
        return Ok(File::with_storage(BytesObject::shared(bytes.clone())));
    }
    let mut file = empty_file();
    with_bytes(contents, |bytes| put(&mut file, bytes))??;
    file.set_position(0);
    Ok(file)
}

/// `__init__(initial_bytes)`, on a new object or again. As in CPython only a `bytes` object opens
/// a closed file again.
#[inline]
pub(super) fn initialise<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    contents: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let contents = contents.filter(|contents| !contents.is_none());
    let is_bytes = |contents: &Bound<'py, PyAny>| contents.is_exact_instance_of::<PyBytes>();
    if contents.is_some_and(|contents| !is_bytes(contents)) {
        // What the file cannot take is said before what is wrong with the contents.
        let mut state = this.state.lock(py);
        if state.exports > 0 {
            return Err(exported());
        }
        state.open()?;
    }
    let file = contents.map_or_else(|| Ok(empty_file()), file_of)?;
    let mut state = this.state.lock(py);
    if state.exports > 0 {
        return Err(exported());
    }
    match contents {
        Some(contents) if is_bytes(contents) => state.file = Some(file),
        Some(_) => *state.open()? = file,
        None => drop(state.file.as_mut().map(|old| *old = file)),
    }
    Ok(())
}

pub(super) fn close<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyNone>> {
    let mut state = this.state.lock(py);
    if state.exports > 0 {
        return Err(exported());
    }
    state.file = None;
    Ok(PyNone::get(py).to_owned())
}

pub(super) fn is_closed<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyBool>> {
    Ok(PyBool::new(py, this.state.lock(py).file.is_none()).to_owned())
}

/// `readable`, `writable` and `seekable`.
pub(super) fn yes<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyBool>> {
    this.state.lock(py).open()?;
    Ok(PyBool::new(py, true).to_owned())
}

/// `isatty`.
pub(super) fn no<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyBool>> {
    this.state.lock(py).open()?;
    Ok(PyBool::new(py, false).to_owned())
}

/// Contents and position at one moment.
fn snapshot<'py>(py: Python<'py>, state: &mut State) -> PyResult<(Bound<'py, PyBytes>, usize)> {
    let exported = state.exports > 0;
    let file = state.open()?;
    let contents = match exported {
        true => PyBytes::new(py, file.as_slice()),
        false => file.storage_mut().share(py)?,
    };
    Ok((contents, file.position()))
}

#[inline]
pub(super) fn getvalue<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyBytes>> {
    Ok(snapshot(py, &mut this.state.lock(py))?.0)
}

/// Another file with the same contents and its own cursor at the same place, in constant time.
pub(super) fn clone<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
    let (contents, position) = snapshot(py, &mut this.state.lock(py))?;
    let mut file = File::with_storage(BytesObject::shared(contents));
    file.set_position(position);
    super::object::create(py, file)
}

/// Contents, position and the instance's attributes.
pub(super) fn getstate<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyTuple>> {
    let (contents, position) = snapshot(py, &mut this.state.lock(py))?;
    let attributes = this.object.getattr(intern!(py, "__dict__"))?.cast_into::<PyDict>()?;
    let attributes = match attributes.is_empty() {
        true => PyNone::get(py).to_owned().into_any(),
        false => attributes.copy()?.into_any(),
    };
    (contents, position, attributes).into_pyobject(py)
}

pub(super) fn setstate<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
    state: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Bound<'py, PyNone>> {
    let kind = this.object.get_type().name()?;
    let (contents, position, attributes) = match state.cast::<PyTuple>() {
        Ok(state) if state.len() >= 3 => {
            (state.get_item(0)?, state.get_item(1)?, state.get_item(2)?)
        }
        _ => {
            let got = state.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "{kind}.__setstate__ argument should be 3-tuple, got {got}"
            )));
        }
    };
    this.state.lock(py).open()?;
    let mut file = file_of(&contents)?;
    file.set_position(position_of(&position)?);
    if !attributes.is_none() {
        let attributes = attributes.cast::<PyDict>().map_err(|_| wrong_attributes(&attributes))?;
        this.object
            .getattr(intern!(py, "__dict__"))?
            .cast_into::<PyDict>()?
            .update(attributes.as_mapping())?;
    }
    let mut state = this.state.lock(py);
    *state.resizable()? = file;
    Ok(PyNone::get(py).to_owned())
}

fn position_of(position: &Bound<'_, PyAny>) -> PyResult<usize> {
    if !position.is_instance_of::<PyInt>() {
        let got = position.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "second item of state must be an integer, not {got}"
        )));
    }
    usize::try_from(to_isize(position.as_borrowed())?)
        .map_err(|_| PyValueError::new_err("position value cannot be negative"))
}

fn wrong_attributes(attributes: &Bound<'_, PyAny>) -> PyErr {
    match attributes.get_type().name() {
        Ok(got) => {
            PyTypeError::new_err(format!("third item of state should be a dict, got a {got}"))
        }
        Err(error) => error,
    }
}

/// The size of the object and of the contents, unless somebody else has them too.
pub(super) fn sizeof<'py>(py: Python<'py>, this: This<'_, 'py>) -> PyResult<Bound<'py, PyInt>> {
    let basic: usize = this.object.get_type().getattr(intern!(py, "__basicsize__"))?.extract()?;
    let contents = {
        let mut state = this.state.lock(py);
        state.file.as_mut().and_then(|file| file.storage_mut().own_capacity(py))
    };
    let header: usize =
        py.get_type::<PyBytes>().getattr(intern!(py, "__basicsize__"))?.extract()?;
    Ok((basic + contents.map_or(0, |capacity| header + capacity)).into_pyobject(py)?)
}
