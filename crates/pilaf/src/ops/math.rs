//! Arithmetic of images of numbers. Pillow's `ImageMath`.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, buffer};

/// What is done to each number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unary {
    /// Without its sign.
    Abs,
    /// With the other sign.
    Neg,
    /// Every bit turned over; mode `I` only.
    Invert,
}

/// How two numbers become one. Integers wrap around; a quotient or a remainder by 0 is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Binary {
    /// The sum.
    Add,
    /// The difference.
    Sub,
    /// The product.
    Mul,
    /// The quotient; of integers truncated toward 0.
    Div,
    /// The remainder, with the sign of the first.
    Mod,
    /// The power; of integers rounded, and clamped to 32 bits.
    Pow,
    /// The difference without its sign.
    Diff,
    /// The lesser.
    Min,
    /// The greater.
    Max,
    /// 1 where they are equal, else 0. So do the next five with their comparisons.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Bits in both; mode `I` only, as the next four.
    And,
    /// Bits in one or both.
    Or,
    /// Bits in exactly one.
    Xor,
    /// Bits moved up by the second modulo 32.
    Shl,
    /// Bits moved down by the second modulo 32; the sign is kept.
    Shr,
}

impl Image {
    /// Every number of an image of mode `I` or `F` changed.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for other modes, and for bits of floats.
    pub fn compute(&self, operation: Unary) -> Result<Self> {
        match (self.mode(), operation) {
            (Mode::I, Unary::Abs) => self.each_i32(i32::wrapping_abs),
            (Mode::I, Unary::Neg) => self.each_i32(i32::wrapping_neg),
            (Mode::I, Unary::Invert) => self.each_i32(|v| !v),
            (Mode::F, Unary::Abs) => self.each_f32(f32::abs),
            (Mode::F, Unary::Neg) => self.each_f32(|v| -v),
            _ => Err(no_operand()),
        }
    }

    /// The numbers of two images of mode `I`, or two of mode `F`, combined. The images are as large
    /// as each other.
    ///
    /// ```
    /// use pilaf::ops::Binary;
    /// use pilaf::{Image, Mode};
    ///
    /// let number = |v: i32| Image::filled(Mode::I, (1, 1), &v.to_ne_bytes());
    /// let power = number(-3)?.compute_with(&number(3)?, Binary::Pow)?;
    /// // -26, as half is added before the fraction is cut off.
    /// assert_eq!(power, number(-26)?);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for other modes, two modes, two sizes, and for
    /// bits of floats.
    pub fn compute_with(&self, other: &Self, operation: Binary) -> Result<Self> {
        if self.mode() != other.mode() || self.size() != other.size() {
            return Err(Error::parameter("images do not match"));
        }
        match self.mode() {
            Mode::I => self.integers_with(other, operation),
            Mode::F => self.floats_with(other, operation),
            _ => Err(no_operand()),
        }
    }

    fn integers_with(&self, other: &Self, operation: Binary) -> Result<Self> {
        let pairs = |f: fn(i32, i32) -> i32| self.pairs(other, f);
        match operation {
            Binary::Add => self.pairs(other, i32::wrapping_add),
            Binary::Sub => self.pairs(other, i32::wrapping_sub),
            Binary::Mul => self.pairs(other, i32::wrapping_mul),
            Binary::Div => pairs(|a, b| if b == 0 { 0 } else { a.wrapping_div(b) }),
            Binary::Mod => pairs(|a, b| if b == 0 { 0 } else { a.wrapping_rem(b) }),
            Binary::Pow => pairs(power),
            Binary::Diff => self.pairs(other, |a: i32, b| a.wrapping_sub(b).wrapping_abs()),
            Binary::Min => self.pairs(other, i32::min),
            Binary::Max => self.pairs(other, i32::max),
            Binary::Eq => self.pairs(other, |a: i32, b| i32::from(a == b)),
            Binary::Ne => self.pairs(other, |a: i32, b| i32::from(a != b)),
            Binary::Lt => self.pairs(other, |a: i32, b| i32::from(a < b)),
            Binary::Le => self.pairs(other, |a: i32, b| i32::from(a <= b)),
            Binary::Gt => self.pairs(other, |a: i32, b| i32::from(a > b)),
            Binary::Ge => self.pairs(other, |a: i32, b| i32::from(a >= b)),
            Binary::And => self.pairs(other, |a: i32, b| a & b),
            Binary::Or => self.pairs(other, |a: i32, b| a | b),
            Binary::Xor => self.pairs(other, |a: i32, b| a ^ b),
            Binary::Shl => self.pairs(other, |a: i32, b| a.wrapping_shl(b as u32)),
            Binary::Shr => self.pairs(other, |a: i32, b| a.wrapping_shr(b as u32)),
        }
    }

