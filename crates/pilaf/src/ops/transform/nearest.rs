//! The nearest pixel. Which one it is depends on how Pillow adds up positions:
//!
//! | map | modes | positions |
//! |---|---|---|
//! | affine without shear | all but 16 bits | one `f64` sum for the columns, one for the rows |
//! | affine, positions below 32768 | all but 16 bits | 16.16 fixed point, added up |
//! | affine | all but 16 bits | `f64`, added up |
//! | anything | all | `f64`, worked out for each pixel |

use std::ops::Range;

use crate::image::{Image, Sample};
use crate::simd::{Body, Level};

use super::map::Map;
use super::{Positions, RUN, Region, STRIP, Sampler, Target, warp};

/// Fills a region with pixels of `N` bytes.
pub(super) fn paint<const N: usize>(
    source: &Image,
    target: &mut Image,
    region: &Region,
    map: &Map,
) {
    let deep = matches!(source.mode().sample(), Sample::U16Le | Sample::U16Be);
    let pixels = Pixels::<N>::of(source);
    match map {
        Map::Affine(a) if !deep && a[1] == 0.0 && a[3] == 0.0 => {
            scale(&pixels, target, region, a);
        }
        Map::Affine(a) if !deep && fits_fixed(a, region) => fixed(&pixels, target, region, a),
        Map::Affine(a) if !deep => stepped(&pixels, target, region, a),
        _ => warp(target, region, map, &pixels),
    }
}

/// The source as pixels of `N` bytes.
struct Pixels<'a, const N: usize> {
    pixels: &'a [[u8; N]],
    width: usize,
    height: usize,
}

impl<'a, const N: usize> Pixels<'a, N> {
    fn of(image: &'a Image) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        Self { pixels: image.as_bytes().as_chunks().0, width, height }
    }
}

impl<const N: usize> Sampler for Pixels<'_, N> {
    #[inline(always)]
    fn fill(&self, positions: &Positions, target: Target<'_>) {
        target.fill(|i, pixel| {
            match (index(positions.x[i], self.width), index(positions.y[i], self.height)) {
                (Some(x), Some(y)) => {
                    pixel.copy_from_slice(&self.pixels[y * self.width + x]);
                    true
                }
                _ => false,
            }
        });
    }
}

/// The pixel in which a position lies.
#[inline(always)]
fn index(position: f64, size: usize) -> Option<usize> {
    (position >= 0.0 && position < size as f64).then_some(position as usize)
}

/// Rows and columns are picked independently.
fn scale<const N: usize>(
    source: &Pixels<'_, N>,
    target: &mut Image,
    region: &Region,
    a: &[f64; 6],
) {
    let columns = steps(a[2] + a[0] * 0.5, a[0], region.width, source.width);
    let rows = steps(a[5] + a[4] * 0.5, a[4], region.height, source.height);
    for (row, y) in region.rows(target).zip(rows) {
        let from = y.map(|y| &source.pixels[y * source.width..][..source.width]);
        if region.clear {
            row.fill(0);
        }
        let Some(from) = from else { continue };
        for (pixel, x) in row.as_chunks_mut::<N>().0.iter_mut().zip(&columns) {
            if let Some(x) = *x {
                *pixel = from[x];
            }
        }
    }
}

/// The pixels at `start`, `start + step`, ..., summed up one by one.
fn steps(start: f64, step: f64, count: usize, size: usize) -> Vec<Option<usize>> {
    let mut position = start;
    let mut next = || {
        let here = index(position, size);
        position += step;
        here
    };
    (0..count).map(|_| next()).collect()
}

/// Whether the corners of the region come from positions that 16.16 fixed point can express.
fn fits_fixed(a: &[f64; 6], region: &Region) -> bool {
    let (width, height) = (region.width as f64, region.height as f64);
    [(0.0, 0.0), (width, height), (0.0, height), (width, 0.0)].into_iter().all(|(x, y)| {
        (x * a[0] + y * a[1] + a[2]).abs() < 32768.0 && (x * a[3] + y * a[4] + a[5]).abs() < 32768.0
    })
}

/// 16.16 fixed point, rounded to nearest.
fn to_fixed(value: f64) -> i32 {
    let rounded = (value * 65536.0 + 0.5).floor();
    // Only the step of a region one pixel wide can be too large, and it is never taken.
    rounded as i32
}

fn fixed<const N: usize>(
    source: &Pixels<'_, N>,
    target: &mut Image,
    region: &Region,
    a: &[f64; 6],
) {
    let step = (to_fixed(a[0]), to_fixed(a[3]));
    let down = (to_fixed(a[1]), to_fixed(a[4]));
    let first =
        (to_fixed(a[2] + a[0] * 0.5 + a[1] * 0.5), to_fixed(a[5] + a[3] * 0.5 + a[4] * 0.5));
    for left in (0..region.width).step_by(STRIP) {
        let columns = left..(left + STRIP).min(region.width);
        let mut start = first;
        for row in region.rows(target) {
            let row = row.as_chunks_mut::<N>().0;
            let across = span(start.0, step.0, row.len(), source.width);
            let along = span(start.1, step.1, row.len(), source.height);
            let inside = across.start.max(along.start)..across.end.min(along.end);
            let clip = |x: usize| x.clamp(columns.start, columns.end) - columns.start;
            let inside = clip(inside.start)..clip(inside.end);
            let skip = columns.start as i32;
            let from = [(start.0, step.0), (start.1, step.1)]
                .map(|(start, step)| step.wrapping_mul(skip).wrapping_add(start));
            fixed_row(source, &mut row[columns.clone()], region.clear, inside, from.into(), step);
            start = (start.0.wrapping_add(down.0), start.1.wrapping_add(down.1));
        }
    }
}

