//! Resizing rows as they arrive: both passes in step, over a ring of lines.
//!
//! ```text
//! columns first   push --resample_rows--> ring --combine_rows--> pop
//! rows first      push --interleave_rows--> ring --combine_rows--> group --resample_rows--> pop
//! ```
//!
//! The ring holds the lines that one vertical window spans and one group more; nothing grows
//! with the height of the image.

use std::ops::Range;
use std::sync::Arc;

use super::alpha;
use super::kernels::{Axis, Kernels, Rows, RowsMut, Scratch};
use super::plan::{Geometry, PassWeights};
use crate::simd::Level;

/// How samples in memory differ from the samples that are resampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// They do not.
    Plain,
    /// The last band is alpha, and the others are to be multiplied by it.
    Alpha,
}

/// What rows are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pixels {
    pub(crate) bands: usize,
    /// Bytes of a pixel.
    pub(crate) bytes: usize,
    pub(crate) coding: Coding,
}

/// The weights of both passes in the form of a level.
pub(crate) struct Axes<K: Kernels> {
    across: Option<K::Across>,
    down: Option<Windows<K::Down>>,
    rows_first: bool,
}

/// The weights of the pass over columns, and where its windows end.
struct Windows<D> {
    axis: D,
    ends: Vec<usize>,
}

impl<K: Kernels> Axes<K> {
    /// `None` when this level cannot carry the weights.
    pub(crate) fn pack(kernels: K, bands: usize, weights: &PassWeights) -> Option<Self> {
        let across = match &weights.horizontal {
            Some(weights) => Some(kernels.pack_across(weights, bands)?),
            None => None,
        };
        let down = match &weights.vertical {
            Some(weights) => {
                let ends = weights.windows().iter().map(|window| window.end()).collect();
                Some((kernels.pack_down(weights)?, ends))
            }
            None => None,
        };
        Some(Self::new(across, down, weights.rows_first))
    }

    /// From axes at hand; that of the pass over columns with one past the last source row of each
    /// target row.
    pub(crate) fn new(
        across: Option<K::Across>,
        down: Option<(K::Down, Vec<usize>)>,
        rows_first: bool,
    ) -> Self {
        let rows_first = rows_first && across.is_some() && down.is_some();
        Self { across, down: down.map(|(axis, ends)| Windows { axis, ends }), rows_first }
    }
}

/// Everything that can be known before the first row, and used again for the next image.
pub(crate) struct Plan<K: Kernels> {
    kernels: K,
    level: Level,
    pixels: Pixels,
    source_bytes: usize,
    target_bytes: usize,
    height: usize,
    horizontal: Option<K::Across>,
    vertical: Option<Windows<K::Down>>,
    rows_first: bool,
}

impl<K: Kernels> Plan<K> {
    pub(crate) fn new(
        (kernels, level): (K, Level),
        pixels: Pixels,
        geometry: &Geometry,
        axes: Axes<K>,
    ) -> Self {
        Self {
            kernels,
            level,
            pixels,
            source_bytes: geometry.source.0 as usize * pixels.bytes,
            target_bytes: geometry.size.0 as usize * pixels.bytes,
            height: geometry.size.1 as usize,
            rows_first: axes.rows_first,
            horizontal: axes.across,
            vertical: axes.down,
        }
    }

    /// Bytes of a row between the passes.
    fn ring_row_bytes(&self) -> usize {
        match &self.horizontal {
            Some(_) if !self.rows_first => self.target_bytes,
            _ => self.source_bytes,
        }
    }

    /// Lines that one target row needs.
    fn units(&self) -> usize {
        self.vertical.as_ref().map_or(1, |vertical| vertical.axis.units())
    }

    /// The first line that target row `y` needs.
    fn first_unit(&self, y: usize) -> usize {
        match &self.vertical {
            Some(vertical) => vertical.axis.first_unit(y),
            None => y / K::LINE_ROWS,
        }
    }

    /// The source rows that some target rows need: all within this range, which starts with a
    /// line.
    fn used_by(&self, rows: &Range<usize>) -> Range<usize> {
        self.first_unit(rows.start) * K::LINE_ROWS..self.rows_before(rows.end - 1)
    }

