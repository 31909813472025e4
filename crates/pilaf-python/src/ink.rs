//! From a colour as the caller writes it to the bytes of one pixel.

use pilaf::Mode;
use pilaf::image::Sample;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyTuple};

use crate::errors::{During, OrRaise};

/// The bytes of a pixel, of which the first [`Mode::pixel_bytes`] count.
pub(crate) type Ink = [u8; 4];

/// The pixel of `color` in `mode`, by Pillow's rules: an integer, or a tuple of as many as there
/// are bands; alpha may be left out. An integer for a mode of several bands has the first band in
/// its lowest byte, the fourth (alpha, also that of two bands) in its highest.
pub(crate) fn ink(mode: Mode, color: &Bound<'_, PyAny>) -> PyResult<Ink> {
    let tuple = color.cast::<PyTuple>().ok();
    let single = match tuple {
        Some(tuple) if tuple.len() == 1 => &tuple.get_item(0)?,
        _ => color,
    };
    if mode == Mode::F {
        return Ok((single.extract::<f64>()? as f32).to_ne_bytes());
    }
    if single.is_instance_of::<PyInt>() {
        return Ok(integer_ink(mode, single.extract()?));
    }
    let Some(tuple) = tuple.filter(|_| mode.bands() > 1) else {
        return Err(PyTypeError::new_err(match mode.bands() {
            1 => "color must be int or single-element tuple",
            _ => "color must be int or tuple",
        }));
    };
    tuple_ink(mode, tuple)
}

fn integer_ink(mode: Mode, value: i64) -> Ink {
    let [r, g, b, alpha, ..] = value.to_le_bytes();
    match mode {
        Mode::I => (value as i32).to_ne_bytes(),
        Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N => {
            if mode.sample() == Sample::U16Be {
                [g, r, 0, 0]
            } else {
                [r, g, 0, 0]
            }
        }
        _ if mode.bands() == 1 => [clip(value), 0, 0, 0],
        _ if mode.bands() == 2 => [r, alpha, 0, 0],
        _ => [r, g, b, alpha],
    }
}

fn tuple_ink(mode: Mode, tuple: &Bound<'_, PyTuple>) -> PyResult<Ink> {
    let first = || -> PyResult<u8> { Ok(clip(tuple.get_item(0)?.extract()?)) };
    let rest = |index: usize| -> PyResult<u8> {
        if index >= tuple.len() {
            return Ok(255);
        }
        let value: i64 = tuple.get_item(index)?.extract()?;
        if i32::try_from(value).is_err() {
            let side = if value < 0 { "less than minimum" } else { "greater than maximum" };
            return Err(PyOverflowError::new_err(format!("signed integer is {side}")));
        }
        Ok(clip(value))
    };
    match (mode.bands(), tuple.len()) {
        (2, 2) => Ok([first()?, rest(1)?, 0, 0]),
        (3 | 4, 3 | 4) => Ok([first()?, rest(1)?, rest(2)?, rest(3)?]),
        (2, _) => Err(PyTypeError::new_err("color must be int, or tuple of one or two elements")),
        _ => {
            Err(PyTypeError::new_err("color must be int, or tuple of one, three or four elements"))
        }
    }
}

fn clip(value: i64) -> u8 {
    value.clamp(0, 255) as u8
}

/// The bytes of one pixel of `color` in `mode`.
#[pyfunction]
#[pyo3(name = "ink")]
pub(crate) fn ink_bytes<'py>(
    py: Python<'py>,
    mode: &str,
    color: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mode: Mode = mode.parse().or_raise(py, During::Work)?;
    Ok(PyBytes::new(py, &ink(mode, color)?[..mode.pixel_bytes()]))
}
