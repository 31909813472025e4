//! Maps from positions in a patch of the target to positions in the source.

use super::{Positions, RUN};

/// A [`Transform`](super::Transform) with its coefficients worked out.
pub(super) enum Map {
    Affine([f64; 6]),
    Perspective([f64; 8]),
    /// `(a + b x + c y + d x y, e + f x + g y + h x y)`.
    Bilinear([f64; 8]),
}

impl Map {
    /// Where the centers of a run of pixels from (`x`, `y`) to the right come from.
    #[inline(always)]
    pub(super) fn positions(&self, x: usize, y: usize) -> Positions {
        #[inline(always)]
        fn each(x: f64, position: impl Fn(f64) -> (f64, f64)) -> Positions {
            let mut positions = Positions { x: [0.0; RUN], y: [0.0; RUN] };
            for i in 0..RUN {
                (positions.x[i], positions.y[i]) = position(x + f64::from(i as u32));
            }
            positions
        }
        let (x, y) = (x as f64 + 0.5, y as f64 + 0.5);
        // A loop for each kind, so that there is no choice in it.
        match *self {
            Self::Affine(a) => each(x, |x| affine(a, x, y)),
            Self::Perspective(a) => each(x, |x| perspective(a, x, y)),
            Self::Bilinear(a) => each(x, |x| bilinear(a, x, y)),
        }
    }
}

// Terms are added from left to right: the order is part of the result.

#[inline(always)]
fn affine([a, b, c, d, e, f]: [f64; 6], x: f64, y: f64) -> (f64, f64) {
    (a * x + b * y + c, d * x + e * y + f)
}

#[inline(always)]
fn perspective([a, b, c, d, e, f, g, h]: [f64; 8], x: f64, y: f64) -> (f64, f64) {
    let depth = g * x + h * y + 1.0;
    ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)
}

#[inline(always)]
fn bilinear([a, b, c, d, e, f, g, h]: [f64; 8], x: f64, y: f64) -> (f64, f64) {
    (a + b * x + c * y + d * x * y, e + f * x + g * y + h * x * y)
}

/// A rectangle of the source over `width` by `height` pixels.
pub(super) fn extent([left, top, right, bottom]: [f64; 4], width: f64, height: f64) -> Map {
    Map::Affine([(right - left) / width, 0.0, left, 0.0, (bottom - top) / height, top])
}

/// Four corners of the source, counter-clockwise from the upper left, over `width` by `height`
/// pixels.
pub(super) fn quad(corners: [f64; 8], width: f64, height: f64) -> Map {
    let (across, down) = (1.0 / width, 1.0 / height);
    let axis = |first: usize| {
        let [nw, sw, se, ne] = [0, 2, 4, 6].map(|corner| corners[first + corner]);
        [nw, (ne - nw) * across, (sw - nw) * down, (se - sw - ne + nw) * across * down]
    };
    let ([a, b, c, d], [e, f, g, h]) = (axis(0), axis(1));
    Map::Bilinear([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_map_to_corners() {
        let Map::Bilinear(a) = quad([1.0, 2.0, 3.0, 14.0, 15.0, 16.0, 17.0, 8.0], 4.0, 4.0) else {
            panic!("a quad is bilinear");
        };
        assert_eq!(bilinear(a, 0.0, 0.0), (1.0, 2.0));
        assert_eq!(bilinear(a, 0.0, 4.0), (3.0, 14.0));
        assert_eq!(bilinear(a, 4.0, 0.0), (17.0, 8.0));
        assert_eq!(bilinear(a, 4.0, 4.0), (15.0, 16.0));
        let Map::Affine(a) = extent([2.0, 1.0, 10.0, 3.0], 4.0, 4.0) else {
            panic!("an extent is affine");
        };
        assert_eq!(affine(a, 4.0, 2.0), (10.0, 2.0));
    }
}
