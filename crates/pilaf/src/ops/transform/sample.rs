//! Pixels between pixels. Neighbours beyond an edge are those at the edge.

use std::marker::PhantomData;

use crate::image::Image;

/// The samples of the source.
#[derive(Clone, Copy)]
pub(super) struct Grid<'a> {
    bytes: &'a [u8],
    row_bytes: usize,
    width: usize,
    height: usize,
}

impl<'a> Grid<'a> {
    pub(super) fn of(image: &'a Image) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        Self { bytes: image.as_bytes(), row_bytes: image.row_bytes(), width, height }
    }

    /// Whether there is a pixel at a position. A position that is no number counts as one, as in
    /// Pillow: all comparisons with it fail.
    fn contains(&self, x: f64, y: f64) -> bool {
        let outside = x < 0.0 || x >= self.width as f64 || y < 0.0 || y >= self.height as f64;
        !outside && !self.bytes.is_empty()
    }

    fn row(&self, y: usize) -> &'a [u8] {
        &self.bytes[y * self.row_bytes..][..self.row_bytes]
    }
}

/// The `N` neighbours of `position` on an axis of `size` pixels, and how far the position is
/// beyond the center of the one in the middle. The first is `before` pixels ahead of that.
#[inline(always)]
fn neighbours<const N: usize>(position: f64, size: usize, before: i64) -> ([usize; N], f64) {
    let from_center = position - 0.5;
    let middle = from_center.floor();
    let first = middle as i64 - before;
    let clamp = |i: usize| (first + i as i64).clamp(0, size as i64 - 1) as usize;
    (std::array::from_fn(clamp), from_center - middle)
}

/// A sample type, in the arithmetic that C has for it: differences of bytes and integers are
/// 32-bit integers (which wrap), those of floats are 32-bit floats.
pub(super) trait Tap: Copy {
    const BYTES: usize;
    fn read(bytes: &[u8]) -> Self;
    /// Between `a` (`d` = 0) and `b` (`d` = 1).
    fn linear(a: Self, b: Self, d: f64) -> f64;
    /// Between the second (`d` = 0) and the third (`d` = 1).
    fn cubic(taps: [Self; 4], d: f64) -> f64;
    fn write(value: f64, bytes: &mut [u8]);
}

#[inline(always)]
fn polynomial(p: [f64; 4], d: f64) -> f64 {
    p[0] + d * (p[1] + d * (p[2] + d * p[3]))
}

#[inline(always)]
fn cubic_f64([a, b, c, e]: [f64; 4], d: f64) -> f64 {
    polynomial([b, -a + c, 2.0 * (a - b) + c - e, -a + b - c + e], d)
}

impl Tap for u8 {
    const BYTES: usize = 1;

    #[inline(always)]
    fn read(bytes: &[u8]) -> Self {
        bytes[0]
    }

    #[inline(always)]
    fn linear(a: Self, b: Self, d: f64) -> f64 {
        f64::from(a) + f64::from(i32::from(b) - i32::from(a)) * d
    }

    #[inline(always)]
    fn cubic(taps: [Self; 4], d: f64) -> f64 {
        i32::cubic(taps.map(i32::from), d)
    }

    /// Truncated, and clamped to 0 to 255.
    #[inline(always)]
    fn write(value: f64, bytes: &mut [u8]) {
        bytes[0] = value as u8;
    }
}

impl Tap for i32 {
    const BYTES: usize = 4;

    #[inline(always)]
    fn read(bytes: &[u8]) -> Self {
        Self::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    #[inline(always)]
    fn linear(a: Self, b: Self, d: f64) -> f64 {
        f64::from(a) + f64::from(b.wrapping_sub(a)) * d
    }

    #[inline(always)]
    fn cubic([a, b, c, e]: [Self; 4], d: f64) -> f64 {
        let slope = c.wrapping_sub(a);
        let bend = a.wrapping_sub(b).wrapping_mul(2).wrapping_add(c).wrapping_sub(e);
        let twist = b.wrapping_sub(a).wrapping_sub(c).wrapping_add(e);
        polynomial([b, slope, bend, twist].map(f64::from), d)
    }

    /// Truncated. What does not fit becomes the least integer, as on x86-64.
    #[inline(always)]
    fn write(value: f64, bytes: &mut [u8]) {
        let fits = value > -2_147_483_649.0 && value < 2_147_483_648.0;
        let value = if fits { value as Self } else { Self::MIN };
        bytes[..4].copy_from_slice(&value.to_ne_bytes());
    }
}

impl Tap for f32 {
    const BYTES: usize = 4;

