//! The EXIF fields that opening an image needs: orientation and resolution. Broken EXIF never fails
//! an image.

use super::Orientation;

const ORIENTATION: u16 = 0x0112;
const X_RESOLUTION: u16 = 0x011A;
const RESOLUTION_UNIT: u16 = 0x0128;
const CENTIMETRE: f64 = 3.0;

const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

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

fn find_orientation(exif: &[u8]) -> Option<Found> {
    let tiff = Tiff::new(exif)?;
    let entry = tiff.entry(ORIENTATION).filter(|&entry| tiff.u16_at(entry + 2) == Some(SHORT))?;
    let value = tiff.u16_at(entry + 8)?;
    let Tiff { directory, entries, big, .. } = tiff;
    Some(Found { value, entry, directory, entries, big })
}

/// Pixels per inch, as the resolution in the first directory says.
pub(super) fn dpi(exif: &[u8]) -> Option<(f64, f64)> {
    let tiff = Tiff::new(exif)?;
    let unit = tiff.number(tiff.entry(RESOLUTION_UNIT)?)?;
    let resolution = tiff.number(tiff.entry(X_RESOLUTION)?)?;
    let dpi = if unit == CENTIMETRE { resolution * 2.54 } else { resolution };
    (!dpi.is_nan()).then_some((dpi, dpi))
}

/// The first directory of a TIFF structure: TIFF 6.0, section 2. Byte order, 42, offset of the
/// directory; there the number of entries, and entries of 12 bytes.
struct Tiff<'a> {
    bytes: &'a [u8],
    big: bool,
    directory: usize,
    entries: u16,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let big = match bytes.get(..4)? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return None,
        };
        let mut tiff = Self { bytes, big, directory: 0, entries: 0 };
        tiff.directory = tiff.u32_at(4)? as usize;
        tiff.entries = tiff.u16_at(tiff.directory)?;
        Some(tiff)
    }

    fn u16_at(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32_at(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Where the first entry of a tag is.
    fn entry(&self, tag: u16) -> Option<usize> {
        (0..usize::from(self.entries))
            .map_while(|i| self.directory.checked_add(2 + 12 * i))
            .find(|&entry| self.u16_at(entry) == Some(tag))
    }

    /// The first value of an entry of integers or of fractions.
    fn number(&self, entry: usize) -> Option<f64> {
        match self.u16_at(entry + 2)? {
            SHORT => self.u16_at(entry + 8).map(f64::from),
            LONG => self.u32_at(entry + 8).map(f64::from),
            RATIONAL => {
                let at = self.u32_at(entry + 8)? as usize;
                let (upper, lower) = (self.u32_at(at)?, self.u32_at(at.checked_add(4)?)?);
                (lower != 0).then(|| f64::from(upper) / f64::from(lower))
            }
            _ => None,
        }
    }
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
    fn resolution_in_inches_and_centimetres() {
        let exif = |unit| {
            let x = [0x1A, 1, 5, 0, 1, 0, 0, 0, 38, 0, 0, 0];
            let unit = [0x28, 1, 3, 0, 1, 0, 0, 0, unit, 0, 0, 0];
            let value = [&600u32.to_le_bytes()[..], &2u32.to_le_bytes()].concat();
            [&tiff(b"II*\0", &[x, unit], [8, 0, 0, 0], [2, 0])[..], &[0; 4], &value].concat()
        };
        assert_eq!(dpi(&exif(2)), Some((300.0, 300.0)));
        assert_eq!(dpi(&exif(3)), Some((762.0, 762.0)));
        assert_eq!(dpi(&exif(2)[..40]), None);
        assert_eq!(dpi(b"no TIFF"), None);
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
