//! Mixes of two by two samples with weights of 11 bits, as OpenCV's `INTER_LINEAR` makes them.
//!
//! A line is a row of sums of the pass over rows, in 16 bits: the lowest four are dropped, as OpenCV
//! does it; a unit is a row. The pass over columns drops bits of both products, and rounds once.

use super::{Axis, Kernels, Rows, Scratch};
use crate::simd::{Kernel, Level, Vector};

/// Fraction bits of a weight.
const BITS: u32 = 11;

/// Fraction bits of a sum in a line.
const LINE_BITS: u32 = BITS - DROPPED;

/// Fraction bits that the pass over rows drops.
const DROPPED: u32 = 4;

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
pub(crate) struct AxisOfLerps {
    lerps: Vec<Lerp>,
    /// The weights of each, for four bands.
    weights: Vec<[i16; 8]>,
    /// Whether the second sample is always the next one, or has no weight.
    neighbours: bool,
}

impl AxisOfLerps {
    pub(crate) fn new(lerps: Vec<Lerp>) -> Self {
        let weights = |lerp: &Lerp| std::array::from_fn(|at| lerp.weights[at % 2] as i16);
        Self {
            weights: lerps.iter().map(weights).collect(),
            neighbours: lerps.iter().all(|lerp| lerp.step == 1 || lerp.weights[1] == 0),
            lerps,
        }
    }

    /// One past the last source sample of each output.
    pub(crate) fn ends(&self) -> Vec<usize> {
        self.lerps.iter().map(|lerp| lerp.places()[1] + 1).collect()
    }
}

impl Axis for AxisOfLerps {
    fn first_unit(&self, index: usize) -> usize {
        self.lerps[index].first as usize
    }

    fn units(&self) -> usize {
        2
    }
}

/// Makes a line of a row.
struct Mix<'a> {
    row: &'a [u8],
    bands: usize,
    axis: &'a AxisOfLerps,
    line: &'a mut [u8],
}

impl Kernel for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn scalar(self) {
        match self.bands {
            1 => mix_from::<1>(0, self.row, self.axis, self.line),
            2 => mix_from::<2>(0, self.row, self.axis, self.line),
            3 => mix_from::<3>(0, self.row, self.axis, self.line),
            _ => mix_from::<4>(0, self.row, self.axis, self.line),
        }
    }

    #[inline(always)]
    fn vectors<X: Vector<N>, const N: usize>(self, x: X) {
        match self.bands {
            3 if self.axis.neighbours => mix_pixels::<X, N, 3>(x, self.row, self.axis, self.line),
            4 if self.axis.neighbours => mix_pixels::<X, N, 4>(x, self.row, self.axis, self.line),
            _ => self.scalar(),
        }
    }
}

/// Makes the pixels from number `start` on.
#[inline(always)]
fn mix_from<const BANDS: usize>(start: usize, row: &[u8], axis: &AxisOfLerps, line: &mut [u8]) {
    let pixels = row.as_chunks::<BANDS>().0;
    let sums = line.as_chunks_mut::<2>().0.as_chunks_mut::<BANDS>().0;
    for (sums, lerp) in sums.iter_mut().zip(&axis.lerps).skip(start) {
        let [first, second] = lerp.places();
        let (a, b) = (&pixels[first], &pixels[second]);
        for band in 0..BANDS {
            let (a, b) = (i32::from(a[band]), i32::from(b[band]));
            let sum = (a * lerp.weights[0] + b * lerp.weights[1]) >> DROPPED;
            sums[band] = (sum as i16).to_ne_bytes();
        }
    }
}

/// Makes one pixel in each lane, of 3 or 4 bands. Both of its samples come with one load; four sums
/// are stored, of which the next pixel overwrites those that are none.
#[inline(always)]
fn mix_pixels<X: Vector<N>, const N: usize, const BANDS: usize>(
    x: X,
    row: &[u8],
    axis: &AxisOfLerps,
    line: &mut [u8],
) {
    let within = |lerp: &Lerp| lerp.first as usize * BANDS + 16 <= row.len();
    let loads = axis.lerps.partition_point(within);
    let stores = (line.len() / 2).saturating_sub(4 - BANDS) / BANDS;
    let count = loads.min(stores) / X::LANES * X::LANES;
    let order = x.repeat(const { &pairs_of_bands(BANDS) });
    let weights = axis.weights[..count].chunks_exact(X::LANES);
    for (index, (lerps, weights)) in
        axis.lerps[..count].chunks_exact(X::LANES).zip(weights).enumerate()
    {
        let samples = x.load_lanes(|lane| {
            row[lerps[lane].first as usize * BANDS..].first_chunk().expect("pixels within")
        });
        let weights = x.load_lanes_of_words(|lane| &weights[lane]);
        let sums =
            x.doubles_down::<{ DROPPED as i32 }>(x.dot_words(x.pick(samples, order), weights));
        let mut lanes = [0; N];
        x.store(&mut lanes, x.to_words(sums, sums));
        for (lane, sums) in lanes.as_chunks::<16>().0.iter().enumerate() {
            let at = (index * X::LANES + lane) * BANDS * 2;
            line[at..][..8].copy_from_slice(&sums[..8]);
        }
    }
    mix_from::<BANDS>(count, row, axis, line);
}

/// The order that brings a band of two neighbouring pixels together, as words.
const fn pairs_of_bands(bands: usize) -> [u8; 16] {
    let mut order = [0x80; 16];
    let mut band = 0;
    while band < bands {
        order[4 * band] = band as u8;
        order[4 * band + 2] = (band + bands) as u8;
        band += 1;
    }
    order
}

impl Kernels for Lerps {
    type Across = AxisOfLerps;
    type Down = AxisOfLerps;
    const LINE_ROWS: usize = 1;
    const GROUP: usize = 1;

    fn line_bytes(self, columns: usize) -> usize {
        columns * 2
    }

    fn resample_rows(
        self,
        rows: Rows<'_>,
        bands: usize,
        axis: &AxisOfLerps,
        _: &mut Scratch,
        lines: &mut [u8],
    ) {
        self.0.compute(Mix { row: rows.row(0), bands, axis, line: lines });
    }

    fn interleave_rows(self, rows: Rows<'_>, lines: &mut [u8]) {
        for (sum, &sample) in lines.as_chunks_mut::<2>().0.iter_mut().zip(rows.row(0)) {
            *sum = (i16::from(sample) << LINE_BITS).to_ne_bytes();
        }
    }

    fn combine_lines(self, lines: &[&[u8]], axis: &AxisOfLerps, index: usize, target: &mut [u8]) {
        let Lerp { step, weights, .. } = axis.lerps[index];
        let [above, below] = [lines[0], lines[step as usize]].map(|line| line.as_chunks::<2>().0);
        let part = |sum: [u8; 2], weight: i32| {
            ((i32::from(i16::from_ne_bytes(sum)) * weight) >> 16) as i16
        };
        self.0.run(
            #[inline(always)]
            || {
                for (sample, (&a, &b)) in target.iter_mut().zip(above.iter().zip(below)) {
                    let sum = part(a, weights[0]) + part(b, weights[1]);
                    *sample = ((sum + 2) >> 2).min(255) as u8;
                }
            },
        );
    }

    fn extract_row(self, line: &[u8], _: usize, target: &mut [u8]) {
        for (sample, &sum) in target.iter_mut().zip(line.as_chunks::<2>().0) {
            *sample = (i16::from_ne_bytes(sum) >> LINE_BITS) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_give_the_row() {
        let across = AxisOfLerps::new(vec![Lerp::new([0, 1], [0.5, 0.5])]);
        let mut line = [0; 2];
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
