//! Smallest and largest values, and where there are any.

use super::{byte_rows, is_narrow};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};
use crate::ops::convert::from_16;
use crate::simd::Ahead;

/// The smallest and the largest sample of an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extrema {
    /// Of 8, 16 or 32 bits.
    Integers(i32, i32),
    /// Of mode `F`.
    Floats(f32, f32),
}

impl Image {
    /// The smallest and the largest sample of an image of one band; `None` if it has no pixels.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for several bands, and for the 16-bit modes but
    /// `I;16`.
    pub fn extrema(&self) -> Result<Option<Extrema>> {
        let sixteen = matches!(self.mode().sample(), Sample::U16Le | Sample::U16Be);
        if self.mode().bands() != 1 {
            return Err(Error::parameter("image has wrong mode"));
        }
        if self.as_bytes().is_empty() {
            return Ok(None);
        }
        if sixteen && self.mode() != Mode::I16 {
            return Err(Error::parameter("image has wrong mode"));
        }
        Ok(match self.mode().sample() {
            Sample::U8 => integers(self.as_bytes().iter().map(|&v| i32::from(v))),
            Sample::I32 => {
                integers(self.as_bytes().as_chunks().0.iter().map(|&p| i32::from_ne_bytes(p)))
            }
            Sample::F32 => {
                floats(self.as_bytes().as_chunks().0.iter().map(|&p| f32::from_ne_bytes(p)))
            }
            _ => integers(self.as_bytes().as_chunks().0.iter().map(|p| from_16(p, false).into())),
        })
    }

    /// The smallest region (left, top, right, bottom) outside of which every pixel is 0; `None`
    /// when all are. With `alpha_only`, the last band of modes with alpha decides alone.
    pub fn bounding_box(&self, alpha_only: bool) -> Option<[u32; 4]> {
        let bytes = self.mode().pixel_bytes();
        let alpha = alpha_only && {
            use Mode::{La, LaPremultiplied, Pa, Rgba, RgbaPremultiplied};
            matches!(self.mode(), Rgba | RgbaPremultiplied | La | LaPremultiplied | Pa)
        };
        // The modes with alpha have pixels of two or of four bytes, of which blocks hold whole ones.
        let counts = |i: usize| !alpha || i % bytes == bytes - 1;
        let mask = std::array::from_fn(|i| if counts(i) { 255 } else { 0 });
        self.box_under(&mask, bytes)
    }

    /// The box of the pixels that have a bit under the mask. With the baseline's vectors: it waits
    /// for memory, and wider ones make that worse.
    fn box_under(&self, mask: &[u8; BLOCK], bytes: usize) -> Option<[u32; 4]> {
        // Rows follow each other without gaps, so that both are one way through memory.
        let (pixels, row_bytes) = (self.as_bytes(), self.row_bytes());
        let top = first_set(pixels, mask)? / row_bytes;
        let bottom = last_set(pixels, mask)? / row_bytes + 1;
        // Of each row only what lies beyond the edges that are known.
        let (mut left, mut right) = (self.width() as usize, 0);
        for (y, row) in self.rows().enumerate().take(bottom).skip(top) {
            if y + ROWS_AHEAD < bottom {
                let row = self.row((y + ROWS_AHEAD) as u32);
                let (left, right) = (&row[..left * bytes], &row[right * bytes..]);
                Ahead::new(left.as_ptr(), left.len()).fetch(EDGE);
                Ahead::new(right.as_ptr(), right.len()).fetch(EDGE);
            }
            left = first_set(&row[..left * bytes], mask).map_or(left, |at| at / bytes);
            right += last_set(&row[right * bytes..], mask).map_or(0, |at| at / bytes + 1);
        }
        Some([left, top, right, bottom].map(|edge| edge as u32))
    }

    /// For each column and for each row, 1 if it has a pixel that is not 0, else 0. Of 16 bits,
    /// Pillow looks at the bytes of the left half.
    pub fn projection(&self) -> (Vec<u8>, Vec<u8>) {
        let mut columns = vec![0; self.width() as usize];
        let mut rows = vec![0; self.height() as usize];
        let bytes = if is_narrow(self) { 1 } else { self.mode().pixel_bytes() };
        let mut project = |y: usize, row: &[u8]| {
            for (column, pixel) in columns.iter_mut().zip(row.chunks_exact(bytes)) {
                if pixel.iter().any(|&v| v != 0) {
                    (*column, rows[y]) = (1, 1);
                }
            }
        };
        if is_narrow(self) {
            byte_rows(self).enumerate().for_each(|(y, row)| project(y, row));
        } else {
            self.rows().enumerate().for_each(|(y, row)| project(y, row));
        }
        (columns, rows)
    }
}

