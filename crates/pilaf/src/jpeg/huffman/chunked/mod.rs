//! Fast decoding of sequential Huffman scans: guessed chunks, decoded side by side and joined exactly.
//!
//! ```text
//! raw bytes -> clean (no stuffing) -> stream x 3 (interleaved) -> joined runs of MCUs -> DC prediction
//! ```
//!
//! A scan is one long chain: where a code begins is known only when the last one is decoded. Huffman codes
//! fall into step by themselves, though: a decoder that starts anywhere stands, after a few blocks, where the
//! true one comes by. So three streams decode three chunks at once, the first from where the last window
//! ended, the others from guessed bytes, and each notes where its blocks end. The true chain then goes on
//! past its chunk until it stands, at the start of an MCU, where the next stream also began an MCU: from there
//! on that stream's blocks are the true ones. Nothing depends on the guess but the time.
//!
//! With restart intervals the chunks are real and need no joining.
//!
//! This path takes no decision about damage. Bits that are no code, data that end early, a wrong restart
//! marker: all end it with [`Anomaly`], and the caller decodes the scan anew with
//! [`SequentialDecoder`](super::SequentialDecoder), whose blocks up to there are the same.

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
mod flat;
mod levels;
mod place;
mod restart;
mod splice;
mod stream;
mod tables;
mod wide;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::clean::{CleanBytes, End};
use flat::FlatMcu;
pub(crate) use place::Place;
pub(crate) use stream::Cell;
use stream::{BATCH, OVERRUN, Stream, Window};
use tables::WideTables;

use super::HuffmanSpec;
use crate::jpeg::marker::Input;
use crate::simd::Level;

/// Streams decoded at once.
const STREAMS: usize = 3;
/// Blocks that a chunk aims at, at most: three chunks should leave room in the second-level cache.
const MAX_CHUNK_BLOCKS: usize = 768;
/// Blocks of a chunk below which joining costs more than it brings.
const MIN_CHUNK_BLOCKS: usize = 128;
/// Blocks handed out in one go: few enough to stay in the first-level cache, and of usual MCUs a multiple of eight
/// of each component.
const TOGETHER_BLOCKS: usize = 96;
/// An upper bound of the bytes of an MCU: ten blocks of 64 symbols of 31 bits.
const MAX_MCU_BYTES: usize = 2560;
/// Bits per block below which a scan is decoded by one stream: such data are periodic, and guesses that fall
/// into another phase never meet the true chain.
const SPARSE_BITS: u64 = 6;
/// What to expect of a scan whose length is not known.
const USUAL_BYTES_AND_BLOCKS: (usize, usize) = (500, 100);
/// The data are not what an encoder writes; only the scalar decoder knows what libjpeg makes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anomaly;

/// What a scan consists of.
pub(crate) struct Layout<'a> {
    /// DC and AC table of each component of the scan.
    pub(crate) tables: &'a [(&'a HuffmanSpec, &'a HuffmanSpec)],
    /// For each block of an MCU, the component (of the scan) it belongs to.
    pub(crate) mcu: &'a [usize],
    /// MCUs of the scan.
    pub(crate) mcus: usize,
    /// MCUs between restart markers, 0 for none.
    pub(crate) restart_interval: usize,
}

/// MCUs in a row of the window that belong to the scan, in order.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// The first block, or nothing if all blocks are as the last ones before.
    first_block: Option<usize>,
    mcus: usize,
    /// Whether a restart marker stands before them.
    restart: bool,
}

/// What is handed out: MCUs that lie side by side in the scan.
pub(crate) enum Mcus<'c> {
    /// Their blocks, ready for the inverse DCT, to be left empty.
    Coded(&'c mut [Cell]),
    /// So many MCUs, each block of which has nothing but this DC coefficient of its component.
    Flat(usize, [i16; 4]),
}

