//! The pass over rows: sixteen of them abreast.
//!
//! ```text
//! rows --turn--> words of each column --decode--> tile --sum--> pending --turn--> lines
//! ```
//!
//! The tile holds the columns of one window and some more, so that it stays in the nearest cache
//! and does not grow with the width of the image.

use super::super::Rows;
use super::{ABREAST, FOUR, Number, Stored, Transfer, Weights, samples_of_word, turn};

/// A number of each row.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Column<N>([N; ABREAST]);

/// Columns of numbers, from some place of the rows on.
#[derive(Debug, Default)]
pub(crate) struct Tile<N> {
    columns: Vec<Column<N>>,
    /// How many of them are filled.
    filled: usize,
    /// Where the first one lies in the rows, in samples.
    first: usize,
}

/// Columns that a tile has room for beside those of two windows.
const ROOM: usize = 128;

/// Bytes of each row that are turned at once.
const PIECE: usize = 16;

impl<N: Number> Tile<N> {
    /// Bytes held.
    pub(in super::super) fn bytes(&self) -> usize {
        self.columns.capacity() * size_of::<Column<N>>()
    }

    /// Forgets all columns and makes room for windows of `longest` samples.
    fn clear(&mut self, longest: usize) {
        let most = 2 * longest + ROOM;
        if self.columns.len() < most {
            self.columns.resize(most, Column([N::default(); ABREAST]));
        }
        (self.filled, self.first) = (0, 0);
    }

    /// One past the last column that is filled, in samples.
    fn end(&self) -> usize {
        self.first + self.filled
    }

    /// The columns of a window.
    #[inline(always)]
    fn window(&self, start: usize, end: usize) -> &[Column<N>] {
        &self.columns[start - self.first..end - self.first]
    }

    /// The next `count` columns, and where they lie in the rows. Columns before `start` are given up
    /// if there is no room else.
    #[inline(always)]
    fn next(&mut self, count: usize, start: usize) -> (usize, &mut [Column<N>]) {
        if start >= self.end() {
            (self.filled, self.first) = (0, start / count * count);
        } else if self.filled + count > self.columns.len() {
            let passed = start - self.first;
            self.columns.copy_within(passed..self.filled, 0);
            (self.filled, self.first) = (self.filled - passed, start);
        }
        let columns = self.filled..self.filled + count;
        self.filled += count;
        (self.first + columns.start, &mut self.columns[columns])
    }
}

/// Makes columns of the next bytes of every row, four rows at a time.
#[inline(always)]
fn decode_pieces<T: Transfer>(
    transfer: T,
    rows: &[&[u8]; ABREAST],
    at: usize,
    bands: usize,
    columns: &mut [Column<T::Number>],
) {
    let samples = samples_of_word::<T>();
    for (four, rows) in rows.as_chunks::<FOUR>().0.iter().enumerate() {
        let [a, b, c, d] = rows;
        let turned = turn::rows([piece(a, at), piece(b, at), piece(c, at), piece(d, at)]);
        for (words, columns) in turned.iter().zip(columns.chunks_exact_mut(samples)) {
            decode_words(transfer, words, bands, four, columns);
        }
    }
}

#[inline(always)]
fn piece(row: &[u8], at: usize) -> &[u8; PIECE] {
    row[at..].first_chunk().expect("a piece is left")
}

/// Makes numbers of the `four`th rows of one word. Written out, since the compiler makes scatters of
/// a loop.
#[inline(always)]
fn decode_words<T: Transfer>(
    transfer: T,
    words: &[u32; FOUR],
    bands: usize,
    four: usize,
    columns: &mut [Column<T::Number>],
) {
    decode_sample(transfer, words, bands, 0, four, columns);
    if samples_of_word::<T>() > 1 {
        decode_sample(transfer, words, bands, 1, four, columns);
    }
    if samples_of_word::<T>() > 2 {
        decode_sample(transfer, words, bands, 2, four, columns);
        decode_sample(transfer, words, bands, 3, four, columns);
    }
}

