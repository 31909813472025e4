//! What was wrong with a file that was decoded all the same.

use std::ops::Range;

use crate::error::Error;

/// The first thing that was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte at which it was noticed.
    pub offset: u64,
    /// What it was.
    pub what: &'static str,
}

/// Which parts of a picture the file does not vouch for.
///
/// MCUs (minimum coded units) are the tiles of the picture, counted row by row: 8 pixels wide and
/// high, times the largest sampling factors. An MCU is *unsound* if a scan had no data for it and
/// it was filled with zeros, or if it lies between a broken code and the next restart marker. A
/// flipped bit that makes another valid code cannot be noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// What was noticed first, if anything.
    pub first_fault: Option<Fault>,
    /// The error at which decoding ended before the picture did.
    pub error: Option<String>,
    /// MCUs in a row and rows of MCUs.
    pub mcus: (u32, u32),
    /// Runs of unsound MCUs, in order.
    pub unsound: Vec<Range<u32>>,
}

impl Damage {
    /// The share of the picture that is sound: 1.0 for a whole file, 0.0 if nothing is.
    pub fn sound_share(&self) -> f64 {
        let total = f64::from(self.mcus.0) * f64::from(self.mcus.1);
        let unsound: f64 = self.unsound.iter().map(|run| f64::from(run.end - run.start)).sum();
        if total > 0.0 { 1.0 - unsound / total } else { 1.0 }
    }

    /// Whether nothing was wrong.
    pub fn is_none(&self) -> bool {
        self.first_fault.is_none() && self.error.is_none()
    }

    /// Notes a fault; only the first counts.
    pub(crate) fn note(&mut self, offset: usize, what: &'static str) {
        self.first_fault.get_or_insert(Fault { offset: offset as u64, what });
    }

    /// Notes the error that ended decoding.
    pub(crate) fn note_error(&mut self, error: &Error) {
        self.error = Some(error.to_string());
    }
}

/// The MCUs that are unsound, while decoding.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnsoundMcus {
    width: u32,
    height: u32,
    /// A bit for each MCU; empty as long as all are sound.
    bits: Vec<u64>,
}

impl UnsoundMcus {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self { width, height, bits: Vec::new() }
    }

    /// Marks the MCU of `column` and `row`.
    pub(crate) fn mark(&mut self, column: u32, row: u32) {
        if self.bits.is_empty() {
            let count = u64::from(self.width) * u64::from(self.height);
            self.bits = vec![0; count.div_ceil(64) as usize];
        }
        let index = u64::from(row) * u64::from(self.width) + u64::from(column);
        self.bits[(index / 64) as usize] |= 1 << (index % 64);
    }

    /// Marks whole rows of MCUs from `row` on.
    pub(crate) fn mark_from_row(&mut self, row: u32) {
        for row in row..self.height {
            (0..self.width).for_each(|column| self.mark(column, row));
        }
    }

    /// The marked MCUs as runs.
    pub(crate) fn runs(&self) -> Vec<Range<u32>> {
        let mut runs: Vec<Range<u32>> = Vec::new();
        for (index, &word) in self.bits.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                let length = (rest >> bit).trailing_ones();
                let start = index as u32 * 64 + bit;
                match runs.last_mut() {
                    Some(run) if run.end == start => run.end += length,
                    _ => runs.push(start..start + length),
                }
                rest &= u64::MAX.checked_shl(bit + length).unwrap_or(0);
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cross_words_and_rows() {
        let mut mcus = UnsoundMcus::new(50, 3);
        assert!(mcus.runs().is_empty());
        [(3, 0), (4, 0), (49, 0), (0, 1)].iter().for_each(|&(x, y)| mcus.mark(x, y));
        mcus.mark_from_row(2);
        assert_eq!(mcus.runs(), [3..5, 49..51, 100..150]);
        mcus.mark_from_row(0);
        assert_eq!(mcus.runs(), vec![0..150]);
    }

    #[test]
    fn the_share_is_by_area() {
        let damage = Damage { mcus: (10, 10), unsound: vec![0..5, 50..70], ..Damage::default() };
        assert_eq!(damage.sound_share(), 0.75);
        assert_eq!(Damage::default().sound_share(), 1.0);
    }
}
