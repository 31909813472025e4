//! Text mode: an `io.TextIOWrapper` over a binary file of the same class.

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};

use super::{File, Spooled, State};

pub(super) struct Text {
    /// An `io.TextIOWrapper`.
    pub(super) wrapper: Py<PyAny>,
    /// What it writes to.
    pub(super) binary: Py<Spooled>,
}

impl Text {
    pub(super) fn new(
        py: Python<'_>,
        binary: Py<Spooled>,
        encoding: Option<&str>,
        errors: Option<&str>,
        newline: Option<&str>,
    ) -> PyResult<Self> {
        let io = py.import("io")?;
        let encoding = io.call_method1("text_encoding", (encoding,))?;
        let options: Bound<'_, PyDict> = [
            ("encoding", encoding),
            ("errors", errors.into_pyobject(py)?.into_any()),
            ("newline", newline.into_pyobject(py)?.into_any()),
        ]
        .into_py_dict(py)?;
        let wrapper = io.getattr("TextIOWrapper")?.call((&binary,), Some(&options))?.unbind();
        Ok(Self { wrapper, binary })
    }

    pub(super) fn clone_ref(&self, py: Python<'_>) -> Self {
        Self { wrapper: self.wrapper.clone_ref(py), binary: self.binary.clone_ref(py) }
    }

    /// The binary file with everything in it that was written so far.
    pub(super) fn flush(&self, py: Python<'_>) -> PyResult<&Spooled> {
        self.wrapper.bind(py).call_method0("flush")?;
        Ok(self.binary.get())
    }

    /// Writes, and hands it on at once as long as that may mean rolling over.
    pub(super) fn write(&self, py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<usize> {
        let count = self.wrapper.bind(py).call_method1("write", (text,))?.extract()?;
        let binary = self.binary.get();
        if binary.max_size(py) != 0 && !binary.rolled(py) {
            self.flush(py)?;
        }
        Ok(count)
    }

    /// The state of a clone of `outer`, whose text layer this is.
    pub(super) fn clone_state(&self, py: Python<'_>, outer: &Spooled) -> PyResult<State> {
        let wrapper = self.wrapper.bind(py);
        let position = wrapper.call_method0("tell")?;
        let binary = Spooled { state: self.flush(py)?.clone_state(py)?.into() };
        let attribute = |name: &str| wrapper.getattr(name)?.extract::<Option<String>>();
        let (encoding, errors) = (attribute("encoding")?, attribute("errors")?);
        let newline = outer.lock(py).newline.clone();
        let text = Self::new(
            py,
            Py::new(py, binary)?,
            encoding.as_deref(),
            errors.as_deref(),
            newline.as_deref(),
        )?;
        text.wrapper.bind(py).call_method1("seek", (position,))?;
        let outer = outer.lock(py);
        let mut state = State::new(outer.max_size, &outer.mode, None);
        state.newline = newline;
        state.file = File::Text(text);
        Ok(state)
    }
}
