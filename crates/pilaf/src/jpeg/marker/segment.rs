//! APPn and COM: what a file says about its picture.

use std::ops::Range;

use super::code;
use super::cursor::Cursor;
use crate::error::Result;

/// Segments that are kept; a file with more of them is no picture but an attack.
const MAX_SEGMENTS: usize = 1 << 16;

/// An APPn or COM segment, by where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The marker code: `0xE0` for APP0 to `0xEF` for APP15, `0xFE` for COM.
    pub marker: u8,
    /// The bytes of its payload, without marker and length, in the encoded data.
    pub payload: Range<usize>,
    /// Whether it stands before the frame header, where ICC profiles must be.
    pub before_frame: bool,
}

/// The JFIF segment (ITU-T T.871).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jfif {
    /// Major and minor version, as in 1.02.
    pub version: (u8, u8),
    /// What the density counts: 0 only gives an aspect ratio, 1 is per inch, 2 per centimetre.
    pub unit: u8,
    /// Horizontal and vertical pixels per unit.
    pub density: (u16, u16),
}

/// The colour transform that an `Adobe` segment states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Adobe {
    /// 0 for none, 1 for YCbCr, 2 for YCCK.
    pub(crate) transform: u8,
}

/// All APPn and COM segments, and what the decoder needs of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segments {
    pub(crate) list: Vec<Segment>,
    pub(crate) jfif: Option<Jfif>,
    pub(crate) adobe: Option<Adobe>,
}

impl Segments {
    /// Reads one segment whose marker has just been read.
    pub(super) fn read(
        &mut self,
        cursor: &mut Cursor<'_>,
        marker: u8,
        before_frame: bool,
    ) -> Result<()> {
        let length = usize::from(cursor.u16()?).saturating_sub(2);
        let start = cursor.position();
        cursor.skip(length)?;
        let bytes = cursor.range(start..start + length);
        let payload = start..start + bytes.len();
        match (marker, bytes) {
            (code::APP0, [b'J', b'F', b'I', b'F', 0, rest @ ..]) => self.read_jfif(rest),
            (code::APP14, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => {
                self.adobe = Some(Adobe { transform: *transform });
            }
            _ => {}
        }
        if self.list.len() < MAX_SEGMENTS {
            self.list.push(Segment { marker, payload, before_frame });
        }
        Ok(())
    }

    fn read_jfif(&mut self, after_name: &[u8]) {
        if let &[major, minor, unit, x1, x0, y1, y0, _, _, ..] = after_name {
            let density = (u16::from_be_bytes([x1, x0]), u16::from_be_bytes([y1, y0]));
            self.jfif = Some(Jfif { version: (major, minor), unit, density });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Input;
    use super::*;

    fn read(marker: u8, payload: &[u8]) -> Segments {
        let mut bytes = (payload.len() as u16 + 2).to_be_bytes().to_vec();
        bytes.extend(payload);
        let mut segments = Segments::default();
        segments.read(&mut Cursor::new(Input::Whole(&bytes), false), marker, true).unwrap();
        segments
    }

    #[test]
    fn jfif_and_adobe() {
        let segments = read(code::APP0, b"JFIF\0\x01\x02\x01\x00\x48\x00\x60\0\0");
        let jfif = Jfif { version: (1, 2), unit: 1, density: (72, 96) };
        assert_eq!(segments.jfif, Some(jfif));
        assert_eq!(read(code::APP0, b"JFIF\0\x01\x02").jfif, None, "too short");
        let adobe = read(code::APP14, b"Adobe\0\x64\0\0\0\0\x02").adobe;
        assert_eq!(adobe, Some(Adobe { transform: 2 }));
        assert_eq!(read(code::COM, b"Hello").list[0].payload, 2..7);
    }
}