    /// The number of source rows without which target row `y` cannot be made.
    fn rows_before(&self, y: usize) -> usize {
        self.vertical.as_ref().map_or(y + 1, |vertical| vertical.ends[y])
    }
}

/// A resize under way: rows go in, rows come out, both from the top.
pub(crate) trait RowStream {
    /// Takes rows, as many as there is room for, and says how many. There is always room for
    /// some after [`pop`](Self::pop) has given all it can.
    fn push(&mut self, rows: Rows<'_>) -> usize;

    /// Writes the rows that are done to `target`, one every `stride` bytes, as many as fit, and
    /// says how many.
    fn pop(&mut self, target: &mut [u8], stride: usize) -> usize;

    /// Starts over with another image of the same shape, of which the target rows `rows` are
    /// wanted, at least one. Source rows are pushed from the top all the same.
    fn restart(&mut self, rows: Range<usize>);

    /// Another stream of the same plan.
    fn fork(&self) -> Box<dyn RowStream + Send>;

    /// Bytes of working memory, without the plan.
    fn working_bytes(&self) -> usize;
}

/// The rows between a vertical pass that comes first and its horizontal pass.
struct Back {
    /// A group of rows of the source's width.
    rows: Vec<u8>,
    /// Rows in `rows`.
    gathered: usize,
    /// The group as lines of the target's width.
    lines: Vec<u8>,
    /// Rows of `lines` that were not popped yet.
    ready: Range<usize>,
}

/// Bytes that start at a cache line, so that no vector load of a line crosses into a second one.
struct AlignedBytes {
    bytes: Vec<u8>,
    start: usize,
    len: usize,
}

impl AlignedBytes {
    fn new(len: usize) -> Self {
        let bytes = vec![0; len + 63];
        // The most that `align_offset` asks for on any machine that we know; if it asks for more,
        // only speed is lost.
        let start = bytes.as_ptr().align_offset(64).min(63);
        Self { bytes, start, len }
    }

    fn get(&self) -> &[u8] {
        &self.bytes[self.start..][..self.len]
    }

    fn get_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..][..self.len]
    }
}

/// The one implementation of [`RowStream`], for every level.
pub(crate) struct Engine<K: Kernels> {
    plan: Arc<Plan<K>>,
    scratch: Scratch,
    ring: AlignedBytes,
    line_bytes: usize,
    ring_lines: usize,
    /// The source rows that are looked at, from the start of a line.
    used: Range<usize>,
    /// One past the last target row that is wanted.
    end: usize,
    /// Source rows taken so far.
    taken: usize,
    /// Of those, the ones that are in the ring, or were.
    grouped: usize,
    /// A group of rows, the first of which wait for the others, already coded. Empty until some
    /// have to wait.
    waiting: Vec<u8>,
    waiting_rows: usize,
    /// Target rows combined so far.
    combined: usize,
    back: Option<Back>,
}

