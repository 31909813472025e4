//! Huffman coding of coefficients (ITU-T T.81, annex C, F.2.2 and G.2).
//!
//! ```text
//! bytes -> bits (stuffing removed, zeros behind a marker) -> codes -> coefficients
//! ```
//!
//! [`SequentialDecoder`] and [`ProgressiveDecoder`] are shaped like the specification; [`chunked`] decodes a sound
//! sequential scan several times as fast, and [`abreast`] the sound scans of a file that has several.
//!
//! Where the data is damaged, this does what libjpeg-turbo does: a code that no table has counts
//! as symbol 0, data that ends within an MCU goes on with zero bits to the end of that MCU, and
//! every later MCU up to the next restart marker stays as it was.

pub(crate) mod abreast;
mod bits;
pub(crate) mod chunked;
mod clean;
mod progressive;
mod resume;
mod sequential;
mod standard;
mod table;

pub(crate) use progressive::ProgressiveDecoder;
pub(crate) use resume::Standing;
pub(crate) use sequential::SequentialDecoder;
pub(crate) use standard::standard_tables;
pub(crate) use table::{Class, HuffmanSpec, HuffmanTable};

use crate::error::{Error, Result};
use crate::jpeg::marker::{Scan, Tables};

/// The table of `number` and `class` in decoding form.
fn table(tables: &Tables, class: Class, number: u8, scan: &Scan) -> Result<HuffmanTable> {
    let specs = if class == Class::Dc { &tables.dc_huffman } else { &tables.ac_huffman };
    let spec = specs.get(usize::from(number)).and_then(Option::as_ref).ok_or_else(|| {
        let text = format!("the scan uses Huffman table {number} for {class:?}, which is missing");
        Error::malformed(text).at(scan.offset as u64)
    })?;
    HuffmanTable::new(spec, class).map_err(|error| error.at(scan.offset as u64))
}

/// The value that `bits` of `size` stand for: the upper half of the range as it is, the lower
/// half negative (ITU-T T.81, figure F.12).
fn extend(bits: i32, size: u32) -> i32 {
    if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits }
}

#[cfg(test)]
mod tests {
    use super::extend;

    #[test]
    fn sizes_cover_both_signs() {
        assert_eq!([extend(0, 1), extend(1, 1)], [-1, 1]);
        assert_eq!([0, 3, 4, 7].map(|bits| extend(bits, 3)), [-7, -4, 4, 7]);
        assert_eq!(extend(0, 15), -32767);
    }
}
