//! JPEG (ITU-T T.81): decoding stages, each in its folder.

pub(crate) mod color;
pub(crate) mod dct;
pub(crate) mod upsample;
