//! Bands of rows on their way into images at the target size, on this thread or another.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use crate::error::Result;
use crate::image::{Image, Mode};
use crate::resample::{Filter, ResizeOptions, RowResizer};

/// Bands that may wait for the other thread: two rows of MCUs of three planes.
const WAITING: usize = 6;

/// Fills the targets of `lanes` with what `decode` pushes, one band behind the other. If `threads`
/// are more than one, a second one resizes. The pixels are the same.
pub(super) fn fill(
    mut lanes: Vec<Lane>,
    threads: usize,
    decode: impl FnOnce(&mut Bands<'_>) -> Result<()>,
) -> Result<Vec<Vec<u8>>> {
    if threads < 2 {
        decode(&mut Bands::Here(&mut lanes))?;
    } else {
        let (full, bands) = sync_channel::<Band>(WAITING);
        let (emptied, empty) = channel();
        let lanes = &mut lanes;
        thread::scope(|scope| {
            let resize = scope.spawn(move || {
                for Band { lane, samples, stride } in bands {
                    lanes[lane].push(&samples, stride);
                    // Nobody is left to use it again after the last band.
                    let _ = emptied.send(samples);
                }
            });
            let decoded = decode(&mut Bands::There { full, empty });
            resize.join().unwrap_or_else(|panic| resume_unwind(panic));
            decoded
        })?;
    }
    Ok(lanes.into_iter().map(Lane::finish).collect())
}

/// Takes bands of rows for lanes.
pub(super) enum Bands<'l> {
    Here(&'l mut [Lane]),
    There {
        full: SyncSender<Band>,
        /// Memory to be used again.
        empty: Receiver<Vec<u8>>,
    },
}

/// Rows for a lane, one every `stride` bytes.
pub(super) struct Band {
    lane: usize,
    samples: Vec<u8>,
    stride: usize,
}

impl Bands<'_> {
    /// Pushes rows into a lane, one every `stride` bytes.
    pub(super) fn push(&mut self, lane: usize, rows: &[u8], stride: usize) {
        match self {
            Self::Here(lanes) => lanes[lane].push(rows, stride),
            Self::There { full, empty } => {
                let mut samples = empty.try_recv().unwrap_or_default();
                samples.clear();
                samples.extend_from_slice(rows);
                send(full, Band { lane, samples, stride });
            }
        }
    }

    /// Pushes the rows in `samples`, and returns memory for the next ones.
    pub(super) fn push_whole(&mut self, lane: usize, samples: Vec<u8>, stride: usize) -> Vec<u8> {
        match self {
            Self::Here(lanes) => {
                lanes[lane].push(&samples, stride);
                samples
            }
            Self::There { full, empty } => {
                send(full, Band { lane, samples, stride });
                empty.try_recv().unwrap_or_default()
            }
        }
    }
}

fn send(to: &SyncSender<Band>, band: Band) {
    // The other thread ends before this one only by a panic, which is passed on.
    let _ = to.send(band);
}

/// Rows on their way through the resampler into an image at the target size.
pub(super) struct Lane {
    resizer: RowResizer,
    target: Vec<u8>,
    row_bytes: usize,
    filled: usize,
}

impl Lane {
    pub(super) fn new(
        mode: Mode,
        from: (u32, u32),
        to: (u32, u32),
        source: (f64, f64, f64, f64),
        filter: Filter,
    ) -> Result<Self> {
        let options = ResizeOptions::new(filter).source(source);
        let resizer = RowResizer::new(mode, from, to, &options)?;
        let target = Image::new(mode, to)?.into_bytes();
        Ok(Self { resizer, target, row_bytes: to.0 as usize * mode.pixel_bytes(), filled: 0 })
    }

    /// Takes rows, one every `stride` bytes.
    fn push(&mut self, mut rows: &[u8], stride: usize) {
        loop {
            let taken = self.resizer.push(rows, stride);
            rows = rows.get(taken * stride..).unwrap_or_default();
            if rows.is_empty() {
                return;
            }
            // Makes room, also when no row is ready yet.
            self.drain();
        }
    }

    /// Fetches what is ready.
    fn drain(&mut self) {
        let rows = self.resizer.pop(&mut self.target[self.filled..], self.row_bytes);
        self.filled += rows * self.row_bytes;
    }

    fn finish(mut self) -> Vec<u8> {
        self.drain();
        self.target
    }
}
