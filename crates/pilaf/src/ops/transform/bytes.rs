//! Samples of 8 bits between pixels, a run of pixels at a time.
//!
//! ```text
//! positions --[places]--> first taps, rests --[fetch]--> words of taps --[between]--> pixels
//! ```
//!
//! All but fetching are loops over arrays, which the compiler makes vectors of. Sums are `f64` and
//! added in Pillow's order; what is exact in any order, such as differences of bytes, is worked out
//! in the shortest.

use std::array::from_fn;

use super::grid::{Grid, cubic, first_and_rest, polynomial};
use super::{Positions, RUN, Sampler, Target};
use crate::ops::convert::{UNITS_F64 as UNITS, integer_part};

/// Linear between 2 by 2 (`SIDE` = 2) or cubic between 4 by 4 (`SIDE` = 4) pixels of `N` bytes.
pub(super) struct Bytes<'a, const N: usize, const SIDE: usize>(pub(super) Grid<'a, N>);

/// The taps of each pixel of a run in one row of the source: the first eight bytes of `SIDE` pixels
/// of `N` bytes, and the last eight if there are more.
struct Taps<const N: usize, const SIDE: usize> {
    first: [u64; RUN],
    last: [u64; RUN],
}

impl<const N: usize, const SIDE: usize> Taps<N, SIDE> {
    const BYTES: usize = SIDE * N;
    const EMPTY: Self = Self { first: [0; RUN], last: [0; RUN] };

    /// Takes the taps of the pixel `i` from the start of `bytes`, which are eight at least.
    #[inline(always)]
    fn set(&mut self, i: usize, bytes: &[u8]) {
        let word = |at: usize| {
            u64::from_le_bytes(*bytes[at..].first_chunk().expect("no fewer than eight bytes"))
        };
        self.first[i] = word(0);
        if Self::BYTES > 8 {
            self.last[i] = word(Self::BYTES - 8);
        }
    }

    /// Where a sample of each pixel is: words, and how far up in them.
    #[inline(always)]
    fn place(&self, tap: usize, band: usize) -> (&[u64; RUN], usize) {
        match tap * N + band {
            at @ ..8 => (&self.first, 8 * at),
            at => (&self.last, 8 * (at + 8 - Self::BYTES)),
        }
    }
}

/// The sample of the pixel `i`, plus [`UNITS`].
#[inline(always)]
fn sample((words, shift): (&[u64; RUN], usize), i: usize) -> f64 {
    f64::from_bits((words[i] >> shift) & 0xFF | UNITS.to_bits())
}

impl<const N: usize, const SIDE: usize> Bytes<'_, N, SIDE> {
    /// Takes the taps of the pixels of a run, and says which have any.
    #[inline(always)]
    fn fetch(
        &self,
        positions: &Positions,
        (left, top): (&[i32; RUN], &[i32; RUN]),
        count: usize,
    ) -> ([Taps<N, SIDE>; SIDE], [bool; RUN]) {
        let mut rows = [const { Taps::EMPTY }; SIDE];
        let starts = self.0.starts::<SIDE>(left, top);
        let mut has_source = [false; RUN];
        for i in 0..count {
            let block = self.0.block::<SIDE>(starts[i], (SIDE * N).max(8));
            has_source[i] = if let Some((bytes, row_bytes)) = block {
                for (down, row) in rows.iter_mut().enumerate() {
                    row.set(i, &bytes[down * row_bytes..]);
                }
                true
            } else {
                self.fetch_at_edge(&mut rows, i, positions, (left[i], top[i]))
            };
        }
        (rows, has_source)
    }

    /// Takes the taps of the pixel `i`, not all of which lie inside.
    #[cold]
    fn fetch_at_edge(
        &self,
        rows: &mut [Taps<N, SIDE>; SIDE],
        i: usize,
        positions: &Positions,
        (left, top): (i32, i32),
    ) -> bool {
        let has_source = self.0.contains(positions.x[i], positions.y[i]);
        if has_source {
            for (down, row) in rows.iter_mut().enumerate() {
                let mut bytes = [0; 16];
                let pixels = self.0.pixels::<SIDE>(left, top.saturating_add(down as i32));
                bytes[..SIDE * N].copy_from_slice(pixels.as_flattened());
                row.set(i, &bytes);
            }
        }
        has_source
    }

    /// The values of one band between the taps of each pixel: first along the rows.
    #[inline(always)]
    fn between(
        rows: &[Taps<N, SIDE>; SIDE],
        band: usize,
        (dx, dy): (&[f64; RUN], &[f64; RUN]),
    ) -> [f64; RUN] {
        let mut across = [[0.0; RUN]; SIDE];
        for (values, row) in across.iter_mut().zip(rows) {
            let places: [_; SIDE] = from_fn(|tap| row.place(tap, band));
            for i in 0..RUN {
                values[i] = along_row(places.map(|place| sample(place, i)), dx[i]);
            }
        }
        let mut values = [0.0; RUN];
        for i in 0..RUN {
            let taps: [f64; SIDE] = from_fn(|row| across[row][i]);
            values[i] = if SIDE == 2 {
                taps[0] + (taps[1] - taps[0]) * dy[i]
            } else {
                cubic([taps[0], taps[1], taps[2], taps[3]], dy[i])
            };
        }
        values
    }
}

