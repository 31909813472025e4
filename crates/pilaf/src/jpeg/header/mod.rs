//! What a file says of its picture before the first scan.

mod missing;
mod orientation;

use std::ops::Range;

pub(crate) use missing::missing;

use super::marker::{Coding, Component, Frame, Jfif, MarkerReader, Segment, code};
use super::quant::QuantTable;
use crate::error::Result;
use crate::image::Mode;
use crate::limits::Limits;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";

/// The colours that the components of a file stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorSpace {
    /// One component: luma.
    Gray,
    /// Luma and two chroma components, as in JFIF.
    YCbCr,
    /// Red, green, blue.
    Rgb,
    /// Four inks.
    Cmyk,
    /// Three inks coded as YCbCr, and black.
    Ycck,
}

/// The header of a JPEG file: everything up to its first scan.
///
/// Offsets count from the start of the data that [`read_header`] was given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Header {
    /// Columns of the picture, 1 to 65535.
    pub width: u32,
    /// Rows of the picture, 1 to 65535.
    pub height: u32,
    /// How coefficients are spread over the file.
    pub coding: Coding,
    /// Whether coefficients are arithmetic coded (SOF9 and SOF10) rather than Huffman coded.
    pub arithmetic: bool,
    /// One, three or four components, in the order of the frame.
    pub components: Vec<Component>,
    /// What the components stand for, by the rules of libjpeg-turbo.
    pub color_space: ColorSpace,
    /// The JFIF segment.
    pub jfif: Option<Jfif>,
    /// The colour transform of the `Adobe` segment: 0 none, 1 YCbCr, 2 YCCK.
    pub adobe_transform: Option<u8>,
    /// MCUs between restart markers, 0 if there are none.
    pub restart_interval: u32,
    /// Quantization tables 0 to 3, as far as they are defined before the first scan.
    pub quant_tables: [Option<QuantTable>; 4],
    /// The APPn and COM segments in file order, at most 65536.
    pub segments: Vec<Segment>,
}

/// Reads the header of a JPEG file and nothing behind it.
///
/// # Errors
///
/// [`Truncated`](crate::ErrorKind::Truncated) when the data ends before the first scan,
/// [`Malformed`](crate::ErrorKind::Malformed) when a segment is broken,
/// [`Unsupported`](crate::ErrorKind::Unsupported) for 12-bit, lossless and hierarchical files and
/// for two components, [`Limit`](crate::ErrorKind::Limit) when the picture is too large.
///
/// ```
/// use pilaf::{ErrorKind, Limits, jpeg};
///
/// let error = jpeg::read_header(b"\xFF\xD8\xFF\xE0", &Limits::default()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Truncated);
/// assert_eq!(error.offset(), Some(4));
/// ```
pub fn read_header(data: &[u8], limits: &Limits) -> Result<Header> {
    limits.check_input(data.len() as u64)?;
    let mut markers = MarkerReader::new(data, false);
    let (frame, _) = markers.read_header()?;
    let header = Header::new(&frame, &markers);
    limits.check_size(header.width, header.height)?;
    Ok(header)
}

impl Header {
    pub(crate) fn new(frame: &Frame, markers: &MarkerReader<'_>) -> Self {
        Self {
            width: frame.width,
            height: frame.height,
            coding: frame.coding,
            arithmetic: frame.arithmetic,
            components: frame.components.clone(),
            color_space: color_space(frame, markers),
            jfif: markers.segments.jfif,
            adobe_transform: markers.segments.adobe.map(|adobe| adobe.transform),
            restart_interval: markers.tables.restart_interval,
            quant_tables: markers.tables.quant,
            segments: markers.segments.list.clone(),
        }
    }

    /// The mode in which Pillow opens the file: `L`, `RGB` or `CMYK`.
    pub fn mode(&self) -> Mode {
        match self.components.len() {
            1 => Mode::L,
            3 => Mode::Rgb,
            _ => Mode::Cmyk,
        }
    }

    /// Whether the file is progressive.
    pub fn is_progressive(&self) -> bool {
        self.coding == Coding::Progressive
    }

