//! Filters: what `pilaf.ImageFilter` calls.

use pilaf::Mode;
use pilaf::ops::{ColorTable, Kernel};
use pyo3::prelude::*;

use crate::core::Core;
use crate::errors::{During, OrRaise};

/// Convolved with 3 by 3 or 5 by 5 weights.
#[pyfunction]
pub(crate) fn convolve(
    py: Python<'_>,
    core: &Core,
    size: (u32, u32),
    scale: f32,
    offset: f32,
    weights: Vec<f32>,
) -> PyResult<Core> {
    let kernel = Kernel::new(size, &weights, scale, offset).or_raise(py, During::Work)?;
    Ok(core.run(py, |image| image.convolve(&kernel))?.into())
}

/// The mean of a box of fractional radius along rows and columns.
#[pyfunction]
pub(crate) fn box_blur(py: Python<'_>, core: &Core, radius: (f32, f32)) -> PyResult<Core> {
    Ok(core.run(py, |image| image.box_blur(radius))?.into())
}

/// Nearly a Gaussian filter of these standard deviations along rows and columns.
#[pyfunction]
pub(crate) fn gaussian_blur(py: Python<'_>, core: &Core, sigma: (f32, f32)) -> PyResult<Core> {
    Ok(core.run(py, |image| image.gaussian_blur(sigma))?.into())
}

/// Sharpened against a blurred copy.
#[pyfunction]
pub(crate) fn unsharp_mask(
    py: Python<'_>,
    core: &Core,
    radius: f32,
    percent: i32,
    threshold: i32,
) -> PyResult<Core> {
    Ok(core.run(py, |image| image.unsharp_mask(radius, percent, threshold))?.into())
}

/// The sample of a rank in a window.
#[pyfunction]
pub(crate) fn rank_filter(py: Python<'_>, core: &Core, size: u32, rank: u32) -> PyResult<Core> {
    Ok(core.run(py, |image| image.rank_filter(size, rank))?.into())
}

/// The most frequent sample in a window.
#[pyfunction]
pub(crate) fn most_frequent(py: Python<'_>, core: &Core, size: i32) -> PyResult<Core> {
    Ok(core.run(py, |image| image.most_frequent(size))?.into())
}

/// Colours looked up in a cube. `values` are 32-bit floats in native byte order.
#[pyfunction]
pub(crate) fn look_up(
    py: Python<'_>,
    core: &Core,
    mode: &str,
    channels: usize,
    size: [usize; 3],
    values: &[u8],
) -> PyResult<Core> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    let values: Vec<f32> =
        values.as_chunks().0.iter().map(|&bytes| f32::from_ne_bytes(bytes)).collect();
    let table = ColorTable::new(channels, size, &values).or_raise(py, During::Work)?;
    Ok(core.run(py, |image| image.look_up(&table, mode))?.into())
}
