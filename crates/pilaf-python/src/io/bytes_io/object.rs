//! The type object of `BytesIO`, made by hand: see [`method`](super::super::method) for why.
//!
//! As in CPython's own class the base is `_io._BufferedIOBase`, from which come `detach`,
//! `readinto1`, `writelines`, the context manager, `__del__` and the rest of `io.IOBase`.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_int, c_void};
use std::mem::offset_of;
use std::ptr;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi::{self, PyMethodDef, PyMethodDefPointer, PyObject};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use super::super::arguments::Arguments;
use super::super::lock::Guarded;
use super::super::method::{arguments, definition, enter, name_of, no_arguments, one_argument};
use super::{File, State, This, empty_file, export, methods, whole};

const DOC: &CStr = c"BytesIO(initial_bytes=b'')
--

A binary file in memory.

Everything that io.BytesIO does, with the same results, exceptions and messages. Made from a
bytes object it copies nothing until the first write. Beyond the standard library's class it may
be used from several threads at once, and has clone().

>>> from pilaf.io import BytesIO
>>> file = BytesIO(b'one\\ntwo\\n')
>>> file.readline()
b'one\\n'
>>> file.clone().read(), file.read(2)
(b'two\\n', b'tw')";

/// The memory of an instance.
#[repr(C)]
struct Object {
    head: PyObject,
    dict: *mut PyObject,
    weak_references: *mut PyObject,
    state: Guarded<State>,
}

/// The class `BytesIO`.
pub(crate) fn type_object(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TYPE.get_or_try_init(py, || make_type(py)).map(|class| class.bind(py))
}

fn make_type(py: Python<'_>) -> PyResult<Py<PyType>> {
    let base = py.import("_io")?.getattr("_BufferedIOBase")?;
    let bases = PyTuple::new(py, [base])?;
    let slot = |slot, pfunc| ffi::PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(ffi::Py_tp_doc, DOC.as_ptr().cast_mut().cast()),
        slot(ffi::Py_tp_new, new as *mut c_void),
        slot(ffi::Py_tp_init, init as *mut c_void),
        slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
        slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        slot(ffi::Py_tp_clear, clear as *mut c_void),
        slot(ffi::Py_tp_iter, ffi::PyObject_SelfIter as *mut c_void),
        slot(ffi::Py_tp_iternext, iternext as *mut c_void),
        slot(ffi::Py_tp_methods, leak(method_table())),
        slot(ffi::Py_tp_members, leak(member_table())),
        slot(ffi::Py_tp_getset, leak(property_table())),
        slot(0, ptr::null_mut()),
    ];
    let flags = ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_BASETYPE | ffi::Py_TPFLAGS_HAVE_GC;
    let mut spec = ffi::PyType_Spec {
        name: c"pilaf.io.BytesIO".as_ptr(),
        basicsize: size_of::<Object>() as c_int,
        itemsize: 0,
        flags: flags as _,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the slots hold functions of the kinds that their names ask for, written for the
    // layout `Object`; the tables end with an empty entry and live forever.
    unsafe {
        let class = ffi::PyType_FromSpecWithBases(&raw mut spec, bases.as_ptr());
        Ok(Bound::from_owned_ptr_or_err(py, class)?.cast_into_unchecked().unbind())
    }
}

/// A table for the lifetime of the process, as type objects want them.
fn leak<T>(table: Vec<T>) -> *mut c_void {
    Box::leak(table.into_boxed_slice()).as_mut_ptr().cast()
}

fn method_table() -> Vec<PyMethodDef> {
    let mut table = reading_methods();
    table.extend(writing_methods());
    table.extend(state_methods());
    table.push(PyMethodDef::zeroed());
    table
}

