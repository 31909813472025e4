//! Options of the encoders, as the Python layer hands them over.

use pilaf::jpeg::{QuantTable, RestartInterval};
use pilaf::{Chunk, EncodeOptions, Subsampling, Transparency};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Keyword arguments of `Image.save` in the engine's terms; what is absent or None has its default.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    quality: Option<u8>,
    /// 0, 1 or 2 for 4:4:4, 4:2:2 and 4:2:0, as libjpeg's users number them.
    #[pyo3(default)]
    subsampling: Option<u8>,
    /// Quantization tables, row by row; a quality scales them.
    #[pyo3(default)]
    qtables: Option<Vec<[u16; 64]>>,
    #[pyo3(default)]
    restart_marker_blocks: Option<u16>,
    /// Goes before `restart_marker_blocks`.
    #[pyo3(default)]
    restart_marker_rows: Option<u16>,
    #[pyo3(default)]
    keep_rgb: bool,
    #[pyo3(default)]
    progressive: bool,
    #[pyo3(default)]
    optimize: bool,
    #[pyo3(default)]
    compress_level: Option<u8>,
    #[pyo3(default)]
    bits: Option<u8>,
    #[pyo3(default)]
    icc_profile: Option<Vec<u8>>,
    #[pyo3(default)]
    exif: Option<Vec<u8>>,
    #[pyo3(default)]
    xmp: Option<Vec<u8>>,
    #[pyo3(default)]
    dpi: Option<(f64, f64)>,
    #[pyo3(default)]
    comment: Option<Vec<u8>>,
    #[pyo3(default)]
    transparency: Option<Transparent>,
    /// Type, contents and whether it stands behind the pixels.
    #[pyo3(default)]
    chunks: Vec<([u8; 4], Vec<u8>, bool)>,
}

/// Alphas of a palette, a grey or a colour.
#[derive(FromPyObject)]
enum Transparent {
    Palette(Vec<u8>),
    Rgb((u16, u16, u16)),
    Grey(u16),
}

impl From<Transparent> for Transparency {
    fn from(transparent: Transparent) -> Self {
        match transparent {
            Transparent::Palette(alpha) => Self::Palette(alpha),
            Transparent::Rgb((r, g, b)) => Self::Rgb([r, g, b]),
            Transparent::Grey(grey) => Self::Grey(grey),
        }
    }
}

impl TryFrom<Options> for EncodeOptions {
    type Error = PyErr;

    fn try_from(from: Options) -> PyResult<Self> {
        let mut to = Self::default();
        to.quality = from.quality.unwrap_or(to.quality);
        to.quant_tables = quant_tables(from.qtables.unwrap_or_default(), from.quality);
        to.restarts = match (from.restart_marker_rows, from.restart_marker_blocks) {
            (Some(rows), _) => RestartInterval::Rows(rows),
            (None, Some(mcus)) => RestartInterval::Mcus(mcus),
            (None, None) => RestartInterval::None,
        };
        to.keep_rgb = from.keep_rgb;
        to.subsampling = match from.subsampling {
            None => None,
            Some(0) => Some(Subsampling::S444),
            Some(1) => Some(Subsampling::S422),
            Some(2) => Some(Subsampling::S420),
            Some(other) => {
                return Err(PyValueError::new_err(format!("unknown subsampling {other}")));
            }
        };
        to.progressive = from.progressive;
        to.optimize = from.optimize;
        to.compress_level = from.compress_level.unwrap_or(to.compress_level);
        to.bits = from.bits.unwrap_or(to.bits);
        to.icc_profile = from.icc_profile;
        to.exif = from.exif;
        to.xmp = from.xmp;
        to.dpi = from.dpi;
        to.comment = from.comment;
        to.transparency = from.transparency.map(Transparency::from);
        let chunk = |(kind, data, behind_pixels)| Chunk { kind, data, behind_pixels };
        to.chunks = from.chunks.into_iter().map(chunk).collect();
        Ok(to)
    }
}

/// Tables as they are, or scaled by a quality that was given with them.
fn quant_tables(tables: Vec<[u16; 64]>, quality: Option<u8>) -> Vec<QuantTable> {
    let tables = tables.into_iter().map(|values| QuantTable { values });
    tables.map(|table| quality.map_or(table, |quality| table.scaled(quality))).collect()
}
