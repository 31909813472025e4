//! [`RowResizer`]: the resampler for images that never lie in memory whole.

use std::ops::Range;
use std::sync::Arc;

use super::engine::{Axes, Coding, Engine, Pixels, Plan, RowStream};
use super::kernels::lerp::Lerps;
#[cfg(target_arch = "x86_64")]
use super::kernels::numbers::{AxisOfColumns, Spread};
use super::kernels::numbers::{AxisOfNumbers, Numbers, Transfer};
use super::kernels::words::{AxisOfWords, Words};
use super::kernels::{Kernels, Plain, Rows};
use super::light::Light;
use super::method::Method;
use super::needs::Needs;
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
    /// [`Filter::Nearest`], and modes `1` and `P`. [`Memory`](crate::ErrorKind::Memory) when there
    /// is not as much memory as weights and rows need.
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
        Needs::new(mode, &geometry, method).ask(1, 0)?;
        Ok(Self::for_geometry(level, mode, &geometry, method))
    }

    /// The resizer of a checked geometry, for which there is memory.
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
    /// [`pop`](Self::pop) makes room, whether or not it has a row to give. Rows past the end of the
    /// image are taken and ignored.
    ///
    /// Groups of 16 rows are fastest: they are read where they lie.
    ///
    /// # Panics
    ///
    /// When `stride` is less than a row of pixels, and when `rows` is neither empty nor holds a row:
    /// it would never be taken.
    pub fn push(&mut self, rows: &[u8], stride: usize) -> usize {
        check_stride(stride, self.row_bytes);
        let count = count_rows(rows.len(), self.row_bytes, stride);
        let (bytes, needed) = (rows.len(), self.row_bytes);
        assert!(count > 0 || bytes == 0, "{bytes} bytes are pushed, but a row has {needed}");
        self.stream.push(Rows { bytes: rows, row_bytes: self.row_bytes, stride, count, next: &[] })
    }

    /// Writes the rows that are ready to `target`, one every `stride` bytes, as many as fit.
    /// Returns how many: none fit into less than a row of pixels.
    ///
    /// # Panics
    ///
    /// When `stride` is less than a row of pixels.
    pub fn pop(&mut self, target: &mut [u8], stride: usize) -> usize {
        check_stride(stride, self.target_bytes);
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

fn check_stride(stride: usize, row_bytes: usize) {
    assert!(stride >= row_bytes, "a stride of {stride} bytes is less than a row of {row_bytes}");
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
                Sample::F32 => floats(level, pixels, geometry, filter),
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

/// The stream of mode F.
fn floats(level: Level, pixels: Pixels, geometry: &Geometry, filter: Filter) -> Stream {
    let across = geometry.horizontal_weights(filter, Weights::build);
    let down = geometry.vertical_weights(filter, Weights::build).map(AxisOfNumbers::new);
    let rows_first = geometry.vertical_first();
    #[cfg(target_arch = "x86_64")]
    let across = match (Spread::new(level), across) {
        (Some(kernels), Some(weights)) => match AxisOfColumns::new(weights) {
            Ok(across) => {
                let axes = Axes::new(Some(across), down.map(with_ends), rows_first);
                return engine(kernels, level, pixels, geometry, axes);
            }
            Err(weights) => Some(weights),
        },
        (_, across) => across,
    };
    numbers(level, F32, pixels, geometry, (across.map(AxisOfNumbers::new), down, rows_first))
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
    let build =
        |source, extent, size, filter| AxisOfWords::build(level, source, extent, size, filter);
    let across =
        geometry.horizontal_weights(filter, build).map_or(Some(None), |axis| axis.map(Some));
    let down = geometry.vertical_weights(filter, build).map_or(Some(None), |axis| axis.map(Some));
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
    engine(kernels, level, pixels, geometry, Axes::new(across, down.map(with_ends), rows_first))
}

/// An axis, and one past the last source row of each target row.
fn with_ends<N>(axis: AxisOfNumbers<N>) -> (AxisOfNumbers<N>, Vec<usize>) {
    let ends = axis.ends();
    (axis, ends)
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
mod tests;
