//! Coefficients of progressive scans (ITU-T T.81, G.1.2 and G.2).

use super::bits::BitReader;
use super::table::{Class, HuffmanTable};
use super::{extend, table};
use crate::error::{Error, Result};
use crate::jpeg::dct::idct::Block;
use crate::jpeg::decode::{BlockDecoder, Restarts};
use crate::jpeg::marker::{MarkerReader, Scan};
use crate::jpeg::zigzag::NATURAL_ORDER;

/// Decodes the blocks of one progressive scan.
pub(crate) struct ProgressiveDecoder {
    bits: BitReader,
    restarts: Restarts,
    pass: Pass,
    /// First and last coefficient of the band, in zigzag order.
    band: (usize, usize),
    /// The bit position of this scan.
    low: u32,
    /// Blocks that have no more coefficients in this band.
    end_of_band_run: u32,
}

/// What a scan brings.
enum Pass {
    DcFirst { tables: Vec<HuffmanTable>, predictions: Vec<i32> },
    DcRefine,
    AcFirst(Box<HuffmanTable>),
    AcRefine(Box<HuffmanTable>),
}

impl ProgressiveDecoder {
    pub(crate) fn new(scan: &Scan, input: &MarkerReader<'_>) -> Result<Self> {
        scan.check_progression()?;
        let tables = &input.tables;
        let ac_table = || table(tables, Class::Ac, scan.components[0].ac_table, scan).map(Box::new);
        let pass = match (scan.spectral_start, scan.approximation_high) {
            (0, 0) => Pass::DcFirst {
                tables: scan
                    .components
                    .iter()
                    .map(|component| table(tables, Class::Dc, component.dc_table, scan))
                    .collect::<Result<_>>()?,
                predictions: vec![0; scan.components.len()],
            },
            (0, _) => Pass::DcRefine,
            (_, 0) => Pass::AcFirst(ac_table()?),
            (_, _) => Pass::AcRefine(ac_table()?),
        };
        Ok(Self {
            bits: BitReader::default(),
            restarts: Restarts::new(tables.restart_interval),
            pass,
            band: (scan.spectral_start.into(), scan.spectral_end.into()),
            low: scan.approximation_low.into(),
            end_of_band_run: 0,
        })
    }
}

impl BlockDecoder for ProgressiveDecoder {
    fn start_mcu(&mut self, input: &mut MarkerReader<'_>) -> Result<bool> {
        if self.restarts.is_due() {
            input.discarded_bytes += self.bits.clear();
            if self.restarts.restart(input)? {
                self.bits.exhausted = false;
            }
            self.end_of_band_run = 0;
            if let Pass::DcFirst { predictions, .. } = &mut self.pass {
                predictions.fill(0);
            }
        }
        self.restarts.count();
        Ok(!self.bits.exhausted)
    }

    fn decode_block(
        &mut self,
        input: &mut MarkerReader<'_>,
        part: usize,
        block: &mut Block,
    ) -> Result<()> {
        let (low, band, run) = (self.low, self.band, &mut self.end_of_band_run);
        match &mut self.pass {
            Pass::DcFirst { tables, predictions } => {
                let prediction = &mut predictions[part];
                *prediction = dc_first(&mut self.bits, input, &tables[part], *prediction)?;
                block[0] = (*prediction << low) as i16;
            }
            Pass::DcRefine => block[0] |= (self.bits.take(input, 1)? << low) as i16,
            Pass::AcFirst(table) => ac_first(&mut self.bits, input, table, band, low, run, block)?,
            Pass::AcRefine(table) => {
                Refinement { bits: &mut self.bits, input, band, bit: 1 << low }
                    .decode_block(table, run, block)?;
            }
        }
        Ok(())
    }

    fn is_exhausted(&self) -> bool {
        self.bits.exhausted
    }

    fn is_stuck(&self, input: &MarkerReader<'_>) -> bool {
        self.bits.exhausted && self.restarts.are_over(input)
    }
}

