//! Memory whose amount an input or a caller decides: refused with an error, never by an abort, and
//! in huge pages if it is much.

use std::alloc::{Layout, alloc_zeroed};
use std::mem::MaybeUninit;

use crate::error::{Error, Result};
use crate::simd::{Body, Level};

/// `bytes` zeros. Fresh memory costs nothing until it is touched.
pub(crate) fn zeros(bytes: usize) -> Result<Vec<u8>> {
    let layout = Layout::array::<u8>(bytes).map_err(|_| refused(bytes))?;
    if bytes == 0 {
        return Ok(Vec::new());
    }
    #[allow(unsafe_code)]
    // SAFETY: the layout is of one byte or more.
    let start = unsafe { alloc_zeroed(layout) };
    if start.is_null() {
        return Err(refused(bytes));
    }
    ask_for_huge_pages(start, bytes);
    #[allow(unsafe_code)]
    // SAFETY: `start` was allocated just above, by the global allocator, with the layout of a
    // vector of `bytes` bytes, and all of them are zeros.
    let zeros = unsafe { Vec::from_raw_parts(start, bytes, bytes) };
    Ok(zeros)
}

/// An empty vector with room for `len` values.
pub(crate) fn room<T>(len: usize) -> Result<Vec<T>> {
    let mut values: Vec<T> = Vec::new();
    let bytes = len.saturating_mul(size_of::<T>());
    values.try_reserve_exact(len).map_err(|_| refused(bytes))?;
    ask_for_huge_pages(values.as_mut_ptr().cast(), bytes);
    Ok(values)
}

/// Asks for huge pages under the `bytes` of a block that begins at `start`, if they are many.
///
/// The kernel zeroes each page when it is first touched: 36 MB take 14 ms in pages of 4 KiB and
/// 2 ms in pages of 2 MiB, and resampling 6 megapixels to as much takes 14 ms. Linux gives huge
/// pages to who asks, unless it is set to give them to all or to none; numpy asks likewise, from
/// 4 MiB on.
#[cfg(target_os = "linux")]
fn ask_for_huge_pages(start: *mut u8, bytes: usize) {
    const LARGE: usize = 4 << 20;
    /// At least the size of a page, and a multiple of it, on every Linux.
    const PAGE: usize = 64 << 10;
    if bytes < LARGE {
        return;
    }
    let skipped = start.addr().next_multiple_of(PAGE) - start.addr();
    #[allow(unsafe_code)]
    // SAFETY: the advice changes no contents; the range lies within the block, and begins at a
    // page, as the kernel wants. An error is of no consequence.
    unsafe {
        libc::madvise(start.wrapping_add(skipped).cast(), bytes - skipped, libc::MADV_HUGEPAGE);
    }
}

#[cfg(not(target_os = "linux"))]
fn ask_for_huge_pages(_: *mut u8, _: usize) {}

/// Asks whether `bytes` are to be had, for work that takes them in pieces which it could not do
/// without one by one. A MiB counts as to be had.
pub(crate) fn ask(bytes: usize) -> Result<()> {
    const SMALL: usize = 1 << 20;
    if bytes > SMALL {
        let mut values: Vec<u8> = Vec::new();
        values.try_reserve_exact(bytes).map_err(|_| refused(bytes))?;
        // Else the compiler leaves out what nobody uses.
        std::hint::black_box(values.as_mut_ptr());
    }
    Ok(())
}

/// `len` times `value`.
pub(crate) fn repeated<T: Clone>(value: T, len: usize) -> Result<Vec<T>> {
    let mut values = room(len)?;
    values.resize(len, value);
    Ok(values)
}

/// The values of an iterator that knows how many there are.
#[inline]
pub(crate) fn collected<T>(values: impl ExactSizeIterator<Item = T>) -> Result<Vec<T>> {
    let mut vector = room(values.len())?;
    vector.extend(values);
    Ok(vector)
}

