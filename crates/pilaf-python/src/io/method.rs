//! Functions as CPython calls them, without the cost of a general trampoline.
//!
//! A call of `io.BytesIO.read` takes some 30 ns. PyO3's `#[pymethods]` add 10 to 15 ns to that
//! (argument descriptions, attach counts, borrow flags), and a `#[pyclass]` with a `__dict__`
//! takes twice as long to construct, so that the hot class of this package has methods of the
//! stable ABI's own kinds: `METH_NOARGS`, `METH_O` and `METH_FASTCALL`. What they do is in safe
//! functions; what is here is the door.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use pyo3::ffi::{PyMethodDef, PyMethodDefPointer, PyObject};
use pyo3::panic::PanicException;
use pyo3::prelude::*;

/// What a body may return, and how that crosses into C.
pub(super) trait Outcome {
    type Raw;
    const FAILED: Self::Raw;
    fn into_raw(self) -> Self::Raw;
}

impl<T> Outcome for Bound<'_, T> {
    type Raw = *mut PyObject;
    const FAILED: *mut PyObject = ptr::null_mut();
    #[inline]
    fn into_raw(self) -> *mut PyObject {
        self.into_ptr()
    }
}

/// `None` ends an iteration: null without an exception.
impl<T> Outcome for Option<Bound<'_, T>> {
    type Raw = *mut PyObject;
    const FAILED: *mut PyObject = ptr::null_mut();
    #[inline]
    fn into_raw(self) -> *mut PyObject {
        self.map_or(ptr::null_mut(), Bound::into_ptr)
    }
}

impl Outcome for () {
    type Raw = c_int;
    const FAILED: c_int = -1;
    #[inline]
    fn into_raw(self) -> c_int {
        0
    }
}

/// Runs `body` in a function that CPython called; errors and panics become exceptions.
///
/// # Safety
///
/// The thread is attached to the interpreter, as it is whenever CPython calls.
#[inline]
pub(super) unsafe fn enter<'py, R: Outcome>(
    body: impl FnOnce(Python<'py>) -> PyResult<R>,
) -> R::Raw {
    // SAFETY: the caller's promise.
    let py = unsafe { Python::assume_attached() };
    match catch_unwind(AssertUnwindSafe(|| body(py))) {
        Ok(Ok(value)) => return value.into_raw(),
        Ok(Err(error)) => raise(error),
        Err(_) => raise(PanicException::new_err("a bug in pilaf: see the message on stderr")),
    }
    R::FAILED
}

/// Sets the exception. PyO3 counts attachments to know when it may drop references at once, and
/// [`enter`] does not take part in that: here, where it does not matter, we do.
#[cold]
fn raise(error: PyErr) {
    Python::attach(|py| error.restore(py));
}

/// Drops an error that another one replaces, for the same reason in the same way.
#[cold]
pub(super) fn discard(error: PyErr) {
    Python::attach(|_| drop(error));
}

/// The object that a method belongs to.
#[derive(Clone, Copy)]
pub(super) struct This<'a, 'py, T> {
    pub(super) object: Borrowed<'a, 'py, PyAny>,
    pub(super) state: &'a T,
}

/// The `PyMethodDef` of a method `fn(py, This<_>) -> PyResult<Bound<_>>`.
macro_rules! no_arguments {
    ($name:literal, $method:path, $this:path, $doc:literal) => {{
        unsafe extern "C" fn raw(object: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
            // SAFETY: CPython calls, with an object of the type that this is a method of.
            unsafe { enter(|py| $method(py, $this(py, object))) }
        }
        definition($name, PyMethodDefPointer { PyCFunction: raw }, ffi::METH_NOARGS, $doc)
    }};
}

/// The `PyMethodDef` of a method `fn(py, This<_>, Borrowed<PyAny>) -> PyResult<Bound<_>>`.
macro_rules! one_argument {
    ($name:literal, $method:path, $this:path, $doc:literal) => {{
        unsafe extern "C" fn raw(object: *mut PyObject, argument: *mut PyObject) -> *mut PyObject {
            // SAFETY: CPython calls, with an object of the type that this is a method of, and
            // with an argument that is alive during the call.
            unsafe { enter(|py| $method(py, $this(py, object), Borrowed::from_ptr(py, argument))) }
        }
        definition($name, PyMethodDefPointer { PyCFunction: raw }, ffi::METH_O, $doc)
    }};
}

/// The `PyMethodDef` of a method `fn(py, This<_>, Arguments) -> PyResult<Bound<_>>` that takes
/// `$least..=$most` positional arguments.
macro_rules! arguments {
    ($name:literal, $method:path, $this:path, $least:literal..=$most:literal, $doc:literal) => {{
        unsafe extern "C" fn raw(
            object: *mut PyObject,
            arguments: *mut *mut PyObject,
            count: ffi::Py_ssize_t,
        ) -> *mut PyObject {
            // SAFETY: CPython calls, with an object of the type that this is a method of, and
            // with `count` arguments that are alive during the call.
            unsafe {
                enter(|py| {
                    let arguments = Arguments::from_raw(py, arguments, count);
                    let name = const { name_of($name) };
                    $method(py, $this(py, object), arguments.expect(name, $least, $most)?)
                })
            }
        }
        definition($name, PyMethodDefPointer { PyCFunctionFast: raw }, ffi::METH_FASTCALL, $doc)
    }};
}

pub(super) use {arguments, no_arguments, one_argument};

pub(super) const fn definition(
    name: &'static CStr,
    function: PyMethodDefPointer,
    flags: c_int,
    doc: &'static CStr,
) -> PyMethodDef {
    PyMethodDef { ml_name: name.as_ptr(), ml_meth: function, ml_flags: flags, ml_doc: doc.as_ptr() }
}

pub(super) const fn name_of(name: &'static CStr) -> &'static str {
    match name.to_str() {
        Ok(name) => name,
        Err(_) => panic!("names of methods are ASCII"),
    }
}
