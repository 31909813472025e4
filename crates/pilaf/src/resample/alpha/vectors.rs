//! Vectors of any level: 4 pixels of four bands, or 8 of two, in each lane.

use super::scalar;
use crate::simd::{Kernel, Vector};

/// See [`premultiply`](super::premultiply).
pub(super) struct Premultiply<'a> {
    pub(super) source: &'a [u8],
    pub(super) target: &'a mut [u8],
    pub(super) bands: usize,
}

impl Kernel for Premultiply<'_> {
    type Output = ();

    fn scalar(self) {
        scalar::premultiply(self.source, self.target, self.bands);
    }

    /// With `t = c * a + 128`, `(t + (t >> 8)) >> 8` of the specification is `t * 257 >> 16`.
    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        let order = x.repeat(&alpha_order(self.bands));
        // Words whose upper byte is alpha itself are multiplied by 255 there, which changes nothing.
        let is_alpha = x.repeat(&alpha_of_odd(self.bands));
        let (byte, half) = (x.splat_words(0xff), x.splat_words(128));
        let reciprocal = x.splat_words(257);
        let (from, source) = self.source.as_chunks::<N>();
        let (to, target) = self.target.as_chunks_mut::<N>();
        for (from, to) in from.iter().zip(to) {
            let samples = x.load(from);
            let alpha = x.pick(samples, order);
            let (even, odd) = (x.and(samples, byte), x.unsigned_words_down::<8>(samples));
            let even = x.add_words(x.mul_words(even, alpha), half);
            let odd = x.add_words(x.mul_words(odd, x.or(alpha, is_alpha)), half);
            let odd = x.words_up::<8>(x.mul_high(odd, reciprocal));
            x.store(to, x.or(x.mul_high(even, reciprocal), odd));
        }
        scalar::premultiply(source, target, self.bands);
    }
}

/// See [`unpremultiply`](super::unpremultiply); four bands.
pub(super) struct Unpremultiply<'a>(pub(super) &'a mut [u8]);

impl Kernel for Unpremultiply<'_> {
    type Output = ();

    fn scalar(self) {
        scalar::unpremultiply(self.0, 4);
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        let (byte, one) = (x.splat(0xff), x.splat(1));
        let upper = x.splat(0xff << 24);
        let (blocks, rest) = self.0.as_chunks_mut::<N>();
        for block in blocks {
            let pixels = x.load(block);
            let alpha = x.and(x.doubles_down::<24>(pixels), byte);
            // 0 and 255 plus 1 have no bits but the lowest of these eight.
            let between = x.and(x.add_doubles(alpha, one), x.splat(0xfe));
            let kept = x.doubles_down::<31>(x.sub_doubles(between, one));
            if x.is_zero(between) {
                continue;
            }
            let color = |color: X::V| x.quotients_of_255(x.and(color, byte), alpha);
            let red = color(pixels);
            let green = x.doubles_up::<8>(color(x.doubles_down::<8>(pixels)));
            let blue = x.doubles_up::<16>(color(x.doubles_down::<16>(pixels)));
            let divided = x.or(x.or(red, green), x.or(blue, x.and(pixels, upper)));
            x.store(block, x.choose(kept, divided, pixels));
        }
        scalar::unpremultiply(rest, 4);
    }
}

/// For each word of 16 bytes: where the alpha of its pixel lies, and a zero.
pub(super) fn alpha_order(bands: usize) -> [u8; 16] {
    let alpha = |at: usize| ((at / bands + 1) * bands - 1) as u8;
    std::array::from_fn(|at| if at % 2 == 0 { alpha(at) } else { 0x80 })
}

/// For each word of 16 bytes: 255 if its upper byte is alpha.
fn alpha_of_odd(bands: usize) -> [u8; 16] {
    std::array::from_fn(|at| if at % 2 == 0 && (at + 1) % bands == bands - 1 { 0xff } else { 0 })
}
