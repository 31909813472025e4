//! Known kinds of files by their first bytes.
//!
//! Signatures from the formats' own specifications, as collected by `file(1)` and the WHATWG MIME
//! Sniffing standard.

use super::super::repair::{Repair, inflated_start};
use super::{Code, Diagnosis, summary};
use crate::limits::Limits;

/// Offset, bytes, code, what to call it.
const SIGNATURES: &[(usize, &[u8], Code, &str)] = {
    use Code::{Archive, Audio, Compressed, Document, OtherFile, OtherImage, Video};
    &[
        (0, b"GIF87a", OtherImage, "a GIF image"),
        (0, b"GIF89a", OtherImage, "a GIF image"),
        (8, b"WEBP", OtherImage, "a WebP image"),
        (0, b"II*\0", OtherImage, "a TIFF image"),
        (0, b"MM\0*", OtherImage, "a TIFF image"),
        (0, b"II+\0", OtherImage, "a BigTIFF image"),
        (0, b"MM\0+", OtherImage, "a BigTIFF image"),
        (4, b"ftypavif", OtherImage, "an AVIF image"),
        (4, b"ftypavis", OtherImage, "an AVIF image"),
        (4, b"ftyphei", OtherImage, "a HEIC image"),
        (4, b"ftyphev", OtherImage, "a HEIC image"),
        (4, b"ftypmif1", OtherImage, "a HEIF image"),
        (4, b"ftypmsf1", OtherImage, "a HEIF image"),
        (0, b"\xFF\x0A", OtherImage, "a JPEG XL image"),
        (0, b"\0\0\0\x0CJXL ", OtherImage, "a JPEG XL image"),
        (0, b"\0\0\0\x0CjP  ", OtherImage, "a JPEG 2000 image"),
        (0, b"\xFF\x4F\xFF\x51", OtherImage, "a JPEG 2000 codestream"),
        (0, b"8BPS", OtherImage, "a Photoshop document"),
        (0, b"qoif", OtherImage, "a QOI image"),
        (0, b"farbfeld", OtherImage, "a farbfeld image"),
        (0, b"\x76\x2F\x31\x01", OtherImage, "an OpenEXR image"),
        (0, b"#?RADIANCE", OtherImage, "a Radiance HDR image"),
        (0, b"II\xBC\x01", OtherImage, "a JPEG XR image"),
        (0, b"icns", OtherImage, "an icon of macOS"),
        (0, b"AT&TFORM", OtherImage, "a DjVu document"),
        (0, b"FUJIFILMCCD-RAW", OtherImage, "a raw image of a Fujifilm camera"),
        (4, b"ftypcrx", OtherImage, "a raw image of a Canon camera"),
        (0, b"\x8AMNG\r\n\x1A\n", OtherImage, "an MNG animation"),
        (0, b"DDS ", OtherImage, "a DDS texture"),
        (0, b"SIMPLE  =", OtherImage, "a FITS image"),
        (128, b"DICM", OtherImage, "a DICOM image"),
        (0, b"gimp xcf", OtherImage, "a GIMP image"),
        (4, b"ftypqt", Video, "a QuickTime video"),
        (4, b"ftypM4A", Audio, "an MPEG-4 audio file"),
        (4, b"ftyp", Video, "an MP4 video"),
        (0, b"\x1A\x45\xDF\xA3", Video, "a Matroska or WebM video"),
        (8, b"AVI ", Video, "an AVI video"),
        (0, b"\0\0\x01\xBA", Video, "an MPEG video"),
        (0, b"FLV\x01", Video, "a Flash video"),
        (8, b"WAVE", Audio, "a WAVE audio file"),
        (0, b"OggS", Audio, "an Ogg file"),
        (0, b"ID3", Audio, "an MP3 file"),
        (0, b"fLaC", Audio, "a FLAC audio file"),
        (0, b"%PDF-", Document, "a PDF document"),
        (0, b"%!PS", Document, "a PostScript document"),
        (0, b"{\\rtf", Document, "an RTF document"),
        (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Document, "an old Microsoft Office document"),
        (0, b"PK\x03\x04", Archive, "a ZIP archive (or a document made of one)"),
        (0, b"PK\x05\x06", Archive, "an empty ZIP archive"),
        (0, b"Rar!\x1A\x07", Archive, "a RAR archive"),
        (0, b"7z\xBC\xAF\x27\x1C", Archive, "a 7-Zip archive"),
        (257, b"ustar", Archive, "a tar archive"),
        (0, b"\x1F\x8B", Compressed, "gzip-compressed data"),
        (0, b"BZh", Compressed, "bzip2-compressed data"),
        (0, b"\xFD7zXZ\0", Compressed, "xz-compressed data"),
        (0, b"\x28\xB5\x2F\xFD", Compressed, "zstd-compressed data"),
        (0, b"\x04\x22\x4D\x18", Compressed, "lz4-compressed data"),
        (0, b"\0\x05\x16\x07", OtherFile, "an AppleDouble file, as macOS puts beside the real one"),
        (0, b"\0\0\0\x01Bud1", OtherFile, "a .DS_Store file of macOS"),
        (0, b"\x80\x04\x95", OtherFile, "a Python pickle"),
        (0, b"\x80\x05\x95", OtherFile, "a Python pickle"),
        (0, b"\x89HDF\r\n\x1A\n", OtherFile, "an HDF5 file"),
        (0, b"\x7FELF", OtherFile, "an ELF executable"),
        (0, b"MZ\x90\0", OtherFile, "a Windows executable"),
        (0, b"\0asm", OtherFile, "a WebAssembly module"),
        (0, b"SQLite format 3\0", OtherFile, "an SQLite database"),
        (0, b"PAR1", OtherFile, "a Parquet file"),
        (0, b"ARROW1", OtherFile, "an Arrow file"),
        (0, b"\x93NUMPY", OtherFile, "a NumPy array file"),
        (0, b"wOFF", OtherFile, "a WOFF font"),
        (0, b"wOF2", OtherFile, "a WOFF2 font"),
    ]
};

