//! Modes for a thumbnail: to one whose samples can be averaged, then to one the format can hold.

use super::convert::{div_255, luma, map};
use crate::error::Result;
use crate::formats::{Format, Transparency};
use crate::image::{Image, Mode, PaletteMode};

/// The image with samples that may be averaged: bilevel becomes grey, palettes become colours,
/// and transparency kept beside the pixels becomes alpha.
pub(super) fn to_continuous(
    mut image: Image,
    transparency: Option<&Transparency>,
) -> Result<Image> {
    match (image.mode(), transparency) {
        (Mode::Bilevel, None) => image.convert(Mode::L),
        (Mode::Bilevel | Mode::L, Some(Transparency::Grey(grey))) => match u8::try_from(*grey) {
            Ok(grey) => image.convert_transparent(Mode::La, [grey; 3]),
            Err(_) => image.convert(Mode::La),
        },
        (Mode::Rgb, Some(Transparency::Rgb(rgb))) => match rgb.map(u8::try_from) {
            [Ok(r), Ok(g), Ok(b)] => image.convert_transparent(Mode::Rgba, [r, g, b]),
            _ => image.convert(Mode::Rgba),
        },
        (Mode::P, _) => {
            let palette = image.palette_mut().expect("mode P has a palette");
            if let Some(Transparency::Palette(alpha)) = transparency {
                palette.set_alphas(0, alpha);
            }
            let has_alpha = palette.mode() == PaletteMode::Rgba;
            image.convert(if has_alpha { Mode::Rgba } else { Mode::Rgb })
        }
        _ => Ok(image),
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
            let [r, g, b] = background;
            let grey = luma(r, g, b);
            map(&image, Mode::L, |&[v, alpha]| [over(v, grey, alpha)])
        }
        (Format::Jpeg, Mode::I16) => map(&image, Mode::L, |&[_, high]| [high]),
        (Format::Png, Mode::Cmyk) => image.convert(Mode::Rgb),
        _ => Ok(image),
    }
}

/// `color` at `alpha` laid over `back`.
fn over(color: u8, back: u8, alpha: u8) -> u8 {
    div_255(u16::from(color) * u16::from(alpha) + u16::from(back) * u16::from(255 - alpha))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Palette;

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
        let image = image.with_palette(Palette::grey_ramp()).unwrap();
        let clear = to_continuous(image, Some(&Transparency::Palette(vec![0; 8]))).unwrap();
        assert_eq!(clear.as_bytes(), [7, 7, 7, 0, 8, 8, 8, 255]);
    }
}
