//! Kernels written once for vectors of any level.
//!
//! A [`Kernel`] has a scalar form, its specification, and a form over a [`Vector`]: safe code that
//! [`Level::compute`] compiles with the instructions of the level. Registers consist of *lanes* of
//! 16 bytes, one (SSE4.1, NEON) or two (AVX2, AVX-512); what combines two vectors does so lane by
//! lane.
//!
//! The instructions are those that x86-64 has, since its shuffles are the ones that differ from
//! lane to lane. Where AArch64 does a thing in another way, the *operation* is abstract and its
//! operands are opaque: see [`pair`](Vector::pair) and [`store_threes`](Vector::store_threes).
//!
//! Everything here must be inlined into the function that has the level's features. So the forms of
//! a kernel over vectors, and what they call, are `#[inline(always)]`, and closures that use vectors
//! are small.

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx512;
#[cfg(target_arch = "aarch64")]
#[allow(unsafe_code)]
mod neon;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod sse41;

#[cfg(test)]
mod tests;

use super::Level;

/// Something to compute: by scalar code or with the vectors of a level, with the same result.
pub(crate) trait Kernel: Sized {
    /// What it gives.
    type Output;

    /// The specification.
    fn scalar(self) -> Self::Output;

    /// The same with vectors of `N` bytes. To be marked `#[inline(always)]`.
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) -> Self::Output;
}

