//! `pilaf.explain`.

use pilaf::explain::{Code, Context, Diagnosis};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::errors::{During, OrRaise};
use crate::file::Encoded;
use crate::limits::{self, Limits};

/// The names of all codes.
pub(crate) fn codes() -> Vec<&'static str> {
    Code::ALL.iter().map(|code| code.as_str()).collect()
}

/// The fields of a `Diagnosis`: code, message, offset, help, format, size, salvage, repair, warnings.
#[pyfunction]
#[pyo3(signature = (source, limits=None, name=None, media_type=None))]
pub(crate) fn explain<'py>(
    py: Python<'py>,
    source: Encoded,
    limits: Option<&Limits>,
    name: Option<String>,
    media_type: Option<String>,
) -> PyResult<Bound<'py, PyTuple>> {
    let context = Context { limits: limits::or_default(limits), name, media_type };
    let diagnosis = py
        .detach(|| source.source().and_then(|source| pilaf::explain::explain(source, &context)))
        .or_raise(py, During::Work)?;
    to_tuple(py, &diagnosis)
}

fn to_tuple<'py>(py: Python<'py>, diagnosis: &Diagnosis) -> PyResult<Bound<'py, PyTuple>> {
    let warnings = diagnosis.warnings.iter().map(|warning| to_tuple(py, warning));
    let warnings = PyTuple::new(py, warnings.collect::<PyResult<Vec<_>>>()?)?;
    (
        diagnosis.code.as_str(),
        &diagnosis.message,
        diagnosis.offset,
        diagnosis.help.as_deref(),
        diagnosis.image.map(|image| image.format.name()),
        diagnosis.image.and_then(|image| image.size),
        diagnosis.salvage,
        diagnosis.repair.map(pilaf::repair::Repair::as_str),
        warnings,
    )
        .into_pyobject(py)
}
