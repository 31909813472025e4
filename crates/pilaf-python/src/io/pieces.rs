//! An iterator of Python over `bytes`, as a reader.

use std::io::{self, Read};

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyIterator;

/// Reads the pieces one behind the other. What the iterator raises is the reader's failure.
pub(crate) struct Pieces {
    iterator: Py<PyIterator>,
    piece: Option<PyBackedBytes>,
    /// Bytes of the piece that were read.
    taken: usize,
}

impl<'py> FromPyObject<'_, 'py> for Pieces {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let iterator = object.cast::<PyIterator>()?.to_owned().unbind();
        Ok(Self { iterator, piece: None, taken: 0 })
    }
}

impl Pieces {
    /// What is left of the piece at hand.
    fn rest(&self) -> &[u8] {
        self.piece.as_deref().map_or(&[], |piece| &piece[self.taken..])
    }

    fn next(&self) -> PyResult<Option<PyBackedBytes>> {
        Python::attach(|py| {
            let next = self.iterator.bind(py).clone().next();
            next.map(|piece| Ok(piece?.extract()?)).transpose()
        })
    }
}

impl Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.rest().is_empty() {
            self.piece = self.next().map_err(io::Error::other)?;
            self.taken = 0;
            if self.piece.is_none() {
                return Ok(0);
            }
        }
        let count = self.rest().read(buf)?;
        self.taken += count;
        Ok(count)
    }
}
