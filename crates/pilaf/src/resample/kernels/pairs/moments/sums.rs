//! The pass over rows: the moments of all stretches, and of these what the windows add up to.

use std::hint::black_box;

use super::{Moments, Repeated, Stretch};
use crate::resample::kernels::pairs::across::{EIGHT, column_order, store_block};
use crate::resample::kernels::pairs::turned::{Shares, Turned};
use crate::resample::kernels::pairs::{LineKernel, Products};
use crate::resample::kernels::{Rows, Scratch};
use crate::resample::scalar::HALF;
use crate::resample::weights::PRECISION_BITS;

impl<const M: usize> LineKernel for Moments<M> {
    #[inline(always)]
    fn make_lines<X: Products<N>, const N: usize, const BANDS: usize>(
        &self,
        x: X,
        rows: Rows<'_>,
        scratch: &mut Scratch,
        lines: &mut [u8],
    ) {
        let mut turned = Turned::<X, N, BANDS>::new(x, rows, self.blocks(), &mut scratch.pairs);
        // All bands abreast, as long as their sums fit the registers.
        let turns = if M == 2 { 1 } else { BANDS };
        let mut next = turned.ask_ahead(self.blocks.len() * EIGHT * turns);
        let mut open = [[[x.splat(0); 2]; M]; BANDS];
        let mut sums = [x.splat(0); EIGHT * 4];
        let mut least = [[[x.splat(0); 2]; BANDS]; EIGHT];
        let order = column_order(x);
        for (block, units) in self.blocks().enumerate() {
            turned.reach(units);
            let part = |band| Part { axis: self, turned: &turned, first: block * EIGHT, band };
            if M == 2 {
                part(0).sum_windows(&mut open, &mut least, &mut sums, &mut next);
            } else {
                for (band, open) in open.iter_mut().enumerate() {
                    part(band).sum_windows(
                        std::array::from_mut(open),
                        &mut least,
                        &mut sums,
                        &mut next,
                    );
                }
            }
            store_block::<X, N, BANDS>(x, &sums, order, lines, block);
        }
    }
}

/// What a window has summed up to, for the first and for the last four rows of each lane.
type Sum<V> = [V; 2];

/// Some bands of a block of outputs.
struct Part<'a, X: Products<N>, const N: usize, const BANDS: usize, const M: usize> {
    axis: &'a Moments<M>,
    turned: &'a Turned<'a, X, N, BANDS>,
    /// The first output.
    first: usize,
    /// The first band.
    band: usize,
}

