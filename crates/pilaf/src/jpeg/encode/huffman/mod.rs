//! Huffman coding of quantized coefficients (ITU-T T.81, annex C, F.1.2 and G.1.2).
//!
//! ```text
//! coefficients -> symbols and extra bits -> codes -> bits -> bytes, 00 stuffed behind FF
//!                     |
//!                     +-> counts -> optimal table
//! ```

mod bits;
mod codes;
mod optimal;
mod progressive;
mod sequential;

pub(super) use bits::BitWriter;
pub(super) use codes::CodeTable;
pub(super) use optimal::optimal_table;
pub(super) use progressive::{Band, Counter, Progressive, Symbols, Writer};
pub(super) use sequential::{count_block, encode_block};

/// How often each symbol of a table occurs.
pub(super) type Counts = [u32; 256];

/// The size of `value` (ITU-T T.81, table F.1) and the bits that follow the symbol of that size.
#[inline(always)]
fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    // Below zero, the bits of value - 1.
    (size, (value + (value >> 31)) as u32 & ((1 << size) - 1))
}

/// As [`magnitude`], for a value that is not zero: one instruction less for most CPUs.
#[inline(always)]
fn magnitude_nonzero(value: i32) -> (u32, u32) {
    let size = 32 - (value.unsigned_abs() | 1).leading_zeros();
    (size, (value + (value >> 31)) as u32 & ((1 << size) - 1))
}

#[cfg(test)]
mod tests {
    use super::{magnitude, magnitude_nonzero};

    #[test]
    fn negative_values_are_complemented() {
        let want = [(0, (0, 0)), (1, (1, 1)), (-1, (1, 0)), (5, (3, 5)), (-5, (3, 2))];
        for (value, size_and_bits) in want {
            assert_eq!(magnitude(value), size_and_bits, "{value}");
        }
        assert_eq!(magnitude(-2047), (11, 0));
        assert!((1..5000).all(|v| magnitude(v) == magnitude_nonzero(v)));
        assert!((1..5000).all(|v| magnitude(-v) == magnitude_nonzero(-v)));
    }
}
