//! Pixels in memory, shared between Python objects until one of them writes.

use std::num::NonZeroUsize;
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use pilaf::ops::Part;
use pilaf::resample::ResizeOptions;
use pilaf::{Filter, Image, Mode, Profile, Transpose};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::buffer::new_bytes;
use crate::encode::Options;
use crate::errors::{During, OrRaise};
use crate::ink::ink;
use crate::resizers::with_resizer;

/// The pixels of an image. Copies share memory until one of them is written to, so that work on
/// a snapshot can go on with the GIL released whatever other threads do.
#[pyclass(frozen, module = "pilaf._pilaf")]
pub(crate) struct Core {
    pixels: RwLock<Pixels>,
}

/// Whole images, and large parts of them until somebody looks at their pixels.
enum Pixels {
    Whole(Arc<Image>),
    Part(Part),
}

impl Pixels {
    fn mode(&self) -> Mode {
        match self {
            Self::Whole(image) => image.mode(),
            Self::Part(part) => part.mode(),
        }
    }

    fn size(&self) -> (u32, u32) {
        match self {
            Self::Whole(image) => image.size(),
            Self::Part(part) => part.size(),
        }
    }

    /// The image, which a part becomes by this.
    fn whole(&mut self) -> &mut Arc<Image> {
        if let Self::Part(_) = self {
            // An image without pixels takes the place of the part while that is copied.
            let nothing = Image::new(Mode::L, (0, 0)).expect("no memory is needed");
            if let Self::Part(part) = std::mem::replace(self, Self::Whole(Arc::new(nothing))) {
                *self = Self::Whole(Arc::new(part.copied()));
            }
        }
        match self {
            Self::Whole(image) => image,
            Self::Part(_) => unreachable!("parts were copied"),
        }
    }
}

impl From<Image> for Core {
    fn from(image: Image) -> Self {
        Arc::new(image).into()
    }
}

impl From<Arc<Image>> for Core {
    fn from(image: Arc<Image>) -> Self {
        Self { pixels: RwLock::new(Pixels::Whole(image)) }
    }
}

impl From<Part> for Core {
    fn from(part: Part) -> Self {
        Self { pixels: RwLock::new(Pixels::Part(part)) }
    }
}

impl Core {
    /// The pixels as they are now.
    pub(crate) fn snapshot(&self) -> Arc<Image> {
        match &*self.readable() {
            Pixels::Whole(image) => return Arc::clone(image),
            Pixels::Part(_) => {}
        }
        // Copying a part needs no interpreter, and the lock is not held while one is waited for.
        Python::attach(|py| py.detach(|| Arc::clone(self.writable().whole())))
    }

    /// Looks at the pixels without a snapshot: for work that is shorter than taking one.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Image) -> T) -> T {
        if let Pixels::Whole(image) = &*self.readable() {
            return look(image);
        }
        look(&self.snapshot())
    }

    fn readable(&self) -> RwLockReadGuard<'_, Pixels> {
        // A poisoned lock would mean that a writer panicked while it replaced one Arc by another,
        // which leaves either of them whole.
        self.pixels.read().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn writable(&self) -> RwLockWriteGuard<'_, Pixels> {
        self.pixels.write().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Changes the pixels in place; copies them first if they are shared. `change` must not call
    /// into Python, which could come back here.
    ///
    /// # Errors
    ///
    /// `Memory` when there is none for the copy.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut Image) -> T) -> pilaf::Result<T> {
        let mut pixels = self.writable();
        let image = pixels.whole();
        if Arc::get_mut(image).is_none() {
            *image = Arc::new(image.try_clone()?);
        }
        // Nobody can have taken a share meanwhile, as that needs the lock: this copies nothing.
        Ok(change(Arc::make_mut(image)))
    }

    /// [`write`](Self::write) with the GIL released.
    pub(crate) fn update<T: Send>(
        &self,
        py: Python<'_>,
        change: impl FnOnce(&mut Image) -> pilaf::Result<T> + Send,
    ) -> PyResult<T> {
        py.detach(|| self.write(change).flatten()).or_raise(py, During::Work)
    }

    /// Puts what `make` makes of the pixels in their place, with the GIL released. `make` must not
    /// call into Python.
    pub(crate) fn replace(
        &self,
        py: Python<'_>,
        make: impl FnOnce(&Image) -> pilaf::Result<Image> + Send,
    ) -> PyResult<()> {
        let replace = || {
            let mut pixels = self.writable();
            let image = pixels.whole();
            *image = Arc::new(make(image)?);
            Ok(())
        };
        py.detach(replace).or_raise(py, During::Work)
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

    /// An image of one colour, which is written as Pillow takes it.
    #[staticmethod]
    fn filled(
        py: Python<'_>,
        mode: &str,
        size: (u32, u32),
        color: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let mode: Mode = mode.parse().or_raise(py, During::Work)?;
        let pixel = &ink(mode, color)?[..mode.pixel_bytes()];
        Ok(py.detach(|| Image::filled(mode, size, pixel)).or_raise(py, During::Work)?.into())
    }

    #[getter]
    fn mode(&self) -> &'static str {
        self.readable().mode().name()
    }

    #[getter]
    fn size(&self) -> (u32, u32) {
        self.readable().size()
    }

    /// Another object over the same pixels: constant time, copied when either is written to.
    fn copy(&self) -> Self {
        self.snapshot().into()
    }

    /// The memory of the pixels as they are now, which stays while the view lives.
    fn view(&self) -> CoreView {
        CoreView { image: self.snapshot() }
    }

    /// Another size. The part `source` (left, top, right, bottom) is shown.
    #[pyo3(signature = (
        size, filter, source=None, reducing_gap=None, *,
        threads=1, linear_light=false, profile="pillow"
    ))]
    #[expect(clippy::too_many_arguments, reason = "the Python layer names and documents each")]
    fn resize(
        &self,
        py: Python<'_>,
        size: (u32, u32),
        filter: &str,
        source: Option<(f64, f64, f64, f64)>,
        reducing_gap: Option<f64>,
        threads: usize,
        linear_light: bool,
        profile: &str,
    ) -> PyResult<Self> {
        let filter: Filter = filter.parse().or_raise(py, During::Work)?;
        let profile: Profile = profile.parse().or_raise(py, During::Work)?;
        let mut options = ResizeOptions::new(filter).linear_light(linear_light).profile(profile);
        options.source = source;
        options.reducing_gap = reducing_gap;
        options.threads = NonZeroUsize::new(threads);
        let resize = |image: &Image| with_resizer(|resizer| resizer.resize(image, size, &options));
        Ok(self.run(py, resize)?.into())
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
        new_bytes(py, &bytes)
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
