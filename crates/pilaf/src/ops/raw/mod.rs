//! Pixels as bytes of the outside world: Pillow's raw modes.
//!
//! A raw mode names the layout of a row: its bands, after a semicolon the bits of a sample, then
//! letters: `I` inverted, `R` bits reversed, `B` big-endian (little-endian otherwise), `N` native,
//! `L` one band after the other, `S` signed, `F` float. [`layout`](mod@layout) has the table.

mod bits;
mod layout;
mod number;
mod pack;
mod unpack;

use crate::error::{Error, Result};
use crate::image::{Image, Mode, buffer};
use crate::limits::image_bytes;
use layout::Layout;

/// How rows follow each other in the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowOrder {
    /// Bytes from one row to the next. 0: rows follow each other without a gap.
    pub stride: usize,
    /// Whether the lowest row comes first.
    pub bottom_up: bool,
}

/// Bytes of a row of `width` pixels in a raw mode.
fn row_bytes(layout: &Layout, width: u32) -> usize {
    let width = width as usize;
    match layout {
        Layout::BitPlanes(planes) => planes * width.div_ceil(8),
        _ => (width * layout.bits()).div_ceil(8),
    }
}

impl Image {
    /// Replaces pixels by those of `data` in the raw mode `raw`. A raw mode of one band, such as
    /// `G`, changes that band alone. What follows the last row is ignored.
    ///
    /// ```
    /// use pilaf::ops::RowOrder;
    /// use pilaf::{Image, Mode};
    ///
    /// let mut image = Image::new(Mode::Rgb, (1, 1))?;
    /// image.unpack("BGR", &[1, 2, 3], RowOrder::default())?;
    /// assert_eq!(image.as_bytes(), [3, 2, 1]);
    /// assert_eq!(image.pack("XRGB", RowOrder::default())?, [0, 3, 2, 1]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a raw mode that the image's mode does not
    /// have, a stride below the length of a row, and too few bytes. The texts are Pillow's.
    pub fn unpack(&mut self, raw: &str, data: &[u8], order: RowOrder) -> Result<()> {
        let layout = layout::unpacker(self.mode(), raw)
            .ok_or_else(|| Error::parameter("unknown raw mode for given image mode"))?;
        let (width, height) = self.size();
        if width == 0 || height == 0 {
            return Ok(());
        }
        let bytes = row_bytes(&layout, width);
        let stride = if order.stride == 0 { bytes } else { order.stride };
        if stride < bytes {
            return Err(Error::parameter("cannot decode image data"));
        }
        let last = (height as usize - 1).checked_mul(stride);
        if last.and_then(|last| last.checked_add(bytes)).is_none_or(|end| end > data.len()) {
            return Err(Error::parameter("not enough image data"));
        }
        let mode = self.mode();
        let rows = data.chunks(stride).map(|row| &row[..bytes]);
        let mut unpack = |(to, from)| unpack::row(&layout, mode, to, from);
        if order.bottom_up {
            self.rows_mut().rev().zip(rows).for_each(unpack);
        } else {
            self.rows_mut().zip(rows).for_each(&mut unpack);
        }
        Ok(())
    }

    /// A new image of the pixels of `data` in the raw mode `raw`: see [`unpack`](Self::unpack).
    ///
    /// # Errors
    ///
    /// Those of [`unpack`](Self::unpack); [`Memory`](crate::ErrorKind::Memory) when there is not
    /// as much memory.
    pub fn unpacked(
        mode: Mode,
        size: (u32, u32),
        raw: &str,
        data: &[u8],
        order: RowOrder,
    ) -> Result<Self> {
        let layout = layout::unpacker(mode, raw);
        if matches!(layout, Some(Layout::Copy(_))) && order == RowOrder::default() {
            let bytes = image_bytes(size.0, size.1, mode.pixel_bytes())?;
            if let Some(data) = data.get(..bytes) {
                return Self::from_raw(mode, size, buffer::copied(data)?);
            }
        }
        let mut image = Self::new(mode, size)?;
        image.unpack(raw, data, order)?;
        Ok(image)
    }

    /// The bytes that [`pack`](Self::pack) would return, if they are those in memory.
    pub fn as_packed(&self, raw: &str, order: RowOrder) -> Option<&[u8]> {
        let layout = layout::packer(self.mode(), raw);
        let as_is = matches!(layout, Some(Layout::Copy(_))) && order == RowOrder::default();
        as_is.then_some(self.as_bytes())
    }

