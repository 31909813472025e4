//! Pictures made of nothing.

use crate::error::{Error, Result};
use crate::image::{Image, Mode};

impl Image {
    /// A gradient of 256x256 pixels, from 0 at the top to 255 at the bottom.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for modes but `1`, `L`, `P`, `I` and `F`.
    pub fn linear_gradient(mode: Mode) -> Result<Self> {
        gradient(mode, |_, y| y as u8)
    }

    /// A gradient of 256x256 pixels, from 0 in the centre to 255 at the edges.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for modes but `1`, `L`, `P`, `I` and `F`.
    pub fn radial_gradient(mode: Mode) -> Result<Self> {
        gradient(mode, |x, y| {
            let (x, y) = (x - 128, y - 128);
            (f64::from(x * x + y * y) * 2.0).sqrt() as u8
        })
    }
}

fn gradient(mode: Mode, f: impl Fn(i32, i32) -> u8) -> Result<Image> {
    let values = (0..256).flat_map(|y| (0..256).map(move |x| (x, y))).map(|(x, y)| f(x, y));
    let data = match mode {
        Mode::Bilevel | Mode::L | Mode::P => values.collect(),
        Mode::I => values.flat_map(|v| i32::from(v).to_ne_bytes()).collect(),
        Mode::F => values.flat_map(|v| f32::from(v).to_ne_bytes()).collect(),
        _ => return Err(Error::parameter("image has wrong mode")),
    };
    Image::from_raw(mode, (256, 256), data)
}
