//! Bringing memory near before it is used.

/// Bytes that come in one go: a line of the caches.
pub(crate) const LINE: usize = 64;

/// Memory that is likely to be written soon, to be asked for bit by bit while something else is computed.
///
/// A wrong guess costs time and nothing else: the addresses are never accessed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ahead {
    next: usize,
    end: usize,
}

impl Ahead {
    /// The `length` bytes from `start` on.
    pub(crate) fn new(start: *const u8, length: usize) -> Self {
        let start = start.addr();
        Self { next: start, end: start.saturating_add(length) }
    }

    /// Asks for the next `bytes` bytes, as far as there are any left.
    #[inline]
    pub(crate) fn fetch(&mut self, bytes: usize) {
        let end = self.end.min(self.next.saturating_add(bytes));
        while self.next < end {
            fetch_for_later(std::ptr::without_provenance(self.next));
            self.next = (self.next | (LINE - 1)).saturating_add(1);
        }
    }

    /// Asks for the next `LINES` lines at once, if there is anything left.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]
    #[inline(always)]
    pub(crate) fn fetch_lines<const LINES: usize>(&mut self) {
        if self.next < self.end {
            for line in 0..LINES {
                let address = self.next.wrapping_add(line * LINE);
                fetch_for_later(std::ptr::without_provenance(address));
            }
            self.next = self.next.saturating_add(LINES * LINE);
        }
    }
}

/// Asks for the line of an address, into the first-level cache. The address may be any: it is never
/// accessed.
#[inline(always)]
pub(crate) fn fetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// As [`fetch`], into the second-level cache: for what is used later.
#[inline(always)]
pub(crate) fn fetch_for_later(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    prefetch::<{ std::arch::x86_64::_MM_HINT_T1 }>(address);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn prefetch<const HINT: i32>(address: *const u8) {
    #[allow(unsafe_code)]
    // SAFETY: a prefetch has no effect that a program could see, whatever the address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<HINT>(address.cast());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_where_the_memory_ends() {
        let memory = [0_u8; 300];
        let mut ahead = Ahead::new(memory.as_ptr(), memory.len());
        ahead.fetch(100);
        assert!(ahead.next > memory.as_ptr().addr() && ahead.next < ahead.end);
        ahead.fetch(usize::MAX);
        assert!(ahead.next >= ahead.end && ahead.next < ahead.end + LINE);
        let mut nowhere = Ahead::new(std::ptr::without_provenance(usize::MAX - 70), 300);
        nowhere.fetch(64);
        Ahead::default().fetch(10);
    }
}
