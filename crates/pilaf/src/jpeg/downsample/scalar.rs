//! The specification of downsampling.

/// As [`super::h2v1`]: halves go down at even samples and up at odd ones.
pub(super) fn h2v1(row: &[u8], out: &mut [u8]) {
    for (x, (out, pair)) in out.iter_mut().zip(row.chunks_exact(2)).enumerate() {
        let sum = u16::from(pair[0]) + u16::from(pair[1]);
        *out = ((sum + (x as u16 & 1)) >> 1) as u8;
    }
}

/// As [`super::h2v2`]: halves go down at even samples and up at odd ones.
pub(super) fn h2v2([above, below]: [&[u8]; 2], out: &mut [u8]) {
    let pairs = above.chunks_exact(2).zip(below.chunks_exact(2));
    for (x, (out, (a, b))) in out.iter_mut().zip(pairs).enumerate() {
        let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
        *out = ((sum + 1 + (x as u16 & 1)) >> 2) as u8;
    }
}
