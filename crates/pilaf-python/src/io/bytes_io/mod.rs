//! `pilaf.io.BytesIO`: what `io.BytesIO` does, over [`MemoryFile`].
//!
//! ```text
//! object.rs    the type object: layout, construction, garbage collection, table of methods
//! methods.rs   reading, writing, seeking
//! whole.rs     the file as a whole: value, state, copies
//! export.rs    getbuffer(): a view of the contents, during which they may not move
//! ```

mod export;
mod methods;
mod object;
mod whole;

use pilaf::io::MemoryFile;
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::prelude::*;

use super::bytes_object::BytesObject;
use super::lock::Guarded;
use super::method;

pub(crate) use object::type_object;

type File = MemoryFile<BytesObject>;
type This<'a, 'py> = method::This<'a, 'py, Guarded<State>>;

/// What a `BytesIO` knows. The lock is held for moments only, and never while Python code runs.
struct State {
    /// `None` once closed.
    file: Option<File>,
    /// Views given out by `getbuffer` and not yet released.
    exports: usize,
}

impl State {
    #[inline]
    fn new(file: File) -> Self {
        Self { file: Some(file), exports: 0 }
    }

    #[inline]
    fn open(&mut self) -> PyResult<&mut File> {
        self.file.as_mut().ok_or_else(closed)
    }

    /// The file, if it may be written to or change its size.
    #[inline]
    fn resizable(&mut self) -> PyResult<&mut File> {
        match &mut self.file {
            None => Err(closed()),
            Some(_) if self.exports > 0 => Err(exported()),
            Some(file) => Ok(file),
        }
    }
}

#[inline]
fn empty_file() -> File {
    File::with_storage(BytesObject::empty())
}

#[cold]
fn closed() -> PyErr {
    PyValueError::new_err("I/O operation on closed file.")
}

#[cold]
fn exported() -> PyErr {
    PyBufferError::new_err("Existing exports of data: object cannot be re-sized")
}
