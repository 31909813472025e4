//! The pass over rows: blocks of 4 pixels.
//!
//! Rows are first turned, half of `N` at a time, so that two vectors hold one unit of them. Each
//! brings 16 bytes: 4 units.
//!
//! ```text
//! first     r0:x r0:x+1  r1:x r1:x+1  r2..  r3..    |  r8:x r8:x+1  r9:x r9:x+1  r10..  r11..
//! second    r4:x r4:x+1  r5:x r5:x+1  r6..  r7..    |  r12:x r12:x+1 ...
//! ```

use super::axis::{AxisOfWords, Sums};
use super::{Words, pair_of};
use crate::resample::kernels::{Axis, Kernels, Rows, turn};
use crate::resample::wide::round_to_u16;
use crate::simd::{Kernel, Vector};

/// Makes the lines of a group of rows.
pub(super) struct Resample<'a> {
    pub(super) rows: Rows<'a>,
    pub(super) big: bool,
    pub(super) axis: &'a AxisOfWords,
    pub(super) units: &'a mut Vec<u8>,
    pub(super) lines: &'a mut [u8],
}

impl Kernel for Resample<'_> {
    type Output = ();

    fn scalar(self) {
        let words = Words { level: crate::simd::Level::Scalar, big: self.big };
        let line_bytes = self.lines.len() / (Words::GROUP / 2);
        for (pair, line) in self.lines.chunks_exact_mut(line_bytes).enumerate() {
            let rows = [0, 1].map(|row| self.rows.row(2 * pair + row).as_chunks::<2>().0);
            let places = line.as_chunks_mut::<4>().0.iter_mut();
            for (place, (window, weights)) in places.zip(self.axis.exact().iter()) {
                *place = pair_of(rows.map(|row| {
                    let samples = row[window.start..window.end()].iter();
                    let sum = samples.zip(weights).fold(0.0, |sum, (&bytes, weight)| {
                        sum + f64::from(words.read(bytes)) * weight
                    });
                    round_to_u16(sum) as u16
                }));
            }
        }
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        let line_bytes = self.lines.len() / (Words::GROUP / 2);
        let parts = self.lines.chunks_exact_mut(line_bytes * N / 4);
        for (part, lines) in parts.enumerate() {
            let rows = self.rows.skip(part * N / 2);
            let turned = Turn { x, rows, big: self.big };
            match self.axis.digits_of_weight {
                2 => resample::<X, N, 2>(&turned, self.axis, self.units, lines),
                _ => resample::<X, N, 3>(&turned, self.axis, self.units, lines),
            }
        }
    }
}

/// Units that one load of every row brings.
const UNITS: usize = 4;

#[inline(always)]
fn resample<X: Vector<N>, const N: usize, const DIGITS: usize>(
    rows: &Turn<'_, X>,
    axis: &AxisOfWords,
    units: &mut Vec<u8>,
    lines: &mut [u8],
) {
    let x = rows.x;
    let base = axis.first_unit(0);
    let all = axis.first_unit(axis.len() - 1) + axis.units() - base;
    let bytes = all.next_multiple_of(UNITS) * 2 * N;
    if units.len() < bytes {
        units.resize(bytes, 0);
    }
    let units = units.as_chunks_mut::<N>().0.as_chunks_mut::<2>().0;
    let line_bytes = lines.len() / (N / 4);
    let mut filled = 0;
    for block in (0..axis.len()).step_by(4) {
        let pixels = (axis.len() - block).min(4);
        let needed = axis.first_unit(block + pixels - 1) + axis.units() - base;
        while filled < needed {
            rows.chunk((base + filled) * 4, &mut units[filled..][..UNITS]);
            filled += UNITS;
        }
        let mut columns = [x.splat(0); 4];
        for (pixel, column) in columns[..pixels].iter_mut().enumerate() {
            let index = block + pixel;
            let window = &units[axis.first_unit(index) - base..][..axis.units()];
            let mut sums = Sums::<_, DIGITS>::new(x);
            for (unit, digits) in window.iter().zip(axis.digits::<DIGITS>(index)) {
                sums.add(x, [x.load(&unit[0]), x.load(&unit[1])], digits);
            }
            let [first, second] = sums.finish(x, axis, index, |unit| &window[unit]);
            *column = x.to_words(first, second);
        }
        x.store_rows::<4, _>(&mut lines[block * 4..], line_bytes, turn(x, columns));
    }
}

/// Rows to be turned.
struct Turn<'a, X> {
    x: X,
    rows: Rows<'a>,
    big: bool,
}

impl<X> Turn<'_, X> {
    /// Turns 16 bytes of all rows, from byte `at` on. What lies past the end of a row meets no
    /// weight but zero.
    #[inline(always)]
    fn chunk<const N: usize>(&self, at: usize, units: &mut [[[u8; N]; 2]])
    where
        X: Vector<N>,
    {
        let x = self.x;
        let v = self.rows.load(x, at);
        let turned = [turn(x, [v[0], v[1], v[2], v[3]]), turn(x, [v[4], v[5], v[6], v[7]])];
        let bias = x.splat_words(i16::MIN);
        let swap = x.repeat(&[1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14]);
        for (half, turned) in turned.into_iter().enumerate() {
            for (unit, samples) in units.iter_mut().zip(turned) {
                let samples = if self.big { x.pick(samples, swap) } else { samples };
                x.store(&mut unit[half], x.xor(samples, bias));
            }
        }
    }
}
