//! Samples of each component for the rows of MCUs at hand.

use super::geometry::{Geometry, Scaled, ScaledComponent};
use crate::jpeg::dct::idct::{BlockRow, Idct};

/// A window on the planes: one row of MCUs, and above it the two row groups that upsampling may
/// still need, if it does. A row group is what becomes `max_v` rows of the picture.
pub(super) struct PlaneWindow {
    pub(super) planes: Vec<Plane>,
}

/// The window on one component.
pub(super) struct Plane {
    component: ScaledComponent,
    samples: Vec<u8>,
    /// Samples from one row to the next.
    stride: usize,
    /// Rows before those of the current row of MCUs.
    carried: usize,
    /// Rows of a row of MCUs.
    band_rows: usize,
    /// Number in its component of the first row of the current row of MCUs.
    first_row: usize,
}

impl PlaneWindow {
    /// Bytes that a window takes.
    pub(super) fn bytes(geometry: &Geometry, scaled: &Scaled) -> u64 {
        let plane = |index: usize| {
            let component = &scaled.components[index];
            let rows = component.group_rows * (scaled.block_size + 2);
            (geometry.components[index].blocks_wide * component.block_size * rows) as u64
        };
        (0..scaled.components.len()).map(plane).sum()
    }

    pub(super) fn new(geometry: &Geometry, scaled: &Scaled, needs_context: bool) -> Self {
        let plane =
            |(component, coded): (&ScaledComponent, &super::geometry::ComponentGeometry)| {
                let stride = coded.blocks_wide * component.block_size;
                let carried = if needs_context { 2 * component.group_rows } else { 0 };
                let band_rows = component.group_rows * scaled.block_size;
                let samples = vec![0; stride * (carried + band_rows)];
                Plane { component: *component, samples, stride, carried, band_rows, first_row: 0 }
            };
        Self { planes: scaled.components.iter().zip(&geometry.components).map(plane).collect() }
    }

    /// Moves on to the row of MCUs `mcu_row`, keeping the last rows of the one before.
    pub(super) fn start_mcu_row(&mut self, mcu_row: usize) {
        for plane in &mut self.planes {
            let kept = plane.band_rows * plane.stride..plane.samples.len();
            plane.samples.copy_within(kept, 0);
            plane.first_row = mcu_row * plane.band_rows;
        }
    }
}

impl Plane {
    /// Transforms blocks of block row `y` of the current row of MCUs, from column `x` of blocks on.
    pub(super) fn transform(
        &mut self,
        idct: &Idct,
        (y, x): (usize, usize),
        row: &mut impl BlockRow,
    ) {
        let size = self.component.block_size;
        let top = self.carried + y * size;
        idct.transform(row, &mut self.samples[top * self.stride + x * size..], self.stride);
    }

    /// Makes one sample of `count` blocks of block row `y` of the current row of MCUs, from column `x` of blocks on.
    pub(super) fn fill(&mut self, (y, x): (usize, usize), count: usize, sample: u8) {
        let size = self.component.block_size;
        let rows = self.samples.chunks_exact_mut(self.stride).skip(self.carried + y * size);
        rows.take(size).for_each(|row| row[x * size..][..count * size].fill(sample));
    }

    /// Row `y` of the component, or the nearest that belongs to the picture, without padding.
    pub(super) fn row(&self, y: isize) -> &[u8] {
        let y = y.clamp(0, self.component.height as isize - 1) as usize;
        let index = y + self.carried - self.first_row;
        &self.samples[index * self.stride..][..self.component.width]
    }

    /// Row `y` of the component with what is padding of its last block.
    pub(super) fn padded_row(&self, y: usize) -> &[u8] {
        &self.samples[(y + self.carried - self.first_row) * self.stride..][..self.stride]
    }

    /// The rows of the current row of MCUs that belong to the picture: the number of the first,
    /// the samples, their stride and their width.
    pub(super) fn band(&self) -> (usize, &[u8], usize, usize) {
        let rows = self.band_rows.min(self.component.height.saturating_sub(self.first_row));
        let samples = &self.samples[self.carried * self.stride..][..rows * self.stride];
        (self.first_row, samples, self.stride, self.component.width)
    }
}
