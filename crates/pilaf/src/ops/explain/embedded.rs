//! Images with something in front of them.

use super::{Code, Diagnosis, Summary, summary};
use crate::formats::Format;
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
    Some(match image_in(start, limits) {
        Some((offset, image)) => Diagnosis {
            message: format!("the input is {what} of {image} image"),
            ..diagnosis.at(offset).image(Some(image)).help(help)
        },
        None => Diagnosis { message: format!("the input is {what}"), ..diagnosis.at(0).help(help) },
    })
}

/// Whether the first line is a header field such as `Content-Type: image/png`.
fn starts_with_header(bytes: &[u8]) -> bool {
    const FIELDS: &[&[u8]] = &[b"content-", b"date:", b"server:", b"mime-version:"];
    let start = bytes[..bytes.len().min(16)].to_ascii_lowercase();
    FIELDS.iter().any(|field| start.starts_with(field))
}

/// An image behind some other bytes.
pub(super) fn find(bytes: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let (offset, image) = image_in(&bytes[..bytes.len().min(SEARCH)], limits)?;
    Some(
        Diagnosis::new(
            Code::LeadingJunk,
            format!("{offset} other bytes come before {image} image"),
        )
        .at(offset)
        .image(Some(image))
        .help(format!("pass the bytes from there on: data[{offset}:]")),
    )
}

/// How many places that look like an image are tried.
const TRIES: usize = 64;

/// The first place where an image with a whole header begins.
fn image_in(bytes: &[u8], limits: &Limits) -> Option<(usize, Summary)> {
    let finder = memchr::memchr2_iter(0xFF, 0x89, bytes);
    let begins = |at: &usize| *at > 0 && Format::sniff(&bytes[*at..]).is_some();
    finder.filter(begins).take(TRIES).find_map(|at| {
        let image = summary(&bytes[at..], limits)?;
        image.size.map(|_| (at, image))
    })
}

pub(super) fn contains_ignoring_case(bytes: &[u8], lower: &[u8]) -> bool {
    bytes.windows(lower.len()).any(|window| window.eq_ignore_ascii_case(lower))
}
