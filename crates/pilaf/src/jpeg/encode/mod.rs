//! Encoding: from rows of pixels, or of component samples, to a JPEG file.
//!
//! ```text
//! rows -> colour, downsampling -> row of MCUs -> DCT, quantization -> coefficients -> Huffman -> bytes
//! ```
//!
//! The bytes are those that libjpeg-turbo 3.2 writes for the same pixels and options with its
//! accurate DCT, and so those of Pillow 13. With the standard Huffman tables a file is written
//! row of MCUs by row of MCUs, and needs memory for one of them and for the file; with tables made
//! for the picture and for progressive files all coefficients are kept.

mod blocks;
mod frame;
mod huffman;
mod markers;
mod options;
mod quantization;
mod rows;
mod scan_coder;
mod scans;

#[cfg(test)]
mod tests;

pub use options::{EncoderOptions, EntropyCoding, Pixels, Quantization, RestartInterval};

use blocks::{Blocks, Transforms};
use frame::Frame;
use rows::Rows;
use scan_coder::{Restarts, ScanWriter, SequentialWriter, code_mcus, scan_start, standard_specs};
use scans::{Scan, progression};

use super::marker::code;
use crate::error::{Error, Result};
use crate::simd::Level;

/// MCUs that are transformed, then coded, at a time: their coefficients stay in the first-level
/// cache.
const CHUNK: usize = 16;

/// Writes one JPEG file from rows that are pushed from top to bottom.
///
/// ```
/// use pilaf::jpeg::{Encoder, EncoderOptions, Pixels};
///
/// let mut encoder = Encoder::new((32, 20), Pixels::Rgb, &EncoderOptions::default())?;
/// for y in 0..20 {
///     encoder.push_rows(&[y * 12; 32 * 3])?;
/// }
/// let jpeg = encoder.finish()?;
/// assert_eq!(pilaf::open(&jpeg)?.info().size(), (32, 20));
/// # Ok::<(), pilaf::Error>(())
/// ```
pub struct Encoder {
    frame: Frame,
    rows: Rows,
    row_bytes: usize,
    /// Rows of each component that were pushed: all the same if pixels are.
    pushed: Vec<usize>,
    /// Whether rows come as samples of one component, not as pixels, once that is known.
    by_component: Option<bool>,
    transforms: Transforms,
    /// Rows of MCUs that are transformed.
    mcu_row: usize,
    restarts: RestartInterval,
    stage: Stage,
}

/// Where coefficients go.
enum Stage {
    /// Coded at once, some MCUs at a time.
    Streaming { writer: Box<SequentialWriter>, restarts: Restarts, chunk: Vec<Blocks> },
    /// Kept for several passes; `out` is the file so far.
    Collecting { out: Vec<u8>, blocks: Vec<Blocks> },
}

impl Encoder {
    /// An encoder for a picture of `size` pixels, 1 to 65535 across and down.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a size that JPEG cannot state and for
    /// options that contradict each other.
    pub fn new(size: (u32, u32), pixels: Pixels, options: &EncoderOptions) -> Result<Self> {
        Self::with_level(Level::get(), size, pixels, options)
    }

    fn with_level(
        level: Level,
        size: (u32, u32),
        pixels: Pixels,
        options: &EncoderOptions,
    ) -> Result<Self> {
        options.check(pixels)?;
        let frame = Frame::new(checked_size(size)?, pixels, options);
        let mut out = Vec::with_capacity(size.0 as usize * size.1 as usize / 8 + 1024);
        markers::file_header(&frame, options.density, &mut out);
        for (code, contents) in &options.segments {
            markers::segment(*code, contents, &mut out);
        }
        markers::frame_header(&frame, &mut out);
        Ok(Self {
            rows: Rows::new(level, pixels, &frame),
            row_bytes: size.0 as usize * pixels.bytes(),
            pushed: vec![0; frame.components.len()],
            by_component: None,
            transforms: Transforms::new(level, &frame),
            mcu_row: 0,
            restarts: options.restarts,
            stage: Stage::new(&frame, options, out),
            frame,
        })
    }

    /// Takes in one or more whole rows of pixels without padding.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a part of a row, and for more rows than the
    /// picture has.
    pub fn push_rows(&mut self, pixels: &[u8]) -> Result<()> {
        self.settle(false)?;
        let (count, height) = (pixels.len() / self.row_bytes, usize::from(self.frame.size.1));
        if !pixels.len().is_multiple_of(self.row_bytes) {
            let (length, row) = (pixels.len(), self.row_bytes);
            return Err(Error::parameter(format!("{length} bytes are no rows of {row} bytes")));
        }
        if self.pushed[0] + count > height {
            return Err(Error::parameter(format!("the picture has only {height} rows")));
        }
        for row in pixels.chunks_exact(self.row_bytes) {
            self.rows.push_pixels(row);
            if self.rows.is_full() {
                self.encode_mcu_row();
            }
        }
        self.pushed.iter_mut().for_each(|pushed| *pushed += count);
        Ok(())
    }

    /// Columns and rows of a component's samples: those of the picture, or half of them, rounded
    /// up.
    ///
    /// # Panics
    ///
    /// When there is no such component.
    pub fn component_size(&self, component: usize) -> (usize, usize) {
        self.frame.components[component].size
    }