/// The next DC coefficient, without the bits that later scans bring.
fn dc_first(
    bits: &mut BitReader,
    input: &mut MarkerReader<'_>,
    table: &HuffmanTable,
    prediction: i32,
) -> Result<i32> {
    let size = u32::from(bits.decode(input, table)?);
    let difference = if size > 0 { extend(bits.take(input, size)?, size) } else { 0 };
    prediction.checked_add(difference).ok_or_else(|| {
        Error::malformed("a DC coefficient is out of range").at(input.cursor.position() as u64)
    })
}

/// The first bits of a band (ITU-T T.81, figure G.3 and what it refers to).
fn ac_first(
    bits: &mut BitReader,
    input: &mut MarkerReader<'_>,
    table: &HuffmanTable,
    (start, end): (usize, usize),
    low: u32,
    end_of_band_run: &mut u32,
    block: &mut Block,
) -> Result<()> {
    if *end_of_band_run > 0 {
        *end_of_band_run -= 1;
        return Ok(());
    }
    let mut k = start;
    while k <= end {
        let symbol = bits.decode(input, table)?;
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size > 0 {
            k += run as usize;
            let value = extend(bits.take(input, size)?, size);
            block[usize::from(NATURAL_ORDER[k])] = (value << low) as i16;
        } else if run == 15 {
            k += 15;
        } else {
            *end_of_band_run = (1 << run) - 1 + bits.take(input, run)? as u32;
            break;
        }
        k += 1;
    }
    Ok(())
}

/// One more bit for a band (ITU-T T.81, figures G.7 to G.9).
struct Refinement<'r, 'a> {
    bits: &'r mut BitReader,
    input: &'r mut MarkerReader<'a>,
    band: (usize, usize),
    /// The value of the bit that this scan brings.
    bit: i16,
}

impl Refinement<'_, '_> {
    fn decode_block(
        &mut self,
        table: &HuffmanTable,
        end_of_band_run: &mut u32,
        block: &mut Block,
    ) -> Result<()> {
        let (mut k, end) = self.band;
        if *end_of_band_run == 0 {
            while k <= end {
                let symbol = self.bits.decode(self.input, table)?;
                let (run, size) = (u32::from(symbol >> 4), symbol & 15);
                if size == 0 && run < 15 {
                    *end_of_band_run = (1 << run) + self.bits.take(self.input, run)? as u32;
                    break;
                }
                let value = if size > 0 { self.new_value(size)? } else { 0 };
                k = self.skip_zeros(block, k, run)?;
                if value != 0 {
                    block[usize::from(NATURAL_ORDER[k])] = value;
                }
                k += 1;
            }
        }
        if *end_of_band_run > 0 {
            self.skip_zeros(block, k, u32::MAX)?;
            *end_of_band_run -= 1;
        }
        Ok(())
    }

    /// The value of a coefficient that was zero so far.
    fn new_value(&mut self, size: u8) -> Result<i16> {
        if size != 1 {
            let at = self.input.cursor.position();
            self.input.damage.note(at, "a refinement scan has a coefficient of several bits");
            self.input.bad_code = true;
        }
        let positive = self.bits.take(self.input, 1)? != 0;
        Ok(if positive { self.bit } else { -self.bit })
    }

    /// Goes over `zeros` zero coefficients from `k` on, and stops at the next zero or behind the
    /// band. Nonzero coefficients on the way take a bit each.
    fn skip_zeros(&mut self, block: &mut Block, mut k: usize, mut zeros: u32) -> Result<usize> {
        while k <= self.band.1 {
            let coefficient = &mut block[usize::from(NATURAL_ORDER[k])];
            if *coefficient == 0 {
                if zeros == 0 {
                    break;
                }
                zeros -= 1;
            } else if self.bits.take(self.input, 1)? != 0 && *coefficient & self.bit == 0 {
                let step = if *coefficient >= 0 { self.bit } else { -self.bit };
                *coefficient = coefficient.wrapping_add(step);
            }
            k += 1;
        }
        Ok(k)
    }
}
