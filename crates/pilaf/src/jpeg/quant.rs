//! Quantization tables (ITU-T T.81, B.2.4.1).

use super::zigzag::NATURAL_ORDER;

/// The 64 steps by which coefficients are multiplied, in natural (row by row) order.
///
/// Values are 1 to 255 in a table of 8-bit precision and 1 to 65535 in one of 16 bits; files with
/// a zero exist and are decoded with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuantTable {
    /// Step of the coefficient at `8 * row + column`.
    pub values: [u16; 64],
}

impl QuantTable {
    /// The table whose values a file gives in zigzag order.
    pub(crate) fn from_zigzag(zigzag: &[u16; 64]) -> Self {
        let mut values = [0; 64];
        for (&position, &value) in NATURAL_ORDER.iter().zip(zigzag) {
            values[usize::from(position)] = value;
        }
        Self { values }
    }
}
