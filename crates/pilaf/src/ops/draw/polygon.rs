//! Filled polygons: for each row the crossings of its edges, sorted, and every second stretch
//! between them filled. What Pillow does to join corners and to blend no pixel twice stands here
//! step by step, in its single-precision arithmetic.

use super::{Canvas, Pen, Point};

/// An edge between two corners.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    start: Point,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    /// Columns from one row to the next.
    slope: f32,
}

impl Edge {
    pub(super) fn new(start: Point, end: Point) -> Self {
        let ((x0, y0), (x1, y1)) = (start, end);
        let slope = match y0 == y1 {
            true => 0.0,
            false => {
                (i64::from(x1) - i64::from(x0)) as f32 / (i64::from(y1) - i64::from(y0)) as f32
            }
        };
        Self {
            start,
            left: x0.min(x1),
            right: x0.max(x1),
            top: y0.min(y1),
            bottom: y0.max(y1),
            slope,
        }
    }

    fn is_level(&self) -> bool {
        self.top == self.bottom
    }

    fn has_row(&self, y: i32) -> bool {
        self.top <= y && y <= self.bottom
    }

    /// Whether the edge ends in this row, aslant.
    fn ends_aslant(&self, y: i32) -> bool {
        (y == self.top || y == self.bottom) && self.slope != 0.0
    }

    /// The column where it crosses a row.
    fn at(&self, y: i32) -> f32 {
        (i64::from(y) - i64::from(self.start.1)) as f32 * self.slope + self.start.0 as f32
    }
}

/// The edges around a polygon; level ones that go on in the same direction become one.
pub(super) fn edges(corners: &[Point]) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::with_capacity(corners.len());
    for (index, ends) in corners.windows(2).enumerate() {
        let [(x0, y0), (x1, y1)] = [ends[0], ends[1]];
        if index > 0
            && y0 == y1
            && corners[index - 1].1 == y0
            && let Some(last) = edges.last_mut()
        {
            let before = corners[index - 1].0;
            if x1 > x0 && x0 > before {
                last.right = x1;
                continue;
            }
            if x1 < x0 && x0 < before {
                last.left = x1;
                continue;
            }
        }
        edges.push(Edge::new(ends[0], ends[1]));
    }
    if let (Some(&first), Some(&last)) = (corners.first(), corners.last())
        && first != last
    {
        edges.push(Edge::new(last, first));
    }
    edges
}

impl Canvas<'_> {
    pub(super) fn fill_polygon(&mut self, edges: &[Edge]) {
        let blends = matches!(self.pen, Pen::Blend(_));
        if !blends {
            for edge in edges.iter().filter(|edge| edge.is_level()) {
                self.run(edge.left, edge.top, edge.right);
            }
        }
        let top = edges.iter().map(|edge| edge.top).fold(self.height() - 1, i32::min).max(0);
        let bottom = edges.iter().map(|edge| edge.bottom).fold(0, i32::max).min(self.height());
        let slanted: Vec<Edge> = edges.iter().filter(|edge| !edge.is_level()).copied().collect();
        let mut crossings = Vec::with_capacity(2 * slanted.len());
        for y in top..=bottom {
            cross(&slanted, y, bottom, &mut crossings);
            if blends {
                self.blend_row(edges, y, &crossings);
                continue;
            }
            for &[start, end] in crossings.as_chunks::<2>().0 {
                self.run(round_up(start), y, round_down(end));
            }
        }
    }

    /// Fills a row so that no pixel is drawn twice: from left to right, level edges between the
    /// stretches.
    fn blend_row(&mut self, edges: &[Edge], y: i32, crossings: &[f32]) {
        let mut position = if crossings.is_empty() { -1 } else { 0 };
        for &[start, end] in crossings.as_chunks::<2>().0 {
            let end = round_down(end);
            if end < position {
                continue;
            }
            self.blend_level_edges(edges, y, &mut position);
            if end < position {
                continue;
            }
            self.run(round_up(start).max(position), y, end);
            position = end.saturating_add(1);
        }
        self.blend_level_edges(edges, y, &mut position);
    }

    fn blend_level_edges(&mut self, edges: &[Edge], y: i32, position: &mut i32) {
        for edge in edges.iter().filter(|edge| edge.is_level() && edge.top == y) {
            if *position != -1 && *position < edge.left {
                continue; // further to the right
            }
            let left = edge.left.max(*position);
            if *position > edge.left && edge.right < left {
                continue;
            }
            self.run(left, y, edge.right);
            *position = edge.right.saturating_add(1);
        }
    }
}

/// The sorted columns where edges cross row `y`.
fn cross(edges: &[Edge], y: i32, last: i32, crossings: &mut Vec<f32>) {
    crossings.clear();
    for (index, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.has_row(y)) {
        let x = edge.at(y);
        crossings.push(x);
        if y == edge.bottom && y < last {
            crossings.push(x); // one edge ends and another begins
        } else if edge.ends_aslant(y)
            && let Some(joined) = join(edge, &edges[..index], y, x)
        {
            *crossings.last_mut().expect("pushed above") = joined;
        }
    }
    crossings.sort_by(f32::total_cmp);
}

/// Where a corner is drawn that two edges make which both lie to one side of it: beside their
/// pixels in the row next to it, so that the corner is not apart.
fn join(edge: &Edge, others: &[Edge], y: i32, x: f32) -> Option<f32> {
    let next = if y == edge.bottom { y.checked_sub(1)? } else { y.checked_add(1)? };
    let meets = |other: &&Edge| {
        other.ends_aslant(y) && x.round() == other.at(y).round() && other.has_row(next)
    };
    let other = others.iter().find(meets)?.at(next);
    let own = edge.at(next);
    if x > own + 1.0 && x > other + 1.0 {
        Some(own.max(other).round() + 1.0)
    } else if x < own - 1.0 && x < other - 1.0 {
        Some(own.min(other).round() - 1.0)
    } else {
        None
    }
}

/// To the nearest integer, halves away from zero. Above zero the sum is rounded to single
/// precision, as in C.
fn round_up(value: f32) -> i32 {
    if value >= 0.0 { (value + 0.5).floor() as i32 } else { round_half_up(value.into()) }
}

/// To the nearest integer, halves towards zero.
fn round_down(value: f32) -> i32 {
    if value >= 0.0 { (value - 0.5).ceil() as i32 } else { round_half_down(value.into()) }
}

/// To the nearest integer, halves away from zero.
pub(super) fn round_half_up(value: f64) -> i32 {
    (value.abs() + 0.5).floor().copysign(value) as i32
}

/// To the nearest integer, halves towards zero.
pub(super) fn round_half_down(value: f64) -> i32 {
    (value.abs() - 0.5).ceil().copysign(value) as i32
}
