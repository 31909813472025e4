//! Going through the MCUs of a scan (ITU-T T.81, A.2).

use super::coefficients::CoefficientPlane;
use super::geometry::Geometry;
use crate::error::Result;
use crate::jpeg::arithmetic::ArithmeticDecoder;
use crate::jpeg::damage::UnsoundMcus;
use crate::jpeg::dct::idct::Block;
use crate::jpeg::huffman::{ProgressiveDecoder, SequentialDecoder};
use crate::jpeg::marker::{Coding, Frame, MarkerReader, Scan, code};

/// An entropy decoder, block by block.
pub(crate) trait BlockDecoder {
    /// Goes to the next MCU, past a restart marker if one is due. Returns whether there is data
    /// for it; if not, its blocks stay as they are.
    fn start_mcu(&mut self, input: &mut MarkerReader<'_>) -> Result<bool>;

    /// Decodes the next block of the MCU, which belongs to the scan's component `part`. A
    /// progressive decoder keeps in `nonzero` which AC coefficients are not zero, in zigzag
    /// order; others leave it alone.
    fn decode_block(
        &mut self,
        input: &mut MarkerReader<'_>,
        part: usize,
        block: &mut Block,
        nonzero: &mut u64,
    ) -> Result<()>;

    /// Whether the data of the current segment is known to have ended too early.
    fn is_exhausted(&self) -> bool;

    /// Whether no later MCU of the scan can have data.
    fn is_stuck(&self, input: &MarkerReader<'_>) -> bool;
}

/// Counts the MCUs between restart markers.
#[derive(Clone, Debug)]
pub(crate) struct Restarts {
    /// 0 if there are no restart markers.
    interval: u32,
    to_go: u32,
}

impl Restarts {
    pub(crate) fn new(interval: u32) -> Self {
        Self { interval, to_go: interval }
    }

    /// Whether a restart marker comes before the next MCU.
    pub(crate) fn is_due(&self) -> bool {
        self.interval > 0 && self.to_go == 0
    }

    /// Makes a restart marker due.
    pub(crate) fn make_due(&mut self) {
        self.to_go = 0;
    }

    /// Goes past the restart marker. Returns whether data follows, not a marker.
    pub(crate) fn restart(&mut self, input: &mut MarkerReader<'_>) -> Result<bool> {
        self.to_go = self.interval;
        input.bad_code = !input.read_restart()?;
        Ok(input.unread.is_none())
    }

    /// Counts an MCU.
    pub(crate) fn count(&mut self) {
        self.to_go = self.to_go.saturating_sub(1);
    }

    /// Whether no restart can bring new data in this scan: there are none, or the input stands
    /// before a marker that no restart goes past.
    pub(crate) fn are_over(&self, input: &MarkerReader<'_>) -> bool {
        let is_final =
            |marker| marker >= code::SOF0 && !(code::RST0..=code::RST7).contains(&marker);
        self.interval == 0 || input.unread.is_some_and(is_final)
    }
}

/// The decoder that a scan needs.
pub(super) enum EntropyDecoder {
    Sequential(SequentialDecoder),
    Progressive(ProgressiveDecoder),
    Arithmetic(ArithmeticDecoder),
}

impl EntropyDecoder {
    pub(super) fn new(frame: &Frame, scan: &Scan, input: &MarkerReader<'_>) -> Result<Self> {
        let progressive = frame.coding == Coding::Progressive;
        Ok(match (frame.arithmetic, progressive) {
            (true, _) => Self::Arithmetic(ArithmeticDecoder::new(scan, progressive, input)?),
            (false, true) => Self::Progressive(ProgressiveDecoder::new(scan, input)?),
            (false, false) => Self::Sequential(SequentialDecoder::new(scan, input)?),
        })
    }
}

/// A scan while it is decoded, one row of interleaved MCUs at a time.
pub(super) struct ScanDecoder<'s> {
    pub(super) geometry: &'s Geometry,
    pub(super) scan: &'s Scan,
    pub(super) entropy: EntropyDecoder,
    pub(super) unsound: &'s mut UnsoundMcus,
    /// The last row of MCUs for some of which there was data.
    pub(super) last_good_row: usize,
}

impl ScanDecoder<'_> {
    /// Decodes the blocks of MCU row `row` into `planes`, of which `first` is the first row of
    /// MCUs that they hold. The first `done` MCUs of the row were decoded before. Returns whether
    /// later rows can have data.
    pub(super) fn decode_row(
        &mut self,
        input: &mut MarkerReader<'_>,
        planes: &mut [CoefficientPlane],
        (row, done): (usize, usize),
        first: usize,
    ) -> Result<bool> {
        let mut walk = Walk {
            geometry: self.geometry,
            scan: self.scan,
            unsound: self.unsound,
            last_good_row: &mut self.last_good_row,
            planes,
            row,
            done,
            first,
        };
        match &mut self.entropy {
            EntropyDecoder::Sequential(decoder) => walk.decode(decoder, input),
            EntropyDecoder::Progressive(decoder) => walk.decode(decoder, input),
            EntropyDecoder::Arithmetic(decoder) => walk.decode(decoder, input),
        }
    }
}

