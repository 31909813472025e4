//! Bits to bytes.

/// Collects bits, first in the highest place, and writes them eight bytes at a time. A byte FF of
/// entropy-coded data is followed by 00, so that it does not look like a marker.
#[derive(Clone, Copy)]
pub(in crate::jpeg::encode) struct BitWriter {
    /// The low `64 - free` bits wait to be written; what stands above them was written already.
    waiting: u64,
    /// 1 to 64.
    free: u32,
}

impl BitWriter {
    pub(in crate::jpeg::encode) fn new() -> Self {
        Self { waiting: 0, free: 64 }
    }

    /// Appends the low `count` bits of `bits`, at most 32; the bits above them are zero.
    #[inline(always)]
    pub(in crate::jpeg::encode) fn put(&mut self, bits: u32, count: u32, out: &mut Vec<u8>) {
        let bits = u64::from(bits);
        if count < self.free {
            self.waiting = self.waiting << count | bits;
            self.free -= count;
        } else {
            let over = count - self.free;
            write_word(self.waiting << self.free | bits >> over, out);
            self.waiting = bits;
            self.free = 64 - over;
        }
    }

    /// Fills the last byte with ones and writes what waits.
    pub(in crate::jpeg::encode) fn flush(&mut self, out: &mut Vec<u8>) {
        let padding = self.free % 8;
        self.put((1 << padding) - 1, padding, out);
        let bytes = (64 - self.free) as usize / 8;
        if bytes > 0 {
            stuff(&(self.waiting << self.free).to_be_bytes()[..bytes], out);
        }
        *self = Self::new();
    }
}

#[inline(always)]
fn write_word(word: u64, out: &mut Vec<u8>) {
    const ONES: u64 = u64::MAX / 255;
    let bytes = word.to_be_bytes();
    // A byte FF is one that has its high bit and loses it by adding one.
    if word & !word.wrapping_add(ONES) & ONES << 7 == 0 {
        out.extend_from_slice(&bytes);
    } else {
        stuff(&bytes, out);
    }
}

#[cold]
fn stuff(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        out.push(byte);
        if byte == 0xFF {
            out.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_out_in_order_with_stuffing() {
        let mut state = 7u64;
        for _ in 0..2000 {
            let (mut writer, mut out, mut want) = (BitWriter::new(), Vec::new(), String::new());
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            for _ in 0..state >> 60 << 2 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let count = (state >> 40) as u32 % 33;
                let ones = if state >> 62 == 0 { u32::MAX } else { (state >> 8) as u32 };
                let bits = (u64::from(ones) & ((1 << count) - 1)) as u32;
                writer.put(bits, count, &mut out);
                want += &(0..count)
                    .rev()
                    .map(|i| if bits >> i & 1 == 1 { '1' } else { '0' })
                    .collect::<String>();
            }
            writer.flush(&mut out);
            want.extend(std::iter::repeat_n('1', want.len().wrapping_neg() % 8));
            let bytes = want
                .as_bytes()
                .chunks(8)
                .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap());
            let stuffed: Vec<u8> =
                bytes.flat_map(|b| if b == 255 { vec![255, 0] } else { vec![b] }).collect();
            assert_eq!(out, stuffed);
        }
    }
}
