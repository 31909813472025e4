//! The header of one image, as a block of text or a line of JSON.

use std::fmt::Write;

use pilaf::{Info, Orientation};
use serde::Serialize;

use crate::failure::Failure;
use crate::input::Input;

/// What `pilaf info` tells of an image. The field names are those of the JSON object.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    path: String,
    format: &'static str,
    width: u32,
    height: u32,
    mode: String,
    bits: u8,
    /// The EXIF value, 1 to 8.
    orientation: u8,
    frames: u32,
    progressive: bool,
    /// Pixels per inch, across and down.
    dpi: Option<(f64, f64)>,
    icc_bytes: Option<usize>,
    exif_bytes: Option<usize>,
    /// Of the encoded image.
    file_bytes: u64,
}

impl Report {
    pub(super) fn new(input: &Input, info: &Info, file_bytes: u64) -> Self {
        Self {
            path: input.to_string(),
            format: info.format.name(),
            width: info.width,
            height: info.height,
            mode: info.mode.to_string(),
            bits: info.bits,
            orientation: info.orientation.to_exif(),
            frames: info.frames,
            progressive: info.progressive,
            dpi: info.metadata.dpi,
            icc_bytes: info.metadata.icc_profile.as_ref().map(Vec::len),
            exif_bytes: info.metadata.exif.as_ref().map(Vec::len),
            file_bytes,
        }
    }

    /// A block of lines for a person.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.path);
        for (label, value) in self.lines() {
            writeln!(text, "  {label:<12} {value}").expect("writing to a String cannot fail");
        }
        text
    }

    /// Labels and values; what an image does not have is left out.
    fn lines(&self) -> Vec<(&'static str, String)> {
        let Self { width, height, .. } = self;
        let mut lines = vec![
            ("format", self.format.to_owned()),
            ("size", format!("{width} x {height} pixels")),
            ("mode", format!("{}, {} bits a sample", self.mode, self.bits)),
        ];
        if self.orientation != Orientation::Normal.to_exif() {
            lines.push(("orientation", self.displayed()));
        }
        if self.frames != 1 {
            lines.push(("frames", self.frames.to_string()));
        }
        if self.progressive {
            lines.push(("progressive", "yes".to_owned()));
        }
        lines.extend(self.dpi.map(|(x, y)| ("dpi", format!("{x:.0} x {y:.0}"))));
        lines.extend(self.icc_bytes.map(|n| ("ICC profile", format!("{n} bytes"))));
        lines.extend(self.exif_bytes.map(|n| ("EXIF", format!("{n} bytes"))));
        lines.push(("file", format!("{} bytes", self.file_bytes)));
        lines
    }

    /// The orientation, and the size that a viewer shows.
    fn displayed(&self) -> String {
        let value = self.orientation;
        let swaps = Orientation::from_exif(value.into()).is_some_and(Orientation::swaps_axes);
        let (width, height) =
            if swaps { (self.height, self.width) } else { (self.width, self.height) };
        format!("{value}, displayed as {width} x {height}")
    }
}

/// One line, also for a failure.
pub(super) fn json(result: &Result<Report, Failure>) -> String {
    let line = match result {
        Ok(report) => serde_json::to_string(report),
        Err(failure) => serde_json::to_string(&FailureReport::new(failure)),
    };
    line.expect("plain structs have a JSON form") + "\n"
}

#[derive(Serialize)]
struct FailureReport<'a> {
    path: &'a str,
    error: ErrorReport<'a>,
}

#[derive(Serialize)]
struct ErrorReport<'a> {
    kind: &'static str,
    message: &'a str,
    offset: Option<u64>,
    help: Option<String>,
    /// Of an input that ends within its header.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_bytes: Option<u64>,
}

impl<'a> FailureReport<'a> {
    fn new(failure: &'a Failure) -> Self {
        let error = ErrorReport {
            kind: failure.error.kind().as_str(),
            message: failure.message(),
            offset: failure.error.offset(),
            help: failure.help(),
            missing_bytes: failure.error.missing_bytes(),
        };
        Self { path: failure.subject(), error }
    }
}
