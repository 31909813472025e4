//! The pass over rows: stretch by stretch, what it adds to the windows that meet in it.

use super::{Digits, Moments, Start, Stretch};
use crate::resample::kernels::Rows;
use crate::resample::kernels::pairs::Products;
use crate::resample::kernels::pairs::across::{EIGHT, store_block};
use crate::resample::kernels::pairs::turned::Turned;
use crate::resample::weights::PRECISION_BITS;

/// Makes lines of a group of rows of one band.
#[inline(always)]
pub(crate) fn sum_rows<X: Products<N>, const N: usize, const M: usize>(
    x: X,
    rows: Rows<'_>,
    axis: &Moments<M>,
    memory: &mut Vec<u8>,
    lines: &mut [u8],
) {
    let blocks = axis.blocks().map(|stretches| axis.units_of(stretches));
    let mut turned = Turned::<X, N, 1>::new(x, rows, axis.outputs, blocks, memory);
    let mut windows = Windows::new(x, axis.first);
    let mut sums = [x.splat(0); EIGHT * 4];
    let mut digits = axis.digits.chunks_exact(axis.units);
    for (block, stretches) in axis.blocks().enumerate() {
        turned.reach(axis.units_of(stretches.clone()));
        let mut pixels = sums.iter_mut();
        for (stretch, digits) in axis.stretches[stretches].iter().zip(&mut digits) {
            let units = &turned.from(stretch.first_unit as usize)[..digits.len()];
            windows.add(x, units.as_flattened(), digits, stretch);
            if stretch.is_last
                && let Some(sum) = pixels.next()
            {
                turned.ask_ahead(1);
                *sum = windows.first(x);
                windows.move_on(x, stretch.start);
            }
        }
        // The first block only begins windows.
        if let Some(block) = block.checked_sub(1) {
            store_block::<X, N, 1>(x, &sums, lines, block);
        }
    }
}

/// The sums of `M` windows, the first one first.
#[derive(Clone, Copy)]
struct Windows<V, const M: usize> {
    /// Moments times factors in 32 bits, of the first and the last four outputs of each lane.
    sums: [[V; 2]; M],
    /// Samples times remainders in 16 bits.
    remainders: [V; M],
}

impl<V: Copy, const M: usize> Windows<V, M> {
    /// Before the first one, whose remainders start at `start`.
    #[inline(always)]
    fn new<X: Products<N, V = V>, const N: usize>(x: X, start: Start) -> Self {
        let mut windows = Self { sums: [[x.splat(0); 2]; M], remainders: [x.splat(0); M] };
        windows.move_on(x, start);
        windows
    }

    /// Adds a stretch.
    #[inline(always)]
    fn add<X: Products<N, V = V>, const N: usize>(
        &mut self,
        x: X,
        units: &[[u8; N]],
        digits: &[Digits<M>],
        stretch: &Stretch<M>,
    ) {
        let mut moments = [x.splat(0); M];
        for (unit, digits) in units.iter().zip(digits) {
            let samples = x.load(unit);
            for (sum, &digits) in moments.iter_mut().zip(&digits.moments) {
                *sum = x.add_words(*sum, x.dot_bytes(samples, x.splat(digits)));
            }
            for (sum, &digits) in self.remainders.iter_mut().zip(&digits.remainders) {
                *sum = x.add_words(*sum, x.dot_bytes(samples, x.splat(digits)));
            }
        }
        for (pair, &[a, b]) in moments.as_chunks::<2>().0.iter().enumerate() {
            let (low, high) = (x.low_words(a, b), x.high_words(a, b));
            for (sums, factors) in self.sums.iter_mut().zip(&stretch.factors) {
                let factors = x.splat(join(factors[2 * pair], factors[2 * pair + 1]));
                sums[0] = x.dot_words_onto(sums[0], low, factors);
                sums[1] = x.dot_words_onto(sums[1], high, factors);
            }
        }
    }

    /// The outputs of the first window in 16 bits, still to be clamped to 8.
    #[inline(always)]
    fn first<X: Products<N, V = V>, const N: usize>(&self, x: X) -> V {
        let ([low, high], remainders) = (self.sums[0], self.remainders[0]);
        let first = x.splat(join(1, 0));
        x.narrow::<{ PRECISION_BITS as i32 }>([
            x.dot_words_onto(low, x.low_words(remainders, remainders), first),
            x.dot_words_onto(high, x.high_words(remainders, remainders), first),
        ])
    }

    /// Makes place for the next window, whose remainders start at `start`, in that of the first one.
    #[inline(always)]
    fn move_on<X: Products<N, V = V>, const N: usize>(&mut self, x: X, start: Start) {
        for place in 1..M {
            self.sums[place - 1] = self.sums[place];
            self.remainders[place - 1] = self.remainders[place];
        }
        self.sums[M - 1] = [x.splat(start.sum); 2];
        self.remainders[M - 1] = x.splat(start.remainders);
    }
}

/// Two words as a double.
#[inline(always)]
fn join(low: i16, high: i16) -> i32 {
    i32::from(high) << 16 | i32::from(low) & 0xffff
}
