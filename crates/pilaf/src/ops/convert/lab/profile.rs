//! The two profiles (ICC.1:2022 for sRGB, ICC.1:2001-04 for Lab), as LittleCMS writes its built-in
//! ones, byte for byte but for the time: that is fixed, so that the same pixels stay the same file.

use super::srgb::{self, D50, Matrix, PRIMARIES};

/// Year, month, day, hour, minute, second: the day of IEC 61966-2-1.
const MADE: [u16; 6] = [1999, 10, 18, 0, 0, 0];
const HEADER_BYTES: usize = 128;
const UNIT: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
const COPYRIGHT: &str = "No copyright, use freely";

/// An ICC profile of sRGB: what pixels converted from `LAB` are in.
///
/// ```
/// let profile = pilaf::ops::srgb_profile();
/// assert_eq!((&profile[16..20], &profile[36..40]), (&b"RGB "[..], &b"acsp"[..]));
/// ```
pub fn srgb_profile() -> Vec<u8> {
    let colorant = |band: usize| xyz(srgb::colorants().map(|row| row[band]));
    let curve = curve();
    profile(
        *b"mntrRGB XYZ ",
        0x0440_0000,
        &[
            (b"desc", unicode_text("sRGB built-in")),
            (b"cprt", unicode_text(COPYRIGHT)),
            (b"wtpt", xyz(D50)),
            (b"chad", matrix(&srgb::adaptation())),
            (b"rXYZ", colorant(0)),
            (b"bXYZ", colorant(2)),
            (b"gXYZ", colorant(1)),
            (b"rTRC", curve.clone()),
            (b"gTRC", curve.clone()),
            (b"bTRC", curve),
            (b"chrm", chromaticities()),
        ],
    )
}

/// An ICC profile of CIE L\*a\*b\* under D50: what pixels of mode `LAB` are in.
///
/// ```
/// let profile = pilaf::ops::lab_profile();
/// assert_eq!((&profile[16..20], &profile[36..40]), (&b"Lab "[..], &b"acsp"[..]));
/// ```
pub fn lab_profile() -> Vec<u8> {
    profile(
        *b"abstLab Lab ",
        0x0210_0000,
        &[
            (b"desc", described("Lab identity built-in")),
            (b"cprt", tag(b"text", &[COPYRIGHT.as_bytes(), b"\0"].concat())),
            (b"wtpt", xyz(D50)),
            (b"chad", matrix(&UNIT)),
            (b"A2B0", identity()),
        ],
    )
}

/// Header, table of tags, tags: each from a multiple of 4 on, and equal neighbours once.
fn profile(class_and_spaces: [u8; 12], version: u32, tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut contents: Vec<u8> = Vec::new();
    let from = HEADER_BYTES + 4 + 12 * tags.len();
    let mut last: (usize, &[u8]) = (0, &[]);
    for (name, data) in tags {
        if last.1 != data.as_slice() {
            last = (from + contents.len(), data);
            contents.extend(data);
            contents.resize(contents.len().next_multiple_of(4), 0);
        }
        table.extend(*name);
        table.extend((last.0 as u32).to_be_bytes());
        table.extend((data.len() as u32).to_be_bytes());
    }
    let mut profile = header(class_and_spaces, version, from + contents.len());
    profile.extend(table);
    profile.extend(contents);
    profile
}

/// ICC.1, 7.2: size, maker, version, spaces, time, platform, white, maker again.
fn header(class_and_spaces: [u8; 12], version: u32, size: usize) -> Vec<u8> {
    let mut header = (size as u32).to_be_bytes().to_vec();
    header.extend(b"lcms");
    header.extend(version.to_be_bytes());
    header.extend(class_and_spaces);
    header.extend(MADE.iter().flat_map(|part| part.to_be_bytes()));
    header.extend(b"acspAPPL");
    header.resize(68, 0);
    header.extend(D50.into_iter().flat_map(fixed));
    header.extend(b"lcms");
    header.resize(HEADER_BYTES, 0);
    header
}

/// A tag: its type, four zeros, its data.
fn tag(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [kind, &[0; 4][..], data].concat()
}

/// The type s15Fixed16Number: 65536ths, rounded.
fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0 + 0.5).floor() as i32).to_be_bytes()
}

fn xyz(color: [f64; 3]) -> Vec<u8> {
    tag(b"XYZ ", color.map(fixed).as_flattened())
}

fn matrix(rows: &Matrix) -> Vec<u8> {
    tag(b"sf32", rows.map(|row| row.map(fixed)).as_flattened().as_flattened())
}

/// The curve of sRGB: parametric, of function type 3.
fn curve() -> Vec<u8> {
    let numbers = [srgb::G, srgb::A, srgb::B, srgb::C, srgb::D].map(fixed);
    tag(b"para", &[&[0, 3, 0, 0], numbers.as_flattened()].concat())
}

/// Three channels whose phosphors are none of the standard's.
fn chromaticities() -> Vec<u8> {
    let numbers = PRIMARIES.map(|xy| xy.map(fixed));
    tag(b"chrm", &[&[0, 3, 0, 0], numbers.as_flattened().as_flattened()].concat())
}

/// A text in one language (ICC.1, 10.15): one record of 12 bytes, that for English in the USA.
fn unicode_text(text: &str) -> Vec<u8> {
    let text = utf_16(text);
    let numbers = |values: [u32; 2]| values.map(u32::to_be_bytes).as_flattened().to_vec();
    let length_and_start = numbers([text.len() as u32, 28]);
    tag(b"mluc", &[numbers([1, 12]), b"enUS".to_vec(), length_and_start, text].concat())
}

/// A description as version 2 has it (ICC.1:2001-04, 6.5.17): in ASCII, in Unicode, and as a text of
/// the Macintosh, which is empty.
fn described(text: &str) -> Vec<u8> {
    const MACINTOSH_BYTES: usize = 2 + 1 + 67;
    let count = (text.len() as u32 + 1).to_be_bytes();
    let data = [
        &count,
        text.as_bytes(),
        b"\0",
        &[0; 4], // the language
        &count,
        &utf_16(text),
        &[0; 2],
        &[0; MACINTOSH_BYTES],
    ];
    let mut described = tag(b"desc", &data.concat());
    described.resize(described.len().next_multiple_of(4), 0);
    described
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Tables of 16 bits that change nothing (ICC.1:2001-04, 6.5.8): a grid of two nodes an axis.
fn identity() -> Vec<u8> {
    const SIDES: [u8; 4] = [3, 3, 2, 0];
    let mut data = SIDES.to_vec();
    data.extend(UNIT.as_flattened().iter().flat_map(|&v| fixed(v)));
    data.extend([0, 2, 0, 2]);
    let line = [0, 0, 0xff, 0xff].repeat(3);
    data.extend(&line);
    for node in 0..8_u8 {
        let ends = [node >> 2, node >> 1, node].map(|bits| [0xff * (bits & 1); 2]);
        data.extend(ends.as_flattened());
    }
    data.extend(&line);
    tag(b"mft2", &data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_tags_point_into_the_profile() {
        for profile in [srgb_profile(), lab_profile()] {
            let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap());
            assert_eq!(number(0) as usize, profile.len());
            for tag in 0..number(HEADER_BYTES) as usize {
                let at = HEADER_BYTES + 4 + 12 * tag;
                let (start, length) = (number(at + 4), number(at + 8));
                assert_eq!(start % 4, 0);
                assert!((start + length) as usize <= profile.len());
            }
        }
    }
}
