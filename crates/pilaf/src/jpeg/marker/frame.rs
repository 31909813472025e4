//! SOFn and SOS: what the frame consists of and what a scan brings of it.

use super::code;
use super::cursor::Cursor;
use crate::error::{Error, Result};

/// How coefficients are spread over the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// SOF0: sequential, 8 bits, Huffman tables 0 and 1.
    Baseline,
    /// SOF1 or SOF9: sequential with more tables, or arithmetic coded.
    Sequential,
    /// SOF2 or SOF10: several scans, each of which refines the last.
    Progressive,
}

/// One colour component of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// The number by which scans name it.
    pub id: u8,
    /// Horizontal sampling factor, 1 to 4.
    pub h: u8,
    /// Vertical sampling factor, 1 to 4.
    pub v: u8,
    /// Number of its quantization table.
    pub quant_table: u8,
}

/// What an SOF segment says.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Where the marker stands.
    pub(crate) offset: usize,
    pub(crate) coding: Coding,
    pub(crate) arithmetic: bool,
    /// Bits of a sample.
    pub(crate) precision: u8,
    pub(crate) width: u32,
    /// 0 if a DNL segment is to say it.
    pub(crate) height: u32,
    pub(crate) components: Vec<Component>,
}

impl Frame {
    /// Reads the segment of an SOF `marker` that stands at `offset`.
    pub(super) fn read(cursor: &mut Cursor<'_>, marker: u8, offset: usize) -> Result<Self> {
        let (coding, arithmetic) = match marker {
            code::SOF0 => (Coding::Baseline, false),
            code::SOF1 => (Coding::Sequential, false),
            code::SOF2 => (Coding::Progressive, false),
            code::SOF9 => (Coding::Sequential, true),
            code::SOF10 => (Coding::Progressive, true),
            _ => return Err(unsupported_frame(marker, offset)),
        };
        let length = cursor.u16()?;
        let precision = cursor.byte()?;
        let height = u32::from(cursor.u16()?);
        let width = u32::from(cursor.u16()?);
        let count = cursor.byte()?;
        if width == 0 || count == 0 {
            return Err(Error::malformed("the JPEG frame has no pixels").at(offset as u64));
        }
        if length != 8 + 3 * u16::from(count) {
            let text = "the SOF segment has a length that does not fit its contents";
            return Err(Error::malformed(text).at(offset as u64));
        }
        let mut components = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let id = cursor.byte()?;
            let sampling = cursor.byte()?;
            let quant_table = cursor.byte()?;
            components.push(Component { id, h: sampling >> 4, v: sampling & 15, quant_table });
        }
        Ok(Self { offset, coding, arithmetic, precision, width, height, components })
    }

    /// Refuses what this decoder cannot decode.
    pub(super) fn check(&self) -> Result<()> {
        let at = self.offset as u64;
        if self.precision != 8 {
            let text = format!("JPEG with {} bits per sample is not supported", self.precision);
            return Err(Error::unsupported(text).at(at).with_help("convert it to 8 bits"));
        }
        if !matches!(self.components.len(), 1 | 3 | 4) {
            let text = format!("JPEG with {} components is not supported", self.components.len());
            return Err(Error::unsupported(text).at(at));
        }
        match self.components.iter().find(|c| !(1..=4).contains(&c.h) || !(1..=4).contains(&c.v)) {
            Some(Component { id, h, v, .. }) => {
                let text = format!("JPEG component {id} has sampling factors {h}x{v}, not 1 to 4");
                Err(Error::malformed(text).at(at))
            }
            None => Ok(()),
        }
    }
}

fn unsupported_frame(marker: u8, offset: usize) -> Error {
    let what = match marker {
        code::SOF3 | code::SOF11 => "lossless JPEG",
        _ => "hierarchical JPEG",
    };
    Error::unsupported(format!("{what} (marker FF{marker:02X}) is not supported"))
        .at(offset as u64)
        .with_help("convert it to baseline or progressive JPEG")
}

/// A component's part in a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScanComponent {
    /// Index into the components of the frame.
    pub(crate) index: usize,
    pub(crate) dc_table: u8,
    pub(crate) ac_table: u8,
}

/// What an SOS segment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Where the marker stands.
    pub(crate) offset: usize,
    pub(crate) components: Vec<ScanComponent>,
    /// First coefficient of the band, in zigzag order.
    pub(crate) spectral_start: u8,
    /// Last coefficient of the band.
    pub(crate) spectral_end: u8,
    /// Bit position that earlier scans reached; 0 in a first scan.
    pub(crate) approximation_high: u8,
    /// Bit position that this scan reaches.
    pub(crate) approximation_low: u8,
}

impl Scan {
    pub(super) fn read(cursor: &mut Cursor<'_>, frame: &Frame, offset: usize) -> Result<Self> {
        let length = cursor.u16()?;
        let count = cursor.byte()?;
        if length != 6 + 2 * u16::from(count) || !(1..=4).contains(&count) {
            let text = format!("the SOS segment of {count} components has length {length}");
            return Err(Error::malformed(text).at(offset as u64));
        }
        let mut components: Vec<ScanComponent> = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let id = cursor.byte()?;
            let tables = cursor.byte()?;
            let index = find_component(frame, &components, id).ok_or_else(|| {
                Error::malformed(format!("the scan names component {id}, which it cannot have"))
                    .at(offset as u64)
            })?;
            components.push(ScanComponent { index, dc_table: tables >> 4, ac_table: tables & 15 });
        }
        let (spectral_start, spectral_end) = (cursor.byte()?, cursor.byte()?);
        let approximation = cursor.byte()?;
        Ok(Self {
            offset,
            components,
            spectral_start,
            spectral_end,
            approximation_high: approximation >> 4,
            approximation_low: approximation & 15,
        })
    }

    /// Refuses bands and bit positions that a progressive file cannot have
    /// (ITU-T T.81, G.1.1.1; bit positions up to 13 as in libjpeg).
    pub(crate) fn check_progression(&self) -> Result<()> {
        let (start, end) = (self.spectral_start, self.spectral_end);
        let (high, low) = (self.approximation_high, self.approximation_low);
        let band = match start {
            0 => end == 0,
            _ => start <= end && end < 64 && self.components.len() == 1,
        };
        if band && (high == 0 || low + 1 == high) && low <= 13 {
            return Ok(());
        }
        let text = format!(
            "a progressive scan of {} components cannot have coefficients {start} to {end} \
             at bits {high} to {low}",
            self.components.len()
        );
        Err(Error::malformed(text).at(self.offset as u64))
    }
}

/// The component that `id` names.
///
/// Equal ids name components in turn. libjpeg tells "in turn" by the number of the component and
/// the length of the list so far, and so does this.
fn find_component(frame: &Frame, taken: &[ScanComponent], id: u8) -> Option<usize> {
    let found = (0..frame.components.len().min(4))
        .find(|&index| frame.components[index].id == id && index >= taken.len())?;
    let duplicate = taken.iter().any(|component| component.index == found);
    (!duplicate).then_some(found)
}
