//! The tables that markers define and scans use: DQT, DHT, DAC, DRI.

use super::cursor::Cursor;
use crate::error::{Error, Result};
use crate::jpeg::huffman::HuffmanSpec;
use crate::jpeg::quant::QuantTable;

/// Everything that stays in force from one marker segment to the next.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) quant: [Option<QuantTable>; 4],
    pub(crate) dc_huffman: [Option<HuffmanSpec>; 4],
    pub(crate) ac_huffman: [Option<HuffmanSpec>; 4],
    pub(crate) conditioning: Conditioning,
    /// MCUs between restart markers, 0 if there are none.
    pub(crate) restart_interval: u32,
}

/// Conditioning of the arithmetic decoder (ITU-T T.81, F.1.4.4.1.4 and F.1.4.4.2).
#[derive(Clone, Debug)]
pub(crate) struct Conditioning {
    /// Lower bound of the "small" DC differences, as a power of two.
    pub(crate) dc_lower: [u8; 16],
    /// Upper bound of the "small" DC differences, as a power of two.
    pub(crate) dc_upper: [u8; 16],
    /// Last coefficient of the low band.
    pub(crate) ac_low_band: [u8; 16],
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            quant: [None; 4],
            dc_huffman: Default::default(),
            ac_huffman: Default::default(),
            conditioning: Conditioning {
                dc_lower: [0; 16],
                dc_upper: [1; 16],
                ac_low_band: [5; 16],
            },
            restart_interval: 0,
        }
    }
}

/// The payload length of the segment that starts here; `start` is where its marker stands.
fn payload_length(cursor: &mut Cursor<'_>) -> Result<i32> {
    Ok(i32::from(cursor.u16()?) - 2)
}

fn bad_length(marker: &str, start: usize) -> Error {
    Error::malformed(format!("the {marker} segment has a length that does not fit its contents"))
        .at(start as u64)
}

impl Tables {
    /// Reads the quantization tables of a DQT segment.
    pub(super) fn read_dqt(&mut self, cursor: &mut Cursor<'_>, start: usize) -> Result<()> {
        let mut length = payload_length(cursor)?;
        while length > 0 {
            let byte = cursor.byte()?;
            let slot = self.quant.get_mut(usize::from(byte & 15)).ok_or_else(|| {
                let number = byte & 15;
                Error::malformed(format!("DQT defines quantization table {number}, above 3"))
                    .at(start as u64)
            })?;
            let wide = byte >> 4 != 0;
            let mut zigzag = [0; 64];
            for value in &mut zigzag {
                *value = if wide { cursor.u16()? } else { u16::from(cursor.byte()?) };
            }
            *slot = Some(QuantTable::from_zigzag(&zigzag));
            length -= if wide { 129 } else { 65 };
        }
        if length == 0 { Ok(()) } else { Err(bad_length("DQT", start)) }
    }

    /// Reads the Huffman tables of a DHT segment.
    pub(super) fn read_dht(&mut self, cursor: &mut Cursor<'_>, start: usize) -> Result<()> {
        let mut length = payload_length(cursor)?;
        while length > 16 {
            let byte = cursor.byte()?;
            let mut counts = [0; 16];
            for count in &mut counts {
                *count = cursor.byte()?;
            }
            length -= 17;
            let total: i32 = counts.iter().map(|&count| i32::from(count)).sum();
            if total > 256 || total > length {
                return Err(Error::malformed(format!("DHT states {total} codes, too many"))
                    .at(start as u64));
            }
            let mut symbols = [0; 256];
            for symbol in &mut symbols[..total as usize] {
                *symbol = cursor.byte()?;
            }
            length -= total;
            self.set_huffman(byte, HuffmanSpec { counts, symbols }, start)?;
        }
        if length == 0 { Ok(()) } else { Err(bad_length("DHT", start)) }
    }

    fn set_huffman(&mut self, class_and_slot: u8, spec: HuffmanSpec, start: usize) -> Result<()> {
        let is_ac = class_and_slot & 0x10 != 0;
        let slot = usize::from(class_and_slot & !0x10);
        let tables = if is_ac { &mut self.ac_huffman } else { &mut self.dc_huffman };
        *tables.get_mut(slot).ok_or_else(|| {
            Error::malformed(format!("DHT defines Huffman table {slot}, above 3")).at(start as u64)
        })? = Some(spec);
        Ok(())
    }

