//! Coefficients between entropy decoding and the inverse transform.

use crate::jpeg::dct::idct::Block;

/// Blocks of one component, row by row, padded to whole MCUs.
#[derive(Clone, Debug)]
pub(crate) struct CoefficientPlane {
    blocks: Vec<Block>,
    /// For each block, which coefficients are not zero, one bit each in an order that the decoder
    /// chooses. Only progressive scans keep it, who have to tell old coefficients from new ones.
    nonzero: Vec<u64>,
    /// Blocks in a row.
    width: usize,
}

impl CoefficientPlane {
    /// `rows` rows of `width` zero blocks.
    pub(crate) fn new(width: usize, rows: usize) -> Self {
        Self { blocks: vec![[0; 64]; width * rows], nonzero: vec![0; width * rows], width }
    }

    /// The block at `row` and `column`, and which of its AC coefficients are not zero.
    pub(crate) fn block_and_nonzero(
        &mut self,
        row: usize,
        column: usize,
    ) -> (&mut Block, &mut u64) {
        let index = row * self.width + column;
        (&mut self.blocks[index], &mut self.nonzero[index])
    }

    /// The blocks of `row` with those that are padding, and which of their AC coefficients are not zero.
    #[inline(always)]
    pub(crate) fn row_mut(&mut self, row: usize) -> (&mut [Block], &mut [u64]) {
        let range = row * self.width..(row + 1) * self.width;
        (&mut self.blocks[range.clone()], &mut self.nonzero[range])
    }

    /// The blocks of `row`, with those that are padding.
    pub(crate) fn row(&self, row: usize) -> &[Block] {
        &self.blocks[row * self.width..][..self.width]
    }

    /// Makes all coefficients zero.
    pub(crate) fn clear(&mut self) {
        self.blocks.fill([0; 64]);
        self.nonzero.fill(0);
    }
}
