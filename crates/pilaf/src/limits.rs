//! What an input may cost, and the one place where sizes are multiplied.

use crate::error::{Error, Result};

/// Bounds on what one call may spend on one input.
///
/// A value that travels with the call, never a process-wide setting: an upload handler and a
/// maintenance script in one process can have different ones. [`Limits::default`] is safe for
/// hostile input on an ordinary server.
///
/// ```
/// use pilaf::{ErrorKind, Limits, OpenOptions};
///
/// # let jpeg = pilaf::Image::new(pilaf::Mode::Rgb, (64, 64))?
/// #     .encode(pilaf::Format::Jpeg, &Default::default())?;
/// let strict = Limits { max_pixels: 1000, ..Limits::default() };
/// let error = OpenOptions::new().limits(strict).open(&jpeg).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Limit);
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of one frame. Default: 178 956 970, at which Pillow raises its
    /// `DecompressionBombError` (a quarter of a GiB of 24-bit pixels, times two).
    pub max_pixels: u64,
    /// Bytes of memory for any one decoded image and its working buffers. Default: 1 GiB.
    pub max_bytes: u64,
    /// Bytes of the encoded input. Default: 1 GiB.
    pub max_input_bytes: u64,
    /// Frames of an animation. Default: 10 000.
    pub max_frames: u32,
    /// Scans of a progressive JPEG. Default: 500, which ends small files that would decode for
    /// minutes (libjpeg-turbo's `djpeg -maxscans` names 500 for the same purpose).
    pub max_scans: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: 178_956_970,
            max_bytes: 1 << 30,
            max_input_bytes: 1 << 30,
            max_frames: 10_000,
            max_scans: 500,
        }
    }
}

impl Limits {
    /// No bound but those of the machine. For input that you made yourself.
    pub fn none() -> Self {
        Self {
            max_pixels: u64::MAX,
            max_bytes: u64::MAX,
            max_input_bytes: u64::MAX,
            max_frames: u32::MAX,
            max_scans: u32::MAX,
        }
    }

    /// Checks the dimensions that a header states, before anything is allocated for them.
    pub fn check_size(&self, width: u32, height: u32) -> Result<()> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels <= self.max_pixels {
            return Ok(());
        }
        Err(Error::limit(format!(
            "the image states {width}x{height} = {pixels} pixels, more than the limit of {}",
            self.max_pixels
        ))
        .with_help("raise Limits::max_pixels if you trust where it came from"))
    }

    /// The bytes of `width * height` pixels of `pixel_bytes` each, if the limits allow them.
    pub fn image_bytes(&self, width: u32, height: u32, pixel_bytes: usize) -> Result<usize> {
        self.check_size(width, height)?;
        let bytes = image_bytes(width, height, pixel_bytes)?;
        self.check_bytes(bytes as u64)?;
        Ok(bytes)
    }

    /// Checks the size of an image to be made, of pixels of `pixel_bytes` each.
    pub(crate) fn check_target(
        &self,
        (width, height): (u32, u32),
        pixel_bytes: usize,
    ) -> Result<()> {
        let pixels = u64::from(width) * u64::from(height);
        let over = |what: String, limit, name| {
            let text =
                format!("a target of {width}x{height} has {what}, more than the limit of {limit}");
            Err(Error::limit(text)
                .with_help(format!("ask for a smaller one, or raise Limits::{name}")))
        };
        if pixels > self.max_pixels {
            return over(format!("{pixels} pixels"), self.max_pixels, "max_pixels");
        }
        let bytes = image_bytes(width, height, pixel_bytes)? as u64;
        if bytes > self.max_bytes {
            return over(format!("{bytes} bytes"), self.max_bytes, "max_bytes");
        }
        Ok(())
    }

    /// Checks an amount of working memory.
    pub fn check_bytes(&self, bytes: u64) -> Result<()> {
        if bytes <= self.max_bytes {
            return Ok(());
        }
        Err(Error::limit(format!(
            "decoding needs {bytes} bytes of memory, more than the limit of {}",
            self.max_bytes
        ))
        .with_help("raise Limits::max_bytes if you trust where it came from"))
    }

    /// Checks the length of the encoded input.
    pub fn check_input(&self, bytes: u64) -> Result<()> {
        if bytes <= self.max_input_bytes {
            return Ok(());
        }
        Err(Error::limit(format!(
            "the input has {bytes} bytes or more, over the limit of {}",
            self.max_input_bytes
        ))
        .with_help("raise Limits::max_input_bytes if you trust where it came from"))
    }
}

/// The bytes of `width * height` pixels of `pixel_bytes` each.
///
/// All allocation sizes of the crate come from here.
///
/// # Errors
///
/// [`ErrorKind::Memory`](crate::ErrorKind::Memory) when the product does not fit `isize`, the
/// most that any allocation may have.
pub(crate) fn image_bytes(width: u32, height: u32, pixel_bytes: usize) -> Result<usize> {
    (width as usize)
        .checked_mul(height as usize)
        .and_then(|pixels| pixels.checked_mul(pixel_bytes))
        .filter(|&bytes| isize::try_from(bytes).is_ok())
        .ok_or_else(|| {
            Error::memory(format!("{width}x{height} pixels of {pixel_bytes} bytes overflow memory"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn targets_are_called_targets() {
        let limits = Limits { max_pixels: 100, max_bytes: 300, ..Limits::default() };
        assert!(limits.check_target((10, 10), 3).is_ok());
        let refusal = |size, pixel_bytes| {
            let error = limits.check_target(size, pixel_bytes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Limit);
            error.to_string()
        };
        let pixels = refusal((10, 11), 1);
        assert!(pixels.starts_with("a target of 10x11 has 110 pixels, more than the limit of 100"));
        let bytes = refusal((10, 10), 4);
        assert!(bytes.starts_with("a target of 10x10 has 400 bytes, more than the limit of 300"));
        assert!(bytes.ends_with("raise Limits::max_bytes"));
    }

    #[test]
    fn products_that_overflow_are_memory_errors() {
        assert_eq!(image_bytes(3, 5, 4).unwrap(), 60);
        assert_eq!(image_bytes(0, u32::MAX, 4).unwrap(), 0);
        let error = image_bytes(u32::MAX, u32::MAX, 16).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Memory);
    }

    #[test]
    fn the_default_refuses_what_pillow_refuses() {
        assert!(Limits::default().check_size(13_377, 13_377).is_ok());
        assert!(Limits::default().check_size(60_000, 60_000).is_err());
        assert!(Limits::none().check_size(60_000, 60_000).is_ok());
    }
}