    /// The pixels in the raw mode `raw`. Bytes between rows are 0.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a raw mode that the image's mode does not
    /// have, and a stride below the length of a row; [`Memory`](crate::ErrorKind::Memory) when
    /// there is not as much memory.
    pub fn pack(&self, raw: &str, order: RowOrder) -> Result<Vec<u8>> {
        if let Some(bytes) = self.as_packed(raw, order) {
            return buffer::copied(bytes);
        }
        let mut out = buffer::zeros(self.packed_bytes(raw, order)?)?;
        self.pack_into(raw, order, &mut out)?;
        Ok(out)
    }

    /// How many bytes [`pack`](Self::pack) returns.
    ///
    /// # Errors
    ///
    /// Those of [`pack`](Self::pack).
    pub fn packed_bytes(&self, raw: &str, order: RowOrder) -> Result<usize> {
        let (_, _, stride) = self.packing(raw, order)?;
        let length = stride.checked_mul(self.rows().len());
        length.ok_or_else(|| Error::memory("rows of that stride do not fit memory"))
    }

    /// [`pack`](Self::pack) into memory of the caller's, of as many zeros as
    /// [`packed_bytes`](Self::packed_bytes) says: bytes between rows stay as they are.
    ///
    /// # Errors
    ///
    /// Those of [`pack`](Self::pack), and [`Parameter`](crate::ErrorKind::Parameter) when `out` has
    /// another length.
    pub fn pack_into(&self, raw: &str, order: RowOrder, out: &mut [u8]) -> Result<()> {
        let (layout, bytes, stride) = self.packing(raw, order)?;
        let length = self.packed_bytes(raw, order)?;
        if out.len() != length {
            return Err(Error::parameter(format!("{} bytes for {length} packed ones", out.len())));
        }
        let rows = self.rows().len();
        for (y, to) in out.chunks_exact_mut(stride.max(1)).enumerate() {
            let y = if order.bottom_up { rows - 1 - y } else { y };
            pack::row(&layout, self.mode(), &mut to[..bytes], self.row(y as u32));
        }
        Ok(())
    }

    /// The layout of a raw mode, the bytes of a row, and those to the next row.
    fn packing(&self, raw: &str, order: RowOrder) -> Result<(Layout, usize, usize)> {
        let layout = layout::packer(self.mode(), raw).ok_or_else(|| {
            Error::parameter(format!("No packer found from {} to {raw}", self.mode()))
        })?;
        let bytes = row_bytes(&layout, self.width());
        let stride = if order.stride == 0 { bytes } else { order.stride };
        if stride < bytes {
            return Err(Error::parameter("the stride is below the length of a row"));
        }
        Ok((layout, bytes, stride))
    }
}

/// Whether a mode can be read from a raw mode.
pub fn can_unpack(mode: Mode, raw: &str) -> bool {
    layout::unpacker(mode, raw).is_some()
}

/// Bits of one pixel in a raw mode that `mode` can be read from.
pub fn unpacked_bits(mode: Mode, raw: &str) -> Option<usize> {
    layout::unpacker(mode, raw).map(|layout| layout.bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strides_and_order_of_rows() {
        let order = RowOrder { stride: 3, bottom_up: true };
        let mut image = Image::new(Mode::L, (2, 2)).unwrap();
        image.unpack("L", &[3, 4, 99, 1, 2], order).unwrap();
        assert_eq!(image.as_bytes(), [1, 2, 3, 4]);
        assert_eq!(image.pack("L", order).unwrap(), [3, 4, 0, 1, 2, 0]);
    }

    #[test]
    fn what_is_wrong_is_said_in_pillow_s_words() {
        let mut image = Image::new(Mode::L, (2, 2)).unwrap();
        let text = |result: Result<()>| result.unwrap_err().to_string();
        let order = RowOrder::default();
        assert_eq!(text(image.unpack("L", &[0; 3], order)), "not enough image data");
        let unknown = "unknown raw mode for given image mode";
        assert_eq!(text(image.unpack("BGR", &[0; 9], order)), unknown);
        let narrow = RowOrder { stride: 1, bottom_up: false };
        assert_eq!(text(image.unpack("L", &[0; 9], narrow)), "cannot decode image data");
        let error = image.pack("BGR", order).unwrap_err();
        assert_eq!(error.to_string(), "No packer found from L to BGR");
    }

    #[test]
    fn what_was_packed_is_unpacked_again() {
        for mode in Mode::ALL.into_iter().filter(|&mode| mode != Mode::Bilevel) {
            let bytes = (0..35 * mode.pixel_bytes()).map(|i| (i * 7) as u8).collect();
            let image = Image::from_raw(mode, (7, 5), bytes).unwrap();
            let packed = image.pack(mode.name(), RowOrder::default()).unwrap();
            let mut again = Image::new(mode, (7, 5)).unwrap();
            again.unpack(mode.name(), &packed, RowOrder::default()).unwrap();
            assert_eq!(again, image, "{mode}");
        }
    }
}