/// The way through one row of interleaved MCUs.
struct Walk<'w> {
    geometry: &'w Geometry,
    scan: &'w Scan,
    unsound: &'w mut UnsoundMcus,
    last_good_row: &'w mut usize,
    planes: &'w mut [CoefficientPlane],
    row: usize,
    /// MCUs of the row that were decoded before.
    done: usize,
    first: usize,
}

impl Walk<'_> {
    fn decode<D: BlockDecoder>(
        &mut self,
        decoder: &mut D,
        input: &mut MarkerReader<'_>,
    ) -> Result<bool> {
        match self.scan.components.as_slice() {
            [_] => self.decode_single(decoder, input)?,
            _ => self.decode_interleaved(decoder, input)?,
        }
        Ok(!decoder.is_stuck(input))
    }

    /// A scan of one component: its MCUs are its blocks, without padding.
    fn decode_single<D: BlockDecoder>(
        &mut self,
        decoder: &mut D,
        input: &mut MarkerReader<'_>,
    ) -> Result<()> {
        let index = self.scan.components[0].index;
        let component = self.geometry.components[index];
        let block_rows = self.geometry.block_rows(index, self.row);
        for y in 0..block_rows {
            let stored_row = (self.row - self.first) * component.v + y;
            let done = self.done.saturating_sub(y * component.blocks_wide);
            for x in done..component.blocks_wide {
                self.note_good_row(decoder);
                if decoder.start_mcu(input)? {
                    let (block, nonzero) = self.planes[index].block_and_nonzero(stored_row, x);
                    decoder.decode_block(input, 0, block, nonzero)?;
                }
                self.note_damage(decoder, input, x / component.h);
            }
        }
        Ok(())
    }

    /// A scan of several components: each MCU has `h` by `v` blocks of each, also where they are
    /// padding.
    fn decode_interleaved<D: BlockDecoder>(
        &mut self,
        decoder: &mut D,
        input: &mut MarkerReader<'_>,
    ) -> Result<()> {
        for column in self.done..self.geometry.mcu_columns {
            self.note_good_row(decoder);
            if decoder.start_mcu(input)? {
                for (part, scanned) in self.scan.components.iter().enumerate() {
                    let component = self.geometry.components[scanned.index];
                    let top = (self.row - self.first) * component.v;
                    for y in top..top + component.v {
                        for x in column * component.h..(column + 1) * component.h {
                            let plane = &mut self.planes[scanned.index];
                            let (block, nonzero) = plane.block_and_nonzero(y, x);
                            decoder.decode_block(input, part, block, nonzero)?;
                        }
                    }
                }
            }
            self.note_damage(decoder, input, column);
        }
        Ok(())
    }

    fn note_good_row<D: BlockDecoder>(&mut self, decoder: &D) {
        if !decoder.is_exhausted() {
            *self.last_good_row = self.row;
        }
    }

    #[inline]
    fn note_damage<D: BlockDecoder>(
        &mut self,
        decoder: &D,
        input: &MarkerReader<'_>,
        column: usize,
    ) {
        if decoder.is_exhausted() || input.bad_code {
            self.unsound.mark(column as u32, self.row as u32);
        }
    }
}