#[inline(always)]
fn decode_sample<T: Transfer>(
    transfer: T,
    words: &[u32; FOUR],
    bands: usize,
    sample: usize,
    four: usize,
    columns: &mut [Column<T::Number>],
) {
    let stored = transfer.decode(words, bands, sample);
    let numbers = &mut columns[sample].0.as_chunks_mut::<FOUR>().0[four];
    for (number, stored) in numbers.iter_mut().zip(stored) {
        *number = stored.into();
    }
}

/// Fills the tile up to `end`; columns from `start` on stay.
#[inline(always)]
fn fill<T: Transfer>(
    transfer: T,
    rows: &[&[u8]; ABREAST],
    bands: usize,
    (start, end): (usize, usize),
    tile: &mut Tile<T::Number>,
) {
    while tile.end() < end {
        let (place, columns) = tile.next(PIECE / T::SAMPLE_BYTES, start);
        let at = place * T::SAMPLE_BYTES;
        if at + PIECE <= rows[0].len() {
            decode_pieces(transfer, rows, at, bands, columns);
        } else {
            let mut last = [[0; PIECE]; ABREAST];
            for (last, row) in last.iter_mut().zip(rows) {
                last[..row.len() - at].copy_from_slice(&row[at..]);
            }
            decode_pieces(transfer, &last.each_ref().map(|row| &row[..]), 0, bands, columns);
        }
    }
}

/// The sums of one pixel of every row.
#[inline(always)]
fn sum<N: Number, const BANDS: usize>(
    columns: &[Column<N>],
    weights: &[N],
) -> [[N; ABREAST]; BANDS] {
    let pixels = columns.as_chunks::<BANDS>().0;
    let mut sums = [[N::default(); ABREAST]; BANDS];
    for (band, sums) in sums.iter_mut().enumerate() {
        for (pixel, &weight) in pixels.iter().zip(weights) {
            for (sum, &number) in sums.iter_mut().zip(&pixel[band].0) {
                *sum = *sum + number * weight;
            }
        }
    }
    sums
}

/// Makes a line of each of sixteen rows.
#[inline(always)]
pub(super) fn resample_rows<T: Transfer, const BANDS: usize>(
    transfer: T,
    rows: Rows<'_>,
    (weights, longest): (&Weights<T::Number>, usize),
    tile: &mut Tile<T::Number>,
    lines: &mut [u8],
) {
    let rows: [&[u8]; ABREAST] = std::array::from_fn(|row| rows.row(row));
    tile.clear(longest * BANDS);
    let line_bytes = lines.len() / ABREAST;
    let mut pending = [[[0; ABREAST]; BANDS]; 4];
    for (index, (window, values)) in weights.iter().enumerate() {
        let (start, end) = (window.start * BANDS, window.end() * BANDS);
        fill(transfer, &rows, BANDS, (start, end), tile);
        let sums = sum::<_, BANDS>(tile.window(start, end), values);
        for (words, sums) in
            pending[index % 4].as_flattened_mut().iter_mut().zip(sums.as_flattened())
        {
            *words = transfer.store(*sums).to_word();
        }
        if index % 4 == 3 || index + 1 == weights.len() {
            write(&pending, lines, line_bytes, index / 4 * 4);
        }
    }
}

/// Writes four pixels of every line, the first of them number `first`.
#[inline(always)]
fn write<const BANDS: usize>(
    pixels: &[[[u32; ABREAST]; BANDS]; 4],
    lines: &mut [u8],
    line_bytes: usize,
    first: usize,
) {
    for (place, columns) in pixels.as_flattened().as_chunks::<4>().0.iter().enumerate() {
        let at = first * BANDS * 4 + place * PIECE;
        for four in 0..ABREAST / 4 {
            let [a, b, c, d] = columns;
            let words = [words(a, four), words(b, four), words(c, four), words(d, four)];
            for (row, piece) in turn::columns(words).into_iter().enumerate() {
                lines[(4 * four + row) * line_bytes + at..][..PIECE].copy_from_slice(&piece);
            }
        }
    }
}

#[inline(always)]
fn words(column: &[u32; ABREAST], four: usize) -> [u32; 4] {
    column.as_chunks::<4>().0[four]
}
