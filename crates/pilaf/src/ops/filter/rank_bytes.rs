//! Ranks of bytes that need no selection: the least, the greatest, and the median of 3 by 3.

use crate::error::Result;
use crate::image::{Image, buffer};
use crate::simd::{Body, Level};

/// The samples of `rank`, where there is a short way to them. The image has one byte a pixel.
pub(super) fn rank(image: &Image, size: usize, rank: usize) -> Option<Result<Vec<u8>>> {
    if image.as_bytes().is_empty() {
        return None;
    }
    match rank {
        0 => Some(extreme(image, size, u8::min)),
        _ if rank == size * size - 1 => Some(extreme(image, size, u8::max)),
        4 if size == 3 => Some(median(image)),
        _ => None,
    }
}

/// The least or the greatest: first along rows, then along columns.
fn extreme(image: &Image, size: usize, pick: impl Fn(u8, u8) -> u8) -> Result<Vec<u8>> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    // A window that reaches the far edges sees no more by reaching further.
    let reach = |side: usize| (size / 2).min(side - 1);
    let (mut across, mut made) = (buffer::zeros(width * height)?, buffer::zeros(width * height)?);
    let mut wide = buffer::room(width + 2 * reach(width))?;
    Level::get().run(
        #[inline(always)]
        || {
            for (to, row) in across.chunks_exact_mut(width).zip(image.rows()) {
                widen(row, reach(width), &mut wide);
                to.copy_from_slice(&wide[..width]);
                for right in 1..=2 * reach(width) {
                    fold(to, &wide[right..], &pick);
                }
            }
            for (y, to) in made.chunks_exact_mut(width).enumerate() {
                let (top, bottom) =
                    (y.saturating_sub(reach(height)), (y + reach(height)).min(height - 1));
                to.copy_from_slice(&across[top * width..][..width]);
                for y in top + 1..=bottom {
                    fold(to, &across[y * width..][..width], &pick);
                }
            }
        },
    );
    Ok(made)
}

#[inline(always)]
fn fold(to: &mut [u8], from: &[u8], pick: &impl Fn(u8, u8) -> u8) {
    for (to, &v) in to.iter_mut().zip(from) {
        *to = (*pick)(*to, v);
    }
}

/// Of nine.
fn median(image: &Image) -> Result<Vec<u8>> {
    let (width, last) = (image.width() as usize, image.height() - 1);
    let mut made = buffer::zeros(image.as_bytes().len())?;
    let mut columns = [buffer::zeros(width)?, buffer::zeros(width)?, buffer::zeros(width)?];
    let (mut low, mut middle, mut high) =
        (buffer::room(width + 2)?, buffer::room(width + 2)?, buffer::room(width + 2)?);
    let level = Level::get();
    for (y, to) in (0..).zip(made.chunks_exact_mut(width)) {
        let rows = [y, u32::max(y, 1) - 1, last.min(y + 1)].map(|y| image.row(y));
        level.compile(SortColumns { rows, columns: &mut columns });
        widen(&columns[0], 1, &mut low);
        widen(&columns[1], 1, &mut middle);
        widen(&columns[2], 1, &mut high);
        level.compile(Medians { columns: [&low, &middle, &high], to });
    }
    Ok(made)
}

/// Three rows to be sorted column by column: into the low, the middle and the high samples.
struct SortColumns<'a> {
    rows: [&'a [u8]; 3],
    columns: &'a mut [Vec<u8>; 3],
}

impl Body for SortColumns<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let width = self.rows[0].len();
        let rows = self.rows.map(|row| &row[..width]);
        let [low, middle, high] = self.columns.each_mut().map(|column| &mut column[..width]);
        for x in 0..width {
            (low[x], middle[x], high[x]) = sort(rows[0][x], rows[1][x], rows[2][x]);
        }
    }
}

/// The medians of three by three samples whose columns are sorted, the edges repeated: that of the
/// greatest low, the median of the middle ones, and the least high (Smith, "Implementing median
/// filters in XC4000E FPGAs", 1996).
struct Medians<'a> {
    columns: [&'a [u8]; 3],
    to: &'a mut [u8],
}

impl Body for Medians<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let [low, middle, high] = self.columns.map(|column| &column[..self.to.len() + 2]);
        for (x, to) in self.to.iter_mut().enumerate() {
            let low = low[x].max(low[x + 1]).max(low[x + 2]);
            let (_, middle, _) = sort(middle[x], middle[x + 1], middle[x + 2]);
            let high = high[x].min(high[x + 1]).min(high[x + 2]);
            *to = sort(low, middle, high).1;
        }
    }
}

#[inline(always)]
fn sort(a: u8, b: u8, c: u8) -> (u8, u8, u8) {
    let (low, high) = (a.min(b), a.max(b));
    (low.min(c), low.max(high.min(c)), high.max(c))
}

/// A row with its first and last sample repeated `margin` times.
#[inline(always)]
fn widen(row: &[u8], margin: usize, wide: &mut Vec<u8>) {
    wide.clear();
    wide.resize(margin, row[0]);
    wide.extend_from_slice(row);
    wide.resize(row.len() + 2 * margin, row[row.len() - 1]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;
    use crate::simd::for_each_level;

    /// By sorting the whole window.
    fn by_sorting(image: &Image, size: usize, rank: usize) -> Vec<u8> {
        let (width, height) = (image.width() as i64, image.height() as i64);
        let reach = size as i64 / 2;
        let at = |x: i64, y: i64| {
            image.row(y.clamp(0, height - 1) as u32)[x.clamp(0, width - 1) as usize]
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let window = |(x, y)| {
            let places =
                (y - reach..=y + reach).flat_map(|y| (x - reach..=x + reach).map(move |x| (x, y)));
            let mut values: Vec<u8> = places.map(|(x, y)| at(x, y)).collect();
            values.sort_unstable();
            values[rank]
        };
        pixels.map(window).collect()
    }

    #[test]
    fn short_ways_lead_to_the_same_samples() {
        for size in [(1, 1), (1, 5), (6, 1), (2, 2), (70, 4)] {
            let mut image = Image::new(Mode::L, size).unwrap();
            let bytes = image.as_bytes_mut();
            (0..bytes.len()).for_each(|i| bytes[i] = (i * i * 31 % 253) as u8);
            for (side, at) in [(1, 0), (3, 0), (3, 8), (3, 4), (5, 0), (7, 48), (201, 0)] {
                let expected = by_sorting(&image, side, at);
                for_each_level(|level| {
                    let made = rank(&image, side, at).unwrap().unwrap();
                    assert!(made == expected, "{size:?}: {at} of {side} at {level}");
                });
            }
        }
        assert!(rank(&Image::new(Mode::L, (3, 3)).unwrap(), 5, 12).is_none());
    }
}
