//! The pass across rows: packed pixels become lines, without being turned first.
//!
//! A *block* is as many target pixels as one vector has lanes for. Its source pixels start close
//! together, so that one load of 64 bytes brings the first taps of all of them, and one `pick`
//! puts four taps of a band into each lane. The next load starts `step` taps later and is picked
//! apart by the same order: the addresses move, the order does not. Windows of two steps that lie
//! so close together that one load brings all of their taps are picked apart by two orders.
//!
//! ```text
//! RGB, step 4   lanes   p0r p0g p0b p1r p1g p1b ... p4r p4g p4b  -
//!               a lane  taps t, t+1, t+2, t+3 of one band of one pixel
//! ```
//!
//! When the scale moves the pixels of a block too far apart for one load, there are fewer of
//! them, and a step is 8, 16 or (one band) 64 taps in as many lanes more: the sums of a half, a
//! quarter or all of the vector are then added up. [`Spread`] holds the choice.
//!
//! Four rows of results are packed into bytes of which four lie side by side, a column of a line.

use std::ops::Range;

use super::digits::{Digits, Planes};
use super::{Aligned, Ending, Starts, Sums, Vector, Walk};
use crate::resample::kernels::{Rows, Scratch};
use crate::resample::weights::{Weights, Window};
use crate::simd::fetch_for_later;

/// Bytes of a load.
const LOAD: usize = 64;

/// Rows that are summed at once: as many as registers hold.
const EIGHT: usize = 8;

/// How the taps of a pixel are spread over lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spread {
    /// One lane: 4 taps a step.
    Lane,
    /// The same lane of both halves: 8 taps a step.
    Halves,
    /// The same lane of four quarters: 16 taps a step.
    Quarters,
    /// Every lane: 64 taps a step, one band.
    All,
}

impl Spread {
    /// Taps of a step.
    fn taps(self) -> usize {
        match self {
            Self::Lane => 4,
            Self::Halves => 8,
            Self::Quarters => 16,
            Self::All => 64,
        }
    }

    /// Columns of a vector.
    fn columns(self) -> usize {
        64 / self.taps()
    }

    /// The lanes of column `column`, in the order of the taps.
    fn lanes(self, column: usize) -> impl Iterator<Item = usize> {
        (column..16).step_by(self.columns())
    }

    /// How many lanes a column has.
    fn lanes_of_column(self) -> i32 {
        16 / self.columns() as i32
    }

    /// Where each byte of a line comes from, once four rows of sums are samples.
    fn line_order(self) -> [u8; 64] {
        std::array::from_fn(|at| {
            let (column, row) = (at / 4 % self.columns(), at % 4);
            let from = match self {
                // Part by part: four columns of row 0, of row 1, ...
                Self::Lane => column / 4 * 16 + row * 4 + column % 4,
                // Parts 0, 1 hold rows 0 and 2 in turn; parts 2, 3 rows 1 and 3.
                Self::Halves => row % 2 * 32 + column / 4 * 16 + row / 2 * 4 + column % 4,
                // Part r is row r.
                Self::Quarters | Self::All => row * 16 + column,
            };
            from as u8
        })
    }
}

/// Where a block reads, and how it is picked apart.
#[derive(Debug)]
struct Block {
    /// The first byte of the first load.
    start: usize,
    /// Where in a line its pixels go.
    line_start: usize,
    /// The steps that are not thin: before and after these, all weights are so small that their
    /// third digit is 0, as the outermost of Lanczos are where rows do not cut windows off.
    thick: Range<usize>,
    /// That of the first step.
    order: Aligned,
}

/// The weights across rows, block by block.
#[derive(Debug)]
pub(crate) struct Across {
    spread: Spread,
    loads: Loads,
    ending: Ending,
    /// Of [`Spread::line_order`].
    line_order: Aligned,
    /// What the sum of every lane starts from, for all lanes of a column to make a half.
    start: i32,
    blocks: Vec<Block>,
    /// For each block, for each step: three digits for every lane.
    digits: Vec<[Aligned; 3]>,
    steps: usize,
    /// Bytes from one load to the next.
    step_bytes: usize,
}

impl Across {
    #[inline(always)]
    pub(crate) fn pack(weights: &Weights<i32>, bands: usize) -> Option<Self> {
        match bands {
            1 => Self::pack_bands::<1>(weights),
            2 => Self::pack_bands::<2>(weights),
            3 => Self::pack_bands::<3>(weights),
            _ => Self::pack_bands::<4>(weights),
        }
    }

