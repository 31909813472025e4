//! Mirroring and turning by quarters: pixels move, none changes.

#[cfg(target_arch = "x86_64")]
mod sse41;

use std::mem::MaybeUninit;
use std::ops::Range;

use crate::error::Result;
use crate::formats::Orientation;
use crate::image::{Image, buffer};
use crate::ops::swizzle;
use crate::simd::{LINE, Level, fetch};

/// The seven ways to mirror or turn an image. Pillow's `Transpose`; angles are counter-clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transpose {
    /// Mirror left to right.
    FlipLeftRight,
    /// Mirror top to bottom.
    FlipTopBottom,
    /// Turn by a quarter counter-clockwise.
    Rotate90,
    /// Turn by half.
    Rotate180,
    /// Turn by a quarter clockwise.
    Rotate270,
    /// Mirror along the diagonal from the top left.
    Transpose,
    /// Mirror along the diagonal from the top right.
    Transverse,
}

impl Orientation {
    /// What turns stored pixels upright; `None` when they are.
    pub fn transpose(self) -> Option<Transpose> {
        Some(match self {
            Self::Normal => return None,
            Self::MirrorHorizontal => Transpose::FlipLeftRight,
            Self::Rotate180 => Transpose::Rotate180,
            Self::MirrorVertical => Transpose::FlipTopBottom,
            Self::Transpose => Transpose::Transpose,
            Self::Rotate90 => Transpose::Rotate270,
            Self::Transverse => Transpose::Transverse,
            Self::Rotate270 => Transpose::Rotate90,
        })
    }
}

/// Columns that are read in one go from top to bottom: the lines of as many rows of the result are
/// written to at a time, and stay in the first-level cache until they are full.
const STRIP: usize = 128;

/// Rows read at once: as many as the first-level cache has ways, or rows whose distance is a power
/// of two would drive each other out.
const GROUP: usize = 8;

impl Image {
    /// The image mirrored or turned.
    ///
    /// ```
    /// use pilaf::{Image, Mode, Transpose};
    ///
    /// let image = Image::from_raw(Mode::L, (3, 1), vec![1, 2, 3])?;
    /// let turned = image.transpose(Transpose::Rotate90)?;
    /// assert_eq!(turned.size(), (1, 3));
    /// assert_eq!(turned.as_bytes(), [3, 2, 1]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn transpose(&self, method: Transpose) -> Result<Image> {
        let data = match self.mode().pixel_bytes() {
            1 => move_pixels::<1>(self, method)?,
            2 => move_pixels::<2>(self, method)?,
            3 => move_pixels::<3>(self, method)?,
            _ => move_pixels::<4>(self, method)?,
        };
        let (width, height) = self.size();
        let size = if swaps_axes(method) { (height, width) } else { (width, height) };
        let image = Image::from_raw(self.mode(), size, data)?;
        match self.palette() {
            Some(palette) => image.with_palette(palette.clone()),
            None => Ok(image),
        }
    }
}

fn swaps_axes(method: Transpose) -> bool {
    use Transpose::{Rotate90, Rotate270, Transverse};
    matches!(method, Rotate90 | Rotate270 | Transverse | Transpose::Transpose)
}

/// `N` is the size of a pixel in bytes.
fn move_pixels<const N: usize>(image: &Image, method: Transpose) -> Result<Vec<u8>> {
    let pixels = image.as_bytes().as_chunks::<N>().0;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let exchanged = |flip_x, flip_y| {
        let mut out = buffer::room(pixels.len())?;
        let exchange = Exchange { width, height, flip_x, flip_y };
        exchange.run(pixels, &mut out.spare_capacity_mut()[..pixels.len()]);
        #[allow(unsafe_code)]
        // SAFETY: every pixel of the source was written to its place, and no two have the same:
        // these are all places.
        unsafe {
            out.set_len(pixels.len());
        }
        Ok(out.into_flattened())
    };
    if pixels.is_empty() {
        return Ok(Vec::new());
    }
    let bytes = image.as_bytes();
    match method {
        Transpose::Transpose => exchanged(false, false),
        Transpose::Rotate90 => exchanged(true, false),
        Transpose::Rotate270 => exchanged(false, true),
        Transpose::Transverse => exchanged(true, true),
        Transpose::FlipLeftRight => swizzle::mirrored::<N>(bytes, width * N),
        Transpose::Rotate180 => swizzle::mirrored::<N>(bytes, bytes.len()),
        Transpose::FlipTopBottom => {
            let mut out = buffer::room(bytes.len())?;
            image.rows().rev().for_each(|row| out.extend_from_slice(row));
            Ok(out)
        }
    }
}

