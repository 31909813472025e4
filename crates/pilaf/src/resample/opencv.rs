//! Where OpenCV's `resize` looks, and how much each pixel counts, for 8-bit samples.
//!
//! `INTER_AREA` shrinking is a mean of covered pixels in `f32`, columns first. Whole factors have
//! weights of 1 and divide at the end. In all other cases, and in `INTER_LINEAR`, two by two
//! pixels are mixed with weights of 11 bits; the two modes differ in where they look.
//!
//! Measured on OpenCV 4.14 and 5.0 (`modules/imgproc/src/resize.cpp`), x86-64 wheels of PyPI.

use super::kernels::lerp::{AxisOfLerps, Lerp};
use super::kernels::numbers::Transfer;
use super::plan::Geometry;
use super::weights::Weights;

/// How OpenCV will go about a resize.
#[derive(Debug)]
pub(super) enum Way {
    /// Means of the covered area, columns and rows.
    Area(Weights<f32>, Weights<f32>, Rounding),
    /// Mixes of two.
    Linear(AxisOfLerps, AxisOfLerps),
}

/// How a sum becomes a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rounding {
    /// Times this, to the nearest sample; a half to the even one.
    Scaled(f32),
    /// A quarter, a half rounded up: blocks of two by two.
    QuarterUp,
}

impl Rounding {
    /// 2^23: the numbers from here on have no fractions, so a sum with it is rounded half to even.
    const WHOLE: f32 = 8_388_608.0;

    #[inline(always)]
    fn sample(self, sum: f32) -> u8 {
        match self {
            Self::Scaled(scale) => ((sum * scale).clamp(0.0, 255.0) + Self::WHOLE).to_bits() as u8,
            Self::QuarterUp => ((sum + 2.0) * 0.25) as u8,
        }
    }
}

/// Samples are averaged as they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Areas(pub(super) Rounding);

impl Transfer for Areas {
    type Stored = f32;
    type Number = f32;
    const SAMPLE_BYTES: usize = 1;

    #[inline(always)]
    fn decode(self, word: u32, _: usize, sample: usize) -> f32 {
        f32::from(word.to_ne_bytes()[sample])
    }

    #[inline(always)]
    fn store(self, sum: f32) -> f32 {
        sum
    }

    #[inline(always)]
    fn encode(self, numbers: &[f32], _: usize, pixels: &mut [u8]) {
        for (sample, &sum) in pixels.iter_mut().zip(numbers) {
            *sample = self.0.sample(sum);
        }
    }
}

/// The way of `INTER_AREA`.
pub(super) fn area(geometry: &Geometry, bands: usize) -> Way {
    let [across, down] = sides(geometry);
    if across.scale < 1.0 || down.scale < 1.0 {
        return Way::Linear(across.lerps_of_areas(), down.lerps_of_areas());
    }
    let rounding = match (across.factor(), down.factor()) {
        (Some(2), Some(2)) if bands != 2 => Rounding::QuarterUp,
        (Some(x), Some(y)) => Rounding::Scaled(1.0 / (x * y) as f32),
        _ => return Way::Area(across.areas(), down.areas(), Rounding::Scaled(1.0)),
    };
    Way::Area(across.blocks(), down.blocks(), rounding)
}

/// The way of `INTER_LINEAR`, which halves by means.
pub(super) fn linear(geometry: &Geometry, bands: usize) -> Way {
    let [across, down] = sides(geometry);
    if across.factor() == Some(2) && down.factor() == Some(2) {
        return area(geometry, bands);
    }
    Way::Linear(across.lerps_inside(), down.lerps())
}

fn sides(geometry: &Geometry) -> [Side; 2] {
    let (source, size) = (geometry.source, geometry.size);
    [Side::new(source.0, size.0), Side::new(source.1, size.1)]
}

/// One axis.
#[derive(Clone, Copy)]
struct Side {
    source: u32,
    size: u32,
    /// Target samples to a source sample, and its inverse.
    inverse: f64,
    scale: f64,
}

impl Side {
    fn new(source: u32, size: u32) -> Self {
        let inverse = f64::from(size) / f64::from(source);
        Self { source, size, inverse, scale: 1.0 / inverse }
    }

