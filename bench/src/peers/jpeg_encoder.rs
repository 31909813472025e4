use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use pilaf::Image;

use super::Peer;

pub struct JpegEncoder;

impl Peer for JpegEncoder {
    fn name(&self) -> &'static str {
        "jpeg-encoder"
    }

    fn crates(&self) -> Vec<&'static str> {
        vec!["jpeg-encoder"]
    }

    fn encode(&mut self, image: &Image, quality: u8) -> Option<Vec<u8>> {
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, quality);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        let (width, height) = (image.width() as u16, image.height() as u16);
        encoder.encode(image.as_bytes(), width, height, ColorType::Rgb).unwrap();
        Some(jpeg)
    }
}
