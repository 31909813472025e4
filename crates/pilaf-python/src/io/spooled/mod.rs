//! `pilaf.io.SpooledTemporaryFile`: what `tempfile.SpooledTemporaryFile` does, with every method
//! of `io.IOBase` on every version of Python, over [`SpooledFile`].
//!
//! ```text
//! mod.rs       the class: attributes, and which of the two modes a call goes to
//! binary.rs    the binary file: reading, writing, rolling over
//! text.rs      text mode: an io.TextIOWrapper over a binary file of this class
//! ```

mod binary;
mod text;

use std::sync::{Mutex, MutexGuard, PoisonError};

use pilaf::io::SpooledFile;
use pyo3::exceptions::{PyAttributeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};

use text::Text;

/// A temporary file that stays in memory until it is larger than `max_size` bytes.
///
/// `pilaf.io.SpooledTemporaryFile` adds what only Python classes have: `__del__`.
#[pyclass(module = "pilaf._pilaf", name = "SpooledTemporaryFile", subclass, dict, weakref, frozen)]
pub(crate) struct Spooled {
    state: Mutex<State>,
}

/// The lock is held for moments while attached to the interpreter, and for as long as the disk
/// takes while detached; never while Python code runs.
struct State {
    file: File,
    /// As it was given to the constructor.
    mode: String,
    /// In text mode, the same: the text layer does not tell.
    newline: Option<String>,
    max_size: i64,
    /// Where the temporary file goes: what the constructor was given.
    dir: Option<Py<PyAny>>,
    /// The directory was told to the file.
    dir_known: bool,
    /// What is known of a file after it was closed.
    was_rolled: bool,
    last_name: Option<i64>,
}

enum File {
    Binary(SpooledFile),
    Text(Text),
    Closed,
}

impl State {
    fn new(max_size: i64, mode: &str, dir: Option<Py<PyAny>>) -> Self {
        let file = SpooledFile::new(u64::try_from(max_size).unwrap_or(0));
        Self {
            file: File::Binary(file),
            mode: mode.to_owned(),
            newline: None,
            max_size,
            dir,
            dir_known: false,
            was_rolled: false,
            last_name: None,
        }
    }
}

fn closed() -> PyErr {
    PyValueError::new_err("I/O operation on closed file.")
}

/// The contents of a binary file of this class, as they are when it is passed as an argument:
/// shared, not copied.
pub(crate) struct Spool(pub(crate) SpooledFile);

impl<'py> FromPyObject<'_, 'py> for Spool {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let spooled = object.cast::<Spooled>()?;
        match &spooled.get().lock(object.py()).file {
            File::Binary(file) => Ok(Self(file.clone())),
            _ => Err(closed()),
        }
    }
}

impl Spooled {
    fn lock<'a>(&'a self, py: Python<'a>) -> MutexGuard<'a, State> {
        self.state.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
    }

    /// The text layer, in text mode.
    fn text(&self, py: Python<'_>) -> Option<Text> {
        match &self.lock(py).file {
            File::Text(text) => Some(text.clone_ref(py)),
            _ => None,
        }
    }

    /// Calls a method of the text layer.
    fn in_text<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        arguments: impl pyo3::call::PyCallArgs<'py>,
    ) -> Option<PyResult<Bound<'py, PyAny>>> {
        self.text(py).map(|text| text.wrapper.bind(py).call_method1(method, arguments))
    }
}

/// Returns the result of a method of the text layer from the function around, in text mode.
macro_rules! unless_text {
    ($self:ident, $py:ident, $method:literal, $arguments:expr) => {
        if let Some(result) = $self.in_text($py, $method, $arguments) {
            return result?.extract().map_err(Into::into);
        }
    };
}

#[pymethods]
impl Spooled {
    #[new]
    #[pyo3(signature = (*_arguments, **_keywords))]
    fn new(_arguments: &Bound<'_, PyTuple>, _keywords: Option<&Bound<'_, PyDict>>) -> Self {
        Self { state: Mutex::new(State::new(0, "w+b", None)) }
    }

