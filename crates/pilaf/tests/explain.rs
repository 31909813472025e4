//! Damaged inputs made of real images, and what each is diagnosed as.

use std::fs;
use std::path::{Path, PathBuf};

use pilaf::explain::{Code, Context, Diagnosis, explain};
use proptest::prelude::*;

use pilaf::{EncodeOptions, Format, Image, Limits, Mode};

/// A picture with some detail in it.
fn picture() -> Image {
    let (width, height) = (160u32, 120u32);
    let pixel = |i: u32| {
        let (x, y) = (i % width, i / width);
        let noise = (i.wrapping_mul(2_654_435_761) >> 26) as u8;
        [x as u8 + noise, y as u8 ^ noise, 3 * noise]
    };
    let pixels = (0..width * height).flat_map(pixel).collect();
    Image::from_raw(Mode::Rgb, (width, height), pixels).unwrap()
}

fn jpeg() -> Vec<u8> {
    picture().encode(Format::Jpeg, &EncodeOptions::default().quality(90)).unwrap()
}

fn png() -> Vec<u8> {
    picture().encode(Format::Png, &EncodeOptions::default()).unwrap()
}

fn look(bytes: &[u8]) -> Diagnosis {
    explain(bytes, &Context::default()).unwrap()
}

fn base64(bytes: &[u8]) -> String {
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

fn python_literal(bytes: &[u8]) -> String {
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

fn latin1_as_utf8(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes()
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
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

/// The byte at which the first chunk of this kind begins.
fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

fn flipped(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 0x55;
    bytes
}

/// An input, what it is diagnosed as, and words that must be in the text.
type Case = (&'static str, Vec<u8>, Code, &'static [&'static str]);

fn texts(jpeg: &[u8], png: &[u8]) -> Vec<Case> {
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
    ]
}

fn damages(jpeg: &[u8], png: &[u8]) -> Vec<Case> {
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

fn kind(name: &'static str, start: &[u8], code: Code, words: &'static [&'static str]) -> Case {
    (name, [start, &[7; 300]].concat(), code, words)
}

fn others() -> Vec<Case> {
    vec![
        kind("gif", b"GIF89a", Code::OtherImage, &["GIF"]),
        kind("webp", b"RIFF\0\0\0\0WEBPVP8 ", Code::OtherImage, &["WebP"]),
        kind("heic", b"\0\0\0\x18ftypheic", Code::OtherImage, &["HEIC", "convert"]),
        kind("avif", b"\0\0\0\x1Cftypavif", Code::OtherImage, &["AVIF"]),
        kind("mp4", b"\0\0\0\x18ftypisom", Code::Video, &["MP4", "frame"]),
        kind("pdf", b"%PDF-1.7", Code::Document, &["PDF", "page"]),
        kind("zip", b"PK\x03\x04", Code::Archive, &["ZIP"]),
        kind("gzip", b"\x1F\x8B\x08\0", Code::Compressed, &["gzip", "response.content"]),
        kind("bytes of nothing", b"\xF7\x03\x11\x80", Code::Unknown, &["begins with"]),
    ]
}

fn check(cases: Vec<Case>) -> usize {
    for (name, bytes, code, words) in &cases {
        let diagnosis = look(bytes);
        assert_eq!(diagnosis.code, *code, "{name}: {diagnosis}");
        let text = diagnosis.to_string();
        for word in *words {
            assert!(text.contains(word), "{name}: {word:?} is not in {text:?}");
        }
        assert!(diagnosis.help.is_some(), "{name}: no advice in {text:?}");
    }
    cases.len()
}

#[test]
fn each_damaged_input_has_its_diagnosis() {
    let (jpeg, png) = (jpeg(), png());
    let count = check(texts(&jpeg, &png)) + check(damages(&jpeg, &png)) + check(others());
    assert!(count >= 50, "only {count} cases");
}

#[test]
fn opening_says_the_same() {
    let (jpeg, png) = (jpeg(), png());
    for (name, bytes, code, _) in texts(&jpeg, &png).into_iter().chain(others()) {
        let error = pilaf::open(&bytes).unwrap_err();
        let diagnosis = look(&bytes);
        assert_eq!(error.code(), code.as_str(), "{name}");
        assert_eq!(error.to_string(), diagnosis.to_string(), "{name}");
    }
}

#[test]
fn the_share_that_can_be_saved_is_the_share_that_is_there() {
    let (jpeg, png) = (jpeg(), png());
    for share in [0.3, 0.6, 0.9] {
        for bytes in [&jpeg, &png] {
            let cut = (bytes.len() as f64 * share) as usize;
            let saved = look(&bytes[..cut]).salvage.unwrap();
            assert!((saved - share).abs() < 0.15, "{saved} of {share}");
        }
    }
}

#[test]
fn names_and_media_types_that_contradict_are_warnings() {
    let context = Context {
        name: Some("photo.PNG".into()),
        media_type: Some("image/webp; q=1".into()),
        ..Context::default()
    };
    let diagnosis = explain(jpeg(), &context).unwrap();
    assert!(diagnosis.is_ok());
    let codes: Vec<Code> = diagnosis.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::Mismatch, Code::Mismatch]);
    assert!(diagnosis.warnings[0].to_string().contains(".jpg"));

    let right = Context {
        name: Some("photo.jpeg".into()),
        media_type: Some("image/jpeg".into()),
        ..Context::default()
    };
    assert!(explain(jpeg(), &right).unwrap().warnings.is_empty());
}

#[test]
fn junk_behind_an_image_is_a_warning() {
    for image in [jpeg(), png()] {
        let diagnosis = look(&[&image[..], b"more"].concat());
        assert!(diagnosis.is_ok());
        assert_eq!(diagnosis.warnings[0].code, Code::TrailingJunk);
        assert_eq!(diagnosis.warnings[0].offset, Some(image.len() as u64));
    }
}

#[test]
fn limits_hold_while_explaining() {
    let limits = Limits { max_pixels: 100, ..Limits::default() };
    let context = Context { limits, ..Context::default() };
    let diagnosis = explain(png(), &context).unwrap();
    assert_eq!(diagnosis.code, Code::Limit);
    assert!(diagnosis.to_string().contains("160x120"));
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn readable_files_raise_no_false_alarm() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: no corpus beside the checkout (../shared/corpus)");
        return;
    }
    let (mut images, mut named) = (0, 0);
    for path in files(&corpus) {
        let bytes = fs::read(&path).unwrap();
        let diagnosis = look(&bytes);
        if diagnosis.is_ok() {
            images += 1;
            continue;
        }
        let decoded = pilaf::open(&bytes).and_then(|file| file.decode());
        assert!(decoded.is_err(), "{}: {diagnosis}", path.display());
        named += usize::from(diagnosis.code == Code::OtherImage);
    }
    assert!(images >= 40 && named >= 140, "{images} images, {named} of other formats");
}

/// Beginnings after which the input is looked at more closely.
const STARTS: &[&[u8]] = &[
    b"",
    b"\xFF\xD8\xFF\xE0",
    b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR",
    b"\x89PNG\r\r\n\x1A\r\n",
    b"\xEF\xBF\xBDPNG\r\n\x1A\n",
    b"\xFF\xFE\x89\0P\0N\0G\0",
    b"\xC3\xBF\xC3\x98\xC3\xBF",
    b"data:image/png;base64,",
    b"b'\\xff\\xd8",
    b"[255, 216, 255",
    b"<!DOCTYPE html><title",
    b"{\"error\":",
    b"--boundary\r\nContent-Type",
    b"/9j/4AAQ",
    b"BM",
    b"P6\n",
];

proptest! {
    #[test]
    fn nothing_makes_it_panic(
        start in prop::sample::select(STARTS),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        text in "[ -~\\n]{0,200}",
        cut: prop::sample::Index,
    ) {
        for end in [&bytes[..], text.as_bytes()] {
            let input = [start, end].concat();
            look(&input);
            look(&input[..cut.index(input.len() + 1)]);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_flipped_byte_is_no_reason_to_panic(at: prop::sample::Index, flip in 1u8..) {
        for mut image in [jpeg(), png()] {
            let at = at.index(image.len());
            image[at] ^= flip;
            look(&image);
        }
    }
}
