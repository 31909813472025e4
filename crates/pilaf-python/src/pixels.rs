//! Single pixels and sequences of them, as Python numbers and tuples.

use std::sync::Arc;

use pilaf::image::Sample;
use pilaf::ops::truncate;
use pilaf::{Image, Mode};
use pyo3::exceptions::{PyIndexError, PyMemoryError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyInt, PyTuple};

use crate::core::Core;
use crate::errors::{During, OrRaise};
use crate::ink::{Ink, ink};

/// The value of a pixel: a number for one band, a tuple for several.
pub(crate) fn value<'py>(py: Python<'py>, mode: Mode, pixel: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    Ok(match (mode.sample(), pixel) {
        (Sample::U8, &[v]) => v.into_pyobject(py)?.into_any(),
        (Sample::U8, bands) => PyTuple::new(py, bands)?.into_any(),
        (Sample::U16Le, &[a, b]) => u16::from_le_bytes([a, b]).into_pyobject(py)?.into_any(),
        (Sample::U16Be, &[a, b]) => u16::from_be_bytes([a, b]).into_pyobject(py)?.into_any(),
        (Sample::F32, &[a, b, c, d]) => {
            f64::from(f32::from_ne_bytes([a, b, c, d])).into_pyobject(py)?.into_any()
        }
        (_, &[a, b, c, d]) => i32::from_ne_bytes([a, b, c, d]).into_pyobject(py)?.into_any(),
        _ => unreachable!("a pixel has as many bytes as its mode says"),
    })
}

/// The offset of the pixel at `(x, y)`, where negative coordinates count from the end.
fn offset(image: &Image, (x, y): (i64, i64)) -> PyResult<usize> {
    let (width, height) = (i64::from(image.width()), i64::from(image.height()));
    let x = if x < 0 { x + width } else { x };
    let y = if y < 0 { y + height } else { y };
    if !(0..width).contains(&x) || !(0..height).contains(&y) {
        return Err(PyIndexError::new_err("image index out of range"));
    }
    Ok((y * width + x) as usize * image.mode().pixel_bytes())
}

/// Coordinates as Pillow's access objects take them: integers, floats to be cut off, or anything
/// with `__int__`.
fn coordinates(xy: &Bound<'_, PyAny>) -> PyResult<(i64, i64)> {
    let tuple = xy.cast::<PyTuple>().ok().filter(|tuple| tuple.len() == 2);
    let tuple =
        tuple.ok_or_else(|| PyTypeError::new_err("argument must be sequence of length 2"))?;
    Ok((coordinate(&tuple.get_item(0)?)?, coordinate(&tuple.get_item(1)?)?))
}

fn coordinate(value: &Bound<'_, PyAny>) -> PyResult<i64> {
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(float.extract::<f64>()? as i64);
    }
    let integer = if value.is_instance_of::<PyInt>() {
        value.clone()
    } else {
        value.call_method0("__int__").map_err(|_| PyTypeError::new_err("an integer is required"))?
    };
    integer.extract().or_else(|_| Ok(i64::MAX))
}

pub(crate) fn get<'py>(
    py: Python<'py>,
    core: &Core,
    at: (i64, i64),
) -> PyResult<Bound<'py, PyAny>> {
    core.read(|image| {
        let offset = offset(image, at)?;
        value(py, image.mode(), &image.as_bytes()[offset..][..image.mode().pixel_bytes()])
    })
}

pub(crate) fn put(core: &Core, at: (i64, i64), color: &Bound<'_, PyAny>) -> PyResult<()> {
    let (mode, offset) = core.read(|image| Ok::<_, PyErr>((image.mode(), offset(image, at)?)))?;
    let ink = ink(mode, color)?;
    core.write(|image| {
        // Another thread may have given the image another mode meanwhile.
        if let Some(pixel) = image.as_bytes_mut().get_mut(offset..offset + mode.pixel_bytes()) {
            pixel.copy_from_slice(&ink[..mode.pixel_bytes()]);
        }
    })
    .or_raise(color.py(), During::Work)
}

/// The value of the pixel at `xy`.
#[pyfunction]
pub(crate) fn getpixel<'py>(
    py: Python<'py>,
    core: &Core,
    xy: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    get(py, core, coordinates(xy)?)
}

/// Sets the pixel at `xy`.
#[pyfunction]
pub(crate) fn putpixel(core: &Core, xy: (i32, i32), color: &Bound<'_, PyAny>) -> PyResult<()> {
    put(core, (xy.0.into(), xy.1.into()), color)
}

/// Pixels by coordinates: `access[x, y]`, `access[x, y] = color`. What `Image.load` returns.
#[pyclass(frozen, module = "pilaf._pilaf")]
pub(crate) struct PixelAccess {
    core: Py<Core>,
}

#[pymethods]
impl PixelAccess {
    #[new]
    fn new(core: Py<Core>) -> Self {
        Self { core }
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        xy: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        get(py, self.core.get(), coordinates(xy)?)
    }

    fn __setitem__(&self, xy: &Bound<'_, PyAny>, color: &Bound<'_, PyAny>) -> PyResult<()> {
        put(self.core.get(), coordinates(xy)?, color)
    }
}

/// The pixels one after the other, row by row. What `Image.getdata` returns.
#[pyclass(frozen, sequence, module = "pilaf._pilaf")]
pub(crate) struct PixelSequence {
    image: Arc<Image>,
}

#[pymethods]
impl PixelSequence {
    #[new]
    fn new(core: &Core) -> Self {
        Self { image: core.snapshot() }
    }

