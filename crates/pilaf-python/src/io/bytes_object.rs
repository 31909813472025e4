//! Growable contents kept in a Python `bytes` object, so that they come and go without a copy.
//!
//! A `bytes` object that nobody else has seen may be written to: CPython's own `BytesIO` is built
//! the same way. Here an object counts as unseen from its creation until it is handed out.

use std::ffi::c_char;
use std::io;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

use pilaf::io::Storage;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::method::discard;

/// A `bytes` object as [`Storage`].
///
/// Invariants: `data` is the start of the buffer of `object`; `len <= capacity`, the length of
/// that buffer; its first `len` bytes are initialised; and if `shared` is false, then `object`
/// has this one reference, was created here, and has never been given out.
pub(super) struct BytesObject {
    /// `None` before there are any contents.
    object: Option<Reference>,
    data: NonNull<u8>,
    len: usize,
    capacity: usize,
    shared: bool,
}

#[allow(unsafe_code)]
// SAFETY: the buffer of a `bytes` object does not move and is not bound to a thread; it is
// written to only through `&mut self`, and only if no one else has the object.
unsafe impl Send for BytesObject {}
#[allow(unsafe_code)]
// SAFETY: as above; `&self` only reads.
unsafe impl Sync for BytesObject {}

impl BytesObject {
    /// No contents.
    #[inline]
    pub(super) const fn empty() -> Self {
        Self { object: None, data: NonNull::dangling(), len: 0, capacity: 0, shared: true }
    }

    /// Contents that belong to others as well; nothing is copied.
    #[inline]
    pub(super) fn shared(object: Bound<'_, PyBytes>) -> Self {
        let bytes = object.as_bytes();
        let (data, len) = (NonNull::from(bytes).cast(), bytes.len());
        Self { object: Some(Reference::new(object)), data, len, capacity: len, shared: true }
    }

    /// The contents as an object, without a copy. The next write makes one, unless the object
    /// has been dropped by then.
    pub(super) fn share<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        if self.len != self.capacity {
            self.reallocate(py, self.len)?;
        }
        self.shared = true;
        Ok(self.object(py))
    }

    fn object<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        match &self.object {
            Some(object) => object.bind(py).clone(),
            None => PyBytes::new(py, b""),
        }
    }

    /// The object itself, if it is exactly the contents.
    #[inline]
    pub(super) fn whole<'py>(&mut self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        (self.len == self.capacity).then(|| {
            self.shared = true;
            self.object(py)
        })
    }

    /// A pointer to the contents through which they may be written, until the next call.
    pub(super) fn make_mut(&mut self, py: Python<'_>) -> PyResult<NonNull<u8>> {
        if !self.is_own(py) {
            self.reallocate(py, self.len)?;
        }
        Ok(self.data)
    }

    /// The length of the object, slack included, if it belongs to nobody else.
    pub(super) fn own_capacity(&mut self, py: Python<'_>) -> Option<usize> {
        self.is_own(py).then_some(self.capacity)
    }

    /// Whether the object may be written to.
    #[inline]
    fn is_own(&mut self, py: Python<'_>) -> bool {
        if self.shared
            && IN_PLACE
            && self.capacity > 1
            && self.object.as_ref().is_some_and(|object| object.count(py) == 1)
        {
            self.shared = false;
        }
        !self.shared
    }

    /// Makes the object an own one of exactly `capacity >= len` bytes.
    fn reallocate(&mut self, py: Python<'_>, capacity: usize) -> PyResult<()> {
        debug_assert!(capacity >= self.len);
        // A jump in size, which memory may not suffice for, goes through a copy: that can fail
        // without harm.
        let moderate = capacity > 1 && capacity / 2 <= self.capacity;
        if IN_PLACE && moderate && self.capacity > 1 && self.is_own(py) {
            return self.resize_in_place(py, capacity);
        }
        let (object, data) = allocate(py, capacity)?;
        #[allow(unsafe_code)]
        // SAFETY: both buffers hold at least `len` bytes, and the new one is nobody else's.
        unsafe {
            ptr::copy_nonoverlapping(self.data.as_ptr(), data.as_ptr(), self.len);
        }
        // The empty object is one for the whole process.
        *self = Self { object: Some(object), data, len: self.len, capacity, shared: capacity == 0 };
        Ok(())
    }

    /// Changes the length of an own object. When there is no memory for that, the contents are
    /// gone, as with `io.BytesIO`.
    #[allow(unsafe_code)]
    fn resize_in_place(&mut self, py: Python<'_>, capacity: usize) -> PyResult<()> {
        let own = std::mem::replace(self, Self::empty());
        let mut object = own.object.map_or(ptr::null_mut(), Reference::into_ptr);
        // SAFETY: `object` is a `bytes` object with one reference, which this call takes and
        // replaces by the one to the resized object, or by null.
        let status = unsafe { _PyBytes_Resize(&raw mut object, capacity as ffi::Py_ssize_t) };
        if status < 0 {
            return Err(PyErr::fetch(py));
        }
        // SAFETY: on success `object` is the reference to a `bytes` object.
        let object = unsafe { Bound::from_owned_ptr(py, object).cast_into_unchecked::<PyBytes>() };
        *self = Self { len: own.len, shared: false, ..Self::shared(object) };
        Ok(())
    }

    /// Makes the object an own one with room for `len` bytes, and more when it grows.
    #[cold]
    fn reserve(&mut self, len: usize) -> io::Result<()> {
        let capacity = if len <= self.capacity {
            len.max(self.len)
        } else if len > self.capacity + self.capacity / 8 {
            len
        } else {
            len.checked_add(len / 8 + 8).ok_or(io::ErrorKind::OutOfMemory)?
        };
        if isize::try_from(capacity).is_err() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.reallocate(attached(), capacity).map_err(out_of_memory)
    }
}

