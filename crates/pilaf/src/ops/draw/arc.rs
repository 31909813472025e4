//! Arcs, chords and slices of pies: the runs of an ellipse, cut along lines through its centre, along
//! its chord, or across its curve. Angles are in degrees, clockwise from three o'clock.

use std::f64::consts::PI;

use super::clip::Clip;
use super::{Canvas, Point};

/// Where a shape begins and ends: `0 <= start < 360`, `start < end < start + 360`.
#[derive(Clone, Copy)]
struct Angles {
    start: f32,
    end: f32,
}

/// The same angles, from 0 to 360 on.
fn normalized(start: f32, end: f32) -> (f32, f32) {
    if end - start >= 360.0 {
        return (0.0, 360.0);
    }
    let round =
        |angle: f32| if angle < 0.0 { 360.0 - f64::from(-angle) % 360.0 } else { angle.into() };
    let first = (round(start) % 360.0) as f32;
    let along =
        if end < first { 360.0 - f64::from(first - end) % 360.0 } else { f64::from(end - first) };
    (first, (f64::from(first) + along % 360.0) as f32)
}

/// The box of an ellipse: its upper left corner, its width and height less 1.
#[derive(Clone, Copy)]
struct Sides {
    left: i64,
    top: i64,
    a: i64,
    b: i64,
}

impl Sides {
    fn new([(x0, y0), (x1, y1)]: [Point; 2]) -> Self {
        let (left, top) = (i64::from(x0), i64::from(y0));
        Self { left, top, a: i64::from(x1) - left, b: i64::from(y1) - top }
    }

    /// The point of the curve at an angle.
    fn at(self, angle: f32) -> (f64, f64) {
        let angle = f64::from(angle) * PI / 180.0;
        (self.a as f64 * angle.cos(), self.b as f64 * angle.sin())
    }
}

impl Canvas<'_> {
    /// Part of an outline `width` pixels wide, with ends across the curve.
    pub(super) fn arc(&mut self, corners: [Point; 2], angles: [f32; 2], width: i32) {
        if let Some((sides, angles)) = self.part(corners, angles, Some(width)) {
            self.clipped(sides, width.into(), &across_curve(sides.a, sides.b, angles));
        }
    }

    /// What lies beyond the line between the ends of an arc: filled, or an outline.
    pub(super) fn chord(&mut self, corners: [Point; 2], angles: [f32; 2], width: Option<i32>) {
        let Some((sides, angles)) = self.part(corners, angles, width) else { return };
        let everything = sides.a + sides.b + 1;
        let ((x0, y0), (x1, y1)) = (sides.at(angles.start), sides.at(angles.end));
        let (a, b) = (y1 - y0, x0 - x1);
        let c = -(a * x0 + b * y0);
        let Some(width) = width.map(i64::from) else {
            return self.clipped(sides, everything, &Clip::Half { a, b, c });
        };
        let breadth = (2 * width) as f64 * (a * a + b * b).sqrt();
        let line = Clip::both(Clip::Half { a, b, c }, Clip::Half { a: -a, b: -b, c: breadth - c });
        self.clipped(sides, everything, &line);
        self.clipped(sides, width, &Clip::Half { a, b, c });
    }

    /// What lies between an arc and the centre: filled, or an outline.
    pub(super) fn pie_slice(&mut self, corners: [Point; 2], angles: [f32; 2], width: Option<i32>) {
        let Some((sides, angles)) = self.part(corners, angles, width) else { return };
        let Some(width) = width else {
            return self.clipped(sides, sides.a + sides.b, &slice(sides, angles));
        };
        for angle in [angles.start, angles.end] {
            self.clipped(sides, sides.a + sides.b + 1, &side(sides, angle, width));
        }
        // A dot where the sides meet.
        let middle = |from: i64, side: i64| {
            ((2 * from + side - i64::from(width)) as f64 / 2.0).round() as i32
        };
        let (x, y) = (middle(sides.left, sides.a), middle(sides.top, sides.b));
        let reach = width.saturating_sub(1);
        self.ellipse([(x, y), (x.saturating_add(reach), y.saturating_add(reach))], None);
        self.clipped(sides, width.into(), &slice(sides, angles));
    }

    /// The ellipse, and where a part of it begins and ends. Draws it at once if that is all of it,
    /// filled or an outline; `None` too if nothing is left of it.
    fn part(
        &mut self,
        corners: [Point; 2],
        [start, end]: [f32; 2],
        width: Option<i32>,
    ) -> Option<(Sides, Angles)> {
        let (start, end) = normalized(start, end);
        if start + 360.0 == end {
            self.ellipse(corners, width);
            return None;
        }
        (start != end).then(|| (Sides::new(corners), Angles { start, end }))
    }

    /// An outline of an ellipse, where it is inside.
    fn clipped(&mut self, sides: Sides, width: i64, clip: &Clip) {
        let Sides { left: x0, top: y0, a, b } = sides;
        super::ellipse::runs(a, b, width, |left, y, right| {
            for (left, right) in clip.inside((left, right), y) {
                let at = |x: i64| (x0 + (x + a) / 2) as i32;
                self.run(at(left), (y0 + (y + b) / 2) as i32, at(right));
            }
        });
    }
}

