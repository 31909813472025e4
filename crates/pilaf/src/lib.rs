//! Raw image bytes in, resized image bytes out: Pillow's pixels, as fast as the machine allows.
//!
//! The whole path of an image that a program holds as bytes: an upload, a database blob, a queue
//! message. No temporary file, no C code that reads untrusted bytes, and when the bytes are no
//! image, an error that says why.
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | opening bytes, files, readers | [`open`], [`OpenOptions`], [`io::Source`] |
//! | pixels in memory | [`Image`], [`Mode`], [`Palette`] |
//! | writing | [`Image::encode`], [`Image::save`], [`EncodeOptions`] |
//! | what an input may cost | [`Limits`] |
//! | what went wrong | [`Error`], [`ErrorKind`] |
//!
//! Pixels equal those of Pillow 13 to the bit; COMPAT.md lists what differs on purpose.

#![deny(unsafe_code)]

mod error;
mod formats;
pub mod image;
pub mod io;
pub mod jpeg;
mod limits;
pub mod ops;
pub mod resample;
pub mod simd;

pub use error::{Error, ErrorKind, Result};
pub use formats::{EncodeOptions, Format, Info, Metadata, Orientation, Subsampling, Transparency};
pub use image::{Image, Mode, Palette, PaletteMode};
pub use limits::Limits;
pub use ops::{ImageFile, OpenOptions, Transpose, open, open_path};
pub use resample::{Filter, ResizeOptions};