    /// Takes in a row of samples of one component, at the component's own resolution, in place of
    /// pixels. Components take turns: none may be a row of MCUs, which is
    /// [`mcu_rows`](Self::mcu_rows) rows, ahead of the others.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a component that does not exist, a row of
    /// another length, more rows than there are, and rows too far ahead.
    pub fn push_samples(&mut self, component: usize, samples: &[u8]) -> Result<()> {
        self.settle(true)?;
        let Some(of) = self.frame.components.get(component) else {
            return Err(Error::parameter(format!("there is no component {component}")));
        };
        let (width, height) = of.size;
        if samples.len() != width {
            let length = samples.len();
            return Err(Error::parameter(format!("a row has {width} samples, not {length}")));
        }
        if self.pushed[component] == height {
            return Err(Error::parameter(format!("component {component} has only {height} rows")));
        }
        if !self.rows.has_room(component) {
            return Err(Error::parameter(format!("component {component} is too far ahead"))
                .with_help("push the rows of the others first"));
        }
        self.rows.push_samples(component, samples);
        self.pushed[component] += 1;
        if self.rows.is_full() {
            self.encode_mcu_row();
        }
        Ok(())
    }

    /// Rows come in one form only.
    fn settle(&mut self, by_component: bool) -> Result<()> {
        match *self.by_component.get_or_insert(by_component) == by_component {
            true => Ok(()),
            false => Err(Error::parameter("rows of pixels and of samples cannot be mixed")),
        }
    }

    /// Rows of a component in a row of MCUs: 8 or 16.
    ///
    /// # Panics
    ///
    /// When there is no such component.
    pub fn mcu_rows(&self, component: usize) -> usize {
        self.frame.components[component].mcu.1 * frame::BLOCK
    }

    /// The finished file.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when rows are missing.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        for (component, &pushed) in self.frame.components.iter().zip(&self.pushed) {
            let rows = component.size.1;
            if pushed < rows {
                return Err(Error::parameter(format!("only {pushed} of {rows} rows were pushed")));
            }
        }
        if self.mcu_row < self.frame.mcus.1 {
            self.rows.fill_down();
            self.encode_mcu_row();
        }
        let mut out = match self.stage {
            Stage::Streaming { writer, .. } => writer.finish(),
            Stage::Collecting { out, blocks } => {
                let (frame, restarts) = (&self.frame, self.restarts);
                let mut writer = ScanWriter { frame, blocks: &blocks, restarts, stated: 0, out };
                match frame.progressive {
                    true => {
                        progression(frame).iter().for_each(|scan| writer.write_progressive(scan))
                    }
                    false => writer.write_optimized(),
                }
                writer.out
            }
        };
        markers::marker(code::EOI, &mut out);
        Ok(out)
    }

    /// Transforms the row of MCUs that is there, and codes it or keeps it.
    fn encode_mcu_row(&mut self) {
        let (frame, row) = (&self.frame, self.mcu_row);
        let transform = |mcus: std::ops::Range<usize>, blocks: &mut [Blocks], to: usize| {
            let planes = self.rows.planes.iter().zip(blocks);
            for (component, (plane, blocks)) in frame.components.iter().enumerate().zip(planes) {
                let out_row = to * component.1.mcu.1;
                self.transforms.run(component, plane, (mcus.clone(), row), (blocks, out_row));
            }
        };
        match &mut self.stage {
            Stage::Collecting { blocks, .. } => transform(0..frame.mcus.0, blocks, row),
            Stage::Streaming { writer, restarts, chunk } => {
                for first in (0..frame.mcus.0).step_by(CHUNK) {
                    let last = (first + CHUNK).min(frame.mcus.0);
                    transform(first..last, chunk, 0);
                    code_mcus(frame, chunk, (0..last - first, 0), restarts, writer.as_mut());
                }
            }
        }
        self.rows.clear();
        self.mcu_row += 1;
    }
}

impl Stage {
    /// The first stage of a file whose header is in `out`.
    fn new(frame: &Frame, options: &EncoderOptions, mut out: Vec<u8>) -> Self {
        let room = |mcus| frame.components.iter().map(|c| Blocks::new(c, mcus)).collect();
        if options.coding != EntropyCoding::Standard {
            return Self::Collecting { out, blocks: room(frame.mcus) };
        }
        let (scan, specs) = (Scan::sequential(frame), standard_specs());
        let restarts = Restarts::new(options.restarts, frame.mcus.0);
        scan_start(frame, &scan, &specs, (restarts, 0), &mut out);
        let writer = Box::new(SequentialWriter::new(&specs, out));
        Self::Streaming { writer, restarts, chunk: room((CHUNK.min(frame.mcus.0), 1)) }
    }
}

/// Width and height as a frame header holds them.
fn checked_size(size: (u32, u32)) -> Result<(u16, u16)> {
    let fits = |side| u16::try_from(side).ok().filter(|&side| side > 0);
    fits(size.0).zip(fits(size.1)).ok_or_else(|| {
        let (width, height) = size;
        Error::parameter(format!("a JPEG is 1x1 to 65535x65535 pixels, not {width}x{height}"))
            .with_help("resize it, or write PNG")
    })
}