/// An exchange of columns and rows of an image of this size: column x becomes row x, or the last row
/// but x (`flip_x`); likewise row y becomes a column (`flip_y`).
#[derive(Clone, Copy)]
struct Exchange {
    width: usize,
    height: usize,
    flip_x: bool,
    flip_y: bool,
}

impl Exchange {
    fn run<const N: usize>(self, pixels: &[[u8; N]], out: &mut [MaybeUninit<[u8; N]>]) {
        let level = Level::get();
        let whole = self.height - self.height % GROUP;
        for left in (0..self.width).step_by(STRIP) {
            let columns = left..(left + STRIP).min(self.width);
            for top in (0..whole).step_by(GROUP) {
                self.fetch_rows(pixels, top + 2 * GROUP, &columns);
                self.move_group(level, pixels, out, top, &columns);
            }
            for y in whole..self.height {
                for x in columns.clone() {
                    out[self.place(x, y)].write(pixels[y * self.width + x]);
                }
            }
        }
    }

    /// Where a pixel goes.
    #[inline(always)]
    fn place(self, x: usize, y: usize) -> usize {
        let row = if self.flip_x { self.width - 1 - x } else { x };
        let column = if self.flip_y { self.height - 1 - y } else { y };
        row * self.height + column
    }

    /// Asks for pixels of `GROUP` rows, which may lie beyond the last.
    fn fetch_rows<const N: usize>(self, pixels: &[[u8; N]], top: usize, columns: &Range<usize>) {
        for y in top..top + GROUP {
            for x in columns.clone().step_by(LINE / N) {
                fetch(pixels.as_ptr().wrapping_add(y * self.width + x).cast());
            }
        }
    }

    /// Moves the pixels of `GROUP` rows, those of each column side by side.
    fn move_group<const N: usize>(
        self,
        level: Level,
        pixels: &[[u8; N]],
        out: &mut [MaybeUninit<[u8; N]>],
        top: usize,
        columns: &Range<usize>,
    ) {
        let first = if self.flip_y { top + GROUP - 1 } else { top };
        let rows: [_; GROUP] = std::array::from_fn(|i| {
            let y = if self.flip_y { first - i } else { first + i };
            &pixels[y * self.width + columns.start..]
        });
        let places = Places {
            first: self.place(columns.start, first),
            step: if self.flip_x { self.height.wrapping_neg() } else { self.height },
            forward: !self.flip_y,
        };
        let count = columns.len();
        let done = match level {
            #[cfg(target_arch = "x86_64")]
            Level::Sse41(token) => sse41::move_group(token, rows, count, out, places),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(token) => sse41::move_group(token.sse41(), rows, count, out, places),
            #[cfg(target_arch = "x86_64")]
            Level::Avx512(token) => {
                sse41::move_group(token.avx2().sse41(), rows, count, out, places)
            }
            _ => 0,
        };
        for x in done..count {
            let place = places.of(x);
            places.fetch_next(out, place);
            for (pixel, row) in out[place..][..GROUP].iter_mut().zip(rows) {
                pixel.write(row[x]);
            }
        }
    }
}

/// Where the columns of a group of rows go.
#[derive(Clone, Copy)]
struct Places {
    first: usize,
    /// From one to the next; may be negative, and wraps.
    step: usize,
    /// Whether the next group of rows comes after this one, or before.
    forward: bool,
}

impl Places {
    #[inline(always)]
    fn of(self, column: usize) -> usize {
        self.first.wrapping_add(column.wrapping_mul(self.step))
    }

