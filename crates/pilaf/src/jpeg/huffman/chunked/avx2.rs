//! The symbol loop with BMI2's three-operand shifts and without checks inside a batch.
//!
//! What a stream needs from symbol to symbol stays in registers as far as fifteen of them go: unread bits,
//! coefficient index, table and cell. So nothing is called inside a batch: values that the look-up does not hold are
//! taken from the bits in place, and a symbol that is rarer ends the batch. The bits carry a one behind the
//! last of them, so that a batch can tell in the end how many it used. Where blocks end is noted only if `RECORD`
//! says so.

use super::stream::{BATCH, Cell, OVERRUN, Stream, Window, decode_rare, load_bits};
use super::tables::WideTables;
use super::wide::{INDEX_BITS, POSITIONS, RARE, long_code, parts, with_value};
use crate::simd::Avx2;

/// Bits that follow the marking one.
const BELOW_MARK: u32 = 6;

/// As [`super::stream::advance`]; positions of block ends are noted only if `record` is set.
pub(super) fn advance(_: Avx2, window: &mut Window<'_>, streams: &mut [Stream], record: bool) {
    // SAFETY: the token proves that the CPU has BMI1, BMI2 and LZCNT.
    unsafe {
        match (streams, record) {
            ([a, b, c], false) => advance_streams::<3, false>(window, [a, b, c]),
            ([a, b, c], true) => advance_streams::<3, true>(window, [a, b, c]),
            ([a, b], false) => advance_streams::<2, false>(window, [a, b]),
            ([a, b], true) => advance_streams::<2, true>(window, [a, b]),
            ([a], false) => advance_streams::<1, false>(window, [a]),
            ([a], true) => advance_streams::<1, true>(window, [a]),
            _ => unreachable!("one to three streams"),
        }
    }
}

/// A value as it is, in a register. Else the compiler selects between the addresses of two values, and the load
/// has to wait for that, or between what could be added. Needs `unsafe`; there is no instruction.
macro_rules! loaded {
    ($value:expr) => {{
        let mut value = $value;
        std::arch::asm!("/* {0} */", inout(reg) value, options(pure, nomem, nostack, preserves_flags));
        value
    }};
}

/// A stream as the loop keeps it.
#[derive(Clone, Copy)]
struct State {
    /// Unread bits, then a one and [`BELOW_MARK`] zeros.
    bits: u64,
    /// Position of the bits that were first in `bits`.
    position: u64,
    stop: u64,
    k: u64,
    /// Address of the table for the next symbol.
    table: usize,
    cell: *mut Cell,
    limit: *mut Cell,
    bad: bool,
}

impl State {
    /// Whether the stream goes on; as [`Stream::is_done`], since a bad stream has stopped for good.
    #[inline(always)]
    fn goes_on(&self) -> bool {
        self.position < self.stop && self.cell < self.limit
    }
}

impl State {
    /// Starts from where `stream` is, which must not be done.
    #[inline(always)]
    fn load(stream: &Stream, cells: *mut Cell) -> Self {
        let Stream { position, stop, k, .. } = *stream;
        // SAFETY: the stream is not done, so its block is below the limit, which lies within the cells
        // (`check`).
        unsafe {
            let cell = cells.add(stream.block);
            let table = if k == 0 { (*cell).dc_table } else { (*cell).ac_table };
            let limit = cells.add(stream.limit);
            Self { bits: marked(0), position, stop, k: k.into(), table, cell, limit, bad: false }
        }
    }

    #[inline(always)]
    fn save(&self, stream: &mut Stream, cells: *mut Cell) {
        // SAFETY: both point into the cells.
        let block = unsafe { self.cell.offset_from(cells) } as usize;
        let Self { position, k, bad, .. } = *self;
        *stream = Stream { position, block, k: k as u32, bad, ..*stream };
    }

    /// Makes the bits of a batch ready.
    #[inline(always)]
    fn refill(&mut self, bytes: &[u8]) {
        // SAFETY: the position is below `stop`, which is eight bytes before the end at most (`check`).
        let word = unsafe {
            bytes.as_ptr().add((self.position / 8) as usize).cast::<u64>().read_unaligned()
        };
        self.bits = marked(u64::from_be(word) << (self.position % 8));
    }

    /// Counts the bits of a batch.
    #[inline(always)]
    fn count(&mut self) {
        self.position += used(self.bits);
    }

    /// The entry for the next symbol, and the index behind it.
    #[inline(always)]
    fn look_up(&self) -> (u32, u64) {
        let table = std::ptr::with_exposed_provenance::<u32>(self.table);
        // SAFETY: a cell has the addresses of whole tables (`Cell::new`), which the window keeps,
        // and the index is less than the length of a table.
        let entry = unsafe { *table.add((self.bits >> (64 - INDEX_BITS)) as usize) };
        (entry, self.k + u64::from(entry >> 8 & 255))
    }

