//! Bodies of HTTP and MIME messages (RFC 9112, RFC 2046).

use std::borrow::Cow;

use crate::formats::Format;

/// The part of a multipart body, or the body of a message, that is the image: the first one that
/// begins as one, else the first one that says it is one. `None` if `bytes` are no message.
pub(in crate::ops) fn body(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !bytes.starts_with(b"--") {
        let (headers, body) = split_headers(bytes)?;
        return Some(match has(headers, b"transfer-encoding", b"chunked") {
            true => Cow::Owned(joined_chunks(body)?),
            false => Cow::Borrowed(body),
        });
    }
    let line_end = memchr::memchr(b'\n', bytes)?;
    let boundary = bytes[..line_end].trim_ascii_end();
    let parts = parts(&bytes[line_end + 1..], boundary);
    let begins_as_image = |(_, body): &&(&[u8], &[u8])| Format::sniff(body).is_some();
    let says_image = |(headers, _): &&(&[u8], &[u8])| has(headers, b"content-type", b"image/");
    let chosen = parts.iter().find(begins_as_image).or_else(|| parts.iter().find(says_image))?;
    Some(Cow::Borrowed(chosen.1))
}

/// Headers and body of each part. The last one may be cut off.
fn parts<'a>(mut bytes: &'a [u8], boundary: &[u8]) -> Vec<(&'a [u8], &'a [u8])> {
    let separator = [b"\n", boundary].concat();
    let mut parts = Vec::new();
    loop {
        let end = memchr::memmem::find(bytes, &separator);
        let part = &bytes[..end.unwrap_or(bytes.len())];
        let part = if end.is_some() { part.strip_suffix(b"\r").unwrap_or(part) } else { part };
        parts.extend(split_headers(part));
        let Some(end) = end else { return parts };
        let rest = &bytes[end + separator.len()..];
        let Some(line_end) = memchr::memchr(b'\n', rest) else { return parts };
        bytes = &rest[line_end + 1..];
    }
}

/// What stands before the first empty line and what behind it.
fn split_headers(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let find = |mark: &[u8]| Some((memchr::memmem::find(bytes, mark)?, mark.len()));
    let (at, len) = match (find(b"\r\n\r\n"), find(b"\n\n")) {
        (Some(crlf), Some(lf)) => crlf.min(lf),
        (crlf, lf) => crlf.or(lf)?,
    };
    Some((&bytes[..at], &bytes[at + len..]))
}

/// Whether the header field `name` contains `value`; both in lower case.
fn has(headers: &[u8], name: &[u8], value: &[u8]) -> bool {
    headers.split(|&byte| byte == b'\n').any(|line| {
        let line = line.to_ascii_lowercase();
        line.starts_with(name) && memchr::memmem::find(&line, value).is_some()
    })
}

/// The body that was sent in chunks: RFC 9112, 7.1.
fn joined_chunks(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line_end = memchr::memchr(b'\n', bytes)?;
        let size = bytes[..line_end].split(|&byte| byte == b';').next()?;
        let size = usize::from_str_radix(str::from_utf8(size).ok()?.trim(), 16).ok()?;
        let rest = &bytes[line_end + 1..];
        if size == 0 {
            return Some(body);
        }
        let (chunk, rest) = rest.split_at_checked(size)?;
        body.extend_from_slice(chunk);
        bytes = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1A\n--x\r\nrest";

    #[test]
    fn the_part_that_begins_as_an_image_is_taken() {
        let message = [
            b"--b0\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhello\r\n--b0\r\n\
              Content-Type: image/png\r\n\r\n",
            PNG,
            b"\r\n--b0--\r\n",
        ]
        .concat();
        assert_eq!(body(&message).as_deref(), Some(PNG));
        let end = message.len() - 10;
        assert!(body(&message[..end]).unwrap().starts_with(PNG), "the last part may be cut off");
    }

    #[test]
    fn a_part_may_be_encoded_text() {
        let message =
            b"--b\nContent-Type: text/plain\n\nhi\n--b\nContent-Type: image/png\n\niVBO\n--b--";
        assert_eq!(body(message).as_deref(), Some(&b"iVBO"[..]));
        assert_eq!(body(b"--b\nContent-Type: text/plain\n\nhi\n--b--"), None);
    }

    #[test]
    fn chunks_are_joined() {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let message = [&head[..], b"4;a=b\r\n\x89PNG\r\n3\r\nabc\r\n0\r\n\r\n"].concat();
        assert_eq!(body(&message).as_deref(), Some(&b"\x89PNGabc"[..]));
        for end in head.len()..message.len() - 5 {
            assert_eq!(body(&message[..end]), None, "{end}");
        }
        let plain = [&b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"[..], PNG].concat();
        assert_eq!(body(&plain).as_deref(), Some(PNG));
    }
}
