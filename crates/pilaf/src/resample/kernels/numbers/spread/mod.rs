//! The pass over rows of mode F where it shrinks: each column is read once, and added to every window
//! that it lies in.
//!
//! ```text
//! rows --turn--> columns --sum--> pixels --turn--> lines
//! ```
//!
//! [`across`](super::across) keeps columns as `f64` in memory, and reads each again for every window that
//! it lies in. Here the sums of all those windows are in registers at once, and `f32` becomes `f64` on
//! the way there. Where a window ends, its sum is done and the others move up. A window that has not
//! begun has weights of zero, which leave a sum as it is: it starts from +0, to which a zero of either
//! sign may be added. Infinities and NaN alone make something else of a zero, so a group of rows with
//! numbers that are not finite is gone through once more, and these are made as Pillow makes them.

mod avx2;
mod avx512;
mod axis;

use std::ops::Range;

use avx2::Fours;
use avx512::Eights;
pub(crate) use axis::AxisOfColumns;

use super::super::{Kernels, Rows, Scratch};
use super::turn::{Column, Columns, Pixels, Turn};
use super::{ABREAST, AxisOfNumbers, FOUR, Numbers};
use crate::resample::weights::Window;
use crate::resample::wide::F32;
use crate::simd::{Avx2, Avx512, Body, LINE, Level};

/// The kernels for mode F, at the levels with registers for all of those sums.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spread {
    Avx2(Avx2),
    Avx512(Avx512),
}

impl Spread {
    /// Those of a level, if it has them.
    pub(crate) fn new(level: Level) -> Option<Self> {
        match level {
            Level::Avx2(token) => Some(Self::Avx2(token)),
            Level::Avx512(token) => Some(Self::Avx512(token)),
            _ => None,
        }
    }

    fn level(self) -> Level {
        match self {
            Self::Avx2(token) => Level::Avx2(token),
            Self::Avx512(token) => Level::Avx512(token),
        }
    }

    /// The kernels of the other pass, and for rows that this one leaves as they are.
    fn numbers(self) -> Numbers<F32> {
        Numbers { level: self.level(), transfer: F32, bands: 1 }
    }
}

impl Kernels for Spread {
    type Across = AxisOfColumns;
    type Down = AxisOfNumbers<f64>;
    const LINE_ROWS: usize = 1;
    const GROUP: usize = ABREAST;

    fn line_bytes(self, row_bytes: usize) -> usize {
        self.numbers().line_bytes(row_bytes)
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        _: usize,
        axis: &AxisOfColumns,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let (level, done) = (self.level(), &mut scratch.done);
        let finite = match self {
            Self::Avx2(token) => level.compile(Resample { token, rows, axis, done, lines }),
            Self::Avx512(token) => level.compile(Resample { token, rows, axis, done, lines }),
        };
        if !finite {
            make_again(rows, axis, lines);
        }
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        self.numbers().interleave_rows(rows, lines);
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &Self::Down, index: usize, target: &mut [u8]) {
        self.numbers().combine_lines(lines, axis, index, target);
    }

    fn extract_row(self, line: &[u8], row: usize, target: &mut [u8]) {
        self.numbers().extract_row(line, row, target);
    }
}

/// Columns in a line of the cache: those that are turned before they are summed.
const COLUMNS: usize = LINE / 4;

/// How far ahead of what is turned the memory of each row is asked for, in bytes.
const AHEAD: usize = 8 * LINE;

/// The most parts that a column has.
const MOST_PARTS: usize = 2;

/// Registers for the sums of a part of each column.
trait Registers: Copy {
    /// A number of each row of a part.
    type Numbers: Copy;

    /// Parts of a column.
    const PARTS: usize;

    /// What turns for them.
    fn turn(self) -> impl Turn;

    fn zero(self) -> Self::Numbers;

    /// The samples of a part.
    fn load(self, column: &Column, part: usize) -> Self::Numbers;

    /// Adds products, which are rounded before the sums are.
    fn add(self, sums: &mut Self::Numbers, samples: Self::Numbers, weight: f64);

    /// Stores the sums of a part as samples.
    fn store(self, column: &mut Column, part: usize, sums: Self::Numbers);
}

/// Makes lines of a group of rows, and says whether all of their numbers are finite.
struct Resample<'a, T> {
    token: T,
    rows: Rows<'a>,
    axis: &'a AxisOfColumns,
    done: &'a mut Vec<Pixels<1>>,
    lines: &'a mut [u8],
}

impl Body for Resample<'_, Avx2> {
    type Output = bool;

    /// Of sixteen registers, the sums have at most twelve: samples, a weight and a product need some.
    #[inline(always)]
    fn run(self) -> bool {
        let token = self.token;
        match self.axis.slots() {
            1 => self.resample::<_, 1>(Fours::<4>(token)),
            2 => self.resample::<_, 2>(Fours::<4>(token)),
            4 => self.resample::<_, 4>(Fours::<2>(token)),
            _ => self.resample::<_, 6>(Fours::<2>(token)),
        }
    }
}

