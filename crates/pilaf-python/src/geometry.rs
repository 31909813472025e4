//! Images of another size or shape: `_pilaf.crop`, `reduce` and `transform`.

use pilaf::Error;
use pilaf::ErrorKind::Parameter;
use pilaf::ops::{Interpolation, Part, Patch, Transform};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::core::Core;
use crate::errors::{During, OrRaise};

/// The part (left, top, right, bottom); zeros beyond the image. A part that is large and much of
/// the image is copied when its pixels are needed, and keeps the image until then.
#[pyfunction]
pub(crate) fn crop(py: Python<'_>, core: &Core, region: [i32; 4]) -> PyResult<Core> {
    let (region, image) = (region.map(i64::from), core.snapshot());
    let [width, height] = [0, 1].map(|side| region[side + 2].saturating_sub(region[side]).max(0));
    let bytes = width.saturating_mul(height).saturating_mul(image.mode().pixel_bytes() as i64);
    if bytes >= LARGE
        && bytes >= image.as_bytes().len() as i64 / MUCH
        && let Some(part) = Part::new(&image, region).or_raise(py, During::Work)?
    {
        return Ok(part.into());
    }
    Ok(py.detach(|| image.crop(region)).or_raise(py, During::Work)?.into())
}

/// Bytes of a part that take longer to copy than to be spoken of.
const LARGE: i64 = 64 << 10;
/// The part of an image that is much of it: what a part keeps is at most as many times its size.
const MUCH: i64 = 8;

/// Shrunk by whole factors. `region` is left, top, right, bottom.
#[pyfunction]
pub(crate) fn reduce(
    py: Python<'_>,
    core: &Core,
    factor: (i32, i32),
    region: [i32; 4],
) -> PyResult<Core> {
    let factor = (i64::from(factor.0), i64::from(factor.1));
    let region = region.map(i64::from);
    Ok(core.run(py, |image| image.reduce(factor, Some(region)))?.into())
}

/// The orientation in an EXIF block as Pillow holds it, and the block without it.
#[pyfunction]
pub(crate) fn take_orientation<'py>(
    py: Python<'py>,
    exif: &[u8],
) -> Option<(u16, Bound<'py, PyBytes>)> {
    let prefix = if exif.starts_with(EXIF_PREFIX) { EXIF_PREFIX.len() } else { 0 };
    let (orientation, rest) = pilaf::take_orientation(&exif[prefix..])?;
    Some((orientation, PyBytes::new(py, &[&exif[..prefix], &rest].concat())))
}

/// What stands before the TIFF structure in a JPEG.
const EXIF_PREFIX: &[u8] = b"Exif\0\0";

/// One patch: left, top, right, bottom in the target, the name of the map, its numbers.
type PyPatch = ([i32; 4], String, Vec<f64>);

/// An image of `size`, patch after patch. `background` is one pixel.
#[pyfunction]
pub(crate) fn transform(
    py: Python<'_>,
    core: &Core,
    size: (u32, u32),
    patches: Vec<PyPatch>,
    resample: &str,
    background: Option<&[u8]>,
) -> PyResult<Core> {
    let interpolation = match resample {
        "BILINEAR" => Interpolation::Bilinear,
        "BICUBIC" => Interpolation::Bicubic,
        _ => Interpolation::Nearest,
    };
    let patches = patches.into_iter().map(patch).collect::<pilaf::Result<Vec<_>>>();
    let patches = patches.or_raise(py, During::Work)?;
    let warp =
        |image: &pilaf::Image| image.transform_mesh(size, &patches, interpolation, background);
    Ok(core.run(py, warp)?.into())
}

fn patch((target, method, data): PyPatch) -> pilaf::Result<Patch> {
    let transform = match method.as_str() {
        "AFFINE" => Transform::Affine(numbers(data)?),
        "EXTENT" => Transform::Extent(numbers(data)?),
        "PERSPECTIVE" => Transform::Perspective(numbers(data)?),
        _ => Transform::Quad(numbers(data)?),
    };
    Ok(Patch { target, transform })
}

fn numbers<const N: usize>(data: Vec<f64>) -> pilaf::Result<[f64; N]> {
    data.try_into().map_err(|_| Error::new(Parameter, "wrong number of matrix entries"))
}
