//! An opened image whose pixels are still encoded.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use pilaf::io::Source;
use pilaf::jpeg::Truncated;
use pilaf::{Format, Image, ImageFile, Info, OpenOptions, Subsampling, Transparency};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict};

use crate::core::Core;
use crate::errors::{During, OrRaise, to_exception};
use crate::io::{Pieces, Spool};
use crate::limits::{self, Limits};

/// Where the encoded bytes are: held by Python and borrowed without a copy, in a file, spooled
/// from a stream, or in what a file object gives piece by piece.
#[derive(FromPyObject)]
pub(crate) enum Encoded {
    Bytes(PyBackedBytes),
    Path(PathBuf),
    Spool(Spool),
    Pieces(Pieces),
}

impl Encoded {
    pub(crate) fn source(self) -> pilaf::Result<Source<'static>> {
        match self {
            Self::Bytes(bytes) => Ok(Bytes::from_owner(bytes).into()),
            Self::Path(path) => Source::path(path),
            Self::Spool(Spool(file)) => Ok(match file.memory() {
                Some(memory) => memory.clone().into_bytes().into(),
                None => Source::reader(file),
            }),
            Self::Pieces(pieces) => Ok(Source::stream(pieces)),
        }
    }
}

/// The options of a call: the only formats allowed, if any, and what the input may cost.
pub(crate) fn open_options(formats: Option<Vec<String>>, limits: Option<&Limits>) -> OpenOptions {
    let options = OpenOptions::new().limits(limits::or_default(limits));
    match formats {
        None => options,
        Some(names) => {
            let known = names.iter().filter_map(|name| name.parse().ok()).collect::<Vec<Format>>();
            options.formats(&known)
        }
    }
}

/// Reads the header of `source` (bytes, the path of a file, or a spooled file), from its byte
/// `skip` on.
#[pyfunction]
#[pyo3(signature = (source, formats=None, limits=None, truncated=false, skip=0))]
pub(crate) fn open(
    py: Python<'_>,
    source: Encoded,
    formats: Option<Vec<String>>,
    limits: Option<&Limits>,
    truncated: bool,
    skip: u64,
) -> PyResult<File> {
    let mut options = open_options(formats, limits);
    if truncated {
        options = options.truncated(Truncated::Allow);
    }
    let file = py
        .detach(|| source.source().and_then(|source| options.open(source.skip(skip))))
        .or_raise(py, During::Open)?;
    Ok(File { info: file.info().clone(), state: Mutex::new(State::Encoded(Some(file))) })
}

/// An opened image: its header is known, its pixels are decoded once, when first asked for.
#[pyclass(frozen, module = "pilaf._pilaf")]
pub(crate) struct File {
    info: Info,
    state: Mutex<State>,
}

#[allow(clippy::large_enum_variant)] // one of it in each File, behind a pointer anyway
enum State {
    /// `None` only while it is being decoded, under the lock.
    Encoded(Option<ImageFile<'static>>),
    Decoded(Arc<Image>),
    Failed(PyErr),
}

#[pymethods]
impl File {
    /// The decoded pixels. Whoever asks while another thread decodes waits for it.
    ///
    /// `truncated`: a broken file is decoded as far as it goes, whatever `open` was told.
    #[pyo3(signature = (truncated=false))]
    fn load(&self, py: Python<'_>, truncated: bool) -> PyResult<Core> {
        py.detach(|| self.decoded(truncated)).map(Core::from)
    }

