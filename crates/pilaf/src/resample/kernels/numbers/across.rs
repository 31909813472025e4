//! The pass over rows: sixteen of them abreast.
//!
//! ```text
//! rows --turn--> words of each column --decode--> tile --sum--> pixels --turn--> lines
//! ```
//!
//! The tile holds the columns of two windows and some more, so that it stays in the nearest cache
//! and does not grow with the width of the image. Two pixels are summed at a time, since the sums
//! of one would wait for each other: each addition for the one before.

use super::super::Rows;
use super::turn::{Column, Columns, Lanes, PIECE, Pixels, Plain, Turn};
use super::{ABREAST, AxisOfNumbers, FOUR, Number, Stored, Transfer, samples_of_word};
use crate::simd::{Body, Kernel, LINE, Vector, fetch};

/// Columns of numbers, from some place of the rows on: of each row a number.
#[derive(Debug, Default)]
pub(crate) struct Tile<N> {
    /// In a row, so that conversions of many become loops over vectors.
    numbers: Vec<N>,
    /// Where the first column begins: at a line of the cache.
    start: usize,
    /// How many columns there is room for.
    room: usize,
    /// How many of them are filled.
    filled: usize,
    /// Where the first one lies in the rows, in samples.
    first: usize,
}

/// Columns that a tile has room for beside those of two windows.
const ROOM: usize = 128;

/// How far ahead of what is turned the memory of each row is asked for, in bytes.
const AHEAD: usize = 4 * LINE;

impl<N: Number> Tile<N> {
    /// Bytes held.
    pub(in super::super) fn bytes(&self) -> usize {
        self.numbers.capacity() * size_of::<N>()
    }

    /// Forgets all columns and makes room for windows of up to `longest` samples together.
    fn clear(&mut self, longest: usize) {
        if self.room < longest + ROOM {
            self.room = longest + ROOM;
            self.numbers.resize(self.room * ABREAST + LINE / size_of::<N>(), N::default());
            // If it asks for more than a line, only speed is lost.
            self.start = self.numbers.as_ptr().align_offset(LINE).min(LINE / size_of::<N>());
        }
        (self.filled, self.first) = (0, 0);
    }

    /// One past the last column that is filled, in samples.
    fn end(&self) -> usize {
        self.first + self.filled
    }

    /// The columns of a window.
    #[inline(always)]
    fn window(&self, start: usize, end: usize) -> &[[N; ABREAST]] {
        let columns = self.numbers[self.start..].as_chunks().0;
        &columns[start - self.first..end - self.first]
    }

    /// The next `count` columns, and where they lie in the rows. Columns before `start` are given up
    /// if there is no room else.
    #[inline(always)]
    fn next(&mut self, count: usize, start: usize) -> (usize, &mut [N]) {
        if start >= self.end() {
            (self.filled, self.first) = (0, start / count * count);
        } else if self.filled + count > self.room {
            let passed = start - self.first;
            let kept = self.start + passed * ABREAST..self.start + self.filled * ABREAST;
            self.numbers.copy_within(kept, self.start);
            (self.filled, self.first) = (self.filled - passed, start);
        }
        let place = self.end();
        let columns = self.start + self.filled * ABREAST;
        self.filled += count;
        (place, &mut self.numbers[columns..][..count * ABREAST])
    }
}

/// Makes lines of a group of rows, turned as `turn` does it.
pub(super) struct Resample<'a, T: Transfer, X> {
    pub(super) turn: X,
    pub(super) transfer: T,
    pub(super) rows: Rows<'a>,
    pub(super) bands: usize,
    pub(super) axis: &'a AxisOfNumbers<T::Number>,
    pub(super) tile: &'a mut Tile<T::Number>,
    pub(super) lines: &'a mut [u8],
}

impl<'a, T: Transfer> Resample<'a, T, ()> {
    #[inline(always)]
    pub(super) fn turned_by<X>(self, turn: X) -> Resample<'a, T, X> {
        let Self { transfer, rows, bands, axis, tile, lines, .. } = self;
        Resample { turn, transfer, rows, bands, axis, tile, lines }
    }
}

impl<T: Transfer> Kernel for Resample<'_, T, ()> {
    type Output = ();

    fn scalar(self) {
        self.turned_by(Plain).run();
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        self.turned_by(Lanes::<X, N>(x)).run();
    }
}

impl<T: Transfer, X: Turn> Body for Resample<'_, T, X> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        match self.bands {
            1 => self.run_bands::<1>(),
            2 => self.run_bands::<2>(),
            3 => self.run_bands::<3>(),
            _ => self.run_bands::<4>(),
        }
    }
}

impl<T: Transfer, X: Turn> Resample<'_, T, X> {
    #[inline(always)]
    fn run_bands<const BANDS: usize>(self) {
        let Self { turn, transfer, rows, axis, tile, lines, .. } = self;
        let source = Source { transfer, turn, rows, bands: BANDS };
        tile.clear(2 * axis.units * BANDS);
        let mut turned = Columns::default();
        for first in (0..axis.weights.len()).step_by(FOUR) {
            let mut pixels = Pixels([[[[0; 4]; ABREAST]; BANDS]; FOUR]);
            for (two, words) in pixels.0.as_chunks_mut::<2>().0.iter_mut().enumerate() {
                sum_two(&source, axis, first + 2 * two, (&mut turned, tile), words);
            }
            for (place, columns) in pixels.0.as_flattened().as_chunks().0.iter().enumerate() {
                let at = first * BANDS * 4 + place * PIECE;
                turn.columns(columns, lines, at);
            }
        }
    }
}

/// Rows that the tile is filled from.
struct Source<'a, T, X> {
    transfer: T,
    turn: X,
    rows: Rows<'a>,
    bands: usize,
}

