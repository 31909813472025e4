//! The pixels around a position. Neighbours beyond an edge are those at the edge.

use super::RUN;
use crate::image::Image;

/// Beyond any memory.
pub(super) const NOWHERE: usize = usize::MAX;

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
    pub(super) fn contains(&self, x: f64, y: f64) -> bool {
        let outside = x < 0.0 || x >= self.width as f64 || y < 0.0 || y >= self.height as f64;
        !outside && !self.pixels.is_empty()
    }

    /// The byte at which each block of `SIDE` by `SIDE` pixels begins; [`NOWHERE`] if the block does
    /// not lie inside.
    #[inline(always)]
    pub(super) fn starts<const SIDE: usize>(
        &self,
        left: &[i32; RUN],
        top: &[i32; RUN],
    ) -> [usize; RUN] {
        let mut starts = [NOWHERE; RUN];
        let (Some(last_left), Some(last_top)) =
            (self.width.checked_sub(SIDE), self.height.checked_sub(SIDE))
        else {
            return starts;
        };
        let row_bytes = self.row_pixels * N;
        for i in 0..RUN {
            // What is negative becomes more than any side.
            let (left, top) = (left[i] as u32 as usize, top[i] as u32 as usize);
            if left <= last_left && top <= last_top {
                starts[i] = top * row_bytes + left * N;
            }
        }
        starts
    }

    /// The bytes of a block of `SIDE` rows, at least `count` of each, and how far apart rows are.
    #[inline(always)]
    pub(super) fn block<const SIDE: usize>(
        &self,
        start: usize,
        count: usize,
    ) -> Option<(&'a [u8], usize)> {
        let row_bytes = self.row_pixels * N;
        let bytes = self.pixels.as_flattened().get(start..)?;
        Some((bytes.get(..(SIDE - 1) * row_bytes + count)?, row_bytes))
    }

    /// `SIDE` pixels from (`left`, `y`) on. Pixels beyond an edge are those at the edge.
    #[inline(always)]
    pub(super) fn pixels<const SIDE: usize>(&self, left: i32, y: i32) -> [[u8; N]; SIDE] {
        let row = &self.pixels[self.row(y) * self.row_pixels..][..self.width];
        let last = self.width as isize - 1;
        std::array::from_fn(|i| row[(left as isize + i as isize).clamp(0, last) as usize])
    }

    #[inline(always)]
    fn row(&self, y: i32) -> usize {
        (y as isize).clamp(0, self.height as isize - 1) as usize
    }
}

/// The first of `SIDE` pixels of which a position has half on each side, and how far the position
/// is beyond the center of the pixel in the middle. The position is not negative.
#[inline(always)]
pub(super) fn first_and_rest<const SIDE: usize>(position: f64) -> (i32, f64) {
    let from_center = position - 0.5;
    let middle = if from_center < 0.0 { -1 } else { from_center as i32 };
    (middle - (SIDE as i32 / 2 - 1), from_center - f64::from(middle))
}

#[inline(always)]
pub(super) fn polynomial(p: [f64; 4], d: f64) -> f64 {
    p[0] + d * (p[1] + d * (p[2] + d * p[3]))
}

/// Cubic (a = -1) between the second (`d` = 0) and the third (`d` = 1) value.
#[inline(always)]
pub(super) fn cubic([a, b, c, e]: [f64; 4], d: f64) -> f64 {
    polynomial([b, -a + c, 2.0 * (a - b) + c - e, -a + b - c + e], d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

    #[test]
    fn neighbours_stop_at_the_edges() {
        let image = Image::from_raw(Mode::L, (5, 1), vec![1, 2, 3, 4, 5]).unwrap();
        let grid = Grid::<1>::of(&image);
        fn row<const SIDE: usize>(grid: Grid<'_, 1>, x: f64) -> ([u8; SIDE], f64) {
            let (left, rest) = first_and_rest::<SIDE>(x);
            (grid.pixels::<SIDE>(left, -7).map(|[v]| v), rest)
        }
        assert_eq!(row(grid, 0.25), ([1, 1], 0.75));
        assert_eq!(row(grid, 4.75), ([5, 5], 0.25));
        assert_eq!(row(grid, 0.5), ([1, 1, 2, 3], 0.0));
        assert_eq!(row(grid, 2.0), ([1, 2, 3, 4], 0.5));
        assert_eq!(row(grid, 4.0), ([3, 4, 5, 5], 0.5));
    }

    #[test]
    fn blocks_lie_inside_or_nowhere() {
        let image = Image::from_raw(Mode::L, (5, 3), (0..15).collect()).unwrap();
        let grid = Grid::<1>::of(&image);
        let start = |left, top| grid.starts::<2>(&[left; RUN], &[top; RUN])[3];
        assert_eq!([start(0, 0), start(3, 0), start(2, 1)], [0, 3, 7]);
        for (left, top) in [(-1, 0), (0, -1), (4, 0), (0, 2), (i32::MAX, i32::MAX)] {
            assert_eq!(start(left, top), NOWHERE);
        }
        assert_eq!(grid.starts::<4>(&[0; RUN], &[0; RUN])[0], NOWHERE);
        assert_eq!(grid.block::<2>(7, 3), Some((&[7, 8, 9, 10, 11, 12, 13, 14][..], 5)));
        assert_eq!(grid.block::<2>(7, 4), None);
        assert_eq!(grid.block::<2>(NOWHERE, 1), None);
    }
}
