use super::*;
use crate::simd::for_each_level;

/// The real-valued inverse DCT of one block, scaled to `size` samples a side.
fn real(size: usize, block: &Block, quant: &[u16; 64]) -> Vec<f64> {
    let basis = |k: usize, x: usize| {
        let norm = if k == 0 { (0.5f64).sqrt() } else { 1.0 };
        norm * ((2 * x + 1) as f64 * k as f64 * std::f64::consts::PI / (2 * size) as f64).cos()
    };
    let terms = size.min(8);
    let mut out = Vec::new();
    for (y, x) in (0..size).flat_map(|y| (0..size).map(move |x| (y, x))) {
        let sum: f64 = (0..terms * terms)
            .map(|i| {
                let (v, u) = (i / terms, i % terms);
                let c = f64::from(block[v * 8 + u]) * f64::from(quant[v * 8 + u]);
                c * basis(u, x) * basis(v, y) / 4.0
            })
            .sum();
        out.push((sum + 128.0).clamp(0.0, 255.0));
    }
    out
}

/// A small generator of repeatable test values (xorshift).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }

    /// A block as encoders make them: few coefficients, falling with frequency.
    pub(super) fn plausible(&mut self) -> Block {
        let mut block = [0; 64];
        block[0] = self.below(200) as i16 - 100;
        for _ in 0..self.below(12) {
            let (v, u) = (self.below(8) as usize, self.below(8) as usize);
            let range = 60 / (1 + u + v) as u64 + 1;
            block[v * 8 + u] = self.below(2 * range + 1) as i16 - range as i16;
        }
        block
    }

    /// A block of any 16-bit values, with runs of zero rows so that every shortcut is met.
    pub(super) fn wild(&mut self) -> Block {
        let rows = self.next() as u8;
        let shift = self.below(16) as u32;
        std::array::from_fn(
            |i| if rows >> (i / 8) & 1 == 1 { self.next() as i16 >> shift } else { 0 },
        )
    }
}

fn transform(size: usize, quant: &[u16; 64], block: &Block) -> Vec<u8> {
    let mut out = vec![0; size * size];
    Idct::new(Level::Scalar, size, quant).unwrap().transform(
        &mut Adjacent::new(&[*block]),
        &mut out,
        size,
    );
    out
}

/// The sizes that drop no coefficient they could show are within rounding of the real transform.
#[test]
fn every_full_kernel_is_the_inverse_dct() {
    let mut random = Random(1);
    for _ in 0..300 {
        let (block, quant) = (random.plausible(), [4; 64]);
        for size in [1, 3, 5, 6, 7, 8, 10, 12, 14] {
            let want = real(size, &block, &quant);
            let got = transform(size, &quant, &block);
            for (got, want) in got.into_iter().zip(want) {
                assert!((f64::from(got) - want).abs() < 1.1, "size {size}: {got} for {want}");
            }
        }
    }
}

/// A half or quarter of a smooth block is near the mean of the samples it stands for.
#[test]
fn reduced_kernels_average() {
    let mut block = [0; 64];
    (block[0], block[1], block[8], block[9]) = (100, -40, 25, 10);
    let full = transform(8, &[2; 64], &block);
    for size in [2, 4] {
        let step = 8 / size;
        for (i, sample) in transform(size, &[2; 64], &block).into_iter().enumerate() {
            let (y, x) = (i / size * step, i % size * step);
            let sum: u32 =
                (0..step * step).map(|j| u32::from(full[(y + j / step) * 8 + x + j % step])).sum();
            let mean = sum as f64 / (step * step) as f64;
            assert!((f64::from(sample) - mean).abs() < 3.0, "size {size}: {sample} for {mean}");
        }
    }
}

/// Wrapping instead of saturating in the short first pass: 20000 << 2 is 14464 modulo 2^16.
#[test]
fn a_lone_wild_dc_wraps_and_a_wild_column_saturates() {
    let mut block = [0; 64];
    block[0] = 20_000;
    assert_eq!(transform(8, &[1; 64], &block), [255; 64]);
    block[0] = 10_000; // 40000 is -25536
    assert_eq!(transform(8, &[1; 64], &block), [0; 64]);
    block[63] = 1;
    assert_eq!(transform(8, &[1; 64], &block), [255; 64]);
}

#[test]
fn sizes_that_no_scale_reaches_are_refused() {
    for size in [0, 9, 11, 13, 15, 16] {
        assert!(Idct::new(Level::Scalar, size, &[1; 64]).is_none());
    }
}

