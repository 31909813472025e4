//! Scans over blocks of coefficients: the order of MCUs, restart markers, tables made to measure.

use std::ops::Range;

use super::blocks::Blocks;
use super::frame::Frame;
use super::huffman::{
    BitWriter, CodeTable, Counter, Counts, Progressive, Symbols, Writer, count_block, encode_block,
    optimal_table,
};
use super::markers;
use super::options::RestartInterval;
use super::scans::Scan;
use crate::jpeg::dct::fdct::Coefficients;
use crate::jpeg::huffman::{HuffmanSpec, standard_tables};
use crate::jpeg::marker::code;

/// What becomes of the blocks of a scan.
pub(super) trait BlockCoder {
    /// The next block, of the component that is number `index` in the scan and has the Huffman
    /// tables `tables`.
    fn block(&mut self, block: &Coefficients, index: usize, tables: usize);
    /// The end of a restart interval: marker RST`number`.
    fn restart(&mut self, number: u8);
}

impl<S: Symbols> BlockCoder for Progressive<S> {
    fn block(&mut self, block: &Coefficients, index: usize, tables: usize) {
        self.block(block, index, tables);
    }

    fn restart(&mut self, number: u8) {
        self.restart(number);
    }
}

/// Writes sequential scans.
pub(super) struct SequentialWriter {
    tables: [(CodeTable, CodeTable); 2],
    last_dc: [i16; 4],
    bits: BitWriter,
    pub(super) out: Vec<u8>,
}

impl SequentialWriter {
    pub(super) fn new(specs: &[(HuffmanSpec, HuffmanSpec); 2], out: Vec<u8>) -> Self {
        let codes =
            |(dc, ac): &(HuffmanSpec, HuffmanSpec)| (CodeTable::new(dc), CodeTable::new(ac));
        let tables = [codes(&specs[0]), codes(&specs[1])];
        Self { tables, last_dc: [0; 4], bits: BitWriter::new(), out }
    }

    /// The file up to the end of the scan.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bits.flush(&mut self.out);
        self.out
    }
}

impl BlockCoder for SequentialWriter {
    #[inline(always)]
    fn block(&mut self, block: &Coefficients, index: usize, tables: usize) {
        let (dc, ac) = &self.tables[tables & 1];
        encode_block(block, self.last_dc[index & 3], (dc, ac), &mut self.bits, &mut self.out);
        self.last_dc[index & 3] = block.values[0];
    }

    fn restart(&mut self, number: u8) {
        self.bits.flush(&mut self.out);
        markers::marker(code::RST0 + number, &mut self.out);
        self.last_dc = [0; 4];
    }
}

/// Counts the symbols of sequential scans.
struct SequentialCounter {
    counts: [(Counts, Counts); 2],
    last_dc: [i16; 4],
}

impl BlockCoder for SequentialCounter {
    fn block(&mut self, block: &Coefficients, index: usize, tables: usize) {
        let (dc, ac) = &mut self.counts[tables & 1];
        count_block(block, self.last_dc[index & 3], (dc, ac));
        self.last_dc[index & 3] = block.values[0];
    }

    fn restart(&mut self, _: u8) {
        self.last_dc = [0; 4];
    }
}

/// When the next restart marker is due.
#[derive(Clone, Copy)]
pub(super) struct Restarts {
    /// MCUs between markers; 0 for no markers.
    interval: u16,
    left: u16,
    next: u8,
}

impl Restarts {
    /// Of a scan with `mcus_across` MCUs in a row. At most 65535 MCUs fit an interval.
    pub(super) fn new(restarts: RestartInterval, mcus_across: usize) -> Self {
        let interval = match restarts {
            RestartInterval::None => 0,
            RestartInterval::Mcus(count) => count,
            RestartInterval::Rows(rows) => (usize::from(rows) * mcus_across).min(0xFFFF) as u16,
        };
        Self { interval, left: interval, next: 0 }
    }

    /// Counts an MCU that comes now; the number of the marker before it if there is one.
    #[inline]
    fn step(&mut self) -> Option<u8> {
        if self.interval == 0 {
            return None;
        }
        let due = self.left == 0;
        self.left = if due { self.interval } else { self.left } - 1;
        let number = self.next;
        self.next = (self.next + u8::from(due)) & 7;
        due.then_some(number)
    }
}

/// Codes MCUs `mcus` of one row of MCUs of all components, which begins at row `mcu_row` of the
/// blocks.
pub(super) fn code_mcus(
    frame: &Frame,
    blocks: &[Blocks],
    (mcus, mcu_row): (Range<usize>, usize),
    restarts: &mut Restarts,
    coder: &mut impl BlockCoder,
) {
    for mcu in mcus {
        if let Some(number) = restarts.step() {
            coder.restart(number);
        }
        for (index, (component, plane)) in frame.components.iter().zip(blocks).enumerate() {
            let (across, down) = component.mcu;
            for row in 0..down {
                let at = (mcu_row * down + row) * plane.stride + mcu * across;
                for block in &plane.blocks[at..at + across] {
                    coder.block(block, index, component.huffman);
                }
            }
        }
    }
}

