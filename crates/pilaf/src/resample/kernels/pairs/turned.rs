//! Rows turned, so that a vector holds one unit of all rows of a group.

use std::hint::black_box;
use std::ops::Range;

use super::Products;
use crate::resample::kernels::Rows;
use crate::simd::Ahead;

/// Bytes of turned rows that stay in the first-level cache beside the rows.
const NEAR: usize = 20 << 10;

/// A group of rows, some of their units turned: those that a block needs, and more.
pub(super) struct Turned<'a, X: Products<N>, const N: usize, const BANDS: usize> {
    pub(super) x: X,
    rows: Rows<'a>,
    /// Brings the samples of two neighbouring pixels together.
    order: X::V,
    /// Turned units, and room for more.
    units: &'a mut [[[u8; N]; BANDS]],
    /// Of the source, the unit that `units` begin with, and the first that is not turned yet.
    start: usize,
    end: usize,
    /// The next group of rows, and the bytes of it for each pixel.
    ahead: Ahead,
    share: usize,
}

impl<'a, X: Products<N>, const N: usize, const BANDS: usize> Turned<'a, X, N, BANDS> {
    const CHUNK_UNITS: usize = chunk_pixels(BANDS) / 2;

    /// To make `pixels` pixels of rows, block by block, each of the units in one of `blocks`.
    #[inline(always)]
    pub(super) fn new(
        x: X,
        rows: Rows<'a>,
        pixels: usize,
        mut blocks: impl Iterator<Item = Range<usize>> + Clone,
        memory: &'a mut Vec<u8>,
    ) -> Self {
        let most = blocks.clone().map(|units| units.len()).max().unwrap_or(0);
        let bytes = (NEAR / (N * BANDS)).max(2 * most + Self::CHUNK_UNITS) * N * BANDS;
        let units = aligned(memory, bytes).as_chunks_mut().0.as_chunks_mut().0;
        // Were the order known, the compiler would make more instructions of it and the turning.
        let order = x.repeat(black_box(const { &pair_order(BANDS) }));
        let start = blocks.next().map_or(0, |units| units.start);
        let group = N / 2 * rows.stride;
        let ahead = Ahead::new(rows.next.as_ptr(), rows.next.len().min(group));
        Self { x, rows, order, units, start, end: start, ahead, share: group.div_ceil(pixels) }
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
        while self.end < units.end {
            let units = &mut self.units[self.end - self.start..];
            turn_chunk(self.x, self.rows, self.end * 2 * BANDS, self.order, units);
            self.end += Self::CHUNK_UNITS;
        }
    }

    /// The turned units from `first` on.
    #[inline(always)]
    pub(super) fn from(&self, first: usize) -> &[[[u8; N]; BANDS]] {
        &self.units[first - self.start..]
    }

    /// Asks for what comes after this group, as much as a pixel takes.
    #[inline(always)]
    pub(super) fn ask_ahead(&mut self) {
        self.ahead.fetch(self.share);
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

/// Turns one chunk of all rows, from byte `column` on, into units: for each pair of pixels, for
/// each band, a vector. What a chunk has past the end of its row meets no weight but zero.
#[inline(always)]
fn turn_chunk<X: Products<N>, const N: usize, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    column: usize,
    order: X::V,
    units: &mut [[[u8; N]; BANDS]],
) {
    let mut v = rows.load(x, column);
    if BANDS > 1 {
        for chunk in &mut v {
            *chunk = x.pick(*chunk, order);
        }
    }
    let words = units[..chunk_pixels(BANDS) / 2].as_flattened_mut();
    for (unit, word) in words.iter_mut().zip(x.transpose_words(v)) {
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
