//! Lines of four rows, sixteen rows at a time, over vectors of 64 bytes that can multiply and add
//! bytes (`vpdpbusd`): the kernels of the AVX-512 level.
//!
//! A weight is split into three signed bytes, `d0 + 256 * d1 + 65536 * d2`. Each meets the
//! samples as they are, in sums of 32 bits of its own; shifted and added up, they are right
//! modulo 2^32, as those of the scalar specification are.
//!
//! The layout is that of the AVX2 kernels with units of four taps: a vector holds one unit of
//! sixteen rows (horizontal pass) or of sixteen columns (vertical pass), and a window is a run of
//! such vectors, each multiplied by the same four weights in all lanes.
//!
//! The code is safe and knows vectors only through [`Vector`]; tests run it over a model of the
//! instructions, so that it is tested on CPUs that lack them.

use super::super::scalar::HALF;
use super::super::weights::Weights;
use super::{Axis, Rows, Scratch};

/// The instructions that the kernels need, on vectors of 16 lanes of 32 bits.
pub(crate) trait Vector: Copy {
    /// 64 bytes.
    type V: Copy;

    /// The same number in all lanes.
    fn splat(self, value: i32) -> Self::V;
    /// The bytes in memory.
    fn load(self, bytes: &[u8; 64]) -> Self::V;
    /// The bytes to memory.
    fn store(self, bytes: &mut [u8; 64], value: Self::V);
    /// Four times 16 bytes.
    fn join(self, parts: [&[u8; 16]; 4]) -> Self::V;
    /// To each lane of `sum`, adds the four products of unsigned and signed bytes of that lane.
    fn dot(self, sum: Self::V, samples: Self::V, weights: Self::V) -> Self::V;
    /// Sums of lanes.
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// Lanes shifted up by 8 bits.
    fn shift_8(self, a: Self::V) -> Self::V;
    /// Each lane as a sample: shifted down by the precision bits, clamped to 0..=255.
    fn to_samples(self, a: Self::V) -> [u8; 16];
    /// In each part of 16 bytes, the bytes `order` names; 0x80 gives zero.
    fn shuffle(self, a: Self::V, order: &[u8; 16]) -> Self::V;
    /// In each part of 16 bytes, the lower lanes of `a` and `b` in turn.
    fn unpack_low_32(self, a: Self::V, b: Self::V) -> Self::V;
    /// In each part of 16 bytes, the upper lanes of `a` and `b` in turn.
    fn unpack_high_32(self, a: Self::V, b: Self::V) -> Self::V;
    /// In each part of 16 bytes, the lower halves of `a` and `b`.
    fn unpack_low_64(self, a: Self::V, b: Self::V) -> Self::V;
    /// In each part of 16 bytes, the upper halves of `a` and `b`.
    fn unpack_high_64(self, a: Self::V, b: Self::V) -> Self::V;
    /// The lanes that `order` names: 0..16 are of `a`, 16..32 of `b`.
    fn select(self, a: Self::V, b: Self::V, order: &[u32; 16]) -> Self::V;
}

/// The weights of four taps, digit by digit.
#[derive(Clone, Copy, Debug, Default)]
struct Digits([i32; 3]);

impl Digits {
    fn new(weights: [i32; 4]) -> Option<Self> {
        let mut digits = [[0_i8; 4]; 3];
        for (tap, &weight) in weights.iter().enumerate() {
            let mut rest = weight;
            for digit in &mut digits[..2] {
                digit[tap] = rest as i8;
                rest = (rest - i32::from(rest as i8)) >> 8;
            }
            digits[2][tap] = i8::try_from(rest).ok()?;
        }
        Some(Self(digits.map(|digit| i32::from_le_bytes(digit.map(|d| d as u8)))))
    }
}

/// An axis whose windows consist of fours of taps.
#[derive(Debug)]
pub(crate) struct AxisOfQuads {
    first_units: Vec<u32>,
    digits: Vec<Digits>,
    units: usize,
}

impl AxisOfQuads {
    pub(super) fn pack(weights: &Weights<i32>) -> Option<Self> {
        let spans = weights.windows().iter().map(|w| w.end().div_ceil(4) - w.start / 4);
        let units = spans.max().unwrap_or(0).max(1);
        let mut axis = Self {
            first_units: weights.windows().iter().map(|w| (w.start / 4) as u32).collect(),
            digits: Vec::with_capacity(units * weights.len()),
            units,
        };
        for (window, values) in weights.iter() {
            axis.push(window.start % 4, values)?;
        }
        Some(axis)
    }

