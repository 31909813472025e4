//! The buffer protocol on every Python this package supports.
//!
//! The stable ABI has it since Python 3.11 only, and this extension is built for 3.10 and later.
//! Python 3.10 reaches no further version, so that its layout of `Py_buffer`, which is the one
//! that 3.11 made stable, is as good as stable: where [`pyo3::ffi`] withholds the protocol, it is
//! reached through the type slots `bf_getbuffer` (1) and `bf_releasebuffer` (2), whose numbers
//! are the same in every version and which `PyType_GetSlot` returns since 3.10.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::{ptr, slice};

use pyo3::exceptions::PyTypeError;
use pyo3::ffi::{self, Py_ssize_t, PyObject};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// `bf_getbuffer` of a type.
pub(crate) type GetBuffer = unsafe extern "C" fn(*mut PyObject, *mut PyBuffer, c_int) -> c_int;
/// `bf_releasebuffer` of a type.
pub(crate) type ReleaseBuffer = unsafe extern "C" fn(*mut PyObject, *mut PyBuffer);

/// The slot numbers of the two, for `PyType_GetSlot` and `PyType_Spec`.
pub(crate) const BF_GETBUFFER: c_int = 1;
pub(crate) const BF_RELEASEBUFFER: c_int = 2;

/// C-contiguous bytes, for reading.
pub(crate) const SIMPLE: c_int = 0;
/// C-contiguous bytes, for writing.
pub(crate) const WRITABLE: c_int = 1;
const FORMAT: c_int = 4;
const ND: c_int = 8;
const STRIDES: c_int = 0x10 | ND;

/// `Py_buffer` of CPython: <https://docs.python.org/3.11/c-api/buffer.html#c.Py_buffer>.
#[repr(C)]
pub(crate) struct PyBuffer {
    buf: *mut c_void,
    obj: *mut PyObject,
    len: Py_ssize_t,
    itemsize: Py_ssize_t,
    readonly: c_int,
    ndim: c_int,
    format: *mut std::ffi::c_char,
    shape: *mut Py_ssize_t,
    strides: *mut Py_ssize_t,
    suboffsets: *mut Py_ssize_t,
    internal: *mut c_void,
}

impl PyBuffer {
    fn empty() -> Self {
        Self {
            buf: ptr::null_mut(),
            obj: ptr::null_mut(),
            len: 0,
            itemsize: 0,
            readonly: 0,
            ndim: 0,
            format: ptr::null_mut(),
            shape: ptr::null_mut(),
            strides: ptr::null_mut(),
            suboffsets: ptr::null_mut(),
            internal: ptr::null_mut(),
        }
    }

    /// Fills in a view of `len` writable bytes at `data`, owned by `exporter`, for a consumer
    /// that asked with `flags`.
    ///
    /// # Safety
    ///
    /// `view` is valid for writes, and what the consumer does with the view is sound: `data`
    /// stays where it is until the view is released.
    pub(crate) unsafe fn fill(
        view: *mut Self,
        exporter: &Bound<'_, PyAny>,
        data: *mut u8,
        len: usize,
        flags: c_int,
    ) {
        let format = if flags & FORMAT != 0 { c"B".as_ptr().cast_mut() } else { ptr::null_mut() };
        // SAFETY: the caller's promise; the pointers into `*view` itself are what the protocol
        // prescribes for one dimension, and live as long as the view.
        unsafe {
            view.write(Self {
                buf: data.cast(),
                obj: exporter.clone().into_ptr(),
                len: len as Py_ssize_t,
                itemsize: 1,
                ndim: 1,
                format,
                ..Self::empty()
            });
            if flags & ND != 0 {
                (*view).shape = &raw mut (*view).len;
            }
            if flags & STRIDES == STRIDES {
                (*view).strides = &raw mut (*view).itemsize;
            }
        }
    }
}

/// A new `bytes` object; `MemoryError` when there is no memory for it.
pub(crate) fn new_bytes<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    let (start, length) = (bytes.as_ptr().cast(), bytes.len() as Py_ssize_t);
    // SAFETY: the function copies `length` readable bytes into a new object, which it returns with
    // a reference of its own, or null with an exception set.
    let object = unsafe {
        let object = ffi::PyBytes_FromStringAndSize(start, length);
        Bound::from_owned_ptr_or_err(py, object)?
    };
    Ok(object.cast_into::<PyBytes>()?)
}

