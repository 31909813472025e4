//! Reading bytes in order, and what stands where the bytes end.

use crate::error::{Error, Result};

/// The two bytes that a tolerant reader sees after the last real one.
const EOI: [u8; 2] = [0xFF, 0xD9];

/// A position in the encoded bytes.
///
/// A *tolerant* cursor reads one `EOI` marker past the end, which is what Pillow feeds to
/// libjpeg-turbo under `LOAD_TRUNCATED_IMAGES`. Past that, and for a strict cursor past the last
/// byte, reading is a [`Truncated`](crate::ErrorKind::Truncated) error.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    data: &'a [u8],
    /// May stand up to two bytes past the end if the cursor is tolerant.
    position: usize,
    tolerant: bool,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(data: &'a [u8], tolerant: bool) -> Self {
        Self { data, position: 0, tolerant }
    }

    /// All encoded bytes.
    pub(crate) fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Bytes read so far, never more than there are.
    pub(crate) fn position(&self) -> usize {
        self.position.min(self.data.len())
    }

    /// The real bytes that are left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.data[self.position()..]
    }

    /// The next byte; at the end, the bytes of an invented `EOI` if the cursor is tolerant.
    pub(crate) fn byte(&mut self) -> Result<u8> {
        let past_end = self.position.wrapping_sub(self.data.len());
        let byte = match self.data.get(self.position) {
            Some(&byte) => byte,
            None if self.tolerant && past_end < EOI.len() => EOI[past_end],
            None => return Err(self.end()),
        };
        self.position += 1;
        Ok(byte)
    }

    /// Changes whether an `EOI` is invented; returns whether it was.
    pub(crate) fn set_tolerant(&mut self, tolerant: bool) -> bool {
        std::mem::replace(&mut self.tolerant, tolerant)
    }

    /// The next two bytes as a big-endian number.
    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    /// Passes over `count` bytes.
    pub(crate) fn skip(&mut self, count: usize) -> Result<()> {
        let invented = if self.tolerant { EOI.len() } else { 0 };
        if count > (self.data.len() + invented).saturating_sub(self.position) {
            return Err(self.end());
        }
        self.position += count;
        Ok(())
    }

    /// The error of a reader that needs more bytes than there are.
    pub(crate) fn end(&self) -> Error {
        Error::truncated("the JPEG data ends before the image does")
            .at(self.data.len() as u64)
            .with_help(
                "get the whole file, or allow truncated images to keep what could be decoded",
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_tolerant_cursor_sees_one_invented_eoi() {
        let mut cursor = Cursor::new(&[1], true);
        let bytes: Vec<u8> = (0..3).map(|_| cursor.byte().unwrap()).collect();
        assert_eq!(bytes, [1, 0xFF, 0xD9]);
        assert_eq!(cursor.byte().unwrap_err().kind(), ErrorKind::Truncated);
        assert_eq!(cursor.position(), 1);
    }

    #[test]
    fn a_strict_cursor_ends_where_the_bytes_end() {
        let mut cursor = Cursor::new(&[1, 2, 3], false);
        assert_eq!(cursor.u16().unwrap(), 0x0102);
        let error = cursor.u16().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Truncated, Some(3)));
        assert!(Cursor::new(&[1, 2, 3], false).skip(4).is_err());
        assert!(Cursor::new(&[1, 2, 3], true).skip(5).is_ok());
    }
}
