//! From planes to rows of pixels: upsampling and colour.

use super::geometry::{Scaled, ScaledComponent, Upsampling};
use super::planes::{Plane, PlaneWindow};
use crate::jpeg::color::{self, ChromaRows, ChromaScratch};
use crate::jpeg::header::ColorSpace;
use crate::jpeg::upsample::{self, Half};
use crate::simd::Level;

/// What is done with the samples of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conversion {
    /// The first component as it is.
    Luma,
    /// Red, green and blue to their luminance.
    RgbToGray,
    YccToRgb,
    /// Three components as they are.
    Interleave,
    /// Four components, inverted.
    InvertedCmyk,
    /// YCbCr and black, inverted.
    InvertedYcck,
}

impl Conversion {
    /// From the colours of the file to the mode in which Pillow opens it.
    pub(super) fn native(space: ColorSpace) -> Self {
        match space {
            ColorSpace::Gray => Self::Luma,
            ColorSpace::YCbCr => Self::YccToRgb,
            ColorSpace::Rgb => Self::Interleave,
            ColorSpace::Cmyk => Self::InvertedCmyk,
            ColorSpace::Ycck => Self::InvertedYcck,
        }
    }

    /// Components that take part.
    pub(super) fn components(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::RgbToGray | Self::YccToRgb | Self::Interleave => 3,
            Self::InvertedCmyk | Self::InvertedYcck => 4,
        }
    }

    /// Bytes of a pixel.
    pub(super) fn pixel_bytes(self) -> usize {
        match self {
            Self::Luma | Self::RgbToGray => 1,
            Self::YccToRgb | Self::Interleave => 3,
            Self::InvertedCmyk | Self::InvertedYcck => 4,
        }
    }
}

/// Makes rows of pixels from planes.
pub(super) struct RowMaker {
    pub(super) level: Level,
    pub(super) conversion: Conversion,
    /// Pixels in a row.
    width: usize,
    components: Vec<ScaledComponent>,
    /// A row of each component after upsampling.
    upsampled: Vec<Vec<u8>>,
    scratch: ChromaScratch,
}

impl RowMaker {
    pub(super) fn new(level: Level, conversion: Conversion, scaled: &Scaled) -> Self {
        let components = scaled.components[..conversion.components()].to_vec();
        let upsampled = components.iter().map(|component| match component.upsampling {
            Upsampling::None => Vec::new(),
            _ => vec![0; scaled.width],
        });
        let upsampled = upsampled.collect();
        let scratch = ChromaScratch::default();
        Self { level, conversion, width: scaled.width, components, upsampled, scratch }
    }

    /// How both chroma components are upsampled, if the conversion to RGB can do that as well.
    fn fused_chroma(&self) -> Option<Upsampling> {
        let [y, cb, cr] = self.components.as_slice() else { return None };
        let fused = cb.upsampling == cr.upsampling
            && y.upsampling == Upsampling::None
            && matches!(
                cb.upsampling,
                Upsampling::None | Upsampling::FancyH2V1 | Upsampling::FancyH2V2
            );
        (fused && self.conversion == Conversion::YccToRgb).then_some(cb.upsampling)
    }

    /// Upsampling of chroma and conversion to RGB in one.
    fn make_fused_row(&mut self, window: &PlaneWindow, how: Upsampling, y: usize, out: &mut [u8]) {
        let [luma, cb, cr] = &window.planes[..] else { unreachable!("three components") };
        let (near, far) = near_and_far(y);
        let chroma = match how {
            Upsampling::FancyH2V1 => {
                ChromaRows::FancyH2V1 { cb: cb.row(y as isize), cr: cr.row(y as isize) }
            }
            Upsampling::FancyH2V2 => ChromaRows::FancyH2V2 {
                cb: [cb.row(near), cb.row(far)],
                cr: [cr.row(near), cr.row(far)],
            },
            _ => ChromaRows::Full { cb: cb.row(y as isize), cr: cr.row(y as isize) },
        };
        let luma = &luma.padded_row(y)[..self.width];
        color::chroma_to_rgb(self.level, luma, chroma, &mut self.scratch, out);
    }

    /// Writes row `y` of the picture to `out`.
    pub(super) fn make_row(&mut self, window: &PlaneWindow, y: usize, out: &mut [u8]) {
        if let Some(how) = self.fused_chroma() {
            return self.make_fused_row(window, how, y, out);
        }
        let level = self.level;
        let parts = self.components.iter().zip(&window.planes).zip(&mut self.upsampled);
        for ((component, plane), row) in parts {
            upsample_row(level, component, plane, y, row);
        }
        let row = |index: usize| match self.components[index].upsampling {
            Upsampling::None => &window.planes[index].padded_row(y)[..self.width],
            _ => &self.upsampled[index],
        };
        match self.conversion {
            Conversion::Luma => out.copy_from_slice(row(0)),
            Conversion::RgbToGray => color::rgb_to_grey(row(0), row(1), row(2), out),
            Conversion::YccToRgb => {
                let chroma = ChromaRows::Full { cb: row(1), cr: row(2) };
                color::chroma_to_rgb(level, row(0), chroma, &mut self.scratch, out);
            }
            Conversion::Interleave => color::interleave(level, [row(0), row(1), row(2)], out),
            Conversion::InvertedCmyk => {
                color::interleave(level, [row(0), row(1), row(2), row(3)], out);
                color::invert(out);
            }
            Conversion::InvertedYcck => {
                color::ycck_to_cmyk(row(0), row(1), row(2), row(3), out);
                color::invert(out);
            }
        }
    }
}

/// Row `y` of the picture from the samples of one component.
fn upsample_row(
    level: Level,
    component: &ScaledComponent,
    plane: &Plane,
    y: usize,
    out: &mut [u8],
) {
    let (near, far) = near_and_far(y);
    let half = if far < near { Half::Upper } else { Half::Lower };
    match component.upsampling {
        Upsampling::None | Upsampling::Fractional => {}
        Upsampling::FancyH2V1 => upsample::fancy_h2v1(level, plane.row(y as isize), out),
        Upsampling::FancyH1V2 => {
            upsample::fancy_h1v2(level, plane.row(near), plane.row(far), half, out);
        }
        Upsampling::FancyH2V2 => {
            upsample::fancy_h2v2(level, plane.row(near), plane.row(far), out);
        }
        Upsampling::Replicate { h, v } => upsample::replicate(plane.padded_row(y / v), h, out),
    }
}

/// The nearer and the further of the two rows, half as many as those of the picture, between
/// which row `y` lies.
fn near_and_far(y: usize) -> (isize, isize) {
    let near = y as isize / 2;
    (near, if y.is_multiple_of(2) { near - 1 } else { near + 1 })
}
