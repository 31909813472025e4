//! `getbuffer()`: a writable view of the contents.
//!
//! The `memoryview` that Python code gets is one of an `Export`, which holds the file. The
//! contents stay where they are as long as there are views: the file refuses to write and to
//! change its size until the last one is released.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::ptr;

use pyo3::exceptions::PyBufferError;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyMemoryView, PyType};

use super::super::lock::Guarded;
use super::super::method::enter;
use super::{State, This};
use crate::buffer::{BF_GETBUFFER, BF_RELEASEBUFFER, PyBuffer};

/// The memory of an instance.
#[repr(C)]
struct Export {
    head: PyObject,
    /// A reference to the `BytesIO`; null once cleared by the garbage collector.
    file: *mut PyObject,
    /// The state of that object, alive as long as it is.
    state: *const Guarded<State>,
}

pub(super) fn getbuffer<'py>(
    py: Python<'py>,
    this: This<'_, 'py>,
) -> PyResult<Bound<'py, PyMemoryView>> {
    this.state.lock(py).open()?;
    let class = type_object(py)?.as_type_ptr();
    // SAFETY: the memory is zeroed and has the size of an `Export`, which is filled before
    // anybody sees it.
    let export = unsafe {
        let object = ffi::PyType_GenericAlloc(class, 0);
        let owned = Bound::from_owned_ptr_or_err(py, object)?;
        (*object.cast::<Export>()).file = this.object.to_owned().into_ptr();
        (*object.cast::<Export>()).state = this.state;
        owned
    };
    PyMemoryView::from(&export)
}

fn type_object(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TYPE.get_or_try_init(py, || make_type(py)).map(|class| class.bind(py))
}

fn make_type(py: Python<'_>) -> PyResult<Py<PyType>> {
    let slot = |slot, pfunc| ffi::PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
        slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        slot(ffi::Py_tp_clear, clear as *mut c_void),
        slot(BF_GETBUFFER, get_buffer as *mut c_void),
        slot(BF_RELEASEBUFFER, release_buffer as *mut c_void),
        slot(0, ptr::null_mut()),
    ];
    let mut spec = ffi::PyType_Spec {
        name: c"pilaf.io._BytesIOBuffer".as_ptr(),
        basicsize: size_of::<Export>() as c_int,
        itemsize: 0,
        flags: (ffi::Py_TPFLAGS_DEFAULT
            | ffi::Py_TPFLAGS_HAVE_GC
            | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION) as _,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the slots hold functions of the kinds that their names ask for, written for the
    // layout `Export`.
    unsafe {
        let class = ffi::PyType_FromSpec(&raw mut spec);
        Ok(Bound::from_owned_ptr_or_err(py, class)?.cast_into_unchecked().unbind())
    }
}

unsafe extern "C" fn get_buffer(object: *mut PyObject, view: *mut PyBuffer, flags: c_int) -> c_int {
    let export = object.cast::<Export>();
    // SAFETY: CPython calls, with an instance and a view to fill. `state` lives as long as
    // `file`; the contents do not move while `exports` counts this view.
    unsafe {
        enter(|py| {
            if (*export).file.is_null() {
                return Err(PyBufferError::new_err("the file is gone"));
            }
            let mut state = (*(*export).state).lock(py);
            let storage = state.open()?.storage_mut();
            let data = storage.make_mut(py)?;
            let len = pilaf::io::Storage::as_slice(storage).len();
            state.exports += 1;
            PyBuffer::fill(view, &Borrowed::from_ptr(py, object), data.as_ptr(), len, flags);
            Ok(())
        })
    }
}

unsafe extern "C" fn release_buffer(object: *mut PyObject, _: *mut PyBuffer) {
    let export = object.cast::<Export>();
    // SAFETY: CPython calls, with an instance that filled the view and so still has its file:
    // see `clear`.
    unsafe {
        enter(|py| {
            (*(*export).state).lock(py).exports -= 1;
            Ok(())
        });
    }
}

unsafe extern "C" fn dealloc(object: *mut PyObject) {
    // SAFETY: CPython calls when the last reference is gone; views hold one, so that there are
    // none. An instance of a type made at run time owns a reference to that type.
    unsafe {
        ffi::PyObject_GC_UnTrack(object.cast());
        ffi::Py_XDECREF((*object.cast::<Export>()).file);
        let class = ffi::Py_TYPE(object);
        ffi::PyObject_GC_Del(object.cast());
        ffi::Py_DECREF(class.cast());
    }
}

unsafe extern "C" fn traverse(
    object: *mut PyObject,
    visit: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: CPython's garbage collector calls, with an instance.
    unsafe {
        let file = (*object.cast::<Export>()).file;
        for reference in [file, ffi::Py_TYPE(object).cast()] {
            if !reference.is_null() {
                let status = visit(reference, argument);
                if status != 0 {
                    return status;
                }
            }
        }
    }
    0
}

/// Nothing: a view that is released later still needs the file. A cycle through an export always
/// leads through a `memoryview`, and CPython clears that.
unsafe extern "C" fn clear(_: *mut PyObject) -> c_int {
    0
}