    /// Reads the arithmetic conditioning of a DAC segment.
    pub(super) fn read_dac(&mut self, cursor: &mut Cursor<'_>, start: usize) -> Result<()> {
        let mut length = payload_length(cursor)?;
        while length > 0 {
            let index = usize::from(cursor.byte()?);
            let value = cursor.byte()?;
            length -= 2;
            let conditioning = &mut self.conditioning;
            match index {
                0..16 => {
                    let (lower, upper) = (value & 15, value >> 4);
                    conditioning.dc_lower[index] = lower;
                    conditioning.dc_upper[index] = upper;
                    if lower > upper {
                        let text = format!("DAC states bounds {lower} to {upper} for DC");
                        return Err(Error::malformed(text).at(start as u64));
                    }
                }
                16..32 => conditioning.ac_low_band[index - 16] = value,
                _ => {
                    let text = format!("DAC defines conditioning {index}, above 31");
                    return Err(Error::malformed(text).at(start as u64));
                }
            }
        }
        if length == 0 { Ok(()) } else { Err(bad_length("DAC", start)) }
    }

    /// Reads the restart interval of a DRI segment.
    pub(super) fn read_dri(&mut self, cursor: &mut Cursor<'_>, start: usize) -> Result<()> {
        if payload_length(cursor)? != 2 {
            return Err(bad_length("DRI", start));
        }
        self.restart_interval = u32::from(cursor.u16()?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Input;
    use super::*;

    fn with<R>(bytes: &[u8], read: impl FnOnce(&mut Tables, &mut Cursor<'_>) -> R) -> (Tables, R) {
        let mut tables = Tables::default();
        let result = read(&mut tables, &mut Cursor::new(Input::Whole(bytes), false));
        (tables, result)
    }

    #[test]
    fn dqt_of_both_precisions() {
        let mut bytes = vec![0, 2 + 65 + 129, 0x01];
        bytes.extend(1..=64);
        bytes.push(0x12);
        (0..64u16).for_each(|k| bytes.extend((k + 300).to_be_bytes()));
        let (tables, result) = with(&bytes, |t, c| t.read_dqt(c, 0));
        result.unwrap();
        assert_eq!(tables.quant[1].unwrap().values[8], 3);
        assert_eq!(tables.quant[2].unwrap().values[1], 301);
        assert!(tables.quant[0].is_none());
    }

    #[test]
    fn a_table_number_above_three_is_named() {
        let (_, result) = with(&[0, 67, 0x04], |t, c| t.read_dqt(c, 20));
        let text = result.unwrap_err().to_string();
        assert_eq!(text, "DQT defines quantization table 4, above 3 (at byte 20)");
    }

    #[test]
    fn dht_with_more_codes_than_bytes() {
        let mut bytes = vec![0, 20, 0x00];
        bytes.extend([2; 16]);
        let (_, result) = with(&bytes, |t, c| t.read_dht(c, 7));
        assert_eq!(result.unwrap_err().to_string(), "DHT states 32 codes, too many (at byte 7)");
    }

    #[test]
    fn dac_and_dri() {
        let (tables, result) = with(&[0, 6, 0x01, 0x31, 0x12, 9], |t, c| t.read_dac(c, 0));
        result.unwrap();
        let conditioning = tables.conditioning;
        assert_eq!((conditioning.dc_lower[1], conditioning.dc_upper[1]), (1, 3));
        assert_eq!(conditioning.ac_low_band[2], 9);
        assert!(with(&[0, 4, 0x01, 0x13], |t, c| t.read_dac(c, 0)).1.is_err());
        let (tables, result) = with(&[0, 4, 1, 2], |t, c| t.read_dri(c, 0));
        result.unwrap();
        assert_eq!(tables.restart_interval, 258);
        assert!(with(&[0, 5, 1, 2, 3], |t, c| t.read_dri(c, 0)).1.is_err());
    }
}