    /// Decodes a symbol of a batch, unless it is one for [`rare_step`](Self::rare_step).
    #[inline(always)]
    fn step<const RECORD: bool>(&mut self, bytes: &[u8]) -> bool {
        let (entry, index) = self.look_up();
        if index < u64::from(RARE) {
            self.bits <<= entry & 63;
            self.put::<RECORD>(entry.rotate_right(16) as i16, index);
            return true;
        }
        is_cold();
        let Some((length, symbol)) = long_code(entry) else { return false };
        self.position += used(self.bits);
        let long = with_value(symbol, length, load_bits(bytes, self.position));
        let (value, step, length) = parts(long);
        self.position += u64::from(length);
        self.bits = marked(load_bits(bytes, self.position));
        self.put::<RECORD>(value, self.k + u64::from(step));
        true
    }

    /// Decodes a symbol between two batches. Without a code the stream stops and stays where it is.
    #[cold]
    #[inline(never)]
    fn rare_step<const RECORD: bool>(mut self, bytes: &[u8], tables: &WideTables) -> Self {
        let (entry, _) = self.look_up();
        let rare = decode_rare(bytes, tables, self.table, entry, self.position);
        let (value, step, length) = parts(rare);
        if step == 0 {
            (self.bad, self.stop) = (true, 0);
            return self;
        }
        self.position += u64::from(length);
        self.bits = marked(0);
        self.put::<RECORD>(value, self.k + u64::from(step));
        self
    }

    /// Writes a value and goes on to the place that `index` stands for.
    #[inline(always)]
    fn put<const RECORD: bool>(&mut self, value: i16, index: u64) {
        // SAFETY: a batch of symbols, the one behind it included, ends at most `BATCH` blocks, so the cell is less
        // than `OVERRUN` behind one below the limit. Indices are below 256 and positions below 64.
        unsafe {
            let position = *POSITIONS.get_unchecked(index as usize);
            *(*self.cell).coefficients.get_unchecked_mut(usize::from(position)) = value;
            if RECORD {
                (*self.cell).end = (self.position + used(self.bits)) as u32;
            }
            let done = index >= 64;
            let next = loaded!(self.cell.add(1).expose_provenance());
            let next = std::ptr::with_exposed_provenance_mut(next);
            let (ac, dc) = (loaded!((*self.cell).ac_table), loaded!((*self.cell.add(1)).dc_table));
            self.table = std::hint::select_unpredictable(done, dc, ac);
            self.cell = std::hint::select_unpredictable(done, next, self.cell);
            self.k = std::hint::select_unpredictable(done, 0, index);
        }
    }
}

/// Tells the compiler that what calls this is rare.
#[cold]
#[inline]
fn is_cold() {}

/// Asserts what [`State`] relies on.
fn check(window: &Window<'_>, stream: &Stream) {
    let readable = (window.bytes.len() as u64).saturating_sub(8) * 8;
    assert!(stream.stop <= readable, "a stream would read beyond the bytes");
    assert!(stream.limit + OVERRUN <= window.cells.len(), "limit beyond the cells");
}

#[target_feature(enable = "bmi1,bmi2,lzcnt")]
fn advance_streams<const K: usize, const RECORD: bool>(
    window: &mut Window<'_>,
    streams: [&mut Stream; K],
) {
    let (bytes, tables) = (window.bytes, window.tables);
    streams.iter().for_each(|stream| check(window, stream));
    if streams.iter().any(|stream| stream.is_done()) {
        return;
    }
    let cells = window.cells.as_mut_ptr();
    // Variables, not an array: so they stay in registers. Those behind `K` are not used.
    let mut a = State::load(streams[0], cells);
    let mut b = State::load(streams[1 % K], cells);
    let mut c = State::load(streams[2 % K], cells);
    while a.goes_on() && (K < 2 || b.goes_on()) && (K < 3 || c.goes_on()) {
        a.refill(bytes);
        if K > 1 {
            b.refill(bytes);
        }
        if K > 2 {
            c.refill(bytes);
        }
        let mut rare = 0;
        for _ in 0..BATCH {
            if !a.step::<RECORD>(bytes) {
                rare = 1;
                break;
            }
            if K > 1 && !b.step::<RECORD>(bytes) {
                rare = 2;
                break;
            }
            if K > 2 && !c.step::<RECORD>(bytes) {
                rare = 3;
                break;
            }
        }
        a.count();
        if K > 1 {
            b.count();
        }
        if K > 2 {
            c.count();
        }
        match rare {
            0 => {}
            1 => a = a.rare_step::<RECORD>(bytes, tables),
            2 => b = b.rare_step::<RECORD>(bytes, tables),
            _ => c = c.rare_step::<RECORD>(bytes, tables),
        }
    }
    for (state, stream) in [a, b, c].iter().zip(streams) {
        state.save(stream, cells);
    }
}

/// `bits` with the lowest seven replaced by the mark: 57 real ones remain.
#[inline(always)]
fn marked(bits: u64) -> u64 {
    bits & !0x7F | 1 << BELOW_MARK
}

/// How many bits were shifted out since the mark was set.
#[inline(always)]
fn used(bits: u64) -> u64 {
    u64::from(bits.trailing_zeros() - BELOW_MARK)
}
