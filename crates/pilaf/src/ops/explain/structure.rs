//! Inputs that begin as an image: whether they go on as one.

use std::borrow::Cow;

use super::{Code, Diagnosis, Summary, limit, summary};
use crate::error::{Error, ErrorKind, Result};
use crate::formats::{self, Format, png_chunks};
use crate::jpeg::{self, Damage};
use crate::limits::Limits;
use crate::ops::OpenOptions;
use crate::ops::repair::Repair;

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
        let zeros = zeros_at_end(bytes).map(|text| format!("; {text}")).unwrap_or_default();
        let text = format!("the decoder put up with this: {}{zeros}", fault.what);
        diagnosis.warnings.push(Diagnosis::new(Code::Malformed, text).at(fault.offset as usize));
    }
    diagnosis.warnings.extend(trailing_junk(format, bytes));
    diagnosis
}

fn trailing_junk(format: Format, bytes: &[u8]) -> Option<Diagnosis> {
    let end = formats::encoded_len(format, bytes).filter(|&end| end < bytes.len())?;
    Some(
        Diagnosis::new(Code::TrailingJunk, following(&bytes[end..]))
            .at(end)
            .help("readers ignore them; cut them off if nobody needs them")
            .repair(Repair::StripJunk),
    )
}

/// What follows an image, in words.
fn following(bytes: &[u8]) -> String {
    let count = match bytes.len() {
        1 => "1 byte follows the image".to_owned(),
        count => format!("{count} bytes follow the image"),
    };
    let what = match bytes {
        _ if bytes.iter().all(|&byte| byte == 0) => "all of them zero",
        _ if Format::sniff(bytes) == Some(Format::Jpeg) => {
            "another JPEG image, as cameras put there as a preview"
        }
        _ if Format::sniff(bytes).is_some() => "another image",
        _ if memchr::memmem::find(&bytes[..bytes.len().min(16)], b"ftyp").is_some() => {
            "a video, as in a motion photo"
        }
        _ if bytes.starts_with(b"PK\x03\x04") => "a ZIP archive",
        _ => return count,
    };
    format!("{count}: {what}")
}

/// That the end of a file was never written, if it was not.
fn zeros_at_end(bytes: &[u8]) -> Option<String> {
    let zeros = bytes.iter().rev().take_while(|&&byte| byte == 0).count();
    (zeros >= 256).then(|| {
        format!(
            "from byte {} to the end there are only zeros: space was reserved for a download and \
             never written",
            bytes.len() - zeros
        )
    })
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
    let outlook = match diagnosis.code {
        Code::Truncated => format!("the {format} ends too early, after {} bytes", bytes.len()),
        _ => format!("the {format} is damaged"),
    };
    diagnosis.message = format!("{outlook}: {}", diagnosis.message);
    if saved > 0.0 {
        diagnosis.message += &format!("; {:.0}% of the picture can be saved", saved * 100.0);
    }
    if let Some(zeros) = zeros_at_end(bytes) {
        diagnosis.message += &format!("; {zeros}");
    } else if diagnosis.code == Code::Truncated
        && bytes.len().is_power_of_two()
        && bytes.len() >= 512
    {
        diagnosis.message += "; that is the size of a buffer";
        diagnosis.help = Some(
            "one read() or recv() may give less than all: go on until it gives nothing".into(),
        );
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
