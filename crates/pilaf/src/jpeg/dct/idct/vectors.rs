//! The transforms over vectors: a block in each lane, two and four a lane for sizes 4 and 2.
//!
//! The arithmetic is that of `scalar` and `reduced`, lane by lane; what is added are shortcuts whose result is
//! the same: blocks with only a DC coefficient, and passes whose inputs 4 to 7 are zero.

use super::blocks::Groups;
use super::scalar::dc_sample;
use super::scaled::idct_1x1;
use super::{Block, BlockRow};
use crate::jpeg::dct::sums::{add, half, sub};
use crate::simd::{Vector, Wide};

/// Ones in all places of a row but the first.
const NOT_DC: [i16; 8] = [0, -1, -1, -1, -1, -1, -1, -1];

/// Where samples go: the first of the first row, and from row to row.
type Target<'a> = (&'a mut [u8], usize);

/// Row `row` of a block.
#[inline(always)]
fn row_of(block: &Block, row: usize) -> &[i16; 8] {
    &block.as_chunks::<8>().0[row]
}

/// Transforms a row of blocks to `$size` x `$size` samples each, `$in_lane` blocks of each lane at a time by
/// `$kernel`. At the end of the row samples of missing blocks are made and dropped. (A macro, because a
/// function passed as a value would not be inlined.)
macro_rules! transform_row {
    ($x:ident, $size:literal, $in_lane:literal, $kernel:ident, $blocks:ident, $multipliers:ident, $target:ident) => {{
        let (out, stride) = $target;
        let together = $in_lane * X::LANES;
        let mut groups = Groups::<{ 2 * $in_lane }>::new(together);
        while groups.next($blocks) {
            let column = groups.first * $size;
            if groups.is_whole() {
                let target = (&mut out[column..], stride);
                $kernel($x, groups.blocks($blocks), $multipliers, target);
            } else {
                let mut square = [0; 128];
                $kernel($x, groups.blocks($blocks), $multipliers, (&mut square, 16));
                let width = groups.count * $size;
                for (row, samples) in square.chunks_exact(16).take($size).enumerate() {
                    out[row * stride + column..][..width].copy_from_slice(&samples[..width]);
                }
            }
            groups.release($blocks);
        }
    }};
}

/// Size 8.
#[inline(always)]
pub(super) fn row_8x8<X: Vector<N>, const N: usize>(
    x: X,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    target: Target<'_>,
) {
    transform_row!(x, 8, 1, full, blocks, multipliers, target);
}

/// Size 4.
#[inline(always)]
pub(super) fn row_4x4<X: Vector<N>, const N: usize>(
    x: X,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    target: Target<'_>,
) {
    transform_row!(x, 4, 2, half_size, blocks, multipliers, target);
}

/// Size 2.
#[inline(always)]
pub(super) fn row_2x2<X: Vector<N>, const N: usize>(
    x: X,
    blocks: &mut impl BlockRow,
    multipliers: &Block,
    target: Target<'_>,
) {
    transform_row!(x, 2, 4, quarter_size, blocks, multipliers, target);
}

/// Size 1, whose samples lie side by side. There is nothing to compute in parallel, but blocks are emptied by
/// wider stores.
#[inline(always)]
pub(super) fn row_1x1(blocks: &mut impl BlockRow, multiplier: i16, out: &mut [u8]) {
    let mut groups = Groups::<1>::new(1);
    while groups.next(blocks) {
        let [block] = groups.blocks(blocks);
        out[groups.first] = idct_1x1(block[0], multiplier);
        groups.release(blocks);
    }
}

