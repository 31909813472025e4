//! A model of the instructions, from their description in Intel's manual, for tests.

use super::{Vector, Walk};
use crate::resample::scalar::to_sample;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Model;

fn lanes(v: [u8; 64]) -> [i32; 16] {
    std::array::from_fn(|lane| i32::from_le_bytes(*v[lane * 4..].first_chunk().unwrap()))
}

fn from_lanes(lanes: [i32; 16]) -> [u8; 64] {
    std::array::from_fn(|at| lanes[at / 4].to_le_bytes()[at % 4])
}

impl Vector for Model {
    type V = [u8; 64];

    fn splat(self, value: i32) -> [u8; 64] {
        from_lanes([value; 16])
    }

    fn load(self, bytes: &[u8; 64]) -> [u8; 64] {
        *bytes
    }

    fn load_rows<const ROWS: usize>(self, walk: &mut Walk<'_, ROWS>) -> [[u8; 64]; ROWS] {
        let bytes = walk.rows.bytes;
        let offset = |start: *const u8| start.addr() - bytes.as_ptr().addr();
        walk.next().map(|start| *bytes[offset(start)..].first_chunk().unwrap())
    }

    fn store(self, bytes: &mut [u8; 64], value: [u8; 64]) {
        *bytes = value;
    }

    fn dot(self, sum: [u8; 64], samples: [u8; 64], weights: [u8; 64]) -> [u8; 64] {
        let sums = lanes(sum);
        from_lanes(std::array::from_fn(|lane| {
            (lane * 4..lane * 4 + 4).fold(sums[lane], |sum, at| {
                sum.wrapping_add(i32::from(samples[at]) * i32::from(weights[at] as i8))
            })
        }))
    }

    fn add(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
        let (a, b) = (lanes(a), lanes(b));
        from_lanes(std::array::from_fn(|lane| a[lane].wrapping_add(b[lane])))
    }

    fn shift_8(self, a: [u8; 64]) -> [u8; 64] {
        from_lanes(lanes(a).map(|lane| lane << 8))
    }

    fn pick(self, a: [u8; 64], order: [u8; 64]) -> [u8; 64] {
        order.map(|from| a[usize::from(from % 64)])
    }

    fn to_samples(self, sums: [[u8; 64]; 4]) -> [u8; 64] {
        let sums = sums.map(lanes);
        std::array::from_fn(|at| to_sample(sums[at % 16 / 4][at / 16 * 4 + at % 4]))
    }

    fn highest_bytes(self, a: [[u8; 64]; 4]) -> [u8; 64] {
        std::array::from_fn(|at| a[at % 4][at | 3])
    }

    fn add_halves(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
        let (a, b) = (lanes(a), lanes(b));
        from_lanes(std::array::from_fn(|lane| {
            let from = if lane < 8 { a } else { b };
            from[lane % 8].wrapping_add(from[lane % 8 + 8])
        }))
    }

    fn add_quarters(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
        let (a, b) = (lanes(a), lanes(b));
        from_lanes(std::array::from_fn(|lane| {
            let (from, half) = (if lane < 8 { a } else { b }, lane / 4 % 2 * 8);
            from[half + lane % 4].wrapping_add(from[half + lane % 4 + 4])
        }))
    }

    fn add_lanes(self, a: [u8; 64]) -> [u8; 64] {
        let a = lanes(a);
        from_lanes(std::array::from_fn(|lane| {
            a[lane / 4 * 4..][..4].iter().fold(0_i32, |sum, lane| sum.wrapping_add(*lane))
        }))
    }
}
