//! Which colours an image has.

use crate::error::{Error, Result};
use crate::image::{Image, Sample};

/// What a step is changed by when it outgrows a table of 4, 8, 16, ... slots. They are CPython 2's
/// polynomials for steps that visit every slot, less the highest term: Pillow's table lost it, and
/// with it the certainty to find a free slot.
const POLYNOMIALS: [u32; 29] = [
    3, 3, 3, 5, 3, 3, 29, 17, 9, 5, 83, 27, 43, 3, 45, 9, 39, 39, 9, 5, 3, 33, 27, 9, 71, 39, 9, 5,
    83,
];

struct Slot {
    count: u32,
    pixel: u32,
    at: usize,
}

impl Image {
    /// Each colour of an image of several bands, or of mode `I` or `F`: how often it occurs, and
    /// the offset of its first pixel in [`as_bytes`](Self::as_bytes). `None` if there are more
    /// than `max`. The order is that of Pillow's hash table.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for modes of one or two bytes a pixel.
    pub fn colors(&self, max: usize) -> Result<Option<Vec<(u32, usize)>>> {
        let bytes = self.mode().pixel_bytes();
        if super::is_narrow(self) {
            return Err(Error::parameter("image has wrong mode"));
        }
        let Some(bits) = (2..31).find(|&bits| 1 << bits > max) else {
            return Err(Error::limit("a table of that many colours does not fit memory"));
        };
        let mut table = Table::new(bits);
        let two_bands = bytes == 2 && self.mode().sample() == Sample::U8;
        for (i, pixel) in self.as_bytes().chunks_exact(bytes).enumerate() {
            let mut key = [0; 4];
            key[..bytes].copy_from_slice(pixel);
            if two_bands {
                key = [pixel[0], pixel[0], pixel[0], pixel[1]];
            }
            let slot = table.find(u32::from_le_bytes(key));
            if slot.count == 0 {
                slot.at = i * bytes;
                table.used += 1;
                if table.used > max {
                    return Ok(None);
                }
            }
            table.slots[table.last].count += 1;
        }
        let used = table.slots.into_iter().filter(|slot| slot.count > 0);
        Ok(Some(used.map(|slot| (slot.count, slot.at)).collect()))
    }
}

struct Table {
    slots: Vec<Slot>,
    polynomial: u32,
    used: usize,
    last: usize,
}

impl Table {
    fn new(bits: usize) -> Self {
        let slots = (0..1 << bits).map(|_| Slot { count: 0, pixel: 0, at: 0 }).collect();
        Self { slots, polynomial: POLYNOMIALS[bits - 2], used: 0, last: 0 }
    }

    /// The slot of `pixel`, or the free one where it belongs.
    fn find(&mut self, pixel: u32) -> &mut Slot {
        let mask = self.slots.len() as u32 - 1;
        let mut index = !pixel & mask;
        let mut step = (pixel ^ (pixel >> 3)) & mask;
        if step == 0 {
            step = mask;
        }
        for probes in 0.. {
            let slot = &self.slots[index as usize];
            if slot.count == 0 || slot.pixel == pixel {
                break;
            }
            if probes > self.slots.len() {
                index = (index + 1) & mask;
                continue;
            }
            index = index.wrapping_add(step) & mask;
            step <<= 1;
            if step > mask {
                step ^= self.polynomial;
            }
        }
        self.last = index as usize;
        let slot = &mut self.slots[index as usize];
        slot.pixel = pixel;
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Mode;

    #[test]
    fn colors_are_counted_up_to_the_limit() {
        let image = Image::from_raw(Mode::Rgb, (3, 1), vec![1, 2, 3, 4, 5, 6, 1, 2, 3]).unwrap();
        let mut colors = image.colors(2).unwrap().unwrap();
        colors.sort_unstable();
        assert_eq!(colors, [(1, 3), (2, 0)]);
        assert!(image.colors(1).unwrap().is_none());
    }
}
