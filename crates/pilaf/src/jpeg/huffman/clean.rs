//! Entropy-coded bytes without the stuffing (ITU-T T.81, B.1.1.5), so that bits can be read anywhere.

use crate::jpeg::marker::Input;

/// Zero bytes behind the clean data: one wide read may reach that far beyond the last bit.
pub(super) const SLACK: usize = 32;
/// Bytes that are looked at together where no `FF` is expected.
const LINE: usize = 32;
/// Bytes by which the window grows at a time.
const STEP: usize = 1 << 14;

/// What ended the clean data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A marker of this code; its first byte (`FF`) stands at the offset.
    Marker { code: u8, offset: usize },
    /// The input ended first, or its reader failed.
    Input,
}

/// A window of clean bytes that moves along the input.
pub(super) struct CleanBytes<'a> {
    pub(super) input: Input<'a>,
    /// The first byte of the input that was not looked at yet.
    next: usize,
    bytes: Vec<u8>,
    length: usize,
    end: Option<End>,
}

impl<'a> CleanBytes<'a> {
    /// The clean bytes of `input` from offset `start` on.
    pub(super) fn new(input: Input<'a>, start: usize) -> Self {
        Self { input, next: start, bytes: vec![0; SLACK], length: 0, end: None }
    }

    /// The clean bytes of the window and [`SLACK`] zeros more.
    pub(super) fn padded(&self) -> &[u8] {
        &self.bytes[..self.length + SLACK]
    }

    /// Number of clean bytes in the window.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// What ended the data, if the window reaches that far.
    pub(super) fn end(&self) -> Option<End> {
        self.end
    }

    /// Drops the first `count` bytes of the window.
    pub(super) fn drop_front(&mut self, count: usize) {
        self.bytes.copy_within(count..self.length + SLACK, 0);
        self.length -= count;
    }

    /// Goes on behind the marker that ended the data: the next byte follows the last one at a distance of
    /// [`SLACK`] zeros. Returns where it will stand.
    pub(super) fn pass_marker(&mut self) -> usize {
        if let Some(End::Marker { offset, .. }) = self.end.take() {
            self.next = offset + 2;
        }
        if self.length > 0 {
            self.length += SLACK;
            self.bytes.resize(self.length + SLACK, 0);
        }
        self.length
    }

    /// Offset in the input of the clean byte `count` places before the end of the window.
    pub(super) fn offset_before_end(&self, count: usize) -> usize {
        let at = |offset| self.input.get(offset);
        let mut offset = self.next;
        for _ in 0..count {
            offset -= 1;
            // The zero behind an FF is stuffing, and all FF before it are that one byte.
            let stuffed = at(offset) == Some(0);
            while stuffed && offset > 0 && at(offset - 1) == Some(0xFF) {
                offset -= 1;
            }
        }
        offset
    }

    /// All clean bytes of the data, with the [`SLACK`] behind, and what ended them.
    pub(super) fn all(raw: &'a [u8]) -> (Vec<u8>, Option<End>) {
        let mut clean = Self::new(Input::Whole(raw), 0);
        clean.fill(usize::MAX);
        (clean.bytes, clean.end)
    }

    /// Extends the window to at least `wanted` bytes, unless the data end first.
    pub(super) fn fill(&mut self, wanted: usize) {
        while self.length < wanted && self.end.is_none() {
            let goal = wanted.min(self.length + STEP);
            // Lines and words are copied whole, a word behind the last line at most.
            self.bytes.resize(goal + LINE + 8 + SLACK, 0);
            while self.length < goal && self.end.is_none() {
                self.copy_plain_lines(goal);
                match self.input.from(self.next).first_chunk::<8>() {
                    Some(&word) => self.copy_word(word),
                    None => self.copy_byte(),
                }
            }
            self.bytes.truncate(self.length + SLACK);
            self.bytes[self.length..].fill(0);
        }
    }

    /// Copies lines as long as no byte of them is `FF`.
    fn copy_plain_lines(&mut self, goal: usize) {
        let mut raw = self.input.from(self.next);
        while self.length < goal {
            let Some((line, rest)) = raw.split_first_chunk::<LINE>() else { return };
            // Without a way out of the middle, so that it becomes vector instructions.
            if line.iter().fold(false, |found, &byte| found | (byte == 0xFF)) {
                return;
            }
            raw = rest;
            self.bytes[self.length..self.length + LINE].copy_from_slice(line);
            self.length += LINE;
            self.next += LINE;
        }
    }

