//! AVX-512: upsampling, conversion and interleaving of 32 pixels in one go, with no planes in between.
//!
//! The steps are those of `avx2`, and so is most of the code. The difference: a byte permutation across the whole register puts each colour into
//! its places, so that nine of them, masked, make 96 bytes of pixels. Registers of 512 bits do that at
//! half the instructions, but make the clock of the whole decoder slower by more than they save.

use std::arch::x86_64::*;

use super::avx2::{centred, halves, mix, rgb, triangle, widen};
use super::{ChromaRows, ChromaScratch};
use crate::simd::Avx512;

/// Pixels of one step.
const STEP: usize = 32;

/// As [`super::chroma_to_rgb`].
pub(super) fn chroma_to_rgb(
    _: Avx512,
    y: &[u8],
    chroma: ChromaRows<'_>,
    scratch: &mut ChromaScratch,
    out: &mut [u8],
) {
    // SAFETY: the token proves that the CPU has AVX-512 BW, VL, VBMI and VNNI.
    unsafe { convert_row(y, chroma, scratch, out) }
}

/// Converts a row in steps. `$chroma` gives Cb and Cr of the 32 pixels from `$x`, `$width` of them real; a
/// macro, because a closure would not be inlined across the change of CPU features.
macro_rules! steps {
    ($y:ident, $out:ident, |$x:ident, $width:ident| $chroma:expr) => {{
        let places = Places::load();
        let mut $x = 0;
        while $x < $y.len() {
            let $width = STEP.min($y.len() - $x);
            let (cb, cr) = $chroma;
            let pixels = interleave(rgb(halves(load_part(&$y[$x..], $width)), cb, cr), &places);
            store_part(pixels, &mut $out[$x * 3..][..$width * 3]);
            $x += $width;
        }
    }};
}

#[target_feature(enable = "avx512bw,avx512vl,avx512vbmi,avx512vnni")]
fn convert_row(y: &[u8], chroma: ChromaRows<'_>, scratch: &mut ChromaScratch, out: &mut [u8]) {
    match chroma {
        ChromaRows::Full { cb, cr } => steps!(y, out, |x, width| {
            (centred(load_part(&cb[x..], width)), centred(load_part(&cr[x..], width)))
        }),
        ChromaRows::FancyH2V1 { cb, cr } => {
            let [wide_cb, wide_cr] = scratch.wide_rows(y.len());
            widen(cb, wide_cb);
            widen(cr, wide_cr);
            let (cb, cr) = scratch.repeat_ends(y.len());
            steps!(y, out, |x, _width| (
                triangle::<2>(cb, x / 2, 1, 2),
                triangle::<2>(cr, x / 2, 1, 2)
            ));
        }
        ChromaRows::FancyH2V2 { cb, cr } => {
            let [wide_cb, wide_cr] = scratch.wide_rows(y.len());
            mix(cb, wide_cb);
            mix(cr, wide_cr);
            let (cb, cr) = scratch.repeat_ends(y.len());
            steps!(y, out, |x, _width| (
                triangle::<4>(cb, x / 2, 8, 7),
                triangle::<4>(cr, x / 2, 8, 7)
            ));
        }
    }
}

/// Where the bytes of three registers of pixels come from.
struct Places {
    /// For each register, the place of the pixel whose colour a byte is.
    order: [__m256i; 3],
}

/// Bytes `b` of a register with `b % 3` equal to 1, and to 2.
const SECOND: u32 = 0x9249_2492;
const THIRD: u32 = SECOND << 1;

static ORDER: [[u8; 32]; 3] = {
    let mut order = [[0; 32]; 3];
    let mut at = 0;
    while at < 96 {
        let pixel = at / 3;
        // Even pixels are in bytes 0 to 7 of a lane, odd ones in 8 to 15.
        order[at / 32][at % 32] = (pixel / 16 * 16 + pixel % 16 / 2 + pixel % 2 * 8) as u8;
        at += 1;
    }
    order
};

impl Places {
    #[target_feature(enable = "avx512vl")]
    fn load() -> Self {
        // SAFETY: each array has the 32 bytes that a 256-bit load reads.
        let load = |order: &[u8; 32]| unsafe { _mm256_loadu_si256(order.as_ptr().cast()) };
        Self { order: [load(&ORDER[0]), load(&ORDER[1]), load(&ORDER[2])] }
    }
}

/// 96 bytes of pixels from the three colours. Register `k` begins with colour `2 k % 3` (32 is 2 modulo 3).
#[target_feature(enable = "avx512bw,avx512vl,avx512vbmi")]
fn interleave([red, green, blue]: [__m256i; 3], places: &Places) -> [__m256i; 3] {
    let place = |order, [first, second, third]: [__m256i; 3]| {
        let pixels = _mm256_permutexvar_epi8(order, first);
        let pixels = _mm256_mask_permutexvar_epi8(pixels, SECOND, order, second);
        _mm256_mask_permutexvar_epi8(pixels, THIRD, order, third)
    };
    [
        place(places.order[0], [red, green, blue]),
        place(places.order[1], [blue, red, green]),
        place(places.order[2], [green, blue, red]),
    ]
}

/// The first `width` samples, then zeros.
#[target_feature(enable = "avx512bw,avx512vl")]
fn load_part(samples: &[u8], width: usize) -> __m256i {
    let samples = &samples[..width];
    let mask = u32::MAX >> (STEP - width);
    // SAFETY: the mask has a bit for each sample of the slice and reads no other.
    unsafe { _mm256_maskz_loadu_epi8(mask, samples.as_ptr().cast()) }
}

/// Writes as many bytes of the pixels as `out` has, 96 at most.
#[target_feature(enable = "avx512bw,avx512vl")]
fn store_part(pixels: [__m256i; 3], out: &mut [u8]) {
    for (pixels, out) in pixels.into_iter().zip(out.chunks_mut(STEP)) {
        let mask = u32::MAX >> (STEP - out.len());
        // SAFETY: the mask has a bit for each byte of the slice and writes no other.
        unsafe { _mm256_mask_storeu_epi8(out.as_mut_ptr().cast(), mask, pixels) }
    }
}
