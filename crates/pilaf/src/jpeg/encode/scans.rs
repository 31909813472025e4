//! The scans of a file.

use std::ops::Range;

use super::frame::{Frame, Space};
use super::huffman::Band;

/// A scan: some components, some bits of some coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// Neighbours in the frame: all of them, or one.
    pub(super) components: Range<usize>,
    pub(super) band: Band,
}

impl Scan {
    /// All of all components.
    pub(super) fn sequential(frame: &Frame) -> Self {
        let band = Band { first: 0, last: 63, high: 0, low: 0 };
        Self { components: 0..frame.components.len(), band }
    }

    /// Refinement of DC coefficients is plain bits.
    pub(super) fn has_dc_table(&self) -> bool {
        self.band.first == 0 && self.band.high == 0
    }

    pub(super) fn has_ac_table(&self) -> bool {
        self.band.last > 0
    }
}

/// libjpeg's "simple progression" (jcparam.c). For YCbCr some luma comes first, and chroma, which
/// is small, in few scans.
pub(super) fn progression(frame: &Frame) -> Vec<Scan> {
    let count = frame.components.len();
    let scan = |components, (first, last), (high, low)| Scan {
        components,
        band: Band { first, last, high, low },
    };
    let one = |index: usize, band, bits| scan(index..index + 1, band, bits);
    let (dc_first, dc_last) = (scan(0..count, (0, 0), (0, 1)), scan(0..count, (0, 0), (1, 0)));
    if frame.space == Space::YCbCr {
        return vec![
            dc_first,
            one(0, (1, 5), (0, 2)),
            one(2, (1, 63), (0, 1)),
            one(1, (1, 63), (0, 1)),
            one(0, (6, 63), (0, 2)),
            one(0, (1, 63), (2, 1)),
            dc_last,
            one(2, (1, 63), (1, 0)),
            one(1, (1, 63), (1, 0)),
            one(0, (1, 63), (1, 0)),
        ];
    }
    let each = |band, bits| (0..count).map(move |index| one(index, band, bits));
    let mut scans = vec![dc_first];
    scans.extend(each((1, 5), (0, 2)));
    scans.extend(each((6, 63), (0, 2)));
    scans.extend(each((1, 63), (2, 1)));
    scans.push(dc_last);
    scans.extend(each((1, 63), (1, 0)));
    scans
}
