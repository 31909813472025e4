//! Inputs that are text: pages, error documents, and images written as text.

use super::base64::{decode_base64, decode_hex, decode_literal, decode_numbers};
use super::embedded::contains_ignoring_case;
use super::{Code, Diagnosis, Summary, summary};
use crate::formats::Format;
use crate::limits::Limits;

/// How much of a text is looked at.
const START: usize = 4096;
/// How many bytes of an image written as text are decoded for its header.
const HEADER: usize = 64 * 1024;
/// How much of a text is quoted.
const QUOTE: usize = 60;

pub(super) fn find(bytes: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let (skipped, text) = without_mark(bytes);
    if !looks_like_text(&text[..text.len().min(START)]) {
        return utf16(bytes);
    }
    let text = text.trim_ascii_start();
    let offset = bytes.len() - text.len();
    debug_assert!(offset >= skipped);
    let diagnosis = pointer(text)
        .or_else(|| written_out(text, limits))
        .or_else(|| object(text))
        .or_else(|| page(text))
        .or_else(|| document(text))
        .unwrap_or_else(|| plain(text));
    Some(match diagnosis.offset {
        None => diagnosis.at(offset),
        Some(_) => diagnosis,
    })
}

/// The text behind a UTF-8 byte order mark.
fn without_mark(bytes: &[u8]) -> (usize, &[u8]) {
    match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(text) => (3, text),
        None => (0, bytes),
    }
}

/// Valid UTF-8, but for a character cut off at the end, with no controls but white space.
fn looks_like_text(start: &[u8]) -> bool {
    let valid = match str::from_utf8(start) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    let control = |byte: &u8| *byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    valid && !start.iter().any(control) && !start.trim_ascii().is_empty()
}

fn utf16(bytes: &[u8]) -> Option<Diagnosis> {
    let rest = bytes.strip_prefix(b"\xFF\xFE").or(bytes.strip_prefix(b"\xFE\xFF"))?;
    let start = &rest[..rest.len().min(64)];
    let ascii = start.iter().filter(|&&byte| byte == 0).count() * 3 >= start.len();
    ascii.then(|| {
        Diagnosis::new(Code::Text, "the input is UTF-16 text")
            .at(0)
            .help("in PowerShell 5, > writes text: use -OutFile or curl.exe -o for an image")
    })
}

fn pointer(text: &[u8]) -> Option<Diagnosis> {
    text.starts_with(b"version https://git-lfs.github.com/spec/").then(|| {
        let size = field(text, b"size ").unwrap_or_default();
        Diagnosis::new(
            Code::GitLfsPointer,
            format!("the input is a Git LFS pointer to a file of {size} bytes, not the file"),
        )
        .help("run git lfs pull in the repository")
    })
}

/// The rest of the line that begins with `name`.
fn field(text: &[u8], name: &[u8]) -> Option<String> {
    let line = text.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(name))?;
    Some(quoted(line))
}

/// An image as base64, `data:` URI, hexadecimal, literal or list of numbers.
fn written_out(text: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let found = |code: Code, form: &str, image: Summary, help: &'static str| {
        let text = format!("the input is {form} of {image} image, not the image");
        Diagnosis::new(code, text).image(Some(image)).help(help)
    };
    if let Some(uri) = strip_ignoring_case(text, b"data:") {
        let comma = memchr::memchr(b',', &uri[..uri.len().min(START)])?;
        let body = decode_base64(uri[comma + 1..].trim_ascii(), HEADER).unwrap_or_default();
        let help = "decode what follows the comma: base64.b64decode(text.split(',', 1)[1])";
        let Some(image) = summary(&body, limits) else {
            let media_type = quoted(&uri[..comma]);
            let text = format!("the input is a data: URI of type {media_type}");
            return Some(Diagnosis::new(Code::DataUri, text).help(help));
        };
        return Some(found(Code::DataUri, "a data: URI", image, help));
    }
    if let Some(image) = literal(text).and_then(|bytes| summary(&bytes, limits)) {
        let help = "somewhere str(data) or repr(data) was stored instead of data: store the bytes \
                    (ast.literal_eval(text) recovers them)";
        return Some(found(Code::BytesLiteral, "the source text", image, help));
    }
    if let Some(image) = decode_numbers(text, HEADER).and_then(|bytes| summary(&bytes, limits)) {
        let help = "make bytes of the numbers: bytes(json.loads(text))";
        return Some(found(Code::BytesLiteral, "a list of the numbers", image, help));
    }
    let inner = unquoted(text);
    if let Some(image) = decode_hex(inner, HEADER).and_then(|bytes| summary(&bytes, limits)) {
        let help = "decode it: bytes.fromhex(text), without \\x or 0x in front";
        return Some(found(Code::Hex, "hexadecimal text", image, help));
    }
    let body = decode_base64(inner, HEADER)?;
    let help = "decode it: base64.b64decode(text)";
    if let Some(image) = summary(&body, limits) {
        return Some(found(Code::Base64, "base64 text", image, help));
    }
    let other = super::signature::find(&body)?;
    let text = format!("the input is base64 text; decoded, {}", other.message);
    Some(Diagnosis::new(Code::Base64, text).help(help))
}

/// The bytes of a Python literal, or of text that is full of `\x` escapes.
fn literal(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.strip_prefix(b"bytearray(").unwrap_or(text);
    let body = match text {
        [b'b', b'\'' | b'"', body @ ..] => body,
        [b'\\', b'x', ..] | [b'\'' | b'"', b'\\', b'x', ..] => text.trim_ascii_start(),
        _ => return None,
    };
    let body = body.strip_prefix(b"\"").or(body.strip_prefix(b"'")).unwrap_or(body);
    let bytes = decode_literal(body, HEADER);
    match Format::sniff(&bytes) {
        Some(_) => Some(bytes),
        // b'iVBORw0...': the literal of base64 text.
        None => decode_base64(bytes.strip_suffix(b"'").unwrap_or(&bytes), HEADER),
    }
}

