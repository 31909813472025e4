//! `point`.

use pilaf::image::Sample;
use pilaf::ops::PointTable;
use pilaf::{Image, Mode};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::core::Core;
use crate::errors::{During, OrRaise};
use crate::pixels::sequence_length;

/// Maps every sample through a table, into `mode` or the image's own.
#[pyfunction]
#[pyo3(signature = (core, table, mode=None))]
pub(crate) fn point(
    py: Python<'_>,
    core: &Core,
    table: &Bound<'_, PyAny>,
    mode: Option<&str>,
) -> PyResult<Core> {
    let source = core.read(Image::mode);
    let mode: Mode = match mode {
        Some(mode) => mode.parse().or_raise(py, During::Work)?,
        None => source,
    };
    let table = match (source, mode) {
        (_, Mode::F) => PointTable::Floats(numbers(table, 256)?.try_into().expect("256 numbers")),
        (Mode::I, Mode::L) => {
            let table: Vec<u8> = numbers(table, 65_536)?.into_iter().map(clip).collect();
            PointTable::Wide(table.try_into().expect("65536 numbers"))
        }
        (_, Mode::I) => {
            let table: Vec<i32> = numbers(table, 256)?.into_iter().map(|v: i64| v as i32).collect();
            PointTable::Integers(table.try_into().expect("256 numbers"))
        }
        _ => PointTable::Bands(numbers(table, 256 * mode.bands())?.into_iter().map(clip).collect()),
    };
    let is_sixteen = matches!(source.sample(), Sample::U16Le | Sample::U16Be);
    if is_sixteen {
        return Err(PyValueError::new_err("point operation not supported for this mode"));
    }
    Ok(core.run(py, |image| image.point(&table, mode))?.into())
}

/// As C narrows it first.
fn clip(value: i64) -> u8 {
    (value as i32).clamp(0, 255) as u8
}

fn numbers<T: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr>>(
    table: &Bound<'_, PyAny>,
    length: usize,
) -> PyResult<Vec<T>> {
    if sequence_length(table)? != length {
        return Err(PyValueError::new_err("wrong number of lut entries"));
    }
    table.try_iter()?.map(|item| item?.extract()).collect()
}

/// `sample * scale + offset` of images of mode `I`, `F` and `I;16`.
#[pyfunction]
pub(crate) fn point_transform(
    py: Python<'_>,
    core: &Core,
    scale: f64,
    offset: f64,
) -> PyResult<Core> {
    Ok(core.run(py, |image| image.point_transform(scale, offset))?.into())
}
