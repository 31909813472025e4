//! resampler meet, and the only one that starts threads.

mod batch;
mod open;
mod transpose;

pub use batch::for_each;
pub use open::{ImageFile, OpenOptions, open, open_path};
pub use transpose::Transpose;
