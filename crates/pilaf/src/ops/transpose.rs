//! Mirroring and turning by quarters: pixels move, none changes.

use crate::error::Result;
use crate::formats::Orientation;
use crate::image::Image;

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

/// Side of the square tiles in which axes are exchanged, so that both the rows read and the rows
/// written stay in the first-level cache.
const TILE: usize = 32;

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
    /// None but [`Limit`](crate::ErrorKind::Limit) for want of address space.
    pub fn transpose(&self, method: Transpose) -> Result<Image> {
        let data = match self.mode().pixel_bytes() {
            1 => move_pixels::<1>(self, method),
            2 => move_pixels::<2>(self, method),
            3 => move_pixels::<3>(self, method),
            _ => move_pixels::<4>(self, method),
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
fn move_pixels<const N: usize>(image: &Image, method: Transpose) -> Vec<u8> {
    let pixels = image.as_bytes().as_chunks::<N>().0;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut out = vec![[0; N]; pixels.len()];
    if out.is_empty() {
        return Vec::new();
    }
    match method {
        Transpose::FlipLeftRight => {
            for (to, from) in out.chunks_exact_mut(width).zip(pixels.chunks_exact(width)) {
                to.iter_mut().zip(from.iter().rev()).for_each(|(to, from)| *to = *from);
            }
        }
        Transpose::FlipTopBottom => {
            for (to, from) in out.chunks_exact_mut(width).rev().zip(pixels.chunks_exact(width)) {
                to.copy_from_slice(from);
            }
        }
        Transpose::Rotate180 => {
            out.iter_mut().zip(pixels.iter().rev()).for_each(|(to, from)| *to = *from);
        }
        Transpose::Transpose => exchange(pixels, &mut out, (width, height), |x, y| (y, x)),
        Transpose::Rotate90 => {
            exchange(pixels, &mut out, (width, height), |x, y| (y, width - 1 - x));
        }
        Transpose::Rotate270 => {
            exchange(pixels, &mut out, (width, height), |x, y| (height - 1 - y, x));
        }
        Transpose::Transverse => {
            exchange(pixels, &mut out, (width, height), |x, y| (height - 1 - y, width - 1 - x))
        }
    }
    out.into_flattened()
}

/// Moves the pixel at (x, y) to `place(x, y)` of an image whose rows are `height` long.
fn exchange<const N: usize>(
    pixels: &[[u8; N]],
    out: &mut [[u8; N]],
    (width, height): (usize, usize),
    place: impl Fn(usize, usize) -> (usize, usize),
) {
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for y in top..(top + TILE).min(height) {
                for x in left..(left + TILE).min(width) {
                    let (to_x, to_y) = place(x, y);
                    out[to_y * height + to_x] = pixels[y * width + x];
                }
            }
        }
    }
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