/// One block in each lane to eight rows.
#[inline(always)]
fn full<X: Vector<N>, const N: usize>(
    x: X,
    blocks: [&Block; 2],
    multipliers: &Block,
    (out, stride): Target<'_>,
) {
    let mut rows = [x.splat(0); 8];
    for (row, values) in rows.iter_mut().enumerate() {
        *values = x.load_lanes_of_words(|lane| row_of(blocks[lane], row));
    }
    let low = x.or(x.or(rows[1], rows[2]), rows[3]);
    let high = x.or(x.or(rows[4], rows[5]), x.or(rows[6], rows[7]));
    let ac_rows = x.or(low, high);
    let ac = x.or(ac_rows, x.and(rows[0], x.repeat_words(&NOT_DC)));
    if x.is_zero(ac) {
        for (lane, block) in blocks[..X::LANES].iter().enumerate() {
            let sample = dc_sample(block[0], multipliers[0]);
            for row in 0..8 {
                out[row * stride + 8 * lane..][..8].fill(sample);
            }
        }
        return;
    }
    let mut input = rows;
    for (row, values) in input.iter_mut().enumerate() {
        *values = x.mul_words(*values, x.repeat_words(row_of(multipliers, row)));
    }
    // Blocks without AC rows take the short first pass.
    let short = x.words_up::<2>(input[0]);
    let short_lanes = x.zero_lanes(ac_rows);
    let work = if short_lanes == (1 << X::LANES) - 1 {
        [short; 8]
    } else {
        let work = if x.is_zero(high) {
            islow_low_pass::<X, N, 11>(x, input)
        } else {
            islow_pass::<X, N, 11>(x, input)
        };
        x.replace_lanes(work, short, short_lanes)
    };
    let columns = x.transpose_words(work);
    let right = x.high_quads(x.or(ac, rows[0]), x.splat(0));
    let output = if x.is_zero(right) {
        islow_low_pass::<X, N, 18>(x, columns)
    } else {
        islow_pass::<X, N, 18>(x, columns)
    };
    store_columns(x, output, out, stride);
}

/// Sums from the front, differences from the back, without `SHIFT` fraction bits.
#[inline(always)]
fn butterfly<X: Vector<N>, const N: usize, const SHIFT: i32>(
    x: X,
    even: [Wide<X::V>; 4],
    odd: [Wide<X::V>; 4],
) -> [X::V; 8] {
    let sum = |k: usize| x.narrow::<SHIFT>(add(x, even[k], odd[k]));
    let difference = |k: usize| x.narrow::<SHIFT>(sub(x, even[k], odd[k]));
    [sum(0), sum(1), sum(2), sum(3), difference(3), difference(2), difference(1), difference(0)]
}

/// One 8-point pass over eight columns of each lane; the constants are those of `scalar::islow_1d`.
#[inline(always)]
fn islow_pass<X: Vector<N>, const N: usize, const SHIFT: i32>(x: X, v: [X::V; 8]) -> [X::V; 8] {
    let round = half::<X, N, SHIFT>(x);
    let v04 = x.pair(x.add_words(v[0], v[4]), x.sub_words(v[0], v[4]));
    let (sum, difference) = (x.dot_onto(round, v04, 8192, 0), x.dot_onto(round, v04, 0, 8192));
    let v26 = x.pair(v[2], v[6]);
    let even = [
        x.dot_onto(sum, v26, 10703, 4433),
        x.dot_onto(difference, v26, 4433, -10704),
        x.dot_onto(difference, v26, -4433, 10704),
        x.dot_onto(sum, v26, -10703, -4433),
    ];
    let z34 = x.pair(x.add_words(v[3], v[7]), x.add_words(v[1], v[5]));
    let (z3, z4) = (x.dot(z34, -6436, 9633), x.dot(z34, 9633, 6437));
    let (v71, v53) = (x.pair(v[7], v[1]), x.pair(v[5], v[3]));
    let odd = [
        x.dot_onto(z4, v71, -7373, 4926),
        x.dot_onto(z3, v53, -20995, 4177),
        x.dot_onto(z4, v53, -4176, -20995),
        x.dot_onto(z3, v71, -4927, -7373),
    ];
    butterfly::<X, N, SHIFT>(x, even, odd)
}