#[test]
fn blocks_lie_side_by_side() {
    let blocks: Vec<Block> = (0..3)
        .map(|dc| {
            let mut b = [0; 64];
            b[0] = dc * 80;
            b
        })
        .collect();
    let mut out = [7; 2 * 10];
    Idct::new(Level::Scalar, 2, &[1; 64]).unwrap().transform(
        &mut Adjacent::new(&blocks),
        &mut out,
        10,
    );
    let row = [128, 128, 138, 138, 148, 148, 7, 7, 7, 7];
    assert_eq!(out, [row, row].concat()[..]);
}

#[test]
fn a_flat_block_is_one_sample() {
    for size in [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14] {
        for quant in [1, 3, 40, 255, 65535] {
            let idct = Idct::new(Level::Scalar, size, &[quant; 64]).unwrap();
            for dc in (i16::MIN..=i16::MAX).step_by(41) {
                let mut block = [0; 64];
                block[0] = dc;
                let mut out = vec![0; size * size];
                idct.transform(&mut Adjacent::new(&[block]), &mut out, size);
                assert_eq!(out, vec![idct.flat_sample(dc); size * size], "{size}, {quant}, {dc}");
            }
        }
    }
}

/// Rows of every length, plausible and wild blocks mixed, all quantization ranges.
#[test]
fn every_level_equals_scalar() {
    for_each_level(|level| {
        let mut random = Random(7);
        for round in 0..1500 {
            let shift = random.below(16) as u32;
            let quant = std::array::from_fn(|_| random.next() as u16 >> shift);
            let count = 1 + random.below(9) as usize;
            let wild = random.below(4);
            let blocks: Vec<Block> = (0..count)
                .map(|_| if random.below(4) < wild { random.wild() } else { random.plausible() })
                .collect();
            for size in [8, 4, 2, 1] {
                let stride = count * size + 3;
                let run = |level| {
                    let mut out = vec![77; stride * size];
                    Idct::new(level, size, &quant).unwrap().transform(
                        &mut Adjacent::new(&blocks),
                        &mut out,
                        stride,
                    );
                    out
                };
                assert_eq!(run(level), run(Level::Scalar), "{level}, size {size}, round {round}");
            }
        }
    });
}

struct Holder(Block);

impl AsRef<Block> for Holder {
    fn as_ref(&self) -> &Block {
        &self.0
    }
}

impl AsMut<Block> for Holder {
    fn as_mut(&mut self) -> &mut Block {
        &mut self.0
    }
}

/// Every sampling of an MCU: the row's blocks are transformed as adjacent ones are, and they alone are emptied.
#[test]
fn interleaved_blocks_are_taken_from_their_mcus() {
    let mut random = Random(3);
    let quant = [3; 64];
    for_each_level(|level| {
        for (group, step) in [(1, 1), (1, 3), (2, 4), (2, 6), (4, 10)] {
            for mcus in 1..12 {
                let (first, count) =
                    (random.below(1 + (step - group) as u64) as usize, mcus * group);
                let blocks: Vec<Block> = (0..mcus * step).map(|_| random.plausible()).collect();
                let of_row = |i: usize| (first..first + group).contains(&(i % step));
                let wanted: Vec<Block> =
                    (0..blocks.len()).filter(|&i| of_row(i)).map(|i| blocks[i]).collect();
                let shown = 1 + random.below(count as u64) as usize;
                let mut holders: Vec<Holder> = blocks.iter().map(|&block| Holder(block)).collect();
                for size in [8, 4, 2, 1] {
                    let idct = Idct::new(level, size, &quant).unwrap();
                    let (mut got, mut want) = (vec![0; count * 64], vec![0; count * 64]);
                    holders.iter_mut().zip(&blocks).for_each(|(holder, block)| holder.0 = *block);
                    let mut row = Interleaved::new(&mut holders, first, (group, step), count);
                    row.cut(shown);
                    idct.transform(&mut row, &mut got, count * 8);
                    idct.transform(&mut Adjacent::new(&wanted[..shown]), &mut want, count * 8);
                    assert!(got == want, "{level}, size {size}, {group} of {step}, {mcus} MCUs");
                    for (i, (holder, block)) in holders.iter().zip(&blocks).enumerate() {
                        assert_eq!(holder.0, if of_row(i) { [0; 64] } else { *block });
                    }
                }
            }
        }
    });
}
