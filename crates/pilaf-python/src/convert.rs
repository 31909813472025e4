//! `convert` and `quantize`.

use pilaf::Mode;
use pilaf::ops::{ConvertOptions, Dither, MatrixRows, QuantizeMethod};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::buffer::new_bytes;
use crate::core::Core;
use crate::errors::{During, OrRaise};

/// The pixels in another mode; with a palette, that of another image, for `P`.
#[pyfunction]
#[pyo3(signature = (core, mode, dither=0, palette=None))]
pub(crate) fn convert(
    py: Python<'_>,
    core: &Core,
    mode: &str,
    dither: i32,
    palette: Option<&Core>,
) -> PyResult<Core> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    let palette = match palette {
        None => None,
        Some(core) => {
            let palette = core.snapshot().palette().cloned();
            Some(palette.ok_or_else(|| PyValueError::new_err("null palette"))?)
        }
    };
    let dither = if dither == 0 { Dither::None } else { Dither::FloydSteinberg };
    let options = ConvertOptions { dither, palette };
    Ok(core.run(py, |image| image.convert_with(mode, &options))?.into())
}

/// The ICC profile of pixels that were converted to `LAB`, or from there: `sRGB`.
#[pyfunction]
pub(crate) fn icc_profile<'py>(py: Python<'py>, space: &str) -> PyResult<Bound<'py, PyBytes>> {
    match space {
        "LAB" => new_bytes(py, &pilaf::ops::lab_profile()),
        "sRGB" => new_bytes(py, &pilaf::ops::srgb_profile()),
        _ => Err(PyValueError::new_err(format!("no profile of {space}"))),
    }
}

/// Linear combinations of three bands: to `L` with four numbers, to `RGB` with twelve.
#[pyfunction]
pub(crate) fn convert_matrix(
    py: Python<'_>,
    core: &Core,
    mode: &str,
    matrix: Vec<f32>,
) -> PyResult<Core> {
    let (rows, rest) = matrix.as_chunks::<4>();
    if !rest.is_empty() || !matches!(rows.len(), 1 | 3) {
        return Err(PyTypeError::new_err("matrix must be tuple of length 4 or 12"));
    }
    let rows = match (mode, rows) {
        ("L", [row, ..]) => MatrixRows::L(*row),
        ("RGB", &[r, g, b]) => MatrixRows::Rgb([r, g, b]),
        _ => return Err(PyValueError::new_err("image has wrong mode")),
    };
    Ok(core.run(py, |image| image.convert_matrix(&rows))?.into())
}

/// The transparent colour of an image: a grey, or red, green and blue.
#[derive(FromPyObject)]
pub(crate) enum Transparent {
    Grey(i32),
    Rgb((i32, i32, i32)),
}

/// Alpha from a transparent colour.
#[pyfunction]
pub(crate) fn convert_transparent(
    py: Python<'_>,
    core: &Core,
    mode: &str,
    transparent: Transparent,
) -> PyResult<Core> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    let (r, g, b) = match transparent {
        Transparent::Grey(grey) => (grey, 0, 0),
        Transparent::Rgb(rgb) => rgb,
    };
    let color = [r, g, b].map(|v| v as u8);
    Ok(core.run(py, |image| image.convert_transparent(mode, color))?.into())
}

/// Mode `P` with a palette made for the image.
#[pyfunction]
#[pyo3(signature = (core, colors, method=0, k_means=0))]
pub(crate) fn quantize(
    py: Python<'_>,
    core: &Core,
    colors: i32,
    method: i32,
    k_means: u32,
) -> PyResult<Core> {
    let (known, missing) = match method {
        0 => (QuantizeMethod::MedianCut, None),
        1 => (QuantizeMethod::MaxCoverage, None),
        2 => (QuantizeMethod::FastOctree, None),
        3 => (QuantizeMethod::FastOctree, Some(NO_LIBIMAGEQUANT)),
        _ => (QuantizeMethod::MedianCut, Some("quantization error")),
    };
    let colors = usize::try_from(colors).unwrap_or(0);
    let image = core.run(py, |image| image.quantize(colors, known, k_means))?;
    // As in Pillow, the method is looked at when all else is right.
    match missing.filter(|_| !image.as_bytes().is_empty()) {
        Some(text) => Err(PyValueError::new_err(text)),
        None => Ok(image.into()),
    }
}

const NO_LIBIMAGEQUANT: &str = "libimagequant is not offered; use another method";

/// The greys of a gradient from top to bottom.
#[pyfunction]
pub(crate) fn linear_gradient(py: Python<'_>, mode: &str) -> PyResult<Core> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    Ok(pilaf::Image::linear_gradient(mode).or_raise(py, During::Work)?.into())
}

/// The greys of a gradient from the centre outwards.
#[pyfunction]
pub(crate) fn radial_gradient(py: Python<'_>, mode: &str) -> PyResult<Core> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    Ok(pilaf::Image::radial_gradient(mode).or_raise(py, During::Work)?.into())
}