#[rustfmt::skip]
fn reading_methods() -> Vec<PyMethodDef> {
    vec![
        arguments!(c"read", methods::read, this, 0..=1, c"read($self, size=-1, /)\n--\n\nReads at most size bytes; all that are left if size is negative or None."),
        arguments!(c"read1", methods::read, this, 0..=1, c"read1($self, size=-1, /)\n--\n\nThe same as read."),
        one_argument!(c"readinto", methods::readinto, this, c"readinto($self, buffer, /)\n--\n\nReads into a writable buffer and returns the number of bytes."),
        arguments!(c"readline", methods::readline, this, 0..=1, c"readline($self, size=-1, /)\n--\n\nReads the rest of the line, but at most size bytes if size is not negative."),
        arguments!(c"readlines", methods::readlines, this, 0..=1, c"readlines($self, size=None, /)\n--\n\nReads lines into a list, no more once they have size bytes."),
        no_arguments!(c"tell", methods::tell, this, c"tell($self, /)\n--\n\nThe position in bytes from the beginning."),
        arguments!(c"seek", methods::seek, this, 1..=2, c"seek($self, pos, whence=0, /)\n--\n\nMoves to pos bytes from the beginning (0), from here (1) or from the end (2)."),
        no_arguments!(c"getvalue", whole::getvalue, this, c"getvalue($self, /)\n--\n\nThe whole contents, without a copy."),
        no_arguments!(c"getbuffer", export::getbuffer, this, c"getbuffer($self, /)\n--\n\nA writable view of the contents; while it exists the size is fixed."),
    ]
}

#[rustfmt::skip]
fn writing_methods() -> Vec<PyMethodDef> {
    vec![
        one_argument!(c"write", methods::write, this, c"write($self, b, /)\n--\n\nWrites a bytes-like object and returns the number of bytes."),
        arguments!(c"truncate", methods::truncate, this, 0..=1, c"truncate($self, size=None, /)\n--\n\nDrops what follows the first size bytes, or the position; never grows the file."),
        no_arguments!(c"flush", methods::flush, this, c"flush($self, /)\n--\n\nDoes nothing."),
        no_arguments!(c"close", whole::close, this, c"close($self, /)\n--\n\nFrees the contents; further use raises ValueError."),
    ]
}

#[rustfmt::skip]
fn state_methods() -> Vec<PyMethodDef> {
    vec![
        no_arguments!(c"readable", whole::yes, this, c"readable($self, /)\n--\n\nTrue."),
        no_arguments!(c"writable", whole::yes, this, c"writable($self, /)\n--\n\nTrue."),
        no_arguments!(c"seekable", whole::yes, this, c"seekable($self, /)\n--\n\nTrue."),
        no_arguments!(c"isatty", whole::no, this, c"isatty($self, /)\n--\n\nFalse."),
        no_arguments!(c"clone", whole::clone, this, c"clone($self, /)\n--\n\nAnother file with the same contents, in constant time: it shares them until one of the two\nwrites, and has its own position, which begins where this one's is."),
        no_arguments!(c"__getstate__", whole::getstate, this, c"__getstate__($self, /)\n--\n\nContents, position and attributes, for pickle and copy."),
        one_argument!(c"__setstate__", whole::setstate, this, c"__setstate__($self, state, /)\n--\n\nRestores what __getstate__ returned."),
        no_arguments!(c"__sizeof__", whole::sizeof, this, c"__sizeof__($self, /)\n--\n\nThe memory taken, in bytes, without contents that others share."),
    ]
}

fn member_table() -> Vec<ffi::PyMemberDef> {
    let member = |name: &CStr, offset: usize| ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code: ffi::Py_T_PYSSIZET,
        offset: offset as ffi::Py_ssize_t,
        flags: ffi::Py_READONLY,
        doc: ptr::null(),
    };
    vec![
        member(c"__dictoffset__", offset_of!(Object, dict)),
        member(c"__weaklistoffset__", offset_of!(Object, weak_references)),
        ffi::PyMemberDef::default(),
    ]
}

fn property_table() -> Vec<ffi::PyGetSetDef> {
    let closed = ffi::PyGetSetDef {
        name: c"closed".as_ptr(),
        get: Some(get_closed),
        doc: c"True if the file is closed.".as_ptr(),
        ..Default::default()
    };
    vec![closed, ffi::PyGetSetDef::default()]
}

/// The instance behind a pointer that CPython passes to a method or slot.
///
/// # Safety
///
/// `object` points to a live instance of this class, and stays alive for `'a`.
#[inline]
unsafe fn this<'a, 'py>(py: Python<'py>, object: *mut PyObject) -> This<'a, 'py> {
    // SAFETY: the caller's promise; the state is initialised by `new` and shared since.
    unsafe {
        This { object: Borrowed::from_ptr(py, object), state: &(*object.cast::<Object>()).state }
    }
}

