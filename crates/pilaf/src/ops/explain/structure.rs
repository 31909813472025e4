//! Inputs that begin as an image: whether they go on as one.

use std::borrow::Cow;

use super::{Code, Diagnosis, Summary, limit, summary};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{Format, png_chunks};
use crate::jpeg::{self, Damage};
use crate::limits::Limits;
use crate::ops::OpenOptions;

const NEWLINES: &str = "line ends were converted: every LF in it has a CR before it";
const BINARY_MODE: &str =
    "transfer it in binary mode: open(path, 'wb'), ftp's binary, no autocrlf in git";

/// Decodes the image to its end.
pub(super) fn check(format: Format, bytes: &[u8], limits: &Limits) -> Diagnosis {
    let image = summary(bytes, limits).or(Some(Summary { format, size: None }));
    let diagnosis = match decode(format, bytes, limits) {
        Ok(damage) => readable(format, bytes, image, &damage),
        Err(error) => broken(format, bytes, &error, limits),
    };
    diagnosis.image(image)
}

/// Decodes as opening would, and tells what a decoder puts up with.
fn decode(format: Format, bytes: &[u8], limits: &Limits) -> Result<Damage> {
    let file = OpenOptions::new().limits(limits.clone()).open(bytes)?;
    match format {
        Format::Jpeg => {
            let options = jpeg::DecodeOptions::default();
            Ok(jpeg::Decoder::new(bytes, &options, limits)?.decode()?.1)
        }
        _ => file.decode().map(|_| Damage::default()),
    }
}

fn readable(format: Format, bytes: &[u8], image: Option<Summary>, damage: &Damage) -> Diagnosis {
    let what = image.map_or_else(|| format.to_string(), |image| image.to_string());
    if let Some(fault) = damage.first_fault.as_ref().filter(|_| newlines_converted(bytes)) {
        let text = format!("{what} image whose {NEWLINES}; it opens, but {}", fault.what);
        return Diagnosis::new(Code::NewlineDamage, text)
            .at(fault.offset as usize)
            .help(BINARY_MODE);
    }
    let mut diagnosis = Diagnosis::new(Code::Ok, format!("{what} image"));
    if let Some(fault) = &damage.first_fault {
        let text = format!("the decoder put up with this: {}", fault.what);
        diagnosis.warnings.push(Diagnosis::new(Code::Malformed, text).at(fault.offset as usize));
    }
    diagnosis.warnings.extend(trailing_junk(format, bytes));
    diagnosis
}

fn trailing_junk(format: Format, bytes: &[u8]) -> Option<Diagnosis> {
    let end = match format {
        Format::Jpeg => jpeg_end(bytes),
        Format::Png => png_chunks::check(bytes).end,
    };
    let end = end.filter(|&end| end < bytes.len())?;
    Some(
        Diagnosis::new(Code::TrailingJunk, format!("{} bytes follow the image", bytes.len() - end))
            .at(end)
            .help("readers ignore them; cut them off if nobody needs them"),
    )
}

fn broken(format: Format, bytes: &[u8], error: &Error, limits: &Limits) -> Diagnosis {
    let code = match error.kind() {
        ErrorKind::Limit => return limit(error),
        ErrorKind::Unsupported => Code::Unsupported,
        ErrorKind::Truncated => Code::Truncated,
        _ => Code::Malformed,
    };
    let help = error.help().map(|help| Cow::Owned(help.to_owned()));
    let mut diagnosis = Diagnosis { help, ..Diagnosis::new(code, error.message()) };
    diagnosis.offset = error.offset();
    if code == Code::Unsupported {
        return diagnosis;
    }
    match format {
        Format::Jpeg => explain_jpeg(&mut diagnosis, bytes, limits),
        Format::Png => explain_png(&mut diagnosis, bytes),
    }
    let saved = diagnosis.salvage.unwrap_or_default();
    let outlook = match code {
        Code::Truncated => format!("the {format} ends too early, after {} bytes", bytes.len()),
        _ => format!("the {format} is damaged"),
    };
    diagnosis.message = format!("{outlook}: {}", diagnosis.message);
    if saved > 0.0 {
        diagnosis.message += &format!("; {:.0}% of the picture can be saved", saved * 100.0);
    }
    if diagnosis.help.is_none() {
        diagnosis.help = Some("fetch or copy it again, and compare the length".into());
    }
    diagnosis
}

/// How much is left of a JPEG, and whether line ends were converted in it.
fn explain_jpeg(diagnosis: &mut Diagnosis, bytes: &[u8], limits: &Limits) {
    let options = jpeg::DecodeOptions {
        truncated: jpeg::Truncated::Allow,
        scale: jpeg::Scale::EIGHTH,
        ..jpeg::DecodeOptions::default()
    };
    let saved = jpeg::Decoder::new(bytes, &options, limits).and_then(jpeg::Decoder::decode);
    diagnosis.salvage = Some(saved.map_or(0.0, |(_, damage)| damage.sound_share()));
    if newlines_converted(bytes) {
        diagnosis.code = Code::NewlineDamage;
        diagnosis.message += &format!("; {NEWLINES}");
        diagnosis.help = Some(BINARY_MODE.into());
    }
}

/// Whether there are many LFs and none without a CR. By chance, one in 256 would have one.
fn newlines_converted(bytes: &[u8]) -> bool {
    let mut count = 0;
    for at in memchr::memchr_iter(b'\n', bytes) {
        if at == 0 || bytes[at - 1] != b'\r' {
            return false;
        }
        count += 1;
    }
    count >= 4
}

/// Which chunk of a PNG breaks.
fn explain_png(diagnosis: &mut Diagnosis, bytes: &[u8]) {
    let chunks = png_chunks::check(bytes);
    diagnosis.salvage = png_chunks::sound_share(bytes);
    if let Some(fault) = chunks.fault {
        if fault.is_end {
            diagnosis.code = Code::Truncated;
        }
        diagnosis.message = fault.what;
        diagnosis.offset = Some(fault.offset as u64);
    }
}

/// Where a JPEG ends: behind its EOI marker (T.81, B.1.1).
fn jpeg_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        at += memchr::memchr(0xFF, bytes.get(at..)?)?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xD9 => return Some(at + 2),
            // Stuffed bytes, fill bytes, restart markers, and others without a length.
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            0xFF => at += 1,
            _ => {
                let length = bytes.get(at + 2..at + 4)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
            }
        }
    }
}
