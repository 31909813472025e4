//! Drawing.

use pilaf::ops::{Pen, Point};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::core::Core;
use crate::ink::ink;

/// Four bytes, and whether they are laid over pixels with the fourth as alpha.
type Ink = ([u8; 4], bool);

fn pen((bytes, blends): Ink) -> Pen {
    if blends { Pen::Blend(bytes) } else { Pen::Set(bytes) }
}

/// Towards zero, as Pillow takes coordinates; what is too large becomes the largest there is.
fn point((x, y): (f64, f64)) -> Point {
    (x as i32, y as i32)
}

fn points(coordinates: Vec<(f64, f64)>) -> Vec<Point> {
    coordinates.into_iter().map(point).collect()
}

/// The four bytes of a colour in the mode of an image: of RGB also the alpha.
#[pyfunction]
pub(crate) fn draw_ink<'py>(
    py: Python<'py>,
    core: &Core,
    color: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &ink(core.read(pilaf::Image::mode), color)?))
}

#[pyfunction]
pub(crate) fn draw_points(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    coordinates: Vec<(f64, f64)>,
) -> PyResult<()> {
    core.update(py, |image| image.draw_points(&points(coordinates), pen(ink)))
}

#[pyfunction]
pub(crate) fn draw_lines(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    coordinates: Vec<(f64, f64)>,
    width: i32,
) -> PyResult<()> {
    core.update(py, |image| image.draw_lines(&points(coordinates), width, pen(ink)))
}

#[pyfunction]
pub(crate) fn draw_rectangle(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    corners: [(f64, f64); 2],
    fill: bool,
    width: i32,
) -> PyResult<()> {
    core.update(py, |image| image.draw_rectangle(corners.map(point), fill, width, pen(ink)))
}

#[pyfunction]
pub(crate) fn draw_ellipse(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    corners: [(f64, f64); 2],
    fill: bool,
    width: i32,
) -> PyResult<()> {
    core.update(py, |image| image.draw_ellipse(corners.map(point), fill, width, pen(ink)))
}

#[pyfunction]
pub(crate) fn draw_arc(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    corners: [(f64, f64); 2],
    angles: [f32; 2],
    width: i32,
) -> PyResult<()> {
    core.update(py, |image| image.draw_arc(corners.map(point), angles, width, pen(ink)))
}

#[pyfunction]
pub(crate) fn draw_chord(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    corners: [(f64, f64); 2],
    angles: [f32; 2],
    fill: bool,
    width: i32,
) -> PyResult<()> {
    core.update(py, |image| image.draw_chord(corners.map(point), angles, fill, width, pen(ink)))
}

#[pyfunction]
pub(crate) fn draw_pie_slice(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    corners: [(f64, f64); 2],
    angles: [f32; 2],
    fill: bool,
    width: i32,
) -> PyResult<()> {
    core.update(py, |image| image.draw_pie_slice(corners.map(point), angles, fill, width, pen(ink)))
}

#[pyfunction]
#[pyo3(signature = (core, ink, coordinates, fill, width, mask=None))]
pub(crate) fn draw_polygon(
    py: Python<'_>,
    core: &Core,
    ink: Ink,
    coordinates: Vec<(f64, f64)>,
    fill: bool,
    width: i32,
    mask: Option<&Core>,
) -> PyResult<()> {
    let mask = mask.map(Core::snapshot);
    let corners = points(coordinates);
    core.update(py, |image| image.draw_polygon(&corners, fill, width, pen(ink), mask.as_deref()))
}
