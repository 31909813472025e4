//! A function from three numbers to three, known at the nodes of a grid.

/// Nodes along an axis: what LittleCMS takes for three channels.
const NODES: usize = 33;

/// The values at all nodes, and where each byte lies between them.
pub(super) struct Grid {
    /// The first axis outermost. The fourth number is room, so that a node is one load.
    nodes: Vec<[u16; 4]>,
    axis: [Place; 256],
}

/// Where a byte lies on an axis.
#[derive(Clone, Copy)]
struct Place {
    /// The node before it.
    node: u32,
    /// How far on it is, in 65536ths of the way to the next node.
    rest: i32,
}

impl Grid {
    /// Evaluates `exact` at all nodes. It takes and gives numbers from 0 to 1, which are cut off.
    pub(super) fn of(exact: impl Fn([f32; 3]) -> [f32; 3]) -> Self {
        let levels: [f32; NODES] = std::array::from_fn(|at| {
            let quantized = to_16((at as f64 * 65535.0) / (NODES - 1) as f64);
            (f64::from(quantized) / 65535.0) as f32
        });
        let mut nodes = Vec::with_capacity(NODES * NODES * NODES);
        for a in levels {
            for b in levels {
                for c in levels {
                    let [x, y, z] = exact([a, b, c]).map(|v| to_16(f64::from(v) * 65535.0));
                    nodes.push([x, y, z, 0]);
                }
            }
        }
        Self { nodes, axis: std::array::from_fn(|byte| Place::of(byte as u8)) }
    }

    /// The values at a colour, by tetrahedral interpolation (Sakamoto and Itooka, US patent
    /// 4,275,413 of 1981): along the edges of the cell, the axis with the largest rest first.
    #[inline(always)]
    pub(super) fn at(&self, color: [u8; 3]) -> [u8; 3] {
        const STEPS: [usize; 3] = [NODES * NODES, NODES, 1];
        let places = color.map(|byte| self.axis[usize::from(byte)]);
        let origin: usize = (0..3).map(|axis| places[axis].node as usize * STEPS[axis]).sum();

        // A rest of 0 takes no step: behind the last node there is nothing.
        let mut edges: [(i32, usize); 3] = std::array::from_fn(|axis| {
            let rest = places[axis].rest;
            (rest, if rest == 0 { 0 } else { STEPS[axis] })
        });
        let mut order = |a: usize, b: usize| {
            if edges[a].0 < edges[b].0 {
                edges.swap(a, b);
            }
        };
        order(0, 1);
        order(1, 2);
        order(0, 1);

        let [first, second, third] = edges;
        let corner = |at: usize| self.nodes[at].map(i32::from);
        let corners = [
            corner(origin),
            corner(origin + first.1),
            corner(origin + first.1 + second.1),
            corner(origin + first.1 + second.1 + third.1),
        ];
        let value = |band: usize| {
            // LittleCMS lets the sum overflow, too.
            let part = |edge: usize, rest: i32| {
                (corners[edge + 1][band] - corners[edge][band]).wrapping_mul(rest)
            };
            let sum = part(0, first.0).wrapping_add(part(1, second.0));
            let sum = sum.wrapping_add(part(2, third.0)).wrapping_add(0x8001);
            let rounded = sum.wrapping_add(sum >> 16) >> 16;
            to_8((corners[0][band] + rounded) as u16)
        };
        [value(0), value(1), value(2)]
    }
}

impl Place {
    /// A byte as 16 bits, times the cells of the axis, over 65535.
    fn of(byte: u8) -> Self {
        let scaled = i32::from(byte) * 257 * (NODES as i32 - 1);
        let fixed = scaled + (scaled + 0x7fff) / 0xffff;
        Self { node: (fixed >> 16) as u32, rest: fixed & 0xffff }
    }
}

/// Rounded to 16 bits and cut off, as LittleCMS does fast: the sum is first rounded to 2^-16, as
/// what is left of a `double` beside a large number.
fn to_16(value: f64) -> u16 {
    let value = value + 0.5;
    if value.is_nan() || value <= 0.0 {
        0
    } else if value >= 65535.0 {
        u16::MAX
    } else {
        let fixed = ((value - 32767.0) * 65536.0).round_ties_even() as i32;
        ((fixed >> 16) + 32767) as u16
    }
}

/// A number of 16 bits over 257, rounded.
#[inline(always)]
fn to_8(value: u16) -> u8 {
    ((u32::from(value) * 65281 + 0x80_0000) >> 24) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_cut_off() {
        assert_eq!(
            [-1.0, 0.0, 0.4999, 0.5, 1.5, 65534.5, 1e9].map(to_16),
            [0, 0, 0, 1, 2, 65535, 65535]
        );
        assert_eq!(to_16(f64::NAN), 0);
        assert!((0..=u16::MAX).all(|v| to_16(f64::from(v)) == v));
        assert!((0..=255).all(|v: u8| to_8(u16::from(v) * 257) == v));
    }

    /// What is linear stays so between the nodes.
    #[test]
    fn the_identity_gives_each_color_back() {
        let grid = Grid::of(|color| color);
        for at in 0..(1_u32 << 18) {
            let color = [at, at >> 6, at >> 12].map(|v| (v & 63) as u8 * 4 + 3);
            assert_eq!(grid.at(color), color);
        }
    }
}