/// A scan being decoded.
pub(crate) struct ChunkedScan<'a> {
    level: Level,
    clean: CleanBytes<'a>,
    tables: Arc<WideTables>,
    flat: Option<FlatMcu>,
    /// Component of each block of an MCU.
    mcu: Vec<usize>,
    /// MCUs of the scan, and those of them that are not decoded yet.
    mcus: usize,
    mcus_left: usize,
    /// MCUs decoded and not handed out yet.
    runs: VecDeque<Run>,
    cells: Vec<Cell>,
    /// Blocks of each region that may hold something.
    dirty: [usize; STREAMS],
    /// Blocks of each region that were handed out, and are empty again since.
    taken: [Range<usize>; STREAMS],
    /// Blocks of one stream's region.
    region: usize,
    chunk_blocks: usize,
    /// Last DC coefficient of each component.
    predictions: [i32; 4],
    /// Where the next window begins in the clean bytes, in bits.
    position: u64,
    /// Whether that place is not known, because the chain met an anomaly.
    lost: bool,
    restart_interval: usize,
    next_restart: u8,
    guess: Guess,
}

/// How far to guess, from what the scan was like so far.
struct Guess {
    bytes: u64,
    blocks: u64,
    /// Windows for which not to guess, after a guess that failed, and how many it will be next time.
    pause: u32,
    next_pause: u32,
}

impl Guess {
    /// For a scan of so many blocks, which begins at offset `start`.
    fn new(input: &Input<'_>, start: usize, blocks: usize) -> Self {
        let (bytes, blocks) = match input {
            Input::Whole(bytes) => (bytes.len() - start + 1, blocks),
            Input::Fed(_) => USUAL_BYTES_AND_BLOCKS,
        };
        Self { bytes: bytes as u64, blocks: blocks as u64, pause: 0, next_pause: 1 }
    }

    /// Bytes of a chunk.
    fn chunk_bytes(&self, blocks: usize) -> usize {
        (self.bytes * blocks as u64 / self.blocks) as usize
    }

    fn is_sparse(&self) -> bool {
        self.bytes * 8 < self.blocks * SPARSE_BITS
    }

    fn learn(&mut self, bytes: u64, blocks: usize) {
        self.bytes = self.bytes / 2 + bytes;
        self.blocks = self.blocks / 2 + blocks as u64;
    }

    /// Notes which part of the decoded MCUs was of use.
    fn judge(&mut self, used: usize, decoded: usize) {
        if used * 10 < decoded * 7 {
            self.pause = self.next_pause;
            self.next_pause = (self.next_pause * 2).min(64);
        } else {
            self.next_pause = 1;
        }
    }
}

impl<'a> ChunkedScan<'a> {
    /// A decoder for the entropy-coded data that begin at offset `start` of the input, which is taken from its
    /// place; `None` if the layout is not one that this path handles.
    pub(crate) fn new(
        level: Level,
        input: &mut Input<'a>,
        start: usize,
        layout: &Layout<'_>,
    ) -> Option<Self> {
        let size = layout.mcu.len();
        let segment = layout.restart_interval * size;
        let usual = layout.tables.len() <= 4 && (1..=10).contains(&size) && layout.mcus > 0;
        if !usual || segment > 2 * MAX_CHUNK_BLOCKS {
            return None;
        }
        let chunk_blocks =
            (layout.mcus * size / (2 * STREAMS)).clamp(MIN_CHUNK_BLOCKS, MAX_CHUNK_BLOCKS);
        let region = ((2 * chunk_blocks).max(segment) + 2 * OVERRUN).next_multiple_of(size) + size;
        let tables = WideTables::get(layout.tables);
        let mcu: Vec<Cell> = layout.mcu.iter().map(|&component| tables.cell(component)).collect();
        let cells = mcu.repeat(STREAMS * region / size);
        let guess = Guess::new(input, start, layout.mcus * size);
        Some(Self {
            level,
            clean: CleanBytes::new(input.take(), start),
            tables,
            flat: FlatMcu::new(layout),
            mcu: layout.mcu.to_vec(),
            mcus: layout.mcus,
            mcus_left: layout.mcus,
            runs: VecDeque::new(),
            cells,
            dirty: [0; STREAMS],
            taken: Default::default(),
            region,
            chunk_blocks,
            predictions: [0; 4],
            position: 0,
            lost: false,
            restart_interval: layout.restart_interval,
            next_restart: 0,
            guess,
        })
    }