    /// The payloads of all segments with `marker` that begin with `name`.
    fn payloads(&self, marker: u8, name: &[u8], data: &[u8]) -> Vec<&Segment> {
        let named = |range: &Range<usize>| {
            data.get(range.clone()).is_some_and(|payload| payload.starts_with(name))
        };
        self.segments.iter().filter(|s| s.marker == marker && named(&s.payload)).collect()
    }

    /// The EXIF block with its name `Exif\0\0`, joined from all segments that have one, as
    /// Pillow's `info["exif"]`. `data` is what [`read_header`] was given.
    pub fn exif(&self, data: &[u8]) -> Option<Vec<u8>> {
        let parts = self.payloads(code::APP1, EXIF, data);
        let mut exif = (!parts.is_empty()).then(|| EXIF.to_vec())?;
        parts.iter().for_each(|s| exif.extend(&data[s.payload.start + EXIF.len()..s.payload.end]));
        Some(exif)
    }

    /// Where the TIFF structure of the first EXIF block begins; its offsets count from there.
    pub fn exif_offset(&self, data: &[u8]) -> Option<usize> {
        let first = *self.payloads(code::APP1, EXIF, data).first()?;
        Some(first.payload.start + EXIF.len())
    }

    /// The XMP packet; the last one if there are several.
    pub fn xmp<'a>(&self, data: &'a [u8]) -> Option<&'a [u8]> {
        let last = *self.payloads(code::APP1, XMP, data).last()?;
        Some(&data[last.payload.start + XMP.len()..last.payload.end])
    }

    /// The text of the last COM segment.
    pub fn comment<'a>(&self, data: &'a [u8]) -> Option<&'a [u8]> {
        let last = *self.payloads(code::COM, b"", data).last()?;
        Some(&data[last.payload.clone()])
    }

    /// The ICC profile, joined from its numbered parts (ICC.1:2010, B.4). `None` if there is
    /// none or a part is missing. As in Pillow, only parts before the frame header count.
    pub fn icc_profile(&self, data: &[u8]) -> Option<Vec<u8>> {
        let mut parts: Vec<&[u8]> = self
            .payloads(code::APP2, ICC, data)
            .into_iter()
            .filter(|segment| segment.before_frame)
            .map(|segment| &data[segment.payload.clone()])
            .collect();
        parts.sort_unstable();
        let stated = usize::from(*parts.first()?.get(ICC.len() + 1)?);
        (stated == parts.len()).then(|| {
            parts
                .iter()
                .flat_map(|part| part.get(ICC.len() + 2..).unwrap_or(&[]))
                .copied()
                .collect()
        })
    }

    /// The EXIF orientation, 1 to 8, from the EXIF block or else from the XMP packet. 1 (as
    /// stored) if neither states one.
    pub fn orientation(&self, data: &[u8]) -> u8 {
        let exif = self.exif(data);
        let from_exif = exif.and_then(|exif| orientation::in_tiff(&exif[EXIF.len()..]));
        let stated = from_exif.or_else(|| orientation::in_xmp(self.xmp(data)?));
        stated.filter(|value| (1..=8).contains(value)).unwrap_or(1)
    }
}

