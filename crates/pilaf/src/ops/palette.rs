//! Palettes as bytes of the outside world.

use super::raw::{RowOrder, unpacked_bits};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Palette, PaletteMode};

/// The mode of pixels that look like entries.
fn pixels(mode: PaletteMode) -> Mode {
    match mode {
        PaletteMode::Rgb => Mode::Rgb,
        PaletteMode::Rgba => Mode::Rgba,
        PaletteMode::Cmyk => Mode::Cmyk,
    }
}

impl Palette {
    /// A palette of the entries in `data`, in the raw mode `raw`.
    ///
    /// ```
    /// use pilaf::{Palette, PaletteMode};
    ///
    /// let palette = Palette::unpack(PaletteMode::Rgb, "BGR", &[1, 2, 3])?;
    /// assert_eq!(palette.colors(), [[3, 2, 1, 255]]);
    /// assert_eq!(palette.pack(PaletteMode::Rgb, "RGB")?, [3, 2, 1]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a raw mode that entries do not have, and for
    /// more than 256 entries.
    pub fn unpack(mode: PaletteMode, raw: &str, data: &[u8]) -> Result<Self> {
        let bits = unpacked_bits(pixels(mode), raw).ok_or_else(unrecognized)?;
        let entries = data.len() * 8 / bits;
        if entries > 256 {
            return Err(Error::parameter("invalid palette size"));
        }
        let blank: &[u8] = if mode == PaletteMode::Rgb { &[0; 3] } else { &[0, 0, 0, 255] };
        let mut image = Image::filled(pixels(mode), (entries as u32, 1), blank)?;
        image.unpack(raw, data, RowOrder::default())?;
        let color = |entry: &[u8]| [entry[0], entry[1], entry[2], *entry.get(3).unwrap_or(&255)];
        let colors = image.as_bytes().chunks_exact(mode.bands()).map(color).collect();
        Self::new(mode, colors)
    }

    /// The entries in the raw mode `raw`, taken for entries of `mode`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a raw mode that entries of `mode` do not
    /// have.
    pub fn pack(&self, mode: PaletteMode, raw: &str) -> Result<Vec<u8>> {
        let bytes = self.colors().iter().flat_map(|color| &color[..mode.bands()]).copied();
        let image = Image::from_raw(pixels(mode), (self.len() as u32, 1), bytes.collect())?;
        image.pack(raw, RowOrder::default()).map_err(|_| unrecognized())
    }
}

fn unrecognized() -> Error {
    Error::parameter("unrecognized raw mode")
}
