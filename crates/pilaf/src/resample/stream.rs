//! [`RowResizer`]: the resampler for images that never lie in memory whole.

use std::ops::Range;
use std::sync::Arc;

use super::engine::{Axes, Coding, Engine, Pixels, Plan, RowStream};
use super::kernels::lerp::Lerps;
use super::kernels::numbers::{AxisOfNumbers, Numbers, Transfer};
use super::kernels::words::{AxisOfWords, Words};
use super::kernels::{Kernels, Plain, Rows};
use super::light::Light;
use super::method::Method;
use super::opencv::{self, Areas, Way};
use super::plan::{Geometry, PassWeights};
use super::weights::Weights;
use super::wide::{F32, I32, U16};
use super::{Filter, ResizeOptions, torch};
use crate::error::{Error, Result};
use crate::image::{Mode, Sample};
#[cfg(target_arch = "aarch64")]
use crate::simd::Dotprod;
use crate::simd::Level;

#[cfg(target_arch = "aarch64")]
use super::kernels::neon::{Dotted, Fours, Multiplied};
#[cfg(target_arch = "x86_64")]
use super::kernels::{avx512::Quads, pairs::Pairs};

/// Resizes an image whose rows arrive from the top, a few at a time.
///
/// Memory is bounded by rows: those that one vertical window spans. The pixels are those of
/// [`Image::resize`](crate::Image::resize).
///
/// ```
/// use pilaf::resample::{Filter, ResizeOptions, RowResizer};
/// use pilaf::Mode;
///
/// let options = ResizeOptions::new(Filter::Lanczos);
/// let mut resizer = RowResizer::new(Mode::L, (100, 60), (10, 6), &options)?;
/// let mut small = vec![0; 10 * 6];
/// let mut done = 0;
/// for _ in 0..60 {
///     let row = [200; 100];                     // from a decoder
///     while resizer.push(&row, 100) == 0 {      // no room: take what is ready first
///         done += resizer.pop(&mut small[done * 10..], 10);
///     }
/// }
/// done += resizer.pop(&mut small[done * 10..], 10);
/// assert_eq!(done, 6);
/// assert!(small.iter().all(|&sample| sample == 200));
/// # Ok::<(), pilaf::Error>(())
/// ```
pub struct RowResizer {
    stream: Box<dyn RowStream + Send>,
    level: Level,
    row_bytes: usize,
    target_bytes: usize,
    height: usize,
}

impl RowResizer {
    /// Plans a resize of pixels of `mode`, from `source` to `size` pixels.
    ///
    /// [`ResizeOptions::reducing_gap`] is not for streams and is ignored.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a size of 0, a source region that is empty,
    /// not finite or outside of the image, or not all of it with a profile of another library,
    /// [`Filter::Nearest`], and modes `1` and `P`.
    pub fn new(
        mode: Mode,
        source: (u32, u32),
        size: (u32, u32),
        options: &ResizeOptions,
    ) -> Result<Self> {
        Self::with_level(Level::get(), mode, source, size, options)
    }