impl Level {
    /// Computes `kernel` with what this level has.
    #[inline]
    pub(crate) fn compute<K: Kernel>(self, kernel: K) -> K::Output {
        match self {
            Self::Scalar => kernel.scalar(),
            #[cfg(target_arch = "x86_64")]
            Self::Sse41(token) => sse41::compute(token, kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(token) => avx2::compute(token, kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(token) => avx512::compute(token, kernel),
            #[cfg(target_arch = "aarch64")]
            Self::Neon(token) => neon::compute(token, kernel),
        }
    }
}

/// Vectors of `N` bytes and what can be done with them; made of a level's token, whoever has one
/// may run the instructions.
///
/// *Words* are numbers of 16 bits, *doubles* of 32, *quads* of 64. Sums, differences and products
/// wrap; `low_…` and `high_…` take turns between the numbers in the lower and upper half of a lane
/// of `a` and of `b`.
pub(crate) trait Vector<const N: usize>: Copy + Send + Sync + 'static {
    /// `N` bytes.
    type V: Copy;

    /// Lanes of a vector.
    const LANES: usize = N / 16;

    /// The same number in every double.
    fn splat(self, value: i32) -> Self::V;
    /// The same number in every word.
    fn splat_words(self, value: i16) -> Self::V;
    /// The same bytes in every lane.
    fn repeat(self, lane: &[u8; 16]) -> Self::V;
    /// The same words in every lane.
    fn repeat_words(self, lane: &[i16; 8]) -> Self::V;
    /// The bytes in memory.
    fn load(self, bytes: &[u8; N]) -> Self::V;
    /// The `N / 2` words from `at` on. Panics unless they are there.
    fn load_words(self, words: &[i16], at: usize) -> Self::V;
    /// The bytes that `lane` gives for the number of each lane.
    fn load_lanes<'a>(self, lane: impl Fn(usize) -> &'a [u8; 16]) -> Self::V;
    /// The words that `lane` gives for the number of each lane.
    fn load_lanes_of_words<'a>(self, lane: impl Fn(usize) -> &'a [i16; 8]) -> Self::V;
    /// The first `N / 2` bytes as words. Panics unless they are there.
    fn load_wide(self, bytes: &[u8]) -> Self::V;
    /// The 16 bytes from `at` on of the first `COUNT` rows, and in lane `n` of each vector those of the row
    /// that is `8 * n` further down. `None` unless all of them are there.
    fn load_rows<const COUNT: usize>(
        self,
        rows: &ByteRows<'_>,
        at: usize,
    ) -> Option<[Self::V; COUNT]>;
    /// The bytes to memory.
    fn store(self, bytes: &mut [u8; N], value: Self::V);
    /// The words of one lane to memory.
    fn store_lane(self, words: &mut [i16; 8], value: Self::V, lane: usize);
    /// Two rows of `N / 2` bytes from each vector, the lower halves of its lanes one after the
    /// other and then the upper ones; rows are `stride` bytes apart. Panics unless there is room.
    fn store_row_pairs<const PAIRS: usize>(
        self,
        bytes: &mut [u8],
        stride: usize,
        pairs: [Self::V; PAIRS],
    );
    /// The lanes of some vectors to as many rows, which are `stride` bytes apart: lane `n` of each to that
    /// which is `APART * n` further down. Panics unless there is room.
    fn store_rows<const APART: usize, const ROWS: usize>(
        self,
        bytes: &mut [u8],
        stride: usize,
        vectors: [Self::V; ROWS],
    );
    /// The first lane of each vector, then the second ones, to the first `3 * N` bytes. Panics
    /// unless there is room.
    fn store_lanes(self, bytes: &mut [u8], vectors: [Self::V; 3]);

    fn low_bytes(self, a: Self::V, b: Self::V) -> Self::V;
    fn high_bytes(self, a: Self::V, b: Self::V) -> Self::V;
    fn low_words(self, a: Self::V, b: Self::V) -> Self::V;
    fn high_words(self, a: Self::V, b: Self::V) -> Self::V;
    fn low_doubles(self, a: Self::V, b: Self::V) -> Self::V;
    fn high_doubles(self, a: Self::V, b: Self::V) -> Self::V;
    fn low_quads(self, a: Self::V, b: Self::V) -> Self::V;
    fn high_quads(self, a: Self::V, b: Self::V) -> Self::V;
    /// The bytes of each lane of `a` that `order` names; zeros where it has `0x80`.
    fn pick(self, a: Self::V, order: Self::V) -> Self::V;
    /// Where the bytes of `mask` are all ones, those of `b`, where they are zeros, those of `a`.
    fn choose(self, mask: Self::V, a: Self::V, b: Self::V) -> Self::V;

    fn or(self, a: Self::V, b: Self::V) -> Self::V;
    fn and(self, a: Self::V, b: Self::V) -> Self::V;
    fn xor(self, a: Self::V, b: Self::V) -> Self::V;
    fn add_words(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub_words(self, a: Self::V, b: Self::V) -> Self::V;
    fn add_doubles(self, a: Self::V, b: Self::V) -> Self::V;
    fn sub_doubles(self, a: Self::V, b: Self::V) -> Self::V;
    /// Products of words, their lower 16 bits.
    fn mul_words(self, a: Self::V, b: Self::V) -> Self::V;
    /// Products of unsigned words, their upper 16 bits.
    fn mul_high(self, a: Self::V, b: Self::V) -> Self::V;
    /// Products of signed words without their lower 15 bits, rounded half up.
    fn mul_rounded(self, a: Self::V, b: Self::V) -> Self::V;
    /// For each double, the sum of two products of signed words.
    fn dot_words(self, a: Self::V, b: Self::V) -> Self::V;
    /// `sum + dot_words(a, b)`.
    fn dot_words_onto(self, sum: Self::V, a: Self::V, b: Self::V) -> Self::V;
    /// In each lane, the sums of the two pairs of doubles of `a`, then of `b`.
    fn add_pairs_of_doubles(self, a: Self::V, b: Self::V) -> Self::V;
    /// In each word, the sum of its two bytes.
    fn add_pairs_of_bytes(self, a: Self::V) -> Self::V;
    /// Signed words without their signs.
    fn abs_words(self, a: Self::V) -> Self::V;
    /// Words of `a` with the signs of those of `b`; where `b` has 0, `a` must.
    fn with_signs(self, a: Self::V, b: Self::V) -> Self::V;

    fn words_up<const BITS: i32>(self, a: Self::V) -> Self::V;
    /// Signed words, shifted down.
    fn words_down<const BITS: i32>(self, a: Self::V) -> Self::V;
    /// Unsigned words, shifted down.
    fn unsigned_words_down<const BITS: i32>(self, a: Self::V) -> Self::V;
    fn doubles_up<const BITS: i32>(self, a: Self::V) -> Self::V;
    /// Signed doubles, shifted down.
    fn doubles_down<const BITS: i32>(self, a: Self::V) -> Self::V;
    /// Signed doubles, shifted down by a number that is found at run time, below 32.
    fn doubles_down_by(self, a: Self::V, bits: u32) -> Self::V;

    /// For each double, `255 * a / b`, truncated, and at most 255; `a` is below 256, `b` from 1 to 254.
    /// (What there is where `b` is not is left open.)
    fn quotients_of_255(self, a: Self::V, b: Self::V) -> Self::V;

    /// Signed doubles clamped to words: in each lane those of `a`, then those of `b`.
    fn to_words(self, a: Self::V, b: Self::V) -> Self::V;
    /// Signed words clamped to unsigned bytes: in each lane those of `a`, then those of `b`.
    fn to_samples(self, a: Self::V, b: Self::V) -> Self::V;
    /// As [`to_samples`](Self::to_samples), but all those of `a` before those of `b`.
    fn to_samples_in_order(self, a: Self::V, b: Self::V) -> Self::V;
    /// Signed words clamped to signed bytes: in each lane those of `a`, then those of `b`.
    fn to_signed_bytes(self, a: Self::V, b: Self::V) -> Self::V;

    /// Words of `a` and `b` as [`dot`](Self::dot) takes them; in which form is the level's secret.
    fn pair(self, a: Self::V, b: Self::V) -> Pair<Self::V>;
    /// `sum + a * fa + b * fb` of a pair, for factors that are words.
    fn dot_onto(self, sum: Wide<Self::V>, pair: Pair<Self::V>, fa: i32, fb: i32) -> Wide<Self::V>;
    /// `a * fa + b * fb` of a pair, for factors that are words.
    fn dot(self, pair: Pair<Self::V>, fa: i32, fb: i32) -> Wide<Self::V>;
    /// Doubles without `BITS` fraction bits, clamped to words.
    fn narrow<const BITS: i32>(self, wide: Wide<Self::V>) -> Self::V;

    /// Whether all bits are zeros.
    fn is_zero(self, a: Self::V) -> bool;
    /// Bit `n` is set if lane `n` has only zeros.
    fn zero_lanes(self, a: Self::V) -> u32;
    /// `values` with all lanes replaced whose bits are set in `lanes`, by those of `by`.
    fn replace_lanes<const K: usize>(
        self,
        values: [Self::V; K],
        by: Self::V,
        lanes: u32,
    ) -> [Self::V; K];
    /// For each lane, from the first and lowest on, 16 bits: which words of `a`, then of `b`, are
    /// not zero.
    fn nonzero_words(self, a: Self::V, b: Self::V) -> u32;

    /// Clamps the signed words of three colours to bytes and writes those in turns, to the first
    /// `3 * N` of `bytes`: `a b c a b c …`. Of each colour the even places come in the first
    /// vector and the odd ones in the second. Panics unless there is room.
    #[inline(always)]
    fn store_threes(self, bytes: &mut [u8], colours: [[Self::V; 2]; 3]) {
        shuffle_threes(self, bytes, colours);
    }

    /// The first three bytes of `N` groups of `GROUP` (3 or 4) bytes, as pairs of the first and
    /// second and of the third and second byte, for the lower `N / 2` groups and the upper ones.
    /// Panics unless `bytes` reaches to [`groups_reach`].
    #[inline(always)]
    fn load_groups<const GROUP: usize>(self, bytes: &[u8]) -> [[Pair<Self::V>; 2]; 2] {
        let bytes = &bytes[..groups_reach(N, GROUP)];
        let mut fours = [[self.splat(0); 2]; 4];
        for (index, four) in fours.iter_mut().enumerate() {
            // Of each lane four groups, so that those of all lanes are in the order of `to_words`
            // and `to_samples`.
            let chunk = self.load_lanes(|lane| {
                bytes[(4 * index + 16 * lane) * GROUP..].first_chunk().expect("within reach")
            });
            let [first, third] = &SPREAD[GROUP - 3];
            *four = [self.pick(chunk, self.repeat(first)), self.pick(chunk, self.repeat(third))];
        }
        let [a, b, c, d] = fours;
        [[[a[0], b[0]], [a[1], b[1]]], [[c[0], d[0]], [c[1], d[1]]]]
    }

    /// Transposes 8 by 8 words in each lane: vector `w` of the result has word `w` of vectors 0..8.
    #[inline(always)]
    fn transpose_words(self, v: [Self::V; 8]) -> [Self::V; 8] {
        // Of rows 0 1, 2 3, 4 5, 6 7: words 0..4, then words 4..8. Of four rows: two words each.
        let half = |a: [Self::V; 4]| {
            [
                self.low_doubles(a[0], a[1]),
                self.high_doubles(a[0], a[1]),
                self.low_doubles(a[2], a[3]),
                self.high_doubles(a[2], a[3]),
            ]
        };
        let low = |row: usize| self.low_words(v[row], v[row + 1]);
        let high = |row: usize| self.high_words(v[row], v[row + 1]);
        let a = half([low(0), low(2), low(4), low(6)]);
        let b = half([high(0), high(2), high(4), high(6)]);
        [
            self.low_quads(a[0], a[2]),
            self.high_quads(a[0], a[2]),
            self.low_quads(a[1], a[3]),
            self.high_quads(a[1], a[3]),
            self.low_quads(b[0], b[2]),
            self.high_quads(b[0], b[2]),
            self.low_quads(b[1], b[3]),
            self.high_quads(b[1], b[3]),
        ]
    }
}

