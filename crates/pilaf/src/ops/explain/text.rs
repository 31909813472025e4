//! Inputs that are text: pages, error documents, and images written as text.

use super::super::repair::written::{
    decode_base64, decode_data_uri, decode_hex, decode_literal, plus_became_space,
};
use super::super::repair::{Repair, unquoted};
use super::embedded::contains_ignoring_case;
use super::{Code, Diagnosis, Summary, summary};
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
        .or_else(|| document(text, limits))
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
    if let Some(uri) = strip_ignoring_case(text, b"data:") {
        return data_uri(uri, limits);
    }
    let found = |code: Code, form: &str, image: Summary, repair: Repair, help: &'static str| {
        let text = format!("the input is {form} of {image} image, not the image");
        Diagnosis::new(code, text).image(Some(image)).help(help).repair(repair)
    };
    if let Some(image) = literal_image(text, limits) {
        let (form, help) = match text {
            [b'[' | b'(' | b'0'..=b'9', ..] => {
                ("a list of the numbers", "make bytes of the numbers: bytes(json.loads(text))")
            }
            [b'{', ..] => (
                "JavaScript's JSON form",
                "send the bytes themselves as the body, or base64: Buffer.toString('base64')",
            ),
            [b'\\', b'0'..=b'3', ..] => (
                "the escaped text",
                "it is bytea in PostgreSQL's escape format: fetch it as binary",
            ),
            _ => (
                "the source text",
                "somewhere str(data) or repr(data) was stored instead of data: store the bytes \
                 (ast.literal_eval(text) recovers them)",
            ),
        };
        return Some(found(Code::BytesLiteral, form, image, Repair::FromLiteral, help));
    }
    let inner = unquoted(text);
    let image_in = |bytes: Result<Vec<u8>, usize>| summary(&bytes.ok()?, limits);
    if let Some(image) = image_in(decode_hex(inner, HEADER)) {
        let help = "decode it: bytes.fromhex(text), without \\x or 0x in front";
        return Some(found(Code::Hex, "hexadecimal text", image, Repair::FromHex, help));
    }
    let body = decode_base64(inner, HEADER).ok()?;
    let help = "decode it: base64.b64decode(text)";
    if let Some(image) = summary(&body, limits) {
        let (form, help) = match plus_became_space(inner) {
            true => (
                "base64 text, its \"+\" turned into spaces by form decoding,",
                "encode it for the form (quote_plus); decode this: \
                 base64.b64decode(text.replace(' ', '+'))",
            ),
            false => ("base64 text", help),
        };
        return Some(found(Code::Base64, form, image, Repair::FromBase64, help));
    }
    if let Some(image) = image_in(decode_base64(&body, HEADER)) {
        let form = "base64 text of base64 text";
        let help = "it was encoded twice: decode it twice, and encode it once";
        return Some(found(Code::Base64, form, image, Repair::FromBase64, help));
    }
    let other = super::signature::find(&body, limits)?;
    let text = format!("the input is base64 text; decoded, {}", other.message);
    Some(Diagnosis::new(Code::Base64, text).help(help).repair(Repair::FromBase64))
}

/// The image whose bytes, or whose base64 text, is written as a literal.
fn literal_image(text: &[u8], limits: &Limits) -> Option<Summary> {
    let bytes = decode_literal(text, HEADER)?;
    let decoded = || summary(&decode_base64(&bytes, HEADER).ok()?, limits);
    summary(&bytes, limits).or_else(decoded)
}

fn data_uri(uri: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let comma = memchr::memchr(b',', &uri[..uri.len().min(START)])?;
    let help = "decode what follows the comma: base64.b64decode(text.split(',', 1)[1])";
    let body = decode_data_uri(uri, HEADER).unwrap_or_default();
    let image = summary(&body, limits);
    let text = match image {
        Some(image) => format!("the input is a data: URI of {image} image, not the image"),
        None => format!("the input is a data: URI of type {}", quoted(&uri[..comma])),
    };
    let diagnosis = Diagnosis::new(Code::DataUri, text).image(image).help(help);
    Some(if body.is_empty() { diagnosis } else { diagnosis.repair(Repair::FromBase64) })
}

/// `<PIL.JpegImagePlugin.JpegImageFile image mode=RGB size=640x480 at 0x7F...>` and its like.
fn object(text: &[u8]) -> Option<Diagnosis> {
    // How uploads, responses and arrays print.
    const STARTS: &[&[u8]] = &[
        b"[object ",
        b"[B@",
        b"<memory at",
        b"array([",
        b"tensor(",
        b"<class '",
        b"<Response [",
        b"<FileStorage:",
        b"<InMemoryUploadedFile:",
        b"<TemporaryUploadedFile:",
        b"<SimpleUploadedFile:",
        b"UploadFile(",
        b"<_io.",
    ];
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let has_address = line.starts_with(b"<") && memchr::memmem::find(line, b" at 0x").is_some();
    let is_object = has_address || STARTS.iter().any(|start| text.starts_with(start));
    is_object.then(|| {
        Diagnosis::new(
            Code::ObjectText,
            format!(
                "the input is the text form of an object, \"{}\": the picture is not in it",
                quoted(line)
            ),
        )
        .help(match contains_ignoring_case(line, b"image mode=") || text.starts_with(b"array") {
            true => {
                "somewhere str(image) was stored: save the image into a BytesIO and store its \
                 getvalue()"
            }
            false => {
                "somewhere str(object) was stored: store the bytes that its read(), getvalue() or \
                 content gives"
            }
        })
    })
}

