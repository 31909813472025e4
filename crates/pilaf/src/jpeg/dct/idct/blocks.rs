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
    #[inline]
    fn len(&self) -> usize {
        self.blocks.len() - self.next
    }

    #[inline]
    fn next_place(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    #[inline]
    fn block(&self, place: usize) -> &Block {
        &self.blocks[place]
    }

    #[inline]
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
    #[inline]
    fn len(&self) -> usize {
        self.left
    }

    #[inline]
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

    #[inline]
    fn block(&self, place: usize) -> &Block {
        self.holders[place].as_ref()
    }

    #[inline]
    fn release(&mut self, place: usize) {
        *self.holders[place].as_mut() = EMPTY;
    }
}

/// Calls `kernel` for `N` blocks after the other, with the number of the first in the row and how many there
/// are; at the end of the row empty blocks stand for missing ones.
#[inline(always)]
pub(super) fn for_each_group<const N: usize>(
    row: &mut impl BlockRow,
    mut kernel: impl FnMut(usize, usize, [&Block; N]),
) {
    let (mut first, length) = (0, row.len());
    while first < length {
        let count = (length - first).min(N);
        let mut places = [0; N];
        places[..count].iter_mut().for_each(|place| *place = row.next_place());
        let mut blocks = [&EMPTY; N];
        for (block, &place) in blocks.iter_mut().zip(&places[..count]) {
            *block = row.block(place);
        }
        kernel(first, count, blocks);
        places[..count].iter().for_each(|&place| row.release(place));
        first += count;
    }
}