    /// Looks for damage without decoding pixels. An image that was decoded is sound.
    fn verify(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| match &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Encoded(Some(file)) => file.verify(),
            _ => Ok(()),
        })
        .or_raise(py, During::Work)
    }

    /// Asks for a cheaper decoding near to `mode` and `size`. Returns the mode and size that
    /// decoding will give and the factor by which it shrinks, or None.
    fn draft(
        &self,
        mode: Option<&str>,
        size: Option<(u32, u32)>,
    ) -> Option<(&'static str, (u32, u32), u32)> {
        // Not waited for: whoever has it decodes already, and may need the GIL held here.
        let mut state = self.state.try_lock().ok()?;
        let State::Encoded(Some(file)) = &mut *state else { return None };
        let shrink = file.draft(mode.and_then(|name| name.parse().ok()), size)?;
        Some((file.info().mode.name(), file.info().size(), shrink))
    }

    /// How many bytes of the source the image takes. `None` if the source ends before it does, or
    /// once it is decoded.
    fn encoded_len(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        py.detach(|| {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            match &mut *state {
                State::Encoded(Some(file)) => file.encoded_len(),
                _ => Ok(None),
            }
        })
        .or_raise(py, During::Work)
    }

    #[getter]
    fn format(&self) -> &'static str {
        self.info.format.name()
    }

    #[getter]
    fn size(&self) -> (u32, u32) {
        self.info.size()
    }

    #[getter]
    fn mode(&self) -> &'static str {
        self.info.mode.name()
    }

    #[getter]
    fn bits(&self) -> u8 {
        self.info.bits
    }

    #[getter]
    fn orientation(&self) -> u8 {
        self.info.orientation.to_exif()
    }

    #[getter]
    fn frames(&self) -> u32 {
        self.info.frames
    }

    #[getter]
    fn progressive(&self) -> bool {
        self.info.progressive
    }

    /// The quantization tables of a JPEG, row by row.
    #[getter]
    fn quantization(&self) -> Vec<[u16; 64]> {
        self.info.metadata.quant_tables.iter().map(|table| table.values).collect()
    }

    /// 0, 1 or 2 for a JPEG in 4:4:4, 4:2:2 or 4:2:0.
    #[getter]
    fn subsampling(&self) -> Option<u8> {
        self.info.metadata.subsampling.map(|subsampling| match subsampling {
            Subsampling::S444 => 0,
            Subsampling::S422 => 1,
            Subsampling::S420 => 2,
        })
    }

    /// The application and comment segments of a JPEG but those that hold EXIF, XMP and colour
    /// profiles: the name, such as `APP0`, and what is in it.
    fn segments<'py>(&self, py: Python<'py>) -> Vec<(String, Bound<'py, PyBytes>)> {
        let segments = self.info.metadata.segments.iter();
        segments.map(|(number, data)| (format!("APP{number}"), PyBytes::new(py, data))).collect()
    }

    /// Keyword and text of the text chunks of a PNG.
    fn texts(&self) -> Vec<(String, String)> {
        self.info.metadata.text.clone()
    }

    /// What the file carries beside its pixels, as a new dictionary with Pillow's keys.
    fn metadata<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let metadata = &self.info.metadata;
        let set_bytes = |key: &str, value: &Option<Vec<u8>>| match value {
            Some(bytes) => dict.set_item(key, PyBytes::new(py, bytes)),
            None => Ok(()),
        };
        set_bytes("icc_profile", &metadata.icc_profile)?;
        set_bytes("xmp", &metadata.xmp)?;
        set_bytes("comment", &metadata.comment)?;
        set_bytes("exif", &metadata.exif.as_ref().map(|exif| [b"Exif\0\0", &exif[..]].concat()))?;
        // Pillow's guess for a JPEG whose EXIF block has no resolution.
        let guessed = self.info.format == Format::Jpeg && metadata.exif.is_some();
        if let Some(dpi) = metadata.dpi.or(guessed.then_some((72.0, 72.0))) {
            dict.set_item("dpi", dpi)?;
        }
        if let Some(gamma) = metadata.gamma {
            dict.set_item("gamma", gamma)?;
        }
        if let Some(intent) = metadata.srgb {
            dict.set_item("srgb", intent)?;
        }
        for (keyword, text) in &metadata.text {
            dict.set_item(keyword, text)?;
        }
        match &metadata.transparency {
            Some(Transparency::Grey(grey)) => dict.set_item("transparency", grey)?,
            Some(Transparency::Rgb([r, g, b])) => dict.set_item("transparency", (r, g, b))?,
            Some(Transparency::Palette(alpha)) => set_palette_transparency(&dict, alpha)?,
            None => {}
        }
        if self.info.format == Format::Jpeg && self.info.progressive {
            dict.set_item("progressive", 1)?;
            dict.set_item("progression", 1)?;
        }
        if self.info.format == Format::Png && self.info.progressive {
            dict.set_item("interlace", 1)?;
        }
        Ok(dict)
    }
}

impl File {
    /// The pixels, whoever decoded them. Not to be called with the GIL held: the thread that has
    /// the lock may need it.
    fn decoded(&self, truncated: bool) -> PyResult<Arc<Image>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Encoded(file) = &mut *state
            && let Some(mut file) = file.take()
        {
            if truncated {
                file.set_truncated(Truncated::Allow);
            }
            *state = match file.decode() {
                Ok(image) => State::Decoded(Arc::new(image)),
                Err(error) => {
                    State::Failed(Python::attach(|py| to_exception(py, &error, During::Work)))
                }
            };
        }
        match &*state {
            State::Decoded(image) => Ok(Arc::clone(image)),
            State::Failed(error) => Err(Python::attach(|py| error.clone_ref(py))),
            State::Encoded(_) => Err(PyValueError::new_err("decoding was given up")),
        }
    }
}

/// One clear entry among opaque ones is its index, anything else the alphas: as Pillow has it.
fn set_palette_transparency(dict: &Bound<'_, PyDict>, alpha: &[u8]) -> PyResult<()> {
    let clear = alpha.iter().position(|&a| a == 0);
    let opaque = alpha.iter().filter(|&&a| a == 255).count();
    match clear {
        Some(index) if opaque == alpha.len() - 1 => dict.set_item("transparency", index),
        _ => dict.set_item("transparency", PyBytes::new(dict.py(), alpha)),
    }
}

/// The format that the first bytes of a file belong to.
#[pyfunction]
pub(crate) fn sniff(prefix: &[u8]) -> Option<&'static str> {
    Format::sniff(prefix).map(Format::name)
}

/// Writes `data` to the file at `path`, whole or not at all.
#[pyfunction]
pub(crate) fn write_file(py: Python<'_>, path: PathBuf, data: &[u8]) -> PyResult<()> {
    py.detach(|| pilaf::io::replace_file(&path, data)).or_raise(py, During::Work)
}
