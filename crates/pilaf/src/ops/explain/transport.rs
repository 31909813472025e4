//! Images damaged on their way, told by what became of their signatures.
//!
//! The PNG signature was made for this: W3C PNG, 5.2 and 13.2 "Error checking".

use super::super::repair::Repair;
use super::super::repair::transport::{from_latin1, restore_newlines};
use super::{Code, Diagnosis, Summary, summary};
use crate::formats::Format;
use crate::limits::Limits;

/// U+FFFD, what decoders put where bytes are no text, in UTF-8.
const REPLACEMENT: &[u8] = b"\xEF\xBF\xBD";

/// What to do about bytes that are gone.
pub(super) const LOST: &str =
    "get the original again, as bytes: response.content, not response.text";

pub(super) fn find(bytes: &[u8], limits: &Limits) -> Option<Diagnosis> {
    newlines(bytes)
        .or_else(|| replaced(bytes))
        .or_else(|| reencoded(bytes, limits))
        .or_else(|| seven_bit(bytes))
}

/// Converted line ends, in a PNG.
fn newlines(bytes: &[u8]) -> Option<Diagnosis> {
    let what = if bytes.starts_with(b"\x89PNG\r\r\n\x1A\r\n") {
        "every LF became CR LF"
    } else if bytes.starts_with(b"\x89PNG\n\x1A\n") {
        "every CR LF became LF"
    } else if bytes.starts_with(b"\x89PNG\r\n\x1A\r\n") {
        "lone LFs became CR LF"
    } else if bytes.starts_with(b"\x89PNG\r\r\x1A\r") {
        "every LF became CR"
    } else {
        return None;
    };
    let proven = restore_newlines(bytes).is_some();
    let outlook = if proven {
        "undone, the checksums of all its chunks are right, so that it can be repaired"
    } else {
        "which ones cannot be told any more"
    };
    let image = Some(Summary { format: Format::Png, size: None });
    let diagnosis = Diagnosis::new(
        Code::NewlineDamage,
        format!("a PNG whose line ends were converted: {what}; {outlook}"),
    )
    .at(4)
    .image(image)
    .help("transfer it in binary mode: open(path, 'wb'), ftp's binary, no autocrlf in git");
    Some(if proven { diagnosis.repair(Repair::RestoreNewlines) } else { diagnosis })
}

/// Bytes that were no text and became U+FFFD or question marks.
fn replaced(bytes: &[u8]) -> Option<Diagnosis> {
    let png = bytes.strip_prefix(REPLACEMENT).or(bytes.strip_prefix(b"?"));
    let (format, mark) = if png.is_some_and(|rest| rest.starts_with(b"PNG\r\n\x1A\n")) {
        (Format::Png, bytes[0])
    } else if bytes.starts_with(&REPLACEMENT.repeat(3)) && has_name(bytes) {
        (Format::Jpeg, REPLACEMENT[0])
    } else if bytes.starts_with(b"????") && has_name(bytes) {
        (Format::Jpeg, b'?')
    } else {
        return None;
    };
    let mark = if mark == b'?' { "\"?\"" } else { "U+FFFD" };
    Some(
        Diagnosis::new(
            Code::ReplacedBytes,
            format!(
                "a {format} that was decoded as text: every byte that is none was replaced by \
                 {mark}, and is lost"
            ),
        )
        .at(0)
        .image(Some(Summary { format, size: None }))
        .help(LOST),
    )
}

/// Whether one of the names of JPEG's first segments is near.
fn has_name(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(64)];
    [&b"JFIF"[..], b"Exif", b"Adobe", b"ICC_PROFILE"]
        .iter()
        .any(|name| start.windows(name.len()).any(|window| window == *name))
}

/// Latin-1 or Windows-1252 characters written as UTF-8, or any as UTF-16.
fn reencoded(bytes: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let signatures: [(&[u8], &str); 5] = [
        (b"\xC2\x89PNG\r\n\x1A\n", "UTF-8"),
        ("\u{2030}PNG\r\n\u{1A}\n".as_bytes(), "UTF-8"),
        (b"\xC3\xBF\xC3\x98\xC3\xBF", "UTF-8"),
        (b"\xFF\xFE\x89\0P\0N\0G\0", "UTF-16"),
        (b"\xFF\xFE\xFF\0\xD8\0\xFF\0", "UTF-16"),
    ];
    let (_, encoding) = signatures.iter().find(|(signature, _)| bytes.starts_with(signature))?;
    let (original, lost) = from_latin1(bytes);
    let image = summary(&original, limits)?;
    let text =
        format!("{image} image whose bytes were taken for Latin-1 text and written as {encoding}");
    let diagnosis = Diagnosis::new(Code::Reencoded, text).at(0).image(Some(image));
    Some(match lost {
        Some(at) => Diagnosis {
            message: format!(
                "{}; some were lost, the first one at its byte {at}",
                diagnosis.message
            ),
            ..diagnosis.help("get the original again, as bytes")
        },
        None => {
            let codec = encoding.to_ascii_lowercase();
            let is_latin1 = |text: &str| text.chars().all(|character| character <= '\u{FF}');
            let bytes = match str::from_utf8(bytes).is_ok_and(|text| !is_latin1(text)) {
                true => "cp1252",
                false => "latin-1",
            };
            let help = format!(
                "write it as bytes; what is here can be recovered with \
                 data.decode('{codec}').encode('{bytes}')"
            );
            diagnosis.help(help).repair(Repair::FromLatin1)
        }
    })
}

/// Eight bits became seven.
fn seven_bit(bytes: &[u8]) -> Option<Diagnosis> {
    let format = if bytes.starts_with(b"\x09PNG\r\n\x1A\n") {
        Format::Png
    } else if bytes.starts_with(b"\x7F\x58\x7F") && has_name(bytes) {
        Format::Jpeg
    } else {
        return None;
    };
    Some(
        Diagnosis::new(
            Code::SevenBit,
            format!("a {format} that lost the highest bit of every byte; they cannot be recovered"),
        )
        .at(0)
        .image(Some(Summary { format, size: None }))
        .help("send it as base64, or through a channel that keeps eight bits"),
    )
}