    /// Appends the digits of one window whose first tap is the `lead`th of its unit.
    fn push(&mut self, lead: usize, values: &[i32]) -> Option<()> {
        let at = |tap: usize| tap.checked_sub(lead).and_then(|tap| values.get(tap));
        for unit in 0..self.units {
            let four = [0, 1, 2, 3].map(|tap| at(4 * unit + tap).map_or(0, |weight| *weight));
            self.digits.push(Digits::new(four)?);
        }
        Some(())
    }

    fn len(&self) -> usize {
        self.first_units.len()
    }

    fn digits(&self, index: usize) -> &[Digits] {
        &self.digits[index * self.units..][..self.units]
    }
}

impl Axis for AxisOfQuads {
    fn first_unit(&self, index: usize) -> usize {
        self.first_units[index] as usize
    }

    fn units(&self) -> usize {
        self.units
    }
}

/// Bytes of a line: `resample_rows` writes blocks of 16 pixels.
pub(super) fn line_bytes(columns: usize) -> usize {
    (columns + 15 * 4).next_multiple_of(16) * 4
}

/// The sums of 16 outputs, for each digit.
#[derive(Clone, Copy)]
struct Sums<V>([V; 3]);

impl<V: Copy> Sums<V> {
    #[inline(always)]
    fn new<X: Vector<V = V>>(x: X) -> Self {
        Self([x.splat(HALF), x.splat(0), x.splat(0)])
    }

    /// Adds one unit of 16 outputs.
    #[inline(always)]
    fn add<X: Vector<V = V>>(&mut self, x: X, samples: V, digits: &[V; 3]) {
        for (sum, &digit) in self.0.iter_mut().zip(digits) {
            *sum = x.dot(*sum, samples, digit);
        }
    }

    #[inline(always)]
    fn finish<X: Vector<V = V>>(self, x: X) -> [u8; 16] {
        let [low, middle, high] = self.0;
        let upper = x.add(middle, x.shift_8(high));
        x.to_samples(x.add(low, x.shift_8(upper)))
    }
}

/// Pixels that one 16-byte load of a row brings, rounded down to a multiple of 4.
const fn chunk_pixels(bands: usize) -> usize {
    (16 / bands) & !3
}

/// The horizontal pass. Blocks of 16 pixels: turn as many source columns as they need, sum each
/// pixel for 16 rows, turn the sums back into lines.
#[inline(always)]
pub(super) fn resample_rows<X: Vector, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    axis: &AxisOfQuads,
    scratch: &mut Scratch,
    lines: &mut [u8],
) {
    let chunk_units = chunk_pixels(BANDS) / 4;
    let base = axis.first_unit(0);
    let all = axis.first_unit(axis.len() - 1) + axis.units - base;
    let vectors = all.next_multiple_of(chunk_units) * BANDS;
    let scratch = &mut scratch.quads;
    if scratch.len() < vectors {
        scratch.resize(vectors, [0; 64]);
    }
    let line_bytes = lines.len() / 4;
    let mut filled = 0;
    let mut samples = [[0; 16]; 16 * 4];
    for block in (0..axis.len()).step_by(16) {
        let pixels = (axis.len() - block).min(16);
        let needed = axis.first_unit(block + pixels - 1) + axis.units - base;
        while filled < needed {
            let column = (base + filled) * 4 * BANDS;
            turn_chunk::<X, BANDS>(x, rows, column, &mut scratch[filled * BANDS..]);
            filled += chunk_units;
        }
        for pixel in 0..pixels {
            let index = block + pixel;
            let first = (axis.first_unit(index) - base) * BANDS;
            let window = &scratch[first..][..axis.units * BANDS];
            let target = &mut samples[pixel * BANDS..][..BANDS];
            sum_pixel::<X, BANDS>(x, window, axis.digits(index), target);
        }
        for (part, columns) in samples[..16 * BANDS].as_chunks::<16>().0.iter().enumerate() {
            store_columns(x, columns, lines, line_bytes, (block * BANDS + part * 16) * 4);
        }
    }
}

/// Sums one pixel of 16 rows.
#[inline(always)]
fn sum_pixel<X: Vector, const BANDS: usize>(
    x: X,
    window: &[[u8; 64]],
    digits: &[Digits],
    target: &mut [[u8; 16]],
) {
    let mut totals = [Sums::new(x); BANDS];
    for (unit, digits) in window.chunks_exact(BANDS).zip(digits) {
        let digits = digits.0.map(|digit| x.splat(digit));
        for (total, samples) in totals.iter_mut().zip(unit) {
            total.add(x, x.load(samples), &digits);
        }
    }
    for (target, total) in target.iter_mut().zip(totals) {
        *target = total.finish(x);
    }
}

