//! The two passes over a whole image, one after the other: the obvious way, for any sample.

use super::Filter;
use super::plan::Geometry;
#[cfg(test)]
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

/// The passes over 8-bit samples, for tests to hold the row engine against.
#[cfg(test)]
pub(crate) struct Narrow;

#[cfg(test)]
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
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) bands: usize,
    pub(crate) sample_bytes: usize,
}

impl Layout {
    fn row_bytes(self, width: u32) -> usize {
        width as usize * self.bands * self.sample_bytes
    }
}

/// Resizes packed pixels into `target`, which holds exactly `geometry.size` of them.
pub(crate) fn resample<P: Passes>(
    source: &[u8],
    target: &mut [u8],
    layout: Layout,
    geometry: &Geometry,
    filter: Filter,
) {
    let horizontal = geometry.horizontal_weights(filter, Weights::build).map(P::prepare);
    let vertical = geometry.vertical_weights(filter, Weights::build).map(P::prepare);
    let wide_row = layout.row_bytes(geometry.source.0);
    let narrow_row = layout.row_bytes(geometry.size.0);
    match (horizontal, vertical) {
        (None, None) => target.copy_from_slice(source),
        (Some(weights), None) => rows_pass::<P>(source, target, layout, wide_row, &weights),
        (None, Some(weights)) => columns_pass::<P>(source, target, wide_row, &weights, 0),
        (Some(horizontal), Some(vertical)) if geometry.vertical_first() => {
            let mut between = vec![0; wide_row * vertical.len()];
            columns_pass::<P>(source, &mut between, wide_row, &vertical, 0);
            rows_pass::<P>(&between, target, layout, wide_row, &horizontal);
        }
        (Some(horizontal), Some(vertical)) => {
            let (first, last) = vertical.span();
            let mut between = vec![0; narrow_row * (last - first)];
            let used = &source[first * wide_row..last * wide_row];
            rows_pass::<P>(used, &mut between, layout, wide_row, &horizontal);
            columns_pass::<P>(&between, target, narrow_row, &vertical, first);
        }
    }
}

/// Every row on its own: changes the width.
fn rows_pass<P: Passes>(
    source: &[u8],
    target: &mut [u8],
    layout: Layout,
    row_bytes: usize,
    weights: &Weights<P::Weight>,
) {
    let target_bytes = layout.bands * layout.sample_bytes * weights.len();
    let rows = source.chunks_exact(row_bytes).zip(target.chunks_exact_mut(target_bytes));
    for (source, target) in rows {
        P::resample_row(source, target, layout.bands, weights);
    }
}

/// Rows combined with rows: changes the height. `source` begins with row `first`.
fn columns_pass<P: Passes>(
    source: &[u8],
    target: &mut [u8],
    row_bytes: usize,
    weights: &Weights<P::Weight>,
    first: usize,
) {
    let mut sums = Vec::new();
    for (target, (window, values)) in target.chunks_exact_mut(row_bytes).zip(weights.iter()) {
        let row = |y: usize| &source[(y - first) * row_bytes..][..row_bytes];
        P::combine_rows(row, target, window, values, &mut sums);
    }
}