impl<X, const N: usize, const BANDS: usize, const M: usize> Part<'_, X, N, BANDS, M>
where
    X: Products<N>,
{
    /// Makes the outputs of `COUNT` bands. `open` are the windows that the block before left open, the
    /// first one first, and then those that this one does.
    #[inline(always)]
    fn sum_windows<const COUNT: usize>(
        &self,
        open: &mut [[Sum<X::V>; M]; COUNT],
        least: &mut [[Sum<X::V>; BANDS]; EIGHT],
        sums: &mut [X::V; EIGHT * 4],
        next: &mut Shares,
    ) {
        macro_rules! sum {
            ($parts:literal, $units:literal) => {
                self.sum_windows_of::<COUNT, $parts, $units>(open, least, sums, next)
            };
        }
        // Mostly there is one part, of few units: then loops have a known length.
        let doubtful = match (self.axis.parts, self.axis.units) {
            (1, 2) => sum!(1, 2),
            (1, 3) => sum!(1, 3),
            (1, 4) => sum!(1, 4),
            (1, 5) => sum!(1, 5),
            (1, 6) => sum!(1, 6),
            (1, 7) => sum!(1, 7),
            (1, 8) => sum!(1, 8),
            _ => sum!(0, 0),
        };
        for (band, doubtful) in doubtful.into_iter().enumerate() {
            self.add_remainders(band, doubtful, least, sums);
        }
    }

    /// Makes the outputs without their remainders, and keeps their sums in `least`, for `PARTS` parts of
    /// `UNITS` units, or 0 for any number. For each band, the bits of those that may differ with them are
    /// set in the result.
    #[inline(always)]
    fn sum_windows_of<const COUNT: usize, const PARTS: usize, const UNITS: usize>(
        &self,
        left_open: &mut [[Sum<X::V>; M]; COUNT],
        least: &mut [[Sum<X::V>; BANDS]; EIGHT],
        sums: &mut [X::V; EIGHT * 4],
        next: &mut Shares,
    ) -> [u32; COUNT] {
        let (x, axis) = (self.turned.x, self.axis);
        let parts = if PARTS == 0 { axis.parts } else { PARTS };
        let whole = x.splat(-1 << PRECISION_BITS);
        let mut doubtful = [0; COUNT];
        let mut open = *left_open;
        let bounds = &axis.bounds[self.first..][..EIGHT + M - 1];
        let stretches = &axis.stretches[self.first * parts..][..(EIGHT + M - 1) * parts];
        // The block before has summed the first ones, where there is one.
        for step in if self.first == 0 { 0 } else { M - 1 }..EIGHT + M - 1 {
            next.ask();
            for open in &mut open {
                open[M - 1] = [x.splat(bounds[step].least); 2];
            }
            for part in 0..parts {
                self.add_stretch::<COUNT, UNITS>(&stretches[step * parts + part], &mut open);
            }
            if step >= M - 1 {
                let index = step - (M - 1);
                let room = x.splat(bounds[index].room);
                for band in 0..COUNT {
                    let [a, b] = open[band][0];
                    let change_of_a = x.xor(a, x.add_doubles(a, room));
                    let change_of_b = x.xor(b, x.add_doubles(b, room));
                    let change = x.and(x.or(change_of_a, change_of_b), whole);
                    doubtful[band] |= u32::from(!x.is_zero(change)) << index;
                    least[index][band] = [a, b];
                    sums[index * BANDS + self.band + band] =
                        x.narrow::<{ PRECISION_BITS as i32 }>([a, b]);
                }
            }
            for open in &mut open {
                for window in 1..M {
                    open[window - 1] = open[window];
                }
            }
        }
        *left_open = open;
        doubtful
    }

    /// Adds the products of the moments of a stretch of `UNITS` units, or 0 for any number, and their
    /// factors to the windows that meet there.
    #[inline(always)]
    fn add_stretch<const COUNT: usize, const UNITS: usize>(
        &self,
        stretch: &Stretch<M>,
        open: &mut [[Sum<X::V>; M]; COUNT],
    ) {
        let (x, axis) = (self.turned.x, self.axis);
        let count = if UNITS == 0 { axis.units } else { UNITS };
        let units = &self.turned.from(stretch.first_unit as usize)[..count];
        let digits = &axis.digits[stretch.digits as usize..][..count];
        // An address of its own, where the compiler would add two for each product.
        let digits = match digits.first_chunk::<UNITS>() {
            Some(digits) if UNITS > 0 => black_box(digits),
            _ => digits,
        };
        for (band, open) in open.iter_mut().enumerate() {
            let moments = sum_units(x, units, digits, self.band + band);
            for (pair, &[a, b]) in moments.as_chunks::<2>().0.iter().enumerate() {
                let (first, last) = (x.low_words(a, b), x.high_words(a, b));
                for (open, factors) in open.iter_mut().zip(&stretch.factors) {
                    let [a, b] = [factors[2 * pair], factors[2 * pair + 1]];
                    let factors = x.splat(i32::from(b) << 16 | i32::from(a) & 0xffff);
                    open[0] = x.dot_words_onto(open[0], first, factors);
                    open[1] = x.dot_words_onto(open[1], last, factors);
                }
            }
        }
    }

    /// Makes the outputs of a band whose bits are set in `doubtful` once more, with their remainders.
    #[inline(always)]
    fn add_remainders(
        &self,
        band: usize,
        mut doubtful: u32,
        least: &[[Sum<X::V>; BANDS]; EIGHT],
        sums: &mut [X::V; EIGHT * 4],
    ) {
        let (x, axis, zero) = (self.turned.x, self.axis, self.turned.x.splat(0));
        while doubtful != 0 {
            let index = doubtful.trailing_zeros() as usize;
            doubtful &= doubtful - 1;
            let output = self.first + index;
            let units = self.turned.from(axis.stretches[output * axis.parts].first_unit as usize);
            let remainders = &axis.remainders[output * axis.window_units..][..axis.window_units];
            // What they add is in 16 bits without a sign.
            let mut more = x.splat_words((HALF - axis.bounds[output].least) as i16);
            for (unit, &remainders) in units.iter().zip(remainders) {
                let remainders =
                    x.splat_words(i16::from_le_bytes(remainders.map(i8::cast_unsigned)));
                more = x.add_words(more, x.dot_bytes(x.load(&unit[self.band + band]), remainders));
            }
            let [low, high] = least[index][band];
            sums[index * BANDS + self.band + band] = x.narrow::<{ PRECISION_BITS as i32 }>([
                x.add_doubles(low, x.low_words(more, zero)),
                x.add_doubles(high, x.high_words(more, zero)),
            ]);
        }
    }
}

/// The moments of a stretch, of one band.
#[inline(always)]
fn sum_units<X, const N: usize, const BANDS: usize, const M: usize>(
    x: X,
    units: &[[[u8; N]; BANDS]],
    digits: &[[Repeated; M]],
    band: usize,
) -> [X::V; M]
where
    X: Products<N>,
{
    let mut sums = [x.splat(0); M];
    for (unit, digits) in units.iter().zip(digits) {
        let samples = x.load(&unit[band]);
        for (sum, Repeated(digits)) in sums.iter_mut().zip(digits) {
            let digits = digits.first_chunk().expect("no vector is longer");
            *sum = x.add_words(*sum, x.dot_bytes(samples, x.load(digits)));
        }
    }
    sums
}