    #[inline(always)]
    fn pack_bands<const BANDS: usize>(weights: &Weights<i32>) -> Option<Self> {
        let shape = Shape::choose(weights.windows(), BANDS);
        let Shape { spread, loads, steps } = shape;
        let ending = if spread == Spread::Lane { Ending::of(weights) } else { Ending::Clamp };
        let planes = Planes::new(weights, ending.shift())?;
        let count = shape.blocks(weights.windows(), BANDS).count();
        let mut blocks = Vec::with_capacity(count);
        let mut digits = vec![[Aligned([0; 64]); 3]; count * steps];
        let steps_of_blocks = digits.chunks_exact_mut(steps);
        let mut pixel = 0;
        for (windows, digits) in shape.blocks(weights.windows(), BANDS).zip(steps_of_blocks) {
            let mut block = Block::new::<BANDS>(windows, spread, pixel);
            for (pixel, window) in windows.iter().enumerate() {
                let lanes = (pixel * BANDS, spread.columns());
                let fours = planes.fours(window, 0);
                spread_digits::<BANDS>(digits, fours, lanes, &mut block.thick);
            }
            pixel += windows.len();
            blocks.push(block);
        }
        Some(Self {
            spread,
            loads,
            ending,
            line_order: Aligned(spread.line_order()),
            start: ending.start() / spread.lanes_of_column(),
            blocks,
            digits,
            steps,
            step_bytes: spread.taps() * BANDS,
        })
    }

    /// Whether most blocks read bytes of a cache line that the one before did not: not when the
    /// rows become much longer.
    fn reads_new_lines(&self) -> bool {
        let span = self.blocks.last().map_or(0, |block| block.start);
        span * 2 > self.blocks.len() * LOAD
    }

    /// Bytes that a block reads of a row.
    fn reach(&self) -> usize {
        match self.loads {
            Loads::One => LOAD,
            Loads::Each => (self.steps - 1) * self.step_bytes + LOAD,
        }
    }
}

impl Block {
    /// Of windows whose first one is that of pixel `pixel`.
    fn new<const BANDS: usize>(windows: &[Window], spread: Spread, pixel: usize) -> Self {
        // Four bytes of one band, from byte 0 on; the number of one is added to all.
        let four = u32::from_le_bytes([0, 1, 2, 3].map(|tap| tap * BANDS as u8));
        let first = windows[0].start;
        let mut order = Aligned([0; 64]);
        for (pixel, window) in windows.iter().enumerate() {
            let mut byte = (window.start - first) * BANDS;
            for lane in spread.lanes(pixel * BANDS) {
                for band in 0..BANDS {
                    let bytes = four + 0x0101_0101 * (byte + band) as u32;
                    order.0[(lane + band) * 4..][..4].copy_from_slice(&bytes.to_le_bytes());
                }
                byte += 4 * BANDS;
            }
        }
        let thick = Range { start: usize::MAX, end: 0 };
        Self { start: first * BANDS, line_start: pixel * BANDS * 4, thick, order }
    }
}

/// Puts the digits of one window into the lanes of its pixel, from `column` of `columns` on. Widens
/// `thick` to the steps that are not thin.
#[inline(always)]
fn spread_digits<const BANDS: usize>(
    steps: &mut [[Aligned; 3]],
    window: impl Iterator<Item = Digits>,
    (column, columns): (usize, usize),
    thick: &mut Range<usize>,
) {
    let (mut step, mut lane) = (0, column);
    for Digits(fours) in window {
        for (digit, four) in steps[step].iter_mut().zip(fours) {
            let lanes = digit.0.as_chunks_mut::<4>().0[lane..].first_chunk_mut::<BANDS>();
            *lanes.expect("a vector has lanes for all pixels") = [four.to_le_bytes(); BANDS];
        }
        if fours[2] != 0 {
            *thick = thick.start.min(step)..thick.end.max(step + 1);
        }
        lane += columns;
        if lane >= 16 {
            (step, lane) = (step + 1, column);
        }
    }
}

/// What is loaded for a block, of each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loads {
    /// 64 bytes for each step.
    Each,
    /// 64 bytes for two steps, which hold all taps of all windows.
    One,
}

/// How an axis is cut into blocks.
#[derive(Clone, Copy, Debug)]
struct Shape {
    spread: Spread,
    loads: Loads,
    steps: usize,
}