    /// The scale, if it is a whole number.
    fn factor(&self) -> Option<usize> {
        let nearest = self.scale.round_ties_even();
        ((self.scale - nearest).abs() < f64::EPSILON).then_some(nearest as usize)
    }

    /// Whole blocks, each sample with a weight of 1.
    fn blocks(&self) -> Weights<f32> {
        let factor = self.scale.round_ties_even() as usize;
        let mut weights = Weights::with_capacity(self.size as usize, self.source as usize);
        for index in 0..self.size as usize {
            weights.push_window(index * factor, (0..factor).map(|_| 1.0));
        }
        weights
    }

    /// Covered parts of samples. Slivers of a thousandth are left out.
    fn areas(&self) -> Weights<f32> {
        const SLIVER: f64 = 1e-3;
        let mut weights = Weights::with_capacity(self.size as usize, self.source as usize * 2);
        for index in 0..self.size {
            let start = f64::from(index) * self.scale;
            let end = start + self.scale;
            let width = self.scale.min(f64::from(self.source) - start);
            let last = end.floor().min(f64::from(self.source - 1));
            let first = start.ceil().min(last);
            let before = (first - start > SLIVER).then_some((first - start) / width);
            let after = (end - last > SLIVER).then(|| (end - last).min(1.0).min(width) / width);
            let whole = (last - first) as usize;
            let covered = before.into_iter().chain((0..whole).map(|_| 1.0 / width)).chain(after);
            let window = first as usize - usize::from(before.is_some());
            weights.push_window(window, covered.map(|weight| weight as f32));
        }
        weights
    }

    /// Two neighbours around each center. Past an edge both are the same sample.
    fn lerps(&self) -> AxisOfLerps {
        self.lerps_at(|index| {
            let at = ((f64::from(index) + 0.5) * self.scale - 0.5) as f32;
            (at.floor() as i64, at - at.floor())
        })
    }

    /// As [`lerps`](Self::lerps), with all weight on the sample at an edge. OpenCV does so for
    /// columns only; the two round differently.
    fn lerps_inside(&self) -> AxisOfLerps {
        let last = i64::from(self.source) - 1;
        self.lerps_at(|index| {
            let at = ((f64::from(index) + 0.5) * self.scale - 0.5) as f32;
            match at.floor() as i64 {
                below if below < 0 => (0, 0.0),
                above if above >= last => (last, 0.0),
                first => (first, at - at.floor()),
            }
        })
    }

    /// The neighbours whose border lies in the area of a target sample.
    fn lerps_of_areas(&self) -> AxisOfLerps {
        let last = i64::from(self.source) - 1;
        self.lerps_at(|index| {
            let first = (f64::from(index) * self.scale).floor();
            let part = (f64::from(index + 1) - (first + 1.0) * self.inverse) as f32;
            let part = if part <= 0.0 { 0.0 } else { part - part.floor() };
            if first as i64 >= last { (last, 0.0) } else { (first as i64, part) }
        })
    }

    fn lerps_at(&self, place: impl Fn(u32) -> (i64, f32)) -> AxisOfLerps {
        let last = i64::from(self.source) - 1;
        let lerp = |index| {
            let (first, part) = place(index);
            let inside = [first, first + 1].map(|at| at.clamp(0, last) as usize);
            Lerp::new(inside, [1.0 - part, part])
        };
        AxisOfLerps::new((0..self.size).map(lerp).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_sample_but_in_blocks_of_four() {
        let half = Rounding::Scaled(0.5);
        assert_eq!(
            [1.0, 3.0, 5.0, 509.0, 600.0, -3.0].map(|sum| half.sample(sum)),
            [0, 2, 2, 254, 255, 0]
        );
        assert_eq!(
            [1.0, 2.0, 6.0, 1018.0].map(|sum| Rounding::QuarterUp.sample(sum)),
            [0, 1, 2, 255]
        );
    }

    #[test]
    fn covered_parts_add_up() {
        for (source, size) in [(10, 3), (7, 7), (1000, 999), (5, 1)] {
            let weights = Side::new(source, size).areas();
            for (_, values) in weights.iter() {
                assert!((values.iter().sum::<f32>() - 1.0).abs() < 2e-3);
            }
        }
    }
}
