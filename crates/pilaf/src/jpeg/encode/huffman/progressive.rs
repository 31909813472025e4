//! Progressive coding (ITU-T T.81, G.1.2): one spectral band of one precision at a time.

use super::{BitWriter, CodeTable, Counts, magnitude};
use crate::jpeg::dct::fdct::Coefficients;

/// What becomes of symbols: they are written, or counted to make a table.
pub(in crate::jpeg::encode) trait Symbols {
    /// A symbol of a table and its extra bits, as many as its low half says.
    fn symbol(&mut self, table: usize, symbol: u32, extra: u32);
    /// Bits without a symbol, at most 32.
    fn bits(&mut self, bits: u32, count: u32);
    /// The end of a restart interval.
    fn restart(&mut self, number: u8);
}

/// Counts symbols per table.
pub(in crate::jpeg::encode) struct Counter(pub(in crate::jpeg::encode) [Counts; 2]);

impl Symbols for Counter {
    fn symbol(&mut self, table: usize, symbol: u32, _: u32) {
        self.0[table & 1][symbol as usize & 255] += 1;
    }

    fn bits(&mut self, _: u32, _: u32) {}

    fn restart(&mut self, _: u8) {}
}

/// Writes symbols as codes.
pub(in crate::jpeg::encode) struct Writer {
    pub(in crate::jpeg::encode) tables: [CodeTable; 2],
    pub(in crate::jpeg::encode) bits: BitWriter,
    pub(in crate::jpeg::encode) out: Vec<u8>,
}

impl Writer {
    /// The file up to the end of the scan.
    pub(in crate::jpeg::encode) fn finish(mut self) -> Vec<u8> {
        self.bits.flush(&mut self.out);
        self.out
    }
}

impl Symbols for Writer {
    #[inline(always)]
    fn symbol(&mut self, table: usize, symbol: u32, extra: u32) {
        let (code, length) = self.tables[table & 1].get(symbol as usize);
        self.bits.put(code | extra, length, &mut self.out);
    }

    #[inline(always)]
    fn bits(&mut self, bits: u32, count: u32) {
        self.bits.put(bits, count, &mut self.out);
    }

    fn restart(&mut self, number: u8) {
        self.bits.flush(&mut self.out);
        self.out.extend([0xFF, 0xD0 + number]);
    }
}

/// The part of the coefficients that a scan codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jpeg::encode) struct Band {
    /// First and last coefficient in zigzag order: 0 and 0, or an AC band.
    pub(in crate::jpeg::encode) first: u8,
    pub(in crate::jpeg::encode) last: u8,
    /// The lowest bit that was coded before; 0 if none was.
    pub(in crate::jpeg::encode) high: u8,
    /// The lowest bit that this scan codes.
    pub(in crate::jpeg::encode) low: u8,
}

impl Band {
    /// The bits of a mask of coefficients that belong to the band.
    fn mask(self) -> u64 {
        (u64::MAX >> (63 - self.last)) & (u64::MAX << self.first)
    }
}

/// Correction bits that may wait for the next symbol before they force it out (libjpeg's 1000,
/// less a block).
const MOST_WAITING_BITS: usize = 937;
/// The longest run of ends of blocks that a symbol can tell.
const LONGEST_RUN: u32 = 0x7FFF;
const ZERO_RUN: u32 = 0xF0;

/// The state of a scan between blocks.
pub(in crate::jpeg::encode) struct Progressive<S> {
    pub(in crate::jpeg::encode) symbols: S,
    band: Band,
    /// The AC table of the scan.
    table: usize,
    last_dc: [i32; 4],
    /// Blocks whose end is not told yet.
    ends: u32,
    /// Correction bits that follow the symbol for those ends.
    corrections: Vec<u8>,
}

impl<S: Symbols> Progressive<S> {
    pub(in crate::jpeg::encode) fn new(symbols: S, band: Band, table: usize) -> Self {
        Self { symbols, band, table, last_dc: [0; 4], ends: 0, corrections: Vec::new() }
    }

    /// Codes a block of the component that is number `index` in the scan and has DC table `dc`.
    pub(in crate::jpeg::encode) fn block(&mut self, block: &Coefficients, index: usize, dc: usize) {
        match (self.band.first, self.band.high) {
            (0, 0) => self.dc_first(block.values[0], index, dc),
            (0, _) => self.symbols.bits(u32::from(block.values[0] as u16 >> self.band.low) & 1, 1),
            (_, 0) => self.ac_first(block),
            _ => self.ac_refine(block),
        }
    }