/// `<PIL.JpegImagePlugin.JpegImageFile image mode=RGB size=640x480 at 0x7F...>` and its like.
fn object(text: &[u8]) -> Option<Diagnosis> {
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let is_object = (line.starts_with(b"<") && memchr::memmem::find(line, b" at 0x").is_some())
        || text.starts_with(b"[object ")
        || text.starts_with(b"<memory at")
        || text.starts_with(b"array([");
    is_object.then(|| {
        Diagnosis::new(
            Code::ObjectText,
            format!(
                "the input is the text form of an object, \"{}\": the picture is not in it",
                quoted(line)
            ),
        )
        .help("somewhere str(image) was stored: save the image into a BytesIO and store getvalue()")
    })
}

fn page(text: &[u8]) -> Option<Diagnosis> {
    let start = &text[..text.len().min(START)];
    if contains_ignoring_case(start, b"<svg") {
        return Some(
            Diagnosis::new(Code::Svg, "the input is an SVG drawing, which pilaf does not read")
                .help("render it to PNG first"),
        );
    }
    let marks: [&[u8]; 5] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<title"];
    if !start.starts_with(b"<") || !marks.iter().any(|mark| contains_ignoring_case(start, mark)) {
        return None;
    }
    let message = match between(text, b"<title", b"</title") {
        Some(title) => format!("the input is an HTML page titled \"{title}\""),
        None => match quoted(&without_tags(start)) {
            words if words.is_empty() => "the input is an HTML page".to_owned(),
            words => format!("the input is an HTML page that says \"{words}\""),
        },
    };
    Some(Diagnosis::new(Code::Html, message).help(
        "the server sent a page instead of the image: check the address, the status code and \
         whether one must be logged in",
    ))
}

/// The text of a page, each tag replaced by a space.
fn without_tags(page: &[u8]) -> Vec<u8> {
    let mut depth = 0u32;
    let text = page.iter().filter_map(|&byte| {
        depth = match byte {
            b'<' => depth + 1,
            b'>' => depth.saturating_sub(1),
            _ => depth,
        };
        match byte {
            b'>' => Some(b' '),
            _ => (depth == 0).then_some(byte),
        }
    });
    text.collect()
}

/// What stands between a tag and its end, white space taken together.
fn between(text: &[u8], tag: &[u8], end: &[u8]) -> Option<String> {
    let find = |text: &[u8], what: &[u8]| {
        text.windows(what.len()).position(|window| window.eq_ignore_ascii_case(what))
    };
    let rest = &text[find(text, tag)?..];
    let rest = &rest[memchr::memchr(b'>', rest)? + 1..];
    let inner = rest[..find(rest, end)?].trim_ascii();
    (!inner.is_empty()).then(|| quoted(inner))
}

/// XML and JSON documents, with what they say of an error.
fn document(text: &[u8]) -> Option<Diagnosis> {
    let help = "the server answered with a document instead of the image: see what it says";
    let (code, name, says) = if text.starts_with(b"<?xml") || is_element(text) {
        let message = between(text, b"<message", b"</message");
        let code = between(text, b"<code", b"</code");
        (Code::Xml, "an XML document", code.into_iter().chain(message).collect::<Vec<_>>())
    } else if matches!(text, [b'{' | b'[', ..]) && looks_like_json(text) {
        let keys: [&[u8]; 6] =
            [b"\"error\"", b"\"message\"", b"\"detail\"", b"\"title\"", b"\"reason\"", b"\"code\""];
        let says = keys.iter().filter_map(|key| json_text(text, key)).take(2).collect();
        (Code::Json, "a JSON document", says)
    } else {
        return None;
    };
    let message = match says.join(": ") {
        says if says.is_empty() => format!("the input is {name}: \"{}\"", quoted(text)),
        says => format!("the input is {name} that says \"{says}\""),
    };
    Some(Diagnosis::new(code, message).help(help))
}

fn is_element(text: &[u8]) -> bool {
    matches!(text, [b'<', first, ..] if first.is_ascii_alphabetic()) && text.contains(&b'>')
}

fn looks_like_json(text: &[u8]) -> bool {
    matches!(
        text[1..].trim_ascii_start(),
        [b'"' | b'{' | b'[' | b']' | b'}' | b'0'..=b'9' | b'-', ..]
    )
}

/// The string behind `key` in a JSON document.
fn json_text(text: &[u8], key: &[u8]) -> Option<String> {
    let rest = &text[memchr::memmem::find(text, key)? + key.len()..];
    let rest =
        rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', rest)?;
    (end > 0).then(|| quoted(&rest[..end]))
}

fn plain(text: &[u8]) -> Diagnosis {
    Diagnosis::new(Code::Text, format!("the input is text: \"{}\"", quoted(text))).help(
        "pass the bytes of an image; a path is passed as str or Path, not as bytes, and text is \
         decoded first if an image was encoded in it",
    )
}

/// The beginning of a text on one line.
fn quoted(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * QUOTE)]);
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

fn unquoted(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        // The end of a long text may not be at hand.
        [b'"', inner @ ..] => inner,
        _ => text,
    }
}

fn strip_ignoring_case<'a>(text: &'a [u8], lower: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(lower.len())?;
    start.eq_ignore_ascii_case(lower).then_some(rest)
}
