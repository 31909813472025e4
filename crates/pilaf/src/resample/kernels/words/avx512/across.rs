//! The pass over rows: sixteen of them abreast, turned a few columns ahead of what is summed.

use std::arch::x86_64::*;

use super::super::axis::AxisOfWords;
use super::{Ends, Sixteen, Unit};
use crate::resample::kernels::{Axis, Rows, turn::turn_eight};
use crate::simd::{Body, LINE};

/// Makes the lines of a group of rows.
pub(in super::super) struct Resample<'a> {
    pub(in super::super) x: Sixteen,
    pub(in super::super) rows: Rows<'a>,
    pub(in super::super) big: bool,
    pub(in super::super) axis: &'a AxisOfWords,
    pub(in super::super) units: &'a mut Vec<Unit>,
    pub(in super::super) lines: &'a mut [u8],
}

/// Rows of a group.
const ROWS: usize = 16;

/// Outputs that are made at once: one alone would wait for itself, each multiplication for the one
/// before.
const FOUR: usize = 4;

/// Units that are turned at once.
const EIGHT: usize = 8;

/// Units that there is room for beside those of four outputs. With four times as many, much memory is
/// waited for in one go and little is computed meanwhile.
const ROOM: usize = 64;

/// How far ahead of what is turned the memory of each row is asked for, in bytes.
const AHEAD: usize = 8 * LINE;

impl Body for Resample<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        match self.axis.digits_of_weight {
            2 => self.resample::<2>(),
            _ => self.resample::<3>(),
        }
    }
}

impl Resample<'_> {
    #[inline(always)]
    fn resample<const DIGITS: usize>(self) {
        let Self { x, rows, big, axis, units, lines } = self;
        let line_bytes = lines.len() / (ROWS / 2);
        let ends = Ends::<DIGITS>::new(x, axis);
        let mut turned = Turned::new(x, rows, big, axis, units);
        let last = axis.len() - 1;
        for first in (0..axis.len()).step_by(FOUR) {
            // What the last four are short of is made of the last one.
            let outputs =
                [first, (first + 1).min(last), (first + 2).min(last), (first + 3).min(last)];
            turned.reach(axis.first_unit(first), axis.first_unit(outputs[3]) + axis.units());
            let samples = turned.sum_four(&ends, axis, outputs);
            x.store_columns(samples, &mut lines[4 * first..], line_bytes);
        }
    }
}

/// A group of rows, some of their units turned.
struct Turned<'a> {
    x: Sixteen,
    rows: Rows<'a>,
    big: bool,
    units: &'a mut [Unit],
    /// Of the source, the unit that `units` begin with, and the first that is not turned yet.
    start: usize,
    end: usize,
    /// One past the last unit that any output needs.
    last: usize,
}

impl<'a> Turned<'a> {
    #[inline(always)]
    fn new(
        x: Sixteen,
        rows: Rows<'a>,
        big: bool,
        axis: &AxisOfWords,
        units: &'a mut Vec<Unit>,
    ) -> Self {
        let room = axis.units_of_four() + ROOM;
        if units.len() < room {
            units.resize(room, Unit::of(0));
        }
        let start = axis.first_unit(0);
        let last = axis.first_unit(axis.len() - 1) + axis.units();
        Self { x, rows, big, units, start, end: start, last }
    }

    /// Turns the units up to `end`, and more for which there is room, if that was not done yet. Those
    /// before `first` are given up then.
    #[inline(always)]
    fn reach(&mut self, first: usize, end: usize) {
        // On its own, since it takes all registers.
        #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
        #[inline(never)]
        fn compiled(turned: &mut Turned<'_>, first: usize) {
            turned.refill(first);
        }
        if self.end < end {
            // SAFETY: `self.x` proves these features.
            unsafe { compiled(self, first) }
        }
    }

    #[inline(always)]
    fn refill(&mut self, first: usize) {
        let kept = first.min(self.end);
        let count = self.end - kept;
        self.units.copy_within(kept - self.start..self.end - self.start, 0);
        (self.start, self.end) = (first, first + count);
        let places = self.units[count..].as_chunks_mut::<EIGHT>().0;
        for (eight, places) in places.iter_mut().enumerate() {
            if self.end >= self.last {
                break;
            }
            let at = 4 * self.end;
            if eight % 2 == 0 {
                self.rows.ask_ahead(0..ROWS, at + AHEAD);
            }
            turn(self.x, self.rows, at, self.big, places);
            self.end += EIGHT;
        }
    }

