//! The pass over rows: the moments of all stretches, and of these what the windows add up to.

use super::Moments;
use crate::resample::kernels::pairs::Products;
use crate::resample::kernels::pairs::across::{EIGHT, store_block};
use crate::resample::kernels::pairs::turned::{Turned, aligned};
use crate::resample::kernels::{Rows, Scratch};
use crate::resample::scalar::HALF;
use crate::resample::weights::PRECISION_BITS;

/// Makes lines of a group of rows.
#[inline(always)]
pub(crate) fn sum_rows<X: Products<N>, const N: usize, const BANDS: usize, const M: usize>(
    x: X,
    rows: Rows<'_>,
    axis: &Moments<M>,
    scratch: &mut Scratch,
    lines: &mut [u8],
) {
    let Scratch { pairs, moments, .. } = scratch;
    let blocks = axis.blocks().map(|outputs| axis.units_of(&outputs));
    let step = EIGHT.min(axis.bounds.len()) * axis.parts;
    let slots = step + (M - 1) * axis.parts;
    let moments = aligned(moments, slots * BANDS * M * N).as_chunks_mut().0.as_chunks_mut().0;
    let mut part = Part::<X, N, BANDS, M> {
        x,
        axis,
        turned: Turned::new(x, rows, axis.bounds.len(), blocks, pairs),
        first: 0,
        moments: moments.as_chunks_mut().0,
    };
    let mut least = [[[x.splat(0); 2]; BANDS]; EIGHT];
    let mut sums = [x.splat(0); EIGHT * 4];
    for (block, outputs) in axis.blocks().enumerate() {
        part.first = outputs.start;
        part.turned.reach(axis.units_of(&outputs));
        part.sum_stretches();
        let doubtful = part.sum_windows(outputs.len(), &mut least, &mut sums);
        for (band, doubtful) in doubtful.into_iter().enumerate() {
            part.add_remainders(band, doubtful, &least, &mut sums);
        }
        part.moments.copy_within(step.., 0);
        store_block::<X, N, BANDS>(x, &sums, lines, block);
    }
}

/// The moments of a stretch, for each band; each two as they are multiplied, in turns: of the first
/// and of the last four outputs of each lane.
type Slot<const N: usize, const BANDS: usize, const M: usize> = [[[u8; N]; M]; BANDS];

/// A block of outputs.
struct Part<'a, X: Products<N>, const N: usize, const BANDS: usize, const M: usize> {
    x: X,
    axis: &'a Moments<M>,
    turned: Turned<'a, X, N, BANDS>,
    /// The first output.
    first: usize,
    /// From its first stretch on.
    moments: &'a mut [Slot<N, BANDS, M>],
}

