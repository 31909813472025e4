//! The encoded bytes: a slice, or what a reader gives.

use std::ops::Range;

use crate::error::Result;
use crate::io::Feed;

/// Encoded bytes, by their offset in the file.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    /// All of them.
    Whole(&'a [u8]),
    /// Those that were read and not [released](Input::release).
    Fed(Box<Feed<'a>>),
}

impl<'a> Input<'a> {
    /// The byte at `offset`, if it was read.
    #[inline]
    pub(crate) fn get(&self, offset: usize) -> Option<u8> {
        self.from(offset).first().copied()
    }

    /// What was read from `offset` on; nothing if that was released.
    #[inline]
    pub(crate) fn from(&self, offset: usize) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes.get(offset..).unwrap_or_default(),
            Self::Fed(feed) => {
                feed.held().get(offset.wrapping_sub(feed.start())..).unwrap_or_default()
            }
        }
    }

    /// The bytes of `range`, as far as they were read.
    pub(crate) fn range(&self, range: Range<usize>) -> &[u8] {
        let bytes = self.from(range.start);
        &bytes[..range.len().min(bytes.len())]
    }

    /// Offset behind the last byte that was read.
    #[inline]
    pub(crate) fn end(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Fed(feed) => feed.end(),
        }
    }

    /// Reads on to offset `end`. Returns whether there are so many bytes.
    #[inline]
    pub(crate) fn reach(&mut self, end: usize) -> bool {
        match self {
            Self::Whole(bytes) => bytes.len() >= end,
            Self::Fed(feed) => feed.reach(end),
        }
    }

    /// What went wrong with the reader, if anything did.
    pub(crate) fn failure(&mut self) -> Result<()> {
        match self {
            Self::Whole(_) => Ok(()),
            Self::Fed(feed) => feed.failure(),
        }
    }

    /// Lets go of what a reader gave before offset `before`.
    pub(crate) fn release(&mut self, before: usize) {
        if let Self::Fed(feed) = self {
            feed.release(before);
        }
    }

    /// The same bytes for another to read; `None` if they come from a reader.
    pub(crate) fn fork(&self) -> Option<Self> {
        match *self {
            Self::Whole(bytes) => Some(Self::Whole(bytes)),
            Self::Fed(_) => None,
        }
    }

    /// Takes the input away: a slice stays for others to read, a reader's bytes do not.
    pub(crate) fn take(&mut self) -> Self {
        self.fork().unwrap_or_else(|| std::mem::replace(self, Self::Whole(&[])))
    }
}
