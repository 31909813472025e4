//! Memory that a sink lends, brought near before it is written.
//!
//! A picture is larger than the caches, so every line of it that is written has to be fetched first, and rows of pixels
//! are written faster than that. While blocks are transformed the memory is idle: so the rows that
//! will be lent next are asked for then, a few lines a block.

use super::geometry::{Geometry, Scaled};
use super::rows::Conversion;
use crate::jpeg::dct::idct::{Block, BlockRow};
use crate::simd::Ahead;

/// What a sink lent, to guess what it will lend next.
#[derive(Default)]
pub(super) struct Lent {
    /// Address behind the last of it.
    end: usize,
    /// What will be written next, if the sink lends one part behind the other.
    ahead: Ahead,
    /// Bytes to ask for with each block.
    bytes_per_block: usize,
}

impl Lent {
    pub(super) fn new(geometry: &Geometry, scaled: &Scaled, conversion: Conversion) -> Self {
        let components = &geometry.components[..conversion.components()];
        let blocks: usize = components.iter().map(|component| component.h * component.v).sum();
        let pixels = scaled.block_size * scaled.block_size * geometry.max_h * geometry.max_v;
        let bytes_per_block = pixels * conversion.pixel_bytes() / blocks;
        Self { bytes_per_block, ..Self::default() }
    }

    /// Notes what is lent for the rows at hand.
    pub(super) fn note(&mut self, space: &[u8]) {
        let range = space.as_ptr_range();
        let is_next = range.start.addr() == self.end;
        self.end = range.end.addr();
        self.ahead = if is_next { Ahead::new(range.end, space.len()) } else { Ahead::default() };
    }

    /// A row of blocks that asks for memory as it is taken.
    pub(super) fn while_taken<R: BlockRow>(&mut self, row: R) -> impl BlockRow {
        Fetching { row, ahead: &mut self.ahead, bytes: self.bytes_per_block }
    }
}

struct Fetching<'a, R> {
    row: R,
    ahead: &'a mut Ahead,
    bytes: usize,
}

impl<R: BlockRow> BlockRow for Fetching<'_, R> {
    #[inline]
    fn len(&self) -> usize {
        self.row.len()
    }

    #[inline]
    fn next_place(&mut self) -> usize {
        self.row.next_place()
    }

    #[inline]
    fn block(&self, place: usize) -> &Block {
        self.row.block(place)
    }

    #[inline]
    fn release(&mut self, place: usize) {
        self.row.release(place);
        self.ahead.fetch(self.bytes);
    }
}