/// What `f` makes of each of `values`, by machine code of the CPU's level: as far as `f` is inlined,
/// which a short closure is, and a long one if it is marked `#[inline(always)]`.
pub(crate) fn mapped<A, T: Copy>(values: &[A], f: impl Fn(&A) -> T + Copy) -> Result<Vec<T>> {
    combined(
        values.len(),
        [(values, values)],
        #[inline(always)]
        move |value, _| f(value),
    )
}

/// As [`mapped`], of the pairs of values in pairs of rows, which are `len` altogether. What the longer
/// row of a pair has more is left out.
pub(crate) fn combined<'a, A: 'a, B: 'a, T: Copy>(
    len: usize,
    rows: impl IntoIterator<Item = (&'a [A], &'a [B])>,
    f: impl Fn(&A, &B) -> T + Copy,
) -> Result<Vec<T>> {
    let (mut values, level) = (room(len)?, Level::get());
    for (a, b) in rows {
        let count = a.len().min(b.len());
        let to = &mut values.spare_capacity_mut()[..count];
        level.compile(Combine { a: &a[..count], b: &b[..count], to, f });
        #[allow(unsafe_code)]
        // SAFETY: there was room for `count` more values, and all of these places were written to.
        unsafe {
            values.set_len(values.len() + count);
        }
    }
    Ok(values)
}

/// Rows of one length, of which `f` makes the third.
struct Combine<'a, A, B, T, F> {
    a: &'a [A],
    b: &'a [B],
    to: &'a mut [MaybeUninit<T>],
    f: F,
}

impl<A, B, T, F: Fn(&A, &B) -> T> Body for Combine<'_, A, B, T, F> {
    type Output = ();

    /// A loop, since what of an iterator's adapters is inlined is up to the compiler. Values go to `f`
    /// by reference, and `f` is here itself: it makes no vectors of three bytes that are copied first,
    /// nor of what it has to read again after each value written.
    #[inline(always)]
    fn run(self) {
        let f = self.f;
        for ((to, a), b) in self.to.iter_mut().zip(self.a).zip(self.b) {
            to.write(f(a, b));
        }
    }
}

/// A copy of `bytes`.
pub(crate) fn copied(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut copy = room(bytes.len())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

#[cold]
fn refused(bytes: usize) -> Error {
    Error::memory(format!("{bytes} bytes of memory are not to be had"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn vectors_are_what_was_asked_for() {
        assert_eq!(zeros(0).unwrap(), []);
        assert_eq!(zeros(5).unwrap(), [0; 5]);
        assert_eq!(repeated([1, 2], 2).unwrap(), [[1, 2], [1, 2]]);
        assert_eq!(collected([3, 4].iter()).unwrap(), [&3, &4]);
        assert_eq!(copied(&[5, 6]).unwrap(), [5, 6]);
        ask(0).unwrap();
        ask(2 << 20).unwrap();
        assert_eq!(mapped(&[7, 8], |v| 2 * v).unwrap(), [14, 16]);
        let rows: [(&[_], &[_]); 3] = [(&[1, 2], &[3, 4, 5]), (&[], &[6]), (&[7, 8], &[9])];
        assert_eq!(combined(3, rows, |a, b| (*a, *b)).unwrap(), [(1, 3), (2, 4), (7, 9)]);
    }

    #[test]
    fn too_much_is_an_error() {
        for bytes in [usize::MAX, isize::MAX as usize, 1 << 60] {
            assert_eq!(zeros(bytes).unwrap_err().kind(), ErrorKind::Memory);
            assert_eq!(room::<u8>(bytes).unwrap_err().kind(), ErrorKind::Memory);
            assert_eq!(ask(bytes).unwrap_err().kind(), ErrorKind::Memory);
            assert_eq!(repeated(1_u32, bytes).unwrap_err().kind(), ErrorKind::Memory);
        }
    }
}
