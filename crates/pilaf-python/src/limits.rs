//! `pilaf.Limits`.

use pyo3::prelude::*;

/// Bounds on what one call may spend on one input. Safe for hostile input by default.
///
/// max_pixels: pixels of one frame (178956970).
/// max_bytes: bytes of memory for a decoded image and its working buffers (1 GiB).
/// max_input_bytes: bytes of the encoded input (1 GiB).
/// max_frames: frames of an animation (10000).
/// max_scans: scans of a progressive JPEG (500).
///
/// >>> Limits(max_pixels=1000).max_pixels
/// 1000
#[pyclass(frozen, eq, module = "pilaf")]
#[derive(Clone, PartialEq)]
pub(crate) struct Limits(pub(crate) pilaf::Limits);

#[pymethods]
impl Limits {
    #[new]
    #[pyo3(signature = (*, max_pixels=None, max_bytes=None, max_input_bytes=None, max_frames=None, max_scans=None))]
    fn new(
        max_pixels: Option<u64>,
        max_bytes: Option<u64>,
        max_input_bytes: Option<u64>,
        max_frames: Option<u32>,
        max_scans: Option<u32>,
    ) -> Self {
        let default = pilaf::Limits::default();
        Self(pilaf::Limits {
            max_pixels: max_pixels.unwrap_or(default.max_pixels),
            max_bytes: max_bytes.unwrap_or(default.max_bytes),
            max_input_bytes: max_input_bytes.unwrap_or(default.max_input_bytes),
            max_frames: max_frames.unwrap_or(default.max_frames),
            max_scans: max_scans.unwrap_or(default.max_scans),
        })
    }

    /// No bound but those of the machine. For input that you made yourself.
    #[staticmethod]
    fn none() -> Self {
        Self(pilaf::Limits::none())
    }

    #[getter]
    fn max_pixels(&self) -> u64 {
        self.0.max_pixels
    }

    #[getter]
    fn max_bytes(&self) -> u64 {
        self.0.max_bytes
    }

    #[getter]
    fn max_input_bytes(&self) -> u64 {
        self.0.max_input_bytes
    }

    #[getter]
    fn max_frames(&self) -> u32 {
        self.0.max_frames
    }

    #[getter]
    fn max_scans(&self) -> u32 {
        self.0.max_scans
    }

    fn __repr__(&self) -> String {
        let pilaf::Limits { max_pixels, max_bytes, max_input_bytes, max_frames, max_scans } =
            &self.0;
        format!(
            "Limits(max_pixels={max_pixels}, max_bytes={max_bytes}, \
             max_input_bytes={max_input_bytes}, max_frames={max_frames}, max_scans={max_scans})"
        )
    }
}

/// The engine's limits for an optional argument.
pub(crate) fn or_default(limits: Option<&Limits>) -> pilaf::Limits {
    limits.map_or_else(pilaf::Limits::default, |limits| limits.0.clone())
}