/// Between samples that [`UNITS`] were added to. Their differences are exact, in whatever order.
#[inline(always)]
fn along_row<const SIDE: usize>(taps: [f64; SIDE], d: f64) -> f64 {
    if SIDE == 2 {
        return (taps[0] - UNITS) + (taps[1] - taps[0]) * d;
    }
    let (left, right) = (taps[0] - taps[1], taps[2] - taps[3]);
    polynomial([taps[1] - UNITS, taps[2] - taps[0], left + left + right, -(left + right)], d)
}

impl<const N: usize, const SIDE: usize> Sampler for Bytes<'_, N, SIDE> {
    #[inline(always)]
    fn fill(&self, positions: &Positions, target: Target<'_>) {
        let (left, dx) = places::<SIDE>(&positions.x);
        let (top, dy) = places::<SIDE>(&positions.y);
        let (rows, has_source) = self.fetch(positions, (&left, &top), target.len());
        let mut pixels = [0; RUN];
        let has_any = has_source.iter().fold(false, |any, has| any | has);
        let bands = if has_any { N } else { 0 };
        for band in 0..bands {
            let values = Self::between(&rows, band, (&dx, &dy));
            for i in 0..RUN {
                pixels[i] |= truncated(values[i]) << (8 * band);
            }
        }
        target.fill(|i, pixel| {
            if has_source[i] {
                pixel[..N].copy_from_slice(&pixels[i].to_le_bytes()[..N]);
            }
            has_source[i]
        });
    }
}

/// The first of `SIDE` taps of each position, and how far it is beyond the one in the middle.
#[inline(always)]
fn places<const SIDE: usize>(positions: &[f64; RUN]) -> ([i32; RUN], [f64; RUN]) {
    let (mut first, mut rest) = ([0; RUN], [0.0; RUN]);
    for i in 0..RUN {
        (first[i], rest[i]) = first_and_rest::<SIDE>(positions[i]);
    }
    (first, rest)
}

/// `value as u8`, truncated and cut off at 0 and 255, 0 for what is no number: in steps that vectors
/// have.
#[inline(always)]
fn truncated(value: f64) -> u64 {
    let value = if value > 0.0 { value } else { 0.0 };
    let value = if value < 255.0 { value } else { 255.0 };
    integer_part(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_cut_off_as_a_cast_does() {
        for i in -1000..70_000 {
            let v = f64::from(i) / 256.0;
            for v in [v, v.next_up(), v.next_down()] {
                assert_eq!(truncated(v), u64::from(v as u8), "{v}");
            }
        }
        for v in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1e-300, 1e300] {
            assert_eq!(truncated(v), u64::from(v as u8), "{v}");
        }
    }

    #[test]
    fn samples_are_found_in_both_words() {
        let mut taps = Taps::<3, 4>::EMPTY;
        taps.set(5, &[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
        for at in 0..12 {
            let value = sample(taps.place(at / 3, at % 3), 5) - UNITS;
            assert_eq!(value, 10.0 + at as f64);
        }
    }

    #[test]
    fn cubics_pass_through_their_middle() {
        let taps = [3.0, 50.0, 90.0, 200.0].map(|v| v + UNITS);
        assert_eq!(along_row(taps, 0.0), 50.0);
        assert_eq!(along_row(taps, 1.0), 90.0);
        assert_eq!(along_row([50.0 + UNITS, 90.0 + UNITS], 0.25), 60.0);
    }
}
