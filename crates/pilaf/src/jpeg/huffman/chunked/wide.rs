//! Wide tables: one look-up gives a symbol, its value, and often the end of the block as well.
//!
//! An entry packs, from the top, a 16-bit value, an 8-bit *step* and an 8-bit length in bits. The step moves
//! the coefficient index and says what the entry is:
//!
//! | step | entry |
//! |---|---|
//! | 1 to 16 | zero run and one coefficient (or 16 zeros): the index after it is at most 79 |
//! | [`END`] | end of block |
//! | [`FUSED`] + 1 to 16 | zero run, coefficient and end of block at once |
//! | [`LONG`] | more bits than the index has; the value is length and symbol of the code, 0 if that is longer itself |
//!
//! A coefficient in the last place has no end-of-block code behind it, so a fused entry that reaches it
//! must be undone. Both that and `LONG` show as an index of [`RARE`] or more: one test for all.

use super::super::table::HuffmanSpec;
use crate::jpeg::zigzag::NATURAL_ORDER;

/// Bits that one look-up sees.
pub(super) const INDEX_BITS: u32 = 11;
/// Entries of one table.
pub(super) const ENTRIES: usize = 1 << INDEX_BITS;

/// Step of an end of block: indices of 80 to 143 follow.
pub(super) const END: u32 = 80;
/// Added to the step of a coefficient that an end of block follows: indices of 145 to 207 follow.
const FUSED: u32 = 144;
/// Indices from here on are rare cases: a fused entry beyond its block, or a long code.
pub(super) const RARE: u32 = FUSED + 64;
const LONG: u32 = 255;

/// Natural position of the coefficient that a step to index `i` wrote. What writes none, or lies beyond
/// the block, goes to the last position: the former writes a zero there before any value can come.
pub(super) const POSITIONS: [u8; 256] = {
    let mut positions = [63; 256];
    let mut i = 0;
    while i < 64 {
        positions[i + 1] = NATURAL_ORDER[i];
        positions[i + 1 + FUSED as usize] = NATURAL_ORDER[i];
        i += 1;
    }
    positions
};

const fn entry(value: i32, step: u32, length: u32) -> u32 {
    (value as u32) << 16 | step << 8 | length
}

/// Value, index step, and bits of code and value together.
pub(super) fn parts(entry: u32) -> (i16, u32, u32) {
    ((entry >> 16) as i16, entry >> 8 & 255, entry & 255)
}

/// Length and symbol of the code of a [`LONG`] entry, if the index has room for the code: then only its value
/// is missing.
#[inline(always)]
pub(super) fn long_code(entry: u32) -> Option<(u32, u32)> {
    (entry >> 8 & 255 == LONG && entry >> 24 != 0).then_some((entry >> 24, entry >> 16 & 255))
}

/// The unfused entry of a symbol that has a value, whose code of `length` bits `bits` (left-aligned) begin with.
#[inline(always)]
pub(super) fn with_value(symbol: u32, length: u32, bits: u64) -> u32 {
    let (run, size) = (symbol >> 4, symbol & 15);
    let value = extend((bits << length >> (64 - size)) as i32, size);
    entry(value, run + 1, length + size)
}

/// What the codes of one table mean, for building wide tables and for the codes they have no room for.
#[derive(Clone)]
pub(super) struct Codes {
    symbols: [u8; 256],
    dc: bool,
    /// Bits of the end of block that fused entries hold.
    end_length: u32,
    /// First code of more bits than the index has, left-aligned in 16 bits.
    first_long: u32,
    /// For all 16-bit starts from there on: length and symbol of the code, or 0.
    long: Vec<u16>,
}

impl Codes {
    /// The codes of a valid `spec`, behind whose symbols the end of block of `after` may come.
    pub(super) fn new(spec: &HuffmanSpec, dc: bool, after: &HuffmanSpec) -> Self {
        let end_length = code_of_zero(after).map_or(0, |(_, length)| length);
        let (mut first_long, mut long) = (0, Vec::new());
        for (length, first, code, count) in lengths(spec) {
            let spare = 16 - length;
            if length <= INDEX_BITS {
                first_long = (code + count) << spare;
                continue;
            }
            for (nth, &symbol) in spec.symbols[first..].iter().take(count as usize).enumerate() {
                let end = ((code + nth as u32 + 1) << spare) - first_long;
                long.resize(end as usize, (length << 8) as u16 | u16::from(symbol));
            }
        }
        Self { symbols: spec.symbols, dc, end_length, first_long, long }
    }

