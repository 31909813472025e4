//! Pixels in memory, shared between Python objects until one of them writes.

use std::sync::{Arc, RwLock};

use pilaf::resample::ResizeOptions;
use pilaf::{Filter, Image, Mode, Palette, PaletteMode, Transpose};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::encode::Options;
use crate::errors::{During, OrRaise};

/// The pixels of an image. Copies share memory until one of them is written to, so that work on
/// a snapshot can go on with the GIL released whatever other threads do.
#[pyclass(frozen, module = "pilaf._pilaf")]
pub(crate) struct Core {
    image: RwLock<Arc<Image>>,
}

impl From<Image> for Core {
    fn from(image: Image) -> Self {
        Arc::new(image).into()
    }
}

impl From<Arc<Image>> for Core {
    fn from(image: Arc<Image>) -> Self {
        Self { image: RwLock::new(image) }
    }
}

impl Core {
    /// The pixels as they are now.
    pub(crate) fn snapshot(&self) -> Arc<Image> {
        // A poisoned lock would mean that a writer panicked while it replaced one Arc by another,
        // which leaves either of them whole.
        Arc::clone(&self.image.read().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// Runs `work` on a snapshot with the GIL released.
    pub(crate) fn run<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Image) -> pilaf::Result<T> + Send,
    ) -> PyResult<T> {
        let image = self.snapshot();
        py.detach(|| work(&image)).or_raise(py, During::Work)
    }
}

#[pymethods]
impl Core {
    /// An image of zeros.
    #[new]
    fn new(py: Python<'_>, mode: &str, size: (u32, u32)) -> PyResult<Self> {
        let mode: Mode = mode.parse().or_raise(py, During::Work)?;
        Ok(py.detach(|| Image::new(mode, size)).or_raise(py, During::Work)?.into())
    }

    /// An image of packed pixels.
    #[staticmethod]
    fn from_raw(py: Python<'_>, mode: &str, size: (u32, u32), data: &[u8]) -> PyResult<Self> {
        let mode: Mode = mode.parse().or_raise(py, During::Work)?;
        Ok(Image::from_raw(mode, size, data.to_vec()).or_raise(py, During::Work)?.into())
    }

    /// An image of one colour: every pixel is `pixel`.
    #[staticmethod]
    fn filled(py: Python<'_>, mode: &str, size: (u32, u32), pixel: &[u8]) -> PyResult<Self> {
        let mode: Mode = mode.parse().or_raise(py, During::Work)?;
        Ok(py.detach(|| Image::filled(mode, size, pixel)).or_raise(py, During::Work)?.into())
    }

    /// A mode "1" image of eight pixels a byte. `mode` is there to match `from_raw`.
    #[staticmethod]
    fn unpack_bits(py: Python<'_>, mode: &str, size: (u32, u32), data: &[u8]) -> PyResult<Self> {
        let _: Mode = mode.parse().or_raise(py, During::Work)?;
        Ok(Image::unpack_bits(size, data).or_raise(py, During::Work)?.into())
    }

    /// Eight pixels of a mode "1" image a byte.
    fn pack_bits<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.snapshot().pack_bits())
    }

    #[getter]
    fn mode(&self) -> &'static str {
        self.snapshot().mode().name()
    }

    #[getter]
    fn size(&self) -> (u32, u32) {
        self.snapshot().size()
    }

    /// Another object over the same pixels: constant time, copied when either is written to.
    fn copy(&self) -> Self {
        self.snapshot().into()
    }

    /// All pixels, packed.
    fn tobytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.snapshot().as_bytes())
    }

    /// The memory of the pixels as they are now, which stays while the view lives.
    fn view(&self) -> CoreView {
        CoreView { image: self.snapshot() }
    }

    /// Entries of the palette: "RGB" or "RGBA", and the bytes.
    fn palette<'py>(&self, py: Python<'py>) -> Option<(&'static str, Bound<'py, PyBytes>)> {
        let image = self.snapshot();
        let palette = image.palette()?;
        let (name, bands) = match palette.mode() {
            PaletteMode::Rgb => ("RGB", 3),
            PaletteMode::Rgba => ("RGBA", 4),
        };
        let bytes: Vec<u8> =
            palette.colors().iter().flat_map(|color| &color[..bands]).copied().collect();
        Some((name, PyBytes::new(py, &bytes)))
    }

    /// The same pixels with a palette of "RGB" or "RGBA" bytes.
    fn with_palette(&self, py: Python<'_>, mode: &str, data: &[u8]) -> PyResult<Self> {
        let (mode, bands) = match mode {
            "RGBA" => (PaletteMode::Rgba, 4),
            _ => (PaletteMode::Rgb, 3),
        };
        let color = |c: &[u8]| [c[0], c[1], c[2], if bands == 4 { c[3] } else { 255 }];
        let colors = data.chunks_exact(bands).map(color).collect();
        let image = Palette::new(mode, colors)
            .and_then(|palette| Image::clone(&self.snapshot()).with_palette(palette))
            .or_raise(py, During::Work)?;
        Ok(image.into())
    }

    /// Another size. The part `source` (left, top, right, bottom) is shown.
    #[pyo3(signature = (size, filter, source=None, reducing_gap=None))]
    fn resize(
        &self,
        py: Python<'_>,
        size: (u32, u32),
        filter: &str,
        source: Option<(f64, f64, f64, f64)>,
        reducing_gap: Option<f64>,
    ) -> PyResult<Self> {
        let filter: Filter = filter.parse().or_raise(py, During::Work)?;
        let mut options = ResizeOptions::new(filter);
        options.source = source;
        options.reducing_gap = reducing_gap;
        Ok(self.run(py, |image| image.resize_with(size, &options))?.into())
    }

    /// Mirrored or turned by quarters; `method` is the name of a member of `Transpose`.
    fn transpose(&self, py: Python<'_>, method: &str) -> PyResult<Self> {
        let method = match method {
            "FLIP_LEFT_RIGHT" => Transpose::FlipLeftRight,
            "FLIP_TOP_BOTTOM" => Transpose::FlipTopBottom,
            "ROTATE_90" => Transpose::Rotate90,
            "ROTATE_180" => Transpose::Rotate180,
            "ROTATE_270" => Transpose::Rotate270,
            "TRANSPOSE" => Transpose::Transpose,
            "TRANSVERSE" => Transpose::Transverse,
            other => return Err(PyValueError::new_err(format!("no such method: {other}"))),
        };
        Ok(self.run(py, |image| image.transpose(method))?.into())
    }

    /// Encodes the image.
    fn encode<'py>(
        &self,
        py: Python<'py>,
        format: &str,
        options: Options,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let options = options.try_into()?;
        let format: pilaf::Format = format.parse().or_raise(py, During::Work)?;
        let bytes = self.run(py, |image| image.encode(format, &options))?;
        Ok(PyBytes::new(py, &bytes))
    }

    fn __eq__(&self, other: &Self) -> bool {
        let (a, b) = (self.snapshot(), other.snapshot());
        Arc::ptr_eq(&a, &b) || a == b
    }
}

/// Pixels that do not move or change while this object lives: what array interfaces point into.
#[pyclass(frozen, module = "pilaf._pilaf")]
pub(crate) struct CoreView {
    image: Arc<Image>,
}

#[pymethods]
impl CoreView {
    /// Address of the first byte, and number of bytes.
    fn address(&self) -> (usize, usize) {
        let bytes = self.image.as_bytes();
        (bytes.as_ptr().addr(), bytes.len())
    }
}
