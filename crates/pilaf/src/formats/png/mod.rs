//! PNG, through the `png` crate: pure Rust, no unsafe, fuzzed for years, the decoder of image-rs.

pub(crate) mod chunks;
mod decode;
mod encode;
mod missing;
mod unpack;

pub(super) use decode::{decode, read_info};
pub(super) use encode::encode;
pub(super) use missing::missing;
