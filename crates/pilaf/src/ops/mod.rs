//! What can be done with whole images: the one layer where codecs and the resampler meet, and
//! the only one that may start threads.

mod batch;
mod open;
mod reduce;
mod resize;
mod transpose;

pub use batch::for_each;
pub use open::{ImageFile, OpenOptions, open, open_path};
pub use transpose::Transpose;
