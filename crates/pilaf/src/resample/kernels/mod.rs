//! The passes, per CPU level.
//!
//! Vector levels work on *lines*: [`LINE_ROWS`](Kernels::LINE_ROWS) rows interleaved column by
//! column, so that the taps of a vertical window lie side by side, where the multiply-and-add
//! instructions want them. A *unit* is as many taps as a line has rows, at a multiple of that
//! number; windows are widened to whole units with weights of zero. (The pass over rows has units
//! at SSE4.1 and AVX2, which share [their kernels](pairs); AVX-512 reads pixels where they lie and
//! has [steps](quads::across).)
//!
//! ```text
//! rows --resample_rows--> lines --combine_rows--> rows          columns first
//! rows --interleave_rows--> lines --combine_rows--> rows --resample_rows--> lines --extract_row--> row
//! ```
//!
//! [`scalar`](super::scalar) specifies the 8-bit passes, [`wide`](super::wide) those of wider samples;
//! every level gives the same numbers. Samples of 16 bits go through [`words`], those of 32 bits
//! through [`numbers`], whose lines and those of [`lerp`] are rows.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "x86_64")]
mod avxvnni;
pub(crate) mod lerp;
#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;
pub(crate) mod numbers;
#[cfg(target_arch = "x86_64")]
pub(crate) mod pairs;
mod plain;
#[cfg(any(target_arch = "x86_64", test))]
mod quads;
#[cfg(target_arch = "x86_64")]
mod sse41;
mod turn;
pub(crate) mod words;

pub(crate) use plain::Plain;
use turn::turn;

use std::ops::Range;

use super::weights::Weights;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Ahead, fetch};
use crate::simd::{ByteRows, Vector};

/// Rows in memory: `count` of them with `row_bytes` bytes, each `stride` bytes after the one
/// before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) row_bytes: usize,
    pub(crate) stride: usize,
    pub(crate) count: usize,
    /// Where the rows of the next group lie, at the same stride, wherever that is: memory to be
    /// asked for while this group is worked on. Empty when that is not known.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]
    pub(crate) next: &'a [u8],
}

impl<'a> Rows<'a> {
    /// Rows without space between them.
    pub(crate) fn packed(bytes: &'a [u8], row_bytes: usize) -> Self {
        let count = bytes.len() / row_bytes.max(1);
        Self { bytes, row_bytes, stride: row_bytes, count, next: &[] }
    }

