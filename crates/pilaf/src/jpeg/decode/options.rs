//! What a caller may ask of the decoder.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::simd::Level;

/// The size of the decoded picture: n/8 of the coded one, rounded up.
///
/// Smaller pictures are made by smaller inverse transforms: they cost less and are well filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(u8);

impl Scale {
    /// As coded.
    pub const FULL: Self = Self(8);
    /// Half the width and height.
    pub const HALF: Self = Self(4);
    /// A quarter of the width and height.
    pub const QUARTER: Self = Self(2);
    /// An eighth of the width and height.
    pub const EIGHTH: Self = Self(1);

    /// `n` eighths of the width and height.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) unless `n` is 1 to 8.
    ///
    /// ```
    /// use pilaf::jpeg::Scale;
    ///
    /// assert_eq!(Scale::eighths(3)?.apply((100, 9)), (38, 4));
    /// assert!(Scale::eighths(9).is_err());
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    pub fn eighths(n: u8) -> Result<Self> {
        if (1..=8).contains(&n) {
            return Ok(Self(n));
        }
        Err(Error::parameter(format!("a JPEG scale is 1 to 8 eighths, not {n}")))
    }

    /// The `n` of n/8.
    pub fn numerator(self) -> u8 {
        self.0
    }

    /// The size of a picture of `size` at this scale.
    pub fn apply(self, size: (u32, u32)) -> (u32, u32) {
        let n = u64::from(self.0);
        let side = |side: u32| (u64::from(side) * n).div_ceil(8) as u32;
        (side(size.0), side(size.1))
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self::FULL
    }
}

/// The colours of the decoded picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// As Pillow opens the file: `L`, `RGB` or `CMYK`.
    #[default]
    Native,
    /// Mode `L`. For a YCbCr file that is the first component, and the others are not transformed
    /// (Pillow: `draft("L", None)`); four components cannot be had like this.
    Gray,
    /// Mode `YCbCr`, only for YCbCr files (Pillow: `draft("YCbCr", None)`).
    YCbCr,
}

/// What to do with a file that is cut off or broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Truncated {
    /// Fail, as Pillow does by default.
    #[default]
    Error,
    /// Keep what could be decoded, as Pillow does under `ImageFile.LOAD_TRUNCATED_IMAGES`: the
    /// rest of the picture is grey or black. [`Damage`](super::super::Damage) tells what is what.
    Allow,
}

/// How to decode.
///
/// ```
/// use pilaf::jpeg::{DecodeOptions, Scale};
///
/// let options = DecodeOptions { scale: Scale::HALF, ..DecodeOptions::default() };
/// assert_eq!(options.scale.apply((401, 300)), (201, 150));
/// ```
#[derive(Clone, Debug)]
pub struct DecodeOptions {
    /// Size of the picture. Default: as coded.
    pub scale: Scale,
    /// Colours of the picture. Default: as Pillow opens it.
    pub colors: Colors,
    /// What to do with a file that is cut off or broken. Default: fail.
    pub truncated: Truncated,
    /// Rows to decode, of the scaled picture. Default: all.
    pub rows: Option<Range<u32>>,
    /// Vector instructions to use; the pixels do not depend on it. Default: the best there are.
    pub level: Level,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self {
            scale: Scale::FULL,
            colors: Colors::Native,
            truncated: Truncated::Error,
            rows: None,
            level: Level::get(),
        }
    }
}