    /// The signed samples of four outputs, not clamped yet.
    #[inline(always)]
    fn sum_four<const DIGITS: usize>(
        &self,
        ends: &Ends<DIGITS>,
        axis: &AxisOfWords,
        outputs: [usize; FOUR],
    ) -> [__m512i; FOUR] {
        let (x, count) = (self.x, axis.units());
        let window = |k: usize| &self.units[axis.first_unit(outputs[k]) - self.start..][..count];
        let mut places = [(self.units.as_ptr(), axis.digits::<DIGITS>(0).as_ptr()); FOUR];
        for k in 0..FOUR {
            let digits = &axis.digits::<DIGITS>(outputs[k])[..count];
            places[k] = (window(k).as_ptr(), digits.as_ptr());
        }
        let mut sums = [[x.splat(0); DIGITS]; FOUR];
        for unit in 0..count {
            for (sums, &(units, digits)) in sums.iter_mut().zip(&places) {
                // SAFETY: both are those of slices of `count` elements.
                let (Unit(unit), digits) = unsafe { (&*units.add(unit), &*digits.add(unit)) };
                for (sum, &digit) in sums.iter_mut().zip(digits) {
                    *sum = x.dot(*sum, x.load(unit), x.splat(digit));
                }
            }
        }
        let (mut samples, mut doubtful) = ([x.splat(0); FOUR], [0; FOUR]);
        for k in 0..FOUR {
            (samples[k], doubtful[k]) = ends.samples(sums[k], axis.ending(outputs[k]));
        }
        if doubtful != [0; FOUR] {
            for k in 0..FOUR {
                if doubtful[k] != 0 {
                    let (units, found) = (window(k), (samples[k], doubtful[k]));
                    samples[k] = x.as_pillow(found, |unit| &units[unit].0, axis, outputs[k]);
                }
            }
        }
        samples
    }
}

/// Turns 32 bytes of each row, from byte `at` on, into units of signed samples. What lies past the end
/// of a row meets no weight but zero.
#[inline(always)]
fn turn(x: Sixteen, rows: Rows<'_>, at: usize, big: bool, places: &mut [Unit; EIGHT]) {
    const BYTES: usize = 4 * EIGHT;
    let columns = if (ROWS - 1) * rows.stride + at + BYTES <= rows.bytes.len() {
        turn_eight(x.0, rows.bytes, at, rows.stride)
    } else {
        let mut ends = [[0; BYTES]; ROWS];
        for (row, end) in ends.iter_mut().enumerate() {
            let rest = rows.row(row).get(at..).unwrap_or_default();
            let count = rest.len().min(BYTES);
            end[..count].copy_from_slice(&rest[..count]);
        }
        turn_eight(x.0, ends.as_flattened(), 0, BYTES)
    };
    for (place, column) in places.iter_mut().zip(&columns) {
        let samples = if big { x.swap(*column) } else { *column };
        x.store(&mut place.0, x.with_bias(samples));
    }
}

impl Sixteen {
    /// Stores four columns of samples, clamped, at the beginning of the lines.
    #[inline(always)]
    fn store_columns(self, [a, b, c, d]: [__m512i; FOUR], lines: &mut [u8], line_bytes: usize) {
        assert!((ROWS / 2 - 1) * line_bytes + 4 * FOUR <= lines.len());
        // SAFETY: `self` proves AVX-512F and BW.
        let pairs = unsafe {
            let ab = _mm512_castsi512_ps(_mm512_packs_epi32(a, b));
            let cd = _mm512_castsi512_ps(_mm512_packs_epi32(c, d));
            let even = _mm512_shuffle_ps::<0b10_00_10_00>(ab, cd);
            let odd = _mm512_shuffle_ps::<0b11_01_11_01>(ab, cd);
            [_mm512_castps_si512(even), _mm512_castps_si512(odd)]
        };
        let start = lines.as_mut_ptr();
        for (line, pairs) in pairs.iter().enumerate() {
            let place = |lane: usize| start.wrapping_add((2 * lane + line) * line_bytes).cast();
            // SAFETY: `self` proves AVX-512F; by the assertion, the last line has 16 bytes, and so have
            // those before it.
            unsafe {
                _mm_storeu_si128(place(0), _mm512_castsi512_si128(*pairs));
                _mm_storeu_si128(place(1), _mm512_extracti32x4_epi32::<1>(*pairs));
                _mm_storeu_si128(place(2), _mm512_extracti32x4_epi32::<2>(*pairs));
                _mm_storeu_si128(place(3), _mm512_extracti32x4_epi32::<3>(*pairs));
            }
        }
    }
}
