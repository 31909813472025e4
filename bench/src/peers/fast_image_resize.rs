use fast_image_resize::images::{Image as Target, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use pilaf::Image;

use super::{Filter, Peer};
use crate::pixels::rgb;

#[derive(Default)]
pub struct FastImageResize {
    resizer: Resizer,
}

fn filter_type(filter: Filter) -> Option<FilterType> {
    Some(match filter {
        Filter::Box => FilterType::Box,
        Filter::Bilinear => FilterType::Bilinear,
        Filter::Hamming => FilterType::Hamming,
        // Keys' cubic with a = -0.5, which is Pillow's.
        Filter::Bicubic => FilterType::CatmullRom,
        Filter::Lanczos => FilterType::Lanczos3,
        _ => return None,
    })
}

impl Peer for FastImageResize {
    fn name(&self) -> &'static str {
        "fast_image_resize"
    }

    fn crates(&self) -> Vec<&'static str> {
        vec!["fast_image_resize"]
    }

    fn resize(&mut self, image: &Image, width: u32, height: u32, filter: Filter) -> Option<Image> {
        let source =
            ImageRef::new(image.width(), image.height(), image.as_bytes(), PixelType::U8x3)
                .unwrap();
        let mut target = Target::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter_type(filter)?));
        self.resizer.resize(&source, &mut target, &options).unwrap();
        Some(rgb(width, height, target.into_vec()))
    }
}
