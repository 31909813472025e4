//! Fast octree: the fullest cells of a fine grid become entries, cells of a coarse grid take what
//! is left (Tonnhofer 2010).

use super::Quantized;
use super::colors::Colors;

/// Bits of red, green, blue and alpha of the fine and of the coarse grid.
const LEVELS: [[u32; 4]; 2] = [[4, 4, 4, 0], [2, 2, 2, 0]];
const LEVELS_ALPHA: [[u32; 4]; 2] = [[3, 4, 3, 3], [2, 2, 2, 2]];

pub(super) fn quantize(found: &Colors, colors: usize, has_alpha: bool) -> Quantized {
    let [fine_bits, coarse_bits] = if has_alpha { LEVELS_ALPHA } else { LEVELS };
    let mut fine = Grid::new(fine_bits);
    for (color, &count) in found.colors.iter().zip(&found.counts) {
        fine.cell(color).add(color, count);
    }
    let mut coarse = fine.resample(coarse_bits);
    let fine_cells = fine.by_count();
    let mut coarse_len = coarse.used().min(colors);
    let mut fine_len = colors - coarse_len;
    coarse.subtract(&fine_cells[..fine_len]);
    // Coarse cells that were emptied leave room for more fine ones.
    while coarse_len > coarse.used() {
        let subtracted = fine_len;
        coarse_len = coarse.used();
        fine_len = colors - coarse_len;
        coarse.subtract(&fine_cells[subtracted..fine_len]);
    }
    let mut entries: Vec<_> = coarse.by_count()[..coarse_len].iter().map(Cell::mean).collect();
    entries.extend(fine_cells[..fine_len].iter().map(Cell::mean));

    let mut lookup = Grid::new(coarse_bits);
    lookup.enter(&entries[..coarse_len], 0);
    let mut lookup = lookup.resample(fine_bits);
    lookup.enter(&entries[coarse_len..], coarse_len);
    let indices = found.colors.iter().map(|color| lookup.cell(color).count as u8).collect();
    Quantized { entries, indices }
}

/// The pixels of a cell: how many, and the sums of their bands. Where cells are used to look up
/// entries, the count is the index of one.
#[derive(Clone, Copy, Default)]
struct Cell {
    count: u32,
    sums: [u64; 4],
}

impl Cell {
    fn add(&mut self, color: &[u8; 4], count: u32) {
        self.count = self.count.wrapping_add(count);
        for (sum, &value) in self.sums.iter_mut().zip(color) {
            *sum += u64::from(value) * u64::from(count);
        }
    }

    /// The mean, cut off; all 0 without pixels.
    fn mean(&self) -> [u8; 4] {
        match self.count {
            0 => [0; 4],
            count => self.sums.map(|sum| (sum as f32 / count as f32) as u8),
        }
    }
}

/// Cells of equal size that fill the space of colours.
struct Grid {
    bits: [u32; 4],
    cells: Vec<Cell>,
}

impl Grid {
    fn new(bits: [u32; 4]) -> Self {
        Self { bits, cells: vec![Cell::default(); 1 << bits.iter().sum::<u32>()] }
    }

    fn position(&self, color: [u32; 4]) -> usize {
        let position = color.iter().zip(self.bits).fold(0, |at, (value, bits)| at << bits | value);
        position as usize
    }

    fn cell(&mut self, color: &[u8; 4]) -> &mut Cell {
        let of_band = |band: usize| u32::from(color[band]) >> (8 - self.bits[band]);
        let position = self.position(std::array::from_fn(of_band));
        &mut self.cells[position]
    }

    fn used(&self) -> usize {
        self.cells.iter().filter(|cell| cell.count > 0).count()
    }

    /// Cells from the fullest to the emptiest; equally full ones stay in order.
    fn by_count(&self) -> Vec<Cell> {
        let mut cells = self.cells.clone();
        cells.sort_by_key(|cell| std::cmp::Reverse(cell.count as i32));
        cells
    }

    /// A finer or coarser grid: cells are repeated or summed up.
    fn resample(&self, bits: [u32; 4]) -> Self {
        let mut out = Self::new(bits);
        let finest: [u32; 4] = std::array::from_fn(|band| bits[band].max(self.bits[band]));
        for at in 0..1u32 << finest.iter().sum::<u32>() {
            let mut rest = at;
            let mut color = [0; 4];
            for band in (0..4).rev() {
                color[band] = rest & ((1 << finest[band]) - 1);
                rest >>= finest[band];
            }
            let scaled = |bits: [u32; 4]| {
                std::array::from_fn(|band| color[band] >> (finest[band] - bits[band]))
            };
            let from = self.cells[self.position(scaled(self.bits))];
            let to = out.position(scaled(bits));
            let to = &mut out.cells[to];
            to.count = to.count.wrapping_add(from.count);
            to.sums.iter_mut().zip(from.sums).for_each(|(to, from)| *to = to.wrapping_add(from));
        }
        out
    }

    /// Takes the pixels of finer cells out again.
    fn subtract(&mut self, cells: &[Cell]) {
        for cell in cells.iter().filter(|cell| cell.count > 0) {
            let from = self.cell(&cell.mean());
            from.count = from.count.wrapping_sub(cell.count);
            let sums = from.sums.iter_mut().zip(cell.sums);
            sums.for_each(|(from, sum)| *from = from.wrapping_sub(sum));
        }
    }

    /// Enters the indices of entries, from `first` on; of several in a cell the first stays.
    fn enter(&mut self, entries: &[[u8; 4]], first: usize) {
        for (i, entry) in entries.iter().enumerate().rev() {
            self.cell(entry).count = (first + i) as u32;
        }
    }
}
