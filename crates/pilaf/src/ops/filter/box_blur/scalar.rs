//! One pass over lanes, in 32-bit integers: the specification.

use super::{LANES, Lanes};

/// A box: how far it reaches, and what its samples weigh in 1 / 2^24.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Whole samples to each side of the middle.
    radius: usize,
    /// The weight of these and the middle.
    inner: u32,
    /// The weight of the next sample on each side, of which the box holds a fraction.
    outer: u32,
}

impl Window {
    /// A box of `2 * radius + 1` samples. `radius` is at least 0 and below 2^31.
    pub(super) fn new(radius: f32) -> Self {
        let whole = radius as u32;
        let inner = ((1 << 24) as f32 / (radius * 2.0 + 1.0)) as u32;
        let covered = whole.wrapping_mul(2).wrapping_add(1).wrapping_mul(inner);
        Self { radius: whole as usize, inner, outer: (1_u32 << 24).wrapping_sub(covered) / 2 }
    }
}

/// Blurs lanes along their index. `from` is not empty, `to` is as long.
pub(super) fn blur(from: &[Lanes], to: &mut [Lanes], window: &Window) {
    blur_inline(from, to, window);
}

/// The body, to be compiled for other CPUs as well.
#[inline(always)]
pub(super) fn blur_inline(from: &[Lanes], to: &mut [Lanes], window: &Window) {
    let Window { radius, inner, outer } = *window;
    let last = from.len() - 1;
    let mut sums = sums_before_first(from, radius);
    for (i, to) in to.iter_mut().enumerate() {
        let gone = &from[i.saturating_sub(radius + 1)];
        let come = &from[(i + radius).min(last)];
        let next = &from[(i + radius + 1).min(last)];
        for lane in 0..LANES {
            let (left, right) = (u32::from(gone[lane]), u32::from(next[lane]));
            sums[lane] = sums[lane].wrapping_add(u32::from(come[lane])).wrapping_sub(left);
            let bulk =
                sums[lane].wrapping_mul(inner).wrapping_add((left + right).wrapping_mul(outer));
            to[lane] = (bulk.wrapping_add(1 << 23) >> 24) as u8;
        }
    }
}

/// The sums of the box around the position before the first: what lies beyond an edge is the
/// sample at the edge.
#[inline(always)]
fn sums_before_first(from: &[Lanes], radius: usize) -> [u32; LANES] {
    let last = from.len() - 1;
    let inside = radius.min(last);
    let (first_times, last_times) = (radius as u32 + 1, (radius - inside) as u32);
    let mut sums: [u32; LANES] = std::array::from_fn(|lane| {
        let first = u32::from(from[0][lane]).wrapping_mul(first_times);
        first.wrapping_add(u32::from(from[last][lane]).wrapping_mul(last_times))
    });
    for lanes in &from[..inside] {
        for lane in 0..LANES {
            sums[lane] = sums[lane].wrapping_add(u32::from(lanes[lane]));
        }
    }
    sums
}