    /// The bytes of one row.
    pub(crate) fn row(&self, index: usize) -> &'a [u8] {
        &self.bytes[index * self.stride..][..self.row_bytes]
    }

    /// Asks for a cache line of some rows, from byte `at` on, or of those that come next if `at` is behind
    /// the end of these.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn ask_ahead(&self, rows: impl Iterator<Item = usize>, at: usize) {
        let start = match at.checked_sub(self.row_bytes) {
            None => self.bytes.as_ptr().wrapping_add(at),
            Some(at) => self.next.as_ptr().wrapping_add(at),
        };
        for row in rows {
            fetch(start.wrapping_add(row * self.stride));
        }
    }

    /// The first `count` of the rows that come next, to be asked for bit by bit.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn next_rows(&self, count: usize) -> Ahead {
        Ahead::new(self.next.as_ptr(), self.next.len().min(count * self.stride))
    }

    /// The rows without the first `count`.
    pub(crate) fn skip(self, count: usize) -> Self {
        let bytes = self.bytes.get(count * self.stride..).unwrap_or_default();
        Self { bytes, count: self.count - count, ..self }
    }

    /// 16 bytes of each of the first `N / 2` rows, from byte `at` on, in the order of
    /// [`Vector::load_rows`]. What lies past the end of a row is left open.
    #[inline(always)]
    fn load<X: Vector<N>, const N: usize>(self, x: X, at: usize) -> [X::V; 8] {
        let vectors = x.load_rows(&ByteRows::new(self.bytes, self.stride, N / 2), at);
        vectors.unwrap_or_else(|| self.load_edge(x, at))
    }

    /// The same where rows may end.
    #[inline(always)]
    fn load_edge<X: Vector<N>, const N: usize>(self, x: X, at: usize) -> [X::V; 8] {
        let mut pieces = [[0; 16]; 16];
        for (row, piece) in pieces[..N / 2].iter_mut().enumerate() {
            let rest = self.row(row).get(at..).unwrap_or_default();
            let count = rest.len().min(16);
            piece[..count].copy_from_slice(&rest[..count]);
        }
        let pieces = ByteRows::new(pieces.as_flattened(), 16, N / 2);
        x.load_rows(&pieces, 0).expect("there is a piece for each row")
    }

    /// Copies the first `count` rows from byte `from` on, `stride` bytes of each, with zeros after its end.
    #[cfg(any(target_arch = "x86_64", test))]
    fn copy_ends(self, count: usize, from: usize, stride: usize, copy: &mut Vec<u8>) {
        copy.clear();
        for row in 0..count {
            let bytes = self.row(row).get(from..).unwrap_or_default();
            copy.extend_from_slice(&bytes[..bytes.len().min(stride)]);
            copy.resize((row + 1) * stride, 0);
        }
    }

    /// The rows with `rows` as those that come next, if they have the same stride.
    pub(crate) fn before(self, rows: Rows<'a>) -> Self {
        let next = if rows.stride == self.stride { rows.bytes } else { &[] };
        Self { next, ..self }
    }
}

/// Rows in memory to write to: each of `row_bytes` bytes, `stride` bytes after the one before.
#[derive(Debug)]
pub(crate) struct RowsMut<'a> {
    pub(crate) bytes: &'a mut [u8],
    pub(crate) row_bytes: usize,
    pub(crate) stride: usize,
}

impl RowsMut<'_> {
    /// The bytes of one row.
    pub(crate) fn row(&mut self, index: usize) -> &mut [u8] {
        &mut self.bytes[index * self.stride..][..self.row_bytes]
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        let rest = self.bytes.len().checked_sub(self.row_bytes);
        rest.map_or(0, |rest| rest / self.stride + 1)
    }
}

/// The kernels of one CPU level.
pub(crate) trait Kernels: Copy + Send + Sync {
    /// The weights of the pass over rows, as `resample_rows` reads them.
    type Across: Send + Sync;

    /// The weights of the pass over columns, as `combine_rows` reads them.
    type Down: Axis + Send + Sync;

    /// Rows interleaved in a line; also the taps of a unit.
    const LINE_ROWS: usize;

    /// Rows that go through `resample_rows` and `interleave_rows` together: whole lines.
    const GROUP: usize;

    /// The weights that make columns of `bands` interleaved samples (1 to 4), in the form of this
    /// level; `None` when it cannot carry them exactly. Kernels that have other weights keep to that.
    fn pack_across(self, _weights: &Weights<i32>, _bands: usize) -> Option<Self::Across> {
        None
    }

    /// The weights that make rows, in the form of this level; `None` when it cannot carry them
    /// exactly.
    fn pack_down(self, _weights: &Weights<i32>) -> Option<Self::Down> {
        None
    }

    /// Bytes of a line of rows of `row_bytes`.
    fn line_bytes(self, row_bytes: usize) -> usize;

