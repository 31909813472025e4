//! Where decoded rows go.

use crate::error::Result;
use crate::image::buffer;

/// Takes the rows of a picture, some at a time from the top.
///
/// A sink lends the space that the decoder writes to, so that rows need not be copied.
pub trait RowSink {
    /// Space for rows `first` to `first + count`, packed one behind the other.
    ///
    /// Rows come in order without gaps, each once. The length must be `count` times that of a
    /// row; the content does not matter.
    fn lend(&mut self, first: u32, count: u32) -> Result<&mut [u8]>;

    /// The rows that were lent are written.
    fn accept(&mut self, first: u32, count: u32) -> Result<()>;
}

/// Takes the planes of a picture at the resolution of each component, some rows at a time.
pub trait PlaneSink {
    /// Rows of component `component` from `first` on: the first `width` bytes of every `stride`.
    fn accept(&mut self, component: usize, first: u32, rows: PlaneRows<'_>) -> Result<()>;
}

/// Some rows of a plane.
#[derive(Clone, Copy, Debug)]
pub struct PlaneRows<'s> {
    samples: &'s [u8],
    stride: usize,
    width: usize,
}

impl<'s> PlaneRows<'s> {
    pub(super) fn new(samples: &'s [u8], stride: usize, width: usize) -> Self {
        Self { samples, stride, width }
    }

    /// Samples in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The rows as they lie: `width` samples every `stride`.
    pub fn samples(&self) -> &'s [u8] {
        self.samples
    }

    /// Samples from the start of a row to the start of the next.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The rows from the top.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'s [u8]> {
        let width = self.width;
        self.samples.chunks(self.stride).map(move |row| &row[..width])
    }
}

/// Rows of a whole picture in memory.
pub(crate) struct Canvas {
    pub(crate) data: Vec<u8>,
    row_bytes: usize,
    first: u32,
}

impl Canvas {
    /// A canvas of zeros, of `rows` rows of which row `first` of the picture is the first.
    pub(crate) fn new(row_bytes: usize, first: u32, rows: u32) -> Result<Self> {
        Ok(Self { data: buffer::zeros(row_bytes * rows as usize)?, row_bytes, first })
    }
}

impl RowSink for Canvas {
    fn lend(&mut self, first: u32, count: u32) -> Result<&mut [u8]> {
        let start = (first - self.first) as usize * self.row_bytes;
        Ok(&mut self.data[start..start + count as usize * self.row_bytes])
    }

    fn accept(&mut self, _first: u32, _count: u32) -> Result<()> {
        Ok(())
    }
}
