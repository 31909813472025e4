//! The two passes, row by row: the obvious way, for any sample. Tests hold the row engine against
//! it.

use std::ops::Range;

use super::Filter;
use super::plan::Geometry;
use super::scalar;
use super::weights::{Weights, Window};

/// How the samples of one kind are combined.
pub(crate) trait Passes {
    /// A weight as the sums take it.
    type Weight;
    /// A sum of weighted samples.
    type Sum;

    /// Brings weights into the form that the sums take.
    fn prepare(weights: Weights<f64>) -> Weights<Self::Weight>;

    /// Makes a row of `weights.len()` pixels from a source row.
    fn resample_row(
        source: &[u8],
        target: &mut [u8],
        bands: usize,
        weights: &Weights<Self::Weight>,
    );

    /// Makes a row from the rows of a window.
    fn combine_rows<'a>(
        row: impl Fn(usize) -> &'a [u8],
        target: &mut [u8],
        window: &Window,
        values: &[Self::Weight],
        sums: &mut Vec<Self::Sum>,
    );
}

/// The passes over 8-bit samples.
pub(crate) struct Narrow;

impl Passes for Narrow {
    type Weight = i32;
    type Sum = i32;

    fn prepare(weights: Weights<f64>) -> Weights<i32> {
        weights.to_fixed()
    }

    fn resample_row(source: &[u8], target: &mut [u8], bands: usize, weights: &Weights<i32>) {
        scalar::resample_row(source, target, bands, weights);
    }

    fn combine_rows<'a>(
        row: impl Fn(usize) -> &'a [u8],
        target: &mut [u8],
        window: &Window,
        values: &[i32],
        sums: &mut Vec<i32>,
    ) {
        scalar::combine_rows(row, target, window, values, sums);
    }
}

/// Packed pixels of `bands` samples of `sample_bytes` each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) bands: usize,
    pub(crate) sample_bytes: usize,
}

impl Layout {
    fn row_bytes(self, width: u32) -> usize {
        width as usize * self.bands * self.sample_bytes
    }
}

/// Weights of both axes, and everything else that can be known before the first row.
#[derive(Debug)]
pub(crate) struct Plan<W> {
    layout: Layout,
    geometry: Geometry,
    horizontal: Option<Weights<W>>,
    vertical: Option<Weights<W>>,
}

impl<W> Plan<W> {
    pub(crate) fn new<P: Passes<Weight = W>>(
        layout: Layout,
        geometry: &Geometry,
        filter: Filter,
    ) -> Self {
        Self {
            layout,
            geometry: *geometry,
            horizontal: geometry.horizontal_weights(filter, Weights::build).map(P::prepare),
            vertical: geometry.vertical_weights(filter, Weights::build).map(P::prepare),
        }
    }

    /// Bytes of a target row.
    pub(crate) fn target_bytes(&self) -> usize {
        self.layout.row_bytes(self.geometry.size.0)
    }

    /// Makes the rows `rows` of the target from packed pixels, into `target`, which holds exactly
    /// those.
    ///
    /// Between the passes lie no more rows than one vertical window spans.
    pub(crate) fn run<P: Passes<Weight = W>>(
        &self,
        source: &[u8],
        rows: Range<usize>,
        target: &mut [u8],
    ) {
        let row_bytes = self.layout.row_bytes(self.geometry.source.0);
        let source = |y: usize| &source[y * row_bytes..][..row_bytes];
        let target = rows.zip(target.chunks_exact_mut(self.target_bytes()));
        let bands = self.layout.bands;
        let mut sums = Vec::new();
        match (&self.horizontal, &self.vertical) {
            (None, None) => target.for_each(|(y, target)| target.copy_from_slice(source(y))),
            (Some(weights), None) => {
                target.for_each(|(y, target)| P::resample_row(source(y), target, bands, weights));
            }
            (None, Some(weights)) => {
                target.for_each(|(y, row)| combine::<P>(source, row, y, weights, &mut sums));
            }
            (Some(horizontal), Some(vertical)) if self.geometry.vertical_first() => {
                let mut between = vec![0; row_bytes];
                for (y, target) in target {
                    combine::<P>(source, &mut between, y, vertical, &mut sums);
                    P::resample_row(&between, target, bands, horizontal);
                }
            }
            (Some(horizontal), Some(vertical)) => {
                let mut ring = Ring::new(vertical, self.target_bytes());
                for (y, target) in target {
                    ring.fill(&vertical.windows()[y], |y, between| {
                        P::resample_row(source(y), between, bands, horizontal);
                    });
                    combine::<P>(|y| ring.row(y), target, y, vertical, &mut sums);
                }
            }
        }
    }
}

/// Makes row `y` of the target.
fn combine<'a, P: Passes>(
    row: impl Fn(usize) -> &'a [u8],
    target: &mut [u8],
    y: usize,
    weights: &Weights<P::Weight>,
    sums: &mut Vec<P::Sum>,
) {
    let window = &weights.windows()[y];
    P::combine_rows(row, target, window, weights.of(window), sums);
}

/// The rows of one vertical window: row `y` lies at `y` modulo the longest window.
struct Ring {
    rows: Vec<u8>,
    row_bytes: usize,
    count: usize,
    /// One past the last row that was made.
    end: usize,
}

impl Ring {
    fn new<T>(weights: &Weights<T>, row_bytes: usize) -> Self {
        let count = weights.windows().iter().map(|window| window.taps).max().unwrap_or(0).max(1);
        Self { rows: vec![0; count * row_bytes], row_bytes, count, end: 0 }
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.rows[y % self.count * self.row_bytes..][..self.row_bytes]
    }

    /// Makes the rows of `window` that are not there yet.
    fn fill(&mut self, window: &Window, mut make: impl FnMut(usize, &mut [u8])) {
        for y in self.end.max(window.start)..window.end() {
            make(y, &mut self.rows[y % self.count * self.row_bytes..][..self.row_bytes]);
        }
        self.end = self.end.max(window.end());
    }
}