impl<X, const N: usize, const BANDS: usize, const M: usize> Part<'_, X, N, BANDS, M>
where
    X: Products<N>,
{
    /// Sums the moments of all stretches but those that the block before had too.
    #[inline(always)]
    fn sum_stretches(&mut self) {
        // Few units without a loop.
        match self.axis.units {
            2 => self.sum_stretches_of::<2>(),
            3 => self.sum_stretches_of::<3>(),
            4 => self.sum_stretches_of::<4>(),
            5 => self.sum_stretches_of::<5>(),
            6 => self.sum_stretches_of::<6>(),
            7 => self.sum_stretches_of::<7>(),
            8 => self.sum_stretches_of::<8>(),
            _ => self.sum_stretches_of::<0>(),
        }
    }

    /// The same for `UNITS` units, or 0 for any number.
    #[inline(always)]
    fn sum_stretches_of<const UNITS: usize>(&mut self) {
        let axis = self.axis;
        let count = if UNITS == 0 { axis.units } else { UNITS };
        let known = if self.first == 0 { 0 } else { (M - 1) * axis.parts };
        let stretches = &axis.stretches[self.first * axis.parts + known..];
        for (stretch, moments) in stretches.iter().zip(&mut self.moments[known..]) {
            self.turned.ask_ahead();
            let units = &self.turned.from(stretch.first_unit as usize)[..count];
            let digits = &axis.digits[stretch.digits as usize..][..count];
            if M == 2 {
                sum_units::<X, N, BANDS, M, BANDS>(self.x, units, digits, moments, 0);
            } else {
                // The sums of all bands would not fit the registers.
                for band in 0..BANDS {
                    sum_units::<X, N, BANDS, M, 1>(self.x, units, digits, moments, band);
                }
            }
        }
    }

    /// Makes `count` outputs without their remainders, and keeps their sums in `least`. For each band,
    /// the bits of those that may differ with them are set in the result.
    #[inline(always)]
    fn sum_windows(
        &self,
        count: usize,
        least: &mut [[[X::V; 2]; BANDS]; EIGHT],
        sums: &mut [X::V; EIGHT * 4],
    ) -> [u32; BANDS] {
        // Mostly there is one part: then the windows have a known length.
        match self.axis.parts {
            1 => self.sum_windows_of::<1>(count, least, sums),
            _ => self.sum_windows_of::<0>(count, least, sums),
        }
    }

    /// The same for `PARTS` parts, or 0 for any number.
    #[inline(always)]
    fn sum_windows_of<const PARTS: usize>(
        &self,
        count: usize,
        least: &mut [[[X::V; 2]; BANDS]; EIGHT],
        sums: &mut [X::V; EIGHT * 4],
    ) -> [u32; BANDS] {
        let (x, axis) = (self.x, self.axis);
        let parts = if PARTS == 0 { axis.parts } else { PARTS };
        let mut doubtful = [0; BANDS];
        let bounds = axis.bounds[self.first..][..count].iter();
        let factors = axis.factors[self.first * M * parts..].chunks_exact(M * parts);
        let moments = self.moments.windows(M * parts).step_by(parts);
        let pixels = least.iter_mut().zip(sums.as_chunks_mut::<BANDS>().0);
        for (index, (((bounds, factors), moments), (least, pixel))) in
            bounds.zip(factors).zip(moments).zip(pixels).enumerate()
        {
            let room = x.splat(bounds.room);
            let mut windows = [[x.splat(bounds.least); 2]; BANDS];
            multiply(x, moments, factors, &mut windows);
            for band in 0..BANDS {
                let [a, b] = windows[band];
                let change_of_a = x.xor(a, x.add_doubles(a, room));
                let change_of_b = x.xor(b, x.add_doubles(b, room));
                let change = x.or(change_of_a, change_of_b);
                let change = x.doubles_down::<{ PRECISION_BITS as i32 }>(change);
                doubtful[band] |= u32::from(!x.is_zero(change)) << index;
                least[band] = [a, b];
                pixel[band] = x.narrow::<{ PRECISION_BITS as i32 }>([a, b]);
            }
        }
        doubtful
    }

    /// Makes the outputs of a band whose bits are set in `doubtful` once more, with their
    /// remainders.
    #[inline(always)]
    fn add_remainders(
        &self,
        band: usize,
        mut doubtful: u32,
        least: &[[[X::V; 2]; BANDS]; EIGHT],
        sums: &mut [X::V; EIGHT * 4],
    ) {
        let (x, axis, zero) = (self.x, self.axis, self.x.splat(0));
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
                more = x.add_words(more, x.dot_bytes(x.load(&unit[band]), remainders));
            }
            let [low, high] = least[index][band];
            sums[index * BANDS + band] = x.narrow::<{ PRECISION_BITS as i32 }>([
                x.add_doubles(low, x.low_words(more, zero)),
                x.add_doubles(high, x.high_words(more, zero)),
            ]);
        }
    }
}

/// Sums the moments of a stretch, of `COUNT` bands from `first` on.
#[inline(always)]
fn sum_units<X, const N: usize, const BANDS: usize, const M: usize, const COUNT: usize>(
    x: X,
    units: &[[[u8; N]; BANDS]],
    digits: &[[i32; M]],
    moments: &mut Slot<N, BANDS, M>,
    first: usize,
) where
    X: Products<N>,
{
    let mut sums = [[x.splat(0); M]; COUNT];
    for (unit, digits) in units.iter().zip(digits) {
        for (sums, samples) in sums.iter_mut().zip(&unit[first..]) {
            let samples = x.load(samples);
            for (sum, &digits) in sums.iter_mut().zip(digits) {
                *sum = x.add_words(*sum, x.dot_bytes(samples, x.splat(digits)));
            }
        }
    }
    for (sums, moments) in sums.iter().zip(&mut moments[first..]) {
        let pairs = moments.as_chunks_mut::<2>().0;
        for ([low, high], &[a, b]) in pairs.iter_mut().zip(sums.as_chunks::<2>().0) {
            x.store(low, x.low_words(a, b));
            x.store(high, x.high_words(a, b));
        }
    }
}

/// Adds the products of the moments of some stretches and their factors.
#[inline(always)]
fn multiply<X, const N: usize, const BANDS: usize, const M: usize>(
    x: X,
    moments: &[Slot<N, BANDS, M>],
    factors: &[[i16; M]],
    sums: &mut [[X::V; 2]; BANDS],
) where
    X: Products<N>,
{
    for (moments, factors) in moments.iter().zip(factors) {
        for (pair, &[a, b]) in factors.as_chunks::<2>().0.iter().enumerate() {
            let factors = x.splat(i32::from(b) << 16 | i32::from(a) & 0xffff);
            for ([low, high], moments) in sums.iter_mut().zip(moments) {
                *low = x.dot_words_onto(*low, x.load(&moments[2 * pair]), factors);
                *high = x.dot_words_onto(*high, x.load(&moments[2 * pair + 1]), factors);
            }
        }
    }
}