/// A new instance of `class` with `state`; null with an exception set if there is no memory.
///
/// # Safety
///
/// `class` is this class or a subclass, and the thread is attached.
#[inline]
unsafe fn allocate(class: *mut ffi::PyTypeObject, state: State) -> *mut PyObject {
    // SAFETY: the memory is zeroed and has the size of the class, at least that of `Object`;
    // nobody has seen the state in it yet.
    unsafe {
        let object = ffi::PyType_GenericAlloc(class, 0);
        if !object.is_null() {
            (&raw mut (*object.cast::<Object>()).state).write(Guarded::new(state));
        }
        object
    }
}

/// A new instance over `file`.
pub(super) fn create(py: Python<'_>, file: File) -> PyResult<Bound<'_, PyAny>> {
    let class = type_object(py)?.as_type_ptr();
    // SAFETY: the class is this one, and the result a new reference or null with an exception.
    unsafe {
        let object = allocate(class, State::new(file));
        Bound::from_owned_ptr_or_err(py, object)
    }
}

unsafe extern "C" fn new(
    class: *mut ffi::PyTypeObject,
    _: *mut PyObject,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython calls, with this class or a subclass.
    unsafe {
        enter(|py| {
            let object = allocate(class, State::new(empty_file()));
            Bound::from_owned_ptr_or_err(py, object)
        })
    }
}

unsafe extern "C" fn init(
    object: *mut PyObject,
    positional: *mut PyObject,
    keywords: *mut PyObject,
) -> c_int {
    // SAFETY: CPython calls, with an instance, a tuple, and a dictionary or null.
    unsafe {
        enter(|py| {
            let positional = Borrowed::from_ptr(py, positional).cast_unchecked::<PyTuple>();
            let keywords = Borrowed::from_ptr_or_opt(py, keywords);
            let keywords = keywords.map(|keywords| keywords.cast_unchecked::<PyDict>());
            let contents = initial_bytes(&positional, keywords.as_deref())?;
            whole::initialise(py, this(py, object), contents.as_ref())
        })
    }
}

/// The one argument of the constructor, by position or name.
#[inline]
fn initial_bytes<'py>(
    positional: &Bound<'py, PyTuple>,
    keywords: Option<&Bound<'py, PyDict>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let named = match keywords.filter(|keywords| !keywords.is_empty()) {
        None => None,
        Some(keywords) => Some(named_initial_bytes(keywords)?),
    };
    let count = positional.len() + usize::from(named.is_some());
    match (positional.len(), named) {
        (0, named) => Ok(named),
        (1, None) => positional.get_item(0).map(Some),
        _ => {
            Err(PyTypeError::new_err(format!("BytesIO() takes at most 1 argument ({count} given)")))
        }
    }
}

fn named_initial_bytes<'py>(keywords: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    for name in keywords.keys() {
        if !name.eq("initial_bytes")? {
            return Err(PyTypeError::new_err(format!(
                "BytesIO() got an unexpected keyword argument '{name}'"
            )));
        }
    }
    keywords.as_any().get_item("initial_bytes")
}

unsafe extern "C" fn dealloc(object: *mut PyObject) {
    let this = object.cast::<Object>();
    // SAFETY: CPython calls when the last reference is gone. The fields are not used again; an
    // instance of a type made at run time owns a reference to that type.
    unsafe {
        ffi::PyObject_GC_UnTrack(object.cast());
        if !(*this).weak_references.is_null() {
            ffi::PyObject_ClearWeakRefs(object);
        }
        clear(object);
        (&raw mut (*this).state).drop_in_place();
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
        let dict = (*object.cast::<Object>()).dict;
        for reference in [dict, ffi::Py_TYPE(object).cast()] {
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

unsafe extern "C" fn clear(object: *mut PyObject) -> c_int {
    // SAFETY: CPython's garbage collector calls, or `dealloc`, with an instance. The field is
    // null before the reference is given up, since that may run code that comes back here.
    unsafe {
        let dict = ptr::replace(&raw mut (*object.cast::<Object>()).dict, ptr::null_mut());
        ffi::Py_XDECREF(dict);
    }
    0
}

unsafe extern "C" fn iternext(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: CPython calls, with an instance.
    unsafe { enter(|py| methods::next(py, this(py, object))) }
}

unsafe extern "C" fn get_closed(object: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: CPython calls, with an instance.
    unsafe { enter(|py| whole::is_closed(py, this(py, object))) }
}
