//! What can be done with whole images: the one layer where codecs and the resampler meet, and
//! the only one that may start threads.

mod bands;
mod batch;
mod chops;
mod composite;
mod convert;
mod crop;
mod draw;
mod effect;
pub mod explain;
mod filter;
mod flatten;
mod four_bytes;
mod geometry;
mod gradient;
mod math;
mod open;
mod palette;
mod paste;
mod point;
mod probe;
mod quantize;
mod raw;
mod reduce;
pub mod repair;
mod resize;
mod statistics;
mod swizzle;
mod thumbnail;
mod transform;
mod transpose;

pub use batch::for_each;
pub use chops::Chop;
pub use convert::{ConvertOptions, Dither, MatrixRows, lab_profile, srgb_profile, truncate};
pub use crop::Part;
pub use draw::{Pen, Point};
pub use filter::{ColorTable, Kernel};
pub use geometry::Geometry;
pub use math::{Binary, Unary};
pub use open::{ImageFile, OpenOptions, open, open_path};
pub use paste::{Paint, Region};
pub use point::PointTable;
pub use probe::probe;
pub use quantize::QuantizeMethod;
pub use raw::{RowOrder, can_unpack, unpacked_bits};
pub use resize::Resizer;
pub use statistics::Extrema;
pub use thumbnail::{Thumbnail, thumbnail};
pub use transform::{Interpolation, Patch, Transform};
pub use transpose::Transpose;

#[cfg(test)]
mod level_tests;
