//! The binary decoder (ITU-T T.81, D.2).

use super::states::STATES;
use crate::error::Result;
use crate::jpeg::marker::MarkerReader;

/// The coding interval.
///
/// `base` holds the code register of the standard and, below it, `bits` bits that were read ahead
/// (negative while the register is first filled): one shift of a comparison replaces the shifts of
/// the register.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    base: u64,
    size: u32,
    bits: i32,
}

impl Interval {
    /// An interval that has read nothing yet.
    pub(super) fn new() -> Self {
        Self { base: 0, size: 0, bits: -16 }
    }

    /// Reads bytes until the interval is at least half of the full one again (figure D.19).
    fn renormalize(&mut self, input: &mut MarkerReader<'_>) -> Result<()> {
        while self.size < 0x8000 {
            self.bits -= 1;
            if self.bits < 0 {
                self.base = self.base << 8 | u64::from(next_byte(input)?);
                self.bits += 8;
                if self.bits < 0 {
                    self.bits += 1;
                    if self.bits == 0 {
                        self.size = 0x8000;
                    }
                }
            }
            self.size <<= 1;
        }
        Ok(())
    }

    /// The next decision, estimated by the statistics `bin`: the more probable symbol in the top
    /// bit and a state in the rest (figures D.16 to D.18).
    pub(super) fn decode(&mut self, input: &mut MarkerReader<'_>, bin: &mut u8) -> Result<bool> {
        self.renormalize(input)?;
        let symbol = *bin & 0x80;
        let state = STATES[usize::from(*bin & 0x7F)];
        let lps_size = u32::from(state.lps_size);
        self.size -= lps_size;
        let split = u64::from(self.size) << self.bits;
        let is_upper = self.base >= split;
        if !is_upper && self.size >= 0x8000 {
            return Ok(symbol != 0);
        }
        // The larger part stands for the more probable symbol, whichever side it is on.
        let is_lps = is_upper == (self.size >= lps_size);
        if is_upper {
            self.base -= split;
            self.size = lps_size;
        }
        if is_lps {
            *bin = symbol ^ state.after_lps;
            Ok(symbol == 0)
        } else {
            *bin = symbol | state.after_mps;
            Ok(symbol != 0)
        }
    }
}

/// The next byte of the segment, zero once it has ended: that is how arithmetic coding ends.
fn next_byte(input: &mut MarkerReader<'_>) -> Result<u8> {
    if input.unread.is_some() {
        return Ok(0);
    }
    let mut byte = input.cursor.byte()?;
    if byte != 0xFF {
        return Ok(byte);
    }
    while byte == 0xFF {
        byte = input.cursor.byte()?;
    }
    if byte == 0 {
        return Ok(0xFF);
    }
    input.unread = Some(byte);
    Ok(0)
}
