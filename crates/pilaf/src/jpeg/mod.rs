//! JPEG (ITU-T T.81): the pixels of libjpeg-turbo 3.2, as Pillow 13 shows them.
//!
//! ```text
//! bytes -> marker -> huffman | arithmetic -> coefficients -> dct -> planes -> upsample -> color -> rows
//! rows -> color -> downsample -> planes -> dct -> coefficients -> huffman -> marker -> bytes
//! ```
//!
//! The scalar code in [`huffman`] and [`arithmetic`] is shaped like the specification and decides
//! what every damaged file means; faster code must agree with it.

mod arithmetic;
pub(crate) mod color;
mod damage;
pub(crate) mod dct;
mod decode;
pub(crate) mod downsample;
mod encode;
mod header;
mod huffman;
mod marker;
mod quant;
pub(crate) mod upsample;
mod zigzag;

pub use damage::{Damage, Fault};
pub use decode::{
    Colors, DecodeOptions, Decoder, PlaneRows, PlaneSink, RowSink, Scale, Truncated, decode,
};
pub use encode::{Encoder, EncoderOptions, EntropyCoding, Pixels, Quantization, RestartInterval};
pub(crate) use header::missing;
pub use header::{ColorSpace, Header, read_header};
pub use marker::{Coding, Component, Jfif, Segment};
pub use quant::QuantTable;
