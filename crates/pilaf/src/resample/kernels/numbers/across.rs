//! The pass over rows: sixteen of them abreast.
//!
//! ```text
//! rows --turn--> words of each column --decode--> tile --sum--> pending --turn--> lines
//! ```
//!
//! The tile holds the columns of one window and some more, so that it stays in the nearest cache
//! and does not grow with the width of the image.

use super::super::Rows;
use super::{ABREAST, Number, Stored, Transfer, Weights, samples_of_word, turn};

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

/// The next bytes of every row, as words of a column.
#[inline(always)]
fn turned_words(rows: &[&[u8]; ABREAST], at: usize) -> [[u32; ABREAST]; 4] {
    let mut words = [[0; ABREAST]; 4];
    for (four, rows) in rows.as_chunks::<4>().0.iter().enumerate() {
        let pieces = rows.map(|row| row[at..].first_chunk::<PIECE>().expect("a piece is left"));
        for (words, turned) in words.iter_mut().zip(turn::rows(pieces)) {
            words[4 * four..][..4].copy_from_slice(&turned);
        }
    }
    words
}

/// The columns of four words of every row. Written out, since the compiler makes scatters of loops.
#[inline(always)]
fn decode<T: Transfer>(
    transfer: T,
    [a, b, c, d]: [[u32; ABREAST]; 4],
    bands: usize,
    columns: &mut [Column<T::Number>],
) {
    let samples = samples_of_word::<T>();
    decode_word(transfer, &a, bands, &mut columns[..samples]);
    decode_word(transfer, &b, bands, &mut columns[samples..2 * samples]);
    decode_word(transfer, &c, bands, &mut columns[2 * samples..3 * samples]);
    decode_word(transfer, &d, bands, &mut columns[3 * samples..4 * samples]);
}

#[inline(always)]
fn decode_word<T: Transfer>(
    transfer: T,
    words: &[u32; ABREAST],
    bands: usize,
    columns: &mut [Column<T::Number>],
) {
    let mut decode = |sample: usize| {
        columns[sample] = Column(transfer.decode(words, bands, sample).map(T::Number::from));
    };
    decode(0);
    if samples_of_word::<T>() > 1 {
        decode(1);
    }
    if samples_of_word::<T>() > 2 {
        decode(2);
        decode(3);
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
            decode(transfer, turned_words(rows, at), bands, columns);
        } else {
            let mut last = [[0; PIECE]; ABREAST];
            for (last, row) in last.iter_mut().zip(rows) {
                last[..row.len() - at].copy_from_slice(&row[at..]);
            }
            let last = last.each_ref().map(|row| &row[..]);
            decode(transfer, turned_words(&last, 0), bands, columns);
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
        pending[index % 4] = sums.map(|sums| sums.map(|sum| transfer.store(sum).to_word()));
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
            let words = columns.map(|column| column.as_chunks::<4>().0[four]);
            for (row, piece) in turn::columns(words).into_iter().enumerate() {
                lines[(4 * four + row) * line_bytes + at..][..PIECE].copy_from_slice(&piece);
            }
        }
    }
}
