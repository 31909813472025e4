//! Palettes of images of mode `P` and `PA`.

use pilaf::{Palette, PaletteMode};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::core::Core;
use crate::errors::{During, OrRaise};

fn parse(mode: &str) -> PyResult<PaletteMode> {
    Ok(match mode {
        "RGB" => PaletteMode::Rgb,
        "RGBA" => PaletteMode::Rgba,
        "CMYK" => PaletteMode::Cmyk,
        _ => return Err(PyValueError::new_err("unrecognized image mode")),
    })
}

/// `RGB`, `RGBA` or `CMYK`; None for an image without a palette.
#[pyfunction]
pub(crate) fn palette_mode(core: &Core) -> Option<&'static str> {
    core.read(|image| image.palette().map(|palette| palette.mode().name()))
}

/// The entries in a raw mode, taken for entries of `mode`.
#[pyfunction]
pub(crate) fn palette_bytes<'py>(
    py: Python<'py>,
    core: &Core,
    mode: &str,
    raw: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    let mode = parse(mode)?;
    let palette = core.read(|image| image.palette().cloned());
    let palette = palette.ok_or_else(|| PyValueError::new_err("image has no palette"))?;
    Ok(PyBytes::new(py, &palette.pack(mode, raw).or_raise(py, During::Work)?))
}

/// Gives the image a palette of entries in a raw mode; `L` becomes `P`, `LA` becomes `PA`.
#[pyfunction]
pub(crate) fn put_palette(
    py: Python<'_>,
    core: &Core,
    mode: &str,
    raw: &str,
    data: &[u8],
) -> PyResult<()> {
    let palette = Palette::unpack(parse(mode)?, raw, data).or_raise(py, During::Work)?;
    core.write(|image| image.set_palette(palette)).flatten().or_raise(py, During::Work)
}

/// The entries `data` of a raw mode, as entries of `mode`.
#[pyfunction]
pub(crate) fn unpack_palette<'py>(
    py: Python<'py>,
    mode: &str,
    raw: &str,
    data: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let mode = parse(mode)?;
    let palette = Palette::unpack(mode, raw, data).or_raise(py, During::Work)?;
    Ok(PyBytes::new(py, &palette.pack(mode, mode.name()).or_raise(py, During::Work)?))
}

/// Sets the alpha of entries, from the entry `first` on.
#[pyfunction]
pub(crate) fn put_palette_alphas(
    py: Python<'_>,
    core: &Core,
    first: i64,
    alphas: &[u8],
) -> PyResult<()> {
    let first = u8::try_from(first).ok().filter(|&first| usize::from(first) + alphas.len() <= 256);
    let first = first.ok_or_else(|| PyValueError::new_err("palette index out of range"))?;
    core.write(|image| {
        let palette = image.palette_mut();
        let palette = palette.ok_or_else(|| PyValueError::new_err("image has no palette"))?;
        palette.set_alphas(first, alphas);
        Ok(())
    })
    .or_raise(py, During::Work)?
}
