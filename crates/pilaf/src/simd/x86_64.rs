//! Tokens of the x86-64 levels.

use std::arch::is_x86_feature_detected as has;

use super::Body;

/// Proof that SSE4.1, SSSE3 and POPCNT instructions run here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sse41(());

impl Sse41 {
    /// The token, if this CPU has `sse4.1`, `ssse3` and `popcnt`.
    pub fn detect() -> Option<Self> {
        (has!("sse4.1") && has!("ssse3") && has!("popcnt")).then_some(Self(()))
    }

    /// Runs `body`, compiled for this level as far as it is inlined.
    #[inline(always)]
    pub(super) fn compile<B: Body>(self, body: B) -> B::Output {
        #[target_feature(enable = "sse4.1,ssse3,popcnt")]
        fn compiled<B: Body>(body: B) -> B::Output {
            body.run()
        }
        // SAFETY: this token exists only where detection found these features.
        unsafe { compiled(body) }
    }
}

/// Proof that AVX2, BMI1, BMI2 and LZCNT instructions run here, and those of [`Sse41`]; at level
/// `avxvnni`, with that of [`AvxVnni`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avx2 {
    sse41: Sse41,
    vnni: Option<AvxVnni>,
}

impl Avx2 {
    /// The token, if this CPU and its operating system have `avx2`, `bmi1`, `bmi2`, `lzcnt`.
    pub fn detect() -> Option<Self> {
        let here = has!("avx2") && has!("bmi1") && has!("bmi2") && has!("lzcnt");
        Sse41::detect().filter(|_| here).map(|sse41| Self { sse41, vnni: None })
    }

    /// The token of level `avxvnni`, if this CPU has `avxvnni` too.
    pub fn detect_with_vnni() -> Option<Self> {
        let vnni = AvxVnni::detect()?;
        Self::detect().map(|token| Self { vnni: Some(vnni), ..token })
    }

    /// The proof of the level below.
    pub fn sse41(self) -> Sse41 {
        self.sse41
    }

    /// The proof of AVX-VNNI, at level `avxvnni`.
    pub fn vnni(self) -> Option<AvxVnni> {
        self.vnni
    }

    /// Runs `body`, compiled for this level as far as it is inlined.
    #[inline(always)]
    pub(super) fn compile<B: Body>(self, body: B) -> B::Output {
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn compiled<B: Body>(body: B) -> B::Output {
            body.run()
        }
        // SAFETY: this token exists only where detection found these features.
        unsafe { compiled(body) }
    }

    /// `mask` with those of its set bits only whose number is set in `bits`, counted from the lowest.
    #[inline(always)]
    pub(crate) fn deposit(self, bits: u64, mask: u64) -> u64 {
        // SAFETY: this token exists only where detection found BMI2.
        unsafe { std::arch::x86_64::_pdep_u64(bits, mask) }
    }
}

/// Proof that AVX2 and AVX-VNNI instructions run here: multiply and add, in registers of 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvxVnni(());

impl AvxVnni {
    /// The token, if this CPU and its operating system have `avx2` and `avxvnni`.
    pub fn detect() -> Option<Self> {
        (has!("avx2") && has!("avxvnni")).then_some(Self(()))
    }
}

/// Proof that AVX-512 F, BW, DQ, VL, VBMI, VBMI2 and VNNI instructions run here, and those of
/// [`Avx2`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Avx512(());

impl Avx512 {
    /// The token, if this CPU and its operating system have `avx512f`, `avx512bw`, `avx512dq`,
    /// `avx512vl`, `avx512vbmi`, `avx512vbmi2`, `avx512vnni`.
    pub fn detect() -> Option<Self> {
        let here = has!("avx512f")
            && has!("avx512bw")
            && has!("avx512dq")
            && has!("avx512vl")
            && has!("avx512vbmi")
            && has!("avx512vbmi2")
            && has!("avx512vnni");
        Avx2::detect().filter(|_| here).map(|_| Self(()))
    }

    /// The proof of AVX2, without AVX-VNNI: some CPUs have AVX-512 and not that.
    pub fn avx2(self) -> Avx2 {
        Avx2 { sse41: Sse41(()), vnni: None }
    }

    /// Runs `body`, compiled for this level as far as it is inlined.
    #[inline(always)]
    pub(super) fn compile<B: Body>(self, body: B) -> B::Output {
        #[target_feature(
            enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vnni,avx2,bmi1,bmi2,lzcnt,popcnt"
        )]
        fn compiled<B: Body>(body: B) -> B::Output {
            body.run()
        }
        // SAFETY: this token exists only where detection found these features.
        unsafe { compiled(body) }
    }
}
