//! From coefficients to a sink, one row of MCUs after the other.

use std::ops::Range;

use super::coefficients::CoefficientPlane;
use super::geometry::{Geometry, Scaled};
use super::lent::Lent;
use super::planes::PlaneWindow;
use super::rows::RowMaker;
use super::sink::{PlaneRows, PlaneSink, RowSink};
use super::smoothing::{Neighbourhood, Progress};
use crate::error::Result;
use crate::jpeg::dct::idct::{Adjacent, Block, Idct, Interleaved};
use crate::jpeg::huffman::chunked::Cell;
use crate::simd::Level;

/// Takes coefficients and fills a sink.
pub(super) struct Output<'g, 'o> {
    geometry: &'g Geometry,
    scaled: &'g Scaled,
    window: PlaneWindow,
    idcts: Vec<Idct>,
    target: Target<'o>,
    /// Whether the last row group of a row of MCUs has to wait for the next row.
    needs_context: bool,
    /// Rows of the picture that are wanted.
    wanted: Range<usize>,
    /// The next row of the picture.
    next: usize,
    /// The current row of MCUs.
    mcu_row: usize,
    lent: Lent,
}

/// Where samples go.
pub(super) enum Target<'o> {
    Rows(Box<RowMaker>, &'o mut dyn RowSink),
    Planes { components: usize, sink: &'o mut dyn PlaneSink },
}

impl Target<'_> {
    /// Components of which samples are wanted.
    fn components(&self) -> usize {
        match self {
            Self::Rows(maker, _) => maker.conversion.components(),
            Self::Planes { components, .. } => *components,
        }
    }
}

/// Where the coefficients of a row of MCUs are.
#[derive(Clone, Copy)]
pub(super) struct Source<'c> {
    pub(super) planes: &'c [CoefficientPlane],
    /// The row of MCUs with which `planes` begin.
    pub(super) first: usize,
}

/// What smoothing needs to know.
pub(super) struct Smoothing<'s> {
    pub(super) progress: &'s Progress,
    pub(super) quants: &'s [Option<[u16; 64]>],
    pub(super) last_good_row: usize,
}

impl<'g, 'o> Output<'g, 'o> {
    /// An output of the rows `wanted`, all coefficients quantized by `quants`; a component that
    /// has no table has no coefficients either.
    pub(super) fn new(
        geometry: &'g Geometry,
        scaled: &'g Scaled,
        level: Level,
        quants: &[Option<[u16; 64]>],
        wanted: Range<usize>,
        target: Target<'o>,
    ) -> Self {
        let idct = |(component, quant): (&super::geometry::ScaledComponent, &Option<_>)| {
            Idct::new(level, component.block_size, &quant.unwrap_or([0; 64]))
                .expect("a scale of 1/8 to 8/8 leads to a block size that the transform has")
        };
        let needs_context = match target {
            Target::Rows(..) => scaled.needs_context(target.components()),
            Target::Planes { .. } => false,
        };
        let lent = match &target {
            Target::Rows(maker, _) => Lent::new(geometry, scaled, maker.conversion),
            Target::Planes { .. } => Lent::default(),
        };
        Self {
            geometry,
            scaled,
            window: PlaneWindow::new(geometry, scaled, needs_context),
            idcts: scaled.components.iter().zip(quants).map(idct).collect(),
            needs_context,
            target,
            next: wanted.start,
            wanted,
            mcu_row: 0,
            lent,
        }
    }

    /// The rows of MCUs that the wanted rows need.
    pub(super) fn needed_rows(&self) -> Range<usize> {
        let context = usize::from(self.needs_context);
        let group = |row: usize| row / self.geometry.max_v;
        let first = group(self.wanted.start).saturating_sub(context) / self.scaled.block_size;
        let last = (group(self.wanted.end.max(1) - 1) + context) / self.scaled.block_size;
        first..(last + 1).min(self.geometry.mcu_rows)
    }

    /// The row of MCUs with which to begin again in order to go on with row `mcu_row`: upsampling needs the rows
    /// before, which are not handed on twice.
    pub(super) fn first_row_again(&self, mcu_row: usize) -> usize {
        let first = self.needed_rows().start;
        match self.target {
            Target::Rows(..) => first,
            Target::Planes { .. } => mcu_row.max(first),
        }
    }

    /// Begins row `mcu_row` of MCUs. Its blocks are to be transformed, then it is to be finished; rows come in order.
    pub(super) fn start_row(&mut self, mcu_row: usize) {
        self.mcu_row = mcu_row;
        self.window.start_mcu_row(mcu_row);
    }

