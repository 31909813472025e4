//! The bytes behind a [`MemoryFile`](super::MemoryFile), apart from its cursor.

use std::io;
use std::sync::Arc;

use bytes::Bytes;

/// Growable bytes that are shared by clones until one of them writes.
///
/// [`Buffer`] is the one to use; the trait is there for bytes that live in somebody else's
/// objects, such as Python's `bytes`.
pub trait Storage {
    /// The contents.
    fn as_slice(&self) -> &[u8];

    /// Writes all of `data` at `offset`, growing the contents where needed; a gap between the
    /// old end and `offset` becomes zeros. Empty data changes nothing.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::OutOfMemory`] when there is no memory for it; nothing is changed then.
    fn write_at(&mut self, offset: usize, data: &[u8]) -> io::Result<()>;

    /// Drops everything past the first `len` bytes; a `len` past the end changes nothing.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::OutOfMemory`] when shared bytes cannot be copied.
    fn truncate(&mut self, len: usize) -> io::Result<()>;
}

/// Bytes on the heap: a clone costs one reference, the first write after it one copy.
#[derive(Clone, Debug, Default)]
pub struct Buffer(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// Somebody else's, never changed in place.
    Foreign(Bytes),
    Own(Arc<Vec<u8>>),
}

impl Default for Kind {
    fn default() -> Self {
        Self::Own(Arc::default())
    }
}

impl Buffer {
    /// The contents as [`Bytes`], without a copy.
    pub fn into_bytes(self) -> Bytes {
        match self.0 {
            Kind::Foreign(bytes) => bytes,
            Kind::Own(shared) => match Arc::try_unwrap(shared) {
                Ok(vec) => vec.into(),
                Err(shared) => Bytes::from_owner(SharedVec(shared)),
            },
        }
    }

    /// The vector, for this buffer alone, with room for `len` bytes.
    fn own(&mut self, len: usize) -> io::Result<&mut Vec<u8>> {
        let unique = match &mut self.0 {
            Kind::Own(shared) => Arc::get_mut(shared).is_some(),
            Kind::Foreign(_) => false,
        };
        if !unique {
            let mut copy = Vec::new();
            copy.try_reserve_exact(len.max(self.as_slice().len()))?;
            copy.extend_from_slice(self.as_slice());
            self.0 = Kind::Own(Arc::new(copy));
        }
        let Kind::Own(shared) = &mut self.0 else { unreachable!("made so above") };
        let vec = Arc::get_mut(shared).expect("unique, or made so above");
        vec.try_reserve(len.saturating_sub(vec.len()))?;
        Ok(vec)
    }
}

impl Storage for Buffer {
    fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Kind::Foreign(bytes) => bytes,
            Kind::Own(vec) => vec,
        }
    }

    fn write_at(&mut self, offset: usize, data: &[u8]) -> io::Result<()> {
        if data.is_empty() {
            return Ok(());
        }
        let end = offset.checked_add(data.len()).ok_or(io::ErrorKind::OutOfMemory)?;
        let vec = self.own(end)?;
        if vec.len() < offset {
            vec.resize(offset, 0);
        }
        let overwritten = data.len().min(vec.len() - offset);
        vec[offset..offset + overwritten].copy_from_slice(&data[..overwritten]);
        vec.extend_from_slice(&data[overwritten..]);
        Ok(())
    }

    fn truncate(&mut self, len: usize) -> io::Result<()> {
        match &mut self.0 {
            Kind::Foreign(bytes) => bytes.truncate(len),
            Kind::Own(shared) if len < shared.len() => match Arc::get_mut(shared) {
                Some(vec) => vec.truncate(len),
                None => *shared = Arc::new(copy_of(&shared[..len])?),
            },
            Kind::Own(_) => {}
        }
        Ok(())
    }
}

fn copy_of(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kind::Own(Arc::new(bytes)))
    }
}

impl From<Bytes> for Buffer {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Foreign(bytes))
    }
}

impl From<&'static [u8]> for Buffer {
    fn from(bytes: &'static [u8]) -> Self {
        Self(Kind::Foreign(Bytes::from_static(bytes)))
    }
}

/// A vector with other owners, as [`Bytes::from_owner`] wants it.
struct SharedVec(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedVec {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_bytes_are_copied_by_the_first_write_only() {
        let bytes = Bytes::from_static(b"abcdef");
        let mut buffer = Buffer::from(bytes.clone());
        assert_eq!(buffer.as_slice().as_ptr(), bytes.as_ptr());
        buffer.write_at(1, b"X").unwrap();
        let written = buffer.as_slice().as_ptr();
        assert_ne!(written, bytes.as_ptr());
        buffer.write_at(2, b"Y").unwrap();
        assert_eq!(buffer.as_slice().as_ptr(), written);
        assert_eq!((buffer.as_slice(), &bytes[..]), (&b"aXYdef"[..], &b"abcdef"[..]));
    }

    #[test]
    fn a_clone_keeps_its_bytes_whoever_writes() {
        let mut first = Buffer::from(b"abc".to_vec());
        let mut second = first.clone();
        assert_eq!(first.as_slice().as_ptr(), second.as_slice().as_ptr());
        second.truncate(1).unwrap();
        first.write_at(5, b"!").unwrap();
        assert_eq!(first.as_slice(), b"abc\0\0!");
        assert_eq!(second.as_slice(), b"a");
    }

    #[test]
    fn bytes_come_out_without_a_copy() {
        let buffer = Buffer::from(b"abc".to_vec());
        let start = buffer.as_slice().as_ptr();
        assert_eq!(buffer.clone().into_bytes().as_ptr(), start);
        assert_eq!(buffer.into_bytes().as_ptr(), start);
    }

    #[test]
    fn what_no_memory_can_hold_is_an_error() {
        let mut buffer = Buffer::from(b"abc".to_vec());
        for offset in [usize::MAX, isize::MAX as usize] {
            let error = buffer.write_at(offset, b"x").unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::OutOfMemory);
        }
        assert_eq!(buffer.as_slice(), b"abc");
    }
}
