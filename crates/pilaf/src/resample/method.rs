//! What the options amount to for one mode: a filter, and whose arithmetic.

use super::{Filter, Profile, ResizeOptions};
use crate::error::{Error, Result};
use crate::image::{Mode, Sample};

/// How pixels are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Pillow's, of samples as they are.
    Pillow(Filter),
    /// Pillow's windows and weights, over light.
    Light(Filter),
    /// PyTorch's.
    Torch(Filter),
    /// OpenCV's `INTER_AREA`.
    OpencvArea,
    /// OpenCV's `INTER_LINEAR`.
    OpencvLinear,
}

impl Method {
    /// Checks the options that depend on the mode.
    pub(crate) fn new(mode: Mode, options: &ResizeOptions) -> Result<Self> {
        let filter = match mode {
            Mode::Bilevel | Mode::P => Filter::Nearest,
            _ => options.filter,
        };
        match options.profile {
            Profile::Pillow if options.linear_light => Self::light(mode, filter, options),
            Profile::Pillow => Ok(Self::Pillow(filter)),
            profile => Self::foreign(mode, profile, options),
        }
    }

    fn light(mode: Mode, filter: Filter, options: &ResizeOptions) -> Result<Self> {
        if filter == Filter::Nearest {
            return Ok(Self::Pillow(filter));
        }
        if !matches!(mode, Mode::L | Mode::La | Mode::Rgb | Mode::Rgba) {
            return Err(Error::parameter(format!(
                "linear light is for modes L, LA, RGB and RGBA, not for {mode}"
            )));
        }
        if options.reducing_gap.is_some() {
            return Err(Error::parameter("reducing_gap averages samples that are not light"));
        }
        Ok(Self::Light(filter))
    }

    fn foreign(mode: Mode, profile: Profile, options: &ResizeOptions) -> Result<Self> {
        let refuse = |what: String| Err(Error::parameter(format!("profile {profile} {what}")));
        if mode.sample() != Sample::U8 || matches!(mode, Mode::Bilevel | Mode::P) {
            return refuse(format!("is for samples of 8 bits, not for mode {mode}"));
        }
        if options.reducing_gap.is_some() || options.linear_light {
            return refuse("takes neither reducing_gap nor linear_light".into());
        }
        match (profile, options.filter) {
            (Profile::OpencvArea, _) => Ok(Self::OpencvArea),
            (Profile::OpencvLinear, _) => Ok(Self::OpencvLinear),
            (_, filter @ (Filter::Bilinear | Filter::Bicubic)) => Ok(Self::Torch(filter)),
            (_, filter) => refuse(format!("has bilinear and bicubic, not {filter}"))
                .map_err(|error| error.with_help("choose the filter bilinear or bicubic")),
        }
    }

    /// Whether single pixels are picked.
    pub(crate) fn is_nearest(self) -> bool {
        self == Self::Pillow(Filter::Nearest)
    }

    /// Whether a source region must be cut out first, at whole pixels.
    pub(crate) fn takes_whole_images(self) -> bool {
        matches!(self, Self::Torch(_) | Self::OpencvArea | Self::OpencvLinear)
    }

    /// Whether colour is multiplied by alpha in 8 bits around the passes.
    pub(crate) fn premultiplies(self, mode: Mode) -> bool {
        matches!(self, Self::Pillow(_)) && mode.premultiplied().is_some() && !self.is_nearest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(mode: Mode, options: &ResizeOptions) -> String {
        Method::new(mode, options).unwrap_err().to_string()
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let light = ResizeOptions::new(Filter::Box).linear_light(true);
        assert!(refusal(Mode::Cmyk, &light).contains("not for CMYK"));
        assert!(refusal(Mode::L, &light.clone().reducing_gap(2.0)).contains("not light"));
        assert_eq!(Method::new(Mode::P, &light).unwrap(), Method::Pillow(Filter::Nearest));
        let area = ResizeOptions::from(Profile::OpencvArea);
        assert!(refusal(Mode::F, &area).contains("not for mode F"));
        assert!(refusal(Mode::P, &area).contains("not for mode P"));
        assert!(refusal(Mode::L, &area.reducing_gap(2.0)).contains("neither"));
        let mut torch = ResizeOptions::from(Profile::TorchAntialias);
        assert_eq!(Method::new(Mode::L, &torch).unwrap(), Method::Torch(Filter::Bicubic));
        torch.filter = Filter::Lanczos;
        assert!(refusal(Mode::L, &torch).contains("not lanczos"));
    }
}
