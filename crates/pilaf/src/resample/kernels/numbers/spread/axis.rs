//! Weights in the order of the source.

use super::super::FOUR;
use super::COLUMNS;
use crate::resample::weights::{Weights, Window};

/// The windows of an axis that shrinks, and the weights of each column in those that it lies in.
#[derive(Debug)]
pub(crate) struct AxisOfColumns {
    windows: Weights<f64>,
    /// For how many windows a column has weights.
    slots: usize,
    /// From the first column of the first window on, `slots` weights of each: for the earliest window
    /// that has not ended before it, and for those that follow. Zero where it does not lie in one.
    columns: Vec<f64>,
    /// Room for the outputs that end among columns that are turned together, in fours.
    room: usize,
}

/// How many slots there may be.
const SLOTS: [usize; 4] = [1, 2, 4, 6];

impl AxisOfColumns {
    /// Gives the weights back if a column lies in too many windows, if slots would be empty too often,
    /// or if a window has no column.
    pub(crate) fn new(weights: Weights<f64>) -> Result<Self, Weights<f64>> {
        let windows = weights.windows();
        let open = most_open(windows);
        let Some(slots) = SLOTS.into_iter().find(|&slots| slots >= open) else {
            return Err(weights);
        };
        let start = windows.first().map_or(0, |window| window.start);
        let end = windows.last().map_or(0, Window::end);
        let taps: usize = windows.iter().map(|window| window.taps).sum();
        let is_empty = windows.iter().any(|window| window.taps == 0);
        if is_empty || taps * 3 < (end - start) * slots * 2 {
            return Err(weights);
        }
        let mut columns = vec![0.0; (end - start) * slots];
        let mut from = start;
        for (index, window) in windows.iter().enumerate() {
            for (slot, open) in windows[index..].iter().take(slots).enumerate() {
                let values = weights.of(open);
                for place in from.max(open.start)..window.end().min(open.end()) {
                    columns[(place - start) * slots + slot] = values[place - open.start];
                }
            }
            from = window.end();
        }
        let room = most_ending(windows) / FOUR + 2;
        Ok(Self { windows: weights, slots, columns, room })
    }

    pub(super) fn slots(&self) -> usize {
        self.slots
    }

    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// The first column that is needed.
    pub(super) fn start(&self) -> usize {
        self.windows().first().map_or(0, |window| window.start)
    }

    pub(super) fn windows(&self) -> &[Window] {
        self.windows.windows()
    }

    /// Every window with its weights.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Window, &[f64])> {
        self.windows.iter()
    }

    /// The weights of every column, from the first that is needed.
    #[inline(always)]
    pub(super) fn weights<const SLOTS: usize>(&self) -> &[[f64; SLOTS]] {
        self.columns.as_chunks().0
    }
}

/// The most windows that are begun before the first of them ends.
fn most_open(windows: &[Window]) -> usize {
    let mut begun = 0;
    let open = |(index, window): (usize, &Window)| {
        while windows.get(begun).is_some_and(|later| later.start < window.end()) {
            begun += 1;
        }
        begun.saturating_sub(index)
    };
    windows.iter().enumerate().map(open).max().unwrap_or(0)
}

/// The most windows that end among columns that are turned together.
fn most_ending(windows: &[Window]) -> usize {
    let turn = |window: &Window| window.end().saturating_sub(1) / COLUMNS;
    windows.chunk_by(|a, b| turn(a) == turn(b)).map(<[Window]>::len).max().unwrap_or(0)
}
