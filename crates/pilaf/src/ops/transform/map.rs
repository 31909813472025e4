//! Maps from positions in a patch of the target to positions in the source.

/// A [`Transform`](super::Transform) with its coefficients worked out.
pub(super) enum Map {
    Affine([f64; 6]),
    Perspective([f64; 8]),
    /// `(a + b x + c y + d x y, e + f x + g y + h x y)`.
    Bilinear([f64; 8]),
}

impl Map {
    /// Where the centers of the pixels from (`x`, `y`) to the right come from.
    #[inline(always)]
    pub(super) fn positions(&self, x: usize, y: usize, positions: &mut [(f64, f64)]) {
        for (i, position) in positions.iter_mut().enumerate() {
            *position = self.position((x + i) as f64 + 0.5, y as f64 + 0.5);
        }
    }

    /// Where the target position (`x`, `y`) comes from. Terms are added from left to right: the
    /// order is part of the result.
    #[inline(always)]
    pub(super) fn position(&self, x: f64, y: f64) -> (f64, f64) {
        match *self {
            Self::Affine([a, b, c, d, e, f]) => (a * x + b * y + c, d * x + e * y + f),
            Self::Perspective([a, b, c, d, e, f, g, h]) => {
                let depth = g * x + h * y + 1.0;
                ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)
            }
            Self::Bilinear([a, b, c, d, e, f, g, h]) => {
                (a + b * x + c * y + d * x * y, e + f * x + g * y + h * x * y)
            }
        }
    }
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
        let map = quad([1.0, 2.0, 3.0, 14.0, 15.0, 16.0, 17.0, 8.0], 4.0, 4.0);
        assert_eq!(map.position(0.0, 0.0), (1.0, 2.0));
        assert_eq!(map.position(0.0, 4.0), (3.0, 14.0));
        assert_eq!(map.position(4.0, 0.0), (17.0, 8.0));
        assert_eq!(map.position(4.0, 4.0), (15.0, 16.0));
        assert_eq!(extent([2.0, 1.0, 10.0, 3.0], 4.0, 4.0).position(4.0, 2.0), (10.0, 2.0));
    }
}
