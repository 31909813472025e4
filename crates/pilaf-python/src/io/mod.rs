//! File objects for Python: `pilaf.io`.

mod arguments;
mod bytes_io;
mod bytes_object;
mod lock;
mod method;
mod pieces;
mod spooled;

use pyo3::prelude::*;

pub(crate) use pieces::Pieces;
pub(crate) use spooled::Spool;

/// Adds the classes to the extension module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("BytesIO", bytes_io::type_object(py)?)?;
    module.add_class::<spooled::Spooled>()
}