/// [`islow_pass`] for inputs 4 to 7 all zero, where each sum of products needs only two.
#[inline(always)]
fn islow_low_pass<X: Vector<N>, const N: usize, const SHIFT: i32>(x: X, v: [X::V; 8]) -> [X::V; 8] {
    let round = half::<X, N, SHIFT>(x);
    let v02 = x.pair(v[0], v[2]);
    let even = [
        x.dot_onto(round, v02, 8192, 10703),
        x.dot_onto(round, v02, 8192, 4433),
        x.dot_onto(round, v02, 8192, -4433),
        x.dot_onto(round, v02, 8192, -10703),
    ];
    let v13 = x.pair(v[1], v[3]);
    let odd = [
        x.dot(v13, 4926 + 6437, 9633),
        x.dot(v13, 9633, 4177 - 6436),
        x.dot(v13, 6437, 9633 - 20995),
        x.dot(v13, 9633 - 7373, -6436),
    ];
    butterfly::<X, N, SHIFT>(x, even, odd)
}

/// Clamps words to samples around 128.
#[inline(always)]
fn samples<X: Vector<N>, const N: usize>(x: X, a: X::V, b: X::V) -> X::V {
    x.xor(x.to_signed_bytes(a, b), x.repeat(&[0x80; 16]))
}

/// Clamps and writes the blocks of all lanes, given by columns: eight rows.
#[inline(always)]
fn store_columns<X: Vector<N>, const N: usize>(
    x: X,
    columns: [X::V; 8],
    out: &mut [u8],
    stride: usize,
) {
    // Bytes of one lane: eight rows of one column, then eight rows of the other.
    let pack = |a: usize, b: usize| samples(x, columns[a], columns[b]);
    let (c04, c15, c26, c37) = (pack(0, 4), pack(1, 5), pack(2, 6), pack(3, 7));
    // Rows 0..8 of columns 0 and 1 (then 4 and 5), byte by byte; then of four columns.
    let (c01, c45) = (x.low_bytes(c04, c15), x.high_bytes(c04, c15));
    let (c23, c67) = (x.low_bytes(c26, c37), x.high_bytes(c26, c37));
    let (left0, left4) = (x.low_words(c01, c23), x.high_words(c01, c23));
    let (right0, right4) = (x.low_words(c45, c67), x.high_words(c45, c67));
    let pairs_of_rows = [
        x.low_doubles(left0, right0),
        x.high_doubles(left0, right0),
        x.low_doubles(left4, right4),
        x.high_doubles(left4, right4),
    ];
    x.store_row_pairs(out, stride, pairs_of_rows);
}

/// Two blocks in each lane to four rows.
#[inline(always)]
fn half_size<X: Vector<N>, const N: usize>(
    x: X,
    blocks: [&Block; 4],
    multipliers: &Block,
    (out, stride): Target<'_>,
) {
    let (first, first_is_flat) = columns_4x4(x, |lane| blocks[2 * lane], multipliers);
    let (second, second_is_flat) = columns_4x4(x, |lane| blocks[2 * lane + 1], multipliers);
    if first_is_flat && second_is_flat {
        for (index, block) in blocks[..2 * X::LANES].iter().enumerate() {
            let dc = block[0].wrapping_mul(multipliers[0]) << 2;
            let sample = ((i32::from(dc) + 16) >> 5).clamp(-128, 127) + 128;
            for row in 0..4 {
                out[row * stride + 4 * index..][..4].fill(sample as u8);
            }
        }
        return;
    }
    // Lanes of the columns: rows 0..4 of the first block, then of the second one.
    let columns = x.transpose_words([
        first[0], first[1], first[2], first[3], second[0], second[1], second[2], second[3],
    ]);
    let c = inverse_4::<X, N, 19>(x, columns);
    let (c02, c13) = (samples(x, c[0], c[2]), samples(x, c[1], c[3]));
    let (c01, c23) = (x.low_bytes(c02, c13), x.high_bytes(c02, c13));
    // Four rows of four samples, of the first block and the second.
    let (first, second) = (x.low_words(c01, c23), x.high_words(c01, c23));
    let pairs_of_rows = [x.low_doubles(first, second), x.high_doubles(first, second)];
    x.store_row_pairs(out, stride, pairs_of_rows);
}