    /// As [`new`](Self::new), with kernels of a given level, for tests and measurements.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_level(
        level: Level,
        mode: Mode,
        source: (u32, u32),
        size: (u32, u32),
        options: &ResizeOptions,
    ) -> Result<Self> {
        let method = Method::new(mode, &ResizeOptions { reducing_gap: None, ..options.clone() })?;
        if method.is_nearest() {
            return Err(Error::parameter(format!(
                "rows of mode {mode} cannot be streamed through filter {}",
                options.filter
            )));
        }
        let geometry = Geometry::new(source, options.source, size)?;
        if method.takes_whole_images() && !geometry.is_whole() {
            return Err(Error::parameter(format!(
                "profile {} takes whole images: cut the region out first",
                options.profile
            )));
        }
        Ok(Self::for_geometry(level, mode, &geometry, method))
    }

    /// The resizer of a checked geometry.
    pub(crate) fn for_geometry(
        level: Level,
        mode: Mode,
        geometry: &Geometry,
        method: Method,
    ) -> Self {
        let (stream, level) = stream(level, mode, geometry, method);
        Self {
            stream,
            level,
            row_bytes: geometry.source.0 as usize * mode.pixel_bytes(),
            target_bytes: geometry.size.0 as usize * mode.pixel_bytes(),
            height: geometry.size.1 as usize,
        }
    }

    /// The level whose kernels are used.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Takes rows from the start of `rows`, one every `stride` bytes; the last one may end short
    /// of the stride. Returns how many were taken: when there is no room for more, 0, and then
    /// [`pop`](Self::pop) makes room, whether or not it has a row to give. Rows past the end of the image are ignored.
    ///
    /// Groups of 16 rows are fastest: they are read where they lie.
    ///
    /// # Panics
    ///
    /// When `stride` is less than a row of pixels.
    pub fn push(&mut self, rows: &[u8], stride: usize) -> usize {
        assert!(stride >= self.row_bytes, "rows of {} bytes overlap", self.row_bytes);
        let count = count_rows(rows.len(), self.row_bytes, stride);
        self.stream.push(Rows { bytes: rows, row_bytes: self.row_bytes, stride, count })
    }

    /// Writes the rows that are ready to `target`, one every `stride` bytes, as many as fit.
    /// Returns how many.
    ///
    /// # Panics
    ///
    /// When `stride` is less than a row of pixels.
    pub fn pop(&mut self, target: &mut [u8], stride: usize) -> usize {
        assert!(stride >= self.target_bytes, "rows of {} bytes overlap", self.target_bytes);
        self.stream.pop(target, stride)
    }

    /// Starts over with another image of the same mode and size, and the plan at hand.
    pub fn restart(&mut self) {
        self.stream.restart(0..self.height);
    }

    /// Another resizer with the same plan, which is shared, and working memory of its own.
    pub(crate) fn fork(&self) -> Self {
        Self { stream: self.stream.fork(), ..*self }
    }

    /// Bytes of working memory, without the plan.
    pub(crate) fn working_bytes(&self) -> usize {
        self.stream.working_bytes()
    }

    /// Makes the rows `rows` of an image that lies in memory whole, into `target`.
    pub(crate) fn run(&mut self, source: &[u8], rows: Range<usize>, target: &mut [u8]) {
        self.stream.restart(rows);
        let (mut pushed, mut popped) = (0, 0);
        while popped < target.len() {
            pushed += self.push(&source[pushed..], self.row_bytes) * self.row_bytes;
            let rows = self.pop(&mut target[popped..], self.target_bytes);
            popped += rows * self.target_bytes;
        }
    }
}

impl std::fmt::Debug for RowResizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "RowResizer({}: {} to {} bytes a row)",
            self.level, self.row_bytes, self.target_bytes
        )
    }
}

fn count_rows(bytes: usize, row_bytes: usize, stride: usize) -> usize {
    bytes.checked_sub(row_bytes).map_or(0, |rest| rest / stride + 1)
}

type Stream = Box<dyn RowStream + Send>;