    /// Comparisons are written so that with what is no number they fail as C's do.
    fn floats_with(&self, other: &Self, operation: Binary) -> Result<Self> {
        let truth = |is: bool| f32::from(u8::from(is));
        match operation {
            Binary::Add => self.pairs(other, |a: f32, b| a + b),
            Binary::Sub => self.pairs(other, |a: f32, b| a - b),
            Binary::Mul => self.pairs(other, |a: f32, b| a * b),
            Binary::Div => self.pairs(other, |a: f32, b| if b == 0.0 { 0.0 } else { a / b }),
            Binary::Mod => self.pairs(other, |a: f32, b| if b == 0.0 { 0.0 } else { a % b }),
            Binary::Pow => self.pairs(other, f32::powf),
            Binary::Diff => self.pairs(other, |a: f32, b| (a - b).abs()),
            Binary::Min => self.pairs(other, |a: f32, b| if a < b { a } else { b }),
            Binary::Max => self.pairs(other, |a: f32, b| if a > b { a } else { b }),
            Binary::Eq => self.pairs(other, |a: f32, b| truth(a == b)),
            Binary::Ne => self.pairs(other, |a: f32, b| truth(a != b)),
            Binary::Lt => self.pairs(other, |a: f32, b| truth(a < b)),
            Binary::Le => self.pairs(other, |a: f32, b| truth(a <= b)),
            Binary::Gt => self.pairs(other, |a: f32, b| truth(a > b)),
            Binary::Ge => self.pairs(other, |a: f32, b| truth(a >= b)),
            _ => Err(no_operand()),
        }
    }

    fn each_i32(&self, f: impl Fn(i32) -> i32 + Copy) -> Result<Self> {
        self.pairs(self, move |a, _| f(a))
    }

    fn each_f32(&self, f: impl Fn(f32) -> f32 + Copy) -> Result<Self> {
        self.pairs(self, move |a, _| f(a))
    }

    fn pairs<T: Number>(&self, other: &Self, f: impl Fn(T, T) -> T + Copy) -> Result<Self> {
        let (a, b) = (self.as_bytes().as_chunks().0, other.as_bytes().as_chunks().0);
        let out = buffer::combined(
            a.len(),
            [(a, b)],
            #[inline(always)]
            move |&a, &b| f(T::read(a), T::read(b)).write(),
        )?;
        Self::from_raw(self.mode(), self.size(), out.into_flattened())
    }
}

trait Number {
    fn read(bytes: [u8; 4]) -> Self;
    fn write(self) -> [u8; 4];
}

impl Number for i32 {
    #[inline(always)]
    fn read(bytes: [u8; 4]) -> Self {
        Self::from_ne_bytes(bytes)
    }

    #[inline(always)]
    fn write(self) -> [u8; 4] {
        self.to_ne_bytes()
    }
}

impl Number for f32 {
    #[inline(always)]
    fn read(bytes: [u8; 4]) -> Self {
        Self::from_ne_bytes(bytes)
    }

    #[inline(always)]
    fn write(self) -> [u8; 4] {
        self.to_ne_bytes()
    }
}

/// Half is added and the fraction cut off: with negative powers, too.
fn power(base: i32, exponent: i32) -> i32 {
    (f64::from(base).powf(f64::from(exponent)) + 0.5) as i32
}

fn no_operand() -> Error {
    Error::parameter("bad operand type")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integers(values: &[i32]) -> Image {
        let bytes = values.iter().flat_map(|v| v.to_ne_bytes()).collect();
        Image::from_raw(Mode::I, (values.len() as u32, 1), bytes).unwrap()
    }

    #[test]
    fn what_has_no_result_is_0_or_wraps() {
        let a = integers(&[7, i32::MIN, i32::MAX, 2]);
        let b = integers(&[0, -1, 1, 40]);
        let made = |operation| a.compute_with(&b, operation).unwrap();
        assert_eq!(made(Binary::Div), integers(&[0, i32::MIN, i32::MAX, 0]));
        assert_eq!(made(Binary::Mod), integers(&[0, 0, 0, 2]));
        assert_eq!(made(Binary::Add), integers(&[7, i32::MAX, i32::MIN, 42]));
        assert_eq!(made(Binary::Pow), integers(&[1, 0, i32::MAX, i32::MAX]));
        assert_eq!(made(Binary::Shl), integers(&[7, 0, -2, 512]));
    }

    #[test]
    fn modes_must_fit() {
        let (i, f) = (integers(&[1]), Image::new(Mode::F, (1, 1)).unwrap());
        assert!(i.compute_with(&f, Binary::Add).is_err());
        assert!(f.compute_with(&f, Binary::And).is_err());
        assert!(f.compute(Unary::Invert).is_err());
        assert!(Image::new(Mode::L, (1, 1)).unwrap().compute(Unary::Abs).is_err());
    }
}
