//! The symbol loop: several streams of one scan, decoded in turn without a branch that depends on the data.
//!
//! Each symbol costs a chain of dependent operations (shift, look up, shift) during which a CPU has little
//! else to do; interleaving independent streams fills the gaps. End of block, next block and change of table
//! are selections, not branches; only codes longer than the index and a few fused entries leave the loop.
//!
//! Streams may decode garbage, so bounds do not rest on what they decode: a stream stops at its block limit,
//! and reading beyond the data gives zeros.

use super::tables::WideTables;
use super::wide::{Codes, ENTRIES, INDEX_BITS, POSITIONS, RARE};
use crate::jpeg::dct::idct::Block;

/// Symbols between two refills: their bits, 11 at most each, fit the 57 that a refill brings.
pub(super) const BATCH: usize = 4;
/// Blocks that a stream may enter at or beyond its limit before it stops.
pub(super) const OVERRUN: usize = BATCH + 1;

/// One block of the coefficient window and what decoding it needs.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub(crate) struct Cell {
    pub(crate) coefficients: Block,
    /// Offset of the DC table among the entries; at least a table's length before their end.
    pub(super) dc_table: u32,
    /// Offset of the AC table, likewise.
    pub(super) ac_table: u32,
    /// Position, in bits, behind the last symbol of this block so far, if that was asked for.
    pub(super) end: u32,
}

impl Cell {
    /// An empty block that is decoded with the tables of these numbers.
    pub(super) fn new(tables: &WideTables, dc: usize, ac: usize) -> Self {
        assert!(dc.max(ac) * ENTRIES + ENTRIES <= tables.entries().len());
        let offset = |table: usize| (table * ENTRIES) as u32;
        Self { coefficients: [0; 64], dc_table: offset(dc), ac_table: offset(ac), end: 0 }
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
            let mut bits = load_bits(window.bytes, stream.position);
            for _ in 0..BATCH {
                if !stream.bad {
                    decode_symbol(window, stream, &mut bits);
                }
            }
        }
    }
}

fn decode_symbol(window: &mut Window<'_>, s: &mut Stream, bits: &mut u64) {
    let cell = &mut window.cells[s.block];
    let table = if s.k == 0 { cell.dc_table } else { cell.ac_table } as usize;
    let entry = window.tables.entries()[table + (*bits >> (64 - INDEX_BITS)) as usize];
    let mut value = (entry >> 16) as i16;
    let mut index = s.k + (entry >> 8 & 255);
    if index < RARE {
        *bits <<= entry & 255;
        s.position += u64::from(entry & 255);
    } else {
        let rare = decode_rare(window.bytes, window.tables.codes(), table, entry, s.position);
        s.bad = rare.step == 0;
        if s.bad {
            return;
        }
        (value, index) = (rare.value, s.k + rare.step);
        s.position += u64::from(rare.length);
        *bits = load_bits(window.bytes, s.position);
    }
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

/// A symbol decoded from its code, without fusing; a step of 0 if there is no such code.
pub(super) struct Rare {
    pub(super) value: i16,
    pub(super) step: u32,
    pub(super) length: u32,
}

/// Decodes the symbol at `position` with the table at this offset, which has this entry for it.
#[cold]
#[inline(never)]
pub(super) fn decode_rare(
    bytes: &[u8],
    codes: &[Codes],
    table: usize,
    entry: u32,
    position: u64,
) -> Rare {
    match codes[table / ENTRIES].decode(load_bits(bytes, position), entry) {
        Some(symbol) => {
            Rare { value: symbol.value as i16, step: symbol.step, length: symbol.length }
        }
        None => Rare { value: 0, step: 0, length: 0 },
    }
}
