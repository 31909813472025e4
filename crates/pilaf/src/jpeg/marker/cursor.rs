//! Reading bytes in order, and what stands where the bytes end.

use std::ops::Range;

use super::input::Input;
use crate::error::{Error, Result};

/// The two bytes that a tolerant reader sees after the last real one.
const EOI: [u8; 2] = [0xFF, 0xD9];

/// A position in the encoded bytes.
///
/// A *tolerant* cursor reads one `EOI` marker past the end, which is what Pillow feeds to
/// libjpeg-turbo under `LOAD_TRUNCATED_IMAGES`. Past that, and for a strict cursor past the last
/// byte, reading is a [`Truncated`](crate::ErrorKind::Truncated) error. If the bytes come from a
/// reader, its failure is an error in their place.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    input: Input<'a>,
    /// May stand up to two bytes past the end if the cursor is tolerant.
    position: usize,
    tolerant: bool,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(input: Input<'a>, tolerant: bool) -> Self {
        Self { input, position: 0, tolerant }
    }

    /// The encoded bytes.
    pub(crate) fn input(&mut self) -> &mut Input<'a> {
        &mut self.input
    }

    /// A cursor at the same place; `None` if the bytes come from a reader.
    pub(crate) fn fork(&self) -> Option<Self> {
        Some(Self { input: self.input.fork()?, ..*self })
    }

    /// Bytes read so far, never more than there are.
    pub(crate) fn position(&self) -> usize {
        self.position.min(self.input.end())
    }

    /// Moves to `position`.
    pub(crate) fn seek(&mut self, position: usize) {
        self.position = position;
    }

    /// The real bytes that are left, as far as they were read.
    #[inline]
    pub(crate) fn rest(&self) -> &[u8] {
        self.input.from(self.position)
    }

    /// The bytes of `range`, as far as they were read.
    pub(crate) fn range(&self, range: Range<usize>) -> &[u8] {
        self.input.range(range)
    }

    /// Whether the bytes come from a reader.
    pub(crate) fn is_fed(&self) -> bool {
        matches!(self.input, Input::Fed(_))
    }

    /// All bytes, in case of a reader of which none was released.
    pub(crate) fn into_bytes(self) -> Result<Vec<u8>> {
        match self.input {
            Input::Whole(bytes) => Ok(bytes.to_vec()),
            Input::Fed(feed) => feed.into_bytes(),
        }
    }

    /// The next byte; at the end, the bytes of an invented `EOI` if the cursor is tolerant.
    pub(crate) fn byte(&mut self) -> Result<u8> {
        let byte = match self.input.get(self.position) {
            Some(byte) => byte,
            None => self.byte_not_at_hand()?,
        };
        self.position += 1;
        Ok(byte)
    }

    #[cold]
    fn byte_not_at_hand(&mut self) -> Result<u8> {
        if self.reach(self.position + 1)? {
            return Ok(self.input.from(self.position)[0]);
        }
        let past_end = self.position - self.input.end();
        match EOI.get(past_end).filter(|_| self.tolerant) {
            Some(&byte) => Ok(byte),
            None => Err(self.end()),
        }
    }

    /// Whether there are bytes up to offset `end`.
    fn reach(&mut self, end: usize) -> Result<bool> {
        let reached = self.input.reach(end);
        if !reached {
            self.input.failure()?;
        }
        Ok(reached)
    }

    /// Reads a reader to its end.
    pub(crate) fn reach_end(&mut self) -> Result<()> {
        self.reach(usize::MAX).map(drop)
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
        let end = self.position + count;
        let invented = if self.tolerant { EOI.len() } else { 0 };
        if !self.reach(end)? && end > self.input.end() + invented {
            return Err(self.end());
        }
        self.position = end;
        Ok(())
    }

    /// The error of a reader that needs more bytes than there are.
    pub(crate) fn end(&self) -> Error {
        Error::truncated("the JPEG data ends before the image does")
            .at(self.input.end() as u64)
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
        let mut cursor = Cursor::new(Input::Whole(&[1]), true);
        let bytes: Vec<u8> = (0..3).map(|_| cursor.byte().unwrap()).collect();
        assert_eq!(bytes, [1, 0xFF, 0xD9]);
        assert_eq!(cursor.byte().unwrap_err().kind(), ErrorKind::Truncated);
        assert_eq!(cursor.position(), 1);
    }

    #[test]
    fn a_strict_cursor_ends_where_the_bytes_end() {
        let mut cursor = Cursor::new(Input::Whole(&[1, 2, 3]), false);
        assert_eq!(cursor.u16().unwrap(), 0x0102);
        let error = cursor.u16().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::Truncated, Some(3)));
        assert!(Cursor::new(Input::Whole(&[1, 2, 3]), false).skip(4).is_err());
        assert!(Cursor::new(Input::Whole(&[1, 2, 3]), true).skip(5).is_ok());
    }
}
