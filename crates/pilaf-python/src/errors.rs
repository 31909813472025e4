//! The one map from the engine's errors to the exceptions that users of Pillow catch.

use pilaf::{Error, ErrorKind};
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyIsADirectoryError, PyMemoryError, PyOSError, PyValueError};
use pyo3::prelude::*;

create_exception!(
    pilaf,
    UnidentifiedImageError,
    PyOSError,
    "The bytes are no image that can be opened. The message says what they are, where the fault \
     was noticed and what to do; `kind`, `code`, `offset` and `help` hold the parts."
);

create_exception!(
    pilaf,
    DecompressionBombError,
    PyException,
    "The image asks for more than the limits allow. `kind`, `code`, `offset` and `help` hold the parts of \
     the message."
);

/// What was being done, as far as the class of the exception depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum During {
    /// Reading a header: broken bytes are no image.
    Open,
    /// Anything else: broken bytes are an image that fails.
    Work,
}

/// The exception for `error`, with the attributes `kind`, `code`, `offset` and `help`; what a file
/// object of Python raised is raised again as it is.
pub(crate) fn to_exception(py: Python<'_>, error: &Error, during: During) -> PyErr {
    let inner = error.io_error().and_then(std::io::Error::get_ref);
    if let Some(raised) = inner.and_then(|inner| inner.downcast_ref::<PyErr>()) {
        return raised.clone_ref(py);
    }
    let exception = exception(error, during);
    let value = exception.value(py);
    let attributes = || {
        value.setattr("kind", error.kind().as_str())?;
        value.setattr("code", error.code())?;
        value.setattr("offset", error.offset())?;
        value.setattr("help", error.help())
    };
    match attributes() {
        Ok(()) => exception,
        Err(failure) => failure,
    }
}

fn exception(error: &Error, during: During) -> PyErr {
    let text = error.to_string();
    match (error.kind(), during) {
        (ErrorKind::Io, _) => os_error(error, text),
        (ErrorKind::Limit, _) => DecompressionBombError::new_err(text),
        (ErrorKind::Memory, _) => PyMemoryError::new_err(text),
        (ErrorKind::Parameter, _) => PyValueError::new_err(text),
        (ErrorKind::Unrecognized, _) | (_, During::Open) => UnidentifiedImageError::new_err(text),
        _ => PyOSError::new_err(text),
    }
}

/// `OSError(errno, reason, filename)` becomes `FileNotFoundError` and its siblings by itself.
fn os_error(error: &Error, text: String) -> PyErr {
    let Some(io) = error.io_error() else { return PyOSError::new_err(text) };
    let Some(number) = io.raw_os_error() else {
        return match io.kind() {
            std::io::ErrorKind::IsADirectory => PyIsADirectoryError::new_err(text),
            _ => PyOSError::new_err(text),
        };
    };
    // "photo.jpg: No such file or directory"
    let reason = io.to_string();
    let reason = reason.split(" (os error").next().unwrap_or(&reason);
    match error.message().strip_suffix(reason).and_then(|path| path.strip_suffix(": ")) {
        Some(path) => PyOSError::new_err((number, reason.to_owned(), path.to_owned())),
        None => PyOSError::new_err((number, text)),
    }
}

/// `result.or_raise(py, During::Work)?`
pub(crate) trait OrRaise<T> {
    fn or_raise(self, py: Python<'_>, during: During) -> PyResult<T>;
}

impl<T> OrRaise<T> for pilaf::Result<T> {
    fn or_raise(self, py: Python<'_>, during: During) -> PyResult<T> {
        self.map_err(|error| to_exception(py, &error, during))
    }
}