/// Rows that memory is asked for before they are looked at: edges are too short, and too far from each
/// other, for the processor to foresee them.
const ROWS_AHEAD: usize = 12;
/// Bytes of an edge that are asked for; the processor foresees what follows.
const EDGE: usize = 512;

/// Bytes that are looked at in one go: zeros are the usual case around a picture.
const BLOCK: usize = 64;

/// Where the first byte is that has a bit under the mask, which is laid over every block.
#[inline(always)]
fn first_set(row: &[u8], mask: &[u8; BLOCK]) -> Option<usize> {
    let (blocks, _) = row.as_chunks::<BLOCK>();
    let clear = blocks.iter().take_while(|block| is_clear(block, mask)).count() * BLOCK;
    let mut rest = row[clear..].iter().zip(mask.iter().cycle());
    rest.position(|(&v, &m)| v & m != 0).map(|at| clear + at)
}

/// Where the last one is, if the row ends where the mask does.
#[inline(always)]
fn last_set(row: &[u8], mask: &[u8; BLOCK]) -> Option<usize> {
    let (_, blocks) = row.as_rchunks::<BLOCK>();
    let clear = blocks.iter().rev().take_while(|block| is_clear(block, mask)).count() * BLOCK;
    let end = row.len() - clear;
    let mut rest = row[..end].iter().rev().zip(mask.iter().rev().cycle());
    rest.position(|(&v, &m)| v & m != 0).map(|at| end - 1 - at)
}

#[inline(always)]
fn is_clear(block: &[u8; BLOCK], mask: &[u8; BLOCK]) -> bool {
    block.iter().zip(mask).fold(0, |any, (&v, &m)| any | (v & m)) == 0
}

fn integers(values: impl Iterator<Item = i32>) -> Option<Extrema> {
    let (min, max) = values.fold((i32::MAX, i32::MIN), |(min, max), v| (min.min(v), max.max(v)));
    Some(Extrema::Integers(min, max))
}

/// Comparisons in Pillow's order, which decides what becomes of values that are not numbers.
fn floats(mut values: impl Iterator<Item = f32>) -> Option<Extrema> {
    let first = values.next()?;
    let (min, max) = values.fold((first, first), |(min, max), v| {
        if min > v {
            (v, max)
        } else if max < v {
            (min, v)
        } else {
            (min, max)
        }
    });
    Some(Extrema::Floats(min, max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::for_each_level;

    #[test]
    fn the_bounding_box_is_tight() {
        let mut image = Image::new(Mode::Rgba, (5, 4)).unwrap();
        image.row_mut(1)[2 * 4] = 1;
        image.row_mut(2)[3 * 4 + 3] = 1;
        assert_eq!(image.bounding_box(false), Some([2, 1, 4, 3]));
        assert_eq!(image.bounding_box(true), Some([3, 2, 4, 3]));
        assert_eq!(Image::new(Mode::L, (3, 3)).unwrap().bounding_box(true), None);
    }

    #[test]
    fn the_bounding_box_holds_every_pixel_at_every_level() {
        // Wider than a block, and one pixel at a time, from either side of its edges.
        for mode in [Mode::L, Mode::La, Mode::Rgb, Mode::Rgba] {
            let bytes = mode.pixel_bytes();
            for x in [0, 15, 16, 20, 21, 31, 32, 63, 64, 82] {
                let mut image = Image::new(mode, (83, 3)).unwrap();
                image.row_mut(1)[x * bytes] = 1;
                image.row_mut(1)[(82 - x) * bytes + bytes - 1] = 1;
                let (left, right) = (x.min(82 - x) as u32, x.max(82 - x) as u32);
                let any = Some([left, 1, right + 1, 2]);
                let last = 82 - x as u32;
                let alpha = if mode.bands() % 2 == 0 { Some([last, 1, last + 1, 2]) } else { any };
                for_each_level(|level| {
                    assert_eq!(image.bounding_box(false), any, "{mode} {x} {level}");
                    assert_eq!(image.bounding_box(true), alpha, "{mode} {x} {level}");
                });
            }
        }
    }
}
