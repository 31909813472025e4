//! Fewer colours: a palette made for the image.
//!
//! ```text
//! median_cut    boxes of colours, split at the median of the longest side (Heckbert 1982)
//! max_coverage  the colours that are farthest from all that were taken before
//! octree        the fullest cells of a fine grid, those of a coarse one for the rest
//! k_means       moves the colours of the first two to the middle of their pixels
//! ```
//!
//! All work on the distinct colours of the image and how often they occur; the numbers, and the
//! order in which ties are broken, are Pillow 13's.

mod colors;
mod k_means;
mod max_coverage;
mod median_cut;
mod nearest;
mod octree;

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Palette, PaletteMode};
use colors::Colors;

/// How the colours of a palette are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QuantizeMethod {
    /// Median cut.
    #[default]
    MedianCut,
    /// Maximum coverage.
    MaxCoverage,
    /// Fast octree, which takes alpha into account.
    FastOctree,
}

/// Palette entries, and which of them each distinct colour takes.
struct Quantized {
    entries: Vec<[u8; 4]>,
    indices: Vec<u8>,
}

impl Image {
    /// The image in mode `P` with a palette of at most `colors` entries made for it. Pillow's
    /// `quantize`.
    ///
    /// `k_means`: after median cut and maximum coverage, entries are moved to the mean of their
    /// pixels until fewer than this many pixels change their entry; 0 leaves this out.
    ///
    /// ```
    /// use pilaf::ops::QuantizeMethod;
    /// use pilaf::{Image, Mode};
    ///
    /// let image = Image::from_raw(Mode::L, (4, 1), vec![10, 10, 200, 200])?;
    /// let out = image.quantize(2, QuantizeMethod::MedianCut, 0)?;
    /// assert_eq!(out.palette().unwrap().colors()[0], [200, 200, 200, 255]);
    /// assert_eq!(out.as_bytes(), [1, 1, 0, 0]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for modes but `L`, `P`, `RGB` and, with the
    /// octree, `RGBA`, and unless `colors` is 1 to 256.
    pub fn quantize(&self, colors: usize, method: QuantizeMethod, k_means: u32) -> Result<Self> {
        if self.as_bytes().is_empty() {
            return Image::new(Mode::P, self.size());
        }
        if !(1..=256).contains(&colors) {
            return Err(Error::parameter("bad number of colors"));
        }
        let has_alpha = self.mode() == Mode::Rgba;
        let fits = matches!(self.mode(), Mode::L | Mode::P | Mode::Rgb)
            || has_alpha && method == QuantizeMethod::FastOctree;
        if !fits {
            return Err(Error::parameter("image has wrong mode"));
        }
        let found = Colors::of(self);
        let quantized = match method {
            QuantizeMethod::MedianCut => median_cut::quantize(&found, colors, k_means),
            QuantizeMethod::MaxCoverage => max_coverage::quantize(&found, colors, k_means),
            QuantizeMethod::FastOctree => octree::quantize(&found, colors, has_alpha),
        };
        let mode = if has_alpha { PaletteMode::Rgba } else { PaletteMode::Rgb };
        let pixels = found.pixels.iter().map(|&id| quantized.indices[id as usize]).collect();
        Image::from_raw(Mode::P, self.size(), pixels)?
            .with_palette(Palette::new(mode, quantized.entries)?)
    }
}
