//! Mode `1` as the outside holds it: eight pixels a byte.

use crate::error::{Error, Result};

use super::{Image, Mode};

impl Image {
    /// The pixels of a mode `1` image, eight a byte, the first in the highest bit; each row begins
    /// at a byte. A pixel that is not 0 is white.
    ///
    /// ```
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::Bilevel, (3, 1), vec![255, 0, 255])?;
    /// assert_eq!(image.pack_bits(), [0b1010_0000]);
    /// assert_eq!(Image::unpack_bits((3, 1), &image.pack_bits())?, image);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    pub fn pack_bits(&self) -> Vec<u8> {
        let pack = |pixels: &[u8]| {
            let bits = pixels.iter().enumerate();
            bits.fold(0, |byte, (i, &pixel)| byte | u8::from(pixel != 0) << (7 - i))
        };
        self.rows().flat_map(|row| row.chunks(8).map(pack)).collect()
    }

    /// A mode `1` image of pixels packed as [`Image::pack_bits`] packs them.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when `data` is not exactly as long as the size
    /// says.
    pub fn unpack_bits(size: (u32, u32), data: &[u8]) -> Result<Self> {
        let row_bytes = (size.0 as usize).div_ceil(8);
        if data.len() != row_bytes * size.1 as usize {
            return Err(Error::parameter(format!(
                "{}x{} pixels of mode 1 are {row_bytes} bytes a row, not {} bytes in all",
                size.0,
                size.1,
                data.len()
            )));
        }
        let unpack = |row: &[u8]| {
            let bits = row.iter().flat_map(|&byte| (0..8).map(move |i| byte << i & 0x80));
            bits.take(size.0 as usize).map(|bit| if bit == 0 { 0 } else { 255 }).collect::<Vec<_>>()
        };
        let pixels = data.chunks_exact(row_bytes.max(1)).flat_map(unpack).collect();
        Self::from_raw(Mode::Bilevel, size, pixels)
    }
}