impl Body for Resample<'_, Avx512> {
    type Output = bool;

    /// Of 32 registers, the sums of whole columns have at most twelve.
    #[inline(always)]
    fn run(self) -> bool {
        let x = Eights(self.token);
        match self.axis.slots() {
            1 => self.resample::<_, 1>(x),
            2 => self.resample::<_, 2>(x),
            4 => self.resample::<_, 4>(x),
            _ => self.resample::<_, 6>(x),
        }
    }
}

impl<T> Resample<'_, T> {
    #[inline(always)]
    fn resample<X: Registers, const SLOTS: usize>(self, x: X) -> bool {
        let Self { rows, axis, done, lines, .. } = self;
        if done.len() < axis.room() {
            done.resize(axis.room(), Pixels([[[[0; 4]; ABREAST]]; FOUR]));
        }
        let (turn, mut turned) = (x.turn(), Columns::default());
        let mut sums = [[x.zero(); SLOTS]; MOST_PARTS];
        let (mut windows, mut weights) = (axis.windows(), axis.weights::<SLOTS>());
        let (mut start, mut stored, mut waiting, mut finite) = (axis.start(), 0, 0, true);
        while !weights.is_empty() {
            let first = start / COLUMNS * COLUMNS;
            let end = (first + COLUMNS).min(start + weights.len());
            rows.ask_ahead(0..ABREAST, 4 * first + AHEAD);
            turn.rows(rows, 4 * first, &mut turned);
            let ending = windows.iter().take_while(|window| window.end() <= end).count();
            let step = Step {
                columns: &turned.0.as_flattened()[start - first..end - first],
                weights: weights.split_off(..end - start).unwrap_or_default(),
                start,
                windows: windows.split_off(..ending).unwrap_or_default(),
            };
            for (part, sums) in sums.iter_mut().enumerate().take(X::PARTS) {
                step.sum(x, part, sums, done, waiting);
            }
            waiting += ending;
            for pixels in &done[..waiting / FOUR] {
                finite &= store(turn, pixels, lines, stored);
                stored += FOUR;
            }
            done[0] = done[waiting / FOUR];
            waiting %= FOUR;
            start = end;
        }
        if waiting > 0 {
            finite &= store(turn, &done[0], lines, stored);
        }
        finite
    }
}

/// Columns to be added, with their weights in the windows that they may lie in.
struct Step<'a, const SLOTS: usize> {
    columns: &'a [Column],
    weights: &'a [[f64; SLOTS]],
    /// Where the columns lie in the rows.
    start: usize,
    /// The windows that end among them.
    windows: &'a [Window],
}

impl<const SLOTS: usize> Step<'_, SLOTS> {
    /// Adds one part of the columns, and stores the sums of the windows that end, from place `first`
    /// of `done` on.
    #[inline(always)]
    fn sum<X: Registers>(
        &self,
        x: X,
        part: usize,
        kept: &mut [X::Numbers; SLOTS],
        done: &mut [Pixels<1>],
        first: usize,
    ) {
        let (mut sums, mut from) = (*kept, 0);
        for (place, window) in (first..).zip(self.windows) {
            let end = window.end() - self.start;
            self.add(x, part, from..end, &mut sums);
            from = end;
            x.store(&mut done[place / FOUR].0[place % FOUR][0], part, sums[0]);
            for slot in 1..SLOTS {
                sums[slot - 1] = sums[slot];
            }
            sums[SLOTS - 1] = x.zero();
        }
        self.add(x, part, from..self.columns.len(), &mut sums);
        *kept = sums;
    }

    #[inline(always)]
    fn add<X: Registers>(
        &self,
        x: X,
        part: usize,
        places: Range<usize>,
        sums: &mut [X::Numbers; SLOTS],
    ) {
        let columns = &self.columns[places.clone()];
        for (column, weights) in columns.iter().zip(&self.weights[places]) {
            let samples = x.load(column, part);
            for (sums, &weight) in sums.iter_mut().zip(weights) {
                x.add(sums, samples, weight);
            }
        }
    }
}

/// Stores four pixels of every row, `index` being the first, and says whether they are finite.
#[inline(always)]
fn store<T: Turn>(turn: T, pixels: &Pixels<1>, lines: &mut [u8], index: usize) -> bool {
    const EXPONENT: u32 = 0x7F80_0000;
    let columns = pixels.0.as_flattened().first_chunk().expect("four columns");
    turn.columns(columns, lines, 4 * index);
    let mut finite = true;
    for &word in columns.as_flattened() {
        finite &= u32::from_ne_bytes(word) & EXPONENT != EXPONENT;
    }
    finite
}

