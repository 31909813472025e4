//! Which vector instructions this process may use, and the proof that it may.
//!
//! A [`Level`] is a CPU baseline, not a single flag. Its variants hold *tokens*: zero-size values
//! that only detection can make, so whoever holds an [`Avx2`] has proof that AVX2 instructions
//! will run. Kernels are `#[target_feature]` functions that are reached only through a token.
//! [`Level::run`] makes one of scalar code; only where that is too slow are there intrinsics.
//!
//! | level | instructions | first CPUs |
//! |---|---|---|
//! | `scalar` | what the compiler's baseline has | any |
//! | `sse41` | SSE4.1, SSSE3, POPCNT | 2008 |
//! | `avx2` | AVX2, BMI1, BMI2, LZCNT | Haswell 2013, Zen 2017 |
//! | `avxvnni` | AVX2 with AVX-VNNI, which the resampler uses | Alder Lake 2021, Zen 5 2024 |
//! | `avx512` | AVX-512 F, BW, DQ, VL, VBMI, VBMI2, VNNI | Ice Lake 2019, Zen 4 2022 |
//! | `neon` | Advanced SIMD; dot products where the CPU has them | every AArch64 |
//!
//! The level is found once and kept. The environment variable `PILAF_SIMD` with one of these
//! names may lower it, for tests and for bisecting; it can never raise it. Every level gives the
//! same pixels: the scalar code is the specification, and tests hold the others to it.

#[cfg(target_arch = "aarch64")]
mod aarch64;
mod mask;
mod prefetch;
mod vector;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod x86_64;

use std::fmt;
use std::sync::OnceLock;

#[cfg(target_arch = "aarch64")]
pub use aarch64::{Dotprod, Neon};
#[cfg(any(target_arch = "x86_64", test))]
pub(crate) use prefetch::fetch_for_later;
pub(crate) use prefetch::{Ahead, LINE, fetch};
#[cfg(target_arch = "x86_64")]
pub(crate) use vector::ALMOST_NOTHING;
pub(crate) use vector::{ByteRows, Kernel, Pair, Vector, Wide, groups_reach};
#[cfg(target_arch = "x86_64")]
pub use x86_64::{Avx2, Avx512, AvxVnni, Sse41};

/// A CPU baseline, with the proof that this CPU has it.
///
/// ```
/// use pilaf::simd::Level;
///
/// println!("kernels run at level {}", Level::get());
/// assert!(Level::available().any(|level| level.name() == "scalar"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// No explicit vector instructions: the specification.
    Scalar,
    /// x86-64 with SSE4.1.
    #[cfg(target_arch = "x86_64")]
    Sse41(Sse41),
    /// x86-64 with AVX2; the token tells whether with AVX-VNNI.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// x86-64 with AVX-512 VBMI, VBMI2 and VNNI.
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    /// AArch64 with Advanced SIMD.
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
}

/// Scalar code that the compiler makes vectors of, written once for all levels.
pub(crate) trait Body {
    /// What it gives.
    type Output;

    /// To be marked `#[inline(always)]`, as all that it calls: what is inlined is part of the level's
    /// code.
    fn run(self) -> Self::Output;
}

impl Level {
    /// The level that everything uses unless told otherwise: the best of this CPU, lowered by
    /// `PILAF_SIMD` if that names a lower one. Found on the first call and kept.
    pub fn get() -> Self {
        #[cfg(test)]
        if let Some(level) = FORCED.get() {
            return level;
        }
        static LEVEL: OnceLock<Level> = OnceLock::new();
        *LEVEL.get_or_init(|| Self::lowered(std::env::var("PILAF_SIMD").ok().as_deref()))
    }

