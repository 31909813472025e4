//! The only scan of a sequential file, decoded by the chunked decoder as long as it is sound.

use super::geometry::Geometry;
use super::output::Output;
use crate::jpeg::dct::idct::Interleaved;
use crate::jpeg::huffman::chunked::{Anomaly, Cell, ChunkedScan, Layout, Mcus, Place};
use crate::jpeg::marker::{Coding, Frame, Input, MarkerReader, Scan};
use crate::simd::Level;

/// A chunked decoder and where its blocks go.
pub(super) struct FastScan<'a> {
    decoder: ChunkedScan<'a>,
    parts: Vec<Part>,
    /// Blocks of an MCU.
    mcu_blocks: usize,
}

/// The blocks of one component in an MCU.
#[derive(Clone, Copy)]
struct Part {
    component: usize,
    /// The first of them.
    first: usize,
    /// Rows and columns that they form.
    v: usize,
    h: usize,
}

impl<'a> FastScan<'a> {
    /// A decoder for `scan`, whose data begin where `markers` stands; `None` if there is no fast way. It takes
    /// the input of `markers`, to be [given back](Self::input).
    ///
    /// The tables must have been checked already.
    pub(super) fn new(
        level: Level,
        frame: &Frame,
        scan: &Scan,
        geometry: &Geometry,
        markers: &mut MarkerReader<'a>,
    ) -> Option<Self> {
        if level == Level::Scalar || frame.coding == Coding::Progressive || frame.arithmetic {
            return None;
        }
        let start = markers.cursor.position();
        let tables = &markers.tables;
        let mut specs = Vec::with_capacity(scan.components.len());
        let mut parts = Vec::with_capacity(scan.components.len());
        let mut mcu = Vec::new();
        for (part, component) in scan.components.iter().enumerate() {
            let dc = tables.dc_huffman.get(usize::from(component.dc_table))?.as_ref()?;
            let ac = tables.ac_huffman.get(usize::from(component.ac_table))?.as_ref()?;
            specs.push((dc, ac));
            let sizes = &geometry.components[component.index];
            let (h, v) = if scan.components.len() == 1 { (1, 1) } else { (sizes.h, sizes.v) };
            parts.push(Part { component: component.index, first: mcu.len(), v, h });
            mcu.resize(mcu.len() + h * v, part);
        }
        let mcus = match scan.components[..] {
            [component] => {
                let sizes = &geometry.components[component.index];
                sizes.blocks_wide * sizes.blocks_high
            }
            _ => geometry.mcu_columns * geometry.mcu_rows,
        };
        let restart_interval = tables.restart_interval as usize;
        let layout = Layout { tables: &specs, mcu: &mcu, mcus, restart_interval };
        let decoder = ChunkedScan::new(level, markers.cursor.input(), start, &layout)?;
        Some(Self { decoder, parts, mcu_blocks: mcu.len() })
    }

    /// Decodes row `row` of MCUs, whose blocks go to `output` if there is one.
    pub(super) fn decode_row(
        &mut self,
        geometry: &Geometry,
        mut output: Option<&mut Output<'_, '_>>,
        row: usize,
    ) -> Result<(), Anomaly> {
        if let [Part { component, .. }] = self.parts[..] {
            let width = geometry.components[component].blocks_wide;
            let rows = geometry.block_rows(component, row);
            return (0..rows).try_for_each(|y| self.decode_mcus(output.as_deref_mut(), y, width));
        }
        self.decode_mcus(output, 0, geometry.mcu_columns)
    }

    /// Decodes `count` MCUs that lie side by side from the left, with their blocks from block row `top` on.
    fn decode_mcus(
        &mut self,
        mut output: Option<&mut Output<'_, '_>>,
        top: usize,
        count: usize,
    ) -> Result<(), Anomaly> {
        let (parts, step) = (&self.parts[..], self.mcu_blocks);
        let mut column = 0;
        while column < count {
            column += self.decoder.take_run(count - column, |mcus| match (&mut output, mcus) {
                (Some(output), Mcus::Coded(cells)) => {
                    for part in parts {
                        part.transform(output, cells, step, (top, column));
                    }
                }
                (Some(output), Mcus::Flat(count, dc)) => {
                    for (part, dc) in parts.iter().zip(dc) {
                        part.fill(output, dc, count, (top, column));
                    }
                }
                (None, Mcus::Coded(cells)) => cells.iter_mut().for_each(Cell::clear),
                (None, Mcus::Flat(..)) => {}
            })?;
        }
        Ok(())
    }

    /// Where the marker behind the scan stands, if there is one; to be asked after the last row.
    pub(super) fn find_end(&mut self) -> Option<usize> {
        self.decoder.find_end().ok()
    }

    /// The input that was taken.
    pub(super) fn input(&mut self) -> &mut Input<'a> {
        self.decoder.input()
    }

    /// The place up to which MCUs are decoded; it may be in a later row.
    pub(super) fn place(&self) -> Option<Place> {
        self.decoder.place()
    }

    /// For each block of an MCU, the component of the scan that it belongs to.
    pub(super) fn mcu(&self) -> Vec<usize> {
        let blocks = |(index, part): (usize, &Part)| std::iter::repeat_n(index, part.h * part.v);
        self.parts.iter().enumerate().flat_map(blocks).collect()
    }
}

impl Part {
    /// Fills the component's part of `count` MCUs that lie side by side from `column` on with blocks of this DC
    /// coefficient.
    fn fill(
        &self,
        output: &mut Output<'_, '_>,
        dc: i16,
        count: usize,
        (top, column): (usize, usize),
    ) {
        for y in 0..self.v {
            output.fill(self.component, (top + y, column * self.h), count * self.h, dc);
        }
    }

    /// Transforms the component's blocks among those of MCUs that lie side by side from `column` on.
    fn transform(
        &self,
        output: &mut Output<'_, '_>,
        cells: &mut [Cell],
        mcu_blocks: usize,
        (top, column): (usize, usize),
    ) {
        let count = cells.len() / mcu_blocks * self.h;
        for y in 0..self.v {
            let first = self.first + y * self.h;
            let row = Interleaved::new(cells, first, (self.h, mcu_blocks), count);
            output.transform_cells(self.component, (top + y, column * self.h), row);
        }
    }
}
