//! Arithmetic coding of coefficients, sequential and progressive (ITU-T T.81, annex D, F.2.4 and
//! G.2).
//!
//! ```text
//! bytes -> binary decisions (interval, states) -> values -> coefficients
//! ```

mod interval;
mod states;

use interval::Interval;
use states::FIXED;

use crate::error::Result;
use crate::jpeg::dct::idct::Block;
use crate::jpeg::decode::{BlockDecoder, Restarts};
use crate::jpeg::marker::{Conditioning, MarkerReader, Scan};
use crate::jpeg::zigzag::NATURAL_ORDER;

/// Statistics of one DC table: zero, sign and first magnitude decisions in five contexts from 0,
/// then magnitude categories from 20 and their bits (table F.4).
type DcBins = [u8; 64];
/// Statistics of one AC table: three for each coefficient, then magnitude categories from 189
/// and 217 and their bits (table F.5).
type AcBins = [u8; 256];

/// From the statistics of a magnitude category to those of its bits.
const CATEGORY_TO_BITS: usize = 14;

/// Decodes the blocks of one arithmetic-coded scan.
pub(crate) struct ArithmeticDecoder {
    interval: Interval,
    restarts: Restarts,
    pass: Pass,
    components: Vec<Component>,
    dc_bins: Box<[DcBins; 16]>,
    ac_bins: Box<[AcBins; 16]>,
    /// First and last coefficient of the band, in zigzag order.
    band: (usize, usize),
    /// The bit position of this scan.
    low: u32,
    conditioning: Conditioning,
    /// Whether the segment cannot go on: nothing is decoded up to the next restart.
    has_failed: bool,
}

/// What a scan brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Sequential,
    DcFirst,
    DcRefine,
    AcFirst,
    AcRefine,
}

#[derive(Clone, Copy, Debug)]
struct Component {
    dc_table: usize,
    ac_table: usize,
    /// The last DC coefficient modulo 2^16, from which the next differs.
    prediction: i32,
    /// First of the statistics that the last difference chose.
    context: usize,
}

/// A value, or the news that the data is broken.
type Decoded<T> = Result<Option<T>>;

impl ArithmeticDecoder {
    pub(crate) fn new(scan: &Scan, progressive: bool, input: &MarkerReader<'_>) -> Result<Self> {
        if progressive {
            scan.check_progression()?;
        }
        let pass = match (progressive, scan.spectral_start, scan.approximation_high) {
            (false, ..) => Pass::Sequential,
            (true, 0, 0) => Pass::DcFirst,
            (true, 0, _) => Pass::DcRefine,
            (true, _, 0) => Pass::AcFirst,
            (true, ..) => Pass::AcRefine,
        };
        let components = scan.components.iter().map(|component| Component {
            dc_table: component.dc_table.into(),
            ac_table: component.ac_table.into(),
            prediction: 0,
            context: 0,
        });
        let (band, low) = match pass {
            Pass::Sequential => ((1, 63), 0),
            _ => ((scan.spectral_start.into(), scan.spectral_end.into()), scan.approximation_low),
        };
        Ok(Self {
            interval: Interval::new(),
            restarts: Restarts::new(input.tables.restart_interval),
            pass,
            components: components.collect(),
            dc_bins: Box::new([[0; 64]; 16]),
            ac_bins: Box::new([[0; 256]; 16]),
            band,
            low: low.into(),
            conditioning: input.tables.conditioning.clone(),
            has_failed: false,
        })
    }

    fn reset(&mut self) {
        for component in &mut self.components {
            (component.prediction, component.context) = (0, 0);
            self.dc_bins[component.dc_table] = [0; 64];
            self.ac_bins[component.ac_table] = [0; 256];
        }
        self.interval = Interval::new();
        self.has_failed = false;
    }

    /// Gives the rest of the segment up.
    fn fail(&mut self, input: &mut MarkerReader<'_>) {
        input.damage.note(input.cursor.position(), "an arithmetic code is out of range");
        input.bad_code = true;
        self.has_failed = true;
    }

    /// The next DC coefficient of a component (F.2.4.1).
    fn decode_dc(&mut self, input: &mut MarkerReader<'_>, part: usize) -> Decoded<i32> {
        let interval = &mut self.interval;
        let component = &mut self.components[part];
        let table = component.dc_table;
        let bins = &mut self.dc_bins[table];
        let context = component.context;
        if !interval.decode(input, &mut bins[context])? {
            component.context = 0;
            return Ok(Some(component.prediction));
        }
        let negative = interval.decode(input, &mut bins[context + 1])?;
        let mut bin = context + 2 + usize::from(negative);
        let mut magnitude = i32::from(interval.decode(input, &mut bins[bin])?);
        if magnitude != 0 {
            bin = 20;
            while interval.decode(input, &mut bins[bin])? {
                magnitude <<= 1;
                if magnitude == 0x8000 {
                    return Ok(None);
                }
                bin += 1;
            }
        }
        let sign_offset = if negative { 4 } else { 0 };
        let bound = |exponent: u8| (1 << exponent) >> 1;
        component.context = if magnitude < bound(self.conditioning.dc_lower[table]) {
            0
        } else if magnitude > bound(self.conditioning.dc_upper[table]) {
            12 + sign_offset
        } else {
            4 + sign_offset
        };
        let value = decode_bits(interval, input, &mut bins[bin + CATEGORY_TO_BITS], magnitude)?;
        let difference = if negative { -value } else { value };
        component.prediction = (component.prediction + difference) & 0xFFFF;
        Ok(Some(component.prediction))
    }