    /// Transforms all blocks of the row.
    pub(super) fn transform_row(&mut self, source: Source<'_>, smoothing: Option<&Smoothing<'_>>) {
        for index in 0..self.target.components() {
            self.transform_component(index, source, smoothing);
        }
    }

    /// Transforms blocks of one component, those of block row `y` of the row from column `x` on, and empties them.
    /// What is not shown is emptied only.
    pub(super) fn transform_cells(
        &mut self,
        index: usize,
        (y, x): (usize, usize),
        mut cells: Interleaved<'_, Cell>,
    ) {
        let is_shown =
            index < self.target.components() && y < self.geometry.block_rows(index, self.mcu_row);
        let width = if is_shown { self.geometry.components[index].blocks_wide } else { 0 };
        cells.cut(width.saturating_sub(x));
        let mut cells = self.lent.while_taken(cells);
        self.window.planes[index].transform(&self.idcts[index], (y, x), &mut cells);
    }

    /// As [`transform_cells`](Self::transform_cells), for `count` blocks without AC coefficients that all have this
    /// DC coefficient.
    pub(super) fn fill(&mut self, index: usize, (y, x): (usize, usize), count: usize, dc: i16) {
        if index < self.target.components() && y < self.geometry.block_rows(index, self.mcu_row) {
            let width = self.geometry.components[index].blocks_wide;
            let count = count.min(width.saturating_sub(x));
            let sample = self.idcts[index].flat_sample(dc);
            self.window.planes[index].fill((y, x), count, sample);
        }
    }

    /// Hands on the rows of the picture that are complete.
    pub(super) fn finish_row(&mut self) -> Result<()> {
        match &mut self.target {
            Target::Planes { components, sink } => {
                for (index, plane) in self.window.planes[..*components].iter().enumerate() {
                    let (first, samples, stride, width) = plane.band();
                    let rows = PlaneRows::new(samples, stride, width);
                    sink.accept(index, first as u32, rows)?;
                }
            }
            Target::Rows(maker, sink) => {
                let groups = (self.mcu_row + 1) * self.scaled.block_size;
                let is_last = self.mcu_row + 1 == self.geometry.mcu_rows;
                let postponed = usize::from(self.needs_context && !is_last);
                let end = ((groups - postponed) * self.geometry.max_v).min(self.wanted.end);
                if self.next < end {
                    let count = end - self.next;
                    let row_bytes = self.scaled.width * maker.conversion.pixel_bytes();
                    let space = sink.lend(self.next as u32, count as u32)?;
                    self.lent.note(space);
                    for (row, y) in space.chunks_exact_mut(row_bytes).zip(self.next..end) {
                        maker.make_row(&self.window, y, row);
                    }
                    sink.accept(self.next as u32, count as u32)?;
                    self.next = end;
                }
            }
        }
        Ok(())
    }

    fn transform_component(
        &mut self,
        index: usize,
        source: Source<'_>,
        smoothing: Option<&Smoothing<'_>>,
    ) {
        let mcu_row = self.mcu_row;
        let component = &self.geometry.components[index];
        let block_rows = self.geometry.block_rows(index, mcu_row);
        let plane = &source.planes[index];
        for y in 0..block_rows {
            let stored = (mcu_row - source.first) * component.v + y;
            let blocks = &plane.row(stored)[..component.blocks_wide];
            let window = &mut self.window.planes[index];
            let smoothed: Vec<Block>;
            let blocks = match smoothing {
                None => blocks,
                Some(smoothing) => {
                    let rows = (mcu_row, self.geometry.mcu_rows);
                    let around = Neighbourhood::new(plane, component, rows, (y, block_rows));
                    smoothed = smoothing.row(index, &around, component.blocks_wide, mcu_row);
                    &smoothed
                }
            };
            window.transform(&self.idcts[index], (y, 0), &mut Adjacent::new(blocks));
        }
    }
}

impl Smoothing<'_> {
    /// A row of blocks with estimates.
    fn row(
        &self,
        index: usize,
        around: &Neighbourhood<'_>,
        width: usize,
        mcu_row: usize,
    ) -> Vec<Block> {
        let accuracy = self.progress.accuracy(index, mcu_row <= self.last_good_row);
        let quant = self.quants[index].unwrap_or([0; 64]);
        (0..width).map(|x| around.smooth(x, width, &accuracy, &quant)).collect()
    }
}
