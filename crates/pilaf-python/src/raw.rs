//! Pixels from bytes and to bytes.

use pilaf::ops::RowOrder;
use pilaf::{Image, Mode};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::buffer::{new_bytes, with_bytes};
use crate::core::Core;
use crate::errors::{During, OrRaise};

/// Replaces pixels by those of `data` in a raw mode.
#[pyfunction]
#[pyo3(signature = (core, raw, data, stride=0, bottom_up=false))]
pub(crate) fn unpack(
    core: &Core,
    raw: &str,
    data: &Bound<'_, PyAny>,
    stride: usize,
    bottom_up: bool,
) -> PyResult<()> {
    let order = RowOrder { stride, bottom_up };
    read(data, |bytes| core.write(|image| image.unpack(raw, bytes, order)).flatten())
}

/// A new image of the pixels of `data` in a raw mode.
#[pyfunction]
#[pyo3(signature = (mode, size, raw, data, stride=0, bottom_up=false))]
pub(crate) fn unpacked(
    py: Python<'_>,
    mode: &str,
    size: (u32, u32),
    raw: &str,
    data: &Bound<'_, PyAny>,
    stride: usize,
    bottom_up: bool,
) -> PyResult<Core> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    let order = RowOrder { stride, bottom_up };
    Ok(read(data, |bytes| Image::unpacked(mode, size, raw, bytes, order))?.into())
}

/// Calls `work` with the bytes of a bytes-like object: with the GIL released for `bytes`, which
/// nobody can change.
fn read<T: Send>(
    data: &Bound<'_, PyAny>,
    work: impl FnOnce(&[u8]) -> pilaf::Result<T> + Send,
) -> PyResult<T> {
    let py = data.py();
    let result = match data.cast::<PyBytes>() {
        Ok(bytes) => {
            let bytes = bytes.as_bytes();
            py.detach(|| work(bytes))
        }
        Err(_) => with_bytes(data, work)?,
    };
    result.or_raise(py, During::Work)
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
    let order = RowOrder { stride, bottom_up };
    let image = core.snapshot();
    if let Some(bytes) = image.as_packed(raw, order) {
        return new_bytes(py, bytes);
    }
    let length = image.packed_bytes(raw, order).or_raise(py, During::Work)?;
    PyBytes::new_with(py, length, |bytes| {
        py.detach(|| image.pack_into(raw, order, bytes)).or_raise(py, During::Work)
    })
}
