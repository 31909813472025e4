//! JPEG: what files say and hold in terms of images.

mod encode;

pub(super) use encode::encode;

use crate::error::Result;
use crate::jpeg;
use crate::limits::Limits;

use super::{Format, Info, Metadata, Orientation, Subsampling};

/// What an APP1 segment with EXIF begins with.
const EXIF_NAME: &[u8] = b"Exif\0\0";

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
    Metadata {
        icc_profile: header.icc_profile(bytes),
        exif: header.exif(bytes).and_then(|exif| Some(exif.get(EXIF_NAME.len()..)?.to_vec())),
        xmp: header.xmp(bytes).map(<[u8]>::to_vec),
        comment: header.comment(bytes).map(<[u8]>::to_vec),
        dpi: header.jfif.and_then(dpi),
        quant_tables: header.quant_tables.iter().flatten().copied().collect(),
        subsampling: subsampling(&header.components),
        ..Metadata::default()
    }
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