/// The order that brings the samples of four neighbouring pixels together, band by band.
const fn quad_order(bands: usize) -> [u8; 16] {
    let mut order = [0x80; 16];
    let mut at = 0;
    while at < chunk_pixels(bands) * bands {
        let (quad, tap) = (at / 4, at % 4);
        order[at] = ((quad / bands * 4 + tap) * bands + quad % bands) as u8;
        at += 1;
    }
    order
}

/// Turns one chunk of 16 rows, from byte `column` on, into units: for each four pixels, for each
/// band, 64 bytes. What a chunk has past the end of its row meets no weight but zero.
#[inline(always)]
fn turn_chunk<X: Vector, const BANDS: usize>(
    x: X,
    rows: Rows<'_>,
    column: usize,
    units: &mut [[u8; 64]],
) {
    let order = const { quad_order(BANDS) };
    let mut edge = [[0; 16]; 16];
    let v = [0, 1, 2, 3].map(|row| {
        for part in 0..4 {
            copy_chunk(rows, row + 4 * part, column, &mut edge[row + 4 * part]);
        }
        let parts = [0, 1, 2, 3].map(|part| &edge[row + 4 * part]);
        let joined = x.join(parts);
        if BANDS == 1 { joined } else { x.shuffle(joined, &order) }
    });
    // In each part of 16 bytes, four rows of one vector each become one row of four vectors.
    let (low01, high01) = (x.unpack_low_32(v[0], v[1]), x.unpack_high_32(v[0], v[1]));
    let (low23, high23) = (x.unpack_low_32(v[2], v[3]), x.unpack_high_32(v[2], v[3]));
    let turned = [
        x.unpack_low_64(low01, low23),
        x.unpack_high_64(low01, low23),
        x.unpack_low_64(high01, high23),
        x.unpack_high_64(high01, high23),
    ];
    let count = chunk_pixels(BANDS) / 4 * BANDS;
    for (unit, value) in units[..count].iter_mut().zip(turned) {
        x.store(unit, value);
    }
}

/// The 16 bytes from `column` on of a row; less, before zeros, at the end of the last row.
#[inline(always)]
fn copy_chunk(rows: Rows<'_>, row: usize, column: usize, chunk: &mut [u8; 16]) {
    let rest = rows.bytes.get(row * rows.stride + column..).unwrap_or_default();
    match rest.first_chunk() {
        Some(whole) => *chunk = *whole,
        None => chunk[..rest.len()].copy_from_slice(rest),
    }
}

