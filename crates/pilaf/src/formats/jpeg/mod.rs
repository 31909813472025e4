//! JPEG: what files say and hold in terms of images.

mod encode;

pub(super) use encode::encode;

use crate::error::Result;
use crate::jpeg;
use crate::limits::Limits;

use super::{Format, Info, Metadata, Orientation, Subsampling, exif};

/// What an APP1 segment with EXIF begins with.
const EXIF_NAME: &[u8] = b"Exif\0\0";
const APP0: u8 = 0xE0;
const APP15: u8 = 0xEF;

pub(super) fn read_info(bytes: &[u8], limits: &Limits) -> Result<Info> {
    let header = jpeg::read_header(bytes, limits)?;
    Ok(Info {
        format: Format::Jpeg,
        width: header.width,
        height: header.height,
        mode: header.mode(),
        bits: 8,
        orientation: Orientation::from_exif(header.orientation(bytes).into()).unwrap_or_default(),
        frames: 1,
        progressive: header.is_progressive(),
        metadata: metadata(&header, bytes),
    })
}

fn metadata(header: &jpeg::Header, bytes: &[u8]) -> Metadata {
    let exif = header.exif(bytes).map(|exif| exif[EXIF_NAME.len()..].to_vec());
    Metadata {
        icc_profile: header.icc_profile(bytes),
        xmp: header.xmp(bytes).map(<[u8]>::to_vec),
        comment: header.comment(bytes).map(<[u8]>::to_vec),
        dpi: header.jfif.and_then(dpi).or_else(|| exif.as_deref().and_then(exif::dpi)),
        exif,
        quant_tables: header.quant_tables.iter().flatten().copied().collect(),
        subsampling: subsampling(&header.components),
        segments: other_segments(header, bytes),
        ..Metadata::default()
    }
}

/// Application segments that are not held elsewhere.
fn other_segments(header: &jpeg::Header, bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let application = |segment: &&jpeg::Segment| (APP0..=APP15).contains(&segment.marker);
    let segments = header.segments.iter().filter(application);
    let segments = segments.map(|s| (s.marker - APP0, &bytes[s.payload.clone()]));
    let held = |&(_, data): &(u8, &[u8])| {
        [EXIF_NAME, encode::XMP_NAME, encode::ICC_NAME].iter().any(|name| data.starts_with(name))
    };
    segments.filter(|segment| !held(segment)).map(|(n, data)| (n, data.to_vec())).collect()
}

/// The chroma resolution, if luma has the only other factors.
fn subsampling(components: &[jpeg::Component]) -> Option<Subsampling> {
    let [y, cb, cr] = components else { return None };
    if [cb.h, cb.v, cr.h, cr.v] != [1; 4] {
        return None;
    }
    match (y.h, y.v) {
        (1, 1) => Some(Subsampling::S444),
        (2, 1) => Some(Subsampling::S422),
        (2, 2) => Some(Subsampling::S420),
        _ => None,
    }
}

/// Pixels per inch, if the JFIF segment states an absolute density.
fn dpi(jfif: jpeg::Jfif) -> Option<(f64, f64)> {
    let factor = match jfif.unit {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    Some((f64::from(jfif.density.0) * factor, f64::from(jfif.density.1) * factor))
}