impl<K: Kernels + 'static> Engine<K> {
    pub(crate) fn new(plan: Arc<Plan<K>>) -> Self {
        let group_lines = K::GROUP / K::LINE_ROWS;
        let ring_lines = (plan.units() + group_lines - 1).next_multiple_of(group_lines);
        let line_bytes = plan.kernels.line_bytes(plan.ring_row_bytes());
        let back = plan.rows_first.then(|| Back {
            rows: vec![0; K::GROUP * plan.source_bytes],
            gathered: 0,
            lines: vec![0; group_lines * plan.kernels.line_bytes(plan.target_bytes)],
            ready: 0..0,
        });
        let mut engine = Self {
            ring: AlignedBytes::new(ring_lines * line_bytes),
            scratch: Scratch::default(),
            line_bytes,
            ring_lines,
            used: 0..0,
            end: 0,
            taken: 0,
            grouped: 0,
            waiting: Vec::new(),
            waiting_rows: 0,
            combined: 0,
            back,
            plan,
        };
        engine.restart(0..engine.plan.height);
        engine
    }

    fn line_of(&self, unit: usize) -> &[u8] {
        let slot = (unit - self.used.start / K::LINE_ROWS) % self.ring_lines;
        &self.ring.get()[slot * self.line_bytes..][..self.line_bytes]
    }

    /// Whether another group would overwrite no line that is still needed.
    fn has_room(&self) -> bool {
        if self.combined == self.end {
            return true;
        }
        let end = (self.grouped + K::GROUP) / K::LINE_ROWS;
        end <= self.plan.first_unit(self.combined) + self.ring_lines
    }

    /// How many of the next `left` rows lie before every window that is still to come: whole
    /// groups. Only windows that leave rows out have such.
    fn skippable(&self, left: usize) -> usize {
        if self.combined == self.end || self.waiting_rows > 0 {
            return 0;
        }
        let next = self.plan.first_unit(self.combined) * K::LINE_ROWS;
        next.saturating_sub(self.grouped).min(left) / K::GROUP * K::GROUP
    }

    /// Puts the next group into the ring: `GROUP` coded rows, the first `count` of them new.
    fn take_group(&mut self, group: Rows<'_>, count: usize) {
        let first = (self.grouped - self.used.start) / K::LINE_ROWS % self.ring_lines;
        let bytes = first * self.line_bytes..(first + K::GROUP / K::LINE_ROWS) * self.line_bytes;
        let lines = &mut self.ring.get_mut()[bytes];
        let plan = &*self.plan;
        match &plan.horizontal {
            Some(axis) if !plan.rows_first => {
                plan.kernels.resample_rows(
                    group,
                    plan.pixels.bands,
                    axis,
                    &mut self.scratch,
                    lines,
                );
            }
            _ => plan.kernels.interleave_rows(group, lines),
        }
        self.grouped += count;
    }

    /// Takes rows from the front of `rows`, all of them used: a whole group straight from where
    /// it lies, or else into the waiting room.
    fn take_some(&mut self, rows: Rows<'_>) -> usize {
        let left = self.used.end - self.taken;
        let count = rows.count.min(K::GROUP - self.waiting_rows).min(left);
        let next = rows.skip(count);
        if count == K::GROUP && self.is_coded(rows) {
            self.take_group(rows.before(next), count);
        } else {
            (0..count).for_each(|row| self.wait(rows.row(row)));
            if self.waiting_rows == K::GROUP || count == left {
                self.take_waiting(next);
            }
        }
        self.taken += count;
        count
    }

    /// Whether coding a group of rows would change nothing.
    fn is_coded(&self, rows: Rows<'_>) -> bool {
        match self.plan.pixels.coding {
            Coding::Plain => true,
            Coding::Alpha => {
                let bands = self.plan.pixels.bands;
                (0..K::GROUP).all(|row| alpha::is_opaque(rows.row(row), bands))
            }
        }
    }

    /// Copies a row to the waiting ones, coded.
    fn wait(&mut self, row: &[u8]) {
        if self.waiting.is_empty() {
            self.waiting = vec![0; K::GROUP * self.plan.source_bytes];
        }
        let target = &mut self.waiting[self.waiting_rows * row.len()..][..row.len()];
        match self.plan.pixels.coding {
            Coding::Plain => target.copy_from_slice(row),
            Coding::Alpha => {
                alpha::premultiply(self.plan.level, row, target, self.plan.pixels.bands);
            }
        }
        self.waiting_rows += 1;
    }

    /// Makes a group of the waiting rows, and of more rows without meaning at the lower edge.
    fn take_waiting(&mut self, next: Rows<'_>) {
        let waiting = std::mem::take(&mut self.waiting);
        let group = Rows::packed(&waiting, self.plan.source_bytes).before(next);
        self.take_group(group, self.waiting_rows);
        self.waiting = waiting;
        self.waiting_rows = 0;
    }

    /// The target rows, from the next on, whose source rows are all in the ring.
    fn complete(&self, most: usize) -> Range<usize> {
        let end = self.end.min(self.combined.saturating_add(most));
        let rows = self.combined..end;
        let count = rows.clone().take_while(|&y| self.plan.rows_before(y) <= self.grouped).count();
        rows.start..rows.start + count
    }

    /// Makes rows of the vertical pass, as many as there are source rows for and as fit into
    /// `target`. Returns how many.
    fn combine(&mut self, target: &mut RowsMut<'_>) -> usize {
        let rows = self.complete(target.count());
        if rows.is_empty() {
            return 0;
        }
        let first = self.plan.first_unit(rows.start);
        match &self.plan.vertical {
            None => {
                for (row, y) in rows.clone().enumerate() {
                    let line = self.line_of(self.plan.first_unit(y));
                    self.plan.kernels.extract_row(line, y % K::LINE_ROWS, target.row(row));
                }
            }
            Some(vertical) => {
                let end = self.plan.first_unit(rows.end - 1) + vertical.axis.units();
                let lines: Vec<&[u8]> = (first..end).map(|unit| self.line_of(unit)).collect();
                self.plan.kernels.combine_rows(&lines, &vertical.axis, rows.clone(), target);
            }
        }
        self.combined = rows.end;
        rows.len()
    }

    /// Gathers groups of combined rows, resamples them, and gives their rows, as many as there are
    /// and as fit into `target`. Returns how many.
    fn pop_from_back(&mut self, back: &mut Back, target: &mut RowsMut<'_>) -> usize {
        let line_bytes = back.lines.len() / (K::GROUP / K::LINE_ROWS);
        let mut count = 0;
        while count < target.count() {
            if back.ready.is_empty() {
                self.gather(back);
            }
            let Some(row) = back.ready.next() else { break };
            let line = &back.lines[row / K::LINE_ROWS * line_bytes..][..line_bytes];
            self.plan.kernels.extract_row(line, row % K::LINE_ROWS, target.row(count));
            count += 1;
        }
        count
    }

    fn gather(&mut self, back: &mut Back) {
        let row_bytes = self.plan.source_bytes;
        let rest = &mut back.rows[back.gathered * row_bytes..];
        back.gathered += self.combine(&mut RowsMut { bytes: rest, row_bytes, stride: row_bytes });
        let complete = back.gathered == K::GROUP || self.combined == self.end;
        let Some(axis) = self.plan.horizontal.as_ref().filter(|_| complete && back.gathered > 0)
        else {
            return;
        };
        let group = Rows::packed(&back.rows, row_bytes);
        let (kernels, bands) = (self.plan.kernels, self.plan.pixels.bands);
        kernels.resample_rows(group, bands, axis, &mut self.scratch, &mut back.lines);
        back.ready = 0..back.gathered;
        back.gathered = 0;
    }

    fn decode(&self, row: &mut [u8]) {
        match self.plan.pixels.coding {
            Coding::Plain => {}
            Coding::Alpha => alpha::unpremultiply(self.plan.level, row, self.plan.pixels.bands),
        }
    }
}

