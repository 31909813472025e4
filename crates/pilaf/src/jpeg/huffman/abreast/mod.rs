//! Fast decoding of files of several scans: a row of blocks of every scan, then the next row.
//!
//! ```text
//! scan 1: clean bytes -> row 0          row 1          ...
//! scan 2: clean bytes ->   same blocks    same blocks
//! ```
//!
//! What a scan adds to a block depends on nothing but the scans before it. So they can all go down the picture
//! together, each with a reader of its own. Only a row of coefficients exists, and stays in the cache, where scan
//! after scan over the whole picture would wait for memory.
//!
//! As [`chunked`](super::chunked), this takes no decision about damage: codes that no table has, coefficients
//! outside of the band, data that end early all end it with [`Anomaly`], and the row at hand is void.

mod bits;
mod values;

use bits::{BitState, Bits};
use values::{END_RUN, ValueTable};

use super::clean::{CleanBytes, End, SLACK};
use super::table::{Class, HuffmanTable};
use super::{extend, table};
use crate::jpeg::dct::idct::Block;
use crate::jpeg::marker::{Scan, Tables};
use crate::jpeg::zigzag::NATURAL_ORDER;
use crate::simd::Level;

/// The data are not what an encoder writes; only the scalar decoders know what libjpeg makes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anomaly;

/// A scan of which some rows are decoded.
pub(crate) struct ScanRows {
    /// Clean bytes, and [`SLACK`] zeros.
    bytes: Vec<u8>,
    state: BitState,
    pass: Pass,
}

/// What a scan brings.
enum Pass {
    /// All coefficients.
    Sequential(Vec<Sequential>),
    DcFirst {
        parts: Vec<DcFirst>,
        low: u32,
    },
    DcRefine {
        low: u32,
    },
    AcFirst(Box<Band<ValueTable>>),
    AcRefine(Box<Band<HuffmanTable>>),
}

struct Sequential {
    dc: DcFirst,
    ac: ValueTable,
}

struct DcFirst {
    table: HuffmanTable,
    prediction: i32,
}

/// AC coefficients of one component.
struct Band<T> {
    table: T,
    /// First and last coefficient, in zigzag order.
    start: usize,
    end: usize,
    /// The bit position of the scan.
    low: u32,
    /// Blocks that have no more coefficients in this band.
    end_of_band_run: u32,
}

impl ScanRows {
    /// A decoder for `scan`, whose data begin `raw`, and the offset of the marker behind them. `None` if the
    /// tables are not valid or the data end without a marker. There must be no restart markers.
    pub(crate) fn new(
        raw: &[u8],
        scan: &Scan,
        tables: &Tables,
        progressive: bool,
    ) -> Option<(Self, usize)> {
        let pass = Pass::new(scan, tables, progressive)?;
        let (bytes, Some(End::Marker { offset, .. })) = CleanBytes::all(raw) else { return None };
        Some((Self { bytes, state: BitState::default(), pass }, offset))
    }

    /// Decodes a row of blocks of a scan of one component. `nonzero` tells which AC coefficients are not zero: the
    /// bits of each block, from the top, are its coefficients in zigzag order.
    #[inline(always)]
    pub(crate) fn decode_row(
        &mut self,
        level: Level,
        blocks: &mut [Block],
        nonzero: &mut [u64],
    ) -> Result<(), Anomaly> {
        let mut bits = Bits::new(&self.bytes, self.state);
        let decoded = match &mut self.pass {
            Pass::AcFirst(band) => band.decode_row(&mut bits, blocks, nonzero),
            Pass::AcRefine(band) => band.refine_row(level, &mut bits, blocks, nonzero),
            pass => pass.decode_blocks(&mut bits, blocks),
        };
        self.state = bits.state();
        decoded.ok_or(Anomaly)
    }

    /// Decodes a block of the scan's component `part`, of several that are interleaved.
    #[inline(always)]
    pub(crate) fn decode_block(&mut self, part: usize, block: &mut Block) -> Result<(), Anomaly> {
        let mut bits = Bits::new(&self.bytes, self.state);
        let decoded = self.pass.decode_block(&mut bits, part, block);
        self.state = bits.state();
        decoded.ok_or(Anomaly)
    }

    /// Whether all that was decoded consisted of bits that exist.
    pub(crate) fn is_within_data(&self) -> bool {
        self.state.position() <= (self.bytes.len() - SLACK) as u64 * 8
    }
}

