//! Two images combined sample by sample: what `pilaf.ImageChops` calls.

use pilaf::ops::Chop;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::core::Core;

/// Combined by the function of `ImageChops` that is named; the last two arguments are those of
/// `add` and `subtract`.
#[pyfunction]
#[pyo3(signature = (core, other, name, scale=1.0, offset=0))]
pub(crate) fn combine(
    py: Python<'_>,
    core: &Core,
    other: &Core,
    name: &str,
    scale: f32,
    offset: i32,
) -> PyResult<Core> {
    let chop = match name {
        "lighter" => Chop::Lighter,
        "darker" => Chop::Darker,
        "difference" => Chop::Difference,
        "multiply" => Chop::Multiply,
        "screen" => Chop::Screen,
        "soft_light" => Chop::SoftLight,
        "hard_light" => Chop::HardLight,
        "overlay" => Chop::Overlay,
        "add" => Chop::Add(scale, offset),
        "subtract" => Chop::Subtract(scale, offset),
        "add_modulo" => Chop::AddModulo,
        "subtract_modulo" => Chop::SubtractModulo,
        "logical_and" => Chop::And,
        "logical_or" => Chop::Or,
        "logical_xor" => Chop::Xor,
        other => return Err(PyValueError::new_err(format!("no such operation: {other}"))),
    };
    let other = other.snapshot();
    Ok(core.run(py, |image| image.combine(&other, chop))?.into())
}

/// Every bit turned over.
#[pyfunction]
pub(crate) fn invert_bits(py: Python<'_>, core: &Core) -> PyResult<Core> {
    Ok(core.run(py, |image| image.invert_bits())?.into())
}

/// Moved right and down, wrapping round.
#[pyfunction]
pub(crate) fn roll(py: Python<'_>, core: &Core, x: i32, y: i32) -> PyResult<Core> {
    Ok(core.run(py, |image| image.roll((x, y)))?.into())
}
