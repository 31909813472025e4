//! The scalar body compiled for AVX2.

use crate::simd::Avx2;

use super::map::Map;
use super::sample::Sampler;
use super::{Row, warp_row as body};

/// As [`super::warp_row`].
pub(super) fn warp_row(_: Avx2, row: Row<'_>, map: &Map, sampler: &impl Sampler) {
    // SAFETY: the token proves that the CPU has AVX2.
    unsafe { warp_row_avx2(row, map, sampler) }
}

#[target_feature(enable = "avx2")]
fn warp_row_avx2(row: Row<'_>, map: &Map, sampler: &impl Sampler) {
    body(row, map, sampler);
}
