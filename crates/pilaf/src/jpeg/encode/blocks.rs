//! Planes of samples to coefficients, and the blocks that only fill MCUs.

use std::ops::Range;

use super::frame::{BLOCK, Component, Frame};
use super::rows::Plane;
use crate::jpeg::dct::fdct::{Coefficients, Fdct};
use crate::simd::Level;

/// Coefficients of one component for some MCUs, row by row.
pub(super) struct Blocks {
    pub(super) blocks: Vec<Coefficients>,
    pub(super) stride: usize,
}

impl Blocks {
    /// Room for `mcus` across and down.
    pub(super) fn new(component: &Component, mcus: (usize, usize)) -> Self {
        let (stride, rows) = (mcus.0 * component.mcu.0, mcus.1 * component.mcu.1);
        Self { blocks: vec![Coefficients::of_dc(0); stride * rows], stride }
    }

    fn row(&mut self, row: usize) -> &mut [Coefficients] {
        &mut self.blocks[row * self.stride..][..self.stride]
    }
}

/// The transforms of all components.
pub(super) struct Transforms(Vec<Fdct>);

impl Transforms {
    pub(super) fn new(level: Level, frame: &Frame) -> Self {
        let transform = |component: &Component| {
            Fdct::new(level, &frame.tables[usize::from(component.quant_table)].values)
        };
        Self(frame.components.iter().map(transform).collect())
    }

    /// Transforms MCUs `mcus` of row `mcu_row` of component `index` into the rows of `out` from
    /// `out_row`, from its first column.
    ///
    /// Blocks outside the picture have no AC coefficients and the DC coefficient of the block
    /// before them in the MCU, which costs the fewest bits.
    pub(super) fn run(
        &self,
        (index, component): (usize, &Component),
        plane: &Plane,
        (mcus, mcu_row): (Range<usize>, usize),
        (out, out_row): (&mut Blocks, usize),
    ) {
        let (across, down) = component.mcu;
        let (first, last) = (mcus.start * across, mcus.end * across);
        let real = component.blocks.0.min(last) - first;
        for row in 0..down {
            if mcu_row * down + row < component.blocks.1 {
                let line = &mut out.row(out_row + row)[..last - first];
                let samples = &plane.samples[row * BLOCK * plane.stride + first * BLOCK..];
                let (inside, outside) = line.split_at_mut(real);
                self.0[index].transform_row(samples, plane.stride, inside);
                outside.fill(Coefficients::of_dc(inside[real - 1].values[0]));
            } else {
                let (above, below) = out.blocks.split_at_mut((out_row + row) * out.stride);
                let above = &above[above.len() - out.stride..][..last - first];
                for (mcu, last_above) in
                    below.chunks_exact_mut(across).zip(above.chunks_exact(across))
                {
                    mcu.fill(Coefficients::of_dc(last_above[across - 1].values[0]));
                }
            }
        }
    }
}
