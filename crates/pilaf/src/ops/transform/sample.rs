//! Pixels between pixels. Neighbours beyond an edge are those at the edge.

use std::marker::PhantomData;

use crate::image::Image;

/// The source, as pixels of `N` bytes.
#[derive(Clone, Copy)]
pub(super) struct Grid<'a, const N: usize> {
    pixels: &'a [[u8; N]],
    row_pixels: usize,
    width: usize,
    height: usize,
}

impl<'a, const N: usize> Grid<'a, N> {
    pub(super) fn of(image: &'a Image) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let pixels = image.as_bytes().as_chunks().0;
        Self { pixels, row_pixels: image.row_bytes() / N, width, height }
    }

    /// Whether there is a pixel at a position. A position that is no number counts as one, as in
    /// Pillow: all comparisons with it fail.
    #[inline(always)]
    fn contains(&self, x: f64, y: f64) -> bool {
        let outside = x < 0.0 || x >= self.width as f64 || y < 0.0 || y >= self.height as f64;
        !outside && !self.pixels.is_empty()
    }

    /// `SIDE` by `SIDE` pixels around a position at which there is one, and how far the position is
    /// beyond the center of the one in the middle. Pixels beyond an edge are those at the edge.
    // Loops, not closures: the compiler inlines these, and the speed is all in that.
    #[inline(always)]
    fn around<const SIDE: usize>(&self, x: f64, y: f64) -> ([[[u8; N]; SIDE]; SIDE], f64, f64) {
        let (left, dx) = first_and_rest::<SIDE>(x);
        let (top, dy) = first_and_rest::<SIDE>(y);
        let mut pixels = [[[0; N]; SIDE]; SIDE];
        let inside = left >= 0 && left as usize + SIDE <= self.width;
        for (i, pixels) in pixels.iter_mut().enumerate() {
            let y = (top + i as isize).clamp(0, self.height as isize - 1) as usize;
            let row = &self.pixels[y * self.row_pixels..][..self.width];
            if inside {
                pixels.copy_from_slice(&row[left as usize..][..SIDE]);
            } else {
                for (i, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = row[(left + i as isize).clamp(0, self.width as isize - 1) as usize];
                }
            }
        }
        (pixels, dx, dy)
    }
}

/// The first of `SIDE` pixels of which a position has half on each side, and how far the position
/// is beyond the center of the pixel in the middle. The position is not negative.
#[inline(always)]
fn first_and_rest<const SIDE: usize>(position: f64) -> (isize, f64) {
    let from_center = position - 0.5;
    let middle = if from_center < 0.0 { -1 } else { from_center as i32 };
    (middle as isize - (SIDE as isize / 2 - 1), from_center - f64::from(middle))
}

/// A sample type, in the arithmetic that C has for it: differences of bytes and integers are
/// 32-bit integers (which wrap), those of floats are 32-bit floats.
pub(super) trait Tap: Copy + Default {
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
        let [a, b, c, e] = taps;
        i32::cubic([a.into(), b.into(), c.into(), e.into()], d)
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
        polynomial([b.into(), slope.into(), bend.into(), twist.into()], d)
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
        let (slope, bend, twist) = (-a + c, 2.0 * (a - b) + c - e, -a + b - c + e);
        polynomial([b.into(), slope.into(), bend.into(), twist.into()], d)
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

/// The samples of a pixel, side by side for vector instructions: at least as many lanes as there
/// are samples.
#[inline(always)]
fn lanes<T: Tap, const N: usize, const LANES: usize>(pixel: &[u8; N]) -> [T; LANES] {
    let mut lanes = [T::default(); LANES];
    for (lane, bytes) in lanes.iter_mut().zip(pixel.chunks_exact(T::BYTES)) {
        *lane = T::read(bytes);
    }
    lanes
}

#[inline(always)]
fn store<T: Tap, const LANES: usize>(values: [f64; LANES], pixel: &mut [u8]) {
    for (value, bytes) in values.iter().zip(pixel.chunks_exact_mut(T::BYTES)) {
        T::write(*value, bytes);
    }
}

/// Linear between 2 by 2 pixels of `N` bytes.
pub(super) struct Bilinear<'a, T, const N: usize, const LANES: usize>(Grid<'a, N>, PhantomData<T>);

