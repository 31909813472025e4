//! Which source samples an output sample sees, and with what weights.
//!
//! This is Pillow 13's arithmetic to the last bit: the box arrives as `f32` and its extent is an
//! `f32` subtraction; everything after that is `f64`. Weights of 8-bit samples are then rounded
//! to fixed point with [`PRECISION_BITS`] fraction bits.

use std::ops::Range;

use super::Filter;

/// Fraction bits of the weights of 8-bit samples: 32 bits less 8 for the sample, less 2 for sums
/// that overshoot.
pub(crate) const PRECISION_BITS: u32 = 32 - 8 - 2;

/// Weights of zero after those of each window, for kernels that take weights in groups.
pub(crate) const GAP: usize = 4;

/// One axis of the source region: from `start` to `end`, in source samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extent {
    pub(crate) start: f32,
    pub(crate) end: f32,
}

impl Extent {
    /// All of an axis of `size` samples.
    #[cfg(test)]
    pub(crate) fn whole(size: u32) -> Self {
        Self { start: 0.0, end: size as f32 }
    }

    /// Whether an axis of `source` samples comes out as it went in, so that no pass is needed.
    /// Pillow compares in `f32`, and looks at the numbers alone: MKS filters sharpen at scale 1,
    /// and yet are skipped here.
    pub(crate) fn is_identity(self, source: u32, size: u32) -> bool {
        source == size && self.start == 0.0 && self.end == size as f32
    }
}

/// The run of source samples that makes one output sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The first sample.
    pub(crate) start: usize,
    /// The number of samples; 0 when the region has no extent and lies at the end of the axis.
    pub(crate) taps: usize,
    /// Where this window's weights begin.
    offset: usize,
}

impl Window {
    /// One past the last sample.
    pub(crate) fn end(&self) -> usize {
        self.start + self.taps
    }
}

/// The windows and weights of every output sample of one axis.
#[derive(Clone, Debug)]
pub(crate) struct Weights<T> {
    windows: Vec<Window>,
    values: Vec<T>,
}

impl<T> Weights<T> {
    /// The number of output samples.
    pub(crate) fn len(&self) -> usize {
        self.windows.len()
    }

    /// The windows in the order of the output.
    pub(crate) fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The weights of one window, tap by tap.
    pub(crate) fn of(&self, window: &Window) -> &[T] {
        &self.values[window.offset..][..window.taps]
    }

    /// The weights of all windows, one window after the other, each with a [`GAP`] after it. Some may
    /// share theirs.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    /// Where in [`values`](Self::values) the weights of one window begin.
    #[cfg(any(target_arch = "x86_64", test))]
    pub(crate) fn offset_of(&self, window: &Window) -> usize {
        window.offset
    }

    /// Every window with its weights.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Window, &[T])> {
        self.windows.iter().map(|window| (window, self.of(window)))
    }

    /// The windows that have weights of their own, not those of an earlier one.
    #[cfg(any(target_arch = "x86_64", test))]
    #[inline(always)]
    pub(crate) fn distinct(&self) -> impl Iterator<Item = &Window> {
        let mut end = 0;
        self.windows.iter().filter(move |window| {
            let own = window.offset >= end;
            end = end.max(window.offset + window.taps);
            own
        })
    }

    /// The weights of one window in fours, with zeros after the last.
    #[cfg(any(target_arch = "x86_64", test))]
    #[inline(always)]
    pub(crate) fn fours_of(&self, window: &Window) -> &[[T; GAP]] {
        self.values[window.offset..][..window.taps.next_multiple_of(GAP)].as_chunks().0
    }

    /// No windows yet, and room for some with so many weights.
    #[inline(always)]
    pub(crate) fn with_capacity(windows: usize, values: usize) -> Self {
        let values = Vec::with_capacity(values + windows * GAP);
        Self { windows: Vec::with_capacity(windows), values }
    }

    /// Appends a window from `start` on with the weights of an earlier one.
    #[inline(always)]
    pub(super) fn push_again(&mut self, start: usize, earlier: usize) {
        self.windows.push(Window { start, ..self.windows[earlier] });
    }
}

/// Where the windows of an axis lie: what all of its outputs share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spacing {
    source: u32,
    start: f64,
    scale: f64,
    support: f64,
    /// From source samples to units of the kernel.
    pub(super) inverse: f64,
}

