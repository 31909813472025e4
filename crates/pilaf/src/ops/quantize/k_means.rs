//! Lloyd's algorithm (1957): entries move to the mean of their pixels, pixels to the nearest entry.

use super::colors::Colors;
use super::nearest::Neighbors;

/// Sums of the pixels of one entry. They wrap around as Pillow's 32 bits do.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    bands: [u32; 3],
    count: u32,
}

impl Sum {
    /// Adds `count` pixels of a colour.
    pub(super) fn add(&mut self, color: &[u8; 4], count: u32) {
        for (sum, &value) in self.bands.iter_mut().zip(color) {
            *sum = sum.wrapping_add(u32::from(value).wrapping_mul(count));
        }
        self.count = self.count.wrapping_add(count);
    }

    fn remove(&mut self, color: &[u8; 4], count: u32) {
        self.add(color, count.wrapping_neg());
    }

    /// The rounded mean; black without pixels.
    pub(super) fn mean(&self) -> [u8; 4] {
        let [r, g, b] = self.bands.map(|sum| (0.5 + f64::from(sum) / f64::from(self.count)) as u8);
        [r, g, b, 255]
    }
}

/// Rounds after which no more is to be gained: rounding may let entries go in circles.
const MAX_ROUNDS: usize = 10_000;

/// Moves the entries of `palette` until at most `threshold` pixels change theirs in a round.
pub(super) fn refine(found: &Colors, palette: &mut [[u8; 4]], indices: &mut [u8], threshold: u32) {
    let mut sums = vec![Sum::default(); palette.len()];
    for ((color, &count), &index) in found.colors.iter().zip(&found.counts).zip(&*indices) {
        sums[usize::from(index)].add(color, count);
    }
    let mut neighbors: Option<Neighbors> = None;
    for _ in 0..MAX_ROUNDS {
        palette.iter_mut().zip(&sums).for_each(|(entry, sum)| *entry = sum.mean());
        let neighbors = match &mut neighbors {
            None => neighbors.insert(Neighbors::new(palette)),
            Some(known) => {
                known.update(palette);
                known
            }
        };
        let mut changed: u64 = 0;
        for (id, color) in found.colors.iter().enumerate() {
            let (old, count) = (usize::from(indices[id]), found.counts[id]);
            let new = neighbors.nearest(palette, color, old);
            if new != old {
                changed += u64::from(count);
                sums[new].add(color, count);
                sums[old].remove(color, count);
                indices[id] = new as u8;
            }
        }
        if changed <= u64::from(threshold) {
            return;
        }
    }
}
