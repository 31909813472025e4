//! Pixels in memory: [`Image`], its [`Mode`], its [`Palette`]. Data, no algorithms.

mod bits;
pub(crate) mod buffer;
mod mode;
mod palette;

pub use mode::{Mode, Sample};
pub use palette::{Palette, PaletteMode};

use crate::error::{Error, Result};
use crate::limits::image_bytes;

/// A decoded picture: packed pixels, row after row from the top, no padding.
///
/// RGB is three bytes a pixel (Pillow holds four), so that a buffer can go to numpy, Arrow or a
/// network without a copy. Mode `1` is a byte a pixel, 0 or 255, as in Pillow's memory.
///
/// ```
/// use pilaf::{Image, Mode};
///
/// let image = Image::from_raw(Mode::Rgb, (2, 1), vec![255, 0, 0, 0, 0, 255])?;
/// assert_eq!(image.size(), (2, 1));
/// assert_eq!(image.row(0)[..3], [255, 0, 0]);
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    mode: Mode,
    width: u32,
    height: u32,
    /// Invariant: exactly `width * height * mode.pixel_bytes()` bytes.
    data: Vec<u8>,
    /// Invariant: present exactly if the mode [has a palette](Mode::has_palette).
    palette: Option<Palette>,
}

impl Image {
    /// An image of zeros: black, or transparent where the mode has alpha. A palette mode starts
    /// with an empty palette.
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn new(mode: Mode, size: (u32, u32)) -> Result<Self> {
        let bytes = image_bytes(size.0, size.1, mode.pixel_bytes())?;
        Self::from_raw(mode, size, buffer::zeros(bytes)?)
    }

    /// An image of one colour: every pixel is `pixel`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when `pixel` is not
    /// [`Mode::pixel_bytes`] long; [`Memory`](crate::ErrorKind::Memory) when there is not as much
    /// memory.
    pub fn filled(mode: Mode, size: (u32, u32), pixel: &[u8]) -> Result<Self> {
        if pixel.len() != mode.pixel_bytes() {
            return Err(Error::parameter(format!(
                "a pixel of mode {mode} is {} bytes, not {}",
                mode.pixel_bytes(),
                pixel.len()
            )));
        }
        let bytes = image_bytes(size.0, size.1, mode.pixel_bytes())?;
        let pixels = bytes / pixel.len();
        let data = match *pixel {
            [0, ref rest @ ..] if rest.iter().all(|&byte| byte == 0) => buffer::zeros(bytes)?,
            [a] => buffer::repeated(a, pixels)?,
            [a, b] => buffer::repeated([a, b], pixels)?.into_flattened(),
            [a, b, c] => {
                // Copies of a line are made faster than pixels of three bytes.
                let line = [[a, b, c]; 1024];
                let mut data = buffer::room(pixels)?;
                while data.len() < pixels {
                    data.extend_from_slice(&line[..line.len().min(pixels - data.len())]);
                }
                data.into_flattened()
            }
            _ => {
                buffer::repeated([pixel[0], pixel[1], pixel[2], pixel[3]], pixels)?.into_flattened()
            }
        };
        Self::from_raw(mode, size, data)
    }

    /// A copy, as [`clone`](Clone::clone), which aborts the process when memory runs out.
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
    pub fn try_clone(&self) -> Result<Self> {
        let data = buffer::copied(&self.data)?;
        Ok(Self { data, palette: self.palette.clone(), ..*self })
    }

    /// An image of the given packed pixels.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when `data` is not exactly as long as `size`
    /// and `mode` say.
    pub fn from_raw(mode: Mode, size: (u32, u32), data: Vec<u8>) -> Result<Self> {
        let (width, height) = size;
        let bytes = image_bytes(width, height, mode.pixel_bytes())?;
        if data.len() != bytes {
            return Err(Error::parameter(format!(
                "{width}x{height} pixels of mode {mode} are {bytes} bytes, not {}",
                data.len()
            )));
        }
        let palette = mode.has_palette().then(Palette::empty);
        Ok(Self { mode, width, height, data, palette })
    }