/// First pass of the 4x4 transform of a block in each lane, and whether they have none but DC coefficients.
#[inline(always)]
fn columns_4x4<'b, X: Vector<N>, const N: usize>(
    x: X,
    block: impl Fn(usize) -> &'b Block,
    multipliers: &Block,
) -> ([X::V; 4], bool) {
    let row = |row: usize| x.load_lanes_of_words(|lane| row_of(block(lane), row));
    let (r1, r2, r3) = (row(1), row(2), row(3));
    let (r5, r6, r7) = (row(5), row(6), row(7));
    let ac_rows = x.or(x.or(x.or(r1, r2), x.or(r3, r5)), x.or(r6, r7));
    let times = |v, row| x.mul_words(v, x.repeat_words(row_of(multipliers, row)));
    let top = row(0);
    let dc = times(top, 0);
    let short = x.words_up::<2>(dc);
    let short_lanes = x.zero_lanes(ac_rows);
    if short_lanes == (1 << X::LANES) - 1 {
        let is_flat = x.is_zero(x.and(top, x.repeat_words(&NOT_DC)));
        return ([short; 4], is_flat);
    }
    let input = [
        dc,
        times(r1, 1),
        times(r2, 2),
        times(r3, 3),
        dc,
        times(r5, 5),
        times(r6, 6),
        times(r7, 7),
    ];
    let work = inverse_4::<X, N, 12>(x, input);
    (x.replace_lanes(work, short, short_lanes), false)
}

/// One pass of the 4x4 transform; input 4 is ignored. The constants are those of `reduced::inverse_4`.
#[inline(always)]
fn inverse_4<X: Vector<N>, const N: usize, const SHIFT: i32>(x: X, v: [X::V; 8]) -> [X::V; 4] {
    // 16 << (SHIFT - 5) is half a unit of the shift.
    let dc = x.dot(x.pair(v[0], x.splat_words(16)), 1 << 14, 1 << (SHIFT - 5));
    let even = x.dot(x.pair(v[2], v[6]), 15137, -6270);
    let (v13, v57) = (x.pair(v[1], v[3]), x.pair(v[5], v[7]));
    let outer = x.dot_onto(x.dot(v57, -4926, -4176), v13, 20995, 7373);
    let inner = x.dot_onto(x.dot(v57, 11893, -1730), v13, 8697, -17799);
    let (sum, difference) = (add(x, dc, even), sub(x, dc, even));
    [
        x.narrow::<SHIFT>(add(x, sum, outer)),
        x.narrow::<SHIFT>(add(x, difference, inner)),
        x.narrow::<SHIFT>(sub(x, difference, inner)),
        x.narrow::<SHIFT>(sub(x, sum, outer)),
    ]
}