/// Makes those numbers of the lines that are not finite from their own windows alone, as Pillow does.
#[cold]
fn make_again(rows: Rows<'_>, axis: &AxisOfColumns, lines: &mut [u8]) {
    let line_bytes = lines.len() / ABREAST;
    for (row, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
        let samples = rows.row(row).as_chunks::<4>().0;
        for (word, (window, weights)) in line.as_chunks_mut::<4>().0.iter_mut().zip(axis.iter()) {
            if f32::from_ne_bytes(*word).is_finite() {
                continue;
            }
            let mut sum = 0.0;
            for (&sample, weight) in samples[window.start..window.end()].iter().zip(weights) {
                sum += f64::from(f32::from_ne_bytes(sample)) * weight;
            }
            *word = (sum as f32).to_ne_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;
    use crate::resample::method::Method;
    use crate::resample::passes::{self, Layout};
    use crate::resample::plan::Geometry;
    use crate::resample::weights::Weights;
    use crate::resample::wide::Wide;
    use crate::resample::{Filter, RowResizer};
    use crate::simd::for_each_level;

    /// Shrinks rows of `from` samples at every level; bits are those of the specification.
    fn check(from: u32, to: u32, filter: Filter, sample: impl Fn(usize) -> f32) {
        let source: Vec<u8> =
            (0..from as usize * 19).flat_map(|at| sample(at).to_ne_bytes()).collect();
        let geometry = Geometry::new((from, 19), None, (to, 19)).unwrap();
        let layout = Layout { bands: 1, sample_bytes: 4 };
        let plan = passes::Plan::new::<Wide<F32>>(layout, &geometry, filter);
        let mut wanted = vec![0; to as usize * 19 * 4];
        plan.run::<Wide<F32>>(&source, 0..19, &mut wanted);
        for_each_level(|level| {
            let method = Method::Pillow(filter);
            let mut resizer = RowResizer::for_geometry(level, Mode::F, &geometry, method);
            let mut got = vec![0; wanted.len()];
            resizer.run(&source, 0..19, &mut got);
            for (place, pair) in got.as_chunks().0.iter().zip(wanted.as_chunks().0).enumerate() {
                let [got, wanted] = [*pair.0, *pair.1].map(f32::from_ne_bytes);
                let equal = got.to_bits() == wanted.to_bits() || got.is_nan() && wanted.is_nan();
                assert!(equal, "{level}: {filter} {from} to {to}, {place}: {got} for {wanted}");
            }
        });
    }

    fn noise(at: usize) -> f32 {
        let bits = (at as u32).wrapping_mul(0x9E37_79B9) ^ 0x5555_5555;
        (bits >> 8) as f32 / 1000.0 - 8000.0
    }

    const SHRINKS: [(u32, u32); 8] =
        [(37, 37), (40, 37), (100, 61), (64, 32), (300, 100), (257, 21), (700, 9), (33, 1)];

    #[test]
    fn sums_are_those_of_the_specification() {
        for filter in &Filter::ALL[1..] {
            for (from, to) in SHRINKS {
                check(from, to, *filter, noise);
                check(from, to, *filter, |at| if at / 7 % 2 == 0 { -0.0 } else { 1e-42 });
            }
        }
    }

    /// A weight of zero makes NaN of an infinity, in windows where that does not lie.
    #[test]
    fn what_is_not_finite_stays_in_its_windows() {
        for filter in &Filter::ALL[1..] {
            for (from, to) in SHRINKS {
                for (every, odd) in [(29, f32::INFINITY), (31, f32::NAN), (3, f32::MAX)] {
                    check(from, to, *filter, |at| match at % every {
                        0 => odd,
                        1 => -odd,
                        _ => noise(at),
                    });
                }
            }
        }
    }

    #[test]
    fn it_is_used_where_it_shrinks() {
        let axis = |from: u32, to: u32, filter: Filter| {
            let geometry = Geometry::new((from, 1), None, (to, 1)).unwrap();
            let weights = geometry.horizontal_weights(filter, Weights::build).unwrap();
            AxisOfColumns::new(weights).map(|axis| axis.slots()).ok()
        };
        assert_eq!(axis(2725, 720, Filter::Box), Some(1));
        assert_eq!(axis(2725, 720, Filter::Bilinear), Some(2));
        assert_eq!(axis(2725, 720, Filter::Bicubic), Some(4));
        assert_eq!(axis(2725, 720, Filter::Lanczos), Some(6));
        assert_eq!(axis(2725, 4000, Filter::Lanczos), None);
        let nothing = Geometry::new((9, 1), Some((9.0, 0.0, 9.0, 1.0)), (4, 1)).unwrap();
        let weights = nothing.horizontal_weights(Filter::Box, Weights::build).unwrap();
        assert!(AxisOfColumns::new(weights).is_err(), "without columns no output would be stored");
    }
}