    /// Copies the bytes before the first `FF` of a word, and what that stands for.
    fn copy_word(&mut self, word: [u8; 8]) {
        self.bytes[self.length..self.length + 8].copy_from_slice(&word);
        let before = first_ff(word);
        self.length += before;
        self.next += before;
        if before < 8 {
            self.copy_ff();
        }
    }

    fn copy_byte(&mut self) {
        match self.byte(self.next) {
            None => self.end = Some(End::Input),
            Some(0xFF) => self.copy_ff(),
            Some(byte) => {
                self.bytes[self.length] = byte;
                self.length += 1;
                self.next += 1;
            }
        }
    }

    /// Reads `FF` bytes and the one behind them: one `FF` of data if that is zero, a marker otherwise.
    fn copy_ff(&mut self) {
        let mut at = self.next;
        while self.byte(at) == Some(0xFF) {
            at += 1;
        }
        match self.byte(at) {
            None => self.end = Some(End::Input),
            Some(0) => {
                self.bytes[self.length] = 0xFF;
                self.length += 1;
                self.next = at + 1;
            }
            Some(code) => self.end = Some(End::Marker { code, offset: at - 1 }),
        }
    }

    /// The byte at `offset`, read if it was not yet.
    fn byte(&mut self, offset: usize) -> Option<u8> {
        self.input.reach(offset + 1).then(|| self.input.get(offset))?
    }
}

/// Number of bytes before the first `FF`, 8 if there is none.
fn first_ff(word: [u8; 8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    // A zero byte of the complement is the lowest one whose top bit appears in the difference.
    let complement = !u64::from_le_bytes(word);
    let zeros = complement.wrapping_sub(ONES) & !complement & (ONES << 7);
    zeros.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(raw: &[u8]) -> (Vec<u8>, Option<End>) {
        let mut clean = CleanBytes::new(Input::Whole(raw), 0);
        clean.fill(usize::MAX);
        (clean.padded()[..clean.len()].to_vec(), clean.end())
    }

    #[test]
    fn stuffing_and_fill_bytes_go_and_markers_end() {
        let marker = |code, offset| Some(End::Marker { code, offset });
        assert_eq!(clean(&[1, 0xFF, 0, 2, 0xFF, 0xD9]), (vec![1, 0xFF, 2], marker(0xD9, 4)));
        assert_eq!(clean(&[0xFF, 0xFF, 0xFF, 0, 7]), (vec![0xFF, 7], Some(End::Input)));
        assert_eq!(clean(&[5, 0xFF, 0xFF, 0xD3, 9]), (vec![5], marker(0xD3, 2)));
        assert_eq!(clean(&[5, 0xFF]), (vec![5], Some(End::Input)));
    }

    /// Every position of an `FF` relative to the words, and windows of every length.
    #[test]
    fn windows_equal_the_whole() {
        let mut raw: Vec<u8> = (0..200).collect();
        for at in [13, 40, 57, 64, 91, 100, 101, 102, 150] {
            raw[at] = 0xFF;
            raw[at + 1] = 0;
        }
        let (whole, end) = clean(&raw);
        for step in 1..40 {
            let (mut joined, mut window) = (Vec::new(), CleanBytes::new(Input::Whole(&raw), 0));
            while window.end().is_none() {
                window.fill(step);
                joined.extend(&window.padded()[..window.len()]);
                assert!(window.padded()[window.len()..].iter().all(|&byte| byte == 0));
                if window.end().is_none() {
                    assert_eq!(clean(&raw[..window.offset_before_end(0)]).0, joined);
                }
                if let Some(start) = window.len().checked_sub(3) {
                    let offset = window.offset_before_end(3);
                    let back = clean(&raw[offset..]).0;
                    assert!(back.starts_with(&window.padded()[start..window.len()]));
                    assert_eq!(joined.len() - 3 + back.len(), whole.len());
                }
                window.drop_front(window.len());
            }
            assert_eq!((&joined, window.end()), (&whole, end));
        }
    }

    #[test]
    fn segments_lie_apart() {
        let mut clean = CleanBytes::new(Input::Whole(&[1, 2, 0xFF, 0xD0, 3, 0xFF, 0xD9]), 0);
        clean.fill(usize::MAX);
        let start = clean.pass_marker();
        clean.fill(usize::MAX);
        assert_eq!((start, clean.len()), (2 + SLACK, 3 + SLACK));
        assert_eq!(clean.padded()[start], 3);
        assert_eq!(clean.end(), Some(End::Marker { code: 0xD9, offset: 5 }));
    }
}
