//! Text that stands for bytes: base64 (RFC 4648, both alphabets), hexadecimal, literals.

/// Decodes base64 text with or without padding and line breaks, up to `limit` bytes of output.
/// `None` if there is anything else in it.
pub(super) fn decode_base64(text: &[u8], limit: usize) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    let mut padding = false;
    for &byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                padding = true;
                continue;
            }
            _ if byte.is_ascii_whitespace() => continue,
            _ => return None,
        };
        if padding {
            return None;
        }
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            if out.len() < limit {
                out.push((bits >> count) as u8);
            }
        }
    }
    Some(out)
}

/// Decodes hexadecimal text, with `0x`, `\x` or spaces in between.
pub(super) fn decode_hex(text: &[u8], limit: usize) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"0x").or(text.strip_prefix(b"\\x")).unwrap_or(text);
    let (mut out, mut high) = (Vec::new(), None);
    for &byte in text {
        if byte.is_ascii_whitespace() {
            continue;
        }
        let digit = (byte as char).to_digit(16)? as u8;
        match high.take() {
            None => high = Some(digit),
            Some(high) if out.len() < limit => out.push(high << 4 | digit),
            Some(_) => {}
        }
    }
    Some(out)
}

/// Decodes what is between the quotes of a Python bytes literal, as far as `limit` bytes.
pub(super) fn decode_literal(text: &[u8], limit: usize) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text);
    while out.len() < limit {
        rest = match rest {
            [] => break,
            [b'\\', b'x', high, low, after @ ..] => {
                let digit = |byte: &u8| (*byte as char).to_digit(16);
                let Some((high, low)) = digit(high).zip(digit(low)) else { break };
                out.push((high << 4 | low) as u8);
                after
            }
            [b'\\', escaped, after @ ..] => {
                out.push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    other => *other,
                });
                after
            }
            [byte, after @ ..] => {
                out.push(*byte);
                after
            }
        };
    }
    out
}

/// The numbers of a list such as `[255, 216, 255, 224`, as far as `limit` bytes.
pub(super) fn decode_numbers(text: &[u8], limit: usize) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"[").or(text.strip_prefix(b"("))?;
    let numbers = text.split(|&byte| byte == b',').take(limit);
    let parse = |number: &[u8]| {
        str::from_utf8(number).ok()?.trim().trim_end_matches([']', ')']).parse().ok()
    };
    Some(numbers.map_while(parse).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_give_their_bytes() {
        assert_eq!(decode_base64(b"/9j/4A==", 99).unwrap(), b"\xFF\xD8\xFF\xE0");
        assert_eq!(decode_base64(b"_9j_\n4A", 99).unwrap(), b"\xFF\xD8\xFF\xE0");
        assert_eq!(decode_base64(b"/9j/4A==", 2).unwrap(), b"\xFF\xD8");
        assert_eq!(decode_base64(b"/9j=/4A", 99), None);
        assert_eq!(decode_base64(b"no base64!", 99), None);
        assert_eq!(decode_hex(b"\\xffD8 ff", 99).unwrap(), b"\xFF\xD8\xFF");
        assert_eq!(decode_hex(b"xyz", 99), None);
        assert_eq!(decode_literal(br"\xff\xd8a\n\\", 99), b"\xFF\xD8a\n\\");
        assert_eq!(decode_numbers(b"[255, 216,\n255]", 99).unwrap(), b"\xFF\xD8\xFF");
        assert_eq!(decode_numbers(b"no list", 99), None);
    }
}