/// The stream of a method, and the level whose kernels it uses.
fn stream(level: Level, mode: Mode, geometry: &Geometry, method: Method) -> (Stream, Level) {
    let coding = if method.premultiplies(mode) { Coding::Alpha } else { Coding::Plain };
    let pixels = Pixels { bands: mode.bands(), bytes: mode.pixel_bytes(), coding };
    let way = match method {
        Method::Pillow(filter) => {
            let stream = match mode.sample() {
                Sample::U8 => {
                    let weights = PassWeights::new(level, geometry, filter);
                    return fixed_point(level, pixels, geometry, &weights);
                }
                Sample::U16Le => words(level, U16::<false>, pixels, geometry, filter),
                Sample::U16Be => words(level, U16::<true>, pixels, geometry, filter),
                Sample::I32 => wide(level, I32, pixels, geometry, filter),
                Sample::F32 => wide(level, F32, pixels, geometry, filter),
            };
            return (stream, level);
        }
        Method::Torch(filter) => {
            return fixed_point(level, pixels, geometry, &torch::weights(geometry, filter));
        }
        Method::Light(filter) => {
            let transfer = Light::new(mode.premultiplied().is_some());
            let weights = PassWeights::new(level, geometry, filter);
            let across = weights.horizontal.as_ref().map(AxisOfNumbers::from_fixed);
            let down = weights.vertical.as_ref().map(AxisOfNumbers::from_fixed);
            return (numbers(level, transfer, pixels, geometry, (across, down, false)), level);
        }
        Method::OpencvArea => opencv::area(geometry, pixels.bands),
        Method::OpencvLinear => opencv::linear(geometry, pixels.bands),
    };
    let stream = match way {
        Way::Area(across, down, rounding) => {
            let axes = (Some(AxisOfNumbers::new(across)), Some(AxisOfNumbers::new(down)), false);
            numbers(level, Areas(rounding), pixels, geometry, axes)
        }
        Way::Linear(across, down) => {
            let ends = down.ends();
            let axes = Axes::new(Some(across), Some((down, ends)), false);
            engine(Lerps(level), level, pixels, geometry, axes)
        }
    };
    (stream, level)
}

/// Axes of numbers, and whether rows are combined before columns.
type NumberAxes<N> = (Option<AxisOfNumbers<N>>, Option<AxisOfNumbers<N>>, bool);

/// The stream of samples wider than 8 bits.
fn wide<T: Transfer<Number = f64>>(
    level: Level,
    transfer: T,
    pixels: Pixels,
    geometry: &Geometry,
    filter: Filter,
) -> Stream {
    let across = geometry.horizontal_weights(filter, Weights::build).map(AxisOfNumbers::new);
    let down = geometry.vertical_weights(filter, Weights::build).map(AxisOfNumbers::new);
    numbers(level, transfer, pixels, geometry, (across, down, geometry.vertical_first()))
}

/// The stream of samples of 16 bits: in integers where there are vectors, and digits for the weights.
fn words<const BIG: bool>(
    level: Level,
    transfer: U16<BIG>,
    pixels: Pixels,
    geometry: &Geometry,
    filter: Filter,
) -> Stream {
    if level == Level::Scalar {
        return wide(level, transfer, pixels, geometry, filter);
    }
    let pack = |weights: Option<Weights<f64>>| match weights {
        Some(weights) => AxisOfWords::pack(weights).map(Some),
        None => Some(None),
    };
    let across = pack(geometry.horizontal_weights(filter, Weights::build));
    let down = pack(geometry.vertical_weights(filter, Weights::build));
    let (Some(across), Some(down)) = (across, down) else {
        return wide(level, transfer, pixels, geometry, filter);
    };
    let down = down.map(|axis| {
        let ends = axis.ends();
        (axis, ends)
    });
    let axes = Axes::new(across, down, geometry.vertical_first());
    engine(Words { level, big: BIG }, level, pixels, geometry, axes)
}

/// The stream of samples that go through numbers.
fn numbers<T: Transfer>(
    level: Level,
    transfer: T,
    pixels: Pixels,
    geometry: &Geometry,
    (across, down, rows_first): NumberAxes<T::Number>,
) -> Stream {
    let kernels = Numbers { level, transfer, bands: pixels.bands };
    let down = down.map(|axis| {
        let ends = axis.ends();
        (axis, ends)
    });
    engine(kernels, level, pixels, geometry, Axes::new(across, down, rows_first))
}

