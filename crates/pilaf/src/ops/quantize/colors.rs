//! The distinct colours of an image.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

use crate::image::{Image, Mode};

/// Every colour once, in the order of first appearance.
pub(super) struct Colors {
    /// Red, green, blue, alpha.
    pub(super) colors: Vec<[u8; 4]>,
    /// Pixels of each colour.
    pub(super) counts: Vec<u32>,
    /// For each pixel the number of its colour.
    pub(super) pixels: Vec<u32>,
}

impl Colors {
    /// The colours of an image of mode `L`, `P`, `RGB` or `RGBA`. All transparent pixels count as
    /// the first of them.
    pub(super) fn of(image: &Image) -> Self {
        let mut clear = None;
        let mut join_clear = |[r, g, b, alpha]: [u8; 4]| match alpha {
            0 => *clear.get_or_insert([r, g, b, 0]),
            _ => [r, g, b, alpha],
        };
        let bytes = image.as_bytes();
        match (image.mode(), image.palette()) {
            (Mode::Rgb, _) => {
                Self::count(bytes.as_chunks().0.iter().map(|&[r, g, b]| [r, g, b, 255]))
            }
            (Mode::Rgba, _) => Self::count(bytes.as_chunks().0.iter().map(|&p| join_clear(p))),
            (_, Some(palette)) => Self::count(bytes.iter().map(|&v| palette.color(v))),
            (_, None) => Self::count(bytes.iter().map(|&v| [v, v, v, 255])),
        }
    }

    fn count(pixels: impl Iterator<Item = [u8; 4]>) -> Self {
        let mut ids: HashMap<u32, u32, BuildHasherDefault<ColorHasher>> = HashMap::default();
        let mut all = Self { colors: Vec::new(), counts: Vec::new(), pixels: Vec::new() };
        all.pixels.reserve_exact(pixels.size_hint().0);
        for color in pixels {
            let id = match ids.entry(u32::from_le_bytes(color)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    all.colors.push(color);
                    all.counts.push(0);
                    *new.insert(all.colors.len() as u32 - 1)
                }
            };
            all.counts[id as usize] += 1;
            all.pixels.push(id);
        }
        all
    }
}

/// Fibonacci hashing (Knuth, TAOCP 6.4), with the high bits folded down to where the map looks.
///
/// Keys are colours: somebody who chose them all could at worst make the map slow, not wrong, and
/// by no more than their number squared; there are at most as many as pixels.
#[derive(Default)]
struct ColorHasher(u64);

impl Hasher for ColorHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u32(self.0 as u32 ^ u32::from(byte)));
    }

    fn write_u32(&mut self, value: u32) {
        let product = u64::from(value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ product >> 32;
    }
}
