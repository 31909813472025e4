//! `paste` and its kin, and bands.

use pilaf::ops::Paint;
use pilaf::{Image, Mode};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::core::Core;
use crate::errors::{During, OrRaise};
use crate::ink::ink;

/// Lays an image into a region (left, top, right, bottom), through a mask if there is one.
#[pyfunction]
#[pyo3(signature = (core, source, region, mask=None))]
pub(crate) fn paste_image(
    py: Python<'_>,
    core: &Core,
    source: &Core,
    region: (i32, i32, i32, i32),
    mask: Option<&Core>,
) -> PyResult<()> {
    let (source, mask) = (source.snapshot(), mask.map(Core::snapshot));
    let paint = Paint::Image(&source);
    core.update(py, |image| image.paste(paint, edges(region), mask.as_deref()))
}

/// Fills a region with a colour, through a mask if there is one.
#[pyfunction]
#[pyo3(signature = (core, color, region, mask=None))]
pub(crate) fn paste_color(
    py: Python<'_>,
    core: &Core,
    color: &Bound<'_, PyAny>,
    region: (i32, i32, i32, i32),
    mask: Option<&Core>,
) -> PyResult<()> {
    let mode = core.read(Image::mode);
    let pixel = ink(mode, color)?;
    let mask = mask.map(Core::snapshot);
    let paint = Paint::Pixel(&pixel[..mode.pixel_bytes()]);
    core.update(py, |image| image.paste(paint, edges(region), mask.as_deref()))
}

fn edges((left, top, right, bottom): (i32, i32, i32, i32)) -> [i64; 4] {
    [left, top, right, bottom].map(i64::from)
}

/// One image laid over another, each with its alpha.
#[pyfunction]
pub(crate) fn alpha_composite(py: Python<'_>, below: &Core, above: &Core) -> PyResult<Core> {
    let above = above.snapshot();
    Ok(below.run(py, |image| image.alpha_composite(&above))?.into())
}

/// Between two images, or beyond them.
#[pyfunction]
pub(crate) fn blend(py: Python<'_>, first: &Core, second: &Core, alpha: f64) -> PyResult<Core> {
    let second = second.snapshot();
    Ok(first.run(py, |image| image.blend(&second, alpha as f32))?.into())
}

/// One image of several of one band.
#[pyfunction]
pub(crate) fn merge(py: Python<'_>, mode: &str, bands: Vec<PyRef<'_, Core>>) -> PyResult<Core> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    let bands: Vec<_> = bands.iter().map(|core| core.snapshot()).collect();
    let merged = py.detach(|| {
        let bands: Vec<&Image> = bands.iter().map(|band| &**band).collect();
        Image::merge(mode, &bands)
    });
    Ok(merged.or_raise(py, During::Work)?.into())
}

fn band_index(band: i32) -> PyResult<usize> {
    usize::try_from(band).map_err(|_| PyValueError::new_err("band index out of range"))
}

/// One band as an image of mode `L`.
#[pyfunction]
pub(crate) fn getband(py: Python<'_>, core: &Core, band: i32) -> PyResult<Core> {
    let band = usize::try_from(band).unwrap_or(usize::MAX);
    Ok(core.run(py, |image| image.band(band))?.into())
}

/// Every band as an image of mode `L`.
#[pyfunction]
pub(crate) fn split(py: Python<'_>, core: &Core) -> PyResult<Vec<Core>> {
    Ok(core.run(py, Image::split)?.into_iter().map(Core::from).collect())
}

/// Replaces one band.
#[pyfunction]
pub(crate) fn putband(py: Python<'_>, core: &Core, source: &Core, band: i32) -> PyResult<()> {
    let (band, source) = (band_index(band)?, source.snapshot());
    core.update(py, |image| image.put_band(band, &source))
}

/// Sets one band of every pixel.
#[pyfunction]
pub(crate) fn fillband(py: Python<'_>, core: &Core, band: i32, value: i32) -> PyResult<()> {
    let (band, value) = (band_index(band)?, value.clamp(0, 255) as u8);
    core.update(py, |image| image.fill_band(band, value))
}

/// RGB becomes RGBA, with the pixels of an image of one band as alpha.
#[pyfunction]
pub(crate) fn put_alpha(py: Python<'_>, core: &Core, alpha: &Core) -> PyResult<()> {
    let alpha = alpha.snapshot();
    core.replace(py, |image| image.with_alpha(&alpha))
}

/// RGB or RGBX becomes RGBA, opaque.
#[pyfunction]
pub(crate) fn set_opaque(py: Python<'_>, core: &Core) -> PyResult<()> {
    if core.read(Image::mode) == Mode::Rgb {
        return core.replace(py, |image| image.convert(Mode::Rgba));
    }
    core.update(py, |image| {
        *image = std::mem::replace(image, Image::new(Mode::L, (0, 0))?).reinterpret(Mode::Rgba)?;
        image.fill_band(3, 255)
    })
}
