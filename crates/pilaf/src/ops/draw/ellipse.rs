//! Ellipses as horizontal runs.
//!
//! A quarter of the curve is traced on a grid with step 2, on which the centre is (0, 0) also when
//! a side is odd; of the three next points the one that fits the equation best is taken. An
//! outline lies between the quarters of two ellipses.

use super::{Canvas, Point};

/// The points of the upper right quarter, from the right end of the long axis upwards.
struct Quarter {
    a: i64,
    b: i64,
    next: Option<(i64, i64)>,
}

impl Quarter {
    fn new(a: i64, b: i64) -> Self {
        Self { a, b, next: (a >= 0 && b >= 0).then_some((a, b % 2)) }
    }

    /// How far a point is from the curve.
    fn off(&self, (x, y): (i64, i64)) -> u128 {
        let square = |n: i64| i128::from(n) * i128::from(n);
        let (a2, b2) = (square(self.a), square(self.b));
        (a2 * square(y) + b2 * square(x) - a2 * b2).unsigned_abs()
    }
}

impl Iterator for Quarter {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        let (x, y) = self.next?;
        let end = (self.a % 2, self.b);
        self.next = (end != (x, y)).then(|| {
            let up = (x, y + 2);
            if x <= 1 {
                return up;
            }
            // The first of those that are equally near.
            [(x - 2, y + 2), (x - 2, y)]
                .into_iter()
                .fold(up, |best, point| if self.off(best) > self.off(point) { point } else { best })
        });
        Some((x, y))
    }
}

/// The runs of an ellipse of sides `a` and `b` with an outline `width` wide, on the grid with step 2: left
/// end, row, right end. They do not meet.
pub(super) fn runs(a: i64, b: i64, width: i64, mut draw: impl FnMut(i64, i64, i64)) {
    if a < 0 || b < 0 || width < 1 {
        return;
    }
    // Rows of the outer curve and where each begins, and where the inner curve is there.
    let mut outer = Quarter::new(a, b).peekable();
    let mut inner = Quarter::new(a - 2 * (width - 1), b - 2 * (width - 1));
    let center = a % 2;
    let mut left = center;
    while let Some((right, y)) = outer.next() {
        while outer.next_if(|&(_, row)| row <= y).is_some() {}
        let mut row_left = left;
        left = loop {
            match inner.next() {
                Some((x, row)) if row <= y => row_left = x,
                Some((x, _)) => break x,
                None => break center,
            }
        };
        for y in if y > 0 { vec![-y, y] } else { vec![-y] } {
            draw(-right, y, -row_left);
            if row_left > 0 || row_left < right {
                draw(if row_left == 0 { 2 } else { row_left }, y, right);
            }
        }
    }
}

impl Canvas<'_> {
    /// An ellipse; `width` of the outline, or `None` for a filled one.
    pub(super) fn ellipse(&mut self, [(x0, y0), (x1, y1)]: [Point; 2], width: Option<i32>) {
        let (x0, y0) = (i64::from(x0), i64::from(y0));
        let (a, b) = (i64::from(x1) - x0, i64::from(y1) - y0);
        let width = width.map_or(a + b, i64::from);
        runs(a, b, width, |left, y, right| {
            let at = |x: i64| (x0 + (x + a) / 2) as i32;
            self.run(at(left), (y0 + (y + b) / 2) as i32, at(right));
        });
    }
}
