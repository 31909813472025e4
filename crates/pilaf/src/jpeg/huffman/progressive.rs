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
            self.bits.clear();
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
        nonzero: &mut u64,
    ) -> Result<()> {
        let (low, band, run) = (self.low, self.band, &mut self.end_of_band_run);
        match &mut self.pass {
            Pass::DcFirst { tables, predictions } => {
                let prediction = &mut predictions[part];
                *prediction = dc_first(&mut self.bits, input, &tables[part], *prediction)?;
                block[0] = (*prediction << low) as i16;
            }
            Pass::DcRefine => block[0] |= (self.bits.take(input, 1)? << low) as i16,
            Pass::AcFirst(table) => {
                if *run > 0 {
                    *run -= 1;
                } else {
                    let coefficients = Coefficients { block, nonzero };
                    *run = ac_first(&mut self.bits, input, table, band, low, coefficients)?;
                }
            }
            Pass::AcRefine(table) => {
                let coefficients = Coefficients { block, nonzero };
                Refinement {
                    bits: &mut self.bits,
                    input,
                    end: band.1,
                    bit: 1 << low,
                    coefficients,
                }
                .decode_block(table, band.0, run)?;
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

/// A block and which of its AC coefficients are not zero.
struct Coefficients<'b> {
    block: &'b mut Block,
    nonzero: &'b mut u64,
}

impl Coefficients<'_> {
    /// Sets the coefficient that is coded `k`-th; past the last, the last.
    fn set(&mut self, k: usize, value: i16) {
        self.block[usize::from(NATURAL_ORDER[k])] = value;
        let bit = 1 << k.min(63);
        *self.nonzero = if value == 0 { *self.nonzero & !bit } else { *self.nonzero | bit };
    }
}

/// The first bits of a band (ITU-T T.81, figure G.3 and what it refers to). Returns how many of
/// the following blocks have none.
fn ac_first(
    bits: &mut BitReader,
    input: &mut MarkerReader<'_>,
    table: &HuffmanTable,
    (start, end): (usize, usize),
    low: u32,
    mut coefficients: Coefficients<'_>,
) -> Result<u32> {
    let mut k = start;
    while k <= end {
        let symbol = bits.decode(input, table)?;
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size > 0 {
            k += run as usize;
            let value = extend(bits.take(input, size)?, size);
            coefficients.set(k, (value << low) as i16);
        } else if run == 15 {
            k += 15;
        } else {
            return Ok((1 << run) - 1 + bits.take(input, run)? as u32);
        }
        k += 1;
    }
    Ok(0)
}

/// One more bit for a band (ITU-T T.81, figures G.7 to G.9).
struct Refinement<'r, 'a, 'b> {
    bits: &'r mut BitReader,
    input: &'r mut MarkerReader<'a>,
    /// Last coefficient of the band.
    end: usize,
    /// The value of the bit that this scan brings.
    bit: i16,
    coefficients: Coefficients<'b>,
}

impl Refinement<'_, '_, '_> {
    fn decode_block(
        &mut self,
        table: &HuffmanTable,
        mut k: usize,
        end_of_band_run: &mut u32,
    ) -> Result<()> {
        if *end_of_band_run == 0 {
            while k <= self.end {
                let symbol = self.bits.decode(self.input, table)?;
                let (run, size) = (u32::from(symbol >> 4), symbol & 15);
                if size == 0 && run < 15 {
                    *end_of_band_run = (1 << run) + self.bits.take(self.input, run)? as u32;
                    break;
                }
                let value = if size > 0 { self.new_value(size)? } else { 0 };
                let target = self.zero_after(k, run);
                self.refine(k, target)?;
                k = target;
                if value != 0 {
                    self.coefficients.set(k, value);
                }
                k += 1;
            }
        }
        if *end_of_band_run > 0 {
            self.refine(k, self.end + 1)?;
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

    /// The zero coefficient behind `zeros` others, from `k` on; the one behind the band if there
    /// is none. `k` is at most 63.
    fn zero_after(&self, k: usize, zeros: u32) -> usize {
        let mut rest = !*self.coefficients.nonzero & (u64::MAX << k);
        for _ in 0..zeros {
            rest &= rest.wrapping_sub(1);
        }
        (rest.trailing_zeros() as usize).min(self.end + 1)
    }

    /// Takes a bit for each nonzero coefficient from `k` up to `end`, which is at most 64.
    fn refine(&mut self, k: usize, end: usize) -> Result<()> {
        let mask = |k: usize| u64::MAX.checked_shl(k as u32).unwrap_or(0);
        let mut rest = *self.coefficients.nonzero & mask(k) & !mask(end);
        while rest != 0 {
            let position = NATURAL_ORDER[rest.trailing_zeros() as usize];
            rest &= rest - 1;
            let coefficient = &mut self.coefficients.block[usize::from(position)];
            if self.bits.take(self.input, 1)? != 0 && *coefficient & self.bit == 0 {
                let step = if *coefficient >= 0 { self.bit } else { -self.bit };
                *coefficient = coefficient.wrapping_add(step);
            }
        }
        Ok(())
    }
}