    /// The same pixels with another palette.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for a mode without a palette.
    pub fn with_palette(mut self, palette: Palette) -> Result<Self> {
        if !self.mode.has_palette() {
            return Err(Error::parameter(format!("mode {} has no palette", self.mode)));
        }
        self.palette = Some(palette);
        Ok(self)
    }

    /// Gives the image a palette; `L` becomes `P` and `LA` becomes `PA` thereby.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for other modes.
    pub fn set_palette(&mut self, palette: Palette) -> Result<()> {
        self.mode = match self.mode {
            Mode::L | Mode::P => Mode::P,
            Mode::La | Mode::Pa => Mode::Pa,
            _ => return Err(Error::parameter("image has wrong mode")),
        };
        self.palette = Some(palette);
        Ok(())
    }

    /// The same bytes under another mode whose pixels have the same layout.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when the pixel sizes differ.
    pub fn reinterpret(self, mode: Mode) -> Result<Self> {
        if mode.pixel_bytes() != self.mode.pixel_bytes() {
            return Err(Error::parameter(format!("{} pixels are not {mode} pixels", self.mode)));
        }
        let palette = mode.has_palette().then(|| self.palette.unwrap_or_else(Palette::empty));
        Ok(Self { mode, palette, ..self })
    }

    /// What a pixel is made of.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The palette of a `P` or `PA` image.
    pub fn palette(&self) -> Option<&Palette> {
        self.palette.as_ref()
    }

    /// The palette of a `P` or `PA` image, to be changed in place.
    pub fn palette_mut(&mut self) -> Option<&mut Palette> {
        self.palette.as_mut()
    }

    /// Bytes from one row to the next: `width * mode.pixel_bytes()`.
    pub fn row_bytes(&self) -> usize {
        self.width as usize * self.mode.pixel_bytes()
    }

    /// All pixels, packed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.data
    }

    /// All pixels, packed, to be changed in place.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// The bytes that there is room for without asking for more memory.
    pub(crate) fn capacity(&self) -> usize {
        self.data.capacity()
    }

    /// The pixel buffer itself.
    pub fn into_bytes(self) -> Vec<u8> {
        self.data
    }

    /// The pixels of row `y`.
    ///
    /// # Panics
    ///
    /// When `y` is not below the height.
    pub fn row(&self, y: u32) -> &[u8] {
        assert!(y < self.height, "row {y} of an image of {} rows", self.height);
        let bytes = self.row_bytes();
        &self.data[y as usize * bytes..][..bytes]
    }

    /// The pixels of row `y`, to be changed in place.
    ///
    /// # Panics
    ///
    /// When `y` is not below the height.
    pub fn row_mut(&mut self, y: u32) -> &mut [u8] {
        assert!(y < self.height, "row {y} of an image of {} rows", self.height);
        let bytes = self.row_bytes();
        &mut self.data[y as usize * bytes..][..bytes]
    }

    /// The rows from the top. An image without pixels has none.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        self.data.chunks_exact(self.row_bytes().max(1))
    }

    /// The rows from the top, to be changed in place.
    pub fn rows_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut [u8]> + ExactSizeIterator {
        let bytes = self.row_bytes().max(1);
        self.data.chunks_exact_mut(bytes)
    }
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({}, {}x{})", self.mode, self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_must_fit_the_size() {
        assert!(Image::from_raw(Mode::Rgb, (2, 2), vec![0; 12]).is_ok());
        let error = Image::from_raw(Mode::Rgb, (2, 2), vec![0; 11]).unwrap_err();
        assert_eq!(error.to_string(), "2x2 pixels of mode RGB are 12 bytes, not 11");
    }

    #[test]
    fn images_without_pixels_have_no_rows() {
        for size in [(0, 0), (0, 5), (5, 0)] {
            let image = Image::new(Mode::L, size).unwrap();
            assert_eq!(image.rows().len(), 0, "{size:?}");
        }
    }

    #[test]
    fn palette_modes_always_have_a_palette() {
        assert!(Image::new(Mode::P, (1, 1)).unwrap().palette().is_some());
        let grey = Image::new(Mode::L, (1, 1)).unwrap();
        assert!(grey.palette().is_none());
        assert!(grey.clone().with_palette(Palette::grey_ramp()).is_err());
        assert!(grey.reinterpret(Mode::P).unwrap().palette().is_some());
    }
}
