//! What a resize will do, decided before a pixel is touched: which passes, in which order.

use super::weights::{Extent, Weights};
use super::{Filter, fixed};
use crate::error::{Error, Result};
use crate::simd::Level;

/// From what to what: sizes in pixels, and the region of the source that is used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Geometry {
    pub(crate) source: (u32, u32),
    /// Left, top, right, bottom in source pixels.
    pub(crate) region: [f32; 4],
    pub(crate) size: (u32, u32),
}

impl Geometry {
    /// Checks sizes and region; the texts are Pillow's. `None` is all of the source.
    pub(crate) fn new(
        source: (u32, u32),
        region: Option<(f64, f64, f64, f64)>,
        size: (u32, u32),
    ) -> Result<Self> {
        let whole = [0.0, 0.0, f64::from(source.0), f64::from(source.1)];
        let region = region.map_or(whole, <[f64; 4]>::from);
        if size.0 < 1 || size.1 < 1 {
            return Err(Error::parameter("height and width must be > 0"));
        }
        if region.iter().any(|edge| !edge.is_finite()) {
            return Err(Error::parameter("box must be four finite numbers"));
        }
        let geometry = Self { source, region: region.map(|edge| edge as f32), size };
        geometry.check_region()?;
        Ok(geometry)
    }

    fn check_region(&self) -> Result<()> {
        let [left, top, right, bottom] = self.region;
        if left < 0.0 || top < 0.0 {
            return Err(Error::parameter("box offset can't be negative"));
        }
        if right > self.source.0 as f32 || bottom > self.source.1 as f32 {
            return Err(Error::parameter("box can't exceed original image size"));
        }
        if right < left || bottom < top {
            return Err(Error::parameter("box can't be empty"));
        }
        if self.source.0 == 0 || self.source.1 == 0 {
            return Err(Error::parameter("an image without pixels cannot be resized"));
        }
        Ok(())
    }

    /// Whether the region is all of the source.
    pub(crate) fn is_whole(&self) -> bool {
        self.region == [0.0, 0.0, self.source.0 as f32, self.source.1 as f32]
    }

    /// Columns of the region.
    pub(crate) fn horizontal(&self) -> Extent {
        Extent { start: self.region[0], end: self.region[2] }
    }

    /// Rows of the region.
    pub(crate) fn vertical(&self) -> Extent {
        Extent { start: self.region[1], end: self.region[3] }
    }

    /// Whether the region is a copy of whole pixels at their own size. Pillow then cuts it out,
    /// where resampling could sharpen (the MKS filters do at scale 1).
    pub(crate) fn is_crop(&self) -> bool {
        let [left, top, right, bottom] = self.region;
        left.fract() == 0.0
            && top.fract() == 0.0
            && right - left == self.size.0 as f32
            && bottom - top == self.size.1 as f32
    }

    /// Whether rows are combined before columns. Pillow 13 does so when the height loses more
    /// than twice the samples that the width loses; it counts whole images, not the region.
    /// The order shows in the pixels, since the first pass rounds to samples.
    pub(crate) fn vertical_first(&self) -> bool {
        let lost_rows = i64::from(self.source.1) - i64::from(self.size.1);
        let lost_columns = i64::from(self.source.0) - i64::from(self.size.0);
        lost_rows > 0 && lost_rows > 2 * lost_columns
    }

    /// Whether the columns change.
    pub(crate) fn needs_horizontal(&self) -> bool {
        !self.horizontal().is_identity(self.source.0, self.size.0)
    }

    /// Whether the rows change.
    pub(crate) fn needs_vertical(&self) -> bool {
        !self.vertical().is_identity(self.source.1, self.size.1)
    }

    /// The weights of the columns, unless they stay as they are.
    pub(crate) fn horizontal_weights<W>(
        &self,
        filter: Filter,
        build: impl FnOnce(u32, Extent, u32, Filter) -> W,
    ) -> Option<W> {
        self.needs_horizontal()
            .then(|| build(self.source.0, self.horizontal(), self.size.0, filter))
    }

    /// The weights of the rows, unless they stay as they are.
    pub(crate) fn vertical_weights<W>(
        &self,
        filter: Filter,
        build: impl FnOnce(u32, Extent, u32, Filter) -> W,
    ) -> Option<W> {
        self.needs_vertical().then(|| build(self.source.1, self.vertical(), self.size.1, filter))
    }
}

/// The fixed-point weights of both passes. An axis without is not resampled.
#[derive(Debug)]
pub(crate) struct PassWeights {
    pub(crate) horizontal: Option<Weights<i32>>,
    pub(crate) vertical: Option<Weights<i32>>,
    /// Whether rows are combined before columns, when both are.
    pub(crate) rows_first: bool,
}

impl PassWeights {
    /// Those of Pillow, built by machine code of `level`.
    pub(crate) fn new(level: Level, geometry: &Geometry, filter: Filter) -> Self {
        let build =
            |source, extent, size, filter| fixed::build(level, source, extent, size, filter);
        Self {
            horizontal: geometry.horizontal_weights(filter, build),
            vertical: geometry.vertical_weights(filter, build),
            rows_first: geometry.vertical_first(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(source: (u32, u32), size: (u32, u32)) -> Geometry {
        Geometry { source, region: [0.0, 0.0, source.0 as f32, source.1 as f32], size }
    }

    #[test]
    fn rows_first_only_when_the_height_loses_more_than_twice_as_much() {
        assert!(!whole((100, 100), (50, 50)).vertical_first());
        assert!(!whole((100, 200), (50, 100)).vertical_first());
        assert!(whole((100, 201), (50, 100)).vertical_first());
        assert!(whole((100, 100), (200, 99)).vertical_first());
        assert!(!whole((100, 100), (50, 200)).vertical_first());
    }

    #[test]
    fn a_pass_is_left_out_only_when_nothing_moves() {
        let mut geometry = whole((10, 10), (10, 5));
        assert!(!geometry.needs_horizontal() && geometry.needs_vertical());
        geometry.region[0] = 0.5;
        assert!(geometry.needs_horizontal());
    }
}
