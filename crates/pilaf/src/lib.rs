//! Raw image bytes in, resized image bytes out: Pillow's pixels, as fast as the machine allows.

#![deny(unsafe_code)]

mod error;
pub mod image;
mod jpeg;
mod limits;
pub mod resample;
pub mod simd;

pub use error::{Error, ErrorKind, Result};
pub use image::{Image, Mode, Palette, PaletteMode};
pub use limits::Limits;
pub use resample::Filter;
