//! The symbol loop: several streams of one scan, decoded in turn without a branch that depends on the data.
//!
//! Each symbol costs a chain of dependent operations (shift, look up, shift) during which a CPU has little
//! else to do; interleaving independent streams fills the gaps. End of block, next block and change of table
//! are selections, not branches; only codes longer than the index and a few fused entries leave the loop.
//!
//! Streams may decode garbage, so bounds do not rest on what they decode: a stream stops at its block limit,
//! and reading beyond the data gives zeros.

use super::tables::WideTables;
use super::wide::{ENTRIES, INDEX_BITS, POSITIONS, RARE, parts};
use crate::jpeg::dct::idct::Block;

/// Symbols between two refills: their bits, 11 at most each, fit the 57 that a refill brings.
pub(super) const BATCH: usize = 5;
/// Blocks that a stream may enter at or beyond its limit before it stops.
pub(super) const OVERRUN: usize = BATCH + 1;

/// One block of the coefficient window and what decoding it needs.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub(crate) struct Cell {
    pub(crate) coefficients: Block,
    /// Address of the DC table: that of an entry, at least a table's length before their end.
    pub(super) dc_table: usize,
    /// Address of the AC table, likewise.
    pub(super) ac_table: usize,
    /// Position, in bits, behind the last symbol of this block so far, if that was asked for.
    pub(super) end: u32,
}

impl Cell {
    /// An empty block that is decoded with the tables of these numbers.
    pub(super) fn new(tables: &WideTables, dc: usize, ac: usize) -> Self {
        let address = |table: usize| {
            tables.entries()[table * ENTRIES..][..ENTRIES].as_ptr().expose_provenance()
        };
        Self { coefficients: [0; 64], dc_table: address(dc), ac_table: address(ac), end: 0 }
    }

    /// Empties the block.
    pub(crate) fn clear(&mut self) {
        self.coefficients = [0; 64];
    }
}

impl AsRef<Block> for Cell {
    fn as_ref(&self) -> &Block {
        &self.coefficients
    }
}

impl AsMut<Block> for Cell {
    fn as_mut(&mut self) -> &mut Block {
        &mut self.coefficients
    }
}

/// What all streams share. The cells were made for these tables.
pub(super) struct Window<'a> {
    /// Clean bytes, zeros behind.
    pub(super) bytes: &'a [u8],
    pub(super) tables: &'a WideTables,
    pub(super) cells: &'a mut [Cell],
}

/// One place of the scan at which decoding goes on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stream {
    /// Position of the next bit.
    pub(super) position: u64,
    /// The block that it is in, counted through the window.
    pub(super) block: usize,
    /// Index of the next coefficient.
    pub(super) k: u32,
    /// Position at which it has done its share: eight bytes before the end of the padded ones at most.
    pub(super) stop: u64,
    /// Block at which it must stop; [`OVERRUN`] more must exist.
    pub(super) limit: usize,
    /// Whether it stands before bits that are no code.
    pub(super) bad: bool,
}

impl Stream {
    /// A stream that begins a block.
    pub(super) fn new(position: u64, block: usize, stop: u64, limit: usize) -> Self {
        Self { position, block, k: 0, stop, limit, bad: false }
    }

    #[inline(always)]
    pub(super) fn is_done(&self) -> bool {
        self.position >= self.stop || self.block >= self.limit || self.bad
    }
}

/// Decodes the streams in turn until one of them is done, and notes where blocks end.
pub(super) fn advance(window: &mut Window<'_>, streams: &mut [Stream]) {
    while streams.iter().all(|stream| !stream.is_done()) {
        for stream in streams.iter_mut() {
            for _ in 0..BATCH {
                if !stream.bad {
                    decode_symbol(window, stream);
                }
            }
        }
    }
}

fn decode_symbol(window: &mut Window<'_>, s: &mut Stream) {
    let bits = load_bits(window.bytes, s.position);
    let cell = &mut window.cells[s.block];
    let table = if s.k == 0 { cell.dc_table } else { cell.ac_table };
    let wide = window.tables.table(table)[(bits >> (64 - INDEX_BITS)) as usize];
    let (mut value, mut step, mut length) = parts(wide);
    if s.k + step >= RARE {
        let rare = decode_rare(window.bytes, window.tables, table, wide, s.position);
        (value, step, length) = parts(rare);
        s.bad = step == 0;
        if s.bad {
            return;
        }
    }
    let index = s.k + step;
    s.position += u64::from(length);
    cell.coefficients[usize::from(POSITIONS[index as usize & 255])] = value;
    cell.end = s.position as u32;
    let done = index >= 64;
    s.block += usize::from(done);
    s.k = if done { 0 } else { index };
}

/// At least 57 bits from `position` on, left-aligned.
#[inline(always)]
pub(super) fn load_bits(bytes: &[u8], position: u64) -> u64 {
    let word = bytes.get((position / 8) as usize..).and_then(|rest| rest.first_chunk::<8>());
    word.map_or(0, |&word| u64::from_be_bytes(word)) << (position % 8)
}

/// The symbol at `position` as an unfused entry, whose step is 0 if there is no such code. The table at this
/// address has `wide` for it.
#[cold]
#[inline(never)]
pub(super) fn decode_rare(
    bytes: &[u8],
    tables: &WideTables,
    table: usize,
    wide: u32,
    position: u64,
) -> u32 {
    tables.codes(table).decode(load_bits(bytes, position), wide)
}
