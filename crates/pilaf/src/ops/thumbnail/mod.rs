//! Bytes in, smaller bytes out.

mod jpeg;
mod lanes;

use std::num::NonZeroUsize;

use crate::error::Result;
use crate::formats::{EncodeOptions, Format, Info, Orientation};
use crate::image::{Image, Mode};
use crate::io::Source;
use crate::jpeg::read_header;
use crate::limits::Limits;
use crate::resample::{Filter, Profile, ResizeOptions};

use super::flatten::{to_continuous, to_writable};
use super::geometry::{Geometry, Placement};
use super::open::{ImageFile, OpenOptions};

/// A recipe: what [`thumbnail`] makes of an image. A value that can be kept and used by many
/// threads.
///
/// ```
/// use pilaf::{Filter, Format, Thumbnail};
///
/// let avatar = Thumbnail::cover(128, 128).format(Format::Png).filter(Filter::Bicubic);
/// let preview = Thumbnail::fit(720, 0); // 720 wide, as high as it comes, format kept
/// # let _ = (avatar, preview);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Thumbnail {
    size: (u32, u32),
    geometry: Geometry,
    /// All but the source, which depends on the image.
    resize: ResizeOptions,
    enlarge: bool,
    upright: bool,
    exact: bool,
    background: [u8; 3],
    format: Option<Format>,
    encode: EncodeOptions,
    limits: Limits,
}

impl Thumbnail {
    /// All of the image inside `width` by `height` pixels, proportions kept. A side of 0 is free.
    pub fn fit(width: u32, height: u32) -> Self {
        Self::new(width, height, Geometry::Fit)
    }

    /// All of the image stretched to exactly `width` by `height` pixels.
    pub fn fill(width: u32, height: u32) -> Self {
        Self::new(width, height, Geometry::Fill)
    }

    /// Exactly `width` by `height` pixels, proportions kept, what overhangs cut off.
    pub fn cover(width: u32, height: u32) -> Self {
        Self::new(width, height, Geometry::Cover)
    }

    /// A box of `width` by `height` pixels and how to fill it.
    pub fn new(width: u32, height: u32, geometry: Geometry) -> Self {
        Self {
            size: (width, height),
            geometry,
            resize: ResizeOptions::new(Filter::Lanczos),
            enlarge: false,
            upright: true,
            exact: false,
            background: [255; 3],
            format: None,
            encode: EncodeOptions::default(),
            limits: Limits::default(),
        }
    }

    /// The filter to resize with. Default: [`Filter::Lanczos`].
    pub fn filter(mut self, filter: Filter) -> Self {
        self.resize.filter = filter;
        self
    }

    /// Whether light is averaged instead of samples: see
    /// [`ResizeOptions::linear_light`](crate::ResizeOptions). Default: no. Pixels are then exact.
    pub fn linear_light(mut self, linear_light: bool) -> Self {
        self.resize.linear_light = linear_light;
        self
    }

    /// The library whose pixels to give. Default: Pillow. Pixels of another are exact, and what a
    /// cover cuts off is rounded to whole pixels.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.resize.profile = profile;
        self
    }

    /// Threads that work on one large image. Default: this one alone. A JPEG that is resized while
    /// it is decoded uses two at most, one to decode and one to resize: if it is exact, or the
    /// decoder does not shrink it. The bytes do not depend on it.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.resize.threads = Some(threads);
        self
    }

    /// Whether an image smaller than the box is enlarged. Default: no; with
    /// [`Geometry::Fill`] and [`Geometry::Cover`] the box is met in any case.
    pub fn enlarge(mut self, enlarge: bool) -> Self {
        self.enlarge = enlarge;
        self
    }

    /// Whether the picture is turned as its EXIF orientation says. Default: yes.
    pub fn upright(mut self, upright: bool) -> Self {
        self.upright = upright;
        self
    }

    /// Whether pixels are to be those of [`Image::resize`] from the whole decoded image. Default:
    /// no; a JPEG's planes are then resized each from its own resolution, which is faster and
    /// close (above 45 dB). Other formats are exact in any case.
    pub fn exact(mut self, exact: bool) -> Self {
        self.exact = exact;
        self
    }

    /// The colour under transparent pixels where the format has no alpha. Default: white.
    pub fn background(mut self, red: u8, green: u8, blue: u8) -> Self {
        self.background = [red, green, blue];
        self
    }

    /// The format to write. Default: that of the source.
    pub fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// JPEG quality, 1 to 100. Default: 75.
    pub fn quality(mut self, quality: u8) -> Self {
        self.encode.quality = quality;
        self
    }

    /// All options of the encoder. An ICC profile is carried over from the source unless one is
    /// given here or the colours change their space; other metadata is left behind.
    pub fn encode_options(mut self, options: EncodeOptions) -> Self {
        self.encode = options;
        self
    }

    /// Bounds on what one image may cost, in place of [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The pixels alone: decoded, resized and turned upright, in a mode `format` can hold.
    fn render(&self, file: ImageFile<'_>, format: Format) -> Result<Image> {
        let Info { orientation, .. } = *file.info();
        let orientation = if self.upright { orientation } else { Orientation::Normal };
        let placement = self.place(file.info().size(), orientation)?;
        let image = match file.info().format {
            Format::Jpeg if self.streams() => self.shrink_jpeg(file, &placement, format)?,
            _ => self.shrink(file, &placement)?,
        };
        let image = match orientation.transpose() {
            Some(method) => image.transpose(method)?,
            None => image,
        };
        to_writable(image, format, self.background)
    }

    /// Whether pixels are plainly Pillow's, which decoder and resampler make row by row.
    fn streams(&self) -> bool {
        self.resize.profile == Profile::Pillow && !self.resize.linear_light
    }

    /// Decoded whole, then resized.
    fn shrink(&self, file: ImageFile<'_>, placement: &Placement) -> Result<Image> {
        let transparency = file.info().metadata.transparency.clone();
        let image = to_continuous(file.decode()?, transparency.as_ref())?;
        self.limits.check_target(placement.size, image.mode().pixel_bytes())?;
        let (left, top, right, bottom) = placement.source;
        let source = match self.resize.profile {
            Profile::Pillow => placement.source,
            _ => (left.round(), top.round(), right.round(), bottom.round()),
        };
        image.resize_with(placement.size, &self.resize.clone().source(source))
    }

    /// Decoded and resized row by row where that is possible.
    fn shrink_jpeg(
        &self,
        file: ImageFile<'_>,
        placement: &Placement,
        format: Format,
    ) -> Result<Image> {
        self.limits.check_target(placement.size, file.info().mode.pixel_bytes())?;
        let header = read_header(file.bytes(), &self.limits)?;
        let filter = self.resize.filter;
        let threads = self.resize.threads.map_or(1, usize::from);
        if !jpeg::is_for(&header, placement, filter, self.exact) {
            self.shrink(file, placement)
        } else if self.exact {
            jpeg::exact(file, placement, filter, threads)
        } else {
            jpeg::fused(file, &header, placement, filter, threads, format != Format::Jpeg)
        }
    }

    /// Where the pixels go before they are turned upright.
    fn place(&self, source: (u32, u32), orientation: Orientation) -> Result<Placement> {
        let (width, height) = self.size;
        let wanted = if orientation.swaps_axes() { (height, width) } else { (width, height) };
        let placement = self.geometry.place(source, wanted)?;
        let larger = placement.size.0 > source.0 || placement.size.1 > source.1;
        if self.geometry == Geometry::Fit && larger && !self.enlarge {
            return Geometry::Fill.place(source, source);
        }
        Ok(placement)
    }
}

