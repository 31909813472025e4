//! `ImageMath`, and pictures made by a formula or by chance.

use pilaf::Image;
use pilaf::ops::{Binary, Unary};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::core::Core;
use crate::errors::{During, OrRaise};

/// Every number of an image of mode I or F changed: `abs`, `neg`, `invert`.
#[pyfunction]
pub(crate) fn compute(py: Python<'_>, operation: &str, core: &Core) -> PyResult<Core> {
    let float = core.read(|image| image.mode() == pilaf::Mode::F);
    let unary = match operation {
        "abs" => Unary::Abs,
        "neg" => Unary::Neg,
        "invert" if !float => Unary::Invert,
        _ => return Err(bad_operand(operation)),
    };
    Ok(core.run(py, |image| image.compute(unary))?.into())
}

/// The numbers of two images combined.
#[pyfunction]
pub(crate) fn compute_with(
    py: Python<'_>,
    operation: &str,
    first: &Core,
    second: &Core,
) -> PyResult<Core> {
    let float = first.read(|image| image.mode() == pilaf::Mode::F);
    let binary = match operation {
        "add" => Binary::Add,
        "sub" => Binary::Sub,
        "mul" => Binary::Mul,
        "div" => Binary::Div,
        "mod" => Binary::Mod,
        "pow" => Binary::Pow,
        "diff" => Binary::Diff,
        "min" => Binary::Min,
        "max" => Binary::Max,
        "eq" => Binary::Eq,
        "ne" => Binary::Ne,
        "lt" => Binary::Lt,
        "le" => Binary::Le,
        "gt" => Binary::Gt,
        "ge" => Binary::Ge,
        "and" if !float => Binary::And,
        "or" if !float => Binary::Or,
        "xor" if !float => Binary::Xor,
        "lshift" if !float => Binary::Shl,
        "rshift" if !float => Binary::Shr,
        _ => return Err(bad_operand(operation)),
    };
    let second = second.snapshot();
    Ok(first.run(py, |image| image.compute_with(&second, binary))?.into())
}

fn bad_operand(operation: &str) -> PyErr {
    PyTypeError::new_err(format!("bad operand type for '{operation}'"))
}

/// The same bytes as pixels of another mode of as many bytes.
#[pyfunction]
pub(crate) fn reinterpret(py: Python<'_>, core: &Core, mode: &str) -> PyResult<Core> {
    let mode = mode.parse().or_raise(py, During::Work)?;
    Ok(core.run(py, |image| image.try_clone()?.reinterpret(mode))?.into())
}

/// The Mandelbrot set.
#[pyfunction]
pub(crate) fn mandelbrot(
    py: Python<'_>,
    size: (i32, i32),
    extent: [f64; 4],
    quality: i32,
) -> PyResult<Core> {
    let drawn = drawn_size(size);
    // What is wrong with the other arguments is said first, as in Pillow.
    let pixels = *drawn.as_ref().unwrap_or(&(0, 0));
    let image = py.detach(|| Image::mandelbrot(pixels, extent, quality));
    let image = image.or_raise(py, During::Work)?;
    drawn.map(|_| image.into())
}

fn drawn_size((width, height): (i32, i32)) -> PyResult<(u32, u32)> {
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(width), Ok(height)) => Ok((width, height)),
        _ => Err(PyValueError::new_err("bad image size")),
    }
}

/// Normally distributed greys.
#[pyfunction]
pub(crate) fn noise(py: Python<'_>, size: (i32, i32), sigma: f32, seed: u64) -> PyResult<Core> {
    let size = drawn_size(size)?;
    Ok(py.detach(|| Image::noise(size, sigma, seed)).or_raise(py, During::Work)?.into())
}

/// Pixels scattered by chance.
#[pyfunction]
pub(crate) fn spread(py: Python<'_>, core: &Core, distance: i32, seed: u64) -> PyResult<Core> {
    Ok(core.run(py, |image| image.spread(distance.unsigned_abs(), seed))?.into())
}
