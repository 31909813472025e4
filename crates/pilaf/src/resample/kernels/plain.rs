//! The level without vector instructions: a line is a row, and a unit is a tap.

use super::super::scalar;
use super::super::weights::Weights;
use super::{Axis, Kernels, Rows, Scratch};

/// The scalar specification, row by row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain;

/// Weights, and the longest window.
#[derive(Debug)]
pub(crate) struct PlainAxis {
    weights: Weights<i32>,
    units: usize,
}

impl Axis for PlainAxis {
    fn first_unit(&self, index: usize) -> usize {
        self.weights.windows()[index].start
    }

    fn units(&self) -> usize {
        self.units
    }
}

impl Kernels for Plain {
    type Across = PlainAxis;
    type Down = PlainAxis;
    const LINE_ROWS: usize = 1;
    const GROUP: usize = 1;

    fn pack_across(self, weights: &Weights<i32>, _: usize) -> Option<PlainAxis> {
        self.pack_down(weights)
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<PlainAxis> {
        let units = weights.windows().iter().map(|window| window.taps).max().unwrap_or(0);
        Some(PlainAxis { weights: weights.clone(), units })
    }

    fn line_bytes(self, columns: usize) -> usize {
        columns
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &PlainAxis,
        _: &mut Scratch,
        lines: &mut [u8],
    ) {
        scalar::resample_row(rows.row(0), lines, bands, &axis.weights);
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        lines.copy_from_slice(rows.row(0));
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &PlainAxis, index: usize, target: &mut [u8]) {
        let window = &axis.weights.windows()[index];
        let row = |y: usize| lines[y - window.start];
        scalar::combine_rows(row, target, window, axis.weights.of(window), &mut Vec::new());
    }

    fn extract_row(self, line: &[u8], _: usize, target: &mut [u8]) {
        target.copy_from_slice(line);
    }
}
