//! AArch64: one lane.
//!
//! A [`Pair`] is its two vectors as they are: products of words come from multiply-and-add
//! instructions with wide results, which need no turns.

use std::arch::aarch64::*;

use super::{ALMOST_NOTHING, ByteRows, Kernel, Pair, Vector, Wide, groups_reach};
use crate::simd::Neon;

/// Computes `kernel` as machine code of this level.
pub(super) fn compute<K: Kernel>(token: Neon, kernel: K) -> K::Output {
    #[target_feature(enable = "neon")]
    fn compiled<K: Kernel>(token: Neon, kernel: K) -> K::Output {
        kernel.vectors(token)
    }
    // SAFETY: the token proves this feature.
    unsafe { compiled(token, kernel) }
}

/// Views of a vector as signed and unsigned numbers.
macro_rules! views {
    ($($view:ident: $cast:ident, $back:ident: $cast_back:ident, $number:ident;)*) => {$(
        #[inline(always)]
        fn $view(v: uint8x16_t) -> $number {
            // SAFETY: Advanced SIMD is part of the baseline of this architecture.
            unsafe { $cast(v) }
        }

        #[inline(always)]
        fn $back(v: $number) -> uint8x16_t {
            // SAFETY: Advanced SIMD is part of the baseline of this architecture.
            unsafe { $cast_back(v) }
        }
    )*};
}

views! {
    words: vreinterpretq_s16_u8, of_words: vreinterpretq_u8_s16, int16x8_t;
    unsigned_words: vreinterpretq_u16_u8, of_unsigned_words: vreinterpretq_u8_u16, uint16x8_t;
    doubles: vreinterpretq_s32_u8, of_doubles: vreinterpretq_u8_s32, int32x4_t;
    quads: vreinterpretq_u64_u8, of_quads: vreinterpretq_u8_u64, uint64x2_t;
    signed_bytes: vreinterpretq_s8_u8, of_signed_bytes: vreinterpretq_u8_s8, int8x16_t;
}

/// Methods of [`Vector`] that are one instruction on two vectors each, seen as numbers.
macro_rules! instructions {
    ($($name:ident: $instruction:ident on $view:ident, $back:ident;)*) => {$(
        #[inline(always)]
        fn $name(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
            // SAFETY: `self` is the proof that this CPU has Advanced SIMD.
            unsafe { $back($instruction($view(a), $view(b))) }
        }
    )*};
}

/// Methods of [`Vector`] that are one shift each.
macro_rules! shifts {
    ($($name:ident: $instruction:ident on $view:ident, $back:ident;)*) => {$(
        #[inline(always)]
        fn $name<const BITS: i32>(self, a: uint8x16_t) -> uint8x16_t {
            // SAFETY: `self` is the proof that this CPU has Advanced SIMD.
            unsafe { $back($instruction::<BITS>($view(a))) }
        }
    )*};
}

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are unaligned, of as many bytes as were checked to be there.
impl Vector<16> for Neon {
    type V = uint8x16_t;

    instructions! {
        low_words: vzip1q_s16 on words, of_words;
        high_words: vzip2q_s16 on words, of_words;
        low_doubles: vzip1q_s32 on doubles, of_doubles;
        high_doubles: vzip2q_s32 on doubles, of_doubles;
        low_quads: vzip1q_u64 on quads, of_quads;
        high_quads: vzip2q_u64 on quads, of_quads;
        low_bytes: vzip1q_s8 on signed_bytes, of_signed_bytes;
        high_bytes: vzip2q_s8 on signed_bytes, of_signed_bytes;
        or: vorrq_u64 on quads, of_quads;
        and: vandq_u64 on quads, of_quads;
        xor: veorq_u64 on quads, of_quads;
        add_words: vaddq_s16 on words, of_words;
        sub_words: vsubq_s16 on words, of_words;
        add_doubles: vaddq_s32 on doubles, of_doubles;
        sub_doubles: vsubq_s32 on doubles, of_doubles;
        mul_words: vmulq_s16 on words, of_words;
        mul_rounded: vqrdmulhq_s16 on words, of_words;
        add_pairs_of_doubles: vpaddq_s32 on doubles, of_doubles;
    }