/// Rows of bytes, one every `stride` bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByteRows<'a> {
    bytes: &'a [u8],
    stride: usize,
    count: usize,
    /// Where 16 bytes may start for all rows to have them; they may reach into the row below.
    starts: usize,
}

impl<'a> ByteRows<'a> {
    /// The first `count` rows of `bytes`, as far as those are there.
    pub(crate) fn new(bytes: &'a [u8], stride: usize, count: usize) -> Self {
        let last = count.saturating_sub(1).saturating_mul(stride);
        let starts = bytes.len().saturating_sub(last.saturating_add(15));
        Self { bytes, stride, count, starts }
    }

    /// The bytes from the first row's `at`th on, if all of the first `count` rows have 16 of them.
    #[inline(always)]
    fn from(&self, at: usize, count: usize) -> Option<*const u8> {
        (at < self.starts && count <= self.count).then(|| self.bytes.as_ptr().wrapping_add(at))
    }
}

/// Less than the distance of any quotient `255 * a / b` that is no integer to the next one, 1/254,
/// and more than the error of `a * (255 / b)` in `f32`, below 2^-15 where quotients count (below
/// 256). Added before truncation, it makes the product as good as the quotient.
pub(crate) const ALMOST_NOTHING: f32 = 1.0 / 512.0;

