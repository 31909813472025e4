//! A source read piece by piece, of which only the bytes that are still needed are held.

use std::fmt;
use std::io::Read;

use crate::error::{Error, Result};
use crate::limits::Limits;

/// Bytes read at a time, at least; few in tests and when fuzzed, with small files.
const PIECE: usize = if cfg!(any(test, fuzzing)) { 1 << 10 } else { 256 << 10 };

/// Encoded bytes that come from a reader. Offsets count from the first byte that it gave.
pub(crate) struct Feed<'a> {
    reader: Box<dyn Read + Send + 'a>,
    limits: Limits,
    held: Vec<u8>,
    /// Offset of the first byte held.
    start: usize,
    /// Offset of the first byte that is still needed.
    needed: usize,
    ended: bool,
    failure: Option<Error>,
}

impl<'a> Feed<'a> {
    /// The bytes of `reader` from where it stands, as far as `limits` allow.
    pub(crate) fn new(reader: impl Read + Send + 'a, limits: &Limits) -> Self {
        Self {
            reader: Box::new(reader),
            limits: limits.clone(),
            held: Vec::new(),
            start: 0,
            needed: 0,
            ended: false,
            failure: None,
        }
    }

    /// The bytes that are held.
    #[inline]
    pub(crate) fn held(&self) -> &[u8] {
        &self.held
    }

    /// Offset of the first byte that is held.
    #[inline]
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Offset behind the last byte that was read.
    pub(crate) fn end(&self) -> usize {
        self.start + self.held.len()
    }

    /// Reads on until the bytes before offset `end` were read. Returns whether that went well: if
    /// not, the input ended or there is a [`failure`](Self::failure).
    pub(crate) fn reach(&mut self, end: usize) -> bool {
        while self.end() < end && !self.ended && self.failure.is_none() {
            if let Err(error) = self.read_piece(end) {
                self.failure = Some(error);
            }
        }
        self.end() >= end
    }

    fn read_piece(&mut self, end: usize) -> Result<()> {
        let unneeded = self.needed - self.start;
        if unneeded > 0 && unneeded >= self.held.len() / 2 {
            self.held.drain(..unneeded);
            self.start = self.needed;
        }
        let allowed = self.limits.max_input_bytes.saturating_add(1) - self.end() as u64;
        let count = allowed.min((end - self.end()).max(PIECE) as u64);
        let read = self.reader.by_ref().take(count).read_to_end(&mut self.held)? as u64;
        self.ended = read < count;
        self.limits.check_input(self.end() as u64)
    }

    /// What went wrong with the reader, if anything did; the first who asks gets the original.
    pub(crate) fn failure(&mut self) -> Result<()> {
        let Some(error) = &self.failure else { return Ok(()) };
        let again = Error::new(error.kind(), error.message().to_owned());
        Err(self.failure.replace(again).expect("there is a failure"))
    }

    /// Lets go of the bytes before offset `before`, all of which were read.
    pub(crate) fn release(&mut self, before: usize) {
        debug_assert!(before <= self.end());
        self.needed = self.needed.max(before);
    }

    /// All bytes, nothing having been released.
    pub(crate) fn into_bytes(mut self) -> Result<Vec<u8>> {
        self.reach(usize::MAX);
        self.failure()?;
        Ok(self.held)
    }
}

impl fmt::Debug for Feed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Feed(bytes {} to {})", self.start, self.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use std::io;

    /// Gives so many bytes, one at a time, then fails.
    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::ConnectionReset)?;
            buf[0] = self.0 as u8;
            Ok(1)
        }
    }

    #[test]
    fn released_bytes_go_and_offsets_stay() {
        let bytes: Vec<u8> = (0..3 * PIECE).map(|i| (i / 1000) as u8).collect();
        let mut feed = Feed::new(&bytes[..], &Limits::default());
        assert!(feed.reach(10));
        assert_eq!((feed.start(), feed.end()), (0, PIECE));
        feed.release(PIECE - 5);
        assert!(feed.reach(PIECE + 1));
        assert_eq!((feed.start(), feed.end()), (PIECE - 5, 2 * PIECE));
        assert_eq!(feed.held(), &bytes[PIECE - 5..2 * PIECE]);
        assert!(!feed.reach(3 * PIECE + 1));
        assert_eq!(feed.end(), 3 * PIECE);
        assert!(feed.failure().is_ok());
    }

    #[test]
    fn a_failure_is_passed_on_behind_the_bytes_before_it() {
        let mut feed = Feed::new(Failing(7), &Limits::default());
        assert!(feed.reach(0) && !feed.reach(8) && feed.reach(7));
        let original = feed.failure().unwrap_err();
        assert_eq!(original.io_error().unwrap().kind(), io::ErrorKind::ConnectionReset);
        assert!(!feed.reach(8), "a failed reader is not asked again");
        assert_eq!(feed.failure().unwrap_err().to_string(), original.to_string());
        assert_eq!(
            Feed::new(Failing(7), &Limits::default()).into_bytes().unwrap_err().kind(),
            ErrorKind::Io
        );
    }

    #[test]
    fn an_endless_reader_stops_at_the_limit() {
        let limits = Limits { max_input_bytes: 1000, ..Limits::default() };
        let mut feed = Feed::new(io::repeat(0), &limits);
        assert!(feed.reach(1000), "what is allowed is there");
        assert!(!feed.reach(1002));
        assert_eq!(feed.failure().unwrap_err().kind(), ErrorKind::Limit);
    }
}
