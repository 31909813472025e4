//! Pixels of two to four bands as four bytes each, as other libraries keep them.

use crate::error::{Error, Result};
use crate::image::{Image, Mode};

impl Image {
    /// Four bytes a pixel, row after row, as Pillow has them in memory: the first band three times
    /// and alpha for two bands, 255 as the fourth byte for three. One band: the pixels as they are.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let rgb = Image::filled(Mode::Rgb, (1, 1), &[1, 2, 3])?;
    /// assert_eq!(rgb.to_four_bytes(), [1, 2, 3, 255]);
    /// let la = Image::filled(Mode::La, (1, 1), &[1, 2])?;
    /// assert_eq!(la.to_four_bytes(), [1, 1, 1, 2]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    pub fn to_four_bytes(&self) -> Vec<u8> {
        let bytes = self.as_bytes();
        match self.mode().bands() {
            2 => bytes.as_chunks().0.iter().flat_map(|&[v, a]| [v, v, v, a]).collect(),
            3 => bytes.as_chunks().0.iter().flat_map(|&[a, b, c]| [a, b, c, 255]).collect(),
            _ => bytes.to_vec(),
        }
    }

    /// An image of pixels as [`to_four_bytes`](Self::to_four_bytes) gives them.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when the number of bytes is another, or the mode
    /// has one band.
    pub fn from_four_bytes(mode: Mode, size: (u32, u32), data: &[u8]) -> Result<Self> {
        let (pixels, rest) = data.as_chunks::<4>();
        if mode.bands() == 1 || !rest.is_empty() {
            return Err(Error::parameter(format!("no four bytes a pixel of mode {mode}")));
        }
        let bytes = match mode.bands() {
            2 => pixels.iter().flat_map(|&[v, _, _, a]| [v, a]).collect(),
            3 => pixels.iter().flat_map(|&[a, b, c, _]| [a, b, c]).collect(),
            _ => data.to_vec(),
        };
        Self::from_raw(mode, size, bytes)
    }
}
