//! Grey and colour to `1` by error diffusion.

use super::luma_1000;
use super::nearest::{Diffusion, DiffusionRow};
use crate::error::{Error, Result};
use crate::image::{Image, Mode};

pub(super) fn convert(image: &Image) -> Result<Image> {
    match image.mode() {
        Mode::L => diffuse(image, |&[v]| i32::from(v)),
        Mode::Rgb => diffuse(image, |&[r, g, b]| luma_1000(r, g, b) / 1000),
        _ => Err(Error::parameter("conversion not supported")),
    }
}

/// How far the second of two rows is behind the first, in pixels: it needs what the first left for its
/// next pixel, and one more lets a processor work on both at once.
const LAG: usize = 2;

/// Two rows at a time, since each pixel waits for the one before it in its row.
fn diffuse<const N: usize>(image: &Image, grey: impl Fn(&[u8; N]) -> i32) -> Result<Image> {
    let width = image.width() as usize;
    let mut out = Image::new(Mode::Bilevel, image.size())?;
    let mut errors = Diffusion::new(width);
    let pairs = out.as_bytes_mut().chunks_mut((2 * width).max(1));
    for (to, from) in pairs.zip(image.as_bytes().chunks((2 * width * N).max(1))) {
        let (to, to_next) = to.split_at_mut(width);
        let (from, from_next) = from.as_chunks::<N>().0.split_at(width);
        let [mut row, mut next] = <[DiffusionRow; 2]>::default();
        // The last row of an odd number has none behind it.
        let lag = if from_next.is_empty() { width } else { LAG.min(width) };
        for x in 0..width {
            to[x] = step(&mut row, &mut errors, x, grey(&from[x]));
            if x >= lag {
                let x = x - lag;
                to_next[x] = step(&mut next, &mut errors, x, grey(&from_next[x]));
            }
        }
        row.finish(&mut errors);
        if !from_next.is_empty() {
            for x in width - lag..width {
                to_next[x] = step(&mut next, &mut errors, x, grey(&from_next[x]));
            }
            next.finish(&mut errors);
        }
    }
    Ok(out)
}

/// Black or white for the pixel at `x`, whose error is spread.
#[inline(always)]
fn step(row: &mut DiffusionRow, errors: &mut Diffusion, x: usize, grey: i32) -> u8 {
    let value = row.value(errors, x, grey);
    let found = if value > 128 { 255 } else { 0 };
    row.spread(errors, x, value - i32::from(found));
    found
}
