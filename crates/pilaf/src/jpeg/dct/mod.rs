//! The discrete cosine transform of 8x8 blocks (ITU-T T.81, A.3.3).

pub(crate) mod fdct;
pub(crate) mod idct;
mod sums;