/// The stream of the best level, up to `level`, that carries the weights.
fn fixed_point(
    level: Level,
    pixels: Pixels,
    geometry: &Geometry,
    weights: &PassWeights,
) -> (Stream, Level) {
    let vectors = match level {
        #[cfg(target_arch = "x86_64")]
        Level::Sse41(token) => pack(Pairs::<_, 16>(token), level, pixels, geometry, weights),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(token) => match token.vnni() {
            Some(token) => pack(Pairs::<_, 32>(token), level, pixels, geometry, weights),
            None => pack(Pairs::<_, 32>(token), level, pixels, geometry, weights),
        },
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => pack(Quads(token), level, pixels, geometry, weights),
        #[cfg(target_arch = "aarch64")]
        Level::Neon(token) => match Dotprod::detect() {
            Some(token) => pack(Fours(Dotted(token)), level, pixels, geometry, weights),
            None => pack(Fours(Multiplied(token)), level, pixels, geometry, weights),
        },
        _ => None,
    };
    match vectors {
        Some(stream) => (stream, level),
        None => {
            let stream = pack(Plain, Level::Scalar, pixels, geometry, weights);
            (stream.expect("the scalar level carries all weights"), Level::Scalar)
        }
    }
}

fn pack<K: Kernels + 'static>(
    kernels: K,
    level: Level,
    pixels: Pixels,
    geometry: &Geometry,
    weights: &PassWeights,
) -> Option<Stream> {
    let axes = Axes::pack(kernels, pixels.bands, weights)?;
    Some(engine(kernels, level, pixels, geometry, axes))
}

