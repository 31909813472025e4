//! Where the encoded image ends, which is not always where its input does.

use super::Format;
use super::png::chunks;

/// How many of the `bytes`, which begin with an image of this format, belong to it. `None` if
/// they end before it does, or it is too broken to tell.
pub(crate) fn encoded_len(format: Format, bytes: &[u8]) -> Option<usize> {
    match format {
        Format::Jpeg => jpeg_len(bytes),
        Format::Png => chunks::encoded_len(bytes),
    }
}

/// Up to and with the EOI marker (T.81, B.1.1).
fn jpeg_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xD9 => return Some(at + 2),
            // Stuffed bytes, fill bytes, restart markers, and others without a length.
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            0xFF => at += 1,
            _ => {
                let length = bytes.get(at + 2..at + 4)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
            }
        }
    }
}
