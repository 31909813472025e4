//! The scalar body compiled for AVX2, which has the 32-bit products that the baseline lacks.

use crate::simd::Avx2;

use super::Lanes;
use super::scalar::{self, Window};

/// As [`scalar::blur`].
pub(super) fn blur(_: Avx2, from: &[Lanes], to: &mut [Lanes], window: &Window) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { blur_avx2(from, to, window) }
}

#[target_feature(enable = "avx2")]
fn blur_avx2(from: &[Lanes], to: &mut [Lanes], window: &Window) {
    scalar::blur_inline(from, to, window);
}
