//! Mixes of two by two samples with weights of 11 bits, as OpenCV's `INTER_LINEAR` makes them.
//!
//! A line is a row of 32-bit sums of the pass over rows, not rounded; a unit is a row. The pass
//! over columns drops bits of both sums, and rounds once.

use super::super::weights::Weights;
use super::{Axis, Kernels, Rows, Scratch};
use crate::simd::Level;

/// Fraction bits of a weight.
const BITS: u32 = 11;

/// The kernels: this code compiled for a level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lerps(pub(crate) Level);

/// Two samples, the second the first or the one after it, and their weights.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lerp {
    first: u32,
    step: u32,
    weights: [i32; 2],
}

impl Lerp {
    /// The samples at two places, with weights that are rounded half to even.
    pub(crate) fn new(places: [usize; 2], weights: [f32; 2]) -> Self {
        let fixed = weights.map(|weight| (weight * (1 << BITS) as f32).round_ties_even() as i32);
        Self { first: places[0] as u32, step: (places[1] - places[0]) as u32, weights: fixed }
    }

    fn places(&self) -> [usize; 2] {
        [self.first as usize, (self.first + self.step) as usize]
    }
}

/// The mixes of an axis.
#[derive(Debug)]
pub(crate) struct AxisOfLerps(Vec<Lerp>);

impl AxisOfLerps {
    pub(crate) fn new(lerps: Vec<Lerp>) -> Self {
        Self(lerps)
    }

    /// One past the last source sample of each output.
    pub(crate) fn ends(&self) -> Vec<usize> {
        self.0.iter().map(|lerp| lerp.places()[1] + 1).collect()
    }
}

impl Axis for AxisOfLerps {
    fn first_unit(&self, index: usize) -> usize {
        self.0[index].first as usize
    }

    fn units(&self) -> usize {
        2
    }
}

#[inline(always)]
fn mix_row<const BANDS: usize>(source: &[u8], axis: &AxisOfLerps, line: &mut [u8]) {
    let pixels = source.as_chunks::<BANDS>().0;
    let sums = line.as_chunks_mut::<4>().0.as_chunks_mut::<BANDS>().0;
    for (sums, lerp) in sums.iter_mut().zip(&axis.0) {
        let [a, b] = lerp.places().map(|place| &pixels[place]);
        for band in 0..BANDS {
            let [a, b] = [a[band], b[band]].map(i32::from);
            sums[band] = (a * lerp.weights[0] + b * lerp.weights[1]).to_ne_bytes();
        }
    }
}

impl Kernels for Lerps {
    type Across = AxisOfLerps;
    type Down = AxisOfLerps;
    const LINE_ROWS: usize = 1;
    const GROUP: usize = 1;

    /// Weights of windows have another form.
    fn pack_across(self, _: &Weights<i32>, _: usize) -> Option<AxisOfLerps> {
        None
    }

    fn pack_down(self, _: &Weights<i32>) -> Option<AxisOfLerps> {
        None
    }

    fn line_bytes(self, columns: usize) -> usize {
        columns * 4
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &AxisOfLerps,
        _: &mut Scratch,
        lines: &mut [u8],
    ) {
        self.0.run(|| match bands {
            1 => mix_row::<1>(rows.row(0), axis, lines),
            2 => mix_row::<2>(rows.row(0), axis, lines),
            3 => mix_row::<3>(rows.row(0), axis, lines),
            _ => mix_row::<4>(rows.row(0), axis, lines),
        });
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        for (sum, &sample) in lines.as_chunks_mut::<4>().0.iter_mut().zip(rows.row(0)) {
            *sum = (i32::from(sample) << BITS).to_ne_bytes();
        }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &AxisOfLerps, index: usize, target: &mut [u8]) {
        let Lerp { step, weights, .. } = axis.0[index];
        let [above, below] = [lines[0], lines[step as usize]].map(|line| line.as_chunks::<4>().0);
        let part = |sum: [u8; 4], weight: i32| (weight * (i32::from_ne_bytes(sum) >> 4)) >> 16;
        self.0.run(|| {
            for (sample, (&a, &b)) in target.iter_mut().zip(above.iter().zip(below)) {
                let sum = part(a, weights[0]) + part(b, weights[1]);
                *sample = ((sum + 2) >> 2).clamp(0, 255) as u8;
            }
        });
    }

    fn extract_row(self, line: &[u8], _: usize, target: &mut [u8]) {
        for (sample, &sum) in target.iter_mut().zip(line.as_chunks::<4>().0) {
            *sample = (i32::from_ne_bytes(sum) >> BITS) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_give_the_row() {
        let across = AxisOfLerps::new(vec![Lerp::new([0, 1], [0.5, 0.5])]);
        let mut line = [0; 4];
        Lerps(Level::Scalar).resample_rows(
            Rows::packed(&[10, 22], 2),
            1,
            &across,
            &mut Scratch::default(),
            &mut line,
        );
        let down = AxisOfLerps::new(vec![Lerp::new([0, 0], [0.25, 0.75])]);
        let mut target = [0];
        Lerps(Level::Scalar).combine_lines(&[&line, &line], &down, 0, &mut target);
        assert_eq!(target, [16]);
        assert_eq!(down.ends(), [1]);
    }
}