impl<T: Transfer, X: Turn> Source<'_, T, X> {
    /// Fills the tile up to `end`; columns from `start` on stay.
    #[inline(always)]
    fn fill(
        &self,
        (start, end): (usize, usize),
        columns: &mut Columns,
        tile: &mut Tile<T::Number>,
    ) {
        while tile.end() < end {
            let (place, numbers) = tile.next(LINE / T::SAMPLE_BYTES, start);
            let at = place * T::SAMPLE_BYTES;
            self.ask_ahead(at + AHEAD);
            self.turn.rows(self.rows, at, columns);
            self.decode(columns.0.as_flattened(), numbers);
        }
    }

    /// Asks for the memory of every row from byte `at` on, wherever that is.
    #[inline(always)]
    fn ask_ahead(&self, at: usize) {
        for row in 0..ABREAST {
            fetch(self.rows.bytes.as_ptr().wrapping_add(row * self.rows.stride + at));
        }
    }

    /// Makes numbers of the words of columns.
    #[inline(always)]
    fn decode(&self, words: &[Column], numbers: &mut [T::Number]) {
        if samples_of_word::<T>() == 1 {
            let words = words.as_flattened();
            for (number, &word) in numbers.iter_mut().zip(words) {
                *number = self.number(word, 0);
            }
            return;
        }
        let samples = numbers.as_chunks_mut::<ABREAST>().0.chunks_exact_mut(samples_of_word::<T>());
        for (words, numbers) in words.iter().zip(samples) {
            // Written out, since the compiler makes scatters of a loop.
            self.decode_sample(words, 0, &mut numbers[0]);
            self.decode_sample(words, 1, &mut numbers[1]);
            if samples_of_word::<T>() > 2 {
                self.decode_sample(words, 2, &mut numbers[2]);
                self.decode_sample(words, 3, &mut numbers[3]);
            }
        }
    }

    #[inline(always)]
    fn decode_sample(&self, words: &Column, sample: usize, numbers: &mut [T::Number; ABREAST]) {
        for (number, &word) in numbers.iter_mut().zip(words) {
            *number = self.number(word, sample);
        }
    }

    #[inline(always)]
    fn number(&self, word: [u8; 4], sample: usize) -> T::Number {
        self.transfer.decode(u32::from_ne_bytes(word), self.bands, sample).into()
    }
}

/// Makes the words of pixels `index` and `index + 1`, as far as there are such.
#[inline(always)]
fn sum_two<T: Transfer, X: Turn, const BANDS: usize>(
    source: &Source<'_, T, X>,
    axis: &AxisOfNumbers<T::Number>,
    index: usize,
    (turned, tile): (&mut Columns, &mut Tile<T::Number>),
    words: &mut [[Column; BANDS]; 2],
) {
    let (transfer, weights) = (source.transfer, &axis.weights);
    let windows = &weights.windows()[index.min(weights.len())..];
    // Those of several bands need not wait for each other. Windows may lie far apart.
    if let [a, b, ..] = windows
        && BANDS == 1
        && b.end() <= a.start + 2 * axis.units
    {
        source.fill((a.start, b.end()), turned, tile);
        let columns = [tile.window(a.start, a.end()), tile.window(b.start, b.end())];
        let sums = sums_of_two(columns, [weights.of(a), weights.of(b)]);
        store(transfer, &sums[0], &mut words[0][0]);
        store(transfer, &sums[1], &mut words[1][0]);
        return;
    }
    for (window, words) in windows.iter().zip(words) {
        let (start, end) = (window.start * BANDS, window.end() * BANDS);
        source.fill((start, end), turned, tile);
        let pixels = tile.window(start, end).as_chunks::<BANDS>().0;
        for (band, words) in words.iter_mut().enumerate() {
            let mut sums = [T::Number::default(); ABREAST];
            for (pixel, &weight) in pixels.iter().zip(weights.of(window)) {
                add(&mut sums, &pixel[band], weight);
            }
            store(transfer, &sums, words);
        }
    }
}

/// The sums of two windows.
#[inline(always)]
fn sums_of_two<N: Number>(columns: [&[[N; ABREAST]]; 2], weights: [&[N]; 2]) -> [[N; ABREAST]; 2] {
    let [mut a, mut b] = [[N::default(); ABREAST]; 2];
    let both = columns[0].len().min(columns[1].len());
    let (columns_a, rest_a) = columns[0].split_at(both);
    let (columns_b, rest_b) = columns[1].split_at(both);
    let (weights_a, weights_of_rest_a) = weights[0].split_at(both);
    let (weights_b, weights_of_rest_b) = weights[1].split_at(both);
    let taps_a = columns_a.iter().zip(weights_a);
    for ((column_a, &weight_a), (column_b, &weight_b)) in
        taps_a.zip(columns_b.iter().zip(weights_b))
    {
        add(&mut a, column_a, weight_a);
        add(&mut b, column_b, weight_b);
    }
    for (column, &weight) in rest_a.iter().zip(weights_of_rest_a) {
        add(&mut a, column, weight);
    }
    for (column, &weight) in rest_b.iter().zip(weights_of_rest_b) {
        add(&mut b, column, weight);
    }
    [a, b]
}

/// Adds one tap.
#[inline(always)]
fn add<N: Number>(sums: &mut [N; ABREAST], column: &[N; ABREAST], weight: N) {
    for (sum, &number) in sums.iter_mut().zip(column) {
        *sum = *sum + number * weight;
    }
}

/// Makes words of the sums of all rows.
#[inline(always)]
fn store<T: Transfer>(transfer: T, sums: &[T::Number; ABREAST], words: &mut Column) {
    for (word, &sum) in words.iter_mut().zip(sums) {
        *word = transfer.store(sum).to_word().to_ne_bytes();
    }
}