impl Shape {
    /// The one that costs least.
    fn choose(windows: &[Window], bands: usize) -> Self {
        let taps = windows.iter().map(|window| window.taps).max().unwrap_or(0);
        let shape = |spread: Spread, loads| {
            let steps = taps.div_ceil(spread.taps()).max(1);
            Self { spread, loads, steps }
        };
        let mut best = shape(Spread::Quarters, Loads::Each);
        let mut least = usize::MAX;
        let spreads = [Spread::Lane, Spread::Halves, Spread::Quarters, Spread::All];
        let each = spreads.map(|spread| shape(spread, Loads::Each));
        for shape in each.into_iter().chain([shape(Spread::Lane, Loads::One)]) {
            let cost = shape.cost(windows, bands);
            if cost < least {
                (best, least) = (shape, cost);
            }
        }
        best
    }

    /// In half-cycles of four rows: four picks and twelve products a step, and the end. A load that
    /// crosses cache lines, as most do, takes as long as a pick.
    fn cost(self, windows: &[Window], bands: usize) -> usize {
        if self.loads == Loads::One && self.steps != 2 || self.spread.columns() < bands {
            return usize::MAX;
        }
        let loads = if self.loads == Loads::One { 1 } else { self.steps };
        let end = if self.spread == Spread::Lane { 24 } else { 32 };
        let blocks = self.blocks(windows, bands).count();
        blocks * (self.steps * 16 + loads * 4 + end)
    }

    /// The windows of each block, as many as one load serves.
    fn blocks(self, windows: &[Window], bands: usize) -> impl Iterator<Item = &[Window]> {
        let most = self.spread.columns() / bands;
        let mut left = windows;
        std::iter::from_fn(move || {
            let first = left.first()?;
            let fits = |window: &&Window| {
                let end = match self.loads {
                    Loads::Each => window.start + self.spread.taps(),
                    Loads::One => window.end(),
                };
                (end - first.start) * bands <= LOAD
            };
            // Windows go on, and most blocks have as many as there are lanes for.
            let count = match left.get(most - 1) {
                Some(last) if fits(&last) => most,
                _ => left.iter().take(most).take_while(fits).count().max(1),
            };
            let (block, after) = left.split_at(count);
            left = after;
            Some(block)
        })
    }
}

/// Makes two lines of eight rows. Blocks whose loads end before the last byte there is read it
/// where it lies, the others from a copy with room after it.
#[inline(always)]
pub(crate) fn resample_rows<X: Vector>(
    x: X,
    rows: Rows<'_>,
    across: &Across,
    scratch: &mut Scratch,
    lines: &mut [u8],
) {
    let last = (EIGHT - 1) * rows.stride + across.reach();
    let inside = across.blocks.partition_point(|block| last + block.start <= rows.bytes.len());
    if inside > 0 {
        let apart = rows.next.as_ptr().addr().wrapping_sub(rows.bytes.as_ptr().addr());
        let ahead = (across.reads_new_lines() && last <= rows.next.len()).then_some(apart);
        let source = Source { rows: Starts::new(rows.bytes, rows.stride), from: 0, ahead };
        run_blocks(x, across, 0..inside, source, lines);
    }
    if let Some(block) = across.blocks.get(inside) {
        let end = across.blocks.last().map_or(0, |block| block.start + across.reach());
        let stride = end - block.start;
        rows.copy_ends(EIGHT, block.start, stride, &mut scratch.edge);
        let source =
            Source { rows: Starts::new(&scratch.edge, stride), from: block.start, ahead: None };
        run_blocks(x, across, inside..across.blocks.len(), source, lines);
    }
}

/// Rows in memory of which blocks are made: those of a [`Rows`], or their ends in a copy.
#[derive(Clone, Copy)]
struct Source<'a> {
    rows: Starts<'a, EIGHT>,
    /// The byte of a row that these begin with.
    from: usize,
    /// How far away the eight rows lie that come next, round the end of memory if need be, when
    /// memory is to be asked for them.
    ahead: Option<usize>,
}