/// Four blocks in each lane to two rows.
#[inline(always)]
fn quarter_size<X: Vector<N>, const N: usize>(
    x: X,
    blocks: [&Block; 8],
    multipliers: &Block,
    (out, stride): Target<'_>,
) {
    let columns = [
        columns_2x2(x, |lane| blocks[4 * lane], multipliers),
        columns_2x2(x, |lane| blocks[4 * lane + 1], multipliers),
        columns_2x2(x, |lane| blocks[4 * lane + 2], multipliers),
        columns_2x2(x, |lane| blocks[4 * lane + 3], multipliers),
    ];
    if columns.iter().all(|columns| columns.is_flat) {
        for (index, block) in blocks[..4 * X::LANES].iter().enumerate() {
            let dc = i32::from(block[0].wrapping_mul(multipliers[0]));
            let sample = ((dc << 17).wrapping_add(1 << 19) >> 20).clamp(-128, 127) + 128;
            for row in 0..2 {
                out[row * stride + 2 * index..][..2].fill(sample as u8);
            }
        }
        return;
    }
    let [a, b, c, d] = columns;
    // Bytes of a lane: left columns of (block, row) 00, 01, 10, 11, 20 ..., then the right ones.
    let (ab, cd) = (rows_2x2(x, a, b), rows_2x2(x, c, d));
    let (left, right) = (x.to_words(ab[0], ab[1]), x.to_words(cd[0], cd[1]));
    let bytes = samples(x, left, right);
    const ORDER: [u8; 16] = [0, 4, 2, 6, 8, 12, 10, 14, 1, 5, 3, 7, 9, 13, 11, 15];
    x.store_row_pairs(out, stride, [x.pick(bytes, x.repeat(&ORDER))]);
}

/// A block in each lane after the first pass of the 2x2 transform.
#[derive(Clone, Copy)]
struct Columns2x2<V> {
    /// Column 0 of both rows, in doubles.
    dc: V,
    /// For both rows, two partial sums of the odd columns' products for the second pass.
    odd: V,
    /// Whether the blocks have none but DC coefficients.
    is_flat: bool,
}

/// Second pass of two blocks in each lane: doubles of the left samples of (block, row) 00, 01, 10, 11, and of
/// the right ones.
#[inline(always)]
fn rows_2x2<X: Vector<N>, const N: usize>(
    x: X,
    a: Columns2x2<X::V>,
    b: Columns2x2<X::V>,
) -> [X::V; 2] {
    let dc = x.doubles_up::<15>(x.low_quads(a.dc, b.dc));
    let dc = x.add_doubles(dc, x.splat(1 << 19));
    let odd = x.add_pairs_of_doubles(a.odd, b.odd);
    [x.doubles_down::<20>(x.add_doubles(dc, odd)), x.doubles_down::<20>(x.sub_doubles(dc, odd))]
}

/// First pass of the 2x2 transform of a block in each lane.
#[inline(always)]
fn columns_2x2<'b, X: Vector<N>, const N: usize>(
    x: X,
    block: impl Fn(usize) -> &'b Block,
    multipliers: &Block,
) -> Columns2x2<X::V> {
    const ODD_FACTORS: [i16; 8] = [0, 29692, 0, -10426, 0, 6967, 0, -5906];
    let row = |row: usize| x.load_lanes_of_words(|lane| row_of(block(lane), row));
    let times = |v, row| x.mul_words(v, x.repeat_words(row_of(multipliers, row)));
    let (r0, r1, r3, r5, r7) = (row(0), row(1), row(3), row(5), row(7));
    let ac_rows = x.or(x.or(r1, r3), x.or(r5, r7));
    let is_flat = x.is_zero(x.or(ac_rows, x.and(r0, x.repeat_words(&NOT_DC))));
    let top = times(r0, 0);
    // 2^15 does not fit a factor, 2^14 twice does.
    let dc = x.dot_onto(half::<X, N, 13>(x), x.pair(top, top), 1 << 14, 1 << 14);
    let odd = x.dot(x.pair(times(r1, 1), times(r3, 3)), 29692, -10426);
    let odd = x.dot_onto(odd, x.pair(times(r5, 5), times(r7, 7)), 6967, -5906);
    let descaled = |wide: Wide<X::V>| wide.map(|v| x.doubles_down::<13>(v));
    let (top, bottom) = (descaled(add(x, dc, odd)), descaled(sub(x, dc, odd)));
    let products =
        |wide: Wide<X::V>| x.dot_words(x.to_words(wide[0], wide[1]), x.repeat_words(&ODD_FACTORS));
    Columns2x2 {
        dc: x.low_doubles(top[0], bottom[0]),
        odd: x.add_pairs_of_doubles(products(top), products(bottom)),
        is_flat,
    }
}