    /// The entry of the symbol that `bits` (left-aligned, at least 32 of them) begin with, unfused; its step is
    /// 0 if no code begins like that. `wide` is what the wide table has for them.
    pub(super) fn decode(&self, bits: u64, wide: u32) -> u32 {
        let (value, step, total) = parts(wide);
        if step != LONG {
            return entry(value.into(), step - FUSED, total - self.end_length);
        }
        if let Some((length, symbol)) = long_code(wide) {
            return with_value(symbol, length, bits);
        }
        let index = ((bits >> 48) as u32).wrapping_sub(self.first_long);
        let code = self.long.get(index as usize).copied().unwrap_or(0);
        let (length, symbol) = (u32::from(code >> 8), code as u8);
        if length == 0 { 0 } else { self.symbol(symbol, length, bits) }
    }

    fn symbol(&self, symbol: u8, length: u32, bits: u64) -> u32 {
        match self.run_and_size(symbol) {
            (0..15, 0) if !self.dc => entry(0, END, length),
            (run, 0) => entry(0, run + 1, length),
            _ => with_value(symbol.into(), length, bits),
        }
    }

    fn run_and_size(&self, symbol: u8) -> (u32, u32) {
        if self.dc {
            (0, u32::from(symbol))
        } else {
            (u32::from(symbol >> 4), u32::from(symbol & 15))
        }
    }
}

/// Length, index of the first symbol, first code and number of codes, for each length that has any.
fn lengths(spec: &HuffmanSpec) -> impl Iterator<Item = (u32, usize, u32, u32)> {
    let (mut first, mut code) = (0, 0);
    (1..=16u32).filter_map(move |length| {
        let count = u32::from(spec.counts[length as usize - 1]);
        let this = (length, first, code, count);
        first += count as usize;
        code = (code + count) << 1;
        (count > 0).then_some(this)
    })
}

/// The value that `size` bits stand for (ITU-T T.81, figure F.12).
fn extend(bits: i32, size: u32) -> i32 {
    if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }
}

/// Writes the wide table of `spec` to `entries`; `after` is the table whose end of block may follow. Returns its
/// codes.
pub(super) fn build(
    spec: &HuffmanSpec,
    dc: bool,
    after: &HuffmanSpec,
    entries: &mut [u32],
) -> Codes {
    let entries = &mut entries[..ENTRIES];
    entries.fill(entry(0, LONG, 0));
    let end = code_of_zero(after);
    let codes = Codes::new(spec, dc, after);
    for (length, first, code, count) in lengths(spec) {
        if length > INDEX_BITS {
            break;
        }
        for (nth, &symbol) in codes.symbols[first..].iter().take(count as usize).enumerate() {
            let place = ((code as usize + nth) << (INDEX_BITS - length)).min(ENTRIES);
            let (run, size) = codes.run_and_size(symbol);
            let room = 1 << (INDEX_BITS - length);
            let entries = &mut entries[place..(place + room).min(ENTRIES)];
            if size == 0 && !dc && run < 15 {
                entries.fill(entry(0, END, length));
            } else if size == 0 && !dc {
                entries.fill(entry(0, 16, length));
            } else if length + size <= INDEX_BITS {
                fill_values(entries, run + 1, length, size, end);
            } else {
                entries.fill(entry((length << 8 | u32::from(symbol)) as i32, LONG, 0));
            }
        }
    }
    codes
}

/// Writes the entries of one code, for each value that its `size` bits can have.
fn fill_values(entries: &mut [u32], step: u32, length: u32, size: u32, end: Option<(u32, u32)>) {
    let spare = INDEX_BITS - length - size;
    let length = length + size;
    for (bits, entries) in entries.chunks_exact_mut(1 << spare).enumerate() {
        let value = if size == 0 { 0 } else { extend(bits as i32, size) };
        entries.fill(entry(value, step, length));
        if let Some((code, end_length)) = end.filter(|&(_, end_length)| end_length <= spare) {
            let first = (code as usize) << (spare - end_length);
            let count = 1 << (spare - end_length);
            entries[first..first + count].fill(entry(value, FUSED + step, length + end_length));
        }
    }
}

/// Code and length of symbol 0, if the table has it: the end of block, or a DC coefficient like the last one.
pub(super) fn code_of_zero(spec: &HuffmanSpec) -> Option<(u32, u32)> {
    lengths(spec).find_map(|(length, first, code, count)| {
        let nth =
            spec.symbols[first..].iter().take(count as usize).position(|&symbol| symbol == 0)?;
        Some((code + nth as u32, length))
    })
}
