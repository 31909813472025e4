//! Lines: Bresenham's algorithm, and four-cornered polygons for wide ones.

use std::collections::BTreeSet;

use super::polygon::{Edge, round_half_down, round_half_up};
use super::{Canvas, Point};

impl Canvas<'_> {
    /// A line from `from` up to, but not including, `to`.
    pub(super) fn line(&mut self, from: Point, to: Point) {
        let ((x, y), (to_x, to_y)) = (wide(from), wide(to));
        let (across, down) = ((to_x - x).abs(), (to_y - y).abs());
        let (step_x, step_y) = ((to_x - x).signum(), (to_y - y).signum());
        let flat = across > down;
        // The longer side takes a step each time, the shorter one when the error says so.
        let (long, short) = if flat { (across, down) } else { (down, across) };
        let skipped =
            if flat { outside(x, step_x, self.width()) } else { outside(y, step_y, self.height()) };
        if skipped >= long {
            return;
        }
        // As many steps of the shorter side as the loop below would have taken.
        let (l, s, n) = (i128::from(long), i128::from(short), i128::from(skipped));
        let aside = (2 * s * n + l) / (2 * l);
        let mut error = 2 * s * (n + 1) - l - 2 * l * aside;
        let aside = aside as i64;
        let (mut x, mut y) = if flat {
            (x + step_x * skipped, y + step_y * aside)
        } else {
            (x + step_x * aside, y + step_y * skipped)
        };
        for _ in skipped..long {
            if self.is_past((x, y), (step_x, step_y)) {
                return;
            }
            self.point((x as i32, y as i32));
            if short > 0 && error >= 0 {
                if flat {
                    y += step_y
                } else {
                    x += step_x
                }
                error -= 2 * l;
            }
            error += 2 * s;
            if flat { x += step_x } else { y += step_y }
        }
    }

    /// Whether a point that moves so has left the image for good.
    fn is_past(&self, (x, y): (i64, i64), (step_x, step_y): (i64, i64)) -> bool {
        let (width, height) = (i64::from(self.width()), i64::from(self.height()));
        let beyond =
            |at: i64, side: i64, step: i64| (at >= side && step >= 0) || (at < 0 && step <= 0);
        beyond(x, width, step_x) || beyond(y, height, step_y)
    }

    /// A line of a width, as the polygon around it.
    pub(super) fn wide_line(&mut self, from: Point, to: Point, width: i32) {
        let ((x0, y0), (x1, y1)) = (wide(from), wide(to));
        let (dx, dy) = ((x1 - x0) as f64, (y1 - y0) as f64);
        if from == to {
            return self.point(from);
        }
        let length = dx.hypot(dy);
        let half = f64::from(width - 1) / 2.0;
        let most = f64::from(round_half_up(half)) / length;
        let least = f64::from(round_half_down(half)) / length;
        let [x_least, x_most] =
            [least * dy, most * dy].map(|part| i64::from(round_half_down(part)));
        let [y_least, y_most] =
            [least * dx, most * dx].map(|part| i64::from(round_half_down(part)));
        let corners = [
            (x0 - x_least, y0 + y_most),
            (x1 - x_least, y1 + y_most),
            (x1 + x_most, y1 - y_least),
            (x0 + x_most, y0 - y_least),
        ]
        .map(|(x, y)| (clamp(x), clamp(y)));
        let next = [corners[1], corners[2], corners[3], corners[0]];
        let edges: Vec<Edge> =
            corners.into_iter().zip(next).map(|(a, b)| Edge::new(a, b)).collect();
        self.fill_polygon(&edges);
    }

    /// The outline of a rectangle, inwards from left, top, right, bottom.
    pub(super) fn outline(&mut self, [left, top, right, bottom]: [i64; 4], width: i64) {
        let (columns, rows) = (i64::from(self.width()), i64::from(self.height()));
        // Those of the nested rectangles of which something can be seen.
        let sides = [(-left, columns), (right - columns + 1, columns), (-top, rows)];
        let sides = sides.into_iter().chain([(bottom - rows + 1, rows)]);
        let seen: BTreeSet<i64> = sides.flat_map(|(first, count)| first..first + count).collect();
        for i in seen.into_iter().filter(|i| (0..width).contains(i)) {
            self.run(clamp(left), clamp(top + i), clamp(right));
            self.run(clamp(left), clamp(bottom - i), clamp(right));
            let ends = [clamp(top + width), clamp(bottom - width + 1)];
            for x in [clamp(right - i), clamp(left + i)] {
                self.line((x, ends[0]), (x, ends[1]));
            }
        }
    }
}

/// Steps until a coordinate that moves so is in the image.
fn outside(at: i64, step: i64, side: i32) -> i64 {
    let distance = if step > 0 { -at } else { at - (i64::from(side) - 1) };
    distance.max(0)
}

fn wide((x, y): Point) -> (i64, i64) {
    (x.into(), y.into())
}

fn clamp(value: i64) -> i32 {
    value.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}
