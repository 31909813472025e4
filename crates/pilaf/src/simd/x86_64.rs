//! Tokens of the x86-64 levels.

use std::arch::is_x86_feature_detected as has;

/// Proof that SSE4.1, SSSE3 and POPCNT instructions run here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sse41(());

impl Sse41 {
    /// The token, if this CPU has `sse4.1`, `ssse3` and `popcnt`.
    pub fn detect() -> Option<Self> {
        (has!("sse4.1") && has!("ssse3") && has!("popcnt")).then_some(Self(()))
    }
}

/// Proof that AVX2, BMI1, BMI2 and LZCNT instructions run here, and those of [`Sse41`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avx2(Sse41);

impl Avx2 {
    /// The token, if this CPU and its operating system have `avx2`, `bmi1`, `bmi2`, `lzcnt`.
    pub fn detect() -> Option<Self> {
        let here = has!("avx2") && has!("bmi1") && has!("bmi2") && has!("lzcnt");
        Sse41::detect().filter(|_| here).map(Self)
    }

    /// The proof of the level below.
    pub fn sse41(self) -> Sse41 {
        self.0
    }

    /// Calls `body`, compiled for this level as far as it is inlined.
    #[inline(always)]
    pub fn run<R>(self, body: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn compiled<R>(body: impl FnOnce() -> R) -> R {
            body()
        }
        // SAFETY: this token exists only where detection found these features.
        unsafe { compiled(body) }
    }
}

/// Proof that AVX-512 F, BW, DQ, VL, VBMI and VNNI instructions run here, and those of [`Avx2`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avx512(Avx2);

impl Avx512 {
    /// The token, if this CPU and its operating system have `avx512f`, `avx512bw`, `avx512dq`,
    /// `avx512vl`, `avx512vbmi`, `avx512vnni`.
    pub fn detect() -> Option<Self> {
        let here = has!("avx512f")
            && has!("avx512bw")
            && has!("avx512dq")
            && has!("avx512vl")
            && has!("avx512vbmi")
            && has!("avx512vnni");
        Avx2::detect().filter(|_| here).map(Self)
    }

    /// The proof of the level below.
    pub fn avx2(self) -> Avx2 {
        self.0
    }

    /// Calls `body`, compiled for this level as far as it is inlined.
    #[inline(always)]
    pub fn run<R>(self, body: impl FnOnce() -> R) -> R {
        #[target_feature(
            enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vnni,avx2,bmi1,bmi2,lzcnt,popcnt"
        )]
        fn compiled<R>(body: impl FnOnce() -> R) -> R {
            body()
        }
        // SAFETY: this token exists only where detection found these features.
        unsafe { compiled(body) }
    }
}
