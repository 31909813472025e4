//! The specification.

pub(super) fn map<const N: usize>(pixels: &mut [u8], tables: [&[u8; 256]; N]) {
    let (whole, rest) = pixels.as_chunks_mut::<N>();
    for pixel in whole {
        for (sample, table) in pixel.iter_mut().zip(tables) {
            *sample = table[usize::from(*sample)];
        }
    }
    for (sample, table) in rest.iter_mut().zip(tables) {
        *sample = table[usize::from(*sample)];
    }
}
