use pilaf::Image;
use zune_core::bytestream::ZCursor;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::Peer;
use crate::pixels::rgb;

pub struct ZuneJpeg;

fn decoder(jpeg: &[u8]) -> JpegDecoder<ZCursor<&[u8]>> {
    JpegDecoder::new_with_options(ZCursor::new(jpeg), DecoderOptions::new_fast())
}

impl Peer for ZuneJpeg {
    fn name(&self) -> &'static str {
        "zune-jpeg"
    }

    fn crates(&self) -> Vec<&'static str> {
        vec!["zune-jpeg"]
    }

    fn decode(&mut self, jpeg: &[u8]) -> Option<Image> {
        let mut decoder = decoder(jpeg);
        let data = decoder.decode().unwrap();
        let (width, height) = decoder.dimensions().unwrap();
        Some(rgb(width as u32, height as u32, data))
    }

    fn probe(&mut self, jpeg: &[u8]) -> Option<(u32, u32)> {
        let mut decoder = decoder(jpeg);
        decoder.decode_headers().unwrap();
        decoder.dimensions().map(|(width, height)| (width as u32, height as u32))
    }
}
