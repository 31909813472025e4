//! Rows of pixels to rows of component samples.
//!
//! ```text
//! pixels -> colour conversion -> [pairs of rows -> downsampling] -> plane of a row of MCUs
//! ```
//!
//! Where the picture ends within a block, its last column and its last row are repeated, as in
//! libjpeg: columns and the rows of a pair before downsampling, further rows after it.

use super::frame::{BLOCK, Component, Frame, Space};
use super::options::Pixels;
use crate::jpeg::color::forward;
use crate::jpeg::downsample;
use crate::simd::Level;

/// The samples of one component in one row of MCUs.
pub(super) struct Plane {
    pub(super) samples: Vec<u8>,
    pub(super) stride: usize,
    /// Rows that are there.
    filled: usize,
    /// Rows that there is room for.
    rows: usize,
    width: usize,
    step: (usize, usize),
    /// Rows of full resolution that wait to be downsampled.
    waiting: [Vec<u8>; 2],
}

impl Plane {
    fn new(component: &Component) -> Self {
        let (stride, rows) = (component.blocks.0 * BLOCK, component.mcu.1 * BLOCK);
        let waiting = if component.step == (1, 1) { 0 } else { stride * component.step.0 };
        Self {
            samples: vec![0; stride * rows],
            stride,
            filled: 0,
            rows,
            width: component.size.0,
            step: component.step,
            waiting: [vec![0; waiting], vec![0; waiting]],
        }
    }

    fn row(&mut self, row: usize) -> &mut [u8] {
        &mut self.samples[row * self.stride..][..self.stride]
    }

    /// Where the colour conversion puts the `index`-th row of a group, `width` samples.
    fn target(&mut self, index: usize, width: usize) -> &mut [u8] {
        match self.step {
            (1, 1) => &mut self.samples[(self.filled + index) * self.stride..][..width],
            _ => &mut self.waiting[index][..width],
        }
    }

    /// Takes in the `count` rows of a group that the conversion put into their targets, of `group`
    /// that a whole group has.
    fn take(&mut self, level: Level, count: usize, group: usize, width: usize) {
        if self.step == (1, 1) {
            for row in self.filled..self.filled + count {
                repeat_last(self.row(row), width);
            }
            self.filled += count;
            return;
        }
        self.waiting.iter_mut().take(count).for_each(|row| repeat_last(row, width));
        let (stride, filled) = (self.stride, self.filled);
        let [above, below] = &self.waiting;
        let out = &mut self.samples[filled * stride..][..stride];
        match self.step {
            (2, 1) => downsample::h2v1(level, above, out),
            _ if count < group => downsample::h2v2(level, [above, above], out),
            _ => downsample::h2v2(level, [above, below], out),
        }
        self.filled += 1;
    }

    /// Takes in a row of the component's own resolution.
    fn take_samples(&mut self, samples: &[u8]) {
        let (filled, width) = (self.filled, self.width);
        let row = self.row(filled);
        row[..width].copy_from_slice(samples);
        repeat_last(row, width);
        self.filled += 1;
    }

    /// Repeats the last row down to the end of the plane.
    fn fill_down(&mut self) {
        let (filled, stride) = (self.filled, self.stride);
        for row in filled..self.rows {
            self.samples.copy_within((filled - 1) * stride..filled * stride, row * stride);
        }
        self.filled = self.rows;
    }
}

/// Fills a row behind its first `width` samples with the last of them.
fn repeat_last(row: &mut [u8], width: usize) {
    let (samples, rest) = row.split_at_mut(width);
    rest.fill(samples[width - 1]);
}

/// Collects rows until there is a row of MCUs.
pub(super) struct Rows {
    level: Level,
    pixels: Pixels,
    space: Space,
    width: usize,
    pub(super) planes: Vec<Plane>,
    /// Rows of pixels that are converted together: as many as the tallest step.
    group: usize,
    /// Rows of the group that are converted.
    grouped: usize,
}

impl Rows {
    pub(super) fn new(level: Level, pixels: Pixels, frame: &Frame) -> Self {
        Self {
            level,
            pixels,
            space: frame.space,
            width: frame.size.0.into(),
            planes: frame.components.iter().map(Plane::new).collect(),
            group: frame.mcu_rows / BLOCK,
            grouped: 0,
        }
    }

    /// Takes in a row of pixels.
    pub(super) fn push_pixels(&mut self, row: &[u8]) {
        self.convert(row);
        self.grouped += 1;
        if self.grouped == self.group {
            self.take_group();
        }
    }

    /// Takes in a row of samples of one component, at its own resolution.
    pub(super) fn push_samples(&mut self, component: usize, row: &[u8]) {
        self.planes[component].take_samples(row);
    }

    /// Whether a row of a component can be taken in now.
    pub(super) fn has_room(&self, component: usize) -> bool {
        self.planes[component].filled < self.planes[component].rows
    }

    /// Whether all planes are full.
    pub(super) fn is_full(&self) -> bool {
        self.planes.iter().all(|plane| plane.filled == plane.rows)
    }

    /// Fills the planes of the last row of MCUs.
    pub(super) fn fill_down(&mut self) {
        if self.grouped > 0 {
            self.take_group();
        }
        self.planes.iter_mut().for_each(Plane::fill_down);
    }

    /// Empties the planes.
    pub(super) fn clear(&mut self) {
        self.planes.iter_mut().for_each(|plane| plane.filled = 0);
    }

    fn take_group(&mut self) {
        for plane in &mut self.planes {
            plane.take(self.level, self.grouped, self.group, self.width);
        }
        self.grouped = 0;
    }

    fn convert(&mut self, row: &[u8]) {
        let (index, width) = (self.grouped, self.width);
        let mut targets = self.planes.iter_mut().map(|plane| plane.target(index, width));
        let mut next = || targets.next().expect("a plane for each component");
        match (self.pixels, self.space) {
            (Pixels::Gray, _) => next().copy_from_slice(row),
            (Pixels::Rgb, Space::YCbCr) => {
                forward::rgb_to_ycc::<3>(self.level, row, [next(), next(), next()]);
            }
            (Pixels::Rgbx, Space::YCbCr) => {
                forward::rgb_to_ycc::<4>(self.level, row, [next(), next(), next()]);
            }
            (Pixels::Rgb | Pixels::YCbCr, _) => {
                forward::deinterleave::<3, 3>(self.level, row, [next(), next(), next()]);
            }
            (Pixels::Rgbx, _) => {
                forward::deinterleave::<4, 3>(self.level, row, [next(), next(), next()])
            }
            (Pixels::Cmyk, _) => {
                forward::deinterleave_inverted(row, [next(), next(), next(), next()]);
            }
        }
    }
}