    /// Asks for the line of the result that follows the one of `place`: nothing else foresees that
    /// it is the next of its row to be written to.
    #[inline(always)]
    fn fetch_next<const N: usize>(self, out: &[MaybeUninit<[u8; N]>], place: usize) {
        let distance = LINE.div_ceil(N);
        let distance = if self.forward { distance } else { distance.wrapping_neg() };
        fetch(out.as_ptr().wrapping_add(place.wrapping_add(distance)).cast());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;
    use crate::simd::for_each_level;

    fn numbered(mode: Mode, width: u32, height: u32) -> Image {
        let mut image = Image::new(mode, (width, height)).unwrap();
        let bytes = image.as_bytes_mut();
        (0..bytes.len()).for_each(|i| bytes[i] = (i % 251) as u8);
        image
    }

    #[test]
    fn each_method_undoes_its_inverse() {
        let inverse = [
            (Transpose::FlipLeftRight, Transpose::FlipLeftRight),
            (Transpose::FlipTopBottom, Transpose::FlipTopBottom),
            (Transpose::Rotate90, Transpose::Rotate270),
            (Transpose::Rotate180, Transpose::Rotate180),
            (Transpose::Transpose, Transpose::Transpose),
            (Transpose::Transverse, Transpose::Transverse),
        ];
        for mode in [Mode::L, Mode::La, Mode::Rgb, Mode::Rgba] {
            for (there, back) in inverse {
                let image = numbered(mode, 67, 45);
                let again = image.transpose(there).unwrap().transpose(back).unwrap();
                assert_eq!(again, image, "{mode} {there:?}");
            }
        }
    }

    #[test]
    fn small_example() {
        let image = numbered(Mode::L, 3, 2); // 0 1 2 / 3 4 5
        let moved = |method| image.transpose(method).unwrap().into_bytes();
        assert_eq!(moved(Transpose::FlipLeftRight), [2, 1, 0, 5, 4, 3]);
        assert_eq!(moved(Transpose::FlipTopBottom), [3, 4, 5, 0, 1, 2]);
        assert_eq!(moved(Transpose::Rotate180), [5, 4, 3, 2, 1, 0]);
        assert_eq!(moved(Transpose::Rotate90), [2, 5, 1, 4, 0, 3]);
        assert_eq!(moved(Transpose::Rotate270), [3, 0, 4, 1, 5, 2]);
        assert_eq!(moved(Transpose::Transpose), [0, 3, 1, 4, 2, 5]);
        assert_eq!(moved(Transpose::Transverse), [5, 2, 4, 1, 3, 0]);
    }

    /// Where pixel (x, y) of an image of this size goes.
    fn moved(method: Transpose, (x, y): (u32, u32), (width, height): (u32, u32)) -> (u32, u32) {
        let (right, below) = (width - 1 - x, height - 1 - y);
        match method {
            Transpose::FlipLeftRight => (right, y),
            Transpose::FlipTopBottom => (x, below),
            Transpose::Rotate90 => (y, right),
            Transpose::Rotate180 => (right, below),
            Transpose::Rotate270 => (below, x),
            Transpose::Transpose => (y, x),
            Transpose::Transverse => (below, right),
        }
    }

    #[test]
    fn every_level_moves_each_pixel_to_its_place() {
        let methods = [
            Transpose::FlipLeftRight,
            Transpose::FlipTopBottom,
            Transpose::Rotate90,
            Transpose::Rotate180,
            Transpose::Rotate270,
            Transpose::Transpose,
            Transpose::Transverse,
        ];
        // Less and more than a group of rows and a strip of columns, and what is left over.
        let sizes = [(1, 1), (4, 8), (5, 9), (8, 7), (31, 40), (139, 19), (300, 8)];
        for mode in [Mode::L, Mode::La, Mode::Rgb, Mode::Rgba] {
            for (width, height) in sizes {
                let image = numbered(mode, width, height);
                let bytes = |image: &Image, (x, y): (u32, u32)| {
                    let at = x as usize * mode.pixel_bytes();
                    image.row(y)[at..][..mode.pixel_bytes()].to_vec()
                };
                for_each_level(|level| {
                    for method in methods {
                        let turned = image.transpose(method).unwrap();
                        for at in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
                            let to = moved(method, at, (width, height));
                            let pixels = (bytes(&turned, to), bytes(&image, at));
                            assert_eq!(pixels.0, pixels.1, "{mode} {method:?} {at:?} at {level}");
                        }
                    }
                });
            }
        }
    }

    #[test]
    fn images_without_pixels_keep_their_shape() {
        let image = Image::new(Mode::Rgb, (0, 5)).unwrap();
        assert_eq!(image.transpose(Transpose::Rotate90).unwrap().size(), (5, 0));
    }
}
