//! `pilaf.thumbnail`.

use std::num::NonZeroUsize;

use pilaf::{Format, Geometry, Thumbnail};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::encode::Options;
use crate::errors::{During, OrRaise};
use crate::file::Encoded;
use crate::limits::{self, Limits};

/// Opens, decodes, resizes, turns upright and encodes in one call, with the GIL released.
#[pyfunction]
#[pyo3(signature = (source, size, format, geometry, filter, enlarge, upright, exact, background, options, limits, *, threads=1, linear_light=false, profile="pillow"))]
#[expect(clippy::too_many_arguments, reason = "the Python layer names and documents each")]
pub(crate) fn thumbnail<'py>(
    py: Python<'py>,
    source: Encoded,
    size: (u32, u32),
    format: Option<&str>,
    geometry: &str,
    filter: &str,
    enlarge: bool,
    upright: bool,
    exact: bool,
    background: (u8, u8, u8),
    options: Options,
    limits: Option<&Limits>,
    threads: usize,
    linear_light: bool,
    profile: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    let geometry = match geometry {
        "fit" => Geometry::Fit,
        "fill" => Geometry::Fill,
        "cover" => Geometry::Cover,
        other => {
            let text = format!("unknown geometry {other:?}; use \"fit\", \"fill\" or \"cover\"");
            return Err(PyValueError::new_err(text));
        }
    };
    let (red, green, blue) = background;
    let mut recipe = Thumbnail::new(size.0, size.1, geometry)
        .filter(filter.parse().or_raise(py, During::Work)?)
        .enlarge(enlarge)
        .upright(upright)
        .exact(exact)
        .background(red, green, blue)
        .linear_light(linear_light)
        .profile(profile.parse().or_raise(py, During::Work)?)
        .threads(NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN))
        .encode_options(options.try_into()?)
        .limits(limits::or_default(limits));
    if let Some(name) = format {
        recipe = recipe.format(name.parse::<Format>().or_raise(py, During::Work)?);
    }
    let bytes = py
        .detach(|| source.source().and_then(|source| pilaf::thumbnail(source, &recipe)))
        .or_raise(py, During::Open)?;
    Ok(PyBytes::new(py, &bytes))
}