/// Makes a thumbnail in one call: opens, decodes, resizes, turns upright and encodes.
///
/// ```
/// use pilaf::{Format, Thumbnail};
///
/// # let bytes = pilaf::Image::new(pilaf::Mode::Rgb, (1200, 900))?
/// #     .encode(Format::Jpeg, &Default::default())?;
/// let jpeg = pilaf::thumbnail(&bytes, &Thumbnail::fit(300, 300).format(Format::Jpeg).quality(80))?;
/// assert_eq!(pilaf::open(&jpeg)?.info().size(), (300, 225));
/// # Ok::<(), pilaf::Error>(())
/// ```
///
/// # Errors
///
/// Those of [`open`](crate::open), [`ImageFile::decode`] and [`Image::encode`];
/// [`Parameter`](crate::ErrorKind::Parameter) when both sides of the box are 0.
pub fn thumbnail<'a>(source: impl Into<Source<'a>>, recipe: &Thumbnail) -> Result<Vec<u8>> {
    let file = OpenOptions::new().limits(recipe.limits.clone()).open(source)?;
    let format = recipe.format.unwrap_or(file.info().format);
    let (mode, profile) = (file.info().mode, file.info().metadata.icc_profile.clone());
    let image = recipe.render(file, format)?;
    let mut options = recipe.encode.clone();
    // A profile describes one colour space: the CMYK of a JPEG is gone when it became RGB.
    let same_space = (mode == Mode::Cmyk) == (image.mode() == Mode::Cmyk);
    options.icc_profile = options.icc_profile.or(profile.filter(|_| same_space));
    image.encode(format, &options)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two threads give the same bytes and the same errors as one, from a slice and from a reader.
    #[test]
    fn a_second_thread_changes_nothing() {
        let pixel = |i: u32| {
            let (x, y) = (i % 700, i / 700);
            [(x * y / 90) as u8, (x ^ y) as u8, (i * 7 / 3) as u8]
        };
        let data = (0..700 * 500).flat_map(pixel).collect();
        let image = Image::from_raw(Mode::Rgb, (700, 500), data).unwrap();
        let two = NonZeroUsize::new(2).unwrap();
        let mut options = EncodeOptions::default();
        for progressive in [false, true] {
            options.progressive = progressive;
            let sound = image.encode(Format::Jpeg, &options).unwrap();
            let mut broken = sound.clone();
            broken[sound.len() / 2] ^= 0x55;
            let cut = &sound[..sound.len() * 2 / 3];
            for (bytes, exact) in
                [(&sound[..], false), (&sound, true), (&broken, true), (cut, false)]
            {
                for format in [Format::Jpeg, Format::Png] {
                    let recipe = Thumbnail::fit(250, 0).format(format).exact(exact);
                    let both = recipe.clone().threads(two);
                    let text = |made: Result<Vec<u8>>| made.map_err(|error| error.to_string());
                    let wanted = text(thumbnail(bytes, &recipe));
                    assert_eq!(text(thumbnail(bytes, &both)), wanted);
                    assert_eq!(text(thumbnail(Source::stream(bytes), &both)), wanted);
                    assert_eq!(wanted.is_err(), bytes.len() < sound.len());
                }
            }
        }
    }
}