/// Between two angles, cut across the curve: the lines are at right angles to it.
fn across_curve(a: i64, b: i64, angles: Angles) -> Clip {
    if a < b {
        let turned = Angles { start: 90.0 - angles.end, end: 90.0 - angles.start };
        return across_curve(b, a, turned).transposed();
    }
    // Again, as Pillow does, whose sums of `float` may change by that.
    let (start, end) = normalized(angles.start, angles.end);
    if end == start + 360.0 {
        return Clip::All;
    }
    let (a, b) = (a as f64, b as f64);
    let radians = |angle: f32, half_turn: f64| f64::from(angle) * PI / half_turn;
    let from = Clip::Half {
        a: -a * radians(start, 180.0).sin(),
        b: b * radians(start, 180.0).cos(),
        c: (a * a - b * b) * radians(start, 90.0).sin() / 2.0,
    };
    let to = Clip::Half {
        a: a * radians(end, 180.0).sin(),
        b: -b * radians(end, 180.0).cos(),
        c: (b * b - a * a) * radians(end, 90.0).sin() / 2.0,
    };
    // The half of the plane that an angle points into.
    let pointed = |down: bool| Clip::Half { a: 0.0, b: if down { 1.0 } else { -1.0 }, c: 0.0 };
    let half_turns = |angle: f32| (angle / 180.0) as i32;
    let join = if end - start < 180.0 { Clip::both } else { Clip::either };
    if start % 180.0 == 0.0 || end % 180.0 == 0.0 {
        join(from, to)
    } else if (half_turns(start) + half_turns(end)) % 2 == 1 {
        Clip::either(
            Clip::both(pointed(half_turns(start) % 2 == 0), from),
            Clip::both(pointed(half_turns(end) % 2 == 0), to),
        )
    } else {
        join(join(from, to), pointed(!(180.0..=540.0).contains(&end)))
    }
}

/// Between two lines from the centre.
fn slice(sides: Sides, Angles { start, end }: Angles) -> Clip {
    let ((x0, y0), (x1, y1)) = (sides.at(start), sides.at(end));
    let from = Clip::Half { a: -y0, b: x0, c: 0.0 };
    let to = Clip::Half { a: y1, b: -x1, c: 0.0 };
    let between = if end - start < 180.0 { Clip::both(from, to) } else { Clip::either(from, to) };
    if end - start < 90.0 {
        // Nothing on the other side of the centre.
        let ahead = Clip::Half { a: (x0 + x1) / 2.0, b: (y0 + y1) / 2.0, c: 0.0 };
        return Clip::both(between, ahead);
    }
    between
}

/// A line from the centre, `width` pixels wide.
fn side(sides: Sides, angle: f32, width: i32) -> Clip {
    let (x, y) = sides.at(angle);
    let (a, b) = (-y, x);
    let breadth = f64::from(width) * (a * a + b * b).sqrt();
    let line = Clip::both(Clip::Half { a, b, c: breadth }, Clip::Half { a: -a, b: -b, c: breadth });
    Clip::both(line, Clip::Half { a: b, b: -a, c: 0.0 })
}
