//! Tokens of AArch64.

/// Proof that Advanced SIMD instructions run here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neon(());

impl Neon {
    /// The token, if this CPU has `neon`.
    pub fn detect() -> Option<Self> {
        std::arch::is_aarch64_feature_detected!("neon").then_some(Self(()))
    }
}

/// Proof that dot products of bytes (`sdot`, `udot`) run here. They are no level of their own: the
/// kernels of [`Neon`] that profit take them where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dotprod(());

impl Dotprod {
    /// The token, if this CPU has `dotprod`.
    pub fn detect() -> Option<Self> {
        let here = std::arch::is_aarch64_feature_detected!("dotprod");
        Neon::detect().filter(|_| here).map(|_| Self(()))
    }
}