/// The kind of file that `bytes` begin with, if it is a known one.
pub(super) fn find(bytes: &[u8], limits: &Limits) -> Option<Diagnosis> {
    let begins = |offset: usize, signature: &[u8]| {
        bytes.get(offset..).is_some_and(|rest| rest.starts_with(signature))
    };
    // RIFF and its kin need the container's own name in front.
    let riff = |offset| offset != 8 || bytes.starts_with(b"RIFF");
    let known = SIGNATURES
        .iter()
        .find(|&&(offset, signature, ..)| begins(offset, signature) && riff(offset))
        .map(|&(offset, _, code, name)| (offset, code, name));
    let (offset, code, name) = known.or_else(|| short_signature(bytes))?;
    let mut text = format!("the input is {name}, which pilaf does not read");
    let inflated = if code == Code::Compressed { inflated_start(bytes) } else { Vec::new() };
    let inside = summary(&inflated, limits).map(|image| format!("{image} image is in it"));
    if let Some(inside) = inside.or_else(|| archived(bytes)) {
        text += "; ";
        text += &inside;
    }
    let diagnosis = Diagnosis::new(code, text).at(offset).help(advice(code));
    Some(if inflated.is_empty() { diagnosis } else { diagnosis.repair(Repair::Gunzip) })
}

/// What a ZIP archive begins with: the name of its first file (APPNOTE.TXT 4.3.7: its length at 26,
/// the name at 30).
fn archived(bytes: &[u8]) -> Option<String> {
    let rest = bytes.strip_prefix(b"PK\x03\x04")?;
    let length = u16::from_le_bytes(*rest.get(22..)?.first_chunk()?);
    let name = rest.get(26..26 + usize::from(length))?;
    let name = String::from_utf8_lossy(&name[..name.len().min(60)]);
    Some(match &*name {
        "[Content_Types].xml" | "_rels/.rels" => "it is a Microsoft Office document".to_owned(),
        "META-INF/MANIFEST.MF" | "META-INF/" => "it is a Java archive".to_owned(),
        name => format!("its first file is {name:?}"),
    })
}

/// Signatures of two bytes count only with the structure behind them.
fn short_signature(bytes: &[u8]) -> Option<(usize, Code, &'static str)> {
    let u16_at = |at: usize| Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    if bytes.starts_with(b"BM") && matches!(u32_at(14), Some(12..=124)) {
        return Some((0, Code::OtherImage, "a BMP image"));
    }
    if bytes.starts_with(b"\0\0\x01\0")
        && matches!(u16_at(4), Some(1..=64))
        && bytes.get(9) == Some(&0)
    {
        return Some((0, Code::OtherImage, "a Windows icon"));
    }
    if let [b'P', b'1'..=b'7', space, ..] = bytes
        && space.is_ascii_whitespace()
    {
        return Some((0, Code::OtherImage, "a PNM (PBM, PGM, PPM) image"));
    }
    if bytes.ends_with(b"TRUEVISION-XFILE.\0") {
        return Some((bytes.len() - 18, Code::OtherImage, "a TGA image"));
    }
    if let [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..] = bytes {
        return Some((0, Code::Compressed, "zlib-compressed data"));
    }
    None
}

fn advice(code: Code) -> &'static str {
    match code {
        Code::OtherImage => "convert it to JPEG or PNG first",
        Code::Video => "extract a frame as JPEG or PNG first",
        Code::Document => "render a page to JPEG or PNG first",
        Code::Archive => "take the image out of the archive first",
        Code::Compressed => {
            "decompress it first; from a web server, read the decoded body (in requests, \
             response.content instead of response.raw)"
        }
        _ => "check which file was opened or sent",
    }
}