    /// Ends a restart interval.
    pub(in crate::jpeg::encode) fn restart(&mut self, number: u8) {
        self.flush_ends();
        self.symbols.restart(number);
        self.last_dc = [0; 4];
    }

    /// Ends the scan.
    pub(in crate::jpeg::encode) fn finish(mut self) -> S {
        self.flush_ends();
        self.symbols
    }

    fn dc_first(&mut self, dc: i16, index: usize, table: usize) {
        let value = i32::from(dc >> self.band.low);
        let (size, extra) = magnitude(value - self.last_dc[index]);
        self.last_dc[index] = value;
        self.symbols.symbol(table, size, extra);
    }

    /// First pass over an AC band: as sequential coding, with runs of empty blocks (T.81, figure
    /// G.3). Lower bits are cut off towards zero.
    fn ac_first(&mut self, block: &Coefficients) {
        let mut next = u32::from(self.band.first);
        let mut rest = block.nonzero & self.band.mask();
        while rest != 0 {
            let k = rest.trailing_zeros();
            rest &= rest - 1;
            let value = i32::from(block.values[k as usize & 63]);
            let value = (value.abs() >> self.band.low) * value.signum();
            if value == 0 {
                continue;
            }
            self.flush_ends();
            let mut run = k - next;
            next = k + 1;
            while run > 15 {
                self.symbols.symbol(self.table, ZERO_RUN, 0);
                run -= 16;
            }
            let (size, extra) = magnitude(value);
            self.symbols.symbol(self.table, run << 4 | size, extra);
        }
        if next <= self.band.last.into() {
            self.end_block();
        }
    }

    /// A later pass over an AC band: one bit more of each coefficient (T.81, figure G.7).
    ///
    /// Coefficients that become nonzero are coded with their run of zeros; those that were nonzero
    /// before give a correction bit, which waits for the next symbol.
    fn ac_refine(&mut self, block: &Coefficients) {
        let low = self.band.low;
        let precise = |k: u32| block.values[k as usize & 63].unsigned_abs() >> low;
        let mut visible = block.nonzero & self.band.mask();
        let mut last_new = 0;
        for k in ones(visible) {
            match precise(k) {
                0 => visible &= !(1 << k),
                1 => last_new = k,
                _ => {}
            }
        }
        let (mut run, mut next) = (0, u32::from(self.band.first));
        // Correction bits of this block, from here on those behind its last symbol.
        let mut own = self.corrections.len();
        for k in ones(visible) {
            run += k - next;
            next = k + 1;
            // Zeros behind the last new coefficient belong to the end of the block.
            while run > 15 && k <= last_new {
                self.flush_ends_before(own);
                self.symbols.symbol(self.table, ZERO_RUN, 0);
                self.put_corrections();
                own = 0;
                run -= 16;
            }
            if precise(k) > 1 {
                self.corrections.push(precise(k) as u8 & 1);
                continue;
            }
            self.flush_ends_before(own);
            let positive = block.values[k as usize & 63] > 0;
            self.symbols.symbol(self.table, run << 4 | 1, positive.into());
            self.put_corrections();
            own = 0;
            run = 0;
        }
        let zeros_follow = run + (u32::from(self.band.last) + 1 - next) > 0;
        if zeros_follow || self.corrections.len() > own {
            self.end_block();
            if self.corrections.len() > MOST_WAITING_BITS {
                self.flush_ends();
            }
        }
    }

    fn end_block(&mut self) {
        self.ends += 1;
        if self.ends == LONGEST_RUN {
            self.flush_ends();
        }
    }

    /// Tells the ends of earlier blocks, whose correction bits are the first `own` of those that
    /// wait; the others go on waiting.
    fn flush_ends_before(&mut self, own: usize) {
        if self.ends > 0 {
            let later = self.corrections.split_off(own);
            self.flush_ends();
            self.corrections = later;
        }
    }

    /// Tells the ends of blocks that were not told yet, and their correction bits.
    fn flush_ends(&mut self) {
        if self.ends > 0 {
            let size = self.ends.ilog2();
            self.symbols.symbol(self.table, size << 4, 0);
            self.symbols.bits(self.ends & ((1 << size) - 1), size);
            self.ends = 0;
            self.put_corrections();
        }
    }

    fn put_corrections(&mut self) {
        for &bit in &self.corrections {
            self.symbols.bits(bit.into(), 1);
        }
        self.corrections.clear();
    }
}

/// The numbers of the bits that are set, from low to high.
fn ones(mut mask: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (mask != 0).then(|| mask.trailing_zeros())?;
        mask &= mask - 1;
        Some(bit)
    })
}
