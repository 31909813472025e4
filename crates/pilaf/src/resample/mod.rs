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
//!
//! Other arithmetic goes through the same row engine with weights or kernels of its own: [`light`]
//! averages light, [`torch`] and [`opencv`] give the pixels of other libraries. [`method`] chooses,
//! and [`needs`] says beforehand how much memory that takes.

pub(crate) mod alpha;
mod engine;
mod filter;
mod fixed;
mod kernels;
mod light;
pub(crate) mod method;
pub(crate) mod nearest;
pub(crate) mod needs;
mod opencv;
mod options;
#[cfg(test)]
mod passes;
pub(crate) mod plan;
mod profile;
pub(crate) mod reduce;
pub(crate) mod scalar;
mod sines;
mod stream;
mod torch;
pub(crate) mod weights;
pub(crate) mod wide;

pub use filter::Filter;
pub use options::ResizeOptions;
pub use profile::Profile;
pub use stream::RowResizer;
