//! The symbol loop with BMI2's three-operand shifts and without checks inside a batch.
//!
//! What a stream needs from symbol to symbol stays in registers as far as fifteen of them go: unread bits,
//! coefficient index, table and cell. The bits carry a one behind the last of them, so that a batch can
//! tell in the end how many it used. Where blocks end is noted only if `RECORD` says so.

use super::stream::{BATCH, Cell, OVERRUN, Stream, Window, decode_rare, load_bits};
use super::wide::{INDEX_BITS, POSITIONS, RARE, parts};
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

#[target_feature(enable = "bmi1,bmi2,lzcnt")]
fn advance_streams<const K: usize, const RECORD: bool>(
    window: &mut Window<'_>,
    streams: [&mut Stream; K],
) {
    let (bytes, tables) = (window.bytes, window.tables);
    let readable = (bytes.len() as u64).saturating_sub(8) * 8;
    for stream in &streams {
        assert!(stream.stop <= readable, "a stream would read beyond the bytes");
        assert!(stream.limit + OVERRUN <= window.cells.len(), "limit beyond the cells");
    }
    if streams.iter().any(|stream| stream.is_done()) {
        return;
    }
    let cells = window.cells.as_mut_ptr();
    let mut states: [State; K] = std::array::from_fn(|i| {
        let stream = &*streams[i];
        // SAFETY: the stream is not done, so its block is below the limit, which was asserted to lie within
        // the cells.
        unsafe {
            let cell = cells.add(stream.block);
            let table = if stream.k == 0 { (*cell).dc_table } else { (*cell).ac_table };
            let limit = cells.add(stream.limit);
            let Stream { position, stop, k, .. } = *stream;
            State { bits: marked(0), position, stop, k: k.into(), table, cell, limit, bad: false }
        }
    });
    while states.iter().all(State::goes_on) {
        for s in &mut states {
            // SAFETY: the position is below `stop`, which was asserted to be `readable` at most: eight bytes
            // before the end.
            let word = unsafe {
                bytes.as_ptr().add((s.position / 8) as usize).cast::<u64>().read_unaligned()
            };
            s.bits = marked(u64::from_be(word) << (s.position % 8));
        }
        'batch: for _ in 0..BATCH {
            for s in &mut states {
                let table = std::ptr::with_exposed_provenance::<u32>(s.table);
                // SAFETY: a cell has the addresses of whole tables (`Cell::new`), which the window keeps,
                // and the index is less than the length of a table.
                let entry = unsafe { *table.add((s.bits >> (64 - INDEX_BITS)) as usize) };
                let mut value = entry.rotate_right(16) as i16;
                let mut index = s.k + u64::from(entry >> 8 & 255);
                if index < u64::from(RARE) {
                    s.bits <<= entry & 63;
                } else {
                    let position = s.position + used(s.bits);
                    let entry = decode_rare(bytes, tables, s.table, entry, position);
                    let (rare_value, step, length) = parts(entry);
                    // Without a code the stream stops and stays where it is, and with it the batch: the next
                    // symbol would be looked for in the other table.
                    if step == 0 {
                        (s.bad, s.stop) = (true, 0);
                        (s.position, s.bits) = (position, marked(0));
                        break 'batch;
                    }
                    (value, index) = (rare_value, s.k + u64::from(step));
                    s.position = position + u64::from(length);
                    s.bits = marked(load_bits(bytes, s.position));
                }
                // SAFETY: a batch of symbols ends at most as many blocks, so the cell is less than `OVERRUN`
                // behind one below the limit. Indices are below 256 and positions below 64.
                unsafe {
                    let position = *POSITIONS.get_unchecked(index as usize);
                    *(*s.cell).coefficients.get_unchecked_mut(usize::from(position)) = value;
                    if RECORD {
                        (*s.cell).end = (s.position + used(s.bits)) as u32;
                    }
                    let done = index >= 64;
                    let next = s.cell.add(1);
                    let (ac, dc) = (loaded((*s.cell).ac_table), loaded((*next).dc_table));
                    s.table = std::hint::select_unpredictable(done, dc, ac);
                    s.cell = std::hint::select_unpredictable(done, next, s.cell);
                    s.k = std::hint::select_unpredictable(done, 0, index);
                }
            }
        }
        for s in &mut states {
            s.position += used(s.bits);
        }
    }
    for i in 0..K {
        let State { position, k, cell, bad, .. } = states[i];
        // SAFETY: both point into the cells.
        let block = unsafe { cell.offset_from(cells) } as usize;
        *streams[i] = Stream { position, block, k: k as u32, bad, ..*streams[i] };
    }
}

/// `value` as it is, in a register: else the compiler selects between the addresses of two values, and the
/// load has to wait for that.
#[inline(always)]
fn loaded(mut value: usize) -> usize {
    // SAFETY: there is no instruction.
    unsafe {
        std::arch::asm!("/* {0} */", inout(reg) value, options(pure, nomem, nostack, preserves_flags))
    }
    value
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
