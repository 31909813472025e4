//! The chunks of a PNG, checked without decoding them: W3C PNG, 5.3 "Chunk layout".

use std::io::Cursor;

/// What a walk over the chunks found.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    /// Where the image ends: behind its IEND chunk.
    pub(crate) end: Option<usize>,
    /// The first thing that is wrong.
    pub(crate) fault: Option<Fault>,
}

/// A broken chunk.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) what: String,
    /// The file ends there.
    pub(crate) is_end: bool,
}

impl Chunks {
    /// Whether every chunk up to IEND is whole and has the right checksum.
    pub(crate) fn is_sound(&self) -> bool {
        self.fault.is_none() && self.end.is_some()
    }
}

/// Walks over the chunks behind the signature, up to the first fault.
pub(crate) fn check(bytes: &[u8]) -> Chunks {
    let mut at = 8;
    loop {
        match chunk_at(bytes, at) {
            Err(fault) => return Chunks { end: None, fault: Some(fault) },
            Ok((kind, end)) if kind == b"IEND" => return Chunks { end: Some(end), fault: None },
            Ok((_, end)) => at = end,
        }
    }
}

/// Where the IEND chunk ends. Checksums are not looked at.
pub(crate) fn encoded_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 8usize;
    loop {
        let head = bytes.get(at..)?.first_chunk::<8>()?;
        let [a, b, c, d, kind @ ..] = *head;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        at = at.checked_add(length)?.checked_add(12).filter(|&end| end <= bytes.len())?;
        if &kind == b"IEND" {
            return Some(at);
        }
    }
}

/// The type of the chunk at `at`, and where it ends.
fn chunk_at(bytes: &[u8], at: usize) -> Result<(&[u8], usize), Fault> {
    let fault = |what: String, is_end| Err(Fault { offset: at, what, is_end });
    let rest = bytes.get(at..).unwrap_or_default();
    let Some((length, body)) = rest.split_first_chunk::<4>() else {
        return fault("the file ends before its IEND chunk".into(), true);
    };
    let length = u32::from_be_bytes(*length) as usize;
    let kind = &body[..body.len().min(4)];
    let name = kind.escape_ascii();
    if kind.len() == 4 && !kind.iter().all(u8::is_ascii_alphabetic) {
        return fault(format!("there should be a chunk, but its type is \"{name}\""), false);
    }
    let Some((checked, after)) = body.split_at_checked(length.saturating_add(4)) else {
        let text = format!("the file ends within its {name} chunk of {length} bytes");
        return fault(text, true);
    };
    let Some(stated) = after.first_chunk::<4>() else {
        return fault(format!("the file ends before the checksum of its {name} chunk"), true);
    };
    if crc(checked) != u32::from_be_bytes(*stated) {
        return fault(format!("the checksum of the {name} chunk is wrong"), false);
    }
    Ok((kind, at + 12 + length))
}

/// The share of its rows that a broken PNG gives; `None` for an interlaced one, whose rows are
/// spread over seven passes.
pub(crate) fn sound_share(bytes: &[u8]) -> Option<f64> {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let height = reader.info().height;
    if reader.info().interlaced {
        return None;
    }
    let mut rows = 0;
    while let Ok(Some(_)) = reader.next_row() {
        rows += 1;
    }
    Some(f64::from(rows) / f64::from(height.max(1)))
}

/// CRC-32 as PNG has it: W3C PNG, annex D.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| CRC[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let mut c = n as u32;
        let mut bit = 0;
        while bit < 8 {
            c = if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 };
            bit += 1;
        }
        table[n] = c;
        n += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
    }
}
