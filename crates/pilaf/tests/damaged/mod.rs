//! Damaged inputs, each made from a real image: what they are diagnosed as, and what is said.
//!
//! Shared by the tests of explaining and of repairing.
#![allow(dead_code, reason = "each test uses some of it")]

use pilaf::explain::Code;
use pilaf::{EncodeOptions, Format, Image, Mode};

/// A picture with some detail in it.
pub(crate) fn picture() -> Image {
    let (width, height) = (160u32, 120u32);
    let pixel = |i: u32| {
        let (x, y) = (i % width, i / width);
        let noise = (i.wrapping_mul(2_654_435_761) >> 26) as u8;
        [x as u8 + noise, y as u8 ^ noise, 3 * noise]
    };
    let pixels = (0..width * height).flat_map(pixel).collect();
    Image::from_raw(Mode::Rgb, (width, height), pixels).unwrap()
}

pub(crate) fn jpeg() -> Vec<u8> {
    picture().encode(Format::Jpeg, &EncodeOptions::default().quality(90)).unwrap()
}

pub(crate) fn png() -> Vec<u8> {
    picture().encode(Format::Png, &EncodeOptions::default()).unwrap()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize].into());
        }
        text.push_str(&"=".repeat(3 - chunk.len()));
    }
    text
}

pub(crate) fn python_literal(bytes: &[u8]) -> String {
    let body: String = bytes
        .iter()
        .map(|&byte| match byte {
            b'\n' => "\\n".into(),
            b'\r' => "\\r".into(),
            b'\'' | b'\\' => format!("\\{}", byte as char),
            32..=126 => (byte as char).into(),
            _ => format!("\\x{byte:02x}"),
        })
        .collect::<Vec<String>>()
        .concat();
    format!("b'{body}'")
}

pub(crate) fn latin1_as_utf8(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes()
}

pub(crate) fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(from) {
            out.extend_from_slice(to);
            at += from.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

/// Base64 text whose plus signs a form decoder took for spaces. Its length tells.
pub(crate) fn form_decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    assert!(
        text.contains(' ') && !text.matches(' ').count().is_multiple_of(4),
        "choose another picture"
    );
    text
}

/// As [`latin1_as_utf8`], where the bytes that Latin-1 has controls for are characters of Windows.
pub(crate) fn windows_1252_as_utf8(bytes: &[u8]) -> Vec<u8> {
    let text: String = bytes
        .iter()
        .map(|&byte| match byte {
            0x80 => '€',
            0x85 => '…',
            0x99 => '™',
            _ => char::from(byte),
        })
        .collect();
    assert!(text.contains('€') && text.contains('™'));
    text.into_bytes()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut out, bytes).unwrap();
    out.finish().unwrap()
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut out, bytes).unwrap();
    out.finish().unwrap()
}

/// The beginning of a ZIP archive whose first file has this name.
pub(crate) fn zip(name: &str) -> Vec<u8> {
    let head = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    [head, &(name.len() as u16).to_le_bytes()[..], &[0, 0], name.as_bytes(), &[7; 300]].concat()
}

/// The byte at which the first chunk of this kind begins.
pub(crate) fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

pub(crate) fn flipped(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 0x55;
    bytes
}