    fn __len__(&self) -> usize {
        self.image.as_bytes().len() / self.image.mode().pixel_bytes()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: isize) -> PyResult<Bound<'py, PyAny>> {
        let bytes = self.image.mode().pixel_bytes();
        let index = usize::try_from(index).ok();
        let pixel = index.and_then(|index| self.image.as_bytes().chunks_exact(bytes).nth(index));
        let pixel = pixel.ok_or_else(|| PyIndexError::new_err("image index out of range"))?;
        value(py, self.image.mode(), pixel)
    }
}

/// All pixels, row by row.
#[pyfunction]
pub(crate) fn flattened<'py>(py: Python<'py>, core: &Core) -> PyResult<Bound<'py, PyTuple>> {
    let image = core.snapshot();
    if image.mode().pixel_bytes() == 1 {
        return PyTuple::new(py, image.as_bytes());
    }
    let pixels = image.as_bytes().chunks_exact(image.mode().pixel_bytes());
    let values: Vec<_> =
        pixels.map(|pixel| value(py, image.mode(), pixel)).collect::<PyResult<_>>()?;
    PyTuple::new(py, values)
}

/// Sets pixels from the first on, row by row, to `value * scale + offset`.
#[pyfunction]
pub(crate) fn putdata(
    core: &Core,
    data: &Bound<'_, PyAny>,
    scale: f64,
    offset: f64,
) -> PyResult<()> {
    let (mode, pixels) =
        core.read(|image| (image.mode(), image.as_bytes().len() / image.mode().pixel_bytes()));
    let is_narrow = mode.pixel_bytes() == 1 || mode.sample().bytes() == 2;
    if let (true, Ok(bytes)) = (is_narrow, data.cast::<PyBytes>()) {
        return put_bytes(bytes, core, pixels, scale, offset);
    }
    let length = sequence_length(data)?;
    if length > pixels {
        return Err(PyTypeError::new_err("too many data entries"));
    }
    let mut inks: Vec<Ink> = Vec::new();
    inks.try_reserve_exact(length).map_err(|_| PyMemoryError::new_err(()))?;
    // What was read before a value that fails is kept, as in Pillow.
    let mut failure = None;
    for item in data.try_iter()? {
        match item.and_then(|item| data_ink(mode, &item, scale, offset)) {
            Ok(ink) => inks.push(ink),
            Err(error) => {
                failure = Some(error);
                break;
            }
        }
    }
    core.write(|image| {
        let bytes = mode.pixel_bytes();
        let pixels = image.as_bytes_mut().chunks_exact_mut(bytes);
        pixels.zip(&inks).for_each(|(pixel, ink)| pixel.copy_from_slice(&ink[..bytes]));
    })
    .or_raise(data.py(), During::Work)?;
    failure.map_or(Ok(()), Err)
}

/// What C takes for a sequence: anything that can be indexed, an array of numpy too.
fn is_sequence(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__getitem__")? && !object.is_instance_of::<PyDict>())
}

/// The length of a sequence.
pub(crate) fn sequence_length(object: &Bound<'_, PyAny>) -> PyResult<usize> {
    if !is_sequence(object)? {
        return Err(PyTypeError::new_err("argument must be a sequence"));
    }
    object.len()
}

fn data_ink(mode: Mode, item: &Bound<'_, PyAny>, scale: f64, offset: f64) -> PyResult<Ink> {
    if mode.sample() == Sample::U8 && mode.bands() > 1 {
        return ink(mode, item);
    }
    // Numbers of numpy can be indexed too, by nothing.
    if is_sequence(item)? && item.hasattr("__len__")? {
        return Err(PyTypeError::new_err("sequence must be flattened"));
    }
    let value = item.extract::<f64>()? * scale + offset;
    Ok(match mode.sample() {
        Sample::U8 => [value as u8, 0, 0, 0],
        Sample::I32 => truncate(value).to_ne_bytes(),
        Sample::F32 => (value as f32).to_ne_bytes(),
        Sample::U16Le => {
            let [low, high] = split(truncate(value));
            [low, high, 0, 0]
        }
        Sample::U16Be => {
            let [low, high] = split(truncate(value));
            [high, low, 0, 0]
        }
    })
}

/// Each byte cut off on its own: what is negative or too large for 16 bits saturates oddly, as in
/// Pillow.
fn split(value: i32) -> [u8; 2] {
    [(value % 256).clamp(0, 255) as u8, (value >> 8).clamp(0, 255) as u8]
}

/// Bytes are pixels of 8 bits, whatever the image has.
fn put_bytes(
    bytes: &Bound<'_, PyBytes>,
    core: &Core,
    pixels: usize,
    scale: f64,
    offset: f64,
) -> PyResult<()> {
    let data = bytes.as_bytes();
    if data.len() > pixels {
        return Err(PyTypeError::new_err("too many data entries"));
    }
    core.write(|image| {
        let (width, row_bytes) = (image.width().max(1) as usize, image.row_bytes().max(1));
        let rows = image.as_bytes_mut().chunks_exact_mut(row_bytes);
        for (row, values) in rows.zip(data.chunks(width)) {
            for (to, &value) in row.iter_mut().zip(values) {
                let scaled = || truncate(f64::from(value) * scale + offset).clamp(0, 255) as u8;
                *to = if scale == 1.0 && offset == 0.0 { value } else { scaled() };
            }
        }
    })
    .or_raise(bytes.py(), During::Work)
}
