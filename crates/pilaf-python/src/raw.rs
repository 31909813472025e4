//! Pixels from bytes and to bytes.

use pilaf::ops::RowOrder;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::core::Core;

/// Replaces pixels by those of `data` in a raw mode.
#[pyfunction]
#[pyo3(signature = (core, raw, data, stride=0, bottom_up=false))]
pub(crate) fn unpack(
    py: Python<'_>,
    core: &Core,
    raw: &str,
    data: &[u8],
    stride: usize,
    bottom_up: bool,
) -> PyResult<()> {
    core.update(py, |image| image.unpack(raw, data, RowOrder { stride, bottom_up }))
}

/// The pixels in a raw mode.
#[pyfunction]
#[pyo3(signature = (core, raw, stride=0, bottom_up=false))]
pub(crate) fn pack<'py>(
    py: Python<'py>,
    core: &Core,
    raw: &str,
    stride: usize,
    bottom_up: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = core.run(py, |image| image.pack(raw, RowOrder { stride, bottom_up }))?;
    Ok(PyBytes::new(py, &bytes))
}
