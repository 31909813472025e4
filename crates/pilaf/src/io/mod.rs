//! Where encoded bytes come from, where they go, and files that live in memory.
//!
//! ```text
//! Source      = a slice, owned bytes, or a reader: what an image is opened from
//! Feed        = a reader's bytes, of which only the last ones are held: what an image is decoded from
//! MemoryFile  = Storage (bytes, copied on the first write) + a cursor
//! SpooledFile = a MemoryFile, then an unnamed temporary file once it grows too large
//! ```

mod disk;
mod feed;
mod held;
mod memory;
mod replace;
mod source;
mod spool;
mod storage;

pub(crate) use feed::Feed;
pub use memory::MemoryFile;
pub use replace::replace_file;
pub use source::{ReadSeek, Source};
pub use spool::SpooledFile;
pub use storage::{Buffer, Storage};
