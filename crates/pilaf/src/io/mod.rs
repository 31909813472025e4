//! Where encoded bytes come from, and where they go.

mod replace;
mod source;

pub use replace::replace_file;
pub use source::{ReadSeek, Source};
