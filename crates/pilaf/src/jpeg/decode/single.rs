//! A sequential file whose only scan has all components.

use super::checkpoints::Checkpoints;
use super::coefficients::CoefficientPlane;
use super::fast::FastScan;
use super::output::{Output, Source, Target};
use super::scan::{EntropyDecoder, ScanDecoder};
use super::{Session, coefficient_planes};
use crate::error::{Error, ErrorKind, Result};
use crate::jpeg::huffman::Standing;
use crate::jpeg::marker::{Reached, Scan};

/// The scalar decoder of the only scan, and a row of MCUs of what it decodes once there is some.
///
/// While there is a fast decoder this one stays behind. It is where decoding goes on once the fast
/// one meets something odd.
pub(super) struct SlowScan<'s> {
    pub(super) decoder: ScanDecoder<'s>,
    planes: Vec<CoefficientPlane>,
    /// The row that it is in or before.
    pub(super) row: usize,
    /// MCUs of that row behind it.
    done: usize,
}

impl SlowScan<'_> {
    /// Moves to where another decoder of the scan stands: behind `done` MCUs of row `row`.
    pub(super) fn move_to(&mut self, standing: Standing, (row, done): (usize, usize)) {
        self.decoder.entropy = EntropyDecoder::Sequential(standing.decoder);
        (self.row, self.done) = (row, done);
    }
}

impl<'a> Session<'_, 'a> {
    /// Decodes and shows the scan row by row.
    pub(super) fn decode_one_scan(&mut self, scan: &Scan, target: Target<'_>) -> Result<()> {
        let entropy = match self.start_scan(scan) {
            Ok(entropy) => entropy,
            Err(error) => return self.give_up(error, 0),
        };
        let geometry = self.geometry;
        let mut output = self.output(target);
        let needed = output.needed_rows();
        let mut unsound = std::mem::take(&mut self.unsound);
        let decoder =
            ScanDecoder { geometry, scan, entropy, unsound: &mut unsound, last_good_row: 0 };
        let mut slow = SlowScan { decoder, planes: Vec::new(), row: 0, done: 0 };
        let mut checkpoints = self.markers.cursor.is_fed().then(Checkpoints::default);
        let level = self.options.level;
        let mut fast = FastScan::new(level, self.frame, scan, geometry, &mut self.markers);
        let mut failed = None;
        for row in 0..needed.end {
            let mut output = needed.contains(&row).then_some(&mut output);
            if let Some(output) = &mut output {
                output.start_row(row);
            }
            let mut decoded = self.decode_row(&mut fast, &mut slow, output.as_deref_mut(), row);
            if let (Ok(()), Some(checkpoints)) = (&decoded, &mut checkpoints) {
                decoded = self.follow(checkpoints, fast.as_mut(), &mut slow, row);
            }
            if let Err(error) = decoded {
                failed = Some((error, row));
                break;
            }
            if let Some(output) = output {
                output.finish_row()?;
            }
        }
        let is_whole = needed.end == geometry.mcu_rows;
        if let (Some(scan), None, true) = (fast, &failed, is_whole) {
            let ended = self.end_fast_scan(scan, &mut slow);
            failed = ended.err().map(|error| (error, geometry.mcu_rows));
        }
        self.unsound = unsound;
        match failed {
            Some((error, row)) => self.give_up(error, row),
            None if is_whole => self.finish(),
            None => Ok(()),
        }
    }

    /// Goes to the marker behind a scan that was decoded the fast way. If there is none, the
    /// scalar decoder goes through the scan as well: it knows whether bytes are missing.
    fn end_fast_scan(&mut self, mut fast: FastScan<'a>, slow: &mut SlowScan<'_>) -> Result<()> {
        let end = fast.find_end();
        *self.markers.cursor.input() = fast.input().take();
        match end {
            Some(offset) => self.markers.cursor.seek(offset),
            None => self.catch_up(slow, self.geometry.mcu_rows)?,
        }
        Ok(())
    }

    /// Decodes row `row` of MCUs of the only scan, the fast way as long as there is one. At the first anomaly
    /// the scalar decoder takes over from where it stands: what it makes of the rows before is the same.
    fn decode_row(
        &mut self,
        fast: &mut Option<FastScan<'a>>,
        slow: &mut SlowScan<'_>,
        mut output: Option<&mut Output<'_, '_>>,
        row: usize,
    ) -> Result<()> {
        if let Some(scan) = fast {
            if scan.decode_row(self.geometry, output.as_deref_mut(), row).is_ok() {
                return Ok(());
            }
            *self.markers.cursor.input() = scan.input().take();
            *fast = None;
        }
        self.catch_up(slow, row + 1)?;
        if let Some(output) = output {
            output.transform_row(Source { planes: &slow.planes, first: row }, None);
        }
        Ok(())
    }

    /// Decodes the rows of MCUs before row `end` by the scalar decoder.
    pub(super) fn catch_up(&mut self, slow: &mut SlowScan<'_>, end: usize) -> Result<()> {
        let SlowScan { decoder, planes, row, done } = slow;
        if planes.is_empty() {
            *planes = coefficient_planes(self.geometry, 1);
        }
        while *row < end {
            planes.iter_mut().for_each(CoefficientPlane::clear);
            self.without_invention(|session| {
                decoder.decode_row(&mut session.markers, planes, (*row, *done), *row)
            })?;
            (*row, *done) = (*row + 1, 0);
        }
        Ok(())
    }

    /// Reads on to the end of the image: what is broken there is an error even though all pixels
    /// are decoded. A missing end is none.
    fn finish(&mut self) -> Result<()> {
        let error = match self.markers.read_to_scan() {
            Ok(Reached::Eoi) => return Ok(()),
            Ok(Reached::Scan(scan)) => {
                let text = "a second scan follows one that had all components";
                Error::malformed(text).at(scan.offset as u64)
            }
            Err(error) if error.kind() == ErrorKind::Truncated => return Ok(()),
            Err(error) => error,
        };
        self.give_up(error, self.geometry.mcu_rows)
    }
}
