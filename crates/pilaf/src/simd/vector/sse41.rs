//! SSE4.1 with SSSE3: one lane.

use std::arch::x86_64::*;

use super::{ALMOST_NOTHING, ByteRows, Kernel, Pair, Vector, Wide, instructions, shifts};
use crate::simd::Sse41;

/// Computes `kernel` as machine code of this level.
pub(super) fn compute<K: Kernel>(token: Sse41, kernel: K) -> K::Output {
    #[target_feature(enable = "sse4.1,ssse3,popcnt")]
    fn compiled<K: Kernel>(token: Sse41, kernel: K) -> K::Output {
        kernel.vectors(token)
    }
    // SAFETY: the token proves these features.
    unsafe { compiled(token, kernel) }
}

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are unaligned, of as many bytes as were checked to be there.
impl Vector<16> for Sse41 {
    type V = __m128i;

    instructions! {
        low_bytes: _mm_unpacklo_epi8,
        high_bytes: _mm_unpackhi_epi8,
        low_words: _mm_unpacklo_epi16,
        high_words: _mm_unpackhi_epi16,
        low_doubles: _mm_unpacklo_epi32,
        high_doubles: _mm_unpackhi_epi32,
        low_quads: _mm_unpacklo_epi64,
        high_quads: _mm_unpackhi_epi64,
        pick: _mm_shuffle_epi8,
        or: _mm_or_si128,
        and: _mm_and_si128,
        xor: _mm_xor_si128,
        add_words: _mm_add_epi16,
        sub_words: _mm_sub_epi16,
        add_doubles: _mm_add_epi32,
        sub_doubles: _mm_sub_epi32,
        mul_words: _mm_mullo_epi16,
        mul_high: _mm_mulhi_epu16,
        mul_rounded: _mm_mulhrs_epi16,
        dot_words: _mm_madd_epi16,
        add_pairs_of_doubles: _mm_hadd_epi32,
        with_signs: _mm_sign_epi16,
        to_words: _mm_packs_epi32,
        to_samples: _mm_packus_epi16,
        to_samples_in_order: _mm_packus_epi16,
        to_signed_bytes: _mm_packs_epi16,
    }

    shifts! {
        words_up: _mm_slli_epi16,
        words_down: _mm_srai_epi16,
        unsigned_words_down: _mm_srli_epi16,
        doubles_up: _mm_slli_epi32,
        doubles_down: _mm_srai_epi32,
    }

    #[inline(always)]
    fn splat(self, value: i32) -> __m128i {
        // SAFETY: `self` proves SSE4.1.
        unsafe { _mm_set1_epi32(value) }
    }

    #[inline(always)]
    fn splat_words(self, value: i16) -> __m128i {
        // SAFETY: `self` proves SSE4.1.
        unsafe { _mm_set1_epi16(value) }
    }

    #[inline(always)]
    fn repeat(self, lane: &[u8; 16]) -> __m128i {
        self.load(lane)
    }

    #[inline(always)]
    fn repeat_words(self, lane: &[i16; 8]) -> __m128i {
        // SAFETY: `self` proves SSE4.1; the reference is to 16 readable bytes.
        unsafe { _mm_loadu_si128(lane.as_ptr().cast()) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; 16]) -> __m128i {
        // SAFETY: `self` proves SSE4.1; the reference is to 16 readable bytes.
        unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn load_words(self, words: &[i16], at: usize) -> __m128i {
        self.repeat_words(words[at..].first_chunk().expect("enough words"))
    }

    #[inline(always)]
    fn load_lanes<'a>(self, lane: impl Fn(usize) -> &'a [u8; 16]) -> __m128i {
        self.load(lane(0))
    }

