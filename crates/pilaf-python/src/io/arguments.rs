//! Arguments as the standard library's file classes take them, with their error messages.

use std::ffi::c_int;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;

use super::method::discard;

/// The positional arguments of one call.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'a, 'py> {
    py: Python<'py>,
    /// Borrowed references, alive during the call.
    objects: &'a [*mut ffi::PyObject],
}

impl<'a, 'py> Arguments<'a, 'py> {
    /// # Safety
    ///
    /// `objects` points to `count` pointers to Python objects, all alive for `'a`.
    #[inline]
    #[allow(unsafe_code)]
    pub(super) unsafe fn from_raw(
        py: Python<'py>,
        objects: *const *mut ffi::PyObject,
        count: ffi::Py_ssize_t,
    ) -> Self {
        if count <= 0 {
            return Self { py, objects: &[] };
        }
        // SAFETY: the caller's promise.
        Self { py, objects: unsafe { std::slice::from_raw_parts(objects, count as usize) } }
    }

    /// Checks the number of arguments of a function called `name`.
    #[inline]
    pub(super) fn expect(self, name: &str, least: usize, most: usize) -> PyResult<Self> {
        let count = self.objects.len();
        if count < least || count > most {
            return Err(wrong_count(name, least, most, count));
        }
        Ok(self)
    }

    /// The argument number `index`, if it was given.
    #[inline]
    #[allow(unsafe_code)]
    pub(super) fn get(self, index: usize) -> Option<Borrowed<'a, 'py, PyAny>> {
        let object = *self.objects.get(index)?;
        // SAFETY: a live object for 'a, by the contract of `new`.
        Some(unsafe { Borrowed::from_ptr(self.py, object) })
    }

    /// An optional count or size, `None` where it is absent or Python's `None`.
    #[inline]
    pub(super) fn optional_size(self, index: usize) -> PyResult<Option<isize>> {
        match self.get(index) {
            None => Ok(None),
            Some(object) if object.is_none() => Ok(None),
            Some(object) => to_size(object).map(Some),
        }
    }

    /// How many bytes to read: all (`usize::MAX`) when absent, `None` or negative.
    #[inline]
    pub(super) fn count(self, index: usize) -> PyResult<usize> {
        Ok(count_of(self.optional_size(index)?))
    }
}

/// How many bytes to read: all (`usize::MAX`) when absent or negative.
#[inline]
pub(super) fn count_of(size: Option<isize>) -> usize {
    size.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX)
}

#[cold]
fn wrong_count(name: &str, least: usize, most: usize, count: usize) -> PyErr {
    let (bound, wanted) = match count < least {
        _ if least == most => ("", least),
        true => ("at least ", least),
        false => ("at most ", most),
    };
    let plural = if wanted == 1 { "" } else { "s" };
    PyTypeError::new_err(format!("{name} expected {bound}{wanted} argument{plural}, got {count}"))
}

#[inline]
#[allow(unsafe_code)]
fn to_size(object: Borrowed<'_, '_, PyAny>) -> PyResult<isize> {
    // SAFETY: `object` is alive, and this thread is attached, as the reference proves.
    let size = unsafe { ffi::PyNumber_AsSsize_t(object.as_ptr(), ffi::PyExc_OverflowError) };
    if size == -1
        && let Some(error) = PyErr::take(object.py())
    {
        return Err(not_a_size(object, error));
    }
    Ok(size)
}

#[cold]
#[allow(unsafe_code)]
fn not_a_size(object: Borrowed<'_, '_, PyAny>, error: PyErr) -> PyErr {
    // SAFETY: `object` is alive, and this thread is attached, as the reference proves.
    if unsafe { ffi::PyIndex_Check(object.as_ptr()) } != 0 {
        return error;
    }
    discard(error);
    match object.get_type().name() {
        Ok(kind) => {
            PyTypeError::new_err(format!("argument should be integer or None, not '{kind}'"))
        }
        Err(error) => error,
    }
}

/// A required integer that must fit `isize`: `TypeError` or `OverflowError` as CPython words it.
#[inline]
#[allow(unsafe_code)]
pub(super) fn to_isize(object: Borrowed<'_, '_, PyAny>) -> PyResult<isize> {
    // SAFETY: `object` is alive, and this thread is attached; `PyNumber_Index` returns a new
    // reference to an integer, or null with an exception set.
    let value = unsafe {
        let index =
            Bound::from_owned_ptr_or_err(object.py(), ffi::PyNumber_Index(object.as_ptr()))?;
        ffi::PyLong_AsSsize_t(index.as_ptr())
    };
    match value {
        -1 => PyErr::take(object.py()).map_or(Ok(-1), Err),
        value => Ok(value),
    }
}

/// A required integer that must fit a C `int`.
#[inline]
pub(super) fn to_int(object: Borrowed<'_, '_, PyAny>) -> PyResult<c_int> {
    let value = to_isize(object)?;
    c_int::try_from(value).map_err(|_| {
        pyo3::exceptions::PyOverflowError::new_err("Python int too large to convert to C int")
    })
}
