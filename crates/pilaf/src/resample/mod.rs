//! Resampling: from one grid of samples to another, with Pillow 13's pixels.
//!
//! ```text
//! Geometry --> Weights (f64) --> Weights (fixed point, 8-bit samples)
//!                  |                   |
//! source rows --> one pass over rows, one over columns --> target rows
//! ```
//!
//! The order of the passes and the rounding between them are part of the result: see
//! [`plan`] and [`weights`]. [`scalar`] and [`wide`] specify the passes.

pub(crate) mod alpha;
mod engine;
mod filter;
mod kernels;
mod lanczos;
pub(crate) mod nearest;
mod options;
pub(crate) mod passes;
pub(crate) mod plan;
pub(crate) mod reduce;
pub(crate) mod scalar;
mod stream;
pub(crate) mod weights;
pub(crate) mod wide;

pub use filter::Filter;
pub use options::ResizeOptions;
pub use stream::RowResizer;