/// Fills the pixels `inside` of a row; the others have no source.
fn fixed_row<const N: usize>(
    source: &Pixels<'_, N>,
    row: &mut [[u8; N]],
    clear: bool,
    inside: Range<usize>,
    start: (i32, i32),
    step: (i32, i32),
) {
    if inside.is_empty() {
        if clear {
            row.fill([0; N]);
        }
        return;
    }
    if clear {
        row[..inside.start].fill([0; N]);
        row[inside.end..].fill([0; N]);
    }
    let first = inside.start as i32;
    Level::get().compile(FixedRow { source, row: &mut row[inside], first, start, step });
}

/// Pixels all of which have a source.
struct FixedRow<'a, const N: usize> {
    source: &'a Pixels<'a, N>,
    row: &'a mut [[u8; N]],
    /// How many steps from `start` the first pixel is.
    first: i32,
    start: (i32, i32),
    step: (i32, i32),
}

impl<const N: usize> Body for FixedRow<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { source, row, first, start, step } = self;
        let width = u64::from(source.width as u32);
        let at = |start: i32, step: i32, x: i32| step.wrapping_mul(x).wrapping_add(start) >> 16;
        for (i, run) in row.chunks_mut(RUN).enumerate() {
            // First where all of them are, in vectors, then the pixels.
            let mut places = [0; RUN];
            for (k, place) in places.iter_mut().enumerate() {
                let x = first + (i * RUN + k) as i32;
                let (column, line) = (at(start.0, step.0, x), at(start.1, step.1, x));
                *place = u64::from(line as u32) * width + u64::from(column as u32);
            }
            for (pixel, place) in run.iter_mut().zip(places) {
                *pixel = source.pixels[place as usize];
            }
        }
    }
}

/// Those of `count` fixed-point positions that lie on an axis of `size` pixels: one run, since
/// they are in order.
fn span(start: i32, step: i32, count: usize, size: usize) -> Range<usize> {
    let (start, step) = (i64::from(start), i64::from(step));
    // Sums beyond 32 bits would wrap round to the far side of zero: they are outside.
    let end = ((size as i64) << 16).min(1 << 31);
    // How many positions lie before `bound` in the direction of the step.
    let ceil = |n: i64, d: i64| n.div_euclid(d) + i64::from(n.rem_euclid(d) != 0);
    let (from, to) = match step {
        0 if (0..end).contains(&start) => (0, count as i64),
        0 => (0, 0),
        1.. => (ceil(-start, step), ceil(end - start, step)),
        _ => (ceil(start - (end - 1), -step), ceil(start + 1, -step)),
    };
    let clamp = |bound: i64| bound.clamp(0, count as i64) as usize;
    clamp(from)..clamp(to)
}

/// For images of 32768 pixels a side and more.
fn stepped<const N: usize>(
    source: &Pixels<'_, N>,
    target: &mut Image,
    region: &Region,
    a: &[f64; 6],
) {
    let mut start = (a[2] + a[1] * 0.5 + a[0] * 0.5, a[5] + a[4] * 0.5 + a[3] * 0.5);
    for row in region.rows(target) {
        let (mut x, mut y) = start;
        for pixel in row.as_chunks_mut::<N>().0 {
            if let (Some(x), Some(y)) = (index(x, source.width), index(y, source.height)) {
                *pixel = source.pixels[y * source.width + x];
            } else if region.clear {
                *pixel = [0; N];
            }
            (x, y) = (x + a[0], y + a[3]);
        }
        start = (start.0 + a[1], start.1 + a[4]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_hold_exactly_the_positions_inside() {
        for start in [-70_000, -65_536, -1, 0, 1, 65_535, 131_072, 200_000] {
            for step in [-131_072, -65_537, -30_000, -1, 0, 1, 29_999, 65_536, 100_000] {
                let inside: Vec<usize> = (0..9)
                    .filter(|&i| (0..2).contains(&((start + step * i as i32) >> 16)))
                    .collect();
                let span = span(start, step, 9, 2);
                assert_eq!(span.collect::<Vec<_>>(), inside, "{start} {step}");
            }
        }
    }

    #[test]
    fn positions_are_summed_up() {
        let places = steps(0.0, 0.1, 12, 1);
        assert_eq!(places[..11], [Some(0); 11]); // ten times 0.1 sum up to less than 1.0
        assert_eq!(places[11], None);
    }
}