impl<'a, T: Tap, const N: usize, const LANES: usize> Bilinear<'a, T, N, LANES> {
    pub(super) fn new(grid: Grid<'a, N>) -> Self {
        Self(grid, PhantomData)
    }
}

impl<T: Tap, const N: usize, const LANES: usize> Sampler for Bilinear<'_, T, N, LANES> {
    #[inline(always)]
    fn sample(&self, x: f64, y: f64, pixel: &mut [u8]) -> bool {
        if !self.0.contains(x, y) {
            return false;
        }
        let (rows, dx, dy) = self.0.around::<2>(x, y);
        let mut across = [[0.0; LANES]; 2];
        for (values, row) in across.iter_mut().zip(&rows) {
            let (a, b) = (lanes::<T, N, LANES>(&row[0]), lanes::<T, N, LANES>(&row[1]));
            for lane in 0..LANES {
                values[lane] = T::linear(a[lane], b[lane], dx);
            }
        }
        let mut values = across[0];
        for lane in 0..LANES {
            values[lane] += (across[1][lane] - across[0][lane]) * dy;
        }
        store::<T, LANES>(values, &mut pixel[..N]);
        true
    }
}

/// Cubic between 4 by 4 pixels of `N` bytes: first along the rows.
pub(super) struct Bicubic<'a, T, const N: usize, const LANES: usize>(Grid<'a, N>, PhantomData<T>);

impl<'a, T: Tap, const N: usize, const LANES: usize> Bicubic<'a, T, N, LANES> {
    pub(super) fn new(grid: Grid<'a, N>) -> Self {
        Self(grid, PhantomData)
    }
}

impl<T: Tap, const N: usize, const LANES: usize> Sampler for Bicubic<'_, T, N, LANES> {
    #[inline(always)]
    fn sample(&self, x: f64, y: f64, pixel: &mut [u8]) -> bool {
        if !self.0.contains(x, y) {
            return false;
        }
        let (rows, dx, dy) = self.0.around::<4>(x, y);
        let mut across = [[0.0; LANES]; 4];
        for (values, row) in across.iter_mut().zip(&rows) {
            let (a, b) = (lanes::<T, N, LANES>(&row[0]), lanes::<T, N, LANES>(&row[1]));
            let (c, e) = (lanes::<T, N, LANES>(&row[2]), lanes::<T, N, LANES>(&row[3]));
            for lane in 0..LANES {
                values[lane] = T::cubic([a[lane], b[lane], c[lane], e[lane]], dx);
            }
        }
        let [a, b, c, e] = across;
        let mut values = [0.0; LANES];
        for lane in 0..LANES {
            values[lane] = cubic_f64([a[lane], b[lane], c[lane], e[lane]], dy);
        }
        store::<T, LANES>(values, &mut pixel[..N]);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

    #[test]
    fn neighbours_stop_at_the_edges() {
        let image = Image::from_raw(Mode::L, (5, 1), vec![1, 2, 3, 4, 5]).unwrap();
        let grid = Grid::<1>::of(&image);
        let row = |(rows, dx, _): ([[[u8; 1]; 4]; 4], f64, f64)| (rows[0].map(|[v]| v), dx);
        assert_eq!(grid.around::<2>(0.25, 0.5), ([[[1], [1]]; 2], 0.75, 0.0));
        assert_eq!(grid.around::<2>(4.75, 0.5), ([[[5], [5]]; 2], 0.25, 0.0));
        assert_eq!(row(grid.around::<4>(0.5, 0.5)), ([1, 1, 2, 3], 0.0));
        assert_eq!(row(grid.around::<4>(2.0, 0.5)), ([1, 2, 3, 4], 0.5));
        assert_eq!(row(grid.around::<4>(4.0, 0.5)), ([3, 4, 5, 5], 0.5));
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
