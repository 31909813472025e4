//! Colour tables of the modes `P` and `PA`.

use crate::error::{Error, Result};

/// Whether the entries of a [`Palette`] carry an alpha of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaletteMode {
    /// Three bytes an entry in files; every entry is opaque.
    Rgb,
    /// Four bytes an entry.
    Rgba,
}

/// Up to 256 colours.
#[derive(Clone, PartialEq, Eq)]
pub struct Palette {
    mode: PaletteMode,
    /// Invariant: at most 256 entries; alpha is 255 throughout in mode RGB.
    colors: Vec<[u8; 4]>,
}

impl Palette {
    /// A palette of the given colours (red, green, blue, alpha).
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for more than 256 colours.
    pub fn new(mode: PaletteMode, mut colors: Vec<[u8; 4]>) -> Result<Self> {
        if colors.len() > 256 {
            return Err(Error::parameter(format!(
                "a palette has at most 256 colours, not {}",
                colors.len()
            )));
        }
        if mode == PaletteMode::Rgb {
            colors.iter_mut().for_each(|color| color[3] = 255);
        }
        Ok(Self { mode, colors })
    }

    /// The 256 greys from black to white.
    pub fn grey_ramp() -> Self {
        let colors = (0..=255).map(|v| [v, v, v, 255]).collect();
        Self { mode: PaletteMode::Rgb, colors }
    }

    /// Whether entries have alpha.
    pub fn mode(&self) -> PaletteMode {
        self.mode
    }

    /// The entries, at most 256.
    pub fn colors(&self) -> &[[u8; 4]] {
        &self.colors
    }

    /// The colour of an index. Past the end: opaque black, as in Pillow.
    pub fn color(&self, index: u8) -> [u8; 4] {
        self.colors.get(usize::from(index)).copied().unwrap_or([0, 0, 0, 255])
    }
}

impl std::fmt::Debug for Palette {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Palette({:?}, {} colours)", self.mode, self.colors.len())
    }
}
