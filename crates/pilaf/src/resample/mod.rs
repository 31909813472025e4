//! Resampling: from one grid of samples to another.

mod filter;

pub use filter::Filter;
