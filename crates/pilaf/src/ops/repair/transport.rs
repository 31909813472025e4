//! Damage on the way that leaves enough to undo it, and to prove that it is undone.

use crate::formats::png_chunks;

/// A PNG in which every LF became CR LF, as it was. `None` unless the checksums of all its chunks
/// are right then.
pub(in crate::ops) fn restore_newlines(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"\x89PNG\r\r\n\x1A\r\n") {
        return None;
    }
    let mut fixed = Vec::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            fixed.push(byte);
        }
    }
    png_chunks::check(&fixed).is_sound().then_some(fixed)
}

/// Bytes that were taken for Latin-1 or Windows-1252 text and written as UTF-8, or as UTF-16 with
/// its mark, as they were. The number tells after how many of them the first one is lost.
pub(in crate::ops) fn from_latin1(bytes: &[u8]) -> (Vec<u8>, Option<usize>) {
    let mut original = Vec::with_capacity(bytes.len() / 2);
    let mut lost = None;
    let mut put = |character: Option<char>| {
        let byte = character.and_then(latin1_byte);
        if byte.is_none() && lost.is_none() {
            lost = Some(original.len());
        }
        original.push(byte.unwrap_or(b'?'));
    };
    if let Some(text) = bytes.strip_prefix(b"\xFF\xFE") {
        for unit in text.chunks(2) {
            let unit = unit.first_chunk().map(|unit| u16::from_le_bytes(*unit));
            put(unit.and_then(|unit| char::from_u32(unit.into())));
        }
    } else {
        for chunk in bytes.utf8_chunks() {
            chunk.valid().chars().for_each(|character| put(Some(character)));
            if !chunk.invalid().is_empty() {
                put(None);
            }
        }
    }
    (original, lost)
}

/// The byte that a character is in Latin-1 or, where that has controls, in Windows-1252.
fn latin1_byte(character: char) -> Option<u8> {
    /// 0x80 to 0x9F; a space where there is none.
    /// <https://encoding.spec.whatwg.org/index-windows-1252.txt>
    const WINDOWS: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
    if let Ok(byte) = u8::try_from(u32::from(character)) {
        return Some(byte);
    }
    WINDOWS.chars().position(|known| known == character).map(|index| 0x80 + index as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        let text: String = all.iter().map(|&byte| char::from(byte)).collect();
        assert_eq!(from_latin1(text.as_bytes()), (all.clone(), None));
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(from_latin1(&[b"\xFF\xFE", &utf16[..]].concat()), (all, None));
        assert_eq!(from_latin1("€Ÿ™".as_bytes()), (vec![0x80, 0x9F, 0x99], None));
    }

    #[test]
    fn what_is_lost_is_told() {
        assert_eq!(from_latin1("ab\u{FFFD}c".as_bytes()), (b"ab?c".to_vec(), Some(2)));
        assert_eq!(from_latin1(b"abc\xFF"), (b"abc?".to_vec(), Some(3)));
    }
}