/// libjpeg's guess (`default_decompress_parms`): JFIF means YCbCr; else Adobe's transform; else
/// the component ids `RGB` mean RGB.
fn color_space(frame: &Frame, markers: &MarkerReader<'_>) -> ColorSpace {
    let adobe = markers.segments.adobe.map(|adobe| adobe.transform);
    let ids: Vec<u8> = frame.components.iter().map(|component| component.id).collect();
    match (ids.as_slice(), adobe) {
        ([_], _) => ColorSpace::Gray,
        ([_, _, _], _) if markers.segments.jfif.is_some() => ColorSpace::YCbCr,
        ([_, _, _], Some(0)) => ColorSpace::Rgb,
        ([_, _, _], Some(_)) => ColorSpace::YCbCr,
        ([b'R', b'G', b'B'], None) => ColorSpace::Rgb,
        ([_, _, _], None) => ColorSpace::YCbCr,
        (_, None | Some(0)) => ColorSpace::Cmyk,
        (_, Some(_)) => ColorSpace::Ycck,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
        let payload = parts.concat();
        let mut bytes = vec![0xFF, marker];
        bytes.extend((payload.len() as u16 + 2).to_be_bytes());
        bytes.extend(payload);
        bytes
    }

    /// A header of `ids.len()` components with the given segments in front of the frame.
    fn file(segments: &[Vec<u8>], ids: &[u8]) -> Vec<u8> {
        let mut frame = vec![8, 0, 2, 0, 3, ids.len() as u8];
        ids.iter().for_each(|&id| frame.extend([id, 0x11, 0]));
        let mut scan = vec![ids.len() as u8];
        ids.iter().for_each(|&id| scan.extend([id, 0]));
        scan.extend([0, 63, 0]);
        let mut bytes = vec![0xFF, 0xD8];
        segments.iter().for_each(|segment| bytes.extend(segment));
        bytes.extend(segment(0xC0, &[&frame]));
        bytes.extend(segment(0xDA, &[&scan]));
        bytes
    }

    fn header(segments: &[Vec<u8>], ids: &[u8]) -> (Header, Vec<u8>) {
        let data = file(segments, ids);
        (read_header(&data, &Limits::default()).unwrap(), data)
    }

    #[test]
    fn colours_are_guessed_as_libjpeg_does() {
        let adobe = |transform| segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[transform]]);
        let jfif = segment(0xE0, &[b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"]);
        let space = |segments: &[Vec<u8>], ids: &[u8]| header(segments, ids).0.color_space;
        assert_eq!(space(&[], &[1]), ColorSpace::Gray);
        assert_eq!(space(&[], b"RGB"), ColorSpace::Rgb);
        assert_eq!(space(std::slice::from_ref(&jfif), b"RGB"), ColorSpace::YCbCr);
        assert_eq!(space(&[jfif, adobe(0)], &[1, 2, 3]), ColorSpace::YCbCr);
        assert_eq!(space(&[adobe(0)], &[1, 2, 3]), ColorSpace::Rgb);
        assert_eq!(space(&[adobe(1)], b"RGB"), ColorSpace::YCbCr);
        assert_eq!(space(&[], &[1, 2, 3, 4]), ColorSpace::Cmyk);
        assert_eq!(space(&[adobe(0)], &[1, 2, 3, 4]), ColorSpace::Cmyk);
        assert_eq!(space(&[adobe(2)], &[1, 2, 3, 4]), ColorSpace::Ycck);
    }

    #[test]
    fn metadata_is_joined_as_pillow_joins_it() {
        let icc = |number: u8, of: u8, text: &[u8]| segment(0xE2, &[ICC, &[number, of], text]);
        let (header, data) = header(
            &[
                segment(0xE1, &[EXIF, b"one "]),
                icc(2, 2, b"second"),
                segment(0xE1, &[EXIF, b"two"]),
                icc(1, 2, b"first "),
                segment(0xFE, &[b"old"]),
                segment(0xFE, &[b"new"]),
                segment(0xE1, &[XMP, b"<x/>"]),
            ],
            &[1],
        );
        assert_eq!(header.exif(&data).unwrap(), b"Exif\0\0one two");
        assert_eq!(header.exif_offset(&data), Some(12));
        assert_eq!(header.icc_profile(&data).unwrap(), b"first second");
        assert_eq!(header.comment(&data).unwrap(), b"new");
        assert_eq!(header.xmp(&data).unwrap(), b"<x/>");
        assert_eq!(header.orientation(&data), 1);
    }

    #[test]
    fn an_incomplete_profile_is_none() {
        let part = segment(0xE2, &[ICC, &[1, 2], b"half"]);
        let (header, data) = header(&[part, segment(0xE2, &[ICC])], &[1]);
        assert_eq!(header.icc_profile(&data), None);
    }

    #[test]
    fn two_components_and_huge_pictures_are_refused() {
        let error = read_header(&file(&[], &[1, 2]), &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Unsupported);
        let strict = Limits { max_pixels: 5, ..Limits::default() };
        let error = read_header(&file(&[], &[1]), &strict).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Limit);
    }
}
