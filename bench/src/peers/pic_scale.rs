use pic_scale::{
    BufferStore, ImageSize, ImageStore, ImageStoreMut, ResamplingFunction, Scaler, ThreadingPolicy,
};
use pilaf::Image;

use super::{Filter, Peer};
use crate::pixels::rgb;

pub struct PicScale;

fn function(filter: Filter) -> Option<ResamplingFunction> {
    Some(match filter {
        // 29.6 dB from Pillow's box on the synthetic photograph, and so is its `Area`: neither is
        // the same filter.
        Filter::Box => ResamplingFunction::Box,
        Filter::Bilinear => ResamplingFunction::Bilinear,
        Filter::Hamming => ResamplingFunction::Hamming,
        // Keys' cubic with a = -0.5, which is Pillow's.
        Filter::Bicubic => ResamplingFunction::CatmullRom,
        Filter::Lanczos => ResamplingFunction::Lanczos3,
        _ => return None,
    })
}

impl Peer for PicScale {
    fn name(&self) -> &'static str {
        "pic-scale"
    }

    fn crates(&self) -> Vec<&'static str> {
        vec!["pic-scale"]
    }

    fn resize(&mut self, image: &Image, width: u32, height: u32, filter: Filter) -> Option<Image> {
        let mut scaler = Scaler::new(function(filter)?);
        scaler.set_threading_policy(ThreadingPolicy::Single);
        let size = |width: u32, height: u32| ImageSize::new(width as usize, height as usize);
        let (from, to) = (size(image.width(), image.height()), size(width, height));
        let source =
            ImageStore::<u8, 3>::borrow(image.as_bytes(), from.width, from.height).unwrap();
        let mut target = ImageStoreMut::<u8, 3>::alloc(to.width, to.height);
        let plan = scaler.plan_rgb_resampling(from, to).unwrap();
        plan.resample(&source, &mut target).unwrap();
        let BufferStore::Owned(data) = target.buffer else { unreachable!("allocated above") };
        Some(rgb(width, height, data))
    }
}
