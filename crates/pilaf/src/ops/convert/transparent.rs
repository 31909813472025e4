//! One colour is transparent: a band for alpha in its place.

use super::map;
use crate::error::{Error, Result};
use crate::image::{Image, Mode};

impl Image {
    /// The image with alpha: 0 where a pixel has the `transparent` colour, 255 elsewhere.
    ///
    /// RGB becomes `RGBA`, `RGBa`, `LA` or `La`; `1`, `L`, `I` and `I;16` become `RGBA` or `LA`,
    /// and their colour is the first number. In the modes with premultiplied alpha a transparent
    /// pixel is all 0; in `LA` of an RGB image it keeps its red.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for other modes.
    pub fn convert_transparent(&self, mode: Mode, transparent: [u8; 3]) -> Result<Self> {
        use Mode::{Bilevel, I, I16, L, La, LaPremultiplied, Rgb, Rgba, RgbaPremultiplied};
        let [red, ..] = transparent;
        match (self.mode(), mode) {
            (Rgb, Rgba) => map(self, mode, |&[r, g, b]| {
                [r, g, b, if [r, g, b] == transparent { 0 } else { 255 }]
            }),
            (Rgb, RgbaPremultiplied) => {
                map(
                    self,
                    mode,
                    |&[r, g, b]| {
                        if [r, g, b] == transparent { [0; 4] } else { [r, g, b, 255] }
                    },
                )
            }
            (Rgb, La | LaPremultiplied) => {
                let cleared = if mode == La { red } else { 0 };
                map(self, mode, |&[r, g, b]| {
                    if [r, g, b] == transparent {
                        [cleared, 0]
                    } else {
                        [super::luma(r, g, b), 255]
                    }
                })
            }
            (Bilevel | L | I | I16, La) => self.grey_with_alpha(red),
            (Bilevel | L | I | I16, Rgba) => {
                map(&self.grey_with_alpha(red)?, mode, |&[v, alpha]| [v, v, v, alpha])
            }
            (from, _) => Err(Error::parameter(format!(
                "conversion from {from} to {mode} not supported in convert_transparent"
            ))),
        }
    }

    fn grey_with_alpha(&self, transparent: u8) -> Result<Self> {
        let grey = if self.mode() == Mode::L { self.try_clone()? } else { self.convert(Mode::L)? };
        map(&grey, Mode::La, |&[v]| [v, if v == transparent { 0 } else { 255 }])
    }
}
