//! Division by quantization steps, as multiplication.

/// For each coefficient (natural order) the divisor and three numbers that divide by it.
///
/// The transform leaves coefficients eight times too large, so divisors are eight times the steps.
/// `(x + divisor / 2) / divisor`, for x up to 2^15, is
/// `((x + correction) * reciprocal >> 16) * scale >> 16`, with all factors in 16 bits (Agner Fog,
/// "Optimizing subroutines in assembly language", on division by constants).
#[derive(Clone)]
pub(super) struct Divisors {
    /// Up to 8 * 65535.
    pub(super) divisor: [u32; 64],
    /// These are unsigned; as bits of signed words, which vectors are loaded from.
    pub(super) reciprocal: [i16; 64],
    pub(super) correction: [i16; 64],
    pub(super) scale: [i16; 64],
}

impl Divisors {
    pub(super) fn new(steps: &[u16; 64]) -> Self {
        let divisor = steps.map(|step| u32::from(step.max(1)) * 8);
        let factors = divisor.map(factors);
        Self {
            divisor,
            reciprocal: factors.map(|f| f[0].cast_signed()),
            correction: factors.map(|f| f[1].cast_signed()),
            scale: factors.map(|f| f[2].cast_signed()),
        }
    }
}

/// Reciprocal, correction and scale of one divisor.
fn factors(divisor: u32) -> [u16; 3] {
    // No coefficient reaches half of so large a divisor.
    if divisor > 0xFFFF {
        return [0; 3];
    }
    let shift = 16 + divisor.ilog2();
    let (quotient, rest) =
        ((1u64 << shift) / u64::from(divisor), (1u64 << shift) % u64::from(divisor));
    let half = divisor / 2;
    let (shift, reciprocal, correction) = if rest == 0 {
        // A power of two, whose quotient is 2^16: one bit less.
        (shift - 1, quotient / 2, half)
    } else if rest <= u64::from(half) {
        (shift, quotient, half + 1)
    } else {
        (shift, quotient + 1, half)
    };
    [reciprocal as u16, correction as u16, (1u64 << (32 - shift)) as u16]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every divisor with every value that a transform of 8-bit samples can give.
    #[test]
    fn multiplication_divides_exactly() {
        for step in (1..=8191u32).filter(|step| step % 7 == 1 || *step < 300 || *step > 8150) {
            let divisor = step * 8;
            let [reciprocal, correction, scale] = factors(divisor).map(u32::from);
            for x in 0..=9000u32 {
                let product = ((x + correction) * reciprocal) >> 16;
                assert_eq!((product * scale) >> 16, (x + divisor / 2) / divisor, "{x} / {divisor}");
            }
        }
    }

    #[test]
    fn large_steps_leave_nothing() {
        assert_eq!(factors(8192 * 8), [0; 3]);
        assert_eq!((9000 + 8192 * 4) / (8192 * 8), 0);
    }
}
