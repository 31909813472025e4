//! Baseline and extended sequential coefficients (ITU-T T.81, F.2.2).

use super::bits::BitReader;
use super::table::{Class, HuffmanTable};
use super::{extend, table};
use crate::error::Result;
use crate::jpeg::dct::idct::Block;
use crate::jpeg::decode::{BlockDecoder, Restarts};
use crate::jpeg::marker::{MarkerReader, Scan};
use crate::jpeg::zigzag::NATURAL_ORDER;

/// Decodes the blocks of one sequential scan.
#[derive(Clone)]
pub(crate) struct SequentialDecoder {
    bits: BitReader,
    restarts: Restarts,
    components: Vec<Component>,
}

#[derive(Clone)]
struct Component {
    dc_table: HuffmanTable,
    ac_table: HuffmanTable,
    /// The last DC coefficient, from which the next differs.
    prediction: i32,
}

impl SequentialDecoder {
    pub(crate) fn new(scan: &Scan, input: &MarkerReader<'_>) -> Result<Self> {
        let tables = &input.tables;
        let components = scan.components.iter().map(|component| {
            Ok(Component {
                dc_table: table(tables, Class::Dc, component.dc_table, scan)?,
                ac_table: table(tables, Class::Ac, component.ac_table, scan)?,
                prediction: 0,
            })
        });
        Ok(Self {
            bits: BitReader::default(),
            restarts: Restarts::new(tables.restart_interval),
            components: components.collect::<Result<_>>()?,
        })
    }

    /// A decoder of the same scan elsewhere, where these are the last DC coefficients.
    pub(super) fn resumed(&self, bits: BitReader, predictions: [i32; 4]) -> Self {
        let mut resumed = Self { bits, ..self.clone() };
        for (component, prediction) in resumed.components.iter_mut().zip(predictions) {
            component.prediction = prediction;
        }
        resumed
    }

    /// What is not yet used of the bytes that were read, and the last DC coefficients.
    #[cfg(test)]
    pub(super) fn state(&self) -> (u32, Vec<i32>) {
        (self.bits.left(), self.components.iter().map(|part| part.prediction).collect())
    }

    /// A decoder of the same scan before a restart marker.
    pub(super) fn at_restart(&self) -> Self {
        let mut decoder = self.resumed(BitReader::default(), [0; 4]);
        decoder.restarts.make_due();
        decoder
    }
}

impl BlockDecoder for SequentialDecoder {
    fn start_mcu(&mut self, input: &mut MarkerReader<'_>) -> Result<bool> {
        if self.restarts.is_due() {
            self.bits.clear();
            if self.restarts.restart(input)? {
                self.bits.exhausted = false;
            }
            self.components.iter_mut().for_each(|component| component.prediction = 0);
        }
        self.restarts.count();
        Ok(!self.bits.exhausted)
    }

    fn decode_block(
        &mut self,
        input: &mut MarkerReader<'_>,
        part: usize,
        block: &mut Block,
        _nonzero: &mut u64,
    ) -> Result<()> {
        let Component { dc_table, ac_table, prediction } = &mut self.components[part];
        let bits = &mut self.bits;
        let size = u32::from(bits.decode(input, dc_table)?);
        if size > 0 {
            let difference = extend(bits.take(input, size)?, size);
            *prediction = prediction.wrapping_add(difference);
        }
        block[0] = *prediction as i16;
        let mut k = 1;
        while k < 64 {
            let symbol = bits.decode(input, ac_table)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size > 0 {
                k += run;
                let value = extend(bits.take(input, size)?, size);
                block[usize::from(NATURAL_ORDER[k])] = value as i16;
            } else if run == 15 {
                k += 15;
            } else {
                break;
            }
            k += 1;
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