impl Pass {
    fn new(scan: &Scan, tables: &Tables, progressive: bool) -> Option<Self> {
        let dc = |number| {
            let table = table(tables, Class::Dc, number, scan).ok()?;
            Some(DcFirst { table, prediction: 0 })
        };
        let ac = |number| table(tables, Class::Ac, number, scan).ok();
        if !progressive {
            let parts = scan.components.iter().map(|c| {
                Some(Sequential { dc: dc(c.dc_table)?, ac: ValueTable::new(ac(c.ac_table)?) })
            });
            return parts.collect::<Option<_>>().map(Self::Sequential);
        }
        scan.check_progression().ok()?;
        let low = scan.approximation_low.into();
        let table = ac(scan.components[0].ac_table);
        Some(match (scan.spectral_start, scan.approximation_high) {
            (0, 0) => {
                let parts = scan.components.iter().map(|c| dc(c.dc_table));
                Self::DcFirst { parts: parts.collect::<Option<_>>()?, low }
            }
            (0, _) => Self::DcRefine { low },
            (_, 0) => Self::AcFirst(Box::new(Band::new(ValueTable::new(table?), scan))),
            (_, _) => Self::AcRefine(Box::new(Band::new(table?, scan))),
        })
    }

    /// Decodes a row of the blocks of one component.
    #[inline(always)]
    fn decode_blocks(&mut self, bits: &mut Bits<'_>, blocks: &mut [Block]) -> Option<()> {
        for block in blocks {
            self.decode_block(bits, 0, block)?;
        }
        Some(())
    }

    /// Decodes a block in which no zeros have to be told from old coefficients.
    #[inline(always)]
    fn decode_block(&mut self, bits: &mut Bits<'_>, part: usize, block: &mut Block) -> Option<()> {
        match self {
            Self::Sequential(parts) => {
                block[0] = parts[part].dc.decode(bits)? as i16;
                decode_ac(&parts[part].ac, bits, block)?;
            }
            Self::DcFirst { parts, low } => block[0] = (parts[part].decode(bits)? << *low) as i16,
            Self::DcRefine { low } => {
                bits.refill();
                block[0] |= (bits.take(1) << *low) as i16;
            }
            Self::AcFirst(_) | Self::AcRefine(_) => return None,
        }
        Some(())
    }
}

impl DcFirst {
    /// The next DC coefficient, as far as the scan has it.
    #[inline(always)]
    fn decode(&mut self, bits: &mut Bits<'_>) -> Option<i32> {
        bits.refill();
        let size = u32::from(bits.symbol(&self.table)?);
        let difference = if size > 0 { extend(bits.take(size), size) } else { 0 };
        self.prediction = self.prediction.checked_add(difference)?;
        Some(self.prediction)
    }
}

/// The AC coefficients of a block of a sequential scan.
#[inline(always)]
fn decode_ac(table: &ValueTable, bits: &mut Bits<'_>, block: &mut Block) -> Option<()> {
    let mut k = 1;
    while k < 64 {
        let (value, step) = table.decode(bits)?;
        if step >= END_RUN {
            break;
        }
        k += step as usize;
        if value != 0 {
            block[usize::from(*NATURAL_ORDER[..64].get(k - 1)?)] = value;
        }
    }
    Some(())
}

impl<T> Band<T> {
    fn new(table: T, scan: &Scan) -> Self {
        let (start, end) = (usize::from(scan.spectral_start), usize::from(scan.spectral_end));
        Self { table, start, end, low: scan.approximation_low.into(), end_of_band_run: 0 }
    }
}

impl Band<ValueTable> {
    /// The first bits of a band (ITU-T T.81, figure G.3 and what it refers to).
    #[inline(always)]
    fn decode_row(
        &mut self,
        bits: &mut Bits<'_>,
        blocks: &mut [Block],
        nonzero: &mut [u64],
    ) -> Option<()> {
        let mut x = 0;
        while x < blocks.len() {
            let skipped = (self.end_of_band_run as usize).min(blocks.len() - x);
            self.end_of_band_run -= skipped as u32;
            x += skipped;
            if let (Some(block), Some(nonzero)) = (blocks.get_mut(x), nonzero.get_mut(x)) {
                self.end_of_band_run = self.decode_block(bits, block, nonzero)?;
                x += 1;
            }
        }
        Some(())
    }