impl Spacing {
    pub(super) fn new(source: u32, extent: Extent, size: u32, filter: Filter) -> Self {
        let scale = f64::from(extent.end - extent.start) / f64::from(size);
        let filter_scale = scale.max(1.0);
        Self {
            source,
            start: f64::from(extent.start),
            scale,
            support: filter.support() * filter_scale,
            inverse: 1.0 / filter_scale,
        }
    }

    /// The center of output `index`, in source samples.
    #[inline(always)]
    pub(super) fn center(&self, index: u32) -> f64 {
        self.start + (f64::from(index) + 0.5) * self.scale
    }

    /// First sample of the window around `center`, and one past its last, inside of the axis.
    #[inline(always)]
    pub(super) fn bounds(&self, center: f64) -> (usize, usize) {
        // The casts truncate towards zero and clamp negative numbers to 0.
        let start = (center - self.support + 0.5) as u32;
        let end = ((center + self.support + 0.5) as u32).min(self.source);
        (start.min(end) as usize, end as usize)
    }

    /// Where source sample `tap` lies in the kernel around `center`.
    #[inline(always)]
    pub(super) fn position(&self, tap: usize, center: f64) -> f64 {
        (tap as f64 - center + 0.5) * self.inverse
    }

    /// The longest window that can be.
    pub(super) fn most_taps(&self) -> usize {
        ((2.0 * self.support) as usize + 2).min(self.source as usize)
    }
}

impl<T: Copy + Default> Weights<T> {
    /// Appends a window from `start` on with its weights.
    #[inline(always)]
    pub(crate) fn push_window(&mut self, start: usize, weights: impl Iterator<Item = T>) {
        let offset = self.values.len();
        self.values.extend(weights);
        self.end_window(start, offset..self.values.len());
    }

    /// Appends the window from `start` on that has the weights in this range of
    /// [`values`](Self::values), and drops those after it.
    #[inline(always)]
    pub(super) fn end_window(&mut self, start: usize, weights: Range<usize>) {
        self.values.truncate(weights.end);
        self.values.extend([T::default(); GAP]);
        self.windows.push(Window { start, taps: weights.len(), offset: weights.start });
    }
}

impl Weights<i32> {
    /// Appends weights of the next window.
    #[inline(always)]
    pub(super) fn push_weights<const COUNT: usize>(&mut self, weights: &[i32; COUNT]) {
        self.values.extend_from_slice(weights);
    }

    /// The weights of the last window, which must have some of its own.
    pub(super) fn last_mut(&mut self) -> &mut [i32] {
        let taps = self.windows.last().map_or(0, |window| window.taps);
        let end = self.values.len() - GAP;
        &mut self.values[end - taps..end]
    }

    /// Appends a window from `start` on with the weights of an earlier one, the last one first.
    #[inline(always)]
    pub(super) fn push_mirrored(&mut self, start: usize, earlier: usize) {
        let Window { taps, offset: from, .. } = self.windows[earlier];
        let offset = self.values.len();
        let mut end = from + taps;
        // Eight by eight, at last with some that lie before the window, which are dropped.
        while end > from
            && let Some(mut eight) = self.values[..end].last_chunk::<8>().copied()
        {
            eight.reverse();
            self.values.extend_from_slice(&eight);
            end -= 8;
        }
        for tap in (from..end).rev() {
            self.values.push(self.values[tap]);
        }
        self.end_window(start, offset..offset + taps);
    }
}

impl Weights<f64> {
    /// The weights that sum to 1 over each window.
    ///
    /// `size` output samples are spread over `extent` of an axis of `source` samples. Both sizes
    /// must be at least 1 and the extent inside of the axis, which `ops` checks.
    pub(crate) fn build(source: u32, extent: Extent, size: u32, filter: Filter) -> Self {
        let spacing = Spacing::new(source, extent, size, filter);
        let mut weights = Self::with_capacity(size as usize, size as usize * spacing.most_taps());
        for index in 0..size {
            let center = spacing.center(index);
            let (start, end) = spacing.bounds(center);
            weights.push(start, end, |tap| filter.kernel(spacing.position(tap, center)));
        }
        weights
    }

