//! Rows of blocks, wherever they lie.

use super::Block;

/// Stands for the blocks that a group at the end of a row lacks.
static EMPTY: Block = [0; 64];

/// Blocks of one component that lie side by side in the picture, to be taken from the left.
pub(crate) trait BlockRow {
    /// Blocks that are left.
    fn len(&self) -> usize;

    /// Where the next block lies; must be asked at most `len` times.
    fn next_place(&mut self) -> usize;

    /// The block at a place.
    fn block(&self, place: usize) -> &Block;

    /// The block at this place was transformed and will not be asked for again.
    fn release(&mut self, place: usize);
}

/// Blocks that lie side by side in memory, too, and stay as they are.
pub(crate) struct Adjacent<'b> {
    blocks: &'b [Block],
    next: usize,
}

impl<'b> Adjacent<'b> {
    pub(crate) fn new(blocks: &'b [Block]) -> Self {
        Self { blocks, next: 0 }
    }
}

impl BlockRow for Adjacent<'_> {
    #[inline(always)]
    fn len(&self) -> usize {
        self.blocks.len() - self.next
    }

    #[inline(always)]
    fn next_place(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    #[inline(always)]
    fn block(&self, place: usize) -> &Block {
        &self.blocks[place]
    }

    #[inline(always)]
    fn release(&mut self, _place: usize) {}
}

/// Blocks of one component among those of others, as MCUs have them, emptied when they are done.
///
/// Of every `step` holders, from `first` on, `group` hold blocks of this row.
pub(crate) struct Interleaved<'h, H> {
    holders: &'h mut [H],
    next: usize,
    group: usize,
    step: usize,
    /// Blocks before the end of the group, and of the row.
    left_in_group: usize,
    left: usize,
}

impl<'h, H: AsRef<Block> + AsMut<Block>> Interleaved<'h, H> {
    /// The row of the first `count` blocks.
    pub(crate) fn new(
        holders: &'h mut [H],
        first: usize,
        (group, step): (usize, usize),
        count: usize,
    ) -> Self {
        Self { holders, next: first, group, step, left_in_group: group, left: count }
    }

    /// Leaves `count` blocks at most in the row and empties the others.
    pub(crate) fn cut(&mut self, count: usize) {
        let (next, left_in_group, left) = (self.next, self.left_in_group, self.left.min(count));
        for index in 0..self.left {
            let place = self.next_place();
            if index >= left {
                self.release(place);
            }
        }
        (self.next, self.left_in_group, self.left) = (next, left_in_group, left);
    }
}

impl<H: AsRef<Block> + AsMut<Block>> BlockRow for Interleaved<'_, H> {
    #[inline(always)]
    fn len(&self) -> usize {
        self.left
    }

    #[inline(always)]
    fn next_place(&mut self) -> usize {
        let place = self.next;
        self.left -= 1;
        self.left_in_group -= 1;
        self.next += 1;
        if self.left_in_group == 0 {
            self.left_in_group = self.group;
            self.next += self.step - self.group;
        }
        place
    }

    #[inline(always)]
    fn block(&self, place: usize) -> &Block {
        self.holders[place].as_ref()
    }

    #[inline(always)]
    fn release(&mut self, place: usize) {
        *self.holders[place].as_mut() = EMPTY;
    }
}

/// Neighbouring blocks of a row, one group of at most `N` after the other.
///
/// (Loops over places go to the number of them that is known when this is compiled, so that they are unrolled
/// and places are in registers.)
pub(super) struct Groups<const N: usize> {
    /// Blocks of a group; the last one may lack some.
    together: usize,
    /// Number of the first block in the row.
    pub(super) first: usize,
    /// How many blocks there are.
    pub(super) count: usize,
    places: [usize; N],
}

impl<const N: usize> Groups<N> {
    /// What stands before the first group of `together` blocks.
    #[inline(always)]
    pub(super) fn new(together: usize) -> Self {
        debug_assert!((1..=N).contains(&together));
        Self { together, first: 0, count: 0, places: [0; N] }
    }

    /// Goes on to the next group of `row`, of which nothing else may take blocks meanwhile; whether there is one.
    #[inline(always)]
    pub(super) fn next(&mut self, row: &mut impl BlockRow) -> bool {
        self.first += self.count;
        self.count = row.len().min(self.together);
        for index in 0..self.together {
            if index < self.count {
                self.places[index] = row.next_place();
            }
        }
        self.count > 0
    }

    /// Whether no block is missing.
    #[inline(always)]
    pub(super) fn is_whole(&self) -> bool {
        self.count == self.together
    }

    /// The blocks, then empty ones for those that are missing.
    #[inline(always)]
    pub(super) fn blocks<'r>(&self, row: &'r impl BlockRow) -> [&'r Block; N] {
        let mut blocks = [&EMPTY; N];
        for (index, block) in blocks.iter_mut().enumerate().take(self.together) {
            if index < self.count {
                *block = row.block(self.places[index]);
            }
        }
        blocks
    }

    /// Hands the blocks back.
    #[inline(always)]
    pub(super) fn release(&self, row: &mut impl BlockRow) {
        for index in 0..self.together {
            if index < self.count {
                row.release(self.places[index]);
            }
        }
    }
}
