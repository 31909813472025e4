//! The only scan of a sequential file, decoded by the chunked decoder as long as it is sound.

use super::coefficients::CoefficientPlane;
use super::geometry::{Geometry, Scaled};
use crate::jpeg::huffman::chunked::{Anomaly, ChunkedScan, Layout};
use crate::jpeg::marker::{Coding, Frame, MarkerReader, Scan};
use crate::simd::Level;

/// A chunked decoder and where its blocks go.
pub(super) struct FastScan<'a> {
    decoder: ChunkedScan<'a>,
    /// For each block of an MCU.
    places: Vec<Place>,
}

/// Where a block of an MCU goes.
#[derive(Clone, Copy)]
struct Place {
    component: usize,
    /// Row and column within the MCU.
    y: usize,
    x: usize,
    /// Blocks of the component side by side in an MCU.
    h: usize,
    /// Whether all that is wanted of a block is its DC coefficient.
    dc_only: bool,
}

impl<'a> FastScan<'a> {
    /// A decoder for `scan`, whose data begin where `markers` stands; `None` if there is no fast way.
    ///
    /// The tables must have been checked already.
    pub(super) fn new(
        level: Level,
        frame: &Frame,
        scan: &Scan,
        geometry: &Geometry,
        scaled: &Scaled,
        markers: &MarkerReader<'a>,
    ) -> Option<Self> {
        if level == Level::Scalar || frame.coding == Coding::Progressive || frame.arithmetic {
            return None;
        }
        let tables = &markers.tables;
        let mut specs = Vec::with_capacity(scan.components.len());
        let mut places = Vec::new();
        let mut mcu = Vec::new();
        for (part, component) in scan.components.iter().enumerate() {
            let dc = tables.dc_huffman.get(usize::from(component.dc_table))?.as_ref()?;
            let ac = tables.ac_huffman.get(usize::from(component.ac_table))?.as_ref()?;
            specs.push((dc, ac));
            let sizes = &geometry.components[component.index];
            let (h, v) = if scan.components.len() == 1 { (1, 1) } else { (sizes.h, sizes.v) };
            for place in 0..h * v {
                let (index, y, x) = (component.index, place / h, place % h);
                let dc_only = scaled.components[index].block_size == 1;
                places.push(Place { component: index, y, x, h, dc_only });
                mcu.push(part);
            }
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
        let decoder = ChunkedScan::new(level, markers.cursor.rest(), &layout)?;
        Some(Self { decoder, places })
    }

    /// Decodes row `row` of interleaved MCUs into `planes`, which hold just that row. What they held
    /// before is overwritten, except for what is padding of a scan of one component and for AC coefficients
    /// that the scale does not show.
    pub(super) fn decode_row(
        &mut self,
        geometry: &Geometry,
        planes: &mut [CoefficientPlane],
        row: usize,
    ) -> Result<(), Anomaly> {
        if let [Place { component, .. }] = self.places[..] {
            let width = geometry.components[component].blocks_wide;
            let rows = geometry.block_rows(component, row);
            return (0..rows).try_for_each(|y| self.decode_mcus(planes, y, width));
        }
        self.decode_mcus(planes, 0, geometry.mcu_columns)
    }

    /// Decodes `count` MCUs that lie side by side from the left, with their blocks from block row `top` on.
    fn decode_mcus(
        &mut self,
        planes: &mut [CoefficientPlane],
        top: usize,
        count: usize,
    ) -> Result<(), Anomaly> {
        let places = &self.places[..];
        let mut first = 0;
        while first < count {
            first += self.decoder.take_run(count - first, |mcu, index, coefficients| {
                let Place { component, y, x, h, dc_only } = places[index];
                let block = planes[component].block_mut(top + y, (first + mcu) * h + x);
                if dc_only {
                    block[0] = coefficients[0];
                } else {
                    *block = *coefficients;
                }
            })?;
        }
        Ok(())
    }

    /// Bytes of the scan, up to the marker behind it or the end of the data.
    pub(super) fn length(self) -> Option<usize> {
        self.decoder.finish().ok()
    }
}