fn page(text: &[u8]) -> Option<Diagnosis> {
    let start = &text[..text.len().min(START)];
    let marks: [&[u8]; 5] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<title"];
    // Pages have drawings in them, and drawings have titles.
    if contains_ignoring_case(start, b"<svg") && !starts_as_page(start) {
        return Some(
            Diagnosis::new(Code::Svg, "the input is an SVG drawing, which pilaf does not read")
                .help("render it to PNG first"),
        );
    }
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

/// Whether a tag of HTML comes before any of SVG.
fn starts_as_page(start: &[u8]) -> bool {
    let place =
        |tag: &[u8]| start.windows(tag.len()).position(|window| window.eq_ignore_ascii_case(tag));
    let page = [place(b"<!doctype html"), place(b"<html"), place(b"<head"), place(b"<body")];
    match (page.into_iter().flatten().min(), place(b"<svg")) {
        (Some(page), Some(drawing)) => page < drawing,
        (page, _) => page.is_some(),
    }
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
fn document(text: &[u8], limits: &Limits) -> Option<Diagnosis> {
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
    if code == Code::Json
        && let Some((key, image)) = json_image(text, limits)
    {
        let message = format!(
            "the input is a JSON document; the image, {image}, is in it as base64 text{key}"
        );
        let help = "take the member out and decode it: base64.b64decode(json.loads(data)[...])";
        return Some(Diagnosis::new(code, message).image(Some(image)).help(help));
    }
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

/// An image that is written as base64 text into a JSON document, and under which name.
fn json_image(text: &[u8], limits: &Limits) -> Option<(String, Summary)> {
    // What JPEG and PNG begin with in base64, as the beginning of a string.
    let starts: [&[u8]; 4] = [b"\"/9j/", b"\"\\/9j\\/", b"\"iVBORw0KGgo", b"\"data:image/"];
    let at = starts.iter().filter_map(|start| memchr::memmem::find(text, start)).min()?;
    let string = &text[at + 1..];
    let end = memchr::memchr(b'"', string).unwrap_or(string.len());
    let string: Vec<u8> =
        string[..end.min(2 * HEADER)].iter().copied().filter(|&byte| byte != b'\\').collect();
    let bytes = match strip_ignoring_case(&string, b"data:") {
        Some(uri) => decode_data_uri(uri, HEADER),
        None => decode_base64(&string, HEADER),
    };
    let before = text[..at].trim_ascii_end().strip_suffix(b":").map(<[u8]>::trim_ascii_end);
    let key = before.and_then(|before| {
        let name = before.strip_suffix(b"\"")?;
        let start = memchr::memrchr(b'"', name)?;
        Some(format!(" under {:?}", quoted(&name[start + 1..])))
    });
    Some((key.unwrap_or_default(), summary(&bytes.ok()?, limits)?))
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
    let (what, help) = match kind_of_text(text.trim_ascii()) {
        Kind::Encoded(what, help) => (what, help),
        Kind::Url => {
            ("a URL", "download it first and pass what comes: requests.get(url).content, for one")
        }
        Kind::Path => ("a path", "open the file: pass the path as str or Path, not as bytes"),
        Kind::Nothing => (
            "what a missing value is as text",
            "somewhere str(value) was stored of a value that was not there",
        ),
        Kind::Other => (
            "text",
            "pass the bytes of an image; if a server sent this, it says why there is none; a path \
             is passed as str or Path, not as bytes",
        ),
    };
    Diagnosis::new(Code::Text, format!("the input is {what}: \"{}\"", quoted(text))).help(help)
}

enum Kind {
    /// An image in an encoding of text that there is no repair for.
    Encoded(&'static str, &'static str),
    Url,
    Path,
    Nothing,
    Other,
}

fn kind_of_text(text: &[u8]) -> Kind {
    let one_line = text.len() < 1024 && !text.contains(&b'\n');
    let scheme = memchr::memmem::find(&text[..text.len().min(12)], b"://");
    let extension = text.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
    let is_image_name =
        text.contains(&b'.') && str::from_utf8(extension).is_ok_and(super::is_image_extension);
    /// What texts begin with that stand for a JPEG or a PNG.
    const ENCODINGS: &[(&[u8], &str, &str)] = &[
        (b"=FF=D8=FF", "quoted-printable text of an image", "decode it: quopri.decodestring(text)"),
        (b"=89PNG", "quoted-printable text of an image", "decode it: quopri.decodestring(text)"),
        (
            b"%FF%D8%FF",
            "percent-encoded text of an image",
            "decode it: urllib.parse.unquote_to_bytes(text)",
        ),
        (
            b"%89PNG",
            "percent-encoded text of an image",
            "decode it: urllib.parse.unquote_to_bytes(text)",
        ),
        (b"begin 6", "uuencoded text of a file", "decode it: uu.decode, binascii.a2b_uu"),
        (b"77MP", "base32 text of an image", "decode it: base64.b32decode(text)"),
        (b"RFIE4RYN", "base32 text of an image", "decode it: base64.b32decode(text)"),
    ];
    for &(start, what, help) in ENCODINGS {
        if text.starts_with(start) {
            return Kind::Encoded(what, help);
        }
    }
    match text {
        b"None" | b"null" | b"undefined" | b"NULL" | b"nil" | b"NaN" | b"nan" | b"b''" => {
            Kind::Nothing
        }
        _ if one_line && scheme.is_some_and(|at| at > 0) => Kind::Url,
        _ if one_line && is_image_name => Kind::Path,
        _ => Kind::Other,
    }
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

fn strip_ignoring_case<'a>(text: &'a [u8], lower: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(lower.len())?;
    start.eq_ignore_ascii_case(lower).then_some(rest)
}
