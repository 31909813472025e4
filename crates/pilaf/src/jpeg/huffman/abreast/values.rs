//! Tables that give short codes of AC coefficients together with their values.

use super::bits::Bits;
use crate::jpeg::huffman::extend;
use crate::jpeg::huffman::table::HuffmanTable;

/// Bits that one look-up sees.
const INDEX_BITS: u32 = 10;

/// Added to the number of further bits of an end of band: what follows codes the length of the run.
pub(super) const END_RUN: u32 = 128;

/// A table for AC coefficients.
pub(super) struct ValueTable {
    /// From the top: 16 bits of value, 8 of the step, 8 of the length of code and value; 0 where the index
    /// does not hold all of them.
    entries: Box<[u32; 1 << INDEX_BITS]>,
    codes: HuffmanTable,
}

impl ValueTable {
    pub(super) fn new(codes: HuffmanTable) -> Self {
        let mut entries = Box::new([0; 1 << INDEX_BITS]);
        let mut index = 0;
        // Symbol by symbol in the order of the codes, which is that of the entries.
        while index < entries.len() {
            let code = (index as u64) << (64 - INDEX_BITS);
            let Some((length, symbol)) = find(&codes, code) else { break };
            let count = 1 << (INDEX_BITS - length.min(INDEX_BITS));
            fill(&mut entries[index..index + count], length, symbol);
            index += count;
        }
        Self { entries, codes }
    }

    /// The next value and how far it moves the index, both in one: 1 to 16 for a coefficient and the zeros
    /// before it (or 16 zeros, with a value of 0), [`END_RUN`] and more for an end of band.
    #[inline(always)]
    pub(super) fn decode(&self, bits: &mut Bits<'_>) -> Option<(i16, u32)> {
        bits.refill();
        let entry = self.entries[bits.peek(INDEX_BITS) & ((1 << INDEX_BITS) - 1)];
        if entry != 0 {
            bits.skip(entry & 255);
            return Some(((entry >> 16) as i16, entry >> 8 & 255));
        }
        let (step, size) = step_and_size(bits.symbol(&self.codes)?);
        let value = if size > 0 { extend(bits.take(size), size) } else { 0 };
        Some((value as i16, step))
    }
}

/// Length and symbol of the code that `bits` (left-aligned) begin with, if it fits the index.
fn find(codes: &HuffmanTable, bits: u64) -> Option<(u32, u8)> {
    let start = |length: u32| (bits >> (64 - length)) as i32;
    codes.look_up(start(8) as u8).or_else(|| {
        let length = (9..=INDEX_BITS).find(|&n| !codes.is_longer(start(n), n))?;
        Some((length, codes.symbol(start(length), length)))
    })
}

/// Writes the entries of one code.
fn fill(entries: &mut [u32], length: u32, symbol: u8) {
    let (step, size) = step_and_size(symbol);
    if length + size > INDEX_BITS {
        return;
    }
    let spare = 1 << (INDEX_BITS - length - size);
    for (bits, entries) in entries.chunks_exact_mut(spare).enumerate() {
        let value = if size > 0 { extend(bits as i32, size) } else { 0 };
        entries.fill((value as u32) << 16 | step << 8 | (length + size));
    }
}

/// The step that a symbol stands for, and the bits of the value behind it.
fn step_and_size(symbol: u8) -> (u32, u32) {
    match (u32::from(symbol >> 4), u32::from(symbol & 15)) {
        (15, 0) => (16, 0),
        (run, 0) => (END_RUN + run, 0),
        (run, size) => (run + 1, size),
    }
}
