//! Samples of 32 bits between pixels: modes `I` and `F`.

use std::marker::PhantomData;

use super::grid::{Grid, cubic, first_and_rest, polynomial};
use super::{Positions, Sampler, Target};

/// A sample type, in the arithmetic that C has for it: differences of integers wrap, those of
/// floats are 32-bit floats.
pub(super) trait Number: Copy {
    fn read(bytes: [u8; 4]) -> Self;
    /// Between `a` (`d` = 0) and `b` (`d` = 1).
    fn linear(taps: [Self; 2], d: f64) -> f64;
    /// Between the second (`d` = 0) and the third (`d` = 1).
    fn cubic(taps: [Self; 4], d: f64) -> f64;
    fn write(value: f64) -> [u8; 4];
}

impl Number for i32 {
    #[inline(always)]
    fn read(bytes: [u8; 4]) -> Self {
        Self::from_ne_bytes(bytes)
    }

    #[inline(always)]
    fn linear([a, b]: [Self; 2], d: f64) -> f64 {
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
    fn write(value: f64) -> [u8; 4] {
        let fits = value > -2_147_483_649.0 && value < 2_147_483_648.0;
        let value = if fits { value as Self } else { Self::MIN };
        value.to_ne_bytes()
    }
}

impl Number for f32 {
    #[inline(always)]
    fn read(bytes: [u8; 4]) -> Self {
        Self::from_ne_bytes(bytes)
    }

    #[inline(always)]
    fn linear([a, b]: [Self; 2], d: f64) -> f64 {
        f64::from(a) + f64::from(b - a) * d
    }

    #[inline(always)]
    fn cubic([a, b, c, e]: [Self; 4], d: f64) -> f64 {
        let (slope, bend, twist) = (-a + c, 2.0 * (a - b) + c - e, -a + b - c + e);
        polynomial([b.into(), slope.into(), bend.into(), twist.into()], d)
    }

    #[inline(always)]
    fn write(value: f64) -> [u8; 4] {
        (value as Self).to_ne_bytes()
    }
}

/// Linear between 2 by 2 (`SIDE` = 2) or cubic between 4 by 4 (`SIDE` = 4) pixels of one number.
pub(super) struct Numbers<'a, T, const SIDE: usize>(Grid<'a, 4>, PhantomData<T>);

impl<'a, T: Number, const SIDE: usize> Numbers<'a, T, SIDE> {
    pub(super) fn of(grid: Grid<'a, 4>) -> Self {
        Self(grid, PhantomData)
    }

    /// First along the rows.
    #[inline(always)]
    fn between(&self, x: f64, y: f64) -> f64 {
        let ((left, dx), (top, dy)) = (first_and_rest::<SIDE>(x), first_and_rest::<SIDE>(y));
        let mut rows = [0.0; SIDE];
        for (row, y) in rows.iter_mut().zip(top..) {
            *row = self.along_row(left, y, dx);
        }
        if SIDE == 2 {
            rows[0] + (rows[1] - rows[0]) * dy
        } else {
            cubic([rows[0], rows[1], rows[2], rows[3]], dy)
        }
    }

    #[inline(always)]
    fn along_row(&self, left: i32, y: i32, dx: f64) -> f64 {
        let taps = self.0.pixels::<SIDE>(left, y);
        let tap = |i: usize| T::read(taps[i]);
        if SIDE == 2 {
            T::linear([tap(0), tap(1)], dx)
        } else {
            T::cubic([tap(0), tap(1), tap(2), tap(3)], dx)
        }
    }
}

impl<T: Number, const SIDE: usize> Sampler for Numbers<'_, T, SIDE> {
    #[inline(always)]
    fn fill(&self, positions: &Positions, target: Target<'_>) {
        target.fill(
            #[inline(always)]
            |i, pixel| {
                let (x, y) = (positions.x[i], positions.y[i]);
                let has_source = self.0.contains(x, y);
                if has_source {
                    pixel.copy_from_slice(&T::write(self.between(x, y)));
                }
                has_source
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cubics_pass_through_their_middle() {
        assert_eq!(f32::cubic([3.0, 50.0, 90.0, 200.0], 1.0), 90.0);
        assert_eq!(i32::cubic([i32::MIN, 50, 90, i32::MAX], 0.0), 50.0);
    }

    #[test]
    fn what_does_not_fit_is_the_least_integer() {
        for value in [f64::NAN, 1e10, -1e10] {
            assert_eq!(i32::write(value), i32::MIN.to_ne_bytes());
        }
    }
}