    #[inline(always)]
    fn read(bytes: &[u8]) -> Self {
        Self::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    #[inline(always)]
    fn linear(a: Self, b: Self, d: f64) -> f64 {
        f64::from(a) + f64::from(b - a) * d
    }

    #[inline(always)]
    fn cubic([a, b, c, e]: [Self; 4], d: f64) -> f64 {
        let p = [b, -a + c, 2.0 * (a - b) + c - e, -a + b - c + e];
        polynomial(p.map(f64::from), d)
    }

    #[inline(always)]
    fn write(value: f64, bytes: &mut [u8]) {
        bytes[..4].copy_from_slice(&(value as Self).to_ne_bytes());
    }
}

/// Finds pixels between pixels.
pub(super) trait Sampler {
    /// Stores the pixel at a position, if there is one.
    fn sample(&self, x: f64, y: f64, pixel: &mut [u8]) -> bool;
}

/// Linear between 2 by 2 pixels of `BANDS` samples.
pub(super) struct Bilinear<'a, T, const BANDS: usize>(Grid<'a>, PhantomData<T>);

impl<'a, T: Tap, const BANDS: usize> Bilinear<'a, T, BANDS> {
    pub(super) fn new(grid: Grid<'a>) -> Self {
        Self(grid, PhantomData)
    }
}

impl<T: Tap, const BANDS: usize> Sampler for Bilinear<'_, T, BANDS> {
    #[inline(always)]
    fn sample(&self, x: f64, y: f64, pixel: &mut [u8]) -> bool {
        let Self(grid, _) = self;
        if !grid.contains(x, y) {
            return false;
        }
        let (columns, dx) = neighbours::<2>(x, grid.width, 0);
        let (rows, dy) = neighbours::<2>(y, grid.height, 0);
        let rows = rows.map(|y| grid.row(y));
        for band in 0..BANDS {
            let [top, bottom] = rows.map(|row| {
                let [a, b] = columns.map(|x| T::read(&row[(x * BANDS + band) * T::BYTES..]));
                T::linear(a, b, dx)
            });
            T::write(top + (bottom - top) * dy, &mut pixel[band * T::BYTES..]);
        }
        true
    }
}

/// Cubic between 4 by 4 pixels of `BANDS` samples: first along the rows.
pub(super) struct Bicubic<'a, T, const BANDS: usize>(Grid<'a>, PhantomData<T>);

impl<'a, T: Tap, const BANDS: usize> Bicubic<'a, T, BANDS> {
    pub(super) fn new(grid: Grid<'a>) -> Self {
        Self(grid, PhantomData)
    }
}

impl<T: Tap, const BANDS: usize> Sampler for Bicubic<'_, T, BANDS> {
    #[inline(always)]
    fn sample(&self, x: f64, y: f64, pixel: &mut [u8]) -> bool {
        let Self(grid, _) = self;
        if !grid.contains(x, y) {
            return false;
        }
        let (columns, dx) = neighbours::<4>(x, grid.width, 1);
        let (rows, dy) = neighbours::<4>(y, grid.height, 1);
        let rows = rows.map(|y| grid.row(y));
        for band in 0..BANDS {
            let across = rows.map(|row| {
                let taps = columns.map(|x| T::read(&row[(x * BANDS + band) * T::BYTES..]));
                T::cubic(taps, dx)
            });
            T::write(cubic_f64(across, dy), &mut pixel[band * T::BYTES..]);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_stop_at_the_edges() {
        assert_eq!(neighbours::<2>(0.25, 5, 0), ([0, 0], 0.75));
        assert_eq!(neighbours::<2>(4.75, 5, 0), ([4, 4], 0.25));
        assert_eq!(neighbours::<4>(0.5, 5, 1), ([0, 0, 1, 2], 0.0));
        assert_eq!(neighbours::<4>(4.0, 5, 1), ([2, 3, 4, 4], 0.5));
    }

    #[test]
    fn cubics_pass_through_their_middle() {
        assert_eq!(u8::cubic([3, 50, 90, 200], 0.0), 50.0);
        assert_eq!(f32::cubic([3.0, 50.0, 90.0, 200.0], 1.0), 90.0);
        assert_eq!(i32::cubic([i32::MIN, 50, 90, i32::MAX], 0.0), 50.0);
    }

    #[test]
    fn what_does_not_fit_is_the_least_integer() {
        let mut bytes = [0; 4];
        for value in [f64::NAN, 1e10, -1e10] {
            i32::write(value, &mut bytes);
            assert_eq!(i32::from_ne_bytes(bytes), i32::MIN);
        }
        u8::write(f64::NAN, &mut bytes);
        assert_eq!(bytes[0], 0);
    }
}
