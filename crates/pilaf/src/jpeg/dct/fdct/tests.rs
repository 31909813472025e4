use super::*;
use crate::jpeg::zigzag::NATURAL_ORDER;
use crate::simd::for_each_level;

/// A small generator of repeatable test values (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Rows of noise of some amplitude around some level, extremes included.
    fn samples(&mut self, length: usize) -> Vec<u8> {
        let (mask, level) = ((1u64 << (self.next() % 9)) - 1, self.next() as u8);
        match self.next() % 8 {
            0 => (0..length).map(|_| if self.next() & 1 == 0 { 0 } else { 255 }).collect(),
            _ => (0..length).map(|_| level.wrapping_add((self.next() >> 9 & mask) as u8)).collect(),
        }
    }
}

fn transform(level: Level, steps: &[u16; 64], samples: &[u8], count: usize) -> Vec<Coefficients> {
    let mut blocks = vec![Coefficients { values: [7; 64], nonzero: 7 }; count];
    let stride = samples.len() / 8;
    Fdct::new(level, steps).transform_row(samples, stride, &mut blocks);
    blocks
}

/// The real-valued transform, in zigzag order.
fn real(samples: &[u8]) -> Vec<f64> {
    let basis = |k: usize, x: usize| {
        let norm = if k == 0 { 0.5f64.sqrt() } else { 1.0 };
        norm * ((2 * x + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos()
    };
    let coefficient = |position: usize| -> f64 {
        let (v, u) = (position / 8, position % 8);
        let term = |i: usize| (f64::from(samples[i]) - 128.0) * basis(v, i / 8) * basis(u, i % 8);
        (0..64).map(term).sum::<f64>() / 4.0
    };
    NATURAL_ORDER[..64].iter().map(|&position| coefficient(position.into())).collect()
}

#[test]
fn it_is_the_forward_transform() {
    let mut random = Random(3);
    for _ in 0..200 {
        let samples = random.samples(64);
        let [block] = transform(Level::Scalar, &[1; 64], &samples, 1)[..] else { panic!() };
        for (k, want) in real(&samples).into_iter().enumerate() {
            assert!((f64::from(block.values[k]) - want).abs() < 0.8, "{k}: {want}");
            assert_eq!(block.nonzero >> k & 1 == 1, block.values[k] != 0);
        }
    }
}

#[test]
fn flat_blocks_have_only_dc() {
    for (sample, dc) in [(0, -1024), (128, 0), (129, 8), (255, 1016)] {
        let blocks = transform(Level::Scalar, &[1; 64], &[sample; 64], 1);
        assert_eq!(blocks, [Coefficients::of_dc(dc)]);
    }
    assert_eq!(transform(Level::Scalar, &[16; 64], &[129; 64], 1)[0].values[0], 1, "half up");
    assert_eq!(transform(Level::Scalar, &[16; 64], &[127; 64], 1)[0].values[0], -1, "half down");
}

#[test]
fn every_level_equals_scalar() {
    for_each_level(|level| {
        let mut random = Random(11);
        for round in 0..3000 {
            let count = 1 + (random.next() >> 9) as usize % 9;
            let stride = count * 8 + (random.next() >> 9) as usize % 5;
            let samples = random.samples(stride * 8);
            let shift = random.next() % 17;
            let steps = std::array::from_fn(|_| ((random.next() & 0xFFFF) >> shift).max(1) as u16);
            let (got, want) = (
                transform(level, &steps, &samples, count),
                transform(Level::Scalar, &steps, &samples, count),
            );
            assert!(got == want, "{level}, round {round}");
        }
    });
}
