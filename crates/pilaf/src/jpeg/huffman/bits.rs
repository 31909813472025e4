//! Bits of a scan, with the stuffing removed.

use super::table::HuffmanTable;
use crate::error::Result;
use crate::jpeg::marker::MarkerReader;

/// Depth to which the reservoir is filled: what libjpeg-turbo does on 64-bit machines. A strict
/// decoder needs the same depth to find the same files truncated, because whole words are read
/// ahead of the bits that are asked for.
const FULL: u32 = 57;

/// A reservoir of bits.
#[derive(Clone, Debug, Default)]
pub(super) struct BitReader {
    /// The lowest `left` bits are unread, the highest of them comes next.
    buffer: u64,
    left: u32,
    /// Whether bits were asked for that the segment does not have.
    pub(super) exhausted: bool,
}

impl BitReader {
    /// Bits that are unread.
    #[cfg(test)]
    pub(super) fn left(&self) -> u32 {
        self.left
    }

    /// Drops what is left of a segment.
    pub(super) fn clear(&mut self) {
        self.left = 0;
    }

    /// Fills the reservoir; it may stay below `needed` bits only if `needed` is 0.
    #[cold]
    fn fill(&mut self, input: &mut MarkerReader<'_>, needed: u32) -> Result<()> {
        if input.unread.is_none() && self.fill_plain(input) {
            return Ok(());
        }
        while input.unread.is_none() && self.left < FULL {
            self.add_byte(input)?;
        }
        if needed > self.left {
            if !self.exhausted {
                input.damage.note(input.cursor.position(), "a segment of the scan ends too early");
            }
            self.exhausted = true;
            self.buffer <<= FULL - self.left;
            self.left = FULL;
        }
        Ok(())
    }

    /// Adds a byte to the reservoir, unless a marker comes next.
    fn add_byte(&mut self, input: &mut MarkerReader<'_>) -> Result<()> {
        let mut byte = input.cursor.byte()?;
        if byte == 0xFF {
            while byte == 0xFF {
                byte = input.cursor.byte()?;
            }
            if byte != 0 {
                input.unread = Some(byte);
                return Ok(());
            }
            byte = 0xFF;
        }
        self.buffer = self.buffer << 8 | u64::from(byte);
        self.left += 8;
        Ok(())
    }

    /// A reservoir whose next bit is bit `bit` of the next byte, and that holds `count` bytes beyond what is left
    /// of a byte there. `None` if that is more than it has room for, or than there is before a marker.
    pub(super) fn ahead(
        input: &mut MarkerReader<'_>,
        bit: u32,
        count: u32,
    ) -> Result<Option<Self>> {
        let mut bits = Self::default();
        let whole = 8 * count;
        let wanted = if bit > 0 { whole + 8 } else { whole };
        while bits.left < wanted.min(64) && input.unread.is_none() {
            bits.add_byte(input)?;
        }
        let holds = bits.left == wanted;
        bits.left -= bit.min(bits.left);
        Ok(holds.then_some(bits))
    }

    /// Fills the reservoir at once if none of the next eight bytes is special.
    fn fill_plain(&mut self, input: &mut MarkerReader<'_>) -> bool {
        let Some(bytes) = input.cursor.rest().first_chunk::<8>() else { return false };
        let word = u64::from_be_bytes(*bytes);
        // A byte is FF where adding one carries out of it: the classic test for a zero byte, of
        // the complement.
        let has_ff = (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080;
        let count = (64 - self.left) / 8;
        if has_ff != 0 || count == 0 {
            return false;
        }
        let kept = if count == 8 { 0 } else { self.buffer << (8 * count) };
        self.buffer = kept | word >> (64 - 8 * count);
        self.left += 8 * count;
        input.cursor.skip(count as usize).is_ok()
    }

    /// The next `count` bits, at most 16.
    #[inline]
    pub(super) fn take(&mut self, input: &mut MarkerReader<'_>, count: u32) -> Result<i32> {
        if self.left < count {
            self.fill(input, count)?;
        }
        self.left -= count;
        Ok((self.buffer >> self.left) as i32 & ((1 << count) - 1))
    }

    /// The symbol of the next code; 0 if no code of the table begins like the next 17 bits.
    #[inline]
    pub(super) fn decode(
        &mut self,
        input: &mut MarkerReader<'_>,
        table: &HuffmanTable,
    ) -> Result<u8> {
        if self.left < 8 {
            self.fill(input, 0)?;
            if self.left < 8 {
                return self.decode_long(input, table, 1);
            }
        }
        match table.look_up((self.buffer >> (self.left - 8)) as u8) {
            Some((length, symbol)) => {
                self.left -= length;
                Ok(symbol)
            }
            None => self.decode_long(input, table, 9),
        }
    }

    /// A code of at least `length` bits, found bit by bit (ITU-T T.81, figure F.16).
    fn decode_long(
        &mut self,
        input: &mut MarkerReader<'_>,
        table: &HuffmanTable,
        mut length: u32,
    ) -> Result<u8> {
        let mut code = self.take(input, length)?;
        while table.is_longer(code, length) {
            code = code << 1 | self.take(input, 1)?;
            length += 1;
        }
        if length > 16 {
            input.damage.note(input.cursor.position(), "a Huffman code is in no table");
            input.bad_code = true;
            return Ok(0);
        }
        Ok(table.symbol(code, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take_all(data: &[u8], tolerant: bool, count: u32, times: usize) -> (Vec<i32>, BitReader) {
        let mut input = MarkerReader::new(data, tolerant);
        let mut bits = BitReader::default();
        let taken = (0..times).map(|_| bits.take(&mut input, count).unwrap()).collect();
        (taken, bits)
    }

    #[test]
    fn stuffing_and_fill_bytes_are_removed() {
        let data = [0x12, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0x00, 0x34, 0xFF, 0xD9];
        let (taken, bits) = take_all(&data, false, 8, 4);
        assert_eq!(taken, [0x12, 0xFF, 0xFF, 0x34]);
        assert!(!bits.exhausted);
    }

    #[test]
    fn zeros_follow_a_marker() {
        let (taken, bits) = take_all(&[0xAB, 0xFF, 0xD9], false, 12, 20);
        assert_eq!(taken[..2], [0xAB0, 0]);
        assert!(bits.exhausted);
    }

    #[test]
    fn the_end_of_the_data_is_an_error_unless_tolerated() {
        let mut input = MarkerReader::new(&[0xAB, 0xCD], false);
        assert!(BitReader::default().take(&mut input, 4).is_err(), "as libjpeg, which reads ahead");
        assert_eq!(take_all(&[0xAB, 0xCD], true, 4, 5).0, [0xA, 0xB, 0xC, 0xD, 0]);
    }
}