    /// Makes `GROUP / LINE_ROWS` lines, one after the other in `lines`, of `GROUP` source rows.
    ///
    /// Rows hold whole pixels of `bands` samples (1 to 4).
    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &Self::Across,
        scratch: &mut Scratch,
        lines: &mut [u8],
    );

    /// Makes `GROUP / LINE_ROWS` lines of `GROUP` rows as they are.
    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]);

    /// Makes row `index` of the target from the lines of its window, one for each unit. A level
    /// has this or `combine_rows`, and thereby both.
    fn combine_lines(self, lines: &[&[u8]], axis: &Self::Down, index: usize, target: &mut [u8]) {
        let row_bytes = target.len();
        let mut target = RowsMut { bytes: target, row_bytes, stride: row_bytes };
        self.combine_rows(lines, axis, index..index + 1, &mut target);
    }

    /// Makes the rows `indices` of the target from the lines of all of their windows: as
    /// [`combine_lines`](Self::combine_lines) one after the other.
    fn combine_rows(
        self,
        lines: &[&[u8]],
        axis: &Self::Down,
        indices: Range<usize>,
        target: &mut RowsMut<'_>,
    ) {
        let first = axis.first_unit(indices.start);
        for (row, index) in indices.enumerate() {
            let window = &lines[axis.first_unit(index) - first..][..axis.units()];
            self.combine_lines(window, axis, index, target.row(row));
        }
    }

    /// Takes one row out of a line.
    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]);
}

/// The windows of an axis in units.
pub(crate) trait Axis {
    /// The first unit of the window of output `index`.
    fn first_unit(&self, index: usize) -> usize;

    /// Units of every window.
    fn units(&self) -> usize;
}

/// Working memory of `resample_rows`, kept from call to call.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    #[cfg(target_arch = "x86_64")]
    pairs: Vec<u8>,
    #[cfg(target_arch = "aarch64")]
    fours: Vec<[u8; 64]>,
    /// The ends of rows, with room after them.
    #[cfg(any(target_arch = "x86_64", test))]
    edge: Vec<u8>,
    #[cfg(target_arch = "x86_64")]
    doubts: Vec<pairs::Doubt>,
    /// For [`numbers`].
    floats: numbers::Tile<f32>,
    doubles: numbers::Tile<f64>,
    /// Pixels of theirs that are not in lines yet.
    #[cfg(target_arch = "x86_64")]
    done: Vec<numbers::Pixels<1>>,
    /// For [`words`].
    words: Vec<u8>,
    #[cfg(target_arch = "x86_64")]
    sixteens: Vec<words::avx512::Unit>,
}

impl Scratch {
    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let bytes = self.floats.bytes() + self.doubles.bytes() + self.words.len();
        #[cfg(target_arch = "x86_64")]
        let bytes = bytes
            + self.pairs.len()
            + size_of_val(&*self.doubts)
            + (self.sixteens.len() + 4 * self.done.len()) * 64;
        #[cfg(target_arch = "aarch64")]
        let bytes = bytes + self.fours.len() * 64;
        #[cfg(any(target_arch = "x86_64", test))]
        let bytes = bytes + self.edge.len();
        bytes
    }
}

/// The kernels of [`quads`] over a model of their instructions: slow, and run everywhere.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModelledQuads;

#[cfg(test)]
impl Kernels for ModelledQuads {
    type Across = quads::across::Across;
    type Down = quads::down::Down;
    const LINE_ROWS: usize = 4;
    const GROUP: usize = 8;

    fn pack_across(self, weights: &Weights<i32>, bands: usize) -> Option<Self::Across> {
        Self::Across::pack(weights, bands)
    }

    fn pack_down(self, weights: &Weights<i32>) -> Option<Self::Down> {
        Self::Down::pack(weights)
    }

    fn line_bytes(self, columns: usize) -> usize {
        quads::line_bytes(columns)
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        _: usize,
        axis: &Self::Across,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        quads::across::resample_rows(quads::model::Model, rows, axis, scratch, lines);
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        quads::down::interleave_rows(rows, lines, 2);
    }

    fn combine_rows(
        self,
        lines: &[&[u8]],
        axis: &Self::Down,
        indices: Range<usize>,
        target: &mut RowsMut<'_>,
    ) {
        quads::down::combine_rows(quads::model::Model, lines, axis, indices, target);
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        quads::down::extract_row(line, row, target);
    }
}