/// Stores 16 columns of 16 rows as 64 bytes in each of 4 lines: from `c0:r0..r15, c1:r0..r15` to
/// `c0:r0..r3 c1:r0..r3 ...`, `c0:r4..r7 ...` and so on.
#[inline(always)]
fn store_columns<X: Vector>(
    x: X,
    columns: &[[u8; 16]; 16],
    lines: &mut [u8],
    line_bytes: usize,
    at: usize,
) {
    const FIRST: [u32; 16] = [0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29];
    const LOW: [u32; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
    let second = FIRST.map(|lane| lane + 2);
    let high = LOW.map(|lane| lane + 8);
    let [a, b, c, d] =
        [0, 4, 8, 12].map(|column| x.join([0, 1, 2, 3].map(|next| &columns[column + next])));
    let (left01, left23) = (x.select(a, b, &FIRST), x.select(a, b, &second));
    let (right01, right23) = (x.select(c, d, &FIRST), x.select(c, d, &second));
    let by_line = [
        x.select(left01, right01, &LOW),
        x.select(left01, right01, &high),
        x.select(left23, right23, &LOW),
        x.select(left23, right23, &high),
    ];
    for (line, value) in lines.chunks_exact_mut(line_bytes).zip(by_line) {
        let bytes = line[at..].first_chunk_mut().expect("lines end after whole blocks");
        x.store(bytes, value);
    }
}

/// Two rows of four bytes at a time, as they lie in a line.
#[inline(always)]
pub(super) fn interleave_rows(rows: Rows<'_>, lines: &mut [u8]) {
    let line_bytes = lines.len() / 4;
    for (index, line) in lines.chunks_exact_mut(line_bytes).enumerate() {
        let four = [0, 1, 2, 3].map(|row| rows.row(4 * index + row));
        for (column, target) in line.as_chunks_mut::<4>().0[..rows.row_bytes].iter_mut().enumerate()
        {
            *target = four.map(|row| row[column]);
        }
    }
}

/// The vertical pass: 64 columns at a time, then what is left in blocks of 16.
#[inline(always)]
pub(super) fn combine_lines<X: Vector>(
    x: X,
    lines: &[&[u8]],
    axis: &AxisOfQuads,
    index: usize,
    target: &mut [u8],
) {
    let digits = axis.digits(index);
    assert_eq!(lines.len(), digits.len());
    let (wide, rest) = target.as_chunks_mut::<64>();
    let done = wide.len() * 64;
    for (block, target) in wide.iter_mut().enumerate() {
        combine_block::<X, 4>(x, lines, digits, block * 64, target);
    }
    for (block, target) in rest.chunks_mut(16).enumerate() {
        combine_block::<X, 1>(x, lines, digits, done + block * 16, target);
    }
}

/// Sums `16 * COUNT` columns from `column` on; stores as many as `target` holds.
#[inline(always)]
fn combine_block<X: Vector, const COUNT: usize>(
    x: X,
    lines: &[&[u8]],
    digits: &[Digits],
    column: usize,
    target: &mut [u8],
) {
    let mut totals = [Sums::new(x); COUNT];
    for (line, digits) in lines.iter().zip(digits) {
        let digits = digits.0.map(|digit| x.splat(digit));
        let samples = line[column * 4..][..COUNT * 64].as_chunks::<64>().0;
        for (total, samples) in totals.iter_mut().zip(samples) {
            total.add(x, x.load(samples), &digits);
        }
    }
    for (total, target) in totals.into_iter().zip(target.chunks_mut(16)) {
        target.copy_from_slice(&total.finish(x)[..target.len()]);
    }
}

/// A model of the instructions, from their description in Intel's manual, for tests.
#[cfg(test)]
pub(crate) mod model {
    use super::super::super::scalar::to_sample;
    use super::Vector;

    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Model;

    fn lanes(v: [u8; 64]) -> [i32; 16] {
        std::array::from_fn(|lane| i32::from_le_bytes(*v[lane * 4..].first_chunk().unwrap()))
    }

    fn from_lanes(lanes: [i32; 16]) -> [u8; 64] {
        std::array::from_fn(|at| lanes[at / 4].to_le_bytes()[at % 4])
    }

    /// In each part of four lanes, the lanes that `order` names: 0..4 of `a`, 4..8 of `b`.
    fn in_parts(a: [u8; 64], b: [u8; 64], order: [usize; 4]) -> [u8; 64] {
        let (a, b) = (lanes(a), lanes(b));
        from_lanes(std::array::from_fn(|lane| {
            let (part, from) = (lane / 4 * 4, order[lane % 4]);
            if from < 4 { a[part + from] } else { b[part + from - 4] }
        }))
    }

    impl Vector for Model {
        type V = [u8; 64];

        fn splat(self, value: i32) -> [u8; 64] {
            from_lanes([value; 16])
        }

        fn load(self, bytes: &[u8; 64]) -> [u8; 64] {
            *bytes
        }

        fn store(self, bytes: &mut [u8; 64], value: [u8; 64]) {
            *bytes = value;
        }

        fn join(self, parts: [&[u8; 16]; 4]) -> [u8; 64] {
            std::array::from_fn(|at| parts[at / 16][at % 16])
        }

        fn dot(self, sum: [u8; 64], samples: [u8; 64], weights: [u8; 64]) -> [u8; 64] {
            let sums = lanes(sum);
            from_lanes(std::array::from_fn(|lane| {
                (lane * 4..lane * 4 + 4).fold(sums[lane], |sum, at| {
                    sum.wrapping_add(i32::from(samples[at]) * i32::from(weights[at] as i8))
                })
            }))
        }

        fn add(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
            let (a, b) = (lanes(a), lanes(b));
            from_lanes(std::array::from_fn(|lane| a[lane].wrapping_add(b[lane])))
        }

        fn shift_8(self, a: [u8; 64]) -> [u8; 64] {
            from_lanes(lanes(a).map(|lane| lane << 8))
        }

        fn to_samples(self, a: [u8; 64]) -> [u8; 16] {
            lanes(a).map(to_sample)
        }

        fn shuffle(self, a: [u8; 64], order: &[u8; 16]) -> [u8; 64] {
            std::array::from_fn(|at| match order[at % 16] {
                from if from & 0x80 != 0 => 0,
                from => a[at / 16 * 16 + usize::from(from & 15)],
            })
        }

        fn unpack_low_32(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
            in_parts(a, b, [0, 4, 1, 5])
        }

        fn unpack_high_32(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
            in_parts(a, b, [2, 6, 3, 7])
        }

        fn unpack_low_64(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
            in_parts(a, b, [0, 1, 4, 5])
        }

        fn unpack_high_64(self, a: [u8; 64], b: [u8; 64]) -> [u8; 64] {
            in_parts(a, b, [2, 3, 6, 7])
        }

        fn select(self, a: [u8; 64], b: [u8; 64], order: &[u32; 16]) -> [u8; 64] {
            let (a, b) = (lanes(a), lanes(b));
            from_lanes(order.map(|from| {
                let from = from as usize % 32;
                if from < 16 { a[from] } else { b[from - 16] }
            }))
        }
    }
}
