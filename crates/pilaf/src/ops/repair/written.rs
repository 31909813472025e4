//! Text that stands for bytes: base64 (RFC 4648, both alphabets), data: URIs (RFC 2397),
//! hexadecimal, literals of programming languages.
//!
//! Each takes a `limit` of bytes to give: what explains an input looks at the beginning only.

use std::borrow::Cow;

/// Decodes base64 text with or without padding and line breaks, up to `limit` bytes.
///
/// Spaces are taken for `+`, which form decoding makes of them, if the text has no `+` and
/// its length is right only then.
///
/// # Errors
///
/// The offset of the first byte that is no base64.
pub(in crate::ops) fn decode_base64(text: &[u8], limit: usize) -> Result<Vec<u8>, usize> {
    let spaces_are_plus = plus_became_space(text);
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    let mut padding = false;
    for (at, &byte) in text.iter().enumerate() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b' ' if spaces_are_plus => 62,
            b'/' | b'_' => 63,
            b'=' => {
                padding = true;
                continue;
            }
            _ if byte.is_ascii_whitespace() => continue,
            _ => return Err(at),
        };
        if padding {
            return Err(at);
        }
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            if out.len() >= limit {
                break;
            }
        }
    }
    Ok(out)
}

/// Whether the spaces within a text of base64 were plus signs.
pub(in crate::ops) fn plus_became_space(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let (mut spaces, mut others) = (0, 0);
    for &byte in text {
        match byte {
            b' ' => spaces += 1,
            b'+' | b'-' | b'\t' => return false,
            b'\r' | b'\n' => {}
            _ => others += 1,
        }
    }
    spaces > 0 && (spaces + others) % 4 == 0 && others % 4 != 0
}

/// The body of a `data:` URI, decoded, up to `limit` bytes; `uri` is what follows `data:`.
///
/// # Errors
///
/// The offset of the first byte that is wrong.
pub(in crate::ops) fn decode_data_uri(uri: &[u8], limit: usize) -> Result<Vec<u8>, usize> {
    let comma = memchr::memchr(b',', uri).ok_or(uri.len())?;
    let is_base64 = uri[..comma].to_ascii_lowercase().ends_with(b";base64");
    let body = percent_decoded(uri[comma + 1..].trim_ascii_end());
    match is_base64 {
        true => decode_base64(&body, limit).map_err(|at| comma + 1 + at),
        false => Ok(body[..body.len().min(limit)].to_vec()),
    }
}

/// `%2B` and its like, undone (RFC 3986, 2.1); anything else stays.
fn percent_decoded(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return text.into();
    }
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text);
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'%', [high, low, tail @ ..]) if hex_pair(*high, *low).is_some() => {
                out.extend(hex_pair(*high, *low));
                rest = tail;
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out.into()
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16);
    Some((digit(high)? << 4 | digit(low)?) as u8)
}

/// Decodes hexadecimal text, with `0x`, `\x` or (in quotes) `X` in front or spaces in between, up to `limit` bytes.
///
/// # Errors
///
/// The offset of the first byte that is no digit; that of the end for an odd number of digits.
pub(in crate::ops) fn decode_hex(text: &[u8], limit: usize) -> Result<Vec<u8>, usize> {
    let text = text.strip_suffix(b"'").unwrap_or(text);
    let skip = match text {
        [b'0', b'x' | b'X', ..] | [b'\\', b'x', ..] | [b'x' | b'X', b'\'', ..] => 2,
        _ => 0,
    };
    let (mut out, mut high) = (Vec::new(), None);
    for (at, &byte) in text.iter().enumerate().skip(skip) {
        if byte.is_ascii_whitespace() {
            continue;
        }
        let digit = (byte as char).to_digit(16).ok_or(at)? as u8;
        match high.take() {
            None => high = Some(digit),
            Some(high) => out.push(high << 4 | digit),
        }
        if out.len() >= limit {
            return Ok(out);
        }
    }
    if high.is_some() { Err(text.len()) } else { Ok(out) }
}

/// The bytes of a literal, up to `limit`: Python's `b'...'` and `bytearray(b'...')`, text full of
/// `\x` escapes in quotes or not, a list of numbers. `None` if it is none of these.
pub(in crate::ops) fn decode_literal(text: &[u8], limit: usize) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"bytearray(").or(text.strip_prefix(b"bytes(")).unwrap_or(text);
    if let Some(numbers) = json_numbers(text) {
        return decode_numbers(numbers, limit);
    }
    match text {
        [b'b', quote @ (b'\'' | b'"'), body @ ..] => Some(decode_escapes(body, *quote, limit)),
        [quote @ (b'\'' | b'"'), body @ ..] if body.starts_with(b"\\x") => {
            Some(decode_escapes(body, *quote, limit))
        }
        [b'\\', b'x' | b'0'..=b'3', ..] => Some(decode_escapes(text, 0, limit)),
        [b'[' | b'(', body @ ..] => decode_numbers(body, limit),
        // The first numbers of a JPEG and of a PNG.
        _ if text.starts_with(b"255,") || text.starts_with(b"137,") => decode_numbers(text, limit),
        _ => None,
    }
}

/// The numbers of what JavaScript makes of bytes in JSON: `{"type":"Buffer","data":[255,216]}` and
/// `{"0":255,"1":216}`.
fn json_numbers(text: &[u8]) -> Option<&[u8]> {
    let body = text.strip_prefix(b"{")?.trim_ascii_start();
    if body.starts_with(b"\"0\"") {
        return Some(body);
    }
    let start = &body[..body.len().min(64)];
    memchr::memmem::find(start, b"\"Buffer\"")?;
    Some(&body[memchr::memchr(b'[', start)? + 1..])
}

