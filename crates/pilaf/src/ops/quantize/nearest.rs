//! Which entry of a palette is nearest to a colour.

/// Distances between the entries of a palette, and for each entry the order of all by their
/// distance from it.
pub(super) struct Neighbors {
    entries: usize,
    distances: Vec<u32>,
    order: Vec<u16>,
}

impl Neighbors {
    /// Entries at the same distance are ordered by index.
    pub(super) fn new(palette: &[[u8; 4]]) -> Self {
        let mut this = Self { entries: palette.len(), distances: Vec::new(), order: Vec::new() };
        this.measure(palette);
        for row in this.distances.chunks_exact(palette.len()) {
            let start = this.order.len();
            this.order.extend(0..palette.len() as u16);
            this.order[start..].sort_by_key(|&i| (row[usize::from(i)], i));
        }
        this
    }

    fn measure(&mut self, palette: &[[u8; 4]]) {
        let rows = palette.iter().flat_map(|a| palette.iter().map(|b| distance(a, b)));
        self.distances = rows.collect();
    }

    /// For a palette that has changed. Pillow meant to sort again by insertion, but an element is
    /// compared with the one that was just moved: it goes down by more than one place only where
    /// the row before it is not in order either. Which entries are looked at depends on it.
    pub(super) fn update(&mut self, palette: &[[u8; 4]]) {
        self.measure(palette);
        let rows = self.order.chunks_exact_mut(self.entries);
        for (order, distances) in rows.zip(self.distances.chunks_exact(self.entries)) {
            for j in 1..order.len() {
                let element = order[j];
                let mut k = j;
                let at = |i: u16| distances[usize::from(i)];
                while k > 0 && at(order[k - 1]) > at(order[k]) {
                    order[k] = order[k - 1];
                    k -= 1;
                }
                order[k] = element;
            }
        }
    }

    /// The entry nearest to `color`, searched among those at most twice as far from `start` as
    /// the colour is: no other can be nearer.
    pub(super) fn nearest(&self, palette: &[[u8; 4]], color: &[u8; 4], start: usize) -> usize {
        let row = start * self.entries..(start + 1) * self.entries;
        let (distances, order) = (&self.distances[row.clone()], &self.order[row]);
        let (mut best, mut best_distance) = (start, distance(&palette[start], color));
        let limit = best_distance << 2;
        for index in order.iter().map(|&i| usize::from(i)) {
            if distances[index] > limit {
                break;
            }
            let distance = distance(&palette[index], color);
            if distance < best_distance {
                (best, best_distance) = (index, distance);
            }
        }
        best
    }
}

/// The square of the distance; alpha does not count.
pub(super) fn distance(a: &[u8; 4], b: &[u8; 4]) -> u32 {
    let square = |band: usize| {
        let difference = u32::from(a[band].abs_diff(b[band]));
        difference * difference
    };
    square(0) + square(1) + square(2)
}
