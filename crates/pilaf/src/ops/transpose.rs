//! Mirroring and turning by quarters: pixels move, none changes.

use crate::error::Result;
use crate::formats::Orientation;
use crate::image::{Image, buffer};
use crate::ops::swizzle;

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

/// Side of the square tiles in which axes are exchanged, so that the lines written stay in the
/// first-level cache until they are full, and the pages they are in known to the processor.
const TILE: usize = 64;

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
    let size @ (width, _) = (image.width() as usize, image.height() as usize);
    let exchanged = |flips| {
        let mut out = buffer::zeros(pixels.len() * N)?;
        exchange(pixels, out.as_chunks_mut::<N>().0, size, flips);
        Ok(out)
    };
    if pixels.is_empty() {
        return Ok(Vec::new());
    }
    let bytes = image.as_bytes();
    match method {
        Transpose::Transpose => exchanged((false, false)),
        Transpose::Rotate90 => exchanged((true, false)),
        Transpose::Rotate270 => exchanged((false, true)),
        Transpose::Transverse => exchanged((true, true)),
        Transpose::FlipLeftRight => swizzle::mirrored::<N>(bytes, width * N),
        Transpose::Rotate180 => swizzle::mirrored::<N>(bytes, bytes.len()),
        Transpose::FlipTopBottom => {
            let mut out = buffer::room(bytes.len())?;
            image.rows().rev().for_each(|row| out.extend_from_slice(row));
            Ok(out)
        }
    }
}

/// Exchanges columns and rows: column x of the source becomes row x of `out`, or the last row but
/// x (`flip_x`); likewise row y becomes a column (`flip_y`).
fn exchange<const N: usize>(
    pixels: &[[u8; N]],
    out: &mut [[u8; N]],
    (width, height): (usize, usize),
    (flip_x, flip_y): (bool, bool),
) {
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            let columns = left..(left + TILE).min(width);
            for y in (top..(top + TILE).min(height)).step_by(GROUP) {
                let rows = y..(y + GROUP).min(height);
                let row = |y: usize| &pixels[y * width..][columns.clone()];
                let place = if flip_y { height - rows.end } else { y };
                let to = |x: usize| {
                    let x = left + x;
                    (if flip_x { width - 1 - x } else { x }) * height + place
                };
                if rows.len() == GROUP {
                    let row = |i: usize| row(if flip_y { y + GROUP - 1 - i } else { y + i });
                    exchange_group(std::array::from_fn(row), out, to);
                } else {
                    for y in rows.clone() {
                        let i = if flip_y { rows.end - 1 - y } else { y - rows.start };
                        row(y).iter().enumerate().for_each(|(x, pixel)| out[to(x) + i] = *pixel);
                    }
                }
            }
        }
    }
}

/// Moves the pixels of column x of `GROUP` rows side by side to `to(x)`.
fn exchange_group<const N: usize>(
    rows: [&[[u8; N]]; GROUP],
    out: &mut [[u8; N]],
    to: impl Fn(usize) -> usize,
) {
    let width = rows[0].len();
    let rows = rows.map(|row| &row[..width]);
    for x in 0..width {
        let group: &mut [[u8; N]; GROUP] = out[to(x)..].first_chunk_mut().expect("a whole group");
        if let Ok(bytes) = <&mut [u8; 3 * GROUP]>::try_from(group.as_flattened_mut()) {
            let pixel = |i: usize| *rows[i][x].first_chunk().expect("three bytes");
            *bytes = pack_three(std::array::from_fn(pixel));
            continue;
        }
        // A loop, which the compiler unrolls; it does not inline a closure here.
        for i in 0..GROUP {
            group[i] = rows[i][x];
        }
    }
}

/// Pixels of three bytes side by side, put together in registers: written byte by byte they take a
/// third more time.
#[inline(always)]
fn pack_three(pixels: [[u8; 3]; GROUP]) -> [u8; 3 * GROUP] {
    let word = |i: usize| {
        let [a, b, c] = pixels[i];
        u64::from(u32::from_le_bytes([a, b, c, 0]))
    };
    let words = [
        word(0) | word(1) << 24 | word(2) << 48,
        word(2) >> 16 | word(3) << 8 | word(4) << 32 | word(5) << 56,
        word(5) >> 8 | word(6) << 16 | word(7) << 40,
    ];
    let mut bytes = [0; 3 * GROUP];
    for (to, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
        *to = word.to_le_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

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

    #[test]
    fn images_without_pixels_keep_their_shape() {
        let image = Image::new(Mode::Rgb, (0, 5)).unwrap();
        assert_eq!(image.transpose(Transpose::Rotate90).unwrap().size(), (5, 0));
    }
}