    /// Every level of this CPU, from scalar up, whatever `PILAF_SIMD` says.
    pub fn available() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let vectors = [
            Sse41::detect().map(Self::Sse41),
            Avx2::detect().map(Self::Avx2),
            Avx2::detect_with_vnni().map(Self::Avx2),
            Avx512::detect().map(Self::Avx512),
        ];
        #[cfg(target_arch = "aarch64")]
        let vectors = [Neon::detect().map(Self::Neon)];
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let vectors: [Option<Self>; 0] = [];
        std::iter::once(Self::Scalar).chain(vectors.into_iter().flatten())
    }

    /// The names of the levels that this build has kernels for, from scalar up. A test that
    /// walks [`available`](Self::available) reports the rest of these as skipped.
    pub fn names() -> &'static [&'static str] {
        if cfg!(target_arch = "x86_64") {
            &["scalar", "sse41", "avx2", "avxvnni", "avx512"]
        } else if cfg!(target_arch = "aarch64") {
            &["scalar", "neon"]
        } else {
            &["scalar"]
        }
    }

    /// The name, as `PILAF_SIMD` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Self::Sse41(_) => "sse41",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(token) if token.vnni().is_some() => "avxvnni",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "avx512",
            #[cfg(target_arch = "aarch64")]
            Self::Neon(_) => "neon",
        }
    }

    /// Runs scalar code as machine code of this level.
    #[inline(always)]
    pub(crate) fn compile<B: Body>(self, body: B) -> B::Output {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Sse41(token) => token.compile(body),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(token) => token.compile(body),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(token) => token.compile(body),
            _ => body.run(),
        }
    }

    /// As `compile`, for a closure. It is to be marked `#[inline(always)]`, which a test asks for:
    /// otherwise it is up to the compiler whether it becomes part of the level's code, and a long one
    /// does not, and has no more than the baseline's instructions.
    #[inline(always)]
    pub fn run<R>(self, body: impl FnOnce() -> R) -> R {
        struct Closure<F>(F);

        impl<R, F: FnOnce() -> R> Body for Closure<F> {
            type Output = R;

            #[inline(always)]
            fn run(self) -> R {
                self.0()
            }
        }

        self.compile(Closure(body))
    }

    /// The best level of this CPU that is not above the one named. A name that this CPU or this
    /// build does not know lowers nothing.
    fn lowered(name: Option<&str>) -> Self {
        let names = Self::names();
        let rank = |name: &str| names.iter().position(|known| known.eq_ignore_ascii_case(name));
        let most = name.and_then(|name| rank(name.trim())).unwrap_or(names.len());
        let below = |level: &Self| rank(level.name()).is_some_and(|rank| rank <= most);
        Self::available().filter(below).last().unwrap_or(Self::Scalar)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
thread_local! {
    /// What [`Level::get`] returns in this thread while a test walks the levels.
    static FORCED: std::cell::Cell<Option<Level>> = const { std::cell::Cell::new(None) };
}

/// Runs a test body once for every level of this CPU, which [`Level::get`] returns meanwhile, and
/// says which levels it skipped.
#[cfg(test)]
pub(crate) fn for_each_level(mut body: impl FnMut(Level)) {
    let mut ran = Vec::new();
    for level in Level::available() {
        FORCED.set(Some(level));
        body(level);
        ran.push(level.name());
    }
    FORCED.set(None);
    let skipped: Vec<_> = Level::names().iter().filter(|name| !ran.contains(name)).collect();
    if !skipped.is_empty() {
        eprintln!("levels that this CPU lacks, NOT tested: {skipped:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_ascend_in_the_order_of_their_names() {
        // Some may be missing: there are CPUs with AVX-512 that lack AVX-VNNI.
        let mut names = Level::names().iter();
        assert!(Level::available().all(|level| names.any(|name| *name == level.name())));
    }

    #[test]
    fn every_level_runs_the_same_code() {
        let squares = |level: Level| {
            let mut values: Vec<u32> = (0..1000).collect();
            level.run(
                #[inline(always)]
                || values.iter_mut().for_each(|v| *v = v.wrapping_mul(*v)),
            );
            values
        };
        for_each_level(|level| assert_eq!(squares(level), squares(Level::Scalar), "{level}"));
    }

    #[test]
    fn a_name_lowers_and_never_raises() {
        let best = Level::available().last().unwrap();
        assert_eq!(Level::lowered(None), best);
        for level in Level::available() {
            assert_eq!(Level::lowered(Some(level.name())), level);
        }
        assert_eq!(Level::lowered(Some(" Scalar ")), Level::Scalar);
        assert_eq!(Level::lowered(Some("mmx")), best);
        assert_eq!(Level::lowered(Some("")), best);
        assert_eq!(Level::lowered(Some(Level::names().last().unwrap())), best);
    }
}