/// Codes a whole scan.
fn code_scan(
    frame: &Frame,
    scan: &Scan,
    blocks: &[Blocks],
    mut restarts: Restarts,
    coder: &mut impl BlockCoder,
) {
    if scan.components.len() > 1 {
        for row in 0..frame.mcus.1 {
            code_mcus(frame, blocks, (0..frame.mcus.0, row), &mut restarts, coder);
        }
        return;
    }
    // Alone, a component has MCUs of one block, and none outside the picture.
    let (component, plane) =
        (&frame.components[scan.components.start], &blocks[scan.components.start]);
    for row in plane.blocks.chunks_exact(plane.stride).take(component.blocks.1) {
        for block in &row[..component.blocks.0] {
            if let Some(number) = restarts.step() {
                coder.restart(number);
            }
            coder.block(block, 0, component.huffman);
        }
    }
}

/// MCUs in a row of a scan.
fn mcus_across(frame: &Frame, scan: &Scan) -> usize {
    match scan.components.len() {
        1 => frame.components[scan.components.start].blocks.0,
        _ => frame.mcus.0,
    }
}

/// Writes scans of coefficients that are all there.
pub(super) struct ScanWriter<'a> {
    pub(super) frame: &'a Frame,
    pub(super) blocks: &'a [Blocks],
    pub(super) restarts: RestartInterval,
    /// The interval that the file states last.
    pub(super) stated: u16,
    pub(super) out: Vec<u8>,
}

impl ScanWriter<'_> {
    /// Writes the one scan of a file, with tables made for it.
    pub(super) fn write_optimized(&mut self) {
        let scan = Scan::sequential(self.frame);
        let restarts = Restarts::new(self.restarts, mcus_across(self.frame, &scan));
        let mut counter = SequentialCounter { counts: [([0; 256], [0; 256]); 2], last_dc: [0; 4] };
        code_scan(self.frame, &scan, self.blocks, restarts, &mut counter);
        let specs =
            counter.counts.each_ref().map(|(dc, ac)| (optimal_table(dc), optimal_table(ac)));
        self.stated = scan_start(self.frame, &scan, &specs, (restarts, self.stated), &mut self.out);
        let mut writer = SequentialWriter::new(&specs, std::mem::take(&mut self.out));
        code_scan(self.frame, &scan, self.blocks, restarts, &mut writer);
        self.out = writer.finish();
    }

    /// Writes one scan of a progressive file.
    pub(super) fn write_progressive(&mut self, scan: &Scan) {
        let restarts = Restarts::new(self.restarts, mcus_across(self.frame, scan));
        let table = self.frame.components[scan.components.start].huffman;
        let counter = Progressive::new(Counter([[0; 256]; 2]), scan.band, table);
        let Counter(counts) = self.run(scan, restarts, counter);
        // A scan has DC or AC coefficients, so that one set serves both.
        let specs = counts.each_ref().map(|counts| {
            let spec = optimal_table(counts);
            (spec.clone(), spec)
        });
        self.stated = scan_start(self.frame, scan, &specs, (restarts, self.stated), &mut self.out);
        let tables = specs.each_ref().map(|(spec, _)| CodeTable::new(spec));
        let writer = Writer { tables, bits: BitWriter::new(), out: std::mem::take(&mut self.out) };
        self.out = self.run(scan, restarts, Progressive::new(writer, scan.band, table)).finish();
    }

    fn run<S: Symbols>(&self, scan: &Scan, restarts: Restarts, mut coder: Progressive<S>) -> S {
        code_scan(self.frame, scan, self.blocks, restarts, &mut coder);
        coder.finish()
    }
}

/// The DC and AC tables of ITU-T T.81, annex K, for luma and for chroma.
pub(super) fn standard_specs() -> [(HuffmanSpec, HuffmanSpec); 2] {
    [0, 1].map(|number| standard_tables(number).expect("annex K has two sets"))
}

/// Writes the tables that a scan uses, the restart interval if it is not the one `stated`, and
/// the header. Returns the interval that is stated now.
pub(super) fn scan_start(
    frame: &Frame,
    scan: &Scan,
    specs: &[(HuffmanSpec, HuffmanSpec); 2],
    (restarts, stated): (Restarts, u16),
    out: &mut Vec<u8>,
) -> u16 {
    let components = &frame.components[scan.components.clone()];
    for (number, (dc, ac)) in specs.iter().enumerate() {
        if !components.iter().any(|component| component.huffman == number) {
            continue;
        }
        if scan.has_dc_table() {
            markers::huffman_table(0, number, dc, out);
        }
        if scan.has_ac_table() {
            markers::huffman_table(1, number, ac, out);
        }
    }
    if restarts.interval != stated {
        markers::restart_interval(restarts.interval, out);
    }
    markers::scan_header(frame, scan, out);
    restarts.interval
}
