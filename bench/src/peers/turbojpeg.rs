use pilaf::Image;
use turbojpeg::{Compressor, Decompressor, Image as View, PixelFormat, Subsamp};

use super::Peer;
use crate::pixels::rgb;

/// libjpeg-turbo in C, as the crate bundles it.
pub struct TurboJpeg {
    compressor: Compressor,
    decompressor: Decompressor,
}

impl Default for TurboJpeg {
    fn default() -> Self {
        let (compressor, decompressor) = (Compressor::new().unwrap(), Decompressor::new().unwrap());
        Self { compressor, decompressor }
    }
}

/// The view of RGB rows that the library takes.
fn view<T>(pixels: T, width: u32, height: u32) -> View<T> {
    let (width, height) = (width as usize, height as usize);
    View { pixels, width, pitch: width * 3, height, format: PixelFormat::RGB }
}

impl Peer for TurboJpeg {
    fn name(&self) -> &'static str {
        "turbojpeg"
    }

    fn crates(&self) -> Vec<&'static str> {
        vec!["turbojpeg", "turbojpeg-sys"]
    }

    fn decode(&mut self, jpeg: &[u8]) -> Option<Image> {
        let (width, height) = self.probe(jpeg)?;
        let mut data = vec![0; width as usize * height as usize * 3];
        self.decompressor.decompress(jpeg, view(&mut data[..], width, height)).unwrap();
        Some(rgb(width, height, data))
    }

    fn probe(&mut self, jpeg: &[u8]) -> Option<(u32, u32)> {
        let header = self.decompressor.read_header(jpeg).unwrap();
        Some((header.width as u32, header.height as u32))
    }

    fn encode(&mut self, image: &Image, quality: u8) -> Option<Vec<u8>> {
        self.compressor.set_quality(quality.into()).unwrap();
        self.compressor.set_subsamp(Subsamp::Sub2x2).unwrap();
        let view = view(image.as_bytes(), image.width(), image.height());
        Some(self.compressor.compress_to_vec(view).unwrap())
    }
}
