//! `pilaf.repair`.

use pilaf::repair::Repair;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors::{During, OrRaise};
use crate::limits::{self, Limits};

/// The names of all repairs.
pub(crate) fn names() -> Vec<&'static str> {
    Repair::ALL.iter().map(|repair| repair.as_str()).collect()
}

/// Name, bytes before and after, and the sentence about one repair that was made.
type Step = (&'static str, usize, usize, String);

/// The image in `data`, got at by those repairs that are allowed, and the steps that were made.
#[pyfunction]
#[pyo3(signature = (data, allowed=None, limits=None))]
pub(crate) fn repair<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
    allowed: Option<Vec<String>>,
    limits: Option<&Limits>,
) -> PyResult<(Bound<'py, PyBytes>, Vec<Step>)> {
    let allowed = match allowed {
        None => Repair::ALL.to_vec(),
        Some(names) => names
            .iter()
            .map(|name| name.parse())
            .collect::<pilaf::Result<Vec<Repair>>>()
            .or_raise(py, During::Work)?,
    };
    let limits = limits::or_default(limits);
    let bytes = data.as_bytes();
    let repaired =
        py.detach(|| pilaf::repair::repair(bytes, &allowed, &limits)).or_raise(py, During::Open)?;
    let steps = repaired
        .steps
        .iter()
        .map(|step| (step.repair.as_str(), step.bytes_before, step.bytes_after, step.to_string()));
    let steps: Vec<Step> = steps.collect();
    // Data that needed nothing are handed back, not copied.
    let image = if steps.is_empty() { data.clone() } else { PyBytes::new(py, &repaired.data) };
    Ok((image, steps))
}

/// The bytes that base64 text or a `data:` URI stands for.
#[pyfunction]
#[pyo3(signature = (text, limits=None))]
pub(crate) fn from_base64<'py>(
    py: Python<'py>,
    text: &[u8],
    limits: Option<&Limits>,
) -> PyResult<Bound<'py, PyBytes>> {
    let limits = limits::or_default(limits);
    let bytes = py.detach(|| pilaf::from_base64(text, &limits)).or_raise(py, During::Work)?;
    Ok(PyBytes::new(py, &bytes))
}