fn engine<K: Kernels + 'static>(
    kernels: K,
    level: Level,
    pixels: Pixels,
    geometry: &Geometry,
    axes: Axes<K>,
) -> Stream {
    let plan = Plan::new((kernels, level), pixels, geometry, axes);
    Box::new(Engine::new(Arc::new(plan)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Profile;
    use super::super::passes::{self, Layout, Narrow, Passes};
    use super::super::wide::Wide;
    use super::*;
    use crate::simd::for_each_level;

    /// A geometry, with regions and both pass orders.
    fn geometries() -> impl Strategy<Value = Geometry> {
        let side = || prop_oneof![1..20_u32, 1..300_u32];
        let part = || prop_oneof![Just((0.0, 1.0)), (0.0..0.5, 0.5..1.0)];
        (side(), side(), side(), side(), part(), part()).prop_map(|(w, h, ow, oh, x, y)| {
            let (width, height) = (f64::from(w), f64::from(h));
            let region = (x.0 * width, y.0 * height, x.1 * width, y.1 * height);
            Geometry::new((w, h), Some(region), (ow, oh)).unwrap()
        })
    }

    /// Noise, extremes, or one value.
    fn noise(len: usize, seed: u32) -> Vec<u8> {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state
        };
        match next() % 5 {
            0 => vec![next() as u8; len],
            1 | 2 => (0..len).map(|_| (next() >> 31) as u8 * 255).collect(),
            _ => (0..len).map(|_| next() as u8).collect(),
        }
    }

    /// Some of `height` rows, at least one.
    fn part(height: usize, seed: u32) -> Range<usize> {
        let start = seed as usize % height;
        start..start + 1 + (seed >> 16) as usize % (height - start)
    }

    /// Pushes `step` rows at a time, from rows with `gap` bytes between them.
    fn stream(resizer: &mut RowResizer, source: &[u8], step: usize, gap: usize) -> Vec<u8> {
        let stride = resizer.row_bytes + gap;
        let mut padded = Vec::new();
        for row in source.chunks_exact(resizer.row_bytes) {
            padded.extend_from_slice(row);
            padded.resize(padded.len() + gap, 99);
        }
        let mut target = Vec::new();
        let mut row = vec![0; resizer.target_bytes];
        for mut rows in padded.chunks(step * stride) {
            while !rows.is_empty() {
                let pushed = resizer.push(rows, stride);
                rows = &rows[(pushed * stride).min(rows.len())..];
                while resizer.pop(&mut row, resizer.target_bytes) == 1 {
                    target.extend_from_slice(&row);
                }
            }
        }
        target
    }

    fn filters() -> impl Strategy<Value = Filter> {
        proptest::sample::select(&Filter::ALL[1..])
    }

    proptest! {
        #[test]
        fn every_level_gives_the_pixels_of_the_specification(
            geometry in geometries(),
            filter in filters(),
            mode in proptest::sample::select(&[Mode::L, Mode::LaPremultiplied, Mode::Rgb, Mode::Cmyk]),
            seed in any::<u32>(),
            step in 1..40_usize,
            gap in 0..5_usize,
        ) {
            let bands = mode.bands();
            let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * bands;
            let source = noise(pixels(geometry.source), seed);
            let mut wanted = vec![0; pixels(geometry.size)];
            let layout = Layout { bands, sample_bytes: 1 };
            let plan = passes::Plan::new::<Narrow>(layout, &geometry, filter);
            plan.run::<Narrow>(&source, 0..geometry.size.1 as usize, &mut wanted);
            check_levels(mode, &geometry, filter, &source, &wanted, (seed, step, gap));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_level_gives_the_pixels_of_the_specification_of_wide_samples(
            geometry in geometries(),
            filter in filters(),
            mode in proptest::sample::select(&[Mode::I16, Mode::I16B, Mode::I, Mode::F]),
            seed in any::<u32>(),
            step in 1..40_usize,
            gap in 0..5_usize,
        ) {
            let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * mode.pixel_bytes();
            let mut source = noise(pixels(geometry.source), seed);
            if mode == Mode::F {
                // Numbers of many sizes, none of them special.
                source.chunks_exact_mut(4).for_each(|v| {
                    let number = (f32::from(v[0]) - 99.0) * 2.0_f32.powi(i32::from(v[1] % 40));
                    v.copy_from_slice(&number.to_ne_bytes());
                });
            }
            let mut wanted = vec![0; pixels(geometry.size)];
            let run = match mode {
                Mode::I16 => run_specification::<Wide<U16<false>>>,
                Mode::I16B => run_specification::<Wide<U16<true>>>,
                Mode::I => run_specification::<Wide<I32>>,
                _ => run_specification::<Wide<F32>>,
            };
            run(mode, &geometry, filter, &source, &mut wanted);
            check_levels(mode, &geometry, filter, &source, &wanted, (seed, step, gap));
        }
    }

    fn run_specification<P: Passes<Weight = f64>>(
        mode: Mode,
        geometry: &Geometry,
        filter: Filter,
        source: &[u8],
        target: &mut [u8],
    ) {
        let layout = Layout { bands: mode.bands(), sample_bytes: mode.sample().bytes() };
        let plan = passes::Plan::new::<P>(layout, geometry, filter);
        plan.run::<P>(source, 0..geometry.size.1 as usize, target);
    }

    /// Holds whole, streamed and partial resizes at every level against `wanted`.
    fn check_levels(
        mode: Mode,
        geometry: &Geometry,
        filter: Filter,
        source: &[u8],
        wanted: &[u8],
        (seed, step, gap): (u32, usize, usize),
    ) {
        for_each_level(|level| {
            let mut resizer =
                RowResizer::for_geometry(level, mode, geometry, Method::Pillow(filter));
            let mut whole = vec![0; wanted.len()];
            resizer.run(source, 0..resizer.height, &mut whole);
            assert!(whole == wanted, "{level}: {geometry:?} {filter} {mode}");
            resizer.restart();
            let streamed = stream(&mut resizer, source, step, gap);
            assert!(streamed == wanted, "{level} streamed: {geometry:?} {filter} {mode}");
            let rows = part(resizer.height, seed);
            let part = &mut whole[..rows.len() * resizer.target_bytes];
            resizer.fork().run(source, rows.clone(), part);
            let wanted = &wanted[rows.start * resizer.target_bytes..][..part.len()];
            assert!(part == wanted, "{level} {rows:?}: {geometry:?} {filter} {mode}");
        });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Stands in for AVX-512 where the CPU lacks it.
        #[test]
        fn modelled_instructions_give_the_pixels_of_the_specification(
            geometry in geometries(),
            filter in filters(),
            bands in 1..=4_usize,
            seed in any::<u32>(),
        ) {
            let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * bands;
            let source = noise(pixels(geometry.source), seed);
            let mut wanted = vec![0; pixels(geometry.size)];
            let layout = Layout { bands, sample_bytes: 1 };
            let plan = passes::Plan::new::<Narrow>(layout, &geometry, filter);
            plan.run::<Narrow>(&source, 0..geometry.size.1 as usize, &mut wanted);
            let kernels = super::super::kernels::ModelledQuads;
            let weights = PassWeights::new(Level::get(), &geometry, filter);
            let pixels = Pixels { bands, bytes: bands, coding: Coding::Plain };
            let stream = pack(kernels, Level::Scalar, pixels, &geometry, &weights).unwrap();
            let mut resizer = RowResizer {
                stream,
                level: Level::Scalar,
                row_bytes: geometry.source.0 as usize * bands,
                target_bytes: geometry.size.0 as usize * bands,
                height: geometry.size.1 as usize,
            };
            let mut got = vec![0; wanted.len()];
            resizer.run(&source, 0..resizer.height, &mut got);
            prop_assert!(got == wanted, "{:?} {} {} bands", geometry, filter, bands);
        }
    }

    fn methods() -> impl Strategy<Value = Method> {
        prop_oneof![
            Just(Method::OpencvArea),
            Just(Method::OpencvLinear),
            proptest::sample::select(&[Filter::Bilinear, Filter::Bicubic]).prop_map(Method::Torch),
            filters().prop_map(Method::Light),
        ]
    }

    proptest! {
        /// What the tests of the Python package hold against the libraries themselves.
        #[test]
        fn other_methods_give_the_same_pixels_at_every_level_and_in_pieces(
            geometry in geometries(),
            method in methods(),
            mode in proptest::sample::select(&[Mode::L, Mode::La, Mode::Rgb, Mode::Rgba]),
            seed in any::<u32>(),
            step in 1..40_usize,
        ) {
            let region = (0.0, 0.0, geometry.source.0.into(), geometry.source.1.into());
            let geometry = match method {
                Method::Light(_) => geometry,
                _ => Geometry::new(geometry.source, Some(region), geometry.size).unwrap(),
            };
            let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * mode.bands();
            let source = noise(pixels(geometry.source), seed);
            let mut wanted = vec![0; pixels(geometry.size)];
            let mut scalar = RowResizer::for_geometry(Level::Scalar, mode, &geometry, method);
            scalar.run(&source, 0..scalar.height, &mut wanted);
            for_each_level(|level| {
                let mut resizer = RowResizer::for_geometry(level, mode, &geometry, method);
                let streamed = stream(&mut resizer, &source, step, 1);
                assert!(streamed == wanted, "{level} streamed: {geometry:?} {method:?} {mode}");
                let rows = part(resizer.height, seed);
                let mut part = vec![0; rows.len() * resizer.target_bytes];
                resizer.fork().run(&source, rows.clone(), &mut part);
                let wanted = &wanted[rows.start * resizer.target_bytes..][..part.len()];
                assert!(part == wanted, "{level} {rows:?}: {geometry:?} {method:?} {mode}");
            });
        }
    }

    /// Else tests of levels would compare scalar code with itself.
    #[test]
    fn all_levels_carry_the_weights_of_every_filter() {
        for_each_level(|level| {
            for filter in &Filter::ALL[1..] {
                for size in [(7, 5), (300, 200)] {
                    let options = ResizeOptions::new(*filter);
                    let resizer =
                        RowResizer::with_level(level, Mode::Rgb, (90, 70), size, &options);
                    assert_eq!(resizer.unwrap().level(), level, "{filter}");
                }
            }
        });
    }

    #[test]
    fn modes_that_cannot_stream_are_refused() {
        let options = ResizeOptions::new(Filter::Box);
        for mode in [Mode::P, Mode::Bilevel] {
            assert!(RowResizer::new(mode, (4, 4), (2, 2), &options).is_err(), "{mode}");
        }
        let part = ResizeOptions::from(Profile::OpencvArea).source((0.0, 0.0, 2.0, 4.0));
        assert!(RowResizer::new(Mode::L, (4, 4), (2, 2), &part).is_err());
        let nearest = ResizeOptions::new(Filter::Nearest);
        assert!(RowResizer::new(Mode::L, (4, 4), (2, 2), &nearest).is_err());
    }
}