/// Makes some blocks. (Numbers of steps have loops of their own since, with vectors this wide, an
/// instruction on plain numbers that could be saved takes the place of one on a vector.)
#[inline(always)]
fn run_blocks<X: Vector>(
    x: X,
    across: &Across,
    range: Range<usize>,
    source: Source<'_>,
    lines: &mut [u8],
) {
    let order = x.load(&across.line_order.0);
    let (upper, lower) = lines.split_at_mut(lines.len() / 2);
    let blocks = across.blocks[range.clone()].iter();
    let digits = &across.digits[range.start * across.steps..range.end * across.steps];
    macro_rules! run {
        ($digits:expr, $loads:expr, $sum:expr) => {
            for (block, digits) in blocks.zip($digits) {
                let at = block.start - source.from;
                if let Some(ahead) = source.ahead {
                    source
                        .rows
                        .places(at.wrapping_add(ahead))
                        .into_iter()
                        .for_each(fetch_for_later);
                }
                let walk = source.rows.walk(at, across.step_bytes, $loads);
                let [a, b, c, d, e, f, g, h] = $sum(x, walk, digits, across, block);
                let at = block.line_start;
                x.store(room(upper, at), narrow(x, across, [a, b, c, d], order));
                x.store(room(lower, at), narrow(x, across, [e, f, g, h], order));
            }
        };
    }
    match across.steps {
        1 => run!(digits.as_chunks::<1>().0, 1, sum_few::<_, 1, 1>),
        2 if across.loads == Loads::One => run!(digits.as_chunks::<2>().0, 1, sum_few::<_, 2, 1>),
        2 => run!(digits.as_chunks::<2>().0, 2, sum_few::<_, 2, 2>),
        3 => run!(digits.as_chunks::<3>().0, 3, sum_some),
        4 => run!(digits.as_chunks::<4>().0, 4, sum_some),
        5 => run!(digits.as_chunks::<5>().0, 5, sum_some),
        6 => run!(digits.as_chunks::<6>().0, 6, sum_some),
        steps => run!(digits.chunks_exact(steps), steps, sum_many),
    }
}

/// The bytes of a line that a vector goes to.
#[inline(always)]
fn room(line: &mut [u8], at: usize) -> &mut [u8; 64] {
    line[at..].first_chunk_mut().expect("lines have room for a vector after their end")
}

/// Sums a block of many steps, each digit on its own.
#[inline(always)]
fn sum_many<X: Vector>(
    x: X,
    mut walk: Walk<'_, EIGHT>,
    steps: &[[Aligned; 3]],
    across: &Across,
    block: &Block,
) -> [X::V; EIGHT] {
    let order = x.load(&block.order.0);
    let mut totals = [Sums::new(x, across.start); EIGHT];
    for (step, digits) in steps.iter().enumerate() {
        add_step(x, &mut totals, &mut walk, digits, block.thick.contains(&step), order);
    }
    add_up(x, totals)
}

/// Sums a block as [`sum_many`] does, for three to six steps, which Lanczos and its like have:
/// one step after the other without a loop.
#[inline(always)]
fn sum_some<X: Vector, const STEPS: usize>(
    x: X,
    mut walk: Walk<'_, EIGHT>,
    steps: &[[Aligned; 3]; STEPS],
    across: &Across,
    block: &Block,
) -> [X::V; EIGHT] {
    let order = x.load(&block.order.0);
    let mut totals = [Sums::new(x, across.start); EIGHT];
    macro_rules! add {
        ($($step:literal)*) => {$(
            if $step < STEPS {
                let thick = $step > 0 && $step < STEPS - 1 || block.thick.contains(&$step);
                add_step(x, &mut totals, &mut walk, &steps[$step], thick, order);
            }
        )*};
    }
    add!(0 1 2 3 4 5);
    add_up(x, totals)
}

/// Adds the taps of one step.
#[inline(always)]
fn add_step<X: Vector>(
    x: X,
    totals: &mut [Sums<X::V>; EIGHT],
    walk: &mut Walk<'_, EIGHT>,
    digits: &[Aligned; 3],
    thick: bool,
    order: X::V,
) {
    let [low, middle, high] = digits;
    let thin = [x.load(&low.0), x.load(&middle.0)];
    if thick {
        let digits = [thin[0], thin[1], x.load(&high.0)];
        for (total, samples) in totals.iter_mut().zip(x.load_rows(walk)) {
            total.add(x, x.pick(samples, order), &digits);
        }
    } else {
        for (total, samples) in totals.iter_mut().zip(x.load_rows(walk)) {
            total.add_thin(x, x.pick(samples, order), &thin);
        }
    }
}