/// Two vectors of words in the form that [`Vector::dot`] takes.
pub(crate) type Pair<V> = [V; 2];

/// Doubles that words became: those of the lower half of each lane, and of the upper half.
pub(crate) type Wide<V> = [V; 2];

/// [`Vector::store_threes`] with one shuffle for each colour, and blends.
#[inline(always)]
fn shuffle_threes<X: Vector<N>, const N: usize>(x: X, bytes: &mut [u8], colours: [[X::V; 2]; 3]) {
    let place = |colour: usize, order: &[u8; 16]| {
        let [even, odd] = colours[colour];
        x.pick(x.to_samples(even, odd), x.repeat(order))
    };
    let [a, b, c] =
        [place(0, &THREES_ORDER[0]), place(1, &THREES_ORDER[1]), place(2, &THREES_ORDER[2])];
    let blend = |b_at: usize, c_at: usize| {
        let mixed = x.choose(x.repeat(&THREES[b_at]), a, b);
        x.choose(x.repeat(&THREES[c_at]), mixed, c)
    };
    x.store_lanes(bytes, [blend(1, 2), blend(0, 1), blend(2, 0)]);
}

/// How far [`Vector::load_groups`] reads for vectors of `bytes` bytes and groups of `group` bytes.
pub(crate) const fn groups_reach(bytes: usize, group: usize) -> usize {
    (bytes - 4) * group + 16
}

/// Ones at the bytes `b` with `b % 3` equal to 0, 1 and 2.
const THREES: [[u8; 16]; 3] = {
    let mut masks = [[0; 16]; 3];
    let mut b = 0;
    while b < 16 {
        masks[b % 3][b] = 0xFF;
        b += 1;
    }
    masks
};

/// Where the bytes of one colour come from in [`Vector::store_threes`].
///
/// Byte `b` of the output vector `k` of a lane is colour `(k + b) % 3` of place `(16 k + b) / 3`. For
/// one colour the three vectors use different `b`, so one shuffle a colour puts every byte where
/// it belongs. Even places are in bytes 0 to 7 of a lane, odd ones in 8 to 15.
const THREES_ORDER: [[u8; 16]; 3] = {
    let mut orders = [[0; 16]; 3];
    let mut at = 0;
    while at < 48 {
        let (colour, b) = (at / 16, at % 16);
        let vector = (colour + 3 * 16 - b) % 3;
        let place = (16 * vector + b) / 3;
        orders[colour][b] = (place / 2 + place % 2 * 8) as u8;
        at += 1;
    }
    orders
};

/// For groups of 3 and of 4 bytes, of the first four: the first and second byte of each as words,
/// and the third and second.
const SPREAD: [[[u8; 16]; 2]; 2] = {
    let mut orders = [[[0x80; 16]; 2]; 2];
    let mut at = 0;
    while at < 16 {
        let (group, which, place) = (at / 8 + 3, at / 4 % 2, at % 4);
        orders[group - 3][which][4 * place] = (place * group + 2 * which) as u8;
        orders[group - 3][which][4 * place + 2] = (place * group + 1) as u8;
        at += 1;
    }
    orders
};

/// Methods of [`Vector`] that are one instruction on two vectors each.
#[cfg(target_arch = "x86_64")]
macro_rules! instructions {
    ($($name:ident: $instruction:ident,)*) => {$(
        #[inline(always)]
        fn $name(self, a: Self::V, b: Self::V) -> Self::V {
            // SAFETY: `self` is the proof that this CPU has the level's instructions.
            unsafe { $instruction(a, b) }
        }
    )*};
}

/// Methods of [`Vector`] that are one shift each.
#[cfg(target_arch = "x86_64")]
macro_rules! shifts {
    ($($name:ident: $instruction:ident,)*) => {$(
        #[inline(always)]
        fn $name<const BITS: i32>(self, a: Self::V) -> Self::V {
            // SAFETY: `self` is the proof that this CPU has the level's instructions.
            unsafe { $instruction::<BITS>(a) }
        }
    )*};
}

#[cfg(target_arch = "x86_64")]
use {instructions, shifts};