/// What stands before the closing quote.
fn decode_escapes(text: &[u8], quote: u8, limit: usize) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text);
    while out.len() < limit {
        rest = match rest {
            [] => break,
            [b'\\', b'x', high, low, after @ ..] => {
                let Some(byte) = hex_pair(*high, *low) else { break };
                out.push(byte);
                after
            }
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..] => {
                out.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                after
            }
            [b'\\', escaped, after @ ..] => {
                out.push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'0' => 0,
                    other => *other,
                });
                after
            }
            [byte, ..] if *byte == quote && quote != 0 => break,
            [byte, after @ ..] => {
                out.push(*byte);
                after
            }
        };
    }
    out
}

/// The numbers of a list such as `255, 216, 255, 224]`, each with a key in front or not; the last
/// one may be cut off.
fn decode_numbers(text: &[u8], limit: usize) -> Option<Vec<u8>> {
    let number = |item: &[u8]| {
        let item = str::from_utf8(item).ok()?;
        let (key, value) = item.split_once(':').unwrap_or(("\"0\"", item));
        let key = key.trim().trim_start_matches('{').strip_prefix('"')?.strip_suffix('"')?;
        key.parse::<usize>().ok()?;
        let value: i16 = value.trim().parse().ok()?;
        // Java's bytes have signs.
        (-128..256).contains(&value).then_some(value as u8)
    };
    let mut out = Vec::new();
    for item in text.split(|&byte| byte == b',').take(limit) {
        match item.iter().position(|byte| b"])}".contains(byte)) {
            None => out.push(number(item)?),
            Some(end) => {
                out.push(number(&item[..end])?);
                break;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_gives_its_bytes() {
        assert_eq!(decode_base64(b"/9j/4A==", 99).unwrap(), b"\xFF\xD8\xFF\xE0");
        assert_eq!(decode_base64(b"_9j_\n4A", 99).unwrap(), b"\xFF\xD8\xFF\xE0");
        assert_eq!(decode_base64(b"/9j/4A==", 2).unwrap(), b"\xFF\xD8");
        assert_eq!(decode_base64(b"/9j=/4A", 99), Err(4));
        assert_eq!(decode_base64(b"no base64!", 99), Err(9));
    }

    #[test]
    fn a_plus_that_became_a_space_is_one_again() {
        assert_eq!(decode_base64(b"+9j+4A==", 99).unwrap(), b"\xFB\xD8\xFE\xE0");
        assert_eq!(decode_base64(b" 9j 4A==", 99).unwrap(), b"\xF6\x3E\x00");
        assert_eq!(decode_base64(b"/9j 4A==", 99).unwrap(), b"\xFF\xD8\xFE\xE0");
        assert_eq!(decode_base64(b"/9j/ 4AAA", 99).unwrap(), b"\xFF\xD8\xFF\xE0\0\0");
    }

    #[test]
    fn data_uris_give_their_bytes() {
        assert_eq!(decode_data_uri(b"image/png;base64,/9j/4A==", 9).unwrap(), b"\xFF\xD8\xFF\xE0");
        assert_eq!(decode_data_uri(b";base64,%2F9j%2f4A%3D%3D", 9).unwrap(), b"\xFF\xD8\xFF\xE0");
        assert_eq!(decode_data_uri(b",%FF%D8x%", 9).unwrap(), b"\xFF\xD8x%");
        assert_eq!(decode_data_uri(b";base64,ab!", 9), Err(10));
        assert_eq!(decode_data_uri(b"no comma", 9), Err(8));
    }

    #[test]
    fn hexadecimal_text_gives_its_bytes() {
        assert_eq!(decode_hex(b"\\xffD8 ff", 99).unwrap(), b"\xFF\xD8\xFF");
        assert_eq!(decode_hex(b"0xffD8", 1).unwrap(), b"\xFF");
        assert_eq!(decode_hex(b"X'ffD8'", 9).unwrap(), b"\xFF\xD8");
        assert_eq!(decode_hex(b"xyz", 99), Err(0));
        assert_eq!(decode_hex(b"ffd", 99), Err(3));
    }

    #[test]
    fn literals_give_their_bytes() {
        let cases: [(&[u8], &[u8]); 11] = [
            (b"[-1, -40, 0]", b"\xFF\xD8\0"),
            (b"255,216", b"\xFF\xD8"),
            (br"\377\330a\\", b"\xFF\xD8a\\"),
            (br#"{"type": "Buffer", "data": [255, 216]}"#, b"\xFF\xD8"),
            (br#"{"0":255,"1":216}"#, b"\xFF\xD8"),
            (br"b'\xff\xd8a\n\\\'x'", b"\xFF\xD8a\n\\'x"),
            (br#"bytearray(b"\xff'")"#, b"\xFF'"),
            (br"\xff\xd8", b"\xFF\xD8"),
            (br"'\xff\xd8'", b"\xFF\xD8"),
            (b"[255, 216,\n255]", b"\xFF\xD8\xFF"),
            (b"(255, 216)", b"\xFF\xD8"),
        ];
        for (text, bytes) in cases {
            assert_eq!(decode_literal(text, 99).as_deref(), Some(bytes));
        }
        assert_eq!(decode_literal(b"no list", 99), None);
        assert_eq!(decode_literal(b"[255, 256]", 99), None);
        assert_eq!(decode_literal(b"[{\"a\": 1}]", 99), None);
    }
}