/// The sums of all digits.
#[inline(always)]
fn add_up<X: Vector>(x: X, totals: [Sums<X::V>; EIGHT]) -> [X::V; EIGHT] {
    let mut sums = [x.splat(0); EIGHT];
    for (sum, total) in sums.iter_mut().zip(totals) {
        *sum = total.total(x);
    }
    sums
}

/// Sums a block of one or two steps: the samples stay in registers while one sum takes the upper
/// digits, moves up, and takes the next. (With three to six steps, this was slower by half: one
/// sum after the other has to wait for the one before.)
#[inline(always)]
fn sum_few<X: Vector, const STEPS: usize, const LOADS: usize>(
    x: X,
    mut walk: Walk<'_, EIGHT>,
    steps: &[[Aligned; 3]; STEPS],
    across: &Across,
    block: &Block,
) -> [X::V; EIGHT] {
    let order = x.load(&block.order.0);
    let next = x.add(order, x.splat(0x0101_0101 * across.step_bytes as i32));
    let mut loaded = [[order; EIGHT]; LOADS];
    for rows in &mut loaded {
        *rows = x.load_rows(&mut walk);
    }
    let mut sums = [x.splat(across.start >> 16); EIGHT];
    for (row, sum) in sums.iter_mut().enumerate() {
        let mut samples = [order; STEPS];
        for (step, samples) in samples.iter_mut().enumerate() {
            *samples = match LOADS {
                1 => x.pick(loaded[0][row], if step == 0 { order } else { next }),
                _ => x.pick(loaded[step][row], order),
            };
        }
        for digit in [2, 1, 0] {
            if digit < 2 {
                *sum = x.shift_8(*sum);
            }
            for (samples, digits) in samples.iter().zip(steps) {
                *sum = x.dot(*sum, *samples, x.load(&digits[digit].0));
            }
        }
    }
    sums
}

/// Four rows of sums as columns of a line; `order` is that of [`Spread::line_order`].
#[inline(always)]
fn narrow<X: Vector>(x: X, across: &Across, [a, b, c, d]: [X::V; 4], order: X::V) -> X::V {
    match (across.spread, across.ending) {
        (Spread::Lane, Ending::HighestByte) => return x.highest_bytes([a, b, c, d]),
        (Spread::Lane, Ending::Clamp) => return x.pick(x.to_samples([a, b, c, d]), order),
        _ => {}
    }
    let (ab, cd) = (x.add_halves(a, b), x.add_halves(c, d));
    if across.spread == Spread::Halves {
        return x.pick(x.to_samples([ab, cd, ab, cd]), order);
    }
    let all = x.add_quarters(ab, cd);
    let all = if across.spread == Spread::All { x.add_lanes(all) } else { all };
    x.pick(x.to_samples([all; 4]), order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::weights::Extent;
    use crate::resample::{Filter, fixed};
    use crate::simd::Level;

    #[test]
    fn one_load_serves_two_steps_where_it_reaches_all_taps() {
        let shape = |size, filter, bands| {
            let extent = Extent::whole(2725);
            let weights = fixed::build(Level::get(), 2725, extent, size, filter);
            let shape = Shape::choose(weights.windows(), bands);
            let pixels = shape.blocks(weights.windows(), bands).map(<[Window]>::len);
            (shape.steps, shape.loads, pixels.max().unwrap())
        };
        assert_eq!(shape(720, Filter::Bilinear, 1), (2, Loads::One, 16));
        assert_eq!(shape(720, Filter::Bilinear, 3), (2, Loads::Each, 5));
        assert_eq!(shape(4000, Filter::Lanczos, 3), (2, Loads::One, 5));
        assert_eq!(shape(4000, Filter::Bilinear, 1), (1, Loads::Each, 16));
        assert_eq!(shape(720, Filter::Lanczos, 1), (6, Loads::Each, 16));
    }

    #[test]
    fn outer_steps_of_lanczos_are_thin_but_for_windows_that_are_cut_off() {
        let (source, size) = (2725, 600);
        let extent = Extent::whole(source);
        let weights = fixed::build(Level::get(), source, extent, size, Filter::Lanczos);
        let across = Across::pack(&weights, 1).unwrap();
        let (first, others) = across.blocks.split_first().unwrap();
        assert_eq!(first.thick.start, 0);
        assert!(others.iter().all(|block| block.thick.start > 0 && block.thick.end < across.steps));
    }
}
