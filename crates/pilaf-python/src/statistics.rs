//! Numbers about an image.

use pilaf::Image;
use pilaf::ops::Extrema;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::core::Core;
use crate::pixels;

/// How often each value occurs.
#[pyfunction]
#[pyo3(signature = (core, mask=None, extrema=None))]
pub(crate) fn histogram(
    py: Python<'_>,
    core: &Core,
    mask: Option<&Core>,
    extrema: Option<(f64, f64)>,
) -> PyResult<Vec<u64>> {
    let mask = mask.map(Core::snapshot);
    core.run(py, |image| image.histogram(mask.as_deref(), extrema))
}

/// The entropy of the histogram in bits.
#[pyfunction]
#[pyo3(signature = (core, mask=None, extrema=None))]
pub(crate) fn entropy(
    py: Python<'_>,
    core: &Core,
    mask: Option<&Core>,
    extrema: Option<(f64, f64)>,
) -> PyResult<f64> {
    let mask = mask.map(Core::snapshot);
    core.run(py, |image| image.entropy(mask.as_deref(), extrema))
}

/// The smallest and the largest sample of an image of one band.
#[pyfunction]
pub(crate) fn getextrema<'py>(
    py: Python<'py>,
    core: &Core,
) -> PyResult<Option<Bound<'py, PyTuple>>> {
    let extrema = core.run(py, Image::extrema)?;
    extrema
        .map(|extrema| match extrema {
            Extrema::Integers(min, max) => (min, max).into_pyobject(py),
            Extrema::Floats(min, max) => (f64::from(min), f64::from(max)).into_pyobject(py),
        })
        .transpose()
}

/// The smallest region outside of which every pixel is 0.
#[pyfunction]
pub(crate) fn getbbox(
    py: Python<'_>,
    core: &Core,
    alpha_only: bool,
) -> PyResult<Option<(u32, u32, u32, u32)>> {
    let found = core.run(py, |image| Ok(image.bounding_box(alpha_only)))?;
    Ok(found.map(|[left, top, right, bottom]| (left, top, right, bottom)))
}

/// For each column and for each row a byte: 1 if there is a pixel that is not 0.
#[pyfunction]
pub(crate) fn getprojection<'py>(
    py: Python<'py>,
    core: &Core,
) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
    let (columns, rows) = core.run(py, |image| Ok(image.projection()))?;
    Ok((PyBytes::new(py, &columns), PyBytes::new(py, &rows)))
}

/// How often a colour occurs, and the colour.
type Counted<'py> = (u32, Bound<'py, PyAny>);

/// How often each colour occurs, and the colour; None if there are more than `max`.
#[pyfunction]
pub(crate) fn getcolors<'py>(
    py: Python<'py>,
    core: &Core,
    max: i32,
) -> PyResult<Option<Vec<Counted<'py>>>> {
    let image = core.snapshot();
    let max = usize::try_from(max).unwrap_or(0);
    let colors = core.run(py, |_| image.colors(max))?;
    let bytes = image.mode().pixel_bytes();
    let color = |(count, at): (u32, usize)| {
        let pixel = &image.as_bytes()[at..at + bytes];
        Ok((count, pixels::value(py, image.mode(), pixel)?))
    };
    colors.map(|colors| colors.into_iter().map(color).collect()).transpose()
}
