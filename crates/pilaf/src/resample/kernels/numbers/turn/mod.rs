//! Turning: sixteen words of each of sixteen rows become columns, and columns lines.

#[cfg(target_arch = "x86_64")]
mod avx512;

use super::super::{Rows, turn};
use super::{ABREAST, FOUR};
use crate::simd::{LINE, Vector};

#[cfg(target_arch = "x86_64")]
pub(super) use avx512::Sixteen;

/// A word of each row. In which order is the secret of who turned them.
pub(super) type Column = [[u8; 4]; ABREAST];

/// Columns of a line of the cache of every row.
#[repr(align(64))]
pub(super) struct Columns(pub(super) [[Column; FOUR]; LINE / PIECE]);

impl Default for Columns {
    fn default() -> Self {
        Self([[[[0; 4]; ABREAST]; FOUR]; LINE / PIECE])
    }
}

/// Four columns of pixels.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(in super::super) struct Pixels<const BANDS: usize>(pub(super) [[Column; BANDS]; FOUR]);

/// Bytes of each row in four columns.
pub(super) const PIECE: usize = 4 * FOUR;

/// What turns.
pub(super) trait Turn: Copy {
    /// Makes columns of [`LINE`] bytes of every row, from byte `at` on. What lies past the end of a
    /// row is left open.
    fn rows(self, rows: Rows<'_>, at: usize, columns: &mut Columns);

    /// Stores four columns as 16 bytes in each line, from byte `at` on.
    fn columns(self, columns: &[Column; FOUR], lines: &mut [u8], at: usize);
}

/// The specification.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Turn for Plain {
    fn rows(self, rows: Rows<'_>, at: usize, columns: &mut Columns) {
        for (place, column) in columns.0.as_flattened_mut().iter_mut().enumerate() {
            for (row, word) in column.iter_mut().enumerate() {
                for (byte, &from) in word.iter_mut().zip(rows.row(row).iter().skip(at + 4 * place))
                {
                    *byte = from;
                }
            }
        }
    }

    fn columns(self, columns: &[Column; FOUR], lines: &mut [u8], at: usize) {
        let line_bytes = lines.len() / ABREAST;
        for (row, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
            for (word, column) in line[at..].as_chunks_mut::<4>().0.iter_mut().zip(columns) {
                *word = column[row];
            }
        }
    }
}

/// Vectors of `N` bytes, each with a word of `N / 4` rows: in lane `n` of the first those of rows
/// `8 n` to `8 n + 3`, of the second those of the four rows below.
#[derive(Clone, Copy)]
pub(super) struct Lanes<X, const N: usize>(pub(super) X);

impl<X: Vector<N>, const N: usize> Lanes<X, N> {
    /// Rows in two vectors.
    const ROWS: usize = N / 2;
}

impl<X: Vector<N>, const N: usize> Turn for Lanes<X, N> {
    #[inline(always)]
    fn rows(self, rows: Rows<'_>, at: usize, columns: &mut Columns) {
        let x = self.0;
        for (piece, columns) in columns.0.iter_mut().enumerate() {
            for part in 0..ABREAST / Self::ROWS {
                let v = rows.skip(part * Self::ROWS).load(x, at + piece * PIECE);
                let halves = [turn(x, [v[0], v[1], v[2], v[3]]), turn(x, [v[4], v[5], v[6], v[7]])];
                for (half, turned) in halves.into_iter().enumerate() {
                    for (column, value) in columns.iter_mut().zip(turned) {
                        let vectors = column.as_flattened_mut().as_chunks_mut::<N>().0;
                        x.store(&mut vectors[2 * part + half], value);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn columns(self, columns: &[Column; FOUR], lines: &mut [u8], at: usize) {
        let (x, line_bytes) = (self.0, lines.len() / ABREAST);
        for part in 0..2 * ABREAST / Self::ROWS {
            let first_row = part / 2 * Self::ROWS + part % 2 * FOUR;
            let mut vectors = [x.splat(0); FOUR];
            for (vector, column) in vectors.iter_mut().zip(columns) {
                *vector = x.load(&column.as_flattened().as_chunks().0[part]);
            }
            let start = first_row * line_bytes + at;
            x.store_rows::<{ 2 * FOUR }, _>(&mut lines[start..], line_bytes, turn(x, vectors));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Body, Kernel, Level, for_each_level};

    /// Turns rows there and back.
    struct ThereAndBack<'a, X>(X, Rows<'a>, &'a mut [u8]);

    impl<X: Turn> Body for ThereAndBack<'_, X> {
        type Output = ();

        #[inline(always)]
        fn run(self) {
            let Self(turn, rows, lines) = self;
            let line_bytes = lines.len() / ABREAST;
            let mut columns = Columns::default();
            for at in (0..line_bytes).step_by(LINE) {
                turn.rows(rows, at, &mut columns);
                for (piece, columns) in columns.0.iter().enumerate() {
                    turn.columns(columns, lines, at + piece * PIECE);
                }
            }
        }
    }

    impl Kernel for ThereAndBack<'_, ()> {
        type Output = ();

        fn scalar(self) {
            ThereAndBack(Plain, self.1, self.2).run();
        }

        #[inline(always)]
        fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
            ThereAndBack(Lanes::<X, N>(x), self.1, self.2).run();
        }
    }

    fn check(rows: Rows<'_>, lines: &[u8], level: Level) {
        for (row, line) in lines.chunks(2 * LINE).enumerate() {
            assert_eq!(line[..rows.row_bytes], *rows.row(row), "{level}, row {row}");
        }
    }

    #[test]
    fn every_word_goes_there_and_back() {
        let bytes: Vec<u8> = (0..ABREAST * 124).map(|at| (at * 37 % 251) as u8).collect();
        let rows = Rows::packed(&bytes, 124);
        let mut columns = Columns::default();
        Plain.rows(rows, 16, &mut columns);
        assert_eq!(columns.0[1][2][3], rows.row(3)[40..44]);
        for_each_level(|level| {
            let mut lines = vec![0; ABREAST * 2 * LINE];
            level.compute(ThereAndBack((), rows, &mut lines));
            check(rows, &lines, level);
            #[cfg(target_arch = "x86_64")]
            if let Level::Avx512(token) = level {
                lines.fill(0);
                level.compile(ThereAndBack(Sixteen(token), rows, &mut lines));
                check(rows, &lines, level);
            }
        });
    }
}
