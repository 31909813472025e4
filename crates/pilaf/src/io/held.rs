//! Small writes to a file on the disk, held back until there are enough for one big one.

/// As many bytes as are held at most: as many as `io.DEFAULT_BUFFER_SIZE` of Python.
pub(super) const HELD: usize = 8 * 1024;

/// Bytes that the file has not got yet. They lie over what it has from `start` on.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    start: u64,
    bytes: Vec<u8>,
}

impl Held {
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Whether `count` bytes at `offset` touch what is held and leave it within its size.
    pub(super) fn takes(&self, offset: u64, count: usize) -> bool {
        self.skip(offset).is_some_and(|skip| skip <= self.bytes.len() && count <= HELD - skip)
    }

    /// Holds `data` too, which [`takes`](Self::takes) allowed, or with which an empty one begins.
    pub(super) fn put(&mut self, offset: u64, data: &[u8]) {
        if self.bytes.is_empty() {
            self.start = offset;
        }
        let skip = self.skip(offset).expect("not before what is held");
        let replaced = data.len().min(self.bytes.len() - skip);
        self.bytes[skip..skip + replaced].copy_from_slice(&data[..replaced]);
        self.bytes.extend_from_slice(&data[replaced..]);
    }

    /// What is held from `offset` on; empty where that is not held.
    pub(super) fn from(&self, offset: u64) -> &[u8] {
        self.skip(offset).and_then(|skip| self.bytes.get(skip..)).unwrap_or_default()
    }

    /// Drops what lies past a file of `len` bytes.
    pub(super) fn cut(&mut self, len: u64) {
        self.bytes.truncate(self.skip(len).unwrap_or(0));
    }

    fn skip(&self, offset: u64) -> Option<usize> {
        offset.checked_sub(self.start)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_touches_is_taken() {
        let mut held = Held::default();
        held.put(100, b"abcdef");
        assert!(held.takes(100, HELD) && held.takes(106, HELD - 6));
        for (offset, count) in [(99, 1), (107, 1), (100, HELD + 1), (106, HELD - 5)] {
            assert!(!held.takes(offset, count), "{count} at {offset}");
        }
        held.put(104, b"EFGH");
        assert_eq!((held.start(), held.bytes()), (100, &b"abcdEFGH"[..]));
        assert_eq!(
            (held.from(106), held.from(99), held.from(108)),
            (&b"GH"[..], &b""[..], &b""[..])
        );
    }

    #[test]
    fn a_cut_drops_what_is_past_it() {
        for (len, left) in [(0, ""), (100, ""), (102, "ab"), (200, "abcdef")] {
            let mut held = Held::default();
            held.put(100, b"abcdef");
            held.cut(len);
            assert_eq!(held.bytes(), left.as_bytes());
        }
    }
}
