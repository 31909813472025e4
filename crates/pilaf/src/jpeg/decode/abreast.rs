//! A file of several scans, all of them decoded row by row as long as they are sound.

use super::coefficients::CoefficientPlane;
use super::geometry::Geometry;
use super::output::{Output, Source};
use super::smoothing::Progress;
use super::{Session, coefficient_planes};
use crate::error::Result;
use crate::jpeg::huffman::abreast::{Anomaly, ScanRows};
use crate::jpeg::marker::{Coding, MarkerReader, Reached, Scan};
use crate::simd::Level;

/// All scans of a file.
pub(super) struct Abreast<'a> {
    scans: Vec<Part>,
    /// The quantization table of each component, as it was when its first scan began.
    pub(super) quants: Vec<Option<[u16; 64]>>,
    /// Where reading ended: behind the `EOI`.
    pub(super) markers: MarkerReader<'a>,
}

/// One of the scans.
struct Part {
    rows: ScanRows,
    /// The components of the frame that it has.
    components: Vec<usize>,
}

impl<'a> Abreast<'a> {
    /// Finds all scans from `first` on, whose header `session` has read. `None` if there is anything to them that
    /// this way cannot do, or that needs an error or a warning.
    pub(super) fn new(session: &Session<'_, 'a>, first: &Scan) -> Option<Self> {
        if session.options.level == Level::Scalar || session.frame.arithmetic {
            return None;
        }
        let progressive = session.frame.coding == Coding::Progressive;
        let (quants, markers) = (session.quants.clone(), session.markers.fork()?);
        let mut all = Self { scans: Vec::new(), quants, markers };
        let mut progress = Progress::new(session.frame.components.len());
        let mut reached = Reached::Scan(first.clone());
        while let Reached::Scan(scan) = reached {
            if all.scans.len() as u32 >= session.limits.max_scans {
                return None;
            }
            all.add(session, &scan, progressive)?;
            if progressive {
                progress.start_scan(&scan);
            }
            reached = all.markers.read_to_scan().ok()?;
        }
        let needs_smoothing = progressive && progress.needs_smoothing(&all.quants);
        (!needs_smoothing).then_some(all)
    }

    fn add(&mut self, session: &Session<'_, 'a>, scan: &Scan, progressive: bool) -> Option<()> {
        let Self { scans, quants, markers } = self;
        session.geometry.check_scan(scan).ok()?;
        if markers.tables.restart_interval > 0 {
            return None;
        }
        let components: Vec<usize> = scan.components.iter().map(|part| part.index).collect();
        for &index in &components {
            let number = usize::from(session.frame.components[index].quant_table);
            let table = markers.tables.quant.get(number).copied().flatten();
            quants[index] = Some(quants[index].or(table.map(|table| table.values))?);
        }
        let (rows, length) =
            ScanRows::new(markers.cursor.rest(), scan, &markers.tables, progressive)?;
        markers.cursor.skip(length).ok()?;
        scans.push(Part { rows, components });
        Some(())
    }

    /// Decodes the picture into `output`. Returns the row of MCUs up to which that went well.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub(super) fn decode(
        &mut self,
        session: &Session<'_, '_>,
        output: &mut Output<'_, '_>,
    ) -> Result<usize> {
        let geometry = session.geometry;
        let mut planes = coefficient_planes(geometry, 1);
        let needed = output.needed_rows();
        for row in 0..geometry.mcu_rows {
            let decoded = session.options.level.run(
                #[inline(always)]
                || self.decode_row(session.options.level, geometry, &mut planes, row),
            );
            if decoded.is_err() {
                return Ok(row);
            }
            if needed.contains(&row) {
                output.start_row(row);
                output.transform_row(Source { planes: &planes, first: row }, None);
                output.finish_row()?;
            }
        }
        Ok(geometry.mcu_rows)
    }

    /// Decodes row `row` of MCUs into `planes`, which hold just that row.
    #[inline(always)]
    fn decode_row(
        &mut self,
        level: Level,
        geometry: &Geometry,
        planes: &mut [CoefficientPlane],
        row: usize,
    ) -> Result<(), Anomaly> {
        planes.iter_mut().for_each(CoefficientPlane::clear);
        for Part { rows, components } in &mut self.scans {
            if let &mut [index] = &mut components[..] {
                let width = geometry.components[index].blocks_wide;
                for y in 0..geometry.block_rows(index, row) {
                    let (blocks, nonzero) = planes[index].row_mut(y);
                    rows.decode_row(level, &mut blocks[..width], &mut nonzero[..width])?;
                }
            } else {
                decode_interleaved(rows, components, geometry, planes)?;
            }
            if !rows.is_within_data() {
                return Err(Anomaly);
            }
        }
        Ok(())
    }
}

/// Decodes a row of MCUs of several components.
#[inline(always)]
fn decode_interleaved(
    rows: &mut ScanRows,
    components: &[usize],
    geometry: &Geometry,
    planes: &mut [CoefficientPlane],
) -> Result<(), Anomaly> {
    for column in 0..geometry.mcu_columns {
        for (part, &index) in components.iter().enumerate() {
            let sizes = geometry.components[index];
            for y in 0..sizes.v {
                let (blocks, _) = planes[index].row_mut(y);
                for block in &mut blocks[column * sizes.h..(column + 1) * sizes.h] {
                    rows.decode_block(part, block)?;
                }
            }
        }
    }
    Ok(())
}
