//! Colour tables of the modes `P` and `PA`.

use crate::error::{Error, Result};

/// What the four bytes of an entry of a [`Palette`] mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaletteMode {
    /// Red, green, blue; every entry is opaque.
    Rgb,
    /// Red, green, blue, alpha.
    Rgba,
    /// Cyan, magenta, yellow, black.
    Cmyk,
}

impl PaletteMode {
    /// Pillow's name: `RGB`, `RGBA` or `CMYK`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rgb => "RGB",
            Self::Rgba => "RGBA",
            Self::Cmyk => "CMYK",
        }
    }

    /// Bytes of an entry in a file or in Python: 3 or 4.
    pub fn bands(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }
}

/// A table of 256 colours, the first [`len`](Palette::len) of which are in use.
///
/// As in Pillow, a pixel may hold an index past the end: such an entry is opaque black until
/// [`set_alphas`](Palette::set_alphas) changes its alpha.
#[derive(Clone, PartialEq, Eq)]
pub struct Palette {
    mode: PaletteMode,
    /// Invariant: at most 256.
    len: usize,
    entries: Box<[[u8; 4]; 256]>,
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
        let mut palette = Self { mode, len: colors.len(), ..Self::empty() };
        palette.entries[..colors.len()].copy_from_slice(&colors);
        Ok(palette)
    }

    /// A palette without colours: what a new image has.
    pub fn empty() -> Self {
        Self { mode: PaletteMode::Rgb, len: 0, entries: Box::new([[0, 0, 0, 255]; 256]) }
    }

    /// The 256 greys from black to white.
    pub fn grey_ramp() -> Self {
        let entries = Box::new(std::array::from_fn(|i| [i as u8, i as u8, i as u8, 255]));
        Self { mode: PaletteMode::Rgb, len: 256, entries }
    }

    /// Pillow's `WEB` palette: ten black entries, then the colours whose red, green and blue are
    /// multiples of 51, red fastest; 226 in all.
    pub fn web() -> Self {
        let level = |i: usize| (i % 6 * 51) as u8;
        let mut palette = Self { len: 226, ..Self::empty() };
        for i in 0..216 {
            palette.entries[10 + i] = [level(i), level(i / 6), level(i / 36), 255];
        }
        palette
    }

    /// What the bytes of entries mean.
    pub fn mode(&self) -> PaletteMode {
        self.mode
    }

    /// How many colours it has: at most 256.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has no colours.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The colours.
    pub fn colors(&self) -> &[[u8; 4]] {
        &self.entries[..self.len]
    }

    /// The entry of every index, those past the end too.
    pub fn entries(&self) -> &[[u8; 4]; 256] {
        &self.entries
    }

    /// The entry of an index.
    pub fn color(&self, index: u8) -> [u8; 4] {
        self.entries[usize::from(index)]
    }

    /// Changes the alphas of entries from `first` on, which makes it a palette of mode
    /// [`Rgba`](PaletteMode::Rgba). Alphas past entry 255 are ignored.
    pub fn set_alphas(&mut self, first: u8, alphas: &[u8]) {
        self.mode = PaletteMode::Rgba;
        let entries = &mut self.entries[usize::from(first)..];
        entries.iter_mut().zip(alphas).for_each(|(entry, &alpha)| entry[3] = alpha);
    }
}

impl std::fmt::Debug for Palette {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Palette({:?}, {} colours)", self.mode, self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_past_the_end_are_opaque_black() {
        let palette = Palette::new(PaletteMode::Rgba, vec![[1, 2, 3, 4]]).unwrap();
        assert_eq!(palette.colors(), [[1, 2, 3, 4]]);
        assert_eq!(palette.color(1), [0, 0, 0, 255]);
        assert!(Palette::new(PaletteMode::Rgb, vec![[0; 4]; 257]).is_err());
    }

    #[test]
    fn the_web_palette_has_red_fastest() {
        let web = Palette::web();
        assert_eq!(web.len(), 226);
        assert_eq!(web.color(9), [0, 0, 0, 255]);
        assert_eq!(web.color(11), [51, 0, 0, 255]);
        assert_eq!(web.color(225), [255, 255, 255, 255]);
    }
}
