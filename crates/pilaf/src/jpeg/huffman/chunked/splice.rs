//! Windows of a scan without restart markers: guessing, decoding, joining.

use super::{
    Anomaly, BATCH, Cell, ChunkedScan, MAX_MCU_BYTES, MIN_CHUNK_BLOCKS, OVERRUN, Run, STREAMS,
    Stream,
};

/// Blocks of a guessed stream whose ends are noted: where the true chain may meet it.
const MEETING_BLOCKS: usize = 72;
/// Times that a guess may be moved on.
const TRIES: usize = 8;
/// Blocks for which the true chain looks for the next stream before it goes on alone.
const SEARCH_BLOCKS: usize = 192;
/// Bits that a batch of the symbol loop can use: it must not run into the zeros behind the data unnoticed.
const BATCH_BITS: u64 = 32 * BATCH as u64;

/// A stream of a window and what is known of it.
struct Chunk {
    region: usize,
    /// Where it began, in bits.
    start: u64,
    stream: Stream,
    /// MCUs at the front whose ends are noted.
    noted: usize,
    /// MCUs that were complete when noting ends began again.
    plain: usize,
}

impl ChunkedScan<'_> {
    /// Decodes the next window, or the flat MCUs that come first, into runs.
    pub(super) fn decode_window(&mut self) -> Result<(), Anomaly> {
        if self.lost {
            return Err(Anomaly);
        }
        self.clean.drop_front((self.position / 8) as usize);
        self.position %= 8;
        if self.decode_flat()? {
            return Ok(());
        }
        self.clear_blocks();
        let starts = self.plan();
        self.check_input()?;
        let mut chunks = self.start_chunks(&starts);
        self.run_chunks(&mut chunks);
        let (used, position) = self.join(&mut chunks);
        self.lost = position.is_none();
        if used == 0 {
            return Err(Anomaly);
        }
        let decoded = chunks.iter().map(|chunk| self.complete_mcus(chunk)).sum();
        if chunks.len() > 1 {
            self.guess.judge(used, decoded);
        }
        let bytes = position.map_or(0, |position| (position - self.position) / 8);
        self.guess.learn(bytes, used * self.mcu.len());
        self.position = position.unwrap_or(0);
        for chunk in &chunks {
            self.dirty[chunk.region] = chunk.stream.block + 1 - chunk.region * self.region;
        }
        Ok(())
    }

    /// Loads clean bytes and chooses where streams begin, in bits: the first at the true position, the others
    /// at guessed bytes.
    fn plan(&mut self) -> Vec<u64> {
        let chunk = self.guess.chunk_bytes(self.chunk_blocks).max(64);
        let left = self.mcus_left * self.mcu.len();
        let alone = self.guess.pause > 0 || self.guess.is_sparse() || left < MIN_CHUNK_BLOCKS;
        self.guess.pause = self.guess.pause.saturating_sub(1);
        // Bytes for what a stream alone decodes at most, or for a part more than there are streams, so that
        // the last one goes on while the others finish.
        let wanted = if alone { 2 * chunk } else { chunk * (STREAMS + 1) };
        self.clean.fill(wanted + MAX_MCU_BYTES);
        if alone {
            return vec![self.position];
        }
        // The last window is shared out evenly.
        let chunk = match self.clean.end() {
            Some(_) => chunk.min(self.clean.len() / STREAMS),
            None => chunk,
        };
        (0..STREAMS).map(|i| if i == 0 { self.position } else { (i * chunk) as u64 * 8 }).collect()
    }

    /// Position up to which streams may decode without noting ends: an MCU more is in the window, or the
    /// data end behind it.
    fn plain_end(&self) -> u64 {
        let end = self.data_bits();
        let rest = if self.clean.end().is_none() { MAX_MCU_BYTES as u64 * 8 } else { BATCH_BITS };
        end.saturating_sub(rest)
    }

    fn data_bits(&self) -> u64 {
        self.clean.len() as u64 * 8
    }

    /// A stream stops where the next begins; the last one at the end of the bytes.
    fn start_chunks(&self, starts: &[u64]) -> Vec<Chunk> {
        let end = self.plain_end();
        let blocks = (self.mcus_left * self.mcu.len()).min(2 * self.chunk_blocks);
        let chunk = |region: usize| {
            let block = region * self.region;
            let stop = starts.get(region + 1).map_or(end, |&next| next.min(end));
            let stream = Stream::new(starts[region], block, stop, block + blocks);
            Chunk { region, start: starts[region], stream, noted: 0, plain: 0 }
        };
        (0..starts.len()).map(chunk).collect()
    }

    /// Runs the streams side by side until each but the last has reached the next one's start.
    fn run_chunks(&mut self, chunks: &mut [Chunk]) {
        let last = chunks.len() - 1;
        if last > 0 {
            self.run_heads(chunks);
        }
        let mut streams: Vec<Stream> = chunks.iter().map(|chunk| chunk.stream).collect();
        self.run_together(&mut streams, false, last == 0);
        for (chunk, &stream) in chunks.iter_mut().zip(&streams) {
            chunk.stream = stream;
            chunk.plain = self.complete_mcus(chunk);
        }
    }

    /// Runs the streams for the first blocks and notes where they end. A guess that meets bits that are no
    /// code is moved on behind them.
    fn run_heads(&mut self, chunks: &mut [Chunk]) {
        let end = self.plain_end();
        for _ in 0..TRIES {
            let mut heads: Vec<Stream> = chunks.iter().map(|chunk| chunk.stream).collect();
            for (chunk, head) in chunks.iter().zip(&mut heads) {
                head.limit = head.limit.min(chunk.region * self.region + MEETING_BLOCKS);
            }
            self.run_together(&mut heads, true, true);
            for (chunk, head) in chunks.iter_mut().zip(&heads) {
                chunk.stream = Stream { limit: chunk.stream.limit, ..*head };
                chunk.noted = self.complete_mcus(chunk);
            }
            let mut moved = false;
            for chunk in chunks.iter_mut().skip(1).filter(|chunk| chunk.stream.bad) {
                let start = (chunk.stream.position / 8 + 1) * 8;
                if start < chunk.stream.stop.min(end) {
                    let first = chunk.region * self.region;
                    self.cells[first..=chunk.stream.block].iter_mut().for_each(Cell::clear);
                    (chunk.start, chunk.noted) = (start, 0);
                    chunk.stream = Stream::new(start, first, chunk.stream.stop, chunk.stream.limit);
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
    }

    /// Joins the chunks to runs of true MCUs; returns their number and the position behind them, if known.
    fn join(&mut self, chunks: &mut [Chunk]) -> (usize, Option<u64>) {
        let (mut current, mut from, mut used) = (0, 0, 0);
        for next in 1..chunks.len() {
            let Some((to, meeting)) = self.find_meeting(chunks, current, next) else { break };
            used += self.accept(chunks[current].region, from, to);
            (current, from) = (next, meeting);
        }
        let (to, position) = self.finish_chunk(&mut chunks[current]);
        used += self.accept(chunks[current].region, from, to);
        (used, position)
    }

    /// Continues the chunk `current` until one of its MCUs begins where a noted MCU of `next` does. Returns
    /// the numbers of both.
    fn find_meeting(
        &mut self,
        chunks: &mut [Chunk],
        current: usize,
        next: usize,
    ) -> Option<(usize, usize)> {
        let end = self.data_bits();
        let mut theirs = 0;
        for mine in (chunks[current].plain + 1..).take(SEARCH_BLOCKS / self.mcu.len()) {
            self.note_mcus(&mut chunks[current], mine)?;
            let position = self.mcu_start(&chunks[current], mine);
            let next = &chunks[next];
            while theirs <= next.noted && self.mcu_start(next, theirs) < position {
                theirs += 1;
            }
            if theirs > next.noted || position > end {
                return None;
            }
            if self.mcu_start(next, theirs) == position {
                return Some((mine, theirs));
            }
        }
        None
    }

    /// Continues a chunk until `mcus` are complete, noting their ends.
    fn note_mcus(&mut self, chunk: &mut Chunk, mcus: usize) -> Option<()> {
        let limit = chunk.region * self.region + mcus * self.mcu.len();
        if limit + OVERRUN > (chunk.region + 1) * self.region {
            return None;
        }
        let mut alone = [Stream { stop: self.data_bits() + 1, limit, ..chunk.stream }];
        self.run_together(&mut alone, true, true);
        chunk.stream = alone[0];
        (self.complete_mcus(chunk) >= mcus).then_some(())
    }

    /// The complete MCUs of the last chunk of the chain within the data, and the position behind them.
    fn finish_chunk(&mut self, chunk: &mut Chunk) -> (usize, Option<u64>) {
        let end = self.data_bits();
        let plain = chunk.plain;
        // Near the end of the data every MCU may be the last one.
        while self.note_mcus(chunk, self.complete_mcus(chunk).max(plain) + 1).is_some() {
            let complete = self.complete_mcus(chunk);
            if self.clean.end().is_none() || self.mcu_start(chunk, complete) >= end {
                break;
            }
        }
        let complete = self.complete_mcus(chunk);
        let inside = (plain + 1..=complete).rev().find(|&mcu| self.mcu_start(chunk, mcu) <= end);
        match inside {
            Some(mcu) => (mcu, Some(self.mcu_start(chunk, mcu))),
            None => (plain, None),
        }
    }

    /// Whole MCUs of a chunk.
    fn complete_mcus(&self, chunk: &Chunk) -> usize {
        (chunk.stream.block - chunk.region * self.region) / self.mcu.len()
    }

    /// Where MCU `index` of a chunk begins, if the one before it was noted.
    fn mcu_start(&self, chunk: &Chunk, index: usize) -> u64 {
        match index {
            0 => chunk.start,
            _ => u64::from(self.cells[chunk.region * self.region + index * self.mcu.len() - 1].end),
        }
    }

    /// Makes a run of these MCUs of a region, as far as the scan has so many; returns their number.
    fn accept(&mut self, region: usize, from: usize, to: usize) -> usize {
        let mcus = (to - from).min(self.mcus_left);
        if mcus > 0 {
            let first_block = region * self.region + from * self.mcu.len();
            self.runs.push_back(Run { first_block: Some(first_block), mcus, restart: false });
            self.mcus_left -= mcus;
        }
        mcus
    }
}
