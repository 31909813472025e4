//! Which bytes of a reader must be held while a scan is decoded the fast way.
//!
//! When the fast decoder meets something odd, the scalar one has to go on in its place, in the state in which it
//! would be if it had decoded all that came before. In a slice it begins anew. Of a reader's bytes the first ones
//! are gone by then; so every now and then the scalar decoder is moved up to a *checkpoint*, a place where its
//! state is known, and only what comes after that is held:
//!
//! ```text
//! released | checkpoint ... rows handed on ... | decoded ahead: the next checkpoint ... | read ahead
//! ```

use super::Session;
use super::fast::FastScan;
use super::scan::EntropyDecoder;
use super::single::SlowScan;
use crate::error::Result;
use crate::jpeg::huffman::Standing;
use crate::jpeg::huffman::chunked::Place;

/// Bytes from one checkpoint to the next; few in tests and when fuzzed, with small files.
const INTERVAL: usize = if cfg!(any(test, fuzzing)) { 2 << 10 } else { 1 << 20 };
/// Bytes to hold, at most, while no checkpoint can be found.
const MOST_HELD: usize = 8 * INTERVAL;

/// The checkpoints of a scan.
#[derive(Default)]
pub(super) struct Checkpoints {
    /// Offset of the first byte that is held for the last one.
    start: usize,
    /// Bytes to read from there on before the next one is looked for, less [`INTERVAL`].
    delay: usize,
    /// The next one, lying ahead of the rows that were handed on.
    next: Option<Checkpoint>,
}

struct Checkpoint {
    standing: Standing,
    /// The row of MCUs that it is in, and how many of them are behind it.
    row: usize,
    done: usize,
    /// Offset of the first byte that is to be held.
    start: usize,
}

impl<'a> Session<'_, 'a> {
    /// Moves the scalar decoder up and lets go of bytes, after row `row` of MCUs was decoded.
    pub(super) fn follow(
        &mut self,
        checkpoints: &mut Checkpoints,
        fast: Option<&mut FastScan<'a>>,
        slow: &mut SlowScan<'_>,
        row: usize,
    ) -> Result<()> {
        let Some(fast) = fast else {
            let position = self.markers.cursor.position();
            self.markers.cursor.input().release(position);
            return Ok(());
        };
        // Once its row is complete: the scalar decoder may have to decode all of the next one.
        if let Some(next) = checkpoints.next.take_if(|next| next.row <= row) {
            self.markers.go_to(next.standing.at);
            slow.move_to(next.standing, (next.row, next.done));
            fast.input().release(next.start);
            (checkpoints.start, checkpoints.delay) = (next.start, 0);
        }
        let held = fast.input().end() - checkpoints.start;
        if checkpoints.next.is_some() || held < INTERVAL + checkpoints.delay {
            return Ok(());
        }
        let Some(place) = fast.place() else { return Ok(()) };
        std::mem::swap(self.markers.cursor.input(), fast.input());
        checkpoints.next = self.checkpoint_at(&place, &fast.mcu(), slow);
        if checkpoints.next.is_none() {
            // A little later the data may be of another sort.
            checkpoints.delay = held;
            if held >= MOST_HELD {
                self.catch_up(slow, row + 1)?;
                let position = self.markers.cursor.position();
                self.markers.cursor.input().release(position);
                (checkpoints.start, checkpoints.delay) = (position, 0);
            }
        }
        std::mem::swap(self.markers.cursor.input(), fast.input());
        Ok(())
    }

    /// A checkpoint at `place` or soon behind it. `mcu` has the component of each block of an MCU.
    fn checkpoint_at(
        &mut self,
        place: &Place,
        mcu: &[usize],
        slow: &SlowScan<'_>,
    ) -> Option<Checkpoint> {
        let EntropyDecoder::Sequential(decoder) = &slow.decoder.entropy else { return None };
        let standing = Standing::find(decoder, &mut self.markers, place, mcu)?;
        let in_row = self.geometry.scan_mcus_in_row(slow.decoder.scan);
        let (row, done) = (standing.mcu / in_row, standing.mcu % in_row);
        Some(Checkpoint { standing, row, done, start: place.offset })
    }
}
