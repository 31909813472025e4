//! Filters: pixels made of their neighbours.
//!
//! | file | filter | Pillow 13 source |
//! |---|---|---|
//! | [`kernel`] | convolution with 3x3 and 5x5 weights | `Filter.c` |
//! | [`box_blur`] | box and Gaussian blur | `BoxBlur.c` |
//! | [`unsharp`] | sharpening against a blurred copy | `UnsharpMask.c` |
//! | [`rank`], [`rank_bytes`] | median, minimum, maximum of a window | `RankFilter.c` |
//! | [`most_frequent`] | most frequent value of a window | `ModeFilter.c` |
//! | [`color_table`] | colours looked up in a cube | `ColorLUT.c` |

mod box_blur;
mod color_table;
mod kernel;
mod most_frequent;
mod rank;
mod rank_bytes;
mod unsharp;

pub use color_table::ColorTable;
pub use kernel::Kernel;

use crate::error::Error;

/// What Pillow says of a mode that an operation does not take.
pub(super) fn wrong_mode() -> Error {
    Error::parameter("image has wrong mode")
}
