//! The one EXIF field that pixels depend on. Broken EXIF never fails an image.

use super::Orientation;

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation in the first directory of a TIFF structure; [`Orientation::Normal`] when there
/// is none or the structure is broken.
pub(crate) fn orientation(exif: &[u8]) -> Orientation {
    find_orientation(exif).and_then(|found| Orientation::from_exif(found.value)).unwrap_or_default()
}

/// The number that stands for the orientation, whatever it is, and the same TIFF structure without
/// it: the entries behind it move up, what they point to stays where it is. `None` when there is
/// none or the structure is broken.
///
/// ```
/// let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
/// let (orientation, rest) = pilaf::take_orientation(exif).unwrap();
/// assert_eq!(orientation, 6); // `Orientation::Rotate90`
/// assert!(pilaf::take_orientation(&rest).is_none());
/// ```
pub fn take_orientation(exif: &[u8]) -> Option<(u16, Vec<u8>)> {
    let found = find_orientation(exif).filter(|found| found.entry + 12 <= exif.len())?;
    let mut rest = exif.to_vec();
    // The entries behind it, and the offset of the next directory.
    let end = (found.directory + 2 + 12 * usize::from(found.entries) + 4).min(rest.len());
    rest.copy_within(found.entry + 12..end, found.entry);
    rest[end - 12..end].fill(0);
    let entries = found.entries - 1;
    let count = if found.big { entries.to_be_bytes() } else { entries.to_le_bytes() };
    rest[found.directory..][..2].copy_from_slice(&count);
    Some((found.value, rest))
}

/// Where the orientation stands.
struct Found {
    value: u16,
    entry: usize,
    directory: usize,
    entries: u16,
    big: bool,
}

/// TIFF 6.0, section 2: byte order, 42, offset of the directory, entries of 12 bytes.
fn find_orientation(exif: &[u8]) -> Option<Found> {
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
    let entries = u16_at(directory)?;
    let entry = (0..usize::from(entries))
        .map_while(|i| directory.checked_add(2 + 12 * i))
        .find(|&entry| u16_at(entry) == Some(ORIENTATION))
        .filter(|&entry| u16_at(entry + 2) == Some(SHORT))?;
    Some(Found { value: u16_at(entry + 8)?, entry, directory, entries, big })
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
    fn taking_it_out_leaves_the_other_entries() {
        let before = [0x0f, 1, 2, 0, 1, 0, 0, 0, 7, 0, 0, 0];
        let entry = [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0];
        let behind = [0x31, 1, 2, 0, 1, 0, 0, 0, 8, 0, 0, 0];
        let exif = tiff(b"II*\0", &[before, entry, behind], [8, 0, 0, 0], [3, 0]);
        let (orientation, rest) = take_orientation(&exif).unwrap();
        assert_eq!((orientation, rest.len()), (6, exif.len()));
        assert_eq!(rest[8..34], [&[2, 0], &before[..], &behind[..]].concat());
        assert!(take_orientation(&rest).is_none());
        for end in 0..exif.len() {
            take_orientation(&exif[..end]);
        }
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
