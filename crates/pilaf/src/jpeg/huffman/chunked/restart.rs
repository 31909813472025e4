//! Scans with restart markers: whole segments side by side.

use super::super::clean::End;
use super::{Anomaly, ChunkedScan, Run, STREAMS, Stream};

/// Clean bytes of a window whose bit positions fit 32 bits with ease.
const MAX_SEGMENT_BYTES: usize = 1 << 26;

impl ChunkedScan<'_> {
    /// Decodes the next segments, one a stream, into runs.
    pub(super) fn decode_segments(&mut self) -> Result<(), Anomaly> {
        if self.mcus_left == 0 {
            return Err(Anomaly);
        }
        self.clear_blocks();
        self.clean.drop_front(self.clean.len());
        let size = self.mcu.len();
        let mut streams = Vec::with_capacity(STREAMS);
        let mut segments = Vec::with_capacity(STREAMS);
        while segments.len() < STREAMS && self.mcus_left > 0 {
            let (start, end, restart) = self.next_segment(segments.is_empty())?;
            let mcus = self.mcus_left.min(self.restart_interval);
            self.mcus_left -= mcus;
            let first_block = segments.len() * self.region;
            let limit = first_block + mcus * size;
            // A segment that ends early stops its stream when all its bits are used.
            streams.push(Stream::new(start, first_block, end + 1, limit));
            segments.push((
                first_block,
                end,
                Run { first_block: Some(first_block), mcus, restart },
            ));
        }
        self.run_together(&mut streams, true, true);
        for (region, stream) in streams.iter().enumerate() {
            self.dirty[region] = stream.block + 1 - region * self.region;
        }
        for &(first_block, end, run) in &segments {
            let last = first_block + run.mcus * size - 1;
            let stream = &streams[first_block / self.region];
            if stream.block <= last || u64::from(self.cells[last].end) > end {
                break;
            }
            self.runs.push_back(run);
        }
        // What was not reached is lost to this path: the runs that exist come first, then the anomaly.
        if self.runs.len() < segments.len() {
            self.mcus_left = 0;
        }
        if self.runs.is_empty() { Err(Anomaly) } else { Ok(()) }
    }

    /// Loads one more segment; returns its first and last bit and whether a marker stood before it.
    fn next_segment(&mut self, first_of_window: bool) -> Result<(u64, u64, bool), Anomaly> {
        let passed = match self.clean.end() {
            None => false,
            Some(End::Marker { code, .. }) if code == 0xD0 + self.next_restart => {
                self.next_restart = (self.next_restart + 1) % 8;
                true
            }
            Some(_) => return Err(Anomaly),
        };
        let start = if passed { self.clean.pass_marker() } else { 0 };
        debug_assert!(!first_of_window || start == 0);
        self.clean.fill(usize::MAX);
        self.check_input()?;
        if self.clean.len() > MAX_SEGMENT_BYTES {
            return Err(Anomaly);
        }
        Ok((start as u64 * 8, self.clean.len() as u64 * 8, passed))
    }
}
