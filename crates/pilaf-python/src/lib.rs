//! The extension module `pilaf._pilaf`.
#![deny(unsafe_code)]

use pyo3::prelude::*;

#[pymodule]
fn _pilaf(_module: &Bound<'_, PyModule>) -> PyResult<()> {
    Ok(())
}
