//! The peers, each behind one signature.

mod fast_image_resize;
mod jpeg_encoder;
mod pic_scale;
mod pilaf;
mod stack;
mod turbojpeg;
mod zune_jpeg;

pub use ::pilaf::Filter;
use ::pilaf::Image;
use stack::Stack;

/// What a peer does. What it does not offer is `None`; what fails panics.
///
/// Jobs hand over and take back plain memory, as a program has it that receives images over the
/// network. Scratch memory may be kept from call to call.
pub trait Peer {
    fn name(&self) -> &'static str;

    /// The crates whose versions the report names.
    fn crates(&self) -> Vec<&'static str>;

    /// JPEG bytes to the bytes of a JPEG `width` wide (Lanczos, 4:2:0), proportions kept.
    fn thumbnail(&mut self, _jpeg: &[u8], _width: u32, _quality: u8) -> Option<Vec<u8>> {
        None
    }

    /// All pixels of a JPEG, with fancy upsampling and the exact inverse DCT where it has one.
    fn decode(&mut self, _jpeg: &[u8]) -> Option<Image> {
        None
    }

    /// Width and height from the header.
    fn probe(&mut self, _jpeg: &[u8]) -> Option<(u32, u32)> {
        None
    }

    /// Antialiased resampling.
    fn resize(&mut self, _: &Image, _width: u32, _height: u32, _: Filter) -> Option<Image> {
        None
    }

    /// A baseline JPEG, 4:2:0, standard Huffman tables.
    fn encode(&mut self, _: &Image, _quality: u8) -> Option<Vec<u8>> {
        None
    }
}

/// Every peer, pilaf first: the others are measured against it.
pub fn all() -> Vec<Box<dyn Peer>> {
    vec![
        Box::new(pilaf::Pilaf),
        Box::<fast_image_resize::FastImageResize>::default(),
        Box::new(pic_scale::PicScale),
        Box::new(zune_jpeg::ZuneJpeg),
        Box::new(jpeg_encoder::JpegEncoder),
        Box::<turbojpeg::TurboJpeg>::default(),
        Box::new(Stack {
            name: "zune-jpeg+fast_image_resize+jpeg-encoder",
            decoder: Box::new(zune_jpeg::ZuneJpeg),
            resizer: Box::<fast_image_resize::FastImageResize>::default(),
            encoder: Box::new(jpeg_encoder::JpegEncoder),
        }),
        Box::new(Stack {
            name: "turbojpeg+fast_image_resize",
            decoder: Box::<turbojpeg::TurboJpeg>::default(),
            resizer: Box::<fast_image_resize::FastImageResize>::default(),
            encoder: Box::<turbojpeg::TurboJpeg>::default(),
        }),
        Box::new(Stack {
            name: "turbojpeg+pic-scale",
            decoder: Box::<turbojpeg::TurboJpeg>::default(),
            resizer: Box::new(pic_scale::PicScale),
            encoder: Box::<turbojpeg::TurboJpeg>::default(),
        }),
    ]
}