    #[inline(always)]
    fn load_lanes_of_words<'a>(self, lane: impl Fn(usize) -> &'a [i16; 8]) -> __m128i {
        self.repeat_words(lane(0))
    }

    #[inline(always)]
    fn load_wide(self, bytes: &[u8]) -> __m128i {
        let bytes = bytes[..8].as_ptr();
        // SAFETY: `self` proves SSE4.1; the slice was just checked to have 8 bytes.
        unsafe { _mm_cvtepu8_epi16(_mm_loadl_epi64(bytes.cast())) }
    }

    #[inline(always)]
    fn load_rows<const COUNT: usize>(
        self,
        rows: &ByteRows<'_>,
        at: usize,
    ) -> Option<[__m128i; COUNT]> {
        let first = rows.from(at, COUNT)?;
        let mut vectors = [self.splat(0); COUNT];
        for (row, vector) in vectors.iter_mut().enumerate() {
            let start = first.wrapping_add(row * rows.stride);
            // SAFETY: `self` proves SSE4.1; all of the `COUNT` rows have 16 readable bytes there.
            *vector = unsafe { _mm_loadu_si128(start.cast()) };
        }
        Some(vectors)
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; 16], value: __m128i) {
        // SAFETY: `self` proves SSE4.1; the reference is to 16 writable bytes.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), value) }
    }

    #[inline(always)]
    fn store_lane(self, words: &mut [i16; 8], value: __m128i, _: usize) {
        // SAFETY: `self` proves SSE4.1; the reference is to 16 writable bytes.
        unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), value) }
    }

    #[inline(always)]
    fn store_rows<const APART: usize, const ROWS: usize>(
        self,
        bytes: &mut [u8],
        stride: usize,
        vectors: [__m128i; ROWS],
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
        pairs: [__m128i; PAIRS],
    ) {
        let last = stride.saturating_mul(2 * PAIRS - 1).saturating_add(8);
        assert!(last <= bytes.len(), "rows end before the store does");
        for (index, pair) in pairs.into_iter().enumerate() {
            // SAFETY: `self` proves SSE4.1; by the assertion, the last row has 8 writable bytes
            // from its start on, and so have those before it.
            unsafe {
                let upper = bytes.as_mut_ptr().add(2 * index * stride);
                _mm_storel_epi64(upper.cast(), pair);
                _mm_storeh_pd(upper.add(stride).cast(), _mm_castsi128_pd(pair));
            }
        }
    }

    #[inline(always)]
    fn store_lanes(self, bytes: &mut [u8], vectors: [__m128i; 3]) {
        let bytes = bytes[..48].as_chunks_mut::<16>().0;
        for (bytes, value) in bytes.iter_mut().zip(vectors) {
            self.store(bytes, value);
        }
    }

    #[inline(always)]
    fn choose(self, mask: __m128i, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: `self` proves SSE4.1.
        unsafe { _mm_blendv_epi8(a, b, mask) }
    }

    #[inline(always)]
    fn add_pairs_of_bytes(self, a: __m128i) -> __m128i {
        // SAFETY: `self` proves SSSE3.
        unsafe { _mm_maddubs_epi16(a, _mm_set1_epi8(1)) }
    }

    #[inline(always)]
    fn abs_words(self, a: __m128i) -> __m128i {
        // SAFETY: `self` proves SSSE3.
        unsafe { _mm_abs_epi16(a) }
    }

    #[inline(always)]
    fn pair(self, a: __m128i, b: __m128i) -> Pair<__m128i> {
        [self.low_words(a, b), self.high_words(a, b)]
    }

    #[inline(always)]
    fn dot_onto(self, sum: Wide<__m128i>, pair: Pair<__m128i>, fa: i32, fb: i32) -> Wide<__m128i> {
        let [low, high] = self.dot(pair, fa, fb);
        [self.add_doubles(sum[0], low), self.add_doubles(sum[1], high)]
    }

    #[inline(always)]
    fn dot(self, pair: Pair<__m128i>, fa: i32, fb: i32) -> Wide<__m128i> {
        let factors = self.splat(fb << 16 | fa & 0xFFFF);
        [self.dot_words(pair[0], factors), self.dot_words(pair[1], factors)]
    }

    #[inline(always)]
    fn narrow<const BITS: i32>(self, wide: Wide<__m128i>) -> __m128i {
        self.to_words(self.doubles_down::<BITS>(wide[0]), self.doubles_down::<BITS>(wide[1]))
    }

    #[inline(always)]
    fn dot_words_onto(self, sum: __m128i, a: __m128i, b: __m128i) -> __m128i {
        self.add_doubles(sum, self.dot_words(a, b))
    }

    #[inline(always)]
    fn doubles_down_by(self, a: __m128i, bits: u32) -> __m128i {
        // SAFETY: `self` proves SSE4.1.
        unsafe { _mm_sra_epi32(a, _mm_cvtsi32_si128(bits as i32)) }
    }

    #[inline(always)]
    fn quotients_of_255(self, a: __m128i, b: __m128i) -> __m128i {
        // SAFETY: `self` proves SSE4.1.
        unsafe {
            let most = _mm_set1_ps(255.0);
            let factor = _mm_div_ps(most, _mm_cvtepi32_ps(b));
            let quotient = _mm_mul_ps(_mm_cvtepi32_ps(a), factor);
            let quotient = _mm_add_ps(quotient, _mm_set1_ps(ALMOST_NOTHING));
            _mm_cvttps_epi32(_mm_min_ps(quotient, most))
        }
    }

    #[inline(always)]
    fn is_zero(self, a: __m128i) -> bool {
        // SAFETY: `self` proves SSE4.1.
        unsafe { _mm_testz_si128(a, a) == 1 }
    }

    #[inline(always)]
    fn zero_lanes(self, a: __m128i) -> u32 {
        self.is_zero(a).into()
    }

    #[inline(always)]
    fn replace_lanes<const K: usize>(
        self,
        values: [__m128i; K],
        by: __m128i,
        lanes: u32,
    ) -> [__m128i; K] {
        if lanes & 1 == 1 { [by; K] } else { values }
    }

    #[inline(always)]
    fn nonzero_words(self, a: __m128i, b: __m128i) -> u32 {
        // SAFETY: `self` proves SSE4.1.
        unsafe {
            let zero = _mm_setzero_si128();
            let zeros = _mm_packs_epi16(_mm_cmpeq_epi16(a, zero), _mm_cmpeq_epi16(b, zero));
            !_mm_movemask_epi8(zeros) as u32 & 0xFFFF
        }
    }
}