    shifts! {
        words_up: vshlq_n_s16 on words, of_words;
        words_down: vshrq_n_s16 on words, of_words;
        unsigned_words_down: vshrq_n_u16 on unsigned_words, of_unsigned_words;
        doubles_up: vshlq_n_s32 on doubles, of_doubles;
        doubles_down: vshrq_n_s32 on doubles, of_doubles;
    }

    #[inline(always)]
    fn splat(self, value: i32) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { of_doubles(vdupq_n_s32(value)) }
    }

    #[inline(always)]
    fn splat_words(self, value: i16) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { of_words(vdupq_n_s16(value)) }
    }

    #[inline(always)]
    fn repeat(self, lane: &[u8; 16]) -> uint8x16_t {
        self.load(lane)
    }

    #[inline(always)]
    fn repeat_words(self, lane: &[i16; 8]) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD; the reference is to 16 readable bytes.
        unsafe { of_words(vld1q_s16(lane.as_ptr())) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; 16]) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD; the reference is to 16 readable bytes.
        unsafe { vld1q_u8(bytes.as_ptr()) }
    }

    #[inline(always)]
    fn load_words(self, words: &[i16], at: usize) -> uint8x16_t {
        self.repeat_words(words[at..].first_chunk().expect("enough words"))
    }

    #[inline(always)]
    fn load_lanes<'a>(self, lane: impl Fn(usize) -> &'a [u8; 16]) -> uint8x16_t {
        self.load(lane(0))
    }

    #[inline(always)]
    fn load_lanes_of_words<'a>(self, lane: impl Fn(usize) -> &'a [i16; 8]) -> uint8x16_t {
        self.repeat_words(lane(0))
    }

    #[inline(always)]
    fn load_wide(self, bytes: &[u8]) -> uint8x16_t {
        let bytes = bytes[..8].as_ptr();
        // SAFETY: `self` proves Advanced SIMD; the slice was just checked to have 8 bytes.
        unsafe { of_unsigned_words(vmovl_u8(vld1_u8(bytes))) }
    }

    #[inline(always)]
    fn load_rows<const COUNT: usize>(
        self,
        rows: &ByteRows<'_>,
        at: usize,
    ) -> Option<[uint8x16_t; COUNT]> {
        rows.from(at, COUNT)?;
        let mut vectors = [self.splat(0); COUNT];
        for (row, vector) in vectors.iter_mut().enumerate() {
            *vector = self.load(rows.bytes[at + row * rows.stride..].first_chunk()?);
        }
        Some(vectors)
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; 16], value: uint8x16_t) {
        // SAFETY: `self` proves Advanced SIMD; the reference is to 16 writable bytes.
        unsafe { vst1q_u8(bytes.as_mut_ptr(), value) }
    }

    #[inline(always)]
    fn store_lane(self, lane: &mut [i16; 8], value: uint8x16_t, _: usize) {
        // SAFETY: `self` proves Advanced SIMD; the reference is to 16 writable bytes.
        unsafe { vst1q_s16(lane.as_mut_ptr(), words(value)) }
    }

    #[inline(always)]
    fn store_rows<const APART: usize, const ROWS: usize>(
        self,
        bytes: &mut [u8],
        stride: usize,
        vectors: [uint8x16_t; ROWS],
    ) {
        for (row, vector) in vectors.into_iter().enumerate() {
            self.store(bytes[row * stride..].first_chunk_mut().expect("room in the row"), vector);
        }
    }

    #[inline(always)]
    fn store_row_pairs<const PAIRS: usize>(
        self,
        bytes: &mut [u8],
        stride: usize,
        pairs: [uint8x16_t; PAIRS],
    ) {
        let last = stride.saturating_mul(2 * PAIRS - 1).saturating_add(8);
        assert!(last <= bytes.len(), "rows end before the store does");
        for (index, pair) in pairs.into_iter().enumerate() {
            // SAFETY: `self` proves Advanced SIMD; by the assertion, the last row has 8 writable
            // bytes from its start on, and so have those before it.
            unsafe {
                let upper = bytes.as_mut_ptr().add(2 * index * stride);
                vst1_u8(upper, vget_low_u8(pair));
                vst1_u8(upper.add(stride), vget_high_u8(pair));
            }
        }
    }

    #[inline(always)]
    fn store_lanes(self, bytes: &mut [u8], vectors: [uint8x16_t; 3]) {
        let bytes = bytes[..48].as_chunks_mut::<16>().0;
        for (bytes, value) in bytes.iter_mut().zip(vectors) {
            self.store(bytes, value);
        }
    }

    #[inline(always)]
    fn pick(self, a: uint8x16_t, order: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { vqtbl1q_u8(a, order) }
    }

    #[inline(always)]
    fn choose(self, mask: uint8x16_t, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { vbslq_u8(mask, b, a) }
    }

    #[inline(always)]
    fn mul_high(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        let (a, b) = (unsigned_words(a), unsigned_words(b));
        // SAFETY: `self` proves Advanced SIMD.
        unsafe {
            let low = vreinterpretq_u16_u32(vmull_u16(vget_low_u16(a), vget_low_u16(b)));
            let high = vreinterpretq_u16_u32(vmull_high_u16(a, b));
            of_unsigned_words(vuzp2q_u16(low, high))
        }
    }

    #[inline(always)]
    fn dot_words(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        let (a, b) = (words(a), words(b));
        // SAFETY: `self` proves Advanced SIMD.
        unsafe {
            let low = vmull_s16(vget_low_s16(a), vget_low_s16(b));
            of_doubles(vpaddq_s32(low, vmull_high_s16(a, b)))
        }
    }

    #[inline(always)]
    fn dot_words_onto(self, sum: uint8x16_t, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        self.add_doubles(sum, self.dot_words(a, b))
    }

    #[inline(always)]
    fn doubles_down_by(self, a: uint8x16_t, bits: u32) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { of_doubles(vshlq_s32(doubles(a), vdupq_n_s32(-(bits as i32)))) }
    }

    #[inline(always)]
    fn quotients_of_255(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe {
            let most = vdupq_n_f32(255.0);
            let factor = vdivq_f32(most, vcvtq_f32_s32(doubles(b)));
            let quotient = vmulq_f32(vcvtq_f32_s32(doubles(a)), factor);
            let quotient = vaddq_f32(quotient, vdupq_n_f32(ALMOST_NOTHING));
            of_doubles(vcvtq_s32_f32(vminq_f32(quotient, most)))
        }
    }

    #[inline(always)]
    fn add_pairs_of_bytes(self, a: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { of_unsigned_words(vpaddlq_u8(a)) }
    }

    #[inline(always)]
    fn abs_words(self, a: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { of_words(vabsq_s16(words(a))) }
    }

    #[inline(always)]
    fn with_signs(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        let negative = self.words_down::<15>(b);
        self.sub_words(self.xor(a, negative), negative)
    }

    #[inline(always)]
    fn to_words(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { of_words(vqmovn_high_s32(vqmovn_s32(doubles(a)), doubles(b))) }
    }

    #[inline(always)]
    fn to_samples(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { vqmovun_high_s16(vqmovun_s16(words(a)), words(b)) }
    }

    #[inline(always)]
    fn to_samples_in_order(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        self.to_samples(a, b)
    }

    #[inline(always)]
    fn to_signed_bytes(self, a: uint8x16_t, b: uint8x16_t) -> uint8x16_t {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { of_signed_bytes(vqmovn_high_s16(vqmovn_s16(words(a)), words(b))) }
    }

    #[inline(always)]
    fn pair(self, a: uint8x16_t, b: uint8x16_t) -> Pair<uint8x16_t> {
        [a, b]
    }

    #[inline(always)]
    fn dot_onto(
        self,
        [low, high]: Wide<uint8x16_t>,
        [a, b]: Pair<uint8x16_t>,
        fa: i32,
        fb: i32,
    ) -> Wide<uint8x16_t> {
        let (a, b, fa, fb) = (words(a), words(b), fa as i16, fb as i16);
        // SAFETY: `self` proves Advanced SIMD.
        unsafe {
            let low = vmlal_n_s16(doubles(low), vget_low_s16(a), fa);
            let high = vmlal_high_n_s16(doubles(high), a, fa);
            [
                of_doubles(vmlal_n_s16(low, vget_low_s16(b), fb)),
                of_doubles(vmlal_high_n_s16(high, b, fb)),
            ]
        }
    }

    #[inline(always)]
    fn dot(self, [a, b]: Pair<uint8x16_t>, fa: i32, fb: i32) -> Wide<uint8x16_t> {
        let (a, b, fa, fb) = (words(a), words(b), fa as i16, fb as i16);
        // SAFETY: `self` proves Advanced SIMD.
        unsafe {
            let low = vmull_n_s16(vget_low_s16(a), fa);
            let high = vmull_high_n_s16(a, fa);
            [
                of_doubles(vmlal_n_s16(low, vget_low_s16(b), fb)),
                of_doubles(vmlal_high_n_s16(high, b, fb)),
            ]
        }
    }

    #[inline(always)]
    fn narrow<const BITS: i32>(self, [low, high]: Wide<uint8x16_t>) -> uint8x16_t {
        // Of 16 bits on, the upper half of a double is a word already and nothing is clamped.
        match BITS {
            18 => self.words_down::<2>(upper_halves(low, high)),
            19 => self.words_down::<3>(upper_halves(low, high)),
            _ => self.to_words(self.doubles_down::<BITS>(low), self.doubles_down::<BITS>(high)),
        }
    }

    #[inline(always)]
    fn is_zero(self, a: uint8x16_t) -> bool {
        // SAFETY: `self` proves Advanced SIMD.
        unsafe { vmaxvq_u8(a) == 0 }
    }

    #[inline(always)]
    fn zero_lanes(self, a: uint8x16_t) -> u32 {
        self.is_zero(a).into()
    }

    #[inline(always)]
    fn replace_lanes<const K: usize>(
        self,
        values: [uint8x16_t; K],
        by: uint8x16_t,
        lanes: u32,
    ) -> [uint8x16_t; K] {
        if lanes & 1 == 1 { [by; K] } else { values }
    }

    #[inline(always)]
    fn nonzero_words(self, a: uint8x16_t, b: uint8x16_t) -> u32 {
        const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
        let (a, b) = (unsigned_words(a), unsigned_words(b));
        // SAFETY: `self` proves Advanced SIMD; the array has the 16 bytes that are read.
        unsafe {
            let set = vmovn_high_u16(vmovn_u16(vtstq_u16(a, a)), vtstq_u16(b, b));
            let bits = vandq_u8(set, vld1q_u8(BITS.as_ptr()));
            let (low, high) = (vaddv_u8(vget_low_u8(bits)), vaddv_u8(vget_high_u8(bits)));
            u32::from(low) | u32::from(high) << 8
        }
    }

    #[inline(always)]
    fn store_threes(self, bytes: &mut [u8], colours: [[uint8x16_t; 2]; 3]) {
        let bytes = bytes[..48].as_mut_ptr();
        // SAFETY: `self` proves Advanced SIMD; the slice was just checked to have 48 bytes.
        unsafe {
            let in_turns = |[even, odd]: [uint8x16_t; 2]| {
                let (even, odd) = (vqmovun_s16(words(even)), vqmovun_s16(words(odd)));
                vcombine_u8(vzip1_u8(even, odd), vzip2_u8(even, odd))
            };
            let [a, b, c] = colours.map(in_turns);
            vst3q_u8(bytes, uint8x16x3_t(a, b, c));
        }
    }

    #[inline(always)]
    fn load_groups<const GROUP: usize>(self, bytes: &[u8]) -> [[Pair<uint8x16_t>; 2]; 2] {
        let bytes = bytes[..groups_reach(16, GROUP)].as_ptr();
        // SAFETY: `self` proves Advanced SIMD; the slice was just checked to have 52 bytes, or 64
        // for groups of 4.
        let [a, b, c] = unsafe {
            if GROUP == 3 {
                let uint8x16x3_t(a, b, c) = vld3q_u8(bytes);
                [a, b, c]
            } else {
                let uint8x16x4_t(a, b, c, _) = vld4q_u8(bytes);
                [a, b, c]
            }
        };
        // SAFETY: `self` proves Advanced SIMD.
        let [low, high] = unsafe {
            [
                [a, b, c].map(|v| of_unsigned_words(vmovl_u8(vget_low_u8(v)))),
                [a, b, c].map(|v| of_unsigned_words(vmovl_high_u8(v))),
            ]
        };
        [low, high].map(|[a, b, c]| [[a, b], [c, b]])
    }
}

/// The upper 16 bits of all doubles.
#[inline(always)]
fn upper_halves(low: uint8x16_t, high: uint8x16_t) -> uint8x16_t {
    // SAFETY: Advanced SIMD is part of the baseline of this architecture.
    unsafe { of_words(vshrn_high_n_s32::<16>(vshrn_n_s32::<16>(doubles(low)), doubles(high))) }
}
