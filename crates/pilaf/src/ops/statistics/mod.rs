//! Numbers about an image: how often, how much, where.

mod colors;
mod extent;
mod histogram;

pub use extent::Extrema;

use crate::image::{Image, Sample};

/// The bytes of each row that stand for one pixel each. Pillow takes an image of 16 bits for one
/// of 8 bits here, as wide, so that its right half is not seen.
fn byte_rows(image: &Image) -> impl Iterator<Item = &[u8]> {
    image.rows().map(|row| &row[..image.width() as usize])
}

/// Whether Pillow holds the image in one or two bytes a pixel, not in four.
fn is_narrow(image: &Image) -> bool {
    image.mode().bands() == 1 && !matches!(image.mode().sample(), Sample::I32 | Sample::F32)
}
