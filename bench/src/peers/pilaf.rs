use pilaf::{EncodeOptions, Filter, Format, Image, Thumbnail};

use super::Peer;

pub struct Pilaf;

impl Peer for Pilaf {
    fn name(&self) -> &'static str {
        "pilaf"
    }

    fn crates(&self) -> Vec<&'static str> {
        vec!["pilaf"]
    }

    fn thumbnail(&mut self, jpeg: &[u8], width: u32, quality: u8) -> Option<Vec<u8>> {
        let recipe = Thumbnail::fit(width, 0).format(Format::Jpeg).quality(quality);
        Some(pilaf::thumbnail(jpeg, &recipe).unwrap())
    }

    fn decode(&mut self, jpeg: &[u8]) -> Option<Image> {
        Some(pilaf::open(jpeg).unwrap().decode().unwrap())
    }

    fn probe(&mut self, jpeg: &[u8]) -> Option<(u32, u32)> {
        Some(pilaf::open(jpeg).unwrap().info().size())
    }

    fn resize(&mut self, image: &Image, width: u32, height: u32, filter: Filter) -> Option<Image> {
        Some(image.resize((width, height), filter).unwrap())
    }

    fn encode(&mut self, image: &Image, quality: u8) -> Option<Vec<u8>> {
        Some(image.encode(Format::Jpeg, &EncodeOptions::default().quality(quality)).unwrap())
    }
}