    /// Appends a window and its normalized weights.
    fn push(&mut self, start: usize, end: usize, weight: impl Fn(usize) -> f64) {
        let offset = self.values.len();
        self.values.extend((start..end).map(weight));
        normalize(&mut self.values[offset..]);
        self.end_window(start, offset..self.values.len());
    }

    /// The same weights in fixed point, rounded half away from zero: what [`fixed`](super::fixed)
    /// must give.
    #[cfg(test)]
    pub(crate) fn to_fixed(&self) -> Weights<i32> {
        Weights {
            windows: self.windows.clone(),
            values: self.values.iter().map(|&weight| to_fixed(weight)).collect(),
        }
    }
}

/// Makes the weights of one window sum to 1, unless they sum to 0.
pub(super) fn normalize(weights: &mut [f64]) {
    // From 0.0 upwards in tap order; `Iterator::sum` starts from -0.0.
    let total = weights.iter().fold(0.0, |sum, weight| sum + weight);
    if total != 0.0 {
        weights.iter_mut().for_each(|weight| *weight /= total);
    }
}

/// A weight in fixed point, rounded half away from zero.
pub(super) fn to_fixed(weight: f64) -> i32 {
    let scaled = weight * f64::from(1 << PRECISION_BITS);
    if weight < 0.0 { (scaled - 0.5) as i32 } else { (scaled + 0.5) as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bilinear_at_half_size_sees_four_samples() {
        let weights = Weights::build(8, Extent::whole(8), 4, Filter::Bilinear);
        let (window, values) = weights.iter().nth(1).unwrap();
        assert_eq!((window.start, window.taps), (1, 4));
        assert_eq!(values, [0.125, 0.375, 0.375, 0.125]);
        let (first, edge) = weights.iter().next().unwrap();
        assert_eq!((first.start, first.taps), (0, 3));
        assert!((edge.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn shared_weights_are_distinct_once() {
        let mut weights = Weights::with_capacity(4, 5);
        weights.push_window(0, [1, 2].into_iter());
        weights.push_again(3, 0);
        weights.push_window(6, [3, 4, 5].into_iter());
        weights.push_again(9, 0);
        let distinct: Vec<_> = weights.distinct().map(|window| weights.of(window)).collect();
        assert_eq!(distinct, [&[1, 2][..], &[3, 4, 5]]);
    }

    #[test]
    fn mirrored_weights_are_those_of_the_window_alone() {
        for before in [0, 2, 9] {
            for taps in [1, 7, 8, 9, 17] {
                let mut weights = Weights::with_capacity(3, 0);
                weights.push_window(0, 0..before);
                weights.push_window(1, 100..100 + taps);
                weights.push_mirrored(5, 1);
                let (window, mirrored) = weights.iter().last().unwrap();
                assert_eq!(window.start, 5);
                assert!(mirrored.iter().copied().eq((100..100 + taps).rev()), "{before}, {taps}");
                assert_eq!(weights.values()[window.offset + window.taps..], [0; GAP]);
            }
        }
    }

    #[test]
    fn fixed_point_rounds_half_away_from_zero() {
        let half = 0.5 / f64::from(1 << PRECISION_BITS);
        assert_eq!((to_fixed(half), to_fixed(-half)), (1, -1));
        assert_eq!(to_fixed(1.0), 1 << PRECISION_BITS);
    }

    #[test]
    fn a_region_without_extent_at_the_end_has_empty_windows() {
        let extent = Extent { start: 5.0, end: 5.0 };
        let weights = Weights::build(5, extent, 3, Filter::Box);
        assert!(weights.windows().iter().all(|window| window.taps == 0));
    }

    #[test]
    fn windows_stay_inside_and_never_go_back() {
        for filter in Filter::ALL.into_iter().filter(|&filter| filter != Filter::Nearest) {
            for (source, size) in [(1, 1), (1, 9), (9, 1), (300, 7), (7, 300), (50, 50)] {
                let weights = Weights::build(source, Extent::whole(source), size, filter);
                assert_eq!(weights.len(), size as usize);
                assert!(weights.windows().iter().all(|w| w.end() <= source as usize));
                assert!(weights.windows().is_sorted_by_key(|w| w.start));
                assert!(weights.windows().is_sorted_by_key(|w| w.end()));
            }
        }
    }
}
