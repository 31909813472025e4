//! Where in the input the chunked decoder stands.

use super::{ChunkedScan, End};

/// A place between two MCUs of a scan that is sound up to there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// MCUs of the scan before it.
    pub(crate) mcu: usize,
    /// Offset in the input of the byte that the next bit is in, or of a restart marker.
    pub(crate) offset: usize,
    /// Bits of that byte before the next one, 0 to 7.
    pub(crate) bit: u32,
    /// The last DC coefficient of each component.
    pub(crate) predictions: [i32; 4],
    /// The number of the restart marker that stands there, if the scan has any.
    pub(crate) restart: Option<u8>,
}

impl ChunkedScan<'_> {
    /// The place up to which MCUs are decoded, which may be far beyond those handed out. `None` if it is not
    /// known, or at the end of the scan.
    pub(crate) fn place(&self) -> Option<Place> {
        if self.lost || self.mcus_left == 0 {
            return None;
        }
        let (offset, bit, restart) = if self.restart_interval > 0 {
            let Some(End::Marker { offset, .. }) = self.clean.end() else { return None };
            (offset, 0, Some(self.next_restart))
        } else {
            let first = (self.position / 8) as usize;
            let offset = self.clean.offset_before_end(self.clean.len() - first);
            (offset, (self.position % 8) as u32, None)
        };
        let predictions = self.predictions_behind_runs();
        Some(Place { mcu: self.mcus - self.mcus_left, offset, bit, predictions, restart })
    }

    /// The last DC coefficients of all that is decoded; those of what is not handed out yet are differences.
    fn predictions_behind_runs(&self) -> [i32; 4] {
        let mut predictions = self.predictions;
        let size = self.mcu.len();
        for run in &self.runs {
            let Some(first_block) = run.first_block else { continue };
            let cells = &self.cells[first_block..][..run.mcus * size];
            for (cell, &component) in cells.iter().zip(self.mcu.iter().cycle()) {
                let prediction = &mut predictions[component];
                *prediction = prediction.wrapping_add(i32::from(cell.coefficients[0]));
            }
        }
        predictions
    }
}
