//! RGB pixels are a `pilaf::Image` of mode RGB (a vector and a size), in files a PPM (P6).

use pilaf::{Image, Mode};

/// Packed RGB rows, without padding.
pub fn rgb(width: u32, height: u32, data: Vec<u8>) -> Image {
    Image::from_raw(Mode::Rgb, (width, height), data).expect("width x height x 3 bytes")
}

/// Reads a binary PPM of 8 bits a sample, without comments.
pub fn from_ppm(bytes: &[u8]) -> Image {
    let mut lines = bytes.splitn(4, |&byte| byte == b'\n');
    let mut line = || std::str::from_utf8(lines.next().expect("a PPM")).expect("a PPM");
    assert_eq!(line(), "P6");
    let (width, height) = line().split_once(' ').expect("width and height");
    assert_eq!(line(), "255");
    let side = |text: &str| text.parse().expect("a number");
    rgb(side(width), side(height), lines.next().expect("pixels").to_vec())
}

pub fn to_ppm(image: &Image) -> Vec<u8> {
    let header = format!("P6\n{} {}\n255\n", image.width(), image.height());
    [header.as_bytes(), image.as_bytes()].concat()
}
