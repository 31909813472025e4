//! Where the scalar decoder would stand in a scan that another decoder went through.
//!
//! That is more than a place in the data. The scalar decoder holds bytes that it has read ahead, as libjpeg
//! does, and how many decides which files are found to be truncated and where faults are noticed; and how many
//! they are at some place depends on all that came before. But decoders that hold different amounts at the same
//! place hold the same from where both have to read in order to go on. So all amounts are tried that there can
//! be, side by side, until one is left.

use super::bits::BitReader;
use super::chunked::Place;
use super::sequential::SequentialDecoder;
use crate::error::Result;
use crate::jpeg::dct::idct::Block;
use crate::jpeg::decode::BlockDecoder;
use crate::jpeg::marker::{MarkerReader, ReaderPlace};

/// Bytes that are searched at most: of photographs it takes some thousand.
const SEARCH_BYTES: usize = 32 << 10;

/// A scalar decoder between two MCUs of a scan.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) decoder: SequentialDecoder,
    /// What its input has to be told.
    pub(crate) at: ReaderPlace,
    /// MCUs of the scan before it.
    pub(crate) mcu: usize,
}

impl Standing {
    /// Finds where a scalar decoder like `decoder` would stand at `place` or soon behind it. `mcu` has the
    /// component of each block of an MCU. `None` if that cannot be told, or something is wrong with the data.
    pub(crate) fn find(
        decoder: &SequentialDecoder,
        input: &mut MarkerReader<'_>,
        place: &Place,
        mcu: &[usize],
    ) -> Option<Self> {
        let (before, damage) = (input.place(), input.damage.clone());
        let found = match place.restart {
            Some(next_restart) => Some(Self {
                decoder: decoder.at_restart(),
                at: ReaderPlace { position: place.offset, unread: None, next_restart },
                mcu: place.mcu,
            }),
            None => search(decoder, input, place, mcu).unwrap_or_default(),
        };
        input.go_to(before);
        input.damage = damage;
        found
    }
}

/// The search in a scan without restart markers.
fn search(
    decoder: &SequentialDecoder,
    input: &mut MarkerReader<'_>,
    place: &Place,
    mcu: &[usize],
) -> Result<Option<Standing>> {
    let mut candidates = Vec::new();
    let start = ReaderPlace { position: place.offset, unread: None, ..input.place() };
    for ahead in 0.. {
        input.go_to(start);
        let bits = BitReader::ahead(input, place.bit, ahead)?;
        if input.unread.is_some() {
            return Ok(None);
        }
        let Some(bits) = bits else { break };
        let decoder = decoder.resumed(bits, place.predictions);
        candidates.push(Standing { decoder, at: input.place(), mcu: place.mcu });
    }
    loop {
        // At the same bit, who has read as far holds as much.
        candidates.sort_unstable_by_key(|candidate| candidate.at.position);
        candidates.dedup_by_key(|candidate| candidate.at.position);
        let furthest = candidates.last().map_or(usize::MAX, |last| last.at.position);
        if candidates.len() == 1 || furthest > place.offset + SEARCH_BYTES {
            break;
        }
        for Standing { decoder, at, mcu: passed } in &mut candidates {
            input.go_to(*at);
            decoder.pass_mcu(input, mcu)?;
            *at = input.place();
            *passed += 1;
            if input.bad_code || decoder.is_exhausted() || at.unread.is_some() {
                return Ok(None);
            }
        }
    }
    Ok(candidates.pop().filter(|_| candidates.is_empty()))
}

impl SequentialDecoder {
    /// Goes past an MCU.
    fn pass_mcu(&mut self, input: &mut MarkerReader<'_>, mcu: &[usize]) -> Result<()> {
        self.start_mcu(input)?;
        let mut block: Block = [0; 64];
        mcu.iter().try_for_each(|&part| self.decode_block(input, part, &mut block, &mut 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::{Encoder, EncoderOptions, Pixels};

    /// Offsets of the bytes that come without stuffing, from `start` on.
    fn clean_offsets(data: &[u8], start: usize) -> Vec<usize> {
        let is_stuffing = |&at: &usize| data[at] == 0 && data[at - 1] == 0xFF;
        (start..data.len()).filter(|at| !is_stuffing(at)).collect()
    }

    /// A grey picture with noise, whose MCUs are single blocks.
    fn noise(quality: u8, side: u32) -> Vec<u8> {
        let mut seed = 5u64;
        let samples = (0..side * side).map(|i| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (i / 40) as u8 ^ (seed >> 59) as u8
        });
        let quantization = crate::jpeg::Quantization::Quality(quality);
        let options = EncoderOptions { quantization, ..EncoderOptions::default() };
        let mut encoder = Encoder::new((side, side), Pixels::Gray, &options).unwrap();
        encoder.push_rows(&samples.collect::<Vec<u8>>()).unwrap();
        encoder.finish().unwrap()
    }

    /// Found from any MCU on, the decoder stands as the one that decoded everything.
    #[test]
    fn it_stands_as_if_it_had_decoded_all() {
        for quality in [30, 80, 95, 100] {
            let data = noise(quality, 300);
            let mut input = MarkerReader::new(&data, false);
            let (_, scan) = input.read_header().unwrap();
            let fresh = SequentialDecoder::new(&scan, &input).unwrap();
            let clean = clean_offsets(&data, input.cursor.position());
            let (mut decoder, mut states) = (fresh.clone(), Vec::new());
            for _ in 0..38 * 38 {
                states.push((input.cursor.position(), decoder.state()));
                decoder.pass_mcu(&mut input, &[0]).unwrap();
            }
            let mut found = 0;
            for (mcu, (position, (left, predictions))) in states.iter().enumerate().step_by(7) {
                let read = clean.partition_point(|at| at < position);
                let bits = read as u32 * 8 - left;
                let place = Place {
                    mcu,
                    offset: clean[bits as usize / 8],
                    bit: bits % 8,
                    predictions: [predictions[0]; 4],
                    restart: None,
                };
                let before = input.place();
                let standing = Standing::find(&fresh, &mut input, &place, &[0]);
                assert_eq!(input.place().position, before.position, "the input is left alone");
                let Some(standing) = standing else { continue };
                assert_eq!((standing.at.position, standing.decoder.state()), states[standing.mcu]);
                found += 1;
            }
            assert!(found > 150, "quality {quality}: {found}");
        }
    }
}
