//! Huffman tables: as files state them, and as decoding needs them (ITU-T T.81, annex C).

use crate::error::{Error, Result};

/// A table as a DHT segment states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HuffmanSpec {
    /// Number of codes of 1 to 16 bits.
    pub(crate) counts: [u8; 16],
    /// Symbols in the order of their codes; zeros behind the last.
    pub(crate) symbols: [u8; 256],
}

/// Bits that one look-up decides.
const LOOKAHEAD: u32 = 8;

/// A table ready for decoding.
#[derive(Clone, Debug)]
pub(crate) struct HuffmanTable {
    /// For each 8-bit start of a code: length in the high byte and symbol in the low one, or 0
    /// if the code is longer.
    lookup: [u16; 1 << LOOKAHEAD],
    /// Largest code of each length, -1 if there is none; the last entry stops every search.
    max_code: [i32; 18],
    /// Index of the first symbol of each length, minus its code.
    offset: [i32; 18],
    symbols: [u8; 256],
}

/// Which coefficients a table codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Dc,
    Ac,
}

impl HuffmanTable {
    /// Assigns codes to the symbols of `spec`.
    ///
    /// # Errors
    ///
    /// When there are more codes than bits for them, or a DC table has a symbol above 15.
    pub(crate) fn new(spec: &HuffmanSpec, class: Class) -> Result<Self> {
        let mut table = Self {
            lookup: [0; 1 << LOOKAHEAD],
            max_code: [-1; 18],
            offset: [0; 18],
            symbols: spec.symbols,
        };
        table.max_code[17] = i32::MAX;
        let (mut code, mut index) = (0u32, 0usize);
        for length in 1..=16u32 {
            let count = u32::from(spec.counts[length as usize - 1]);
            if index + count as usize > 256 || (count > 0 && code + count >= 1 << length) {
                return Err(invalid(class));
            }
            if count > 0 {
                table.offset[length as usize] = index as i32 - code as i32;
                table.max_code[length as usize] = (code + count - 1) as i32;
                table.fill_lookup(code, count, length, index);
            }
            index += count as usize;
            code = (code + count) << 1;
        }
        if class == Class::Dc && spec.symbols[..index].iter().any(|&symbol| symbol > 15) {
            return Err(invalid(class));
        }
        Ok(table)
    }

    fn fill_lookup(&mut self, code: u32, count: u32, length: u32, first: usize) {
        if length > LOOKAHEAD {
            return;
        }
        let repeat = 1 << (LOOKAHEAD - length);
        let entries =
            self.lookup[(code << (LOOKAHEAD - length)) as usize..].chunks_exact_mut(repeat);
        for (entries, &symbol) in entries.zip(&self.symbols[first..first + count as usize]) {
            entries.fill((length as u16) << 8 | u16::from(symbol));
        }
    }

    /// Length and symbol of the code that these 8 bits begin with, if it is no longer.
    pub(crate) fn look_up(&self, bits: u8) -> Option<(u32, u8)> {
        let entry = self.lookup[usize::from(bits)];
        (entry != 0).then_some((u32::from(entry >> 8), entry as u8))
    }

    /// Whether `code` of `length` bits is more than the largest such code: go on to 17 at most.
    pub(crate) fn is_longer(&self, code: i32, length: u32) -> bool {
        code > self.max_code[length as usize]
    }

    /// The symbol of `code`, whose `length` is at most 16.
    pub(crate) fn symbol(&self, code: i32, length: u32) -> u8 {
        self.symbols[(code + self.offset[length as usize]) as usize & 255]
    }
}

fn invalid(class: Class) -> Error {
    Error::malformed(format!("a Huffman table for {class:?} coefficients is invalid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(counts: &[u8], symbols: &[u8]) -> HuffmanSpec {
        let mut spec = HuffmanSpec { counts: [0; 16], symbols: [0; 256] };
        spec.counts[..counts.len()].copy_from_slice(counts);
        spec.symbols[..symbols.len()].copy_from_slice(symbols);
        spec
    }

    #[test]
    fn codes_are_assigned_in_order() {
        let mut counts = [0; 16];
        (counts[1], counts[2], counts[9]) = (2, 2, 1);
        let table = HuffmanTable::new(&spec(&counts, &[7, 8, 9, 10, 11]), Class::Ac).unwrap();
        assert_eq!(table.look_up(0b0011_1111), Some((2, 7)));
        assert_eq!(table.look_up(0b0100_0000), Some((2, 8)));
        assert_eq!(table.look_up(0b1000_0000), Some((3, 9)));
        assert_eq!(table.look_up(0b1011_1111), Some((3, 10)));
        assert_eq!(table.look_up(0b1100_0000), None);
        assert!(!table.is_longer(0b11_0000_0000, 10) && table.is_longer(0b11_0000_0001, 10));
        assert_eq!(table.symbol(0b11_0000_0000, 10), 11);
        assert!(!table.is_longer(0x1FFFF, 17));
    }

    #[test]
    fn too_many_codes_are_refused() {
        assert!(HuffmanTable::new(&spec(&[1, 1], &[0, 1]), Class::Dc).is_ok());
        assert!(HuffmanTable::new(&spec(&[2], &[0, 1]), Class::Dc).is_err(), "all ones");
        assert!(HuffmanTable::new(&spec(&[0, 4], &[0, 1, 2, 3]), Class::Dc).is_err());
        assert!(HuffmanTable::new(&spec(&[0, 0, 0, 0, 0, 0, 0, 200, 60], &[]), Class::Ac).is_err());
    }

    #[test]
    fn dc_symbols_are_sizes() {
        assert!(HuffmanTable::new(&spec(&[1], &[16]), Class::Dc).is_err());
        assert!(HuffmanTable::new(&spec(&[1], &[16]), Class::Ac).is_ok());
    }
}
