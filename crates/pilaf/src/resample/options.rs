//! What the caller may choose.

use std::num::NonZeroUsize;

use super::{Filter, Profile};

/// How to resize: a filter, a part of the source, and shortcuts.
///
/// ```
/// use pilaf::resample::ResizeOptions;
/// use pilaf::{Filter, Image, Mode};
///
/// let image = Image::new(Mode::Rgb, (640, 480))?;
/// let options = ResizeOptions::new(Filter::Lanczos).source((0.0, 0.0, 320.5, 240.0));
/// assert_eq!(image.resize_with((64, 48), &options)?.size(), (64, 48));
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ResizeOptions {
    /// How samples are weighted. Modes `1` and `P` always use [`Filter::Nearest`], as in Pillow.
    pub filter: Filter,
    /// The part of the source that becomes the result: left, top, right, bottom in pixels, which
    /// need not be whole. `None` is all of it. Pillow's `box`.
    pub source: Option<(f64, f64, f64, f64)>,
    /// At least 1.0: first [reduce](crate::Image::reduce) by whole factors, as far as leaves the image
    /// this many times larger than wanted. Less exact and faster; from 3.0 on the difference is
    /// hard to see. `None` resamples every pixel.
    pub reducing_gap: Option<f64>,
    /// Threads that work on one image, this one among them; as many as the image is worth.
    /// `None` is this thread alone. Pixels do not depend on it. [`Filter::Nearest`] and the first
    /// step of a gap use one.
    pub threads: Option<NonZeroUsize>,
    /// Whether light is averaged instead of samples: sRGB is taken apart by the curve of
    /// IEC 61966-2-1 and put together again, colour multiplied by alpha between. For modes `L`,
    /// `LA`, `RGB` and `RGBA`. Not in Pillow.
    pub linear_light: bool,
    /// The library whose pixels to give. Default: Pillow.
    pub profile: Profile,
}

impl ResizeOptions {
    /// The whole image with `filter`, and no shortcuts.
    pub fn new(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// The same, of a part of the source only.
    #[must_use]
    pub fn source(mut self, source: (f64, f64, f64, f64)) -> Self {
        self.source = Some(source);
        self
    }

    /// The same, with a first step by whole factors.
    #[must_use]
    pub fn reducing_gap(mut self, gap: f64) -> Self {
        self.reducing_gap = Some(gap);
        self
    }

    /// The same, on up to `threads` threads.
    #[must_use]
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// The same, averaging light or not.
    #[must_use]
    pub fn linear_light(mut self, linear_light: bool) -> Self {
        self.linear_light = linear_light;
        self
    }

    /// The same, with the pixels of another library.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }
}

impl From<Profile> for ResizeOptions {
    /// The whole image with the profile's own filter, or for `torch-antialias` bicubic.
    fn from(profile: Profile) -> Self {
        Self::default().profile(profile)
    }
}

impl From<Filter> for ResizeOptions {
    fn from(filter: Filter) -> Self {
        Self::new(filter)
    }
}
