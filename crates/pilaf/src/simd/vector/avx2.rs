//! AVX2: two lanes. AVX-VNNI and AVX-512 have the same vectors, and a few instructions of their own
//! for them ([`TwoLanes`]).

use std::arch::x86_64::*;
use std::hint::black_box;

use super::{
    ALMOST_NOTHING, ByteRows, Kernel, Pair, Vector, Wide, instructions, shifts, shuffle_threes,
};
use crate::simd::{Avx2, AvxVnni};

/// Computes `kernel` as machine code of this level.
pub(super) fn compute<K: Kernel>(token: Avx2, kernel: K) -> K::Output {
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn compiled<K: Kernel>(token: Avx2, kernel: K) -> K::Output {
        kernel.vectors(token)
    }
    // SAFETY: the token proves these features.
    unsafe { compiled(token, kernel) }
}

/// Tokens that prove AVX2, and what their levels do in different ways.
pub(super) trait TwoLanes: Copy + Send + Sync + 'static {
    /// As [`Vector::dot_words_onto`].
    fn dot_words_onto(self, sum: __m256i, a: __m256i, b: __m256i) -> __m256i;

    /// As [`Vector::store_threes`].
    #[inline(always)]
    fn store_threes(self, bytes: &mut [u8], colours: [[__m256i; 2]; 3]) {
        shuffle_threes(self, bytes, colours);
    }
}

impl TwoLanes for Avx2 {
    #[inline(always)]
    fn dot_words_onto(self, sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
        self.add_doubles(sum, self.dot_words(a, b))
    }
}

/// Multiplies and adds in one instruction, which wraps like the sums it stands for.
impl TwoLanes for AvxVnni {
    #[inline(always)]
    fn dot_words_onto(self, sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX-VNNI.
        unsafe { _mm256_dpwssd_avx_epi32(sum, a, b) }
    }
}

// Every `unsafe` below runs an instruction of the level, which the token in `self` proves to be
// there; loads and stores are unaligned, of as many bytes as were checked to be there.
impl<T: TwoLanes> Vector<32> for T {
    type V = __m256i;

    instructions! {
        low_bytes: _mm256_unpacklo_epi8,
        high_bytes: _mm256_unpackhi_epi8,
        low_words: _mm256_unpacklo_epi16,
        high_words: _mm256_unpackhi_epi16,
        low_doubles: _mm256_unpacklo_epi32,
        high_doubles: _mm256_unpackhi_epi32,
        low_quads: _mm256_unpacklo_epi64,
        high_quads: _mm256_unpackhi_epi64,
        pick: _mm256_shuffle_epi8,
        or: _mm256_or_si256,
        and: _mm256_and_si256,
        xor: _mm256_xor_si256,
        add_words: _mm256_add_epi16,
        sub_words: _mm256_sub_epi16,
        add_doubles: _mm256_add_epi32,
        sub_doubles: _mm256_sub_epi32,
        mul_words: _mm256_mullo_epi16,
        mul_high: _mm256_mulhi_epu16,
        mul_rounded: _mm256_mulhrs_epi16,
        dot_words: _mm256_madd_epi16,
        add_pairs_of_doubles: _mm256_hadd_epi32,
        with_signs: _mm256_sign_epi16,
        to_words: _mm256_packs_epi32,
        to_samples: _mm256_packus_epi16,
        to_signed_bytes: _mm256_packs_epi16,
    }

    shifts! {
        words_up: _mm256_slli_epi16,
        words_down: _mm256_srai_epi16,
        unsigned_words_down: _mm256_srli_epi16,
        doubles_up: _mm256_slli_epi32,
        doubles_down: _mm256_srai_epi32,
    }