    #[pyo3(signature = (max_size=0, mode="w+b", buffering=-1, encoding=None, newline=None,
                        suffix=None, prefix=None, dir=None, *, errors=None))]
    #[expect(clippy::too_many_arguments, reason = "those of tempfile.SpooledTemporaryFile")]
    fn __init__(
        &self,
        py: Python<'_>,
        max_size: i64,
        mode: &str,
        buffering: i64,
        encoding: Option<&str>,
        newline: Option<&str>,
        suffix: Option<&Bound<'_, PyAny>>,
        prefix: Option<&Bound<'_, PyAny>>,
        dir: Option<Py<PyAny>>,
        errors: Option<&str>,
    ) -> PyResult<()> {
        // An unnamed file has no use for these.
        let _ = (buffering, suffix, prefix);
        let mut state = State::new(max_size, mode, dir);
        if !mode.contains('b') {
            let binary = Py::new(py, Self { state: Mutex::new(state) })?;
            let text = Text::new(py, binary, encoding, errors, newline)?;
            state = State::new(max_size, mode, None);
            state.file = File::Text(text);
            state.newline = newline.map(str::to_owned);
        }
        let old = std::mem::replace(&mut *self.lock(py), state);
        drop(old);
        Ok(())
    }

    #[pyo3(signature = (size=None, /))]
    fn read<'py>(&self, py: Python<'py>, size: Option<isize>) -> PyResult<Bound<'py, PyAny>> {
        unless_text!(self, py, "read", (size,));
        Ok(self.read_binary(py, size)?.into_any())
    }

    #[pyo3(signature = (size=None, /))]
    fn read1<'py>(&self, py: Python<'py>, size: Option<isize>) -> PyResult<Bound<'py, PyAny>> {
        unless_text!(self, py, "read1", (size,));
        Ok(self.read1_binary(py, size)?.into_any())
    }

    fn readinto(&self, py: Python<'_>, b: &Bound<'_, PyAny>) -> PyResult<usize> {
        unless_text!(self, py, "readinto", (b,));
        self.readinto_binary(py, b)
    }

    fn readinto1(&self, py: Python<'_>, b: &Bound<'_, PyAny>) -> PyResult<usize> {
        unless_text!(self, py, "readinto1", (b,));
        self.readinto_binary(py, b)
    }

    #[pyo3(signature = (size=None, /))]
    fn readline<'py>(&self, py: Python<'py>, size: Option<isize>) -> PyResult<Bound<'py, PyAny>> {
        unless_text!(self, py, "readline", (size.unwrap_or(-1),));
        Ok(self.readline_binary(py, size)?.into_any())
    }

    #[pyo3(signature = (hint=None, /))]
    fn readlines<'py>(&self, py: Python<'py>, hint: Option<isize>) -> PyResult<Bound<'py, PyList>> {
        let lines = PyList::empty(py);
        let (limit, mut total) = (hint.filter(|&hint| hint > 0).unwrap_or(isize::MAX), 0);
        while total < limit {
            let line = self.readline(py, None)?;
            let len = line.len()?;
            if len == 0 {
                break;
            }
            total += len as isize;
            lines.append(line)?;
        }
        Ok(lines)
    }

    fn __iter__<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        match slf.get().closed(slf.py())? {
            true => Err(closed()),
            false => Ok(slf),
        }
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let line = self.readline(py, None)?;
        Ok((line.len()? > 0).then_some(line))
    }

    fn write(&self, py: Python<'_>, s: &Bound<'_, PyAny>) -> PyResult<usize> {
        match self.text(py) {
            Some(text) => text.write(py, s),
            None => self.write_binary(py, s),
        }
    }

    fn writelines(&self, py: Python<'_>, iterable: &Bound<'_, PyAny>) -> PyResult<()> {
        for line in iterable.try_iter()? {
            self.write(py, &line?)?;
        }
        match self.text(py) {
            Some(text) => text.flush(py).map(drop),
            // No lines past max_size roll over all the same.
            None => self.write_slice(py, &[]).map(drop),
        }
    }

    #[pyo3(signature = (offset, whence=0, /))]
    fn seek<'py>(
        &self,
        py: Python<'py>,
        offset: &Bound<'py, PyAny>,
        whence: i32,
    ) -> PyResult<Bound<'py, PyAny>> {
        unless_text!(self, py, "seek", (offset, whence));
        let offset = super::arguments::to_isize(offset.as_borrowed())?;
        Ok(self.seek_binary(py, offset, whence)?.into_pyobject(py)?.into_any())
    }

    fn tell<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        unless_text!(self, py, "tell", ());
        Ok(self.position(py)?.into_pyobject(py)?.into_any())
    }

    #[pyo3(signature = (size=None))]
    fn truncate(&self, py: Python<'_>, size: Option<i64>) -> PyResult<u64> {
        unless_text!(self, py, "truncate", (size,));
        self.truncate_binary(py, size)
    }

    fn flush(&self, py: Python<'_>) -> PyResult<()> {
        if let Some(result) = self.in_text(py, "flush", ()) {
            return result.map(drop);
        }
        self.flush_binary(py)
    }

    fn isatty(&self, py: Python<'_>) -> PyResult<bool> {
        self.readable(py).map(|_| false)
    }

    fn readable(&self, py: Python<'_>) -> PyResult<bool> {
        match self.closed(py)? {
            true => Err(closed()),
            false => Ok(true),
        }
    }

    fn writable(&self, py: Python<'_>) -> PyResult<bool> {
        self.readable(py)
    }

    fn seekable(&self, py: Python<'_>) -> PyResult<bool> {
        self.readable(py)
    }

    /// Moves the contents to a temporary file now.
    fn rollover(&self, py: Python<'_>) -> PyResult<()> {
        match self.text(py) {
            Some(text) => text.flush(py)?.rollover(py),
            None => self.rollover_binary(py),
        }
    }

    /// The descriptor of the temporary file, after rolling over.
    fn fileno(&self, py: Python<'_>) -> PyResult<i64> {
        match self.text(py) {
            Some(text) => text.flush(py)?.fileno(py),
            None => self.descriptor(py),
        }
    }

    /// The whole contents as `bytes`; the position stays.
    fn getvalue<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match self.text(py) {
            Some(text) => text.flush(py)?.getvalue(py),
            None => self.whole(py),
        }
    }

    /// Another file with the same contents, in constant time: it shares them, in memory or on
    /// the disk, until one of the two writes, and has its own position, which begins where this
    /// one's is.
    fn clone<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let state = match slf.get().text(py) {
            Some(text) => text.clone_state(py, slf.get())?,
            None => slf.get().clone_state(py)?,
        };
        let class = slf.get_type();
        let clone = class.call_method1("__new__", (&class,))?;
        *clone.cast::<Self>()?.get().lock(py) = state;
        Ok(clone)
    }

    /// What is below this layer, which is of no use afterwards: in text mode the binary file,
    /// after rolling over the raw file.
    fn detach<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        unless_text!(self, py, "detach", ());
        self.detach_binary(py)
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if let Some(result) = self.in_text(py, "close", ()) {
            return result.map(drop);
        }
        let old = {
            let mut state = self.lock(py);
            if let File::Binary(file) = &mut state.file {
                let (rolled, name) = (file.is_rolled(), binary::name_of(file));
                (state.was_rolled, state.last_name) = (rolled, name);
            }
            std::mem::replace(&mut state.file, File::Closed)
        };
        py.detach(|| drop(old));
        Ok(())
    }

    #[getter]
    fn closed(&self, py: Python<'_>) -> PyResult<bool> {
        match self.text(py) {
            Some(text) => text.wrapper.bind(py).getattr("closed")?.extract(),
            None => Ok(matches!(self.lock(py).file, File::Closed)),
        }
    }

    fn __enter__<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        match slf.get().closed(slf.py())? {
            true => Err(PyValueError::new_err("Cannot enter context with closed file")),
            false => Ok(slf),
        }
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.close(py)
    }

    #[getter]
    fn encoding<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_attribute(py, "encoding")
    }

    #[getter]
    fn errors<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_attribute(py, "errors")
    }

    #[getter]
    fn newlines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_attribute(py, "newlines")
    }

    #[getter]
    fn mode(&self, py: Python<'_>) -> String {
        match self.text(py).is_none() && self.rolled(py) {
            true => "rb+".to_owned(),
            false => self.lock(py).mode.clone(),
        }
    }

    /// `None` in memory, then the descriptor: the file has no other name.
    #[getter]
    fn name(&self, py: Python<'_>) -> Option<i64> {
        if let Some(text) = self.text(py) {
            return text.binary.get().name(py);
        }
        let mut state = self.lock(py);
        match &mut state.file {
            File::Binary(file) => binary::name_of(file),
            _ => state.last_name,
        }
    }

    #[getter(_rolled)]
    fn rolled(&self, py: Python<'_>) -> bool {
        if let Some(text) = self.text(py) {
            return text.binary.get().rolled(py);
        }
        let state = self.lock(py);
        match &state.file {
            File::Binary(file) => file.is_rolled(),
            _ => state.was_rolled,
        }
    }

    #[getter(_max_size)]
    fn max_size(&self, py: Python<'_>) -> i64 {
        self.lock(py).max_size
    }

    /// The file behind this one, for those who know the standard library's class too well.
    #[getter(_file)]
    fn file<'py>(slf: Bound<'py, Self>) -> Bound<'py, PyAny> {
        match slf.get().text(slf.py()) {
            Some(text) => text.wrapper.into_bound(slf.py()),
            None => slf.into_any(),
        }
    }
}

impl Spooled {
    fn text_attribute<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        match self.text(py) {
            Some(text) => text.wrapper.bind(py).getattr(name),
            None => Err(PyAttributeError::new_err(format!(
                "a SpooledTemporaryFile in binary mode has no attribute '{name}'"
            ))),
        }
    }
}
