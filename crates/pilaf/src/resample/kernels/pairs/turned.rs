//! Rows turned, so that a vector holds one unit of all rows of a group.

use std::hint::black_box;
use std::ops::Range;

use super::Products;
use crate::resample::kernels::Rows;
use crate::simd::{Ahead, ByteRows};

/// Bytes of turned rows that stay in the first-level cache beside the rows.
const NEAR: usize = 20 << 10;

/// A group of rows, some of their units turned: those that a block needs, and more.
pub(super) struct Turned<'a, X: Products<N>, const N: usize, const BANDS: usize> {
    pub(super) x: X,
    rows: Rows<'a>,
    bytes: ByteRows<'a>,
    /// Brings the samples of two neighbouring pixels together.
    order: X::V,
    /// Turned units, and room for more.
    units: &'a mut [[[u8; N]; BANDS]],
    /// Of the source, the unit that `units` begin with, and the first that is not turned yet.
    start: usize,
    end: usize,
    /// The next group of rows, where it is asked for chunk by chunk.
    ahead: Ahead,
}

impl<'a, X: Products<N>, const N: usize, const BANDS: usize> Turned<'a, X, N, BANDS> {
    const CHUNK_UNITS: usize = chunk_pixels(BANDS) / 2;

    /// To make pixels of rows, block by block, each of the units in one of `blocks`.
    #[inline(always)]
    pub(super) fn new(
        x: X,
        rows: Rows<'a>,
        mut blocks: impl Iterator<Item = Range<usize>> + Clone,
        memory: &'a mut Vec<u8>,
    ) -> Self {
        let most = blocks.clone().map(|units| units.len()).max().unwrap_or(0);
        let bytes = (NEAR / (N * BANDS)).max(2 * most + Self::CHUNK_UNITS) * N * BANDS;
        let units = aligned(memory, bytes).as_chunks_mut().0.as_chunks_mut().0;
        // Were the order known, the compiler would make more instructions of it and the turning.
        let order = x.repeat(black_box(const { &pair_order(BANDS) }));
        let start = blocks.next().map_or(0, |units| units.start);
        let bytes = ByteRows::new(rows.bytes, rows.stride, N / 2);
        Self { x, rows, bytes, order, units, start, end: start, ahead: Ahead::default() }
    }

    /// Asks for the next group of rows while this one is worked on, in `parts` shares: all at
    /// once would keep the memory busy, and the sums waiting. The caller is to ask for those that are
    /// returned.
    #[inline(always)]
    pub(super) fn ask_ahead(&mut self, parts: usize) -> Shares {
        let rows = self.rows;
        let group = N / 2 * rows.stride;
        let ahead = rows.next_rows(N / 2);
        // Of rows of one band, a block takes few chunks: they go with those, which costs least.
        if BANDS == 1 && rows.stride <= rows.row_bytes + rows.row_bytes / 4 {
            self.ahead = ahead;
            return Shares::default();
        }
        Shares { ahead, bytes: group.div_ceil(parts) }
    }

    /// Turns the units that a block of pixels needs. When there is no room, the units before them
    /// make some.
    #[inline(always)]
    pub(super) fn reach(&mut self, units: Range<usize>) {
        if units.end + Self::CHUNK_UNITS > self.start + self.units.len() {
            let kept = units.start.min(self.end);
            self.units.copy_within(kept - self.start..self.end - self.start, 0);
            self.start = kept;
        }
        let chunks = units.end.saturating_sub(self.end).div_ceil(Self::CHUNK_UNITS);
        let target = &mut self.units[self.end - self.start..][..chunks * Self::CHUNK_UNITS];
        let mut column = self.end * 2 * BANDS;
        for target in target.chunks_exact_mut(Self::CHUNK_UNITS) {
            let chunk = self.x.load_rows(&self.bytes, column);
            let chunk = chunk.unwrap_or_else(|| self.rows.load_edge(self.x, column));
            turn_chunk(self.x, chunk, self.order, target);
            column += 2 * BANDS * Self::CHUNK_UNITS;
            // As many lines as a chunk of all rows has bytes for.
            match N {
                32 => self.ahead.fetch_lines::<4>(),
                _ => self.ahead.fetch_lines::<2>(),
            }
        }
        self.end += chunks * Self::CHUNK_UNITS;
    }

    /// The turned units from `first` on.
    #[inline(always)]
    pub(super) fn from(&self, first: usize) -> &[[[u8; N]; BANDS]] {
        &self.units[first - self.start..]
    }
}

/// Memory that is asked for in shares.
#[derive(Default)]
pub(super) struct Shares {
    ahead: Ahead,
    /// Bytes of a share; 0 if there is nothing.
    bytes: usize,
}

impl Shares {
    /// Asks for the next one.
    #[inline(always)]
    pub(super) fn ask(&mut self) {
        if self.bytes > 0 {
            self.ahead.fetch(self.bytes);
        }
    }
}

/// So many bytes of `memory`, which grows to hold them, from a cache line on: no vector crosses into a
/// second one.
pub(super) fn aligned(memory: &mut Vec<u8>, bytes: usize) -> &mut [u8] {
    if memory.len() < bytes + 63 {
        memory.resize(bytes + 63, 0);
    }
    let start = memory.as_ptr().align_offset(64).min(63);
    &mut memory[start..][..bytes]
}

/// Pixels that one 16-byte load of a row brings, rounded down to an even number.
const fn chunk_pixels(bands: usize) -> usize {
    (16 / bands) & !1
}

/// Turns one chunk of all rows into units: for each pair of pixels, for each band, a vector. What a
/// chunk has past the end of its row meets no weight but zero.
#[inline(always)]
fn turn_chunk<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    mut chunk: [X::V; 8],
    order: X::V,
    units: &mut [[[u8; N]; BANDS]],
) {
    if BANDS > 1 {
        for row in &mut chunk {
            *row = x.pick(*row, order);
        }
    }
    let words = units[..chunk_pixels(BANDS) / 2].as_flattened_mut();
    for (unit, word) in words.iter_mut().zip(x.transpose_words(chunk)) {
        x.store(unit, word);
    }
}

/// The order, in a lane, that brings the samples of two neighbouring pixels together: for RGB,
/// `r0 g0 b0 r1 g1 b1 ...` becomes `r0 r1 g0 g1 b0 b1 ...`.
const fn pair_order(bands: usize) -> [u8; 16] {
    let mut order = [0x80; 16];
    let mut word = 0;
    while word < chunk_pixels(bands) / 2 * bands {
        let (pair, band) = (word / bands, word % bands);
        order[2 * word] = (2 * pair * bands + band) as u8;
        order[2 * word + 1] = ((2 * pair + 1) * bands + band) as u8;
        word += 1;
    }
    order
}