/// The slot `number` of the type of `object`, null where there is none.
fn slot(object: &Bound<'_, PyAny>, number: c_int) -> *mut c_void {
    // SAFETY: a type is alive as long as an object of it, and both numbers are those of slots.
    unsafe { ffi::PyType_GetSlot(object.get_type_ptr(), number) }
}

fn acquire(object: &Bound<'_, PyAny>, view: &mut PyBuffer, flags: c_int) -> PyResult<()> {
    let get = slot(object, BF_GETBUFFER);
    if get.is_null() {
        let kind = object.get_type().name()?;
        return Err(PyTypeError::new_err(format!("a bytes-like object is required, not '{kind}'")));
    }
    // SAFETY: the slot holds a function of this type, called as the protocol prescribes.
    let status = unsafe {
        let get = std::mem::transmute::<*mut c_void, GetBuffer>(get);
        get(object.as_ptr(), view, flags)
    };
    if status < 0 { Err(PyErr::fetch(object.py())) } else { Ok(()) }
}

/// Gives `view` back; a view that nothing filled is left alone.
fn release(py: Python<'_>, view: &mut PyBuffer) {
    let object = std::mem::replace(&mut view.obj, ptr::null_mut());
    // SAFETY: `obj` is null or the reference that the exporter put there for the view to own.
    let Some(object) = (unsafe { Bound::from_owned_ptr_or_opt(py, object) }) else { return };
    let release = slot(&object, BF_RELEASEBUFFER);
    if !release.is_null() {
        // SAFETY: the slot holds a function of this type; the view came from the same object.
        // `PyBuffer_Release`, too, leaves `obj` in place during the call.
        unsafe {
            view.obj = object.as_ptr();
            let release = std::mem::transmute::<*mut c_void, ReleaseBuffer>(release);
            release(object.as_ptr(), view);
        }
    }
    view.obj = ptr::null_mut();
}

/// A view given back when dropped. It lives where it was made: exporters may point into it.
struct Held<'a, 'py>(Python<'py>, &'a mut PyBuffer);

impl Drop for Held<'_, '_> {
    fn drop(&mut self) {
        release(self.0, self.1);
    }
}

/// Calls `body` with the bytes of a bytes-like object.
///
/// The bytes may belong to somebody who changes them in another thread: `body` must copy them
/// and do nothing that detaches from the interpreter meanwhile.
///
/// # Errors
///
/// `TypeError` "a bytes-like object is required, not 'str'", or what the exporter raises.
pub(crate) fn with_bytes<R>(
    object: &Bound<'_, PyAny>,
    body: impl FnOnce(&[u8]) -> R,
) -> PyResult<R> {
    let mut view = PyBuffer::empty();
    acquire(object, &mut view, SIMPLE)?;
    let held = Held(object.py(), &mut view);
    if held.1.len == 0 {
        return Ok(body(&[]));
    }
    // SAFETY: the exporter promises `len` readable bytes at `buf` until the release; that nobody
    // writes to them during the call is the documented duty of `body`.
    Ok(body(unsafe { slice::from_raw_parts(held.1.buf.cast(), held.1.len as usize) }))
}

/// Calls `body` with the bytes of a writable bytes-like object, under the same duty.
///
/// # Errors
///
/// What the exporter raises: an object with fixed or no bytes.
pub(crate) fn with_bytes_mut<R>(
    object: &Bound<'_, PyAny>,
    body: impl FnOnce(&mut [u8]) -> R,
) -> PyResult<R> {
    let mut view = PyBuffer::empty();
    acquire(object, &mut view, WRITABLE)?;
    let held = Held(object.py(), &mut view);
    if held.1.len == 0 {
        return Ok(body(&mut []));
    }
    // SAFETY: as above, and the exporter agreed to a writable view.
    Ok(body(unsafe { slice::from_raw_parts_mut(held.1.buf.cast(), held.1.len as usize) }))
}