impl Storage for BytesObject {
    #[inline]
    #[allow(unsafe_code)]
    fn as_slice(&self) -> &[u8] {
        // SAFETY: by the invariant, the first `len` bytes of the buffer are initialised.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.len) }
    }

    #[inline]
    #[allow(unsafe_code)]
    fn write_at(&mut self, offset: usize, data: &[u8]) -> io::Result<()> {
        if data.is_empty() {
            return Ok(());
        }
        let end = offset.checked_add(data.len()).ok_or(io::ErrorKind::OutOfMemory)?;
        if self.shared || end > self.capacity {
            self.reserve(end)?;
        }
        let start = self.data.as_ptr();
        // SAFETY: the object is an own one of at least `end` bytes, and `data` cannot point
        // into it: a borrow of the contents would be a borrow of `self`.
        unsafe {
            if offset > self.len {
                ptr::write_bytes(start.add(self.len), 0, offset - self.len);
            }
            ptr::copy_nonoverlapping(data.as_ptr(), start.add(offset), data.len());
        }
        self.len = self.len.max(end);
        Ok(())
    }

    fn truncate(&mut self, len: usize) -> io::Result<()> {
        if len >= self.len {
            return Ok(());
        }
        self.len = len;
        self.reallocate(attached(), len).map_err(out_of_memory)
    }
}

/// The token for calls that [`Storage`] has no place for it in.
#[allow(unsafe_code)]
fn attached<'py>() -> Python<'py> {
    // SAFETY: the storage of a file is reached through `Guarded::lock`, which takes a token.
    unsafe { Python::assume_attached() }
}

#[cold]
fn out_of_memory(error: PyErr) -> io::Error {
    discard(error);
    io::ErrorKind::OutOfMemory.into()
}

/// Whether [`_PyBytes_Resize`] and reference counts serve: the former refuses objects of other
/// threads on free-threaded Python, where the latter mean little; on Windows it would have to be
/// imported by the name of one DLL.
const IN_PLACE: bool = cfg!(not(any(Py_GIL_DISABLED, windows, PyPy, GraalPy)));

#[cfg(not(any(Py_GIL_DISABLED, windows, PyPy, GraalPy)))]
#[allow(unsafe_code)]
unsafe extern "C" {
    /// Part of the stable ABI, but not of [`pyo3::ffi`].
    fn _PyBytes_Resize(object: *mut *mut ffi::PyObject, size: ffi::Py_ssize_t) -> i32;
}

#[cfg(any(Py_GIL_DISABLED, windows, PyPy, GraalPy))]
#[allow(unsafe_code, non_snake_case)]
unsafe fn _PyBytes_Resize(_: *mut *mut ffi::PyObject, _: ffi::Py_ssize_t) -> i32 {
    unreachable!("guarded by IN_PLACE")
}

/// A new `bytes` object of `capacity` bytes that are not initialised.
#[allow(unsafe_code)]
fn allocate(py: Python<'_>, capacity: usize) -> PyResult<(Reference, NonNull<u8>)> {
    // SAFETY: a null pointer asks for an object with an uninitialised buffer; the result is a
    // new reference or null with an exception set. Its buffer starts at `PyBytes_AsString`.
    unsafe {
        let object =
            ffi::PyBytes_FromStringAndSize(ptr::null::<c_char>(), capacity as ffi::Py_ssize_t);
        let object = Bound::from_owned_ptr_or_err(py, object)?.cast_into_unchecked::<PyBytes>();
        let data = ffi::PyBytes_AsString(object.as_ptr()).cast::<u8>();
        Ok((Reference::new(object), NonNull::new_unchecked(data)))
    }
}

/// A reference that is dropped at once.
///
/// [`Py`] asks PyO3 whether the thread is attached, which does not know of calls through
/// [`method::enter`](super::method::enter) and would put the drop off. The storage of a file is
/// only ever touched, and dropped, in a call from Python.
struct Reference(ManuallyDrop<Py<PyBytes>>);

impl Reference {
    #[inline]
    fn new(object: Bound<'_, PyBytes>) -> Self {
        Self(ManuallyDrop::new(object.unbind()))
    }

    #[inline]
    fn bind<'a, 'py>(&'a self, py: Python<'py>) -> &'a Bound<'py, PyBytes> {
        self.0.bind(py)
    }

    #[allow(unsafe_code)]
    fn count(&self, _py: Python<'_>) -> isize {
        // SAFETY: a live object, and this thread is attached.
        unsafe { ffi::Py_REFCNT(self.0.as_ptr()) }
    }

    fn into_ptr(self) -> *mut ffi::PyObject {
        ManuallyDrop::new(self).0.as_ptr()
    }
}

impl Drop for Reference {
    #[inline]
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        // SAFETY: this owns one reference, and the thread is attached: see the type's notes.
        unsafe { ffi::Py_DECREF(self.0.as_ptr()) }
    }
}
