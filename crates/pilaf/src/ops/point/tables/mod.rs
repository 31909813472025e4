//! Every byte of an image replaced by the entry of a table: one table, or one for each band.

#[cfg(target_arch = "x86_64")]
mod avx512;
mod scalar;

use crate::error::Result;
use crate::image::buffer;
use crate::simd::Level;

/// Bytes that are mapped while they are in the first-level cache: whole pixels of any mode.
const BLOCK: usize = 12 << 10;

/// The bytes of pixels of `N` bands through the table of their band.
pub(super) fn map<const N: usize>(pixels: &[u8], tables: [&[u8; 256]; N]) -> Result<Vec<u8>> {
    let mut mapped = buffer::room(pixels.len())?;
    for block in pixels.chunks(BLOCK) {
        let from = mapped.len();
        mapped.extend_from_slice(block);
        map_in_place(Level::get(), &mut mapped[from..], tables);
    }
    Ok(mapped)
}

/// Replaces each byte: the one at `i` by the entry of table `i % N`.
fn map_in_place<const N: usize>(level: Level, pixels: &mut [u8], tables: [&[u8; 256]; N]) {
    match level {
        // Two permutations look 64 bytes up in 256 entries; what lower levels have takes as long
        // as loads from the table.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) if tables.iter().all(|table| *table == tables[0]) => {
            avx512::map(token, pixels, [tables[0]]);
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(token) => avx512::map(token, pixels, tables),
        _ => scalar::map(pixels, tables),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::for_each_level;

    fn table(seed: usize) -> [u8; 256] {
        std::array::from_fn(|i| (i * 167 + seed * 91 + (i >> 3)) as u8)
    }

    fn check<const N: usize>(tables: [&[u8; 256]; N]) {
        for length in [0, 1, 63, 64, 191, 192, 193, 256, 1000, BLOCK, 2 * BLOCK + 77] {
            let pixels: Vec<u8> = (0..length).map(|i| (i * 89 + i / 251) as u8).collect();
            let expected: Vec<u8> =
                (0..length).map(|i| tables[i % N][usize::from(pixels[i])]).collect();
            for_each_level(|level| {
                assert!(map(&pixels, tables).unwrap() == expected, "{N} tables, {length}, {level}");
            });
        }
    }

    #[test]
    fn every_level_looks_up_alike() {
        let [a, b, c, d] = [1, 2, 3, 4].map(table);
        check([&a]);
        check([&a, &b]);
        check([&a, &b, &c]);
        check([&a, &b, &c, &d]);
        check([&c, &c, &c]);
    }
}
