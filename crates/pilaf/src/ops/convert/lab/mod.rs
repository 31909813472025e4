//! Between sRGB and CIE L\*a\*b\*, with the numbers of LittleCMS 2.19, which Pillow converts with.
//!
//! ```text
//! colorants, curve ──> exact conversion of 33³ nodes ──> grid ──> pixels between the nodes
//!     srgb                       nodes                             grid
//! ```
//!
//! LittleCMS joins two of its built-in profiles, sRGB and Lab, into a pipeline of curves, a matrix
//! and the formulas of CIE 15. For pixels of 8 bits it evaluates that only at the nodes of a grid,
//! with numbers of 16 bits, and takes tetrahedral interpolation for all others; so does this. It
//! computes with `float` between the stages and with `double` within them, and so does this: each
//! narrowing is one of its own.
//!
//! Of the profiles themselves, which Pillow leaves in `info`, [`profile`] has the bytes.

mod grid;
mod nodes;
mod profile;
mod srgb;

pub use profile::{lab_profile, srgb_profile};

use std::sync::OnceLock;

use super::map;
use crate::error::Result;
use crate::image::{Image, Mode};
use grid::Grid;

/// From RGB, RGBA or RGBX, of `N` bytes a pixel.
pub(super) fn from_rgb<const N: usize>(image: &Image) -> Result<Image> {
    static GRID: OnceLock<Grid> = OnceLock::new();
    let grid = GRID.get_or_init(|| Grid::of(nodes::lab_of_rgb()));
    map(
        image,
        Mode::Lab,
        #[inline(always)]
        |p: &[u8; N]| grid.at([p[0], p[1], p[2]]),
    )
}

/// To RGB, RGBA or RGBX; `None` for other modes.
pub(super) fn to_rgb(image: &Image, mode: Mode) -> Option<Result<Image>> {
    static GRID: OnceLock<Grid> = OnceLock::new();
    let grid = || GRID.get_or_init(|| Grid::of(nodes::rgb_of_lab()));
    match mode {
        Mode::Rgb => {
            let grid = grid();
            Some(map(
                image,
                mode,
                #[inline(always)]
                |&p| grid.at(p),
            ))
        }
        Mode::Rgba | Mode::Rgbx => {
            let grid = grid();
            Some(map(
                image,
                mode,
                #[inline(always)]
                |&p| {
                    let [r, g, b] = grid.at(p);
                    [r, g, b, 255]
                },
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(from: Mode, pixels: &[u8], to: Mode) -> Vec<u8> {
        let size = ((pixels.len() / from.pixel_bytes()) as u32, 1);
        Image::from_raw(from, size, pixels.to_vec()).unwrap().convert(to).unwrap().into_bytes()
    }

    /// The ends of the axes, and a colour that Pillow 13 gave these numbers for.
    #[test]
    fn known_colors() {
        assert_eq!(converted(Mode::Rgb, &[0, 0, 0], Mode::Lab), [0, 128, 128]);
        assert_eq!(converted(Mode::Rgb, &[255, 255, 255], Mode::Lab), [255, 128, 128]);
        assert_eq!(converted(Mode::Rgb, &[200, 100, 50], Mode::Lab), [138, 166, 174]);
        assert_eq!(converted(Mode::Lab, &[138, 166, 174], Mode::Rgb), [199, 100, 50]);
        assert_eq!(converted(Mode::Lab, &[138, 166, 174], Mode::Rgba), [199, 100, 50, 255]);
        assert_eq!(converted(Mode::Rgba, &[200, 100, 50, 7], Mode::Lab), [138, 166, 174]);
    }

    /// Much at the border of the gamut, where the grid is coarse, but little as a rule.
    #[test]
    fn there_and_back_changes_little() {
        let colors: Vec<u8> = (0..4096_u32)
            .flat_map(|at| [at & 15, at >> 4 & 15, at >> 8].map(|step| step as u8 * 17))
            .collect();
        let there = converted(Mode::Rgb, &colors, Mode::Lab);
        let back = converted(Mode::Lab, &there, Mode::Rgb);
        let changes = colors.iter().zip(&back).map(|(a, b)| u64::from(a.abs_diff(*b)));
        assert!(changes.clone().sum::<u64>() < 2 * colors.len() as u64);
        assert!(changes.max().unwrap() < 64);
    }
}
