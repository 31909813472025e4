//! Bits of clean bytes, many at a time.

use crate::jpeg::huffman::table::HuffmanTable;

/// Where a reader stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BitState {
    /// The byte that is loaded next.
    next: usize,
    /// Unread bits from the top; those below the `left` ones are right as well, or zero.
    bits: u64,
    left: u32,
}

impl BitState {
    /// Bits that were read.
    pub(super) fn position(&self) -> u64 {
        self.next as u64 * 8 - u64::from(self.left)
    }
}

/// A reader of clean bytes. Behind them, it reads zeros.
pub(super) struct Bits<'b> {
    bytes: &'b [u8],
    state: BitState,
}

impl<'b> Bits<'b> {
    #[inline(always)]
    pub(super) fn new(bytes: &'b [u8], state: BitState) -> Self {
        Self { bytes, state }
    }

    #[inline(always)]
    pub(super) fn state(&self) -> BitState {
        self.state
    }

    /// Makes 56 bits ready at least.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let s = &mut self.state;
        let word = self.bytes.get(s.next..).and_then(|rest| rest.first_chunk::<8>());
        s.bits |= word.map_or(0, |&word| u64::from_be_bytes(word)) >> s.left;
        s.next += (63 - s.left as usize) / 8;
        s.left |= 56;
    }

    /// The first `count` bits, which must be ready; 63 at most.
    #[inline(always)]
    pub(super) fn peek(&self, count: u32) -> usize {
        (self.state.bits >> 1 >> (63 - count)) as usize
    }

    /// Goes past `count` bits, which must be ready.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.state.bits <<= count;
        self.state.left -= count;
    }

    /// The next `count` bits, which must be ready; 16 at most.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> i32 {
        let bits = self.peek(count) as i32;
        self.skip(count);
        bits
    }

    /// The symbol of the next code, of which 16 bits must be ready; `None` if the table has no such code.
    #[inline(always)]
    pub(super) fn symbol(&mut self, table: &HuffmanTable) -> Option<u8> {
        match table.look_up(self.peek(8) as u8) {
            Some((length, symbol)) => {
                self.skip(length);
                Some(symbol)
            }
            None => {
                let length = (9..=16).find(|&n| !table.is_longer(self.peek(n) as i32, n))?;
                Some(table.symbol(self.take(length), length))
            }
        }
    }
}
