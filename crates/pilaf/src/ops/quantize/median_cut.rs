//! Median cut: the box of colours with the most pixels is split at the median of its longest side,
//! until there are as many boxes as entries (Heckbert 1982).

use std::collections::HashMap;

use super::Quantized;
use super::colors::Colors;
use super::k_means::{self, Sum};
use super::nearest::Neighbors;

pub(super) fn quantize(found: &Colors, colors: usize, k_means: u32) -> Quantized {
    let coarse = Coarse::of(found);
    let (box_of, boxes) = number_boxes(&cut(&coarse, colors), coarse.points.len());
    let mut sums = vec![Sum::default(); boxes];
    let mut indices = Vec::with_capacity(found.colors.len());
    for ((color, &count), &point) in found.colors.iter().zip(&found.counts).zip(&coarse.point_of) {
        let index = box_of[point as usize];
        sums[usize::from(index)].add(color, count);
        indices.push(index);
    }
    let mut entries: Vec<_> = sums.iter().map(Sum::mean).collect();
    let neighbors = Neighbors::new(&entries);
    for (index, color) in indices.iter_mut().zip(&found.colors) {
        *index = neighbors.nearest(&entries, color, usize::from(*index)) as u8;
    }
    if k_means > 0 {
        k_means::refine(found, &mut entries, &mut indices, k_means - 1);
    }
    Quantized { entries, indices }
}

/// Most distinct colours that are told apart.
const MAX_POINTS: usize = 65_536;

/// Colours without so many of their low bits that at most [`MAX_POINTS`] differ.
struct Coarse {
    points: Vec<Point>,
    /// For each colour the number of its point.
    point_of: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Point {
    color: [u8; 3],
    count: u32,
}

impl Coarse {
    fn of(found: &Colors) -> Self {
        (0..8).find_map(|shift| Self::shifted(found, shift)).expect("one bit a band: 8 colours")
    }

    fn shifted(found: &Colors, shift: u32) -> Option<Self> {
        let mut ids = HashMap::new();
        let mut coarse = Self { points: Vec::new(), point_of: Vec::new() };
        for (&[r, g, b, _], &count) in found.colors.iter().zip(&found.counts) {
            let color = [r, g, b].map(|v| v >> shift);
            let id = *ids.entry(color).or_insert(coarse.points.len() as u32);
            if id as usize == coarse.points.len() {
                if coarse.points.len() == MAX_POINTS {
                    return None;
                }
                coarse.points.push(Point { color, count: 0 });
            }
            let point = &mut coarse.points[id as usize];
            point.count = point.count.wrapping_add(count);
            coarse.point_of.push(id);
        }
        Some(coarse)
    }
}

/// A box of the tree: a leaf has points, any other two boxes.
struct Node {
    points: Vec<u32>,
    count: u32,
    children: Option<[usize; 2]>,
}

/// The tree of boxes, its root first.
fn cut(coarse: &Coarse, colors: usize) -> Vec<Node> {
    let count = coarse.points.iter().fold(0u32, |sum, point| sum.wrapping_add(point.count));
    let mut nodes =
        vec![Node { points: (0..coarse.points.len() as u32).collect(), count, children: None }];
    let mut heap = Heap::default();
    heap.add(0, &nodes);
    for _ in 1..colors {
        let splittable = std::iter::from_fn(|| heap.remove(&nodes))
            .map(|id| (id, ranges(coarse, &nodes[id].points)))
            .find(|(_, ranges)| ranges.iter().any(|(low, high)| low != high));
        let Some((id, ranges)) = splittable else { break };
        let halves = split(coarse, &nodes[id], &ranges);
        let first = nodes.len();
        nodes[id].points = Vec::new();
        nodes[id].children = Some([first, first + 1]);
        nodes.extend(halves);
        heap.add(first, &nodes);
        heap.add(first + 1, &nodes);
    }
    nodes
}

/// The smallest and the largest value of each band.
fn ranges(coarse: &Coarse, points: &[u32]) -> [(u8, u8); 3] {
    points.iter().fold([(255, 0); 3], |mut ranges, &id| {
        for (range, &value) in ranges.iter_mut().zip(&coarse.points[id as usize].color) {
            *range = (range.0.min(value), range.1.max(value));
        }
        ranges
    })
}

/// Weights of the bands where sides are compared: their shares in luma.
const WEIGHTS: [i32; 3] = [77, 150, 29];

/// The brighter and the darker half along the side that is longest to the eye.
fn split(coarse: &Coarse, node: &Node, ranges: &[(u8, u8); 3]) -> [Node; 2] {
    let length = |band: usize| i32::from(ranges[band].1 - ranges[band].0) * WEIGHTS[band];
    let axis = (1..3).fold(0, |best, band| if length(band) > length(best) { band } else { best });
    let mut counts = [0u32; 256];
    for &id in &node.points {
        let point = &coarse.points[id as usize];
        let count = &mut counts[usize::from(point.color[axis])];
        *count = count.wrapping_add(point.count);
    }
    let (low, high) = ranges[axis];
    let mut bright = 0u32;
    let median = (low..=high).rev().find(|&value| {
        bright = bright.wrapping_add(counts[usize::from(value)]);
        bright.wrapping_mul(2) > node.count
    });
    // The darkest value goes to the darker half even if most pixels have it.
    let limit = match median {
        Some(median) if median > low => median,
        _ => low + 1,
    };
    let (bright, dark): (Vec<u32>, Vec<u32>) =
        node.points.iter().partition(|&&id| coarse.points[id as usize].color[axis] >= limit);
    [bright, dark].map(|points| {
        let counts = points.iter().map(|&id| coarse.points[id as usize].count);
        Node { count: counts.fold(0, u32::wrapping_add), points, children: None }
    })
}

/// For each point the number of its box, from left to right in the tree, and how many boxes.
fn number_boxes(nodes: &[Node], points: usize) -> (Vec<u8>, usize) {
    let mut box_of = vec![0; points];
    let mut boxes = 0;
    let mut stack = vec![0];
    while let Some(id) = stack.pop() {
        match nodes[id].children {
            Some([left, right]) => stack.extend([right, left]),
            None => {
                nodes[id].points.iter().for_each(|&point| box_of[point as usize] = boxes as u8);
                boxes += 1;
            }
        }
    }
    (box_of, boxes)
}

/// A binary heap of nodes, that with the most pixels on top. Which of several with equally many
/// comes first depends on the exact moves, which are Pillow's.
#[derive(Default)]
struct Heap(Vec<usize>);

impl Heap {
    fn add(&mut self, node: usize, nodes: &[Node]) {
        let mut at = self.0.len();
        self.0.push(node);
        while at > 0 {
            let parent = (at - 1) / 2;
            if nodes[node].count as i32 <= nodes[self.0[parent]].count as i32 {
                break;
            }
            self.0[at] = self.0[parent];
            at = parent;
        }
        self.0[at] = node;
    }

    fn remove(&mut self, nodes: &[Node]) -> Option<usize> {
        let count = |node: usize| nodes[node].count as i32;
        let last = self.0.pop()?;
        let Some(&top) = self.0.first() else { return Some(last) };
        let mut at = 0;
        while 2 * at + 1 < self.0.len() {
            let mut child = 2 * at + 1;
            if child + 1 < self.0.len() && count(self.0[child]) < count(self.0[child + 1]) {
                child += 1;
            }
            if count(last) > count(self.0[child]) {
                break;
            }
            self.0[at] = self.0[child];
            at = child;
        }
        self.0[at] = last;
        Some(top)
    }
}
