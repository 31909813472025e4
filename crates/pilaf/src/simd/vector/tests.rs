//! The operations that differ most from level to level, against plain arithmetic. All of them are
//! held to it once more by the kernels that use them.

use super::*;
use crate::simd::for_each_level;

/// Repeatable numbers of all sizes.
fn numbers() -> impl Iterator<Item = u32> {
    let mut state = 7u32;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 3 >> (state >> 27)
    })
}

fn words() -> [i16; 16] {
    let mut numbers = numbers();
    let extremes = [i16::MIN, i16::MAX, 0, -1];
    std::array::from_fn(|at| extremes.get(at).copied().unwrap_or(numbers.next().unwrap() as i16))
}

/// Runs a body for vectors, with nothing to compare it with at scalar.
macro_rules! with_vectors {
    (|$x:ident: $X:ident, $n:ident| $body:block) => {{
        struct Body;
        impl Kernel for Body {
            type Output = ();
            fn scalar(self) {}
            #[inline(always)]
            fn vectors<$X: Vector<$n>, const $n: usize>(self, $x: $X) $body
        }
        for_each_level(|level| level.compute(Body));
    }};
}

fn stored<X: Vector<N>, const N: usize>(x: X, v: X::V) -> Vec<i16> {
    let mut lanes = [[0; 8]; 2];
    for (index, lane) in lanes[..X::LANES].iter_mut().enumerate() {
        x.store_lane(lane, v, index);
    }
    lanes[..X::LANES].concat()
}

#[test]
fn dots_are_sums_of_products() {
    with_vectors!(|x: X, N| {
        let (a, b) = (words(), words().map(|word| word.wrapping_mul(-3)));
        let pair = x.pair(x.load_words(&a, 0), x.load_words(&b, 0));
        let sum = x.dot_onto(x.dot(pair, 3, -32768), pair, -700, 45);
        let got = stored(x, x.narrow::<12>(sum));
        for (at, got) in got.into_iter().enumerate() {
            let (a, b) = (i32::from(a[at]), i32::from(b[at]));
            let want = (a * (3 - 700)).wrapping_add(b.wrapping_mul(45 - 32768)) >> 12;
            assert_eq!(i32::from(got), want.clamp(-32768, 32767), "{a} {b}");
        }
        let got = stored(x, x.narrow::<18>(sum));
        let all = stored(x, x.narrow::<12>(sum)).len();
        for (at, got) in got.into_iter().enumerate() {
            let (a, b) = (i32::from(a[at]), i32::from(b[at]));
            let want = (a * (3 - 700)).wrapping_add(b.wrapping_mul(45 - 32768)) >> 18;
            assert_eq!(i32::from(got), want, "{a} {b}, {all}");
        }
    });
}

#[test]
fn words_are_multiplied_signed_and_told_apart_from_zeros() {
    with_vectors!(|x: X, N| {
        let (a, b) = (words(), words().map(|word| word.rotate_left(5)));
        let (va, vb) = (x.load_words(&a, 0), x.load_words(&b, 0));
        let high = stored(x, x.mul_high(va, vb));
        let signed = stored(x, x.with_signs(x.abs_words(va), va));
        let rounded = stored(x, x.mul_rounded(va, x.splat_words(13173)));
        for at in 0..N / 2 {
            let product = u32::from(a[at] as u16) * u32::from(b[at] as u16);
            assert_eq!(high[at] as u16, (product >> 16) as u16);
            assert_eq!(signed[at], a[at]);
            assert_eq!(i32::from(rounded[at]), (i32::from(a[at]) * 13173 + (1 << 14)) >> 15);
        }
        for lane in 0..X::LANES {
            let mut only = [0; 16];
            (only[8 * lane + 2], only[8 * lane + 7]) = (256, -1);
            let (only, none) = (x.load_words(&only, 0), x.splat(0));
            assert_eq!(x.nonzero_words(only, none), 0b1000_0100 << (16 * lane));
            assert_eq!(x.nonzero_words(none, only), 0b1000_0100 << (16 * lane + 8));
            assert_eq!(x.zero_lanes(only), (1 << X::LANES) - 1 - (1 << lane));
            assert!(x.is_zero(none) && !x.is_zero(only));
            let [mixed] = x.replace_lanes([none], x.splat(-1), 1 << lane);
            assert_eq!(x.zero_lanes(mixed), (1 << X::LANES) - 1 - (1 << lane));
        }
    });
}

#[test]
fn threes_come_in_turns_and_groups_come_apart() {
    with_vectors!(|x: X, N| {
        let colour = |first: i16, at: usize| {
            let places: [i16; 16] = std::array::from_fn(|place| first + 6 * place as i16);
            x.load_words(&places, at)
        };
        let colours = [0, 1, 2].map(|first| [colour(first, 0), colour(first + 3, 0)]);
        let mut bytes = [0; 96 + 16];
        x.store_threes(&mut bytes, colours);
        for (at, byte) in bytes[..3 * N].iter().enumerate() {
            // In each lane, even places first.
            assert_eq!(usize::from(*byte), at, "{at}");
        }
        for (half, pairs) in x.load_groups::<3>(&bytes).into_iter().enumerate() {
            for (which, pair) in pairs.into_iter().enumerate() {
                let got = stored(x, x.narrow::<1>(x.dot(pair, 2, 200)));
                for (at, got) in got.into_iter().enumerate() {
                    // Lanes as `to_samples` wants them.
                    let place = at / 8 * 16 + half * 8 + at % 8;
                    let (first, second) = (3 * place + 2 * which, 3 * place + 1);
                    assert_eq!(usize::from(got as u16), first + 100 * second, "{at}");
                }
            }
        }
    });
}
