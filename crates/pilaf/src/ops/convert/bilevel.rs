//! Grey and colour to `1` by error diffusion.

use super::luma_1000;
use super::nearest::Diffusion;
use crate::error::{Error, Result};
use crate::image::{Image, Mode};

pub(super) fn convert(image: &Image) -> Result<Image> {
    match image.mode() {
        Mode::L => diffuse(image, |&[v]| i32::from(v)),
        Mode::Rgb => diffuse(image, |&[r, g, b]| luma_1000(r, g, b) / 1000),
        _ => Err(Error::parameter("conversion not supported")),
    }
}

fn diffuse<const N: usize>(image: &Image, grey: impl Fn(&[u8; N]) -> i32) -> Result<Image> {
    let mut out = Image::new(Mode::Bilevel, image.size())?;
    let mut diffusion = Diffusion::new(image.width() as usize);
    for (to, from) in out.rows_mut().zip(image.rows()) {
        let mut row = diffusion.row();
        for (x, (to, pixel)) in to.iter_mut().zip(from.as_chunks().0).enumerate() {
            let value = row.value(x, grey(pixel));
            *to = if value > 128 { 255 } else { 0 };
            row.spread(x, value - i32::from(*to));
        }
        row.finish();
    }
    Ok(out)
}
