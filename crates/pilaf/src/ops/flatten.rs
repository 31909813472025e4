//! Modes for a thumbnail: to one whose samples can be averaged, then to one the format can hold.

use crate::error::Result;
use crate::formats::{Format, Transparency};
use crate::image::{Image, Mode, PaletteMode};

/// The image with samples that may be averaged: bilevel becomes grey, palettes become colours,
/// and transparency kept beside the pixels becomes alpha.
pub(super) fn to_continuous(image: Image, transparency: Option<&Transparency>) -> Result<Image> {
    match (image.mode(), transparency) {
        (Mode::Bilevel, None) => image.reinterpret(Mode::L),
        (Mode::Bilevel | Mode::L, Some(Transparency::Grey(grey))) => {
            let alpha = |v: u8| if u16::from(v) == *grey { 0 } else { 255 };
            map(&image, Mode::La, |&[v]| [v, alpha(v)])
        }
        (Mode::Rgb, Some(Transparency::Rgb(rgb))) => map(&image, Mode::Rgba, |&[r, g, b]| {
            let hit = [r, g, b].map(u16::from) == *rgb;
            [r, g, b, if hit { 0 } else { 255 }]
        }),
        (Mode::P, _) => palette_to_color(&image, transparency),
        _ => Ok(image),
    }
}

fn palette_to_color(image: &Image, transparency: Option<&Transparency>) -> Result<Image> {
    let palette = image.palette().expect("mode P has a palette");
    let mut colors: [[u8; 4]; 256] = std::array::from_fn(|i| palette.color(i as u8));
    let mut has_alpha = palette.mode() == PaletteMode::Rgba;
    if let Some(Transparency::Palette(alpha)) = transparency {
        has_alpha = true;
        colors.iter_mut().zip(alpha).for_each(|(color, &alpha)| color[3] = alpha);
    }
    if has_alpha {
        map(image, Mode::Rgba, |&[index]| colors[usize::from(index)])
    } else {
        map(image, Mode::Rgb, |&[index]| {
            let [r, g, b, _] = colors[usize::from(index)];
            [r, g, b]
        })
    }
}

/// The image in a mode that `format` holds: alpha is laid over `background` for a JPEG, 16-bit
/// grey keeps its high byte there.
pub(super) fn to_writable(image: Image, format: Format, background: [u8; 3]) -> Result<Image> {
    match (format, image.mode()) {
        (Format::Jpeg, Mode::Rgba) => map(&image, Mode::Rgb, |&[r, g, b, alpha]| {
            let [back_r, back_g, back_b] = background;
            [over(r, back_r, alpha), over(g, back_g, alpha), over(b, back_b, alpha)]
        }),
        (Format::Jpeg, Mode::La) => {
            let [r, g, b] = background.map(u32::from);
            // ITU-R BT.601 luma in 16-bit fixed point, as Pillow's convert("L").
            let grey = ((r * 19_595 + g * 38_470 + b * 7_471 + 0x8000) >> 16) as u8;
            map(&image, Mode::L, |&[v, alpha]| [over(v, grey, alpha)])
        }
        (Format::Jpeg, Mode::I16) => map(&image, Mode::L, |&[_, high]| [high]),
        (Format::Png, Mode::Cmyk) => map(&image, Mode::Rgb, |&[c, m, y, k]| {
            let light = 255 - k;
            [c, m, y].map(|ink| light - mul_div_255(ink, light))
        }),
        _ => Ok(image),
    }
}

/// `color` at `alpha` laid over `back`.
fn over(color: u8, back: u8, alpha: u8) -> u8 {
    let sum = u32::from(color) * u32::from(alpha) + u32::from(back) * u32::from(255 - alpha);
    ((sum + 127) / 255) as u8
}

/// `a * b / 255`, rounded.
fn mul_div_255(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b) + 127) / 255) as u8
}

/// A new image of `mode` whose pixels are `f` of the old ones.
fn map<const FROM: usize, const TO: usize>(
    image: &Image,
    mode: Mode,
    f: impl Fn(&[u8; FROM]) -> [u8; TO],
) -> Result<Image> {
    let pixels = image.as_bytes().as_chunks().0.iter().map(f).collect::<Vec<_>>();
    Image::from_raw(mode, image.size(), pixels.into_flattened())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_laid_over_the_background() {
        let image = Image::from_raw(Mode::Rgba, (2, 1), vec![9, 9, 9, 0, 9, 9, 9, 255]).unwrap();
        let flat = to_writable(image, Format::Jpeg, [200, 100, 50]).unwrap();
        assert_eq!(flat.as_bytes(), [200, 100, 50, 9, 9, 9]);
    }

    #[test]
    fn transparent_colours_become_alpha() {
        let image = Image::from_raw(Mode::Rgb, (2, 1), vec![1, 2, 3, 4, 5, 6]).unwrap();
        let clear = to_continuous(image, Some(&Transparency::Rgb([1, 2, 3]))).unwrap();
        assert_eq!(clear.as_bytes(), [1, 2, 3, 0, 4, 5, 6, 255]);
        let image = Image::from_raw(Mode::P, (2, 1), vec![7, 8]).unwrap();
        let clear = to_continuous(image, Some(&Transparency::Palette(vec![0; 8]))).unwrap();
        assert_eq!(clear.as_bytes(), [7, 7, 7, 0, 8, 8, 8, 255]);
    }
}
