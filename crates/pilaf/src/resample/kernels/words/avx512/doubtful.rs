//! Doubtful sums, made as Pillow makes them.

use std::arch::x86_64::*;

use super::super::BIAS;
use super::super::axis::AxisOfWords;
use super::Sixteen;
use crate::simd::LINE;

impl Sixteen {
    /// The signed samples of an output whose units are given: `samples`, and where those are doubtful
    /// what Pillow makes.
    #[inline(always)]
    pub(super) fn as_pillow<'a>(
        self,
        (samples, doubtful): (__m512i, u16),
        units: impl Fn(usize) -> &'a [u8; LINE],
        axis: &AxisOfWords,
        index: usize,
    ) -> __m512i {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
        #[cold]
        fn compiled<'a>(
            x: Sixteen,
            (samples, doubtful): (__m512i, u16),
            units: impl Fn(usize) -> &'a [u8; LINE],
            axis: &AxisOfWords,
            index: usize,
        ) -> __m512i {
            let mut samples = samples;
            if doubtful & 0xFF != 0 {
                let half = x.half::<0>(&units, axis, index);
                samples = _mm512_inserti64x4::<0>(samples, half);
            }
            if doubtful >> 8 != 0 {
                let half = x.half::<1>(&units, axis, index);
                samples = _mm512_inserti64x4::<1>(samples, half);
            }
            samples
        }
        // SAFETY: `self` proves these features.
        unsafe { compiled(self, (samples, doubtful), units, axis, index) }
    }

    /// Eight of them.
    #[inline(always)]
    fn half<'a, const HALF: usize>(
        self,
        units: &impl Fn(usize) -> &'a [u8; LINE],
        axis: &AxisOfWords,
        index: usize,
    ) -> __m256i {
        let (lead, weights) = axis.estimates(index);
        let mut sums = self.sums::<HALF>(units, lead, weights);
        if !axis.are_sure(&self.numbers(sums)) {
            let (lead, weights) = axis.taps(index);
            sums = self.sums::<HALF>(units, lead, weights);
        }
        // As `round_to_u16` does it.
        // SAFETY: `self` proves AVX-512F and VL.
        unsafe {
            let sums = _mm512_add_pd(sums, _mm512_set1_pd(0.5));
            let inside = _mm512_max_pd(sums, _mm512_setzero_pd());
            let inside = _mm512_min_pd(inside, _mm512_set1_pd(f64::from(u16::MAX)));
            _mm256_add_epi32(_mm512_cvttpd_epi32(inside), _mm256_set1_epi32(BIAS))
        }
    }

    /// Sums in tap order, the first of which is tap `lead` of the first unit.
    #[inline(always)]
    fn sums<'a, const HALF: usize>(
        self,
        units: &impl Fn(usize) -> &'a [u8; LINE],
        lead: usize,
        weights: &[f64],
    ) -> __m512d {
        let (alone, weights) = weights.split_at(lead.min(weights.len()));
        let (pairs, last) = weights.as_chunks::<2>();
        // SAFETY: `self` proves AVX-512F.
        let mut sums = unsafe { _mm512_setzero_pd() };
        if let [weight] = alone {
            sums = self.add_tap(sums, self.second_tap::<HALF>(units(0)), *weight);
        }
        for (unit, [first, second]) in (lead..).zip(pairs) {
            sums = self.add_tap(sums, self.first_tap::<HALF>(units(unit)), *first);
            sums = self.add_tap(sums, self.second_tap::<HALF>(units(unit)), *second);
        }
        if let [weight] = last {
            sums = self.add_tap(sums, self.first_tap::<HALF>(units(lead + pairs.len())), *weight);
        }
        sums
    }

    /// The pairs of eight rows or columns, without their bias.
    #[inline(always)]
    fn pairs<const HALF: usize>(self, unit: &[u8; LINE]) -> __m256i {
        let half = &unit.as_chunks::<{ LINE / 2 }>().0[HALF];
        // SAFETY: `self` proves AVX2; the reference is to 32 readable bytes.
        unsafe {
            let pairs = _mm256_loadu_si256(half.as_ptr().cast());
            _mm256_xor_si256(pairs, _mm256_set1_epi16(i16::MIN))
        }
    }

    #[inline(always)]
    fn first_tap<const HALF: usize>(self, unit: &[u8; LINE]) -> __m512d {
        let pairs = self.pairs::<HALF>(unit);
        // SAFETY: `self` proves AVX-512F and AVX2.
        unsafe { _mm512_cvtepi32_pd(_mm256_and_si256(pairs, _mm256_set1_epi32(0xFFFF))) }
    }

    #[inline(always)]
    fn second_tap<const HALF: usize>(self, unit: &[u8; LINE]) -> __m512d {
        let pairs = self.pairs::<HALF>(unit);
        // SAFETY: `self` proves AVX-512F and AVX2.
        unsafe { _mm512_cvtepi32_pd(_mm256_srli_epi32::<16>(pairs)) }
    }

    /// Two roundings, as Pillow has them.
    #[inline(always)]
    fn add_tap(self, sums: __m512d, samples: __m512d, weight: f64) -> __m512d {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_add_pd(sums, _mm512_mul_pd(samples, _mm512_set1_pd(weight))) }
    }

    #[inline(always)]
    fn numbers(self, vector: __m512d) -> [f64; 8] {
        let mut numbers = [0.0; 8];
        // SAFETY: `self` proves AVX-512F; the array has room for eight numbers.
        unsafe { _mm512_storeu_pd(numbers.as_mut_ptr(), vector) };
        numbers
    }
}
