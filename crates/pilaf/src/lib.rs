//! Raw image bytes in, resized image bytes out: Pillow's pixels, as fast as the machine allows.
//!
//! The whole path of an image that a program holds as bytes: an upload, a database blob, a queue
//! message. No temporary file, no C code that reads untrusted bytes, and when the bytes are no
//! image, an error that says why.
//!
//! ```
//! use pilaf::{EncodeOptions, Filter, Format, Thumbnail};
//!
//! # let bytes = pilaf::Image::new(pilaf::Mode::Rgb, (1440, 1080))?
//! #     .encode(Format::Jpeg, &EncodeOptions::default())?;
//! let image = pilaf::open(&bytes)?;                     // the header is read, the pixels not yet
//! let info = image.info();                              // format, size, mode, orientation, ...
//! println!("{} {}x{} {}", info.format, info.width, info.height, info.mode);
//!
//! let small = image.decode()?.resize((720, 588), Filter::Lanczos)?;
//! let jpeg: Vec<u8> = small.encode(Format::Jpeg, &EncodeOptions::default().quality(80))?;
//!
//! // The same in one shot: turned upright, fitted into a box, encoded again.
//! let thumb = pilaf::thumbnail(&bytes, &Thumbnail::fit(720, 720).format(Format::Jpeg).quality(80))?;
//! # assert_eq!(pilaf::open(&thumb)?.info().size(), (720, 540));
//! # Ok::<(), pilaf::Error>(())
//! ```
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | opening bytes, files, readers | [`open`], [`OpenOptions`], [`io::Source`] |
//! | the header from the first bytes | [`probe`](probe()), [`Probe`] |
//! | pixels in memory | [`Image`], [`Mode`], [`Palette`] |
//! | resizing | [`Image::resize`], [`Filter`], [`Image::resize_with`]; [`Resizer`] for many of a size; [`Profile`] for other libraries' pixels |
//! | one call from bytes to bytes | [`thumbnail`](thumbnail()), [`Thumbnail`] |
//! | writing | [`Image::encode`], [`Image::save`], [`EncodeOptions`] |
//! | what an input may cost | [`Limits`] |
//! | what went wrong | [`Error`], [`ErrorKind`] |
//! | why bytes are no image | [`explain`](explain::explain), [`explain::Code`] |
//! | taking an image out of base64, gzip, a message | [`repair`](repair::repair), [`from_base64`] |
//! | files in memory | [`io::MemoryFile`], [`io::SpooledFile`] |
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

pub use ops::explain;
pub use ops::repair::{self, from_base64};

pub use error::{Error, ErrorKind, Result};
pub use formats::{
    Chunk, EncodeOptions, Format, Info, Metadata, Need, Orientation, Probe, Subsampling,
    Transparency, take_orientation,
};
pub use image::{Image, Mode, Palette, PaletteMode};
pub use limits::Limits;
pub use ops::{
    Geometry, ImageFile, OpenOptions, Resizer, Thumbnail, Transpose, open, open_path, probe,
    thumbnail,
};
pub use resample::{Filter, Profile, ResizeOptions};

/// The examples of the README, as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
