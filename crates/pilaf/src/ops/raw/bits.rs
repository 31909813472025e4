//! Samples of 1, 2 or 4 bits.

/// Unpacks a row of samples of `depth` bits, the first in the highest bits (in the lowest if
/// `reversed`), each times `scale`.
pub(super) fn unpack(
    to: &mut [u8],
    from: &[u8],
    depth: u8,
    scale: u8,
    reversed: bool,
    inverted: bool,
) {
    let per_byte = usize::from(8 / depth);
    for (to, &byte) in to.chunks_mut(per_byte).zip(from) {
        let mut bits = if reversed { byte.reverse_bits() } else { byte };
        for sample in to {
            let value = (bits >> (8 - depth)) * scale;
            *sample = if inverted { 255 - value } else { value };
            bits = ((u16::from(bits) << depth) & 0xFF) as u8;
        }
    }
}

/// Packs a row; of 2 and 4 bits the lowest of each sample are taken, of 1 bit whether it is 0.
pub(super) fn pack(to: &mut [u8], from: &[u8], depth: u8, reversed: bool, inverted: bool) {
    let per_byte = usize::from(8 / depth);
    for (byte, from) in to.iter_mut().zip(from.chunks(per_byte)) {
        let mut bits = 0;
        for (i, &sample) in from.iter().enumerate() {
            let value = if depth == 1 {
                u8::from((sample != 0) != inverted)
            } else {
                sample & ((1 << depth) - 1)
            };
            bits |= value << (8 - usize::from(depth) * (i + 1));
        }
        *byte = if reversed { bits.reverse_bits() } else { bits };
    }
}

/// Unpacks indices whose bits are in planes of one bit a pixel, the lowest first.
pub(super) fn unpack_planes(to: &mut [u8], from: &[u8]) {
    let plane = to.len().div_ceil(8);
    for (x, index) in to.iter_mut().enumerate() {
        let planes = from.chunks_exact(plane).enumerate();
        let bit = |bits: &[u8]| bits[x / 8] >> (7 - x % 8) & 1;
        *index = planes.fold(0, |index, (i, bits)| index | bit(bits) << i);
    }
}