/// An input, what it is diagnosed as, and words that must be in the text.
pub(crate) type Case = (&'static str, Vec<u8>, Code, &'static [&'static str]);

pub(crate) fn texts(jpeg: &[u8], png: &[u8]) -> Vec<Case> {
    vec![
        ("empty", vec![], Code::Empty, &["0 bytes"]),
        ("zeros", vec![0; 5000], Code::Zeros, &["5000 zero bytes"]),
        (
            "page",
            b"\r\n<!DOCTYPE HTML>\n<html><head><title>\n Sign  in </title>".to_vec(),
            Code::Html,
            &["\"Sign in\"", "logged in"],
        ),
        ("bare page", b"<html><body>Bad gateway".to_vec(), Code::Html, &["HTML page"]),
        (
            "json",
            br#"{"error": "rate limit exceeded", "code": 429}"#.to_vec(),
            Code::Json,
            &["rate limit exceeded"],
        ),
        (
            "s3",
            b"<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>".to_vec(),
            Code::Xml,
            &["NoSuchKey", "The key does not exist"],
        ),
        ("svg", b"<?xml version='1.0'?>\n<svg xmlns='...'/>".to_vec(), Code::Svg, &["SVG"]),
        ("path", b"/home/me/photo.jpg".to_vec(), Code::Text, &["/home/me/photo.jpg", "path"]),
        ("base64", base64(jpeg).into_bytes(), Code::Base64, &["160x120", "JPEG", "b64decode"]),
        (
            "base64 with line breaks",
            base64(png).as_bytes().chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..]),
            Code::Base64,
            &["160x120", "PNG"],
        ),
        (
            "base64 in quotes",
            format!("\"{}\"", base64(png)).into_bytes(),
            Code::Base64,
            &["160x120", "PNG"],
        ),
        (
            "url-safe base64",
            base64(jpeg).replace('+', "-").replace('/', "_").replace('=', "").into_bytes(),
            Code::Base64,
            &["160x120", "JPEG"],
        ),
        (
            "data uri",
            format!("data:image/png;base64,{}", base64(png)).into_bytes(),
            Code::DataUri,
            &["160x120", "PNG", "comma"],
        ),
        ("hex", jpeg.iter().map(|b| format!("{b:02X}")).collect::<String>().into(), Code::Hex, &["160x120"]),
        (
            "postgres bytea",
            format!("\\x{}", png.iter().map(|b| format!("{b:02x}")).collect::<String>()).into(),
            Code::Hex,
            &["PNG"],
        ),
        ("repr", python_literal(jpeg).into_bytes(), Code::BytesLiteral, &["160x120", "str(data)"]),
        (
            "repr of base64",
            python_literal(base64(jpeg).as_bytes()).into_bytes(),
            Code::BytesLiteral,
            &["160x120"],
        ),
        ("numbers", format!("{png:?}").into_bytes(), Code::BytesLiteral, &["160x120", "numbers"]),
        (
            "object",
            b"<PIL.JpegImagePlugin.JpegImageFile image mode=RGB size=640x480 at 0x7F0A1C>".to_vec(),
            Code::ObjectText,
            &["JpegImageFile", "getvalue"],
        ),
        ("file object", b"<_io.BytesIO object at 0x7f2b>".to_vec(), Code::ObjectText, &["BytesIO"]),
        (
            "lfs",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n".to_vec(),
            Code::GitLfsPointer,
            &["12345 bytes", "git lfs pull"],
        ),
        (
            "utf-16",
            [&b"\xFF\xFE"[..], &"hello there".bytes().flat_map(|b| [b, 0]).collect::<Vec<_>>()].concat(),
            Code::Text,
            &["UTF-16"],
        ),
        (
            "base64 from a form",
            form_decoded(&base64(jpeg)).into_bytes(),
            Code::Base64,
            &["160x120 JPEG", "form decoding"],
        ),
        (
            "base64 twice",
            base64(base64(png).as_bytes()).into_bytes(),
            Code::Base64,
            &["base64 text of base64 text", "twice"],
        ),
        (
            "data uri with percent signs",
            format!(
                "data:image/jpeg;base64,{}",
                base64(jpeg).replace('+', "%2B").replace('/', "%2f").replace('=', "%3D")
            )
            .into_bytes(),
            Code::DataUri,
            &["160x120 JPEG"],
        ),
        (
            "answer of an API",
            format!(r#"{{"created": 1, "data": [{{"b64_json": "{}"}}]}}"#, base64(png)).into(),
            Code::Json,
            &["160x120 PNG", "b64_json", "json.loads"],
        ),
        (
            "json of a Node buffer",
            format!(r#"{{"type":"Buffer","data":{jpeg:?}}}"#).into(),
            Code::BytesLiteral,
            &["JavaScript", "160x120 JPEG"],
        ),
        (
            "json of a typed array",
            format!(
                "{{{}}}",
                (0..).zip(png).map(|(i, byte)| format!("\"{i}\":{byte}")).collect::<Vec<_>>().join(",")
            )
            .into(),
            Code::BytesLiteral,
            &["JavaScript", "160x120 PNG"],
        ),
        (
            "bytea in escape format",
            png.iter().map(|byte| format!("\\{byte:03o}")).collect::<String>().into(),
            Code::BytesLiteral,
            &["PostgreSQL"],
        ),
        (
            "hex of SQL",
            format!("X'{}'", jpeg.iter().map(|b| format!("{b:02X}")).collect::<String>()).into(),
            Code::Hex,
            &["160x120 JPEG"],
        ),
        (
            "bytes of Java",
            format!("{:?}", jpeg.iter().map(|&byte| byte as i8).collect::<Vec<_>>()).into(),
            Code::BytesLiteral,
            &["160x120 JPEG"],
        ),
        (
            "numbers alone",
            png.iter().map(u8::to_string).collect::<Vec<_>>().join(",").into(),
            Code::BytesLiteral,
            &["160x120 PNG"],
        ),
        (
            "quoted-printable",
            b"=FF=D8=FF=E0=00=10JFIF=00=01=\r\n=01".to_vec(),
            Code::Text,
            &["quoted-printable", "quopri"],
        ),
        (
            "percent-encoded",
            png.iter().map(|byte| format!("%{byte:02X}")).collect::<String>().replace("%50%4E%47", "PNG").into(),
            Code::Text,
            &["percent-encoded", "unquote_to_bytes"],
        ),
        ("url", b"https://example.org/photo.jpg\n".to_vec(), Code::Text, &["a URL", "download"]),
        ("missing value", b"None".to_vec(), Code::Text, &["\"None\"", "missing value"]),
        (
            "upload as text",
            b"<FileStorage: 'photo.jpg' ('image/jpeg')>".to_vec(),
            Code::ObjectText,
            &["FileStorage", "read()"],
        ),
        ("response as text", b"<Response [200]>".to_vec(), Code::ObjectText, &["content"]),
        (
            "page with a drawing",
            b"<!doctype html><head><title>Oops</title></head><body><svg></svg>".to_vec(),
            Code::Html,
            &["\"Oops\""],
        ),
        ("drawing with a title", b"<svg><title>A cat</title></svg>".to_vec(), Code::Svg, &["SVG"]),
    ]
}

pub(crate) fn damages(jpeg: &[u8], png: &[u8]) -> Vec<Case> {
    let replaced = String::from_utf8_lossy(jpeg).into_owned().into_bytes();
    vec![
        (
            "png, LF to CRLF",
            replace(png, b"\n", b"\r\n"),
            Code::NewlineDamage,
            &["checksums", "binary mode"],
        ),
        (
            "png, CRLF to LF",
            replace(png, b"\r\n", b"\n"),
            Code::NewlineDamage,
            &["CR LF became LF"],
        ),
        ("jpeg, LF to CRLF", replace(jpeg, b"\n", b"\r\n"), Code::NewlineDamage, &["binary mode"]),
        ("jpeg as text", replaced, Code::ReplacedBytes, &["U+FFFD", "response.content"]),
        (
            "png as text",
            String::from_utf8_lossy(png).into_owned().into_bytes(),
            Code::ReplacedBytes,
            &["lost"],
        ),
        (
            "jpeg as text, what is none left out",
            jpeg.iter().copied().filter(u8::is_ascii).collect(),
            Code::ReplacedBytes,
            &["JPEG", "left out"],
        ),
        (
            "png as ascii",
            png.iter().map(|&byte| if byte < 128 { byte } else { b'?' }).collect(),
            Code::ReplacedBytes,
            &["\"?\""],
        ),
        ("jpeg as latin-1", latin1_as_utf8(jpeg), Code::Reencoded, &["160x120", "latin-1"]),
        ("png as latin-1", latin1_as_utf8(png), Code::Reencoded, &["UTF-8"]),
        (
            "png as utf-16",
            [&b"\xFF\xFE"[..], &png.iter().flat_map(|&b| [b, 0]).collect::<Vec<_>>()].concat(),
            Code::Reencoded,
            &["UTF-16"],
        ),
        ("seven bits", png.iter().map(|b| b & 127).collect(), Code::SevenBit, &["highest bit"]),
        (
            "multipart",
            [b"--x\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n", jpeg, b"\r\n--x--"]
                .concat(),
            Code::Multipart,
            &["160x120 JPEG", "byte 49"],
        ),
        (
            "http response",
            [b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", png].concat(),
            Code::Multipart,
            &["headers", "160x120 PNG"],
        ),
        (
            "junk in front",
            [&b"\x01\x02\x03\xFF\xD8junk"[..], jpeg].concat(),
            Code::LeadingJunk,
            &["160x120 JPEG", "data[9:]"],
        ),
        (
            "e-mail",
            [
                b"Content-Type: multipart/mixed\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n\
                  --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                base64(png).as_bytes().chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..]).as_slice(),
                b"\r\n--b--\r\n",
            ]
            .concat(),
            Code::Multipart,
            &["headers"],
        ),
        (
            "response in chunks",
            [
                format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", png.len())
                    .as_bytes(),
                png,
                b"\r\n0\r\n\r\n",
            ]
            .concat(),
            Code::Multipart,
            &["160x120 PNG"],
        ),
        (
            "line in front",
            [b"\n", png].concat(),
            Code::LeadingJunk,
            &["1 byte of white space comes before a 160x120 PNG", "data[1:]"],
        ),
        (
            "mark in front",
            [b"\xEF\xBB\xBF", jpeg].concat(),
            Code::LeadingJunk,
            &["byte order mark", "160x120 JPEG"],
        ),
        (
            "png after read(4)",
            png[4..].to_vec(),
            Code::MissingStart,
            &["first 4 bytes of a PNG", "seek(0)"],
        ),
        (
            "jpeg after read(2)",
            jpeg[2..].to_vec(),
            Code::MissingStart,
            &["first 2 bytes of a JPEG", "seek(0)"],
        ),
        ("jpeg as windows-1252", windows_1252_as_utf8(jpeg), Code::Reencoded, &["160x120", "cp1252"]),
        (
            "jpeg as latin-1, some lost",
            [&latin1_as_utf8(jpeg)[..], "\u{FFFD}".as_bytes()].concat(),
            Code::Reencoded,
            &["lost"],
        ),
        (
            "gzip",
            gzip(jpeg),
            Code::Compressed,
            &["gzip", "160x120 JPEG image is in it"],
        ),
        ("zlib", zlib(png), Code::Compressed, &["zlib", "160x120 PNG image is in it"]),
        (
            "first buffer of a jpeg",
            jpeg[..4096].to_vec(),
            Code::Truncated,
            &["4096 bytes", "buffer", "read()"],
        ),
        (
            "png that was never filled",
            [&png[..png.len() / 2], &vec![0; png.len() / 2]].concat(),
            Code::Malformed,
            &["only zeros", "can be saved"],
        ),
        ("jpeg cut", jpeg[..jpeg.len() * 6 / 10].to_vec(), Code::Truncated, &["can be saved"]),
        ("jpeg cut in its header", jpeg[..100].to_vec(), Code::Truncated, &["100 bytes"]),
        ("jpeg cut in its signature", jpeg[..2].to_vec(), Code::Truncated, &["2 bytes"]),
        ("png cut", png[..png.len() / 2].to_vec(), Code::Truncated, &["IDAT", "can be saved"]),
        (
            "png, one bit",
            flipped(png.to_vec(), find(png, b"IDAT") + 40),
            Code::Malformed,
            &["checksum of the IDAT"],
        ),
        ("png header", flipped(png.to_vec(), 20), Code::Malformed, &["IHDR"]),
        (
            "jpeg table",
            flipped(jpeg.to_vec(), find(jpeg, b"\xFF\xC4") + 5),
            Code::Malformed,
            &["DHT"],
        ),
    ]
}

pub(crate) fn kind(
    name: &'static str,
    start: &[u8],
    code: Code,
    words: &'static [&'static str],
) -> Case {
    (name, [start, &[7; 300]].concat(), code, words)
}

pub(crate) fn others() -> Vec<Case> {
    vec![
        kind("gif", b"GIF89a", Code::OtherImage, &["GIF"]),
        kind("webp", b"RIFF\0\0\0\0WEBPVP8 ", Code::OtherImage, &["WebP"]),
        kind("heic", b"\0\0\0\x18ftypheic", Code::OtherImage, &["HEIC", "convert"]),
        kind("avif", b"\0\0\0\x1Cftypavif", Code::OtherImage, &["AVIF"]),
        kind("mp4", b"\0\0\0\x18ftypisom", Code::Video, &["MP4", "frame"]),
        kind("pdf", b"%PDF-1.7", Code::Document, &["PDF", "page"]),
        kind("pickle", b"\x80\x04\x95", Code::OtherFile, &["pickle"]),
        kind("beside the file", b"\0\x05\x16\x07", Code::OtherFile, &["AppleDouble"]),
        ("zip of a file", zip("photo.jpg"), Code::Archive, &["photo.jpg"]),
        ("office document", zip("[Content_Types].xml"), Code::Archive, &["Office"]),
        kind("zip", b"PK\x03\x04", Code::Archive, &["ZIP"]),
        kind("gzip", b"\x1F\x8B\x08\0", Code::Compressed, &["gzip", "response.content"]),
        kind("bytes of nothing", b"\xF7\x03\x11\x80", Code::Unknown, &["begins with"]),
    ]
}

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let (jpeg, png) = (jpeg(), png());
    [texts(&jpeg, &png), damages(&jpeg, &png), others()].concat()
}