    /// Hands the next MCUs in scan order to `put`, at most `most` and at least one; returns how many. Must not be
    /// asked for more MCUs than the scan has.
    ///
    /// # Errors
    ///
    /// When the next MCU cannot be decoded, or not be told from a damaged one.
    #[inline]
    pub(crate) fn take_run(
        &mut self,
        most: usize,
        put: impl FnOnce(Mcus<'_>),
    ) -> Result<usize, Anomaly> {
        let size = self.mcu.len();
        let taken = self.next_run(most)?;
        let Some(first_block) = taken.first_block else {
            put(Mcus::Flat(taken.mcus, self.predictions.map(|prediction| prediction as i16)));
            return Ok(taken.mcus);
        };
        let cells = &mut self.cells[first_block..][..taken.mcus * size];
        for mcu in cells.chunks_exact_mut(size) {
            for (cell, &component) in mcu.iter_mut().zip(&self.mcu) {
                let prediction = &mut self.predictions[component];
                *prediction = prediction.wrapping_add(i32::from(cell.coefficients[0]));
                cell.coefficients[0] = *prediction as i16;
            }
        }
        put(Mcus::Coded(cells));
        Ok(taken.mcus)
    }

    /// Cuts at most `most` MCUs off the decoded ones, decoding more if there are none, and counts them as taken.
    fn next_run(&mut self, most: usize) -> Result<Run, Anomaly> {
        if self.runs.is_empty() {
            if self.restart_interval > 0 { self.decode_segments()? } else { self.decode_window()? }
        }
        let run = self.runs.front_mut().ok_or(Anomaly)?;
        let size = self.mcu.len();
        let most = if run.first_block.is_some() { most.min(TOGETHER_BLOCKS / size) } else { most };
        let cut = Run { mcus: run.mcus.min(most), ..*run };
        let blocks = cut.mcus * size;
        run.first_block = run.first_block.map(|first| first + blocks);
        run.mcus -= cut.mcus;
        run.restart = false;
        if run.mcus == 0 {
            self.runs.pop_front();
        }
        if cut.restart {
            self.predictions = [0; 4];
        }
        if let Some(first_block) = cut.first_block {
            let taken = &mut self.taken[first_block / self.region];
            let first = first_block % self.region;
            *taken = if taken.end == 0 { first } else { taken.start }..first + blocks;
        }
        Ok(cut)
    }

    /// Goes to the end of the data, after the last MCU, and returns where the marker behind it stands in the
    /// input.
    ///
    /// # Errors
    ///
    /// When the data end without a marker.
    pub(crate) fn find_end(&mut self) -> Result<usize, Anomaly> {
        loop {
            match self.clean.end() {
                Some(End::Marker { offset, .. }) => return Ok(offset),
                Some(End::Input) => return Err(Anomaly),
                None => self.clean.fill(self.clean.len() + 1),
            }
            self.clean.drop_front(self.clean.len());
        }
    }

    /// The input, which is taken to its place again when this decoder is done.
    pub(crate) fn input(&mut self) -> &mut Input<'a> {
        &mut self.clean.input
    }

    /// Refuses data without a marker behind them: they may be cut short, which is for the other decoder to judge.
    fn check_input(&self) -> Result<(), Anomaly> {
        if self.clean.end() == Some(End::Input) { Err(Anomaly) } else { Ok(()) }
    }

    /// Empties the blocks that were decoded but not taken.
    fn clear_blocks(&mut self) {
        for (index, dirty) in self.dirty.iter_mut().enumerate() {
            let cells = &mut self.cells[index * self.region..][..*dirty];
            let taken = std::mem::take(&mut self.taken[index]);
            cells[..taken.start].iter_mut().for_each(Cell::clear);
            cells[taken.end..].iter_mut().for_each(Cell::clear);
            *dirty = 0;
        }
    }

    /// Runs streams side by side until all are done, or all but the last unless `to_the_last` is set.
    fn run_together(&mut self, streams: &mut [Stream], note: bool, to_the_last: bool) {
        let last = streams.len() - 1;
        loop {
            let mut running = [Stream::default(); STREAMS];
            let mut indices = [0; STREAMS];
            let mut count = 0;
            for (index, stream) in
                streams.iter().enumerate().filter(|(_, stream)| !stream.is_done())
            {
                (running[count], indices[count]) = (*stream, index);
                count += 1;
            }
            if count == 0 || (indices[0] == last && !to_the_last) {
                return;
            }
            let mut window =
                Window { bytes: self.clean.padded(), tables: &self.tables, cells: &mut self.cells };
            levels::advance(self.level, &mut window, &mut running[..count], note);
            (0..count).for_each(|i| streams[indices[i]] = running[i]);
        }
    }
}