    /// Returns how many of the following blocks have no coefficients.
    #[inline(always)]
    fn decode_block(
        &self,
        bits: &mut Bits<'_>,
        block: &mut Block,
        nonzero: &mut u64,
    ) -> Option<u32> {
        let mut set = *nonzero;
        let mut k = self.start;
        let mut following = 0;
        while k <= self.end {
            let (value, step) = self.table.decode(bits)?;
            if step >= END_RUN {
                following = (1 << (step - END_RUN)) - 1 + bits.take(step - END_RUN) as u32;
                break;
            }
            k += step as usize;
            if value != 0 {
                if k - 1 > self.end {
                    return None;
                }
                let value = value << self.low;
                block[usize::from(NATURAL_ORDER[(k - 1) & 63])] = value;
                set = set & !bit(k - 1) | if value == 0 { 0 } else { bit(k - 1) };
            }
        }
        *nonzero = set;
        Some(following)
    }
}

/// The bit of the coefficient that is coded `k`-th; `k` is at most 63.
#[inline(always)]
fn bit(k: usize) -> u64 {
    1 << 63 >> (k & 63)
}

/// The bits of the coefficients from `start` up to `end`, which is at most 64.
#[inline(always)]
fn coefficients(start: usize, end: usize) -> u64 {
    let from = |k: usize| u64::MAX.checked_shr(k as u32).unwrap_or(0);
    from(start) & !from(end)
}

impl Band<HuffmanTable> {
    /// One more bit for a band (ITU-T T.81, figures G.7 to G.9).
    ///
    /// Which coefficients grow is known when the codes of a block are read, and they grow together at its end:
    /// one loop that the CPU mispredicts for a block, not several for each code.
    #[inline(always)]
    fn refine_row(
        &mut self,
        level: Level,
        bits: &mut Bits<'_>,
        blocks: &mut [Block],
        nonzero: &mut [u64],
    ) -> Option<()> {
        for (block, nonzero) in blocks.iter_mut().zip(nonzero) {
            let growing = if self.end_of_band_run > 0 {
                self.end_of_band_run -= 1;
                let old = *nonzero & coefficients(self.start, self.end + 1);
                take_for_each(level, bits, old)
            } else {
                let (growing, following) = self.refine_block(level, bits, block, nonzero)?;
                self.end_of_band_run = following;
                growing
            };
            self.grow(block, growing);
        }
        Some(())
    }

    /// Sets the new coefficients. Returns which of the old ones grow, and how many of the following blocks have no
    /// new ones.
    #[inline(always)]
    fn refine_block(
        &self,
        level: Level,
        bits: &mut Bits<'_>,
        block: &mut Block,
        nonzero: &mut u64,
    ) -> Option<(u64, u32)> {
        let mut set = *nonzero;
        let mut growing = 0;
        let mut k = self.start;
        let mut following = 0;
        while k <= self.end {
            bits.refill();
            let symbol = bits.symbol(&self.table)?;
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            let rest = coefficients(k, self.end + 1);
            if size == 0 && run < 15 {
                following = (1 << run) - 1 + bits.take(run) as u32;
                growing |= take_for_each(level, bits, set & rest);
                break;
            }
            if size > 1 {
                return None;
            }
            let is_positive = bits.take(size.into()) != 0;
            let target = level.set_bit(!set & rest, run);
            // Down to the target, or to the end of the band if there is none.
            let end = if target == 0 { self.end + 1 } else { target.leading_zeros() as usize };
            growing |= take_for_each(level, bits, set & coefficients(k, end));
            if size == 1 {
                if target == 0 {
                    return None;
                }
                let value = 1 << self.low;
                block[usize::from(NATURAL_ORDER[end & 63])] =
                    if is_positive { value } else { -value };
                set |= target;
            }
            k = end + 1;
        }
        *nonzero = set;
        Some((growing, following))
    }

    /// Moves coefficients away from zero, unless they have the bit already.
    #[inline(always)]
    fn grow(&self, block: &mut Block, mut growing: u64) {
        while growing != 0 {
            let k = 63 - growing.trailing_zeros() as usize;
            growing &= growing - 1;
            let coefficient = &mut block[usize::from(NATURAL_ORDER[k])];
            let step = (!(*coefficient >> self.low) & 1) << self.low;
            let sign = *coefficient >> 15;
            *coefficient = coefficient.wrapping_add((step ^ sign) - sign);
        }
    }
}

/// Reads a bit for each of the coefficients `old`. Returns those that got a 1.
#[inline(always)]
fn take_for_each(level: Level, bits: &mut Bits<'_>, old: u64) -> u64 {
    let mut take = |old: u64| {
        let count = old.count_ones();
        bits.refill();
        let taken = bits.peek(count);
        bits.skip(count);
        level.deposit(taken as u64, old)
    };
    if old.count_ones() <= 56 {
        return take(old);
    }
    let first = old & (u64::MAX << 32);
    take(first) | take(old ^ first)
}
