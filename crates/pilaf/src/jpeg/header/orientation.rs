//! Finding the orientation tag in EXIF and XMP, without reading the rest of either.

/// Tag number of the orientation (EXIF 2.32, table 4).
const ORIENTATION: u32 = 0x0112;

/// The orientation in the first directory of a TIFF structure (TIFF 6.0, section 2).
pub(super) fn in_tiff(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let number = |offset: usize, length: usize| -> Option<u32> {
        let bytes = tiff.get(offset..offset.checked_add(length)?)?;
        let add = |sum: u32, &byte: &u8| sum << 8 | u32::from(byte);
        Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    };
    let directory = number(4, 4)? as usize;
    (0..number(directory, 2)? as usize).find_map(|index| {
        let entry = directory.checked_add(2 + 12 * index)?;
        if number(entry, 2)? != ORIENTATION {
            return None;
        }
        let width = match number(entry + 2, 2)? {
            1 => 1,
            3 => 2,
            4 => 4,
            _ => return None,
        };
        u8::try_from(number(entry + 8, width)?).ok()
    })
}

/// The digit behind the first `tiff:Orientation="` or `tiff:Orientation>`.
pub(super) fn in_xmp(xmp: &[u8]) -> Option<u8> {
    const NAME: &[u8] = b"tiff:Orientation";
    xmp.windows(NAME.len() + 3).find_map(|window| {
        let digit = match window.strip_prefix(NAME)? {
            [b'=', b'"', digit] | [b'>', digit, _] => *digit,
            _ => return None,
        };
        digit.is_ascii_digit().then(|| digit - b'0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiff_of_both_byte_orders() {
        let little = b"II*\0\x08\0\0\0\x02\0\x00\x01\x03\0\x01\0\0\0\x09\0\0\0\
                       \x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(in_tiff(little), Some(6));
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
        assert_eq!(in_tiff(big), Some(8));
    }

    #[test]
    fn broken_tiff_has_none() {
        let tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0";
        (0..tiff.len() - 2).for_each(|length| assert_eq!(in_tiff(&tiff[..length]), None));
        assert_eq!(in_tiff(b"II*\0\xFF\xFF\xFF\xFF"), None);
    }

    #[test]
    fn xmp_as_attribute_and_as_element() {
        assert_eq!(in_xmp(b"<rdf tiff:Orientation=\"3\" />"), Some(3));
        assert_eq!(in_xmp(b"<tiff:Orientation>8</tiff:Orientation>"), Some(8));
        assert_eq!(in_xmp(b"<tiff:Orientation x>8</tiff:Orientation>"), None);
    }
}
