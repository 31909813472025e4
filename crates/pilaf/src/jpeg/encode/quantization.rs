//! Quantization tables by quality.

use super::options::Quantization;
use crate::jpeg::quant::QuantTable;

/// Steps for luma (ITU-T T.81, table K.1).
#[rustfmt::skip]
const LUMA: [u16; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];

/// Steps for chroma (ITU-T T.81, table K.2).
#[rustfmt::skip]
const CHROMA: [u16; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
];

impl QuantTable {
    /// The table times libjpeg's factor for `quality`, 1 to 100: 50 leaves it as it is, 100 makes
    /// all steps 1. No step is above 255.
    ///
    /// ```
    /// use pilaf::jpeg::QuantTable;
    ///
    /// let table = QuantTable { values: [16; 64] };
    /// assert_eq!(table.scaled(75).values, [8; 64]);
    /// assert_eq!(table.scaled(25).values, [32; 64]);
    /// ```
    #[must_use]
    pub fn scaled(&self, quality: u8) -> Self {
        let quality = u32::from(quality.clamp(1, 100));
        let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        let scale = |step: u16| ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as u16;
        Self { values: self.values.map(scale) }
    }
}

/// The tables of a file and which of them each component uses.
///
/// `chroma` says of each component whether it is one.
pub(super) fn choose(quantization: &Quantization, chroma: &[bool]) -> (Vec<QuantTable>, Vec<u8>) {
    match quantization {
        Quantization::Quality(quality) => {
            let tables = [LUMA, CHROMA].map(|values| QuantTable { values }.scaled(*quality));
            (tables.to_vec(), chroma.iter().map(|&chroma| chroma.into()).collect())
        }
        Quantization::Tables(tables) => {
            let last = tables.len() - 1;
            (tables.clone(), (0..chroma.len()).map(|index| index.min(last) as u8).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_is_libjpegs() {
        let (tables, used) = choose(&Quantization::Quality(100), &[false, true, true]);
        assert_eq!((tables[0].values, tables[1].values), ([1; 64], [1; 64]));
        assert_eq!(used, [0, 1, 1]);
        let (tables, _) = choose(&Quantization::Quality(75), &[false]);
        assert_eq!(tables[0].values[..8], [8, 6, 5, 8, 12, 20, 26, 31]);
        let (tables, _) = choose(&Quantization::Quality(1), &[false]);
        assert_eq!(tables[0].values, [255; 64]);
    }

    #[test]
    fn the_last_table_serves_the_rest() {
        let table = QuantTable { values: [9; 64] };
        let (_, used) = choose(&Quantization::Tables(vec![table; 2]), &[false; 4]);
        assert_eq!(used, [0, 1, 1, 1]);
    }
}