    #[inline(always)]
    fn splat(self, value: i32) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_set1_epi32(value) }
    }

    #[inline(always)]
    fn splat_words(self, value: i16) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_set1_epi16(value) }
    }

    #[inline(always)]
    fn repeat(self, lane: &[u8; 16]) -> __m256i {
        // SAFETY: `self` proves AVX2; the reference is to 16 readable bytes.
        unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(lane.as_ptr().cast())) }
    }

    #[inline(always)]
    fn repeat_words(self, lane: &[i16; 8]) -> __m256i {
        // SAFETY: `self` proves AVX2; the reference is to 16 readable bytes.
        unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(lane.as_ptr().cast())) }
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; 32]) -> __m256i {
        // SAFETY: `self` proves AVX2; the reference is to 32 readable bytes.
        unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn load_words(self, words: &[i16], at: usize) -> __m256i {
        let words = words[at..][..16].as_ptr();
        // SAFETY: `self` proves AVX2; the slice was just checked to have 32 bytes.
        unsafe { _mm256_loadu_si256(words.cast()) }
    }

    #[inline(always)]
    fn load_lanes<'a>(self, lane: impl Fn(usize) -> &'a [u8; 16]) -> __m256i {
        // SAFETY: `self` proves AVX2; the references are to 16 readable bytes each.
        unsafe {
            let low = _mm256_castsi128_si256(_mm_loadu_si128(lane(0).as_ptr().cast()));
            _mm256_inserti128_si256::<1>(low, _mm_loadu_si128(lane(1).as_ptr().cast()))
        }
    }

    #[inline(always)]
    fn load_lanes_of_words<'a>(self, lane: impl Fn(usize) -> &'a [i16; 8]) -> __m256i {
        // SAFETY: `self` proves AVX2; the references are to 16 readable bytes each.
        unsafe {
            let low = _mm256_castsi128_si256(_mm_loadu_si128(lane(0).as_ptr().cast()));
            _mm256_inserti128_si256::<1>(low, _mm_loadu_si128(lane(1).as_ptr().cast()))
        }
    }

    #[inline(always)]
    fn load_wide(self, bytes: &[u8]) -> __m256i {
        let bytes = bytes[..16].as_ptr();
        // SAFETY: `self` proves AVX2; the slice was just checked to have 16 bytes.
        unsafe { _mm256_cvtepu8_epi16(_mm_loadu_si128(bytes.cast())) }
    }

    #[inline(always)]
    fn load_rows<const COUNT: usize>(
        self,
        rows: &ByteRows<'_>,
        at: usize,
    ) -> Option<[__m256i; COUNT]> {
        let first = rows.from(at, 8 + COUNT)?;
        // Were it known to stay the same, an address would be kept for each of many rows, in memory.
        let stride = if COUNT > 4 { black_box(rows.stride) } else { rows.stride };
        let mut vectors = [self.splat(0); COUNT];
        for (row, vector) in vectors.iter_mut().enumerate() {
            let start = first.wrapping_add(row * stride);
            // SAFETY: `self` proves AVX2; all of the `8 + COUNT` rows have 16 readable bytes there.
            *vector = unsafe {
                let upper = _mm_loadu_si128(start.cast());
                let lower = _mm_loadu_si128(start.wrapping_add(8 * stride).cast());
                _mm256_inserti128_si256::<1>(_mm256_castsi128_si256(upper), lower)
            };
        }
        Some(vectors)
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; 32], value: __m256i) {
        // SAFETY: `self` proves AVX2; the reference is to 32 writable bytes.
        unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), value) }
    }

    #[inline(always)]
    fn store_lane(self, words: &mut [i16; 8], value: __m256i, lane: usize) {
        // SAFETY: `self` proves AVX2; the reference is to 16 writable bytes.
        unsafe {
            let value = match lane {
                0 => _mm256_castsi256_si128(value),
                _ => _mm256_extracti128_si256::<1>(value),
            };
            _mm_storeu_si128(words.as_mut_ptr().cast(), value);
        }
    }

    #[inline(always)]
    fn store_rows<const APART: usize, const ROWS: usize>(
        self,
        bytes: &mut [u8],
        stride: usize,
        vectors: [__m256i; ROWS],
    ) {
        let last = stride.saturating_mul((ROWS - 1) + APART);
        assert!(bytes.len() >= last.saturating_add(16), "rows end before the store does");
        for (row, vector) in vectors.into_iter().enumerate() {
            let start = bytes.as_mut_ptr().wrapping_add(row * stride);
            // SAFETY: `self` proves AVX2; by the assertion, the last row has 16 writable bytes, and
            // so have those before it.
            unsafe {
                _mm_storeu_si128(start.cast(), _mm256_castsi256_si128(vector));
                let lower = start.wrapping_add(APART * stride);
                _mm_storeu_si128(lower.cast(), _mm256_extracti128_si256::<1>(vector));
            }
        }
    }

    #[inline(always)]
    fn store_row_pairs<const PAIRS: usize>(
        self,
        bytes: &mut [u8],
        stride: usize,
        pairs: [__m256i; PAIRS],
    ) {
        let last = stride.saturating_mul(2 * PAIRS - 1).saturating_add(16);
        assert!(last <= bytes.len(), "rows end before the store does");
        for (index, pair) in pairs.into_iter().enumerate() {
            // SAFETY: `self` proves AVX2; by the assertion, the last row has 16 writable bytes
            // from its start on, and so have those before it.
            unsafe {
                let rows = _mm256_permute4x64_epi64::<0b11_01_10_00>(pair);
                let upper = bytes.as_mut_ptr().add(2 * index * stride);
                _mm_storeu_si128(upper.cast(), _mm256_castsi256_si128(rows));
                let lower = _mm256_extracti128_si256::<1>(rows);
                _mm_storeu_si128(upper.add(stride).cast(), lower);
            }
        }
    }

    #[inline(always)]
    fn store_lanes(self, bytes: &mut [u8], [a, b, c]: [__m256i; 3]) {
        // SAFETY: `self` proves AVX2.
        let vectors = unsafe {
            [
                _mm256_permute2x128_si256::<0x20>(a, b),
                _mm256_permute2x128_si256::<0x30>(c, a),
                _mm256_permute2x128_si256::<0x31>(b, c),
            ]
        };
        let bytes = bytes[..96].as_chunks_mut::<32>().0;
        for (bytes, value) in bytes.iter_mut().zip(vectors) {
            self.store(bytes, value);
        }
    }

    #[inline(always)]
    fn choose(self, mask: __m256i, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_blendv_epi8(a, b, mask) }
    }

    #[inline(always)]
    fn add_pairs_of_bytes(self, a: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_maddubs_epi16(a, _mm256_set1_epi8(1)) }
    }

    #[inline(always)]
    fn abs_words(self, a: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_abs_epi16(a) }
    }

    #[inline(always)]
    fn to_samples_in_order(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packus_epi16(a, b)) }
    }

    #[inline(always)]
    fn pair(self, a: __m256i, b: __m256i) -> Pair<__m256i> {
        [self.low_words(a, b), self.high_words(a, b)]
    }

    #[inline(always)]
    fn dot_onto(self, sum: Wide<__m256i>, pair: Pair<__m256i>, fa: i32, fb: i32) -> Wide<__m256i> {
        let factors = self.splat(fb << 16 | fa & 0xFFFF);
        [
            TwoLanes::dot_words_onto(self, sum[0], pair[0], factors),
            TwoLanes::dot_words_onto(self, sum[1], pair[1], factors),
        ]
    }

    #[inline(always)]
    fn dot(self, pair: Pair<__m256i>, fa: i32, fb: i32) -> Wide<__m256i> {
        let factors = self.splat(fb << 16 | fa & 0xFFFF);
        [self.dot_words(pair[0], factors), self.dot_words(pair[1], factors)]
    }

    #[inline(always)]
    fn narrow<const BITS: i32>(self, wide: Wide<__m256i>) -> __m256i {
        self.to_words(self.doubles_down::<BITS>(wide[0]), self.doubles_down::<BITS>(wide[1]))
    }

    #[inline(always)]
    fn dot_words_onto(self, sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
        TwoLanes::dot_words_onto(self, sum, a, b)
    }

    #[inline(always)]
    fn doubles_down_by(self, a: __m256i, bits: u32) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_sra_epi32(a, _mm_cvtsi32_si128(bits as i32)) }
    }

    #[inline(always)]
    fn quotients_of_255(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe {
            let most = _mm256_set1_ps(255.0);
            let factor = _mm256_div_ps(most, _mm256_cvtepi32_ps(b));
            let quotient = _mm256_mul_ps(_mm256_cvtepi32_ps(a), factor);
            let quotient = _mm256_add_ps(quotient, _mm256_set1_ps(ALMOST_NOTHING));
            _mm256_cvttps_epi32(_mm256_min_ps(quotient, most))
        }
    }

    #[inline(always)]
    fn is_zero(self, a: __m256i) -> bool {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_testz_si256(a, a) == 1 }
    }

    #[inline(always)]
    fn zero_lanes(self, a: __m256i) -> u32 {
        let zeros =
            // SAFETY: `self` proves AVX2.
            unsafe { _mm256_movemask_epi8(_mm256_cmpeq_epi8(a, _mm256_setzero_si256())) as u32 };
        u32::from(zeros & 0xFFFF == 0xFFFF) | u32::from(zeros >> 16 == 0xFFFF) << 1
    }

    #[inline(always)]
    fn replace_lanes<const K: usize>(
        self,
        mut values: [__m256i; K],
        by: __m256i,
        lanes: u32,
    ) -> [__m256i; K] {
        for value in &mut values {
            // SAFETY: `self` proves AVX2.
            *value = unsafe {
                match lanes & 0b11 {
                    0b00 => *value,
                    0b01 => _mm256_blend_epi32::<0x0f>(*value, by),
                    0b10 => _mm256_blend_epi32::<0xf0>(*value, by),
                    _ => by,
                }
            };
        }
        values
    }

    #[inline(always)]
    fn nonzero_words(self, a: __m256i, b: __m256i) -> u32 {
        // SAFETY: `self` proves AVX2.
        unsafe {
            let zero = _mm256_setzero_si256();
            let zeros = (_mm256_cmpeq_epi16(a, zero), _mm256_cmpeq_epi16(b, zero));
            !_mm256_movemask_epi8(_mm256_packs_epi16(zeros.0, zeros.1)) as u32
        }
    }

    #[inline(always)]
    fn store_threes(self, bytes: &mut [u8], colours: [[__m256i; 2]; 3]) {
        TwoLanes::store_threes(self, bytes, colours);
    }
}