    /// The coefficients of a band that had none so far (F.2.4.2).
    fn decode_ac(
        &mut self,
        input: &mut MarkerReader<'_>,
        part: usize,
        block: &mut Block,
    ) -> Decoded<()> {
        let interval = &mut self.interval;
        let table = self.components[part].ac_table;
        let bins = &mut self.ac_bins[table];
        let (mut k, end) = self.band;
        while k <= end {
            if interval.decode(input, &mut bins[3 * (k - 1)])? {
                break;
            }
            while !interval.decode(input, &mut bins[3 * (k - 1) + 1])? {
                k += 1;
                if k > end {
                    return Ok(None);
                }
            }
            let low_band = k <= usize::from(self.conditioning.ac_low_band[table]);
            let Some(value) = decode_ac_value(interval, input, bins, k, low_band)? else {
                return Ok(None);
            };
            block[usize::from(NATURAL_ORDER[k])] = (value << self.low) as i16;
            k += 1;
        }
        Ok(Some(()))
    }

    /// One more bit for a band (G.1.3.3 and figure G.11).
    fn refine_ac(&mut self, input: &mut MarkerReader<'_>, block: &mut Block) -> Decoded<()> {
        let interval = &mut self.interval;
        let bins = &mut self.ac_bins[self.components[0].ac_table];
        let bit = 1i16 << self.low;
        let (mut k, end) = self.band;
        let last_nonzero = (1..=end).rev().find(|&k| block[usize::from(NATURAL_ORDER[k])] != 0);
        while k <= end {
            if k > last_nonzero.unwrap_or(0) && interval.decode(input, &mut bins[3 * (k - 1)])? {
                break;
            }
            loop {
                let coefficient = &mut block[usize::from(NATURAL_ORDER[k])];
                let bin = 3 * (k - 1);
                if *coefficient != 0 {
                    if interval.decode(input, &mut bins[bin + 2])? {
                        let step = if *coefficient < 0 { -bit } else { bit };
                        *coefficient = coefficient.wrapping_add(step);
                    }
                    break;
                }
                if interval.decode(input, &mut bins[bin + 1])? {
                    let negative = interval.decode(input, &mut { FIXED })?;
                    *coefficient = if negative { -bit } else { bit };
                    break;
                }
                k += 1;
                if k > end {
                    return Ok(None);
                }
            }
            k += 1;
        }
        Ok(Some(()))
    }

    fn decode(
        &mut self,
        input: &mut MarkerReader<'_>,
        part: usize,
        block: &mut Block,
    ) -> Decoded<()> {
        match self.pass {
            Pass::DcRefine => {
                let bit = self.interval.decode(input, &mut { FIXED })?;
                block[0] |= i16::from(bit) << self.low;
            }
            Pass::AcFirst => return self.decode_ac(input, part, block),
            Pass::AcRefine => return self.refine_ac(input, block),
            Pass::Sequential | Pass::DcFirst => {
                let Some(dc) = self.decode_dc(input, part)? else { return Ok(None) };
                block[0] = (dc << self.low) as i16;
                if self.pass == Pass::Sequential {
                    return self.decode_ac(input, part, block);
                }
            }
        }
        Ok(Some(()))
    }
}

impl BlockDecoder for ArithmeticDecoder {
    fn start_mcu(&mut self, input: &mut MarkerReader<'_>) -> Result<bool> {
        if self.restarts.is_due() {
            self.restarts.restart(input)?;
            self.reset();
        }
        self.restarts.count();
        Ok(!self.has_failed)
    }

    fn decode_block(
        &mut self,
        input: &mut MarkerReader<'_>,
        part: usize,
        block: &mut Block,
        _nonzero: &mut u64,
    ) -> Result<()> {
        if !self.has_failed && self.decode(input, part, block)?.is_none() {
            self.fail(input);
        }
        Ok(())
    }

    /// Never: where a segment ends is not known, zeros may follow for ever.
    fn is_exhausted(&self) -> bool {
        false
    }

    fn is_stuck(&self, input: &MarkerReader<'_>) -> bool {
        self.has_failed && self.restarts.are_over(input)
    }
}

/// The value of the nonzero coefficient `k` (figures F.21 to F.24).
fn decode_ac_value(
    interval: &mut Interval,
    input: &mut MarkerReader<'_>,
    bins: &mut AcBins,
    k: usize,
    low_band: bool,
) -> Decoded<i32> {
    let negative = interval.decode(input, &mut { FIXED })?;
    let mut bin = 3 * (k - 1) + 2;
    let mut magnitude = i32::from(interval.decode(input, &mut bins[bin])?);
    if magnitude != 0 && interval.decode(input, &mut bins[bin])? {
        magnitude = 2;
        bin = if low_band { 189 } else { 217 };
        while interval.decode(input, &mut bins[bin])? {
            magnitude <<= 1;
            if magnitude == 0x8000 {
                return Ok(None);
            }
            bin += 1;
        }
    }
    let value = decode_bits(interval, input, &mut bins[bin + CATEGORY_TO_BITS], magnitude)?;
    Ok(Some(if negative { -value } else { value }))
}

/// `magnitude` and its lower bits, plus one (figure F.24).
fn decode_bits(
    interval: &mut Interval,
    input: &mut MarkerReader<'_>,
    bin: &mut u8,
    magnitude: i32,
) -> Result<i32> {
    let (mut value, mut bit) = (magnitude, magnitude >> 1);
    while bit != 0 {
        if interval.decode(input, bin)? {
            value |= bit;
        }
        bit >>= 1;
    }
    Ok(value + 1)
}