impl<K: Kernels + 'static> RowStream for Engine<K> {
    fn push(&mut self, rows: Rows<'_>) -> usize {
        let mut done = 0;
        while done < rows.count {
            let left = rows.count - done;
            let count = if self.taken >= self.used.end {
                left
            } else if self.taken < self.used.start {
                (self.used.start - self.taken).min(left)
            } else if let skipped @ 1.. = self.skippable(left) {
                self.grouped += skipped;
                skipped
            } else if self.has_room() {
                done += self.take_some(rows.skip(done));
                continue;
            } else {
                break;
            };
            self.taken += count;
            done += count;
        }
        done
    }

    fn pop(&mut self, target: &mut [u8], stride: usize) -> usize {
        let mut target = RowsMut { bytes: target, row_bytes: self.plan.target_bytes, stride };
        let count = match self.back.take() {
            None => self.combine(&mut target),
            Some(mut back) => {
                let count = self.pop_from_back(&mut back, &mut target);
                self.back = Some(back);
                count
            }
        };
        (0..count).for_each(|row| self.decode(target.row(row)));
        count
    }

    fn restart(&mut self, rows: Range<usize>) {
        self.used = self.plan.used_by(&rows);
        self.end = rows.end;
        self.taken = 0;
        self.grouped = self.used.start;
        self.waiting_rows = 0;
        self.combined = rows.start;
        if let Some(back) = &mut self.back {
            back.gathered = 0;
            back.ready = 0..0;
        }
    }

    fn fork(&self) -> Box<dyn RowStream + Send> {
        Box::new(Self::new(Arc::clone(&self.plan)))
    }

    fn working_bytes(&self) -> usize {
        let back = self.back.as_ref().map_or(0, |back| back.rows.len() + back.lines.len());
        self.ring.len + self.waiting.len() + back + self.scratch.bytes()
    }
}
