//! Sequential coding of a block (ITU-T T.81, F.1.2).

use super::{BitWriter, CodeTable, Counts, magnitude, magnitude_nonzero};
use crate::jpeg::dct::fdct::Coefficients;

/// A run of zeros too long for one symbol: sixteen of them.
const ZERO_RUN: usize = 0xF0;
const END_OF_BLOCK: usize = 0;

/// Writes a block whose DC coefficient is predicted to be `last_dc`.
#[inline]
pub(in crate::jpeg::encode) fn encode_block(
    block: &Coefficients,
    last_dc: i16,
    (dc, ac): (&CodeTable, &CodeTable),
    bits: &mut BitWriter,
    out: &mut Vec<u8>,
) {
    // A copy stays in registers.
    let mut writer = *bits;
    let mut put = |table: &CodeTable, symbol, extra| {
        let (code, length) = table.get(symbol);
        writer.put(code | extra, length, out);
    };
    let (size, extra) = magnitude(i32::from(block.values[0]) - i32::from(last_dc));
    put(dc, size as usize, extra);
    let mut next = 1;
    let mut rest = block.nonzero & !1;
    while rest != 0 {
        let k = rest.trailing_zeros();
        rest &= rest - 1;
        let mut run = k - next;
        next = k + 1;
        while run > 15 {
            put(ac, ZERO_RUN, 0);
            run -= 16;
        }
        let (size, extra) = magnitude_nonzero(block.values[k as usize & 63].into());
        put(ac, (run << 4 | size) as usize, extra);
    }
    if next < 64 {
        put(ac, END_OF_BLOCK, 0);
    }
    *bits = writer;
}

/// Counts the symbols that [`encode_block`] would write.
pub(in crate::jpeg::encode) fn count_block(
    block: &Coefficients,
    last_dc: i16,
    (dc, ac): (&mut Counts, &mut Counts),
) {
    let (size, _) = magnitude(i32::from(block.values[0]) - i32::from(last_dc));
    dc[size as usize & 255] += 1;
    let mut next = 1;
    let mut rest = block.nonzero & !1;
    while rest != 0 {
        let k = rest.trailing_zeros();
        rest &= rest - 1;
        let run = k - next;
        next = k + 1;
        ac[ZERO_RUN] += run / 16;
        let (size, _) = magnitude(block.values[k as usize & 63].into());
        ac[((run % 16) << 4 | size) as usize & 255] += 1;
    }
    ac[END_OF_BLOCK] += u32::from(next < 64);
}
