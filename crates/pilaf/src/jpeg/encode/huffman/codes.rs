//! A Huffman table in the form that encoding needs.

use crate::jpeg::huffman::HuffmanSpec;

/// The code of each symbol, with room for the extra bits that follow it.
///
/// The low half of a symbol, DC or AC, is the number of its extra bits. An entry holds the code
/// shifted left by that number, times 32, plus the length of code and extra bits together: at most
/// 16 + 11 bits, which leaves the five that lengths need. 0 means that the table lacks the symbol.
pub(in crate::jpeg::encode) struct CodeTable([u32; 256]);

impl CodeTable {
    /// Assigns codes in the order of the symbols (T.81, annex C).
    pub(in crate::jpeg::encode) fn new(spec: &HuffmanSpec) -> Self {
        let mut entries = [0; 256];
        let (mut code, mut symbols) = (0u32, spec.symbols.iter());
        for (length, &count) in (1u32..).zip(&spec.counts) {
            for &symbol in symbols.by_ref().take(count.into()) {
                let extra = u32::from(symbol & 15);
                entries[usize::from(symbol)] = code << extra << 5 | (length + extra);
                code += 1;
            }
            code <<= 1;
        }
        Self(entries)
    }

    /// Code with zeros for the extra bits, and how long both are.
    #[inline(always)]
    pub(super) fn get(&self, symbol: usize) -> (u32, u32) {
        let entry = self.0[symbol & 255];
        (entry >> 5, entry & 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::huffman::standard_tables;

    #[test]
    fn codes_are_those_of_annex_k() {
        let (dc, ac) = standard_tables(0).unwrap();
        let (dc, ac) = (CodeTable::new(&dc), CodeTable::new(&ac));
        assert_eq!(dc.get(0), (0b00, 2));
        assert_eq!(dc.get(11), (0b1_1111_1110 << 11, 20));
        assert_eq!(ac.get(0x00), (0b1010, 4), "end of block");
        assert_eq!(ac.get(0x01), (0b00 << 1, 3));
        assert_eq!(ac.get(0xF0), (0b111_1111_1001, 11), "sixteen zeros");
        assert_eq!(ac.get(0xFA), (0xFFFE << 10, 26));
        assert_eq!(ac.get(0x0B), (0, 0));
    }
}
