//! `pilaf.probe`.

use pilaf::{Info, Need, Probe};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::errors::{During, OrRaise};
use crate::file::open_options;
use crate::limits::Limits;

/// The fields of a `Probe`: need, format, size, mode, bits, orientation, frames, progressive,
/// whether there is an ICC profile, whether there is EXIF data.
#[pyfunction]
#[pyo3(signature = (data, formats=None, limits=None))]
pub(crate) fn probe<'py>(
    py: Python<'py>,
    data: &[u8],
    formats: Option<Vec<String>>,
    limits: Option<&Limits>,
) -> PyResult<Bound<'py, PyTuple>> {
    match open_options(formats, limits).probe(data).or_raise(py, During::Open)? {
        Probe::Ready(info) => fields_of(py, &info),
        Probe::NeedMore(Need { bytes, format, size, .. }) => {
            (bytes, format.map(pilaf::Format::name), size).into_pyobject(py)
        }
    }
}

fn fields_of<'py>(py: Python<'py>, info: &Info) -> PyResult<Bound<'py, PyTuple>> {
    (
        0,
        info.format.name(),
        info.size(),
        info.mode.name(),
        info.bits,
        info.orientation.to_exif(),
        info.frames,
        info.progressive,
        info.metadata.icc_profile.is_some(),
        info.metadata.exif.is_some(),
    )
        .into_pyobject(py)
}
