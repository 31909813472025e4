//! Images with something in front of them.

use super::super::repair::{Repair, message};
use super::transport::LOST;
use super::{Code, Diagnosis, Summary};
use crate::formats::{self, Format, Probe};
use crate::limits::Limits;

/// How far into an input an image is looked for.
const SEARCH: usize = 1 << 20;

/// An HTTP or MIME message: header lines, an empty line, the image.
pub(super) fn find_after_headers(bytes: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let is_part = bytes.starts_with(b"--");
    let is_message = bytes.starts_with(b"HTTP/") || starts_with_header(bytes);
    if !is_part && !is_message {
        return None;
    }
    let start = &bytes[..bytes.len().min(SEARCH)];
    if is_part && !contains_ignoring_case(start, b"content-") {
        return None;
    }
    let what = if is_part {
        "a multipart message with its boundary and headers still in front"
    } else {
        "an HTTP or MIME message with its headers still in front"
    };
    let diagnosis = Diagnosis::new(Code::Multipart, String::new());
    let help = "let a parser take the message apart (in a web framework, the uploaded file rather \
                than the request's body), or cut the image out";
    let diagnosis = match image_in(start, limits) {
        Some((offset, image)) => Diagnosis {
            message: format!("the input is {what} of {image} image"),
            ..diagnosis.at(offset).image(Some(image)).help(help)
        },
        None => Diagnosis { message: format!("the input is {what}"), ..diagnosis.at(0).help(help) },
    };
    Some(match message::body(bytes) {
        Some(_) => diagnosis.repair(Repair::FromMultipart),
        None => diagnosis,
    })
}

/// Whether the first line is a header field such as `Content-Type: image/png`.
fn starts_with_header(bytes: &[u8]) -> bool {
    const FIELDS: &[&[u8]] = &[
        b"content-",
        b"date:",
        b"server:",
        b"mime-version:",
        b"from:",
        b"to:",
        b"subject:",
        b"received:",
        b"return-path:",
        b"etag:",
        b"last-modified:",
        b"cache-control:",
    ];
    let start = bytes[..bytes.len().min(16)].to_ascii_lowercase();
    FIELDS.iter().any(|field| start.starts_with(field))
}

/// An image behind some other bytes.
pub(super) fn find(bytes: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let (offset, image) = image_in(bytes, limits)?;
    Some(
        Diagnosis::new(
            Code::LeadingJunk,
            format!("{} before {image} image", other_bytes(&bytes[..offset])),
        )
        .at(offset)
        .image(Some(image))
        .help(format!("pass the bytes from there on: data[{offset}:]"))
        .repair(Repair::StripJunk),
    )
}

/// What comes before an image, in words.
fn other_bytes(bytes: &[u8]) -> String {
    let what = match bytes {
        b"\xEF\xBB\xBF" => return "a UTF-8 byte order mark comes".to_owned(),
        _ if bytes.trim_ascii().is_empty() => "white space",
        _ if bytes.iter().all(|&byte| byte == 0) => "zeros",
        _ => "other data",
    };
    match bytes.len() {
        1 => format!("1 byte of {what} comes"),
        count => format!("{count} bytes of {what} come"),
    }
}

/// An image whose first bytes were taken away.
pub(super) fn find_beheaded(bytes: &[u8]) -> Option<Diagnosis> {
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR";
    let (format, missing) = if let Some(missing) =
        (1..=png.len() - 4).find(|&missing| bytes.starts_with(&png[missing..]))
    {
        (Format::Png, missing)
    } else {
        // FF D8 FF E0, the length, and a name: JFIF, Exif.
        let names: [&[u8]; 2] = [b"JFIF\0", b"Exif\0\0"];
        let start = &bytes[..bytes.len().min(12)];
        let at = names.iter().find_map(|name| memchr::memmem::find(start, name))?;
        (Format::Jpeg, 6usize.checked_sub(at).filter(|&missing| missing > 0)?)
    };
    // Text throughout: what was missing is missing everywhere.
    if bytes.len() >= 64 && str::from_utf8(bytes).is_ok() {
        let text = format!(
            "a {format} that was decoded as text: every byte that is none was left out, and is lost"
        );
        let image = Some(Summary { format, size: None });
        return Some(Diagnosis::new(Code::ReplacedBytes, text).at(0).image(image).help(LOST));
    }
    let text = format!("the first {missing} bytes of a {format} are missing");
    Some(
        Diagnosis::new(Code::MissingStart, text)
            .at(0)
            .image(Some(Summary { format, size: None }))
            .help(
                "somebody read them before, to look at the signature perhaps: go back with \
                 file.seek(0), or put them in front again",
            ),
    )
}

/// How many places that look like an image are tried.
const TRIES: usize = 64;

/// The first place where an image with a whole header begins.
pub(in crate::ops) fn image_in(bytes: &[u8], limits: &Limits) -> Option<(usize, Summary)> {
    let bytes = &bytes[..bytes.len().min(SEARCH)];
    let finder = memchr::memchr2_iter(0xFF, 0x89, bytes);
    let begins = |at: &usize| *at > 0 && Format::sniff(&bytes[*at..]).is_some();
    finder.filter(begins).take(TRIES).find_map(|at| {
        let Ok(Probe::Ready(info)) = formats::probe(&bytes[at..], false, limits) else {
            return None;
        };
        Some((at, Summary { format: info.format, size: Some(info.size()) }))
    })
}

pub(super) fn contains_ignoring_case(bytes: &[u8], lower: &[u8]) -> bool {
    bytes.windows(lower.len()).any(|window| window.eq_ignore_ascii_case(lower))
}
