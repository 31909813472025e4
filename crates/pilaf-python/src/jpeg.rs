//! The JPEG decoder with all its options.

use pilaf::jpeg::{Colors, Damage, DecodeOptions, Decoder, Scale, Truncated};
use pilaf::simd::Level;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyDict;

use crate::core::Core;
use crate::errors::{During, OrRaise};
use crate::limits::{self, Limits};

/// Decodes a JPEG file at `scale` eighths of its size, in Pillow's mode for it or in `mode` "L"
/// or "YCbCr". Returns the pixels and what was wrong: `mcus` (across and down), `unsound` (runs
/// of MCUs), `sound_share`, `first_fault` (offset and text) and `error`.
///
/// If `tolerant`, a broken file gives what Pillow gives under LOAD_TRUNCATED_IMAGES. `scalar`
/// keeps vector instructions out.
#[pyfunction]
#[pyo3(signature = (data, *, scale=8, mode=None, tolerant=false, scalar=false, limits=None))]
pub(crate) fn decode_jpeg<'py>(
    py: Python<'py>,
    data: PyBackedBytes,
    scale: u8,
    mode: Option<&str>,
    tolerant: bool,
    scalar: bool,
    limits: Option<&Limits>,
) -> PyResult<(Core, Bound<'py, PyDict>)> {
    let options = DecodeOptions {
        scale: Scale::eighths(scale).or_raise(py, During::Work)?,
        colors: colors(mode)?,
        truncated: if tolerant { Truncated::Allow } else { Truncated::Error },
        level: if scalar { Level::Scalar } else { Level::get() },
        ..DecodeOptions::default()
    };
    let limits = limits::or_default(limits);
    let (image, damage) = py
        .detach(|| Decoder::new(&data, &options, &limits)?.decode())
        .or_raise(py, During::Work)?;
    Ok((image.into(), damage_dict(py, &damage)?))
}

fn colors(mode: Option<&str>) -> PyResult<Colors> {
    match mode {
        None => Ok(Colors::Native),
        Some("L") => Ok(Colors::Gray),
        Some("YCbCr") => Ok(Colors::YCbCr),
        Some(other) => {
            Err(PyValueError::new_err(format!("a JPEG file cannot be decoded as {other:?}")))
        }
    }
}

fn damage_dict<'py>(py: Python<'py>, damage: &Damage) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let runs: Vec<(u32, u32)> = damage.unsound.iter().map(|run| (run.start, run.end)).collect();
    let fault = damage.first_fault.as_ref().map(|fault| (fault.offset, fault.what));
    dict.set_item("mcus", damage.mcus)?;
    dict.set_item("unsound", runs)?;
    dict.set_item("sound_share", damage.sound_share())?;
    dict.set_item("first_fault", fault)?;
    dict.set_item("error", damage.error.as_deref())?;
    Ok(dict)
}
