//! Runs of MCUs whose blocks all continue the block before them, as areas of one colour have them.
//!
//! Their data are one short pattern of bits again and again, which is recognised instead of decoded; what is handed
//! out has no coefficients.

use super::stream::load_bits;
use super::wide::code_of_zero;
use super::{Anomaly, ChunkedScan, Layout, Run};

/// Bits that one look at the data can compare.
const COMPARED_BITS: u32 = 57;
/// Clean bytes to look at in one go.
const WINDOW_BYTES: usize = 1 << 12;

/// The data of a flat MCU.
pub(super) struct FlatMcu {
    one: Pattern,
    /// As many as can be compared at once.
    many: Pattern,
}

/// Bits to compare, left-aligned.
struct Pattern {
    bits: u64,
    mask: u64,
    length: u64,
    mcus: usize,
}

impl FlatMcu {
    /// `None` if the tables lack a code that flat blocks need, or have only long ones.
    pub(super) fn new(layout: &Layout<'_>) -> Option<Self> {
        let (mut bits, mut length) = (0u64, 0);
        for &component in layout.mcu {
            let (dc, ac) = layout.tables[component];
            for (code, code_length) in [code_of_zero(dc)?, code_of_zero(ac)?] {
                length += code_length;
                if length > COMPARED_BITS {
                    return None;
                }
                bits = bits << code_length | u64::from(code);
            }
        }
        let repeated = |mcus: u32| Pattern {
            bits: (0..mcus).fold(0, |all, _| all << length | bits) << (64 - mcus * length),
            mask: u64::MAX << (64 - mcus * length),
            length: (mcus * length).into(),
            mcus: mcus as usize,
        };
        Some(Self { one: repeated(1), many: repeated(COMPARED_BITS / length) })
    }

    /// The number of flat MCUs from `position` on, at most `most` of those that end before `end`, and the
    /// position behind them.
    fn count(&self, bytes: &[u8], mut position: u64, end: u64, most: usize) -> (usize, u64) {
        let mut count = 0;
        for pattern in [&self.many, &self.one] {
            while count + pattern.mcus <= most
                && position + pattern.length <= end
                && load_bits(bytes, position) & pattern.mask == pattern.bits
            {
                count += pattern.mcus;
                position += pattern.length;
            }
        }
        (count, position)
    }
}

impl ChunkedScan<'_> {
    /// Makes a run of the flat MCUs that come next. Returns whether there are any.
    pub(super) fn decode_flat(&mut self) -> Result<bool, Anomaly> {
        let Some(flat) = &self.flat else { return Ok(false) };
        self.clean.fill(WINDOW_BYTES);
        self.check_input()?;
        let end = self.clean.len() as u64 * 8;
        let (mcus, position) = flat.count(self.clean.padded(), self.position, end, self.mcus_left);
        if mcus == 0 {
            return Ok(false);
        }
        self.position = position;
        self.mcus_left -= mcus;
        self.runs.push_back(Run { first_block: None, mcus, restart: false });
        Ok(true)
    }
}
