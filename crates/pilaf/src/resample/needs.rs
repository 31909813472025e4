//! How much memory a resize takes beside its source and target, known before any of it is asked
//! for. It is taken in many pieces, which could not be refused one by one.

use super::Filter;
use super::method::Method;
use super::plan::Geometry;
use super::weights::Spacing;
use crate::error::Result;
use crate::image::{Mode, Sample, buffer};

/// Bytes for the weights of an output while they are packed, beside those for its taps. The most
/// that was seen is 321 with 3 taps, for light.
const OUTPUT: usize = 256;

/// Bytes for the weight of a tap while it is packed. Of 16-bit samples, it is an `f64` three times
/// over, and six digits.
const TAP: usize = 40;

/// Rows beside those of a window: groups that are pushed, wait, are turned, or are resampled last.
const ROWS: usize = 64;

/// Bytes that a line may have beside its samples.
const LINE: usize = 256;

/// Bytes for a sample of the longest window, where samples become numbers: twice 16 rows of `f64`.
const NUMBER: usize = 256;

/// Bytes, rather too many than too few: a test makes resizes with no byte more than these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    /// The weights of both axes while they are packed. About a quarter is kept.
    pub(crate) plan: usize,
    /// Rows between the passes, and what these work with; again for each thread.
    pub(crate) rows: usize,
}

impl Needs {
    pub(crate) fn new(mode: Mode, geometry: &Geometry, method: Method) -> Self {
        let filter = match method {
            Method::Pillow(filter) | Method::Light(filter) | Method::Torch(filter) => filter,
            Method::OpencvArea | Method::OpencvLinear => Filter::Box,
        };
        let (source, extent, size) = (geometry.source, geometry.horizontal(), geometry.size);
        let columns = Spacing::new(source.0, extent, size.0, filter).most_taps();
        let rows = Spacing::new(source.1, geometry.vertical(), size.1, filter).most_taps();
        let axis = |size: u32, taps: usize| (size as usize).saturating_mul(OUTPUT + taps * TAP);
        let plan = axis(size.0, columns).saturating_add(axis(size.1, rows));

        let is_narrow =
            matches!(method, Method::Pillow(_) | Method::Torch(_)) && mode.sample() == Sample::U8;
        let (sample, number) = if is_narrow { (1, 0) } else { (4, NUMBER) };
        let line = |width: u32| width as usize * mode.bands() * sample + LINE;
        let between = if geometry.vertical_first() { source.0 } else { size.0 };
        let rows = rows.saturating_mul(line(between)) + ROWS * line(source.0.max(size.0));
        let rows = rows.saturating_add(columns * mode.bands() * number);
        Self { plan, rows }
    }

    /// Asks whether there is as much for some threads, and `target` bytes more.
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) if there is not.
    pub(crate) fn ask(&self, threads: usize, target: usize) -> Result<()> {
        let rows = self.rows.saturating_mul(threads);
        buffer::ask(rows.saturating_add(self.plan).saturating_add(target))
    }
}
