//! What can be done with whole images: the one layer where codecs and the resampler meet, and
//! the only one that may start threads.

mod batch;
mod chops;
mod crop;
pub mod explain;
mod filter;
mod flatten;
mod geometry;
mod open;
mod reduce;
mod resize;
mod thumbnail;
mod transform;
mod transpose;

pub use batch::for_each;
pub use chops::Chop;
pub use filter::{ColorTable, Kernel};
pub use geometry::Geometry;
pub use open::{ImageFile, OpenOptions, open, open_path};
pub use thumbnail::{Thumbnail, thumbnail};
pub use transform::{Interpolation, Patch, Transform};
pub use transpose::Transpose;
