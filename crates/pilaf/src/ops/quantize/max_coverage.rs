//! Maximum coverage: each entry is the colour farthest from all that were taken before.

use super::Quantized;
use super::colors::Colors;
use super::k_means::{self, Sum};
use super::nearest::{Neighbors, distance};

pub(super) fn quantize(found: &Colors, colors: usize, k_means: u32) -> Quantized {
    let mut entries = take_farthest(found, colors);
    let neighbors = Neighbors::new(&entries);
    let nearest = |color| neighbors.nearest(&entries, color, 0) as u8;
    let mut indices: Vec<u8> = found.colors.iter().map(nearest).collect();
    if k_means > 0 {
        k_means::refine(found, &mut entries, &mut indices, k_means - 1);
    }
    Quantized { entries, indices }
}

fn take_farthest(found: &Colors, colors: usize) -> Vec<[u8; 4]> {
    let mut sum = Sum::default();
    found.colors.iter().zip(&found.counts).for_each(|(color, &count)| sum.add(color, count));
    let mut last = sum.mean();
    let mut candidates: Vec<_> =
        in_table_order(&found.colors).into_iter().map(|color| (color, u32::MAX)).collect();
    (0..colors)
        .map(|taken| {
            let mut farthest = (found.colors[0], 0);
            for (color, nearest) in &mut candidates {
                let distance = distance(&last, color);
                // The mean, from which the first entry is farthest, is no entry itself.
                *nearest = if taken == 1 { distance } else { distance.min(*nearest) };
                if *nearest > farthest.1 {
                    farthest = (*color, *nearest);
                }
            }
            last = farthest.0;
            last
        })
        .collect()
}

/// Colours in the order of Pillow's hash table, which decides between equal distances: by slot,
/// and within a slot by red, green, blue.
fn in_table_order(colors: &[[u8; 4]]) -> Vec<[u8; 4]> {
    let length = table_length(colors.len());
    let mut colors = colors.to_vec();
    colors.sort_unstable_by_key(|color| (hash(color) % length, *color));
    colors
}

fn hash(&[r, g, b, _]: &[u8; 4]) -> u32 {
    let [r, g, b] = [r, g, b].map(u32::from);
    (r * 463) ^ (g << 8).wrapping_mul(10_069) ^ (b << 16).wrapping_mul(64_997)
}

/// Slots of the table when it holds `count` colours: it grows when they are more than three times
/// its slots, to more than twice as many, by the first number that ends in one of six hexadecimal
/// digits (the test for primes behind it passes every number).
fn table_length(count: usize) -> u32 {
    let mut length = 11u32;
    while (length as usize) * 3 < count {
        length = length * 2 + 1;
        while !matches!(length & 0xF, 1 | 3 | 7 | 9 | 11 | 13) {
            length += 1;
        }
    }
    length
}
