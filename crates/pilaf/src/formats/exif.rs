//! The one EXIF field that pixels depend on. Broken EXIF never fails an image.

use super::Orientation;

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation in the first directory of a TIFF structure; [`Orientation::Normal`] when there
/// is none or the structure is broken.
pub(crate) fn orientation(exif: &[u8]) -> Orientation {
    find_orientation(exif).and_then(Orientation::from_exif).unwrap_or_default()
}

/// TIFF 6.0, section 2: byte order, 42, offset of the directory, entries of 12 bytes.
fn find_orientation(exif: &[u8]) -> Option<u16> {
    let big = match exif.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let bytes = exif.get(at..)?.first_chunk()?;
        Some(if big { u16::from_be_bytes(*bytes) } else { u16::from_le_bytes(*bytes) })
    };
    let directory = {
        let bytes = exif.get(4..)?.first_chunk()?;
        if big { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) }
    } as usize;
    let entries = usize::from(u16_at(directory)?);
    (0..entries)
        .map_while(|i| directory.checked_add(2 + 12 * i))
        .find(|&entry| u16_at(entry) == Some(ORIENTATION))
        .filter(|&entry| u16_at(entry + 2) == Some(SHORT))
        .and_then(|entry| u16_at(entry + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiff(order: &[u8; 4], entries: &[[u8; 12]], offset: [u8; 4], count: [u8; 2]) -> Vec<u8> {
        [order.as_slice(), &offset, &count, entries.as_flattened()].concat()
    }

    #[test]
    fn both_byte_orders_are_read() {
        let little = [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0];
        let exif = tiff(b"II*\0", &[little], [8, 0, 0, 0], [1, 0]);
        assert_eq!(orientation(&exif), Orientation::Rotate90);
        let big = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0];
        let exif = tiff(b"MM\0*", &[big], [0, 0, 0, 8], [0, 1]);
        assert_eq!(orientation(&exif), Orientation::Rotate270);
    }

    #[test]
    fn broken_exif_means_normal() {
        let entry = [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0];
        let good = tiff(b"II*\0", &[entry], [8, 0, 0, 0], [1, 0]);
        for end in 0..good.len() - 2 {
            assert_eq!(orientation(&good[..end]), Orientation::Normal, "cut at {end}");
        }
        let far = tiff(b"II*\0", &[entry], [0xFF; 4], [1, 0]);
        assert_eq!(orientation(&far), Orientation::Normal);
    }
}
