//! Whose pixels to give.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The library whose pixels a resize gives.
///
/// Models are trained, and archives filled, with the resizers of other libraries; a profile gives
/// their pixels, to the bit, at the speed of this one. Profiles other than Pillow's take images of
/// 8-bit samples, resample each band on its own (alpha is not multiplied in), and cut a source
/// region out first, which must lie at whole pixels.
///
/// | profile | equals | filters |
/// |---|---|---|
/// | `pillow` | `Image.resize` of Pillow 13 | all |
/// | `opencv-area` | `cv2.resize(..., interpolation=cv2.INTER_AREA)` of OpenCV 4.14 and 5.0 | its own |
/// | `opencv-linear` | `cv2.resize(..., interpolation=cv2.INTER_LINEAR)` of the same | its own |
/// | `torch-antialias` | `torch.nn.functional.interpolate(..., antialias=True)` of PyTorch 2.15 on `uint8` | bilinear, bicubic |
///
/// ```
/// use pilaf::{Filter, Image, Mode, Profile, ResizeOptions};
///
/// let image = Image::from_raw(Mode::L, (4, 2), vec![0, 1, 9, 9, 0, 1, 9, 9])?;
/// let halved = image.resize_with((2, 1), &ResizeOptions::from(Profile::OpencvArea))?;
/// assert_eq!(halved.as_bytes(), [1, 9]);
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// Pillow 13.
    #[default]
    Pillow,
    /// The mean of the covered area when both sides shrink; else linear interpolation between
    /// pixels that keep their edges sharp. The filter has no meaning.
    OpencvArea,
    /// Linear interpolation between two by two pixels, whatever the scale: shrinking by more
    /// than two leaves pixels out. The filter has no meaning.
    OpencvLinear,
    /// Filters that widen when they shrink, with weights of 16 bits.
    TorchAntialias,
}

impl Profile {
    /// Every profile, in the order of the declaration.
    pub const ALL: [Self; 4] =
        [Self::Pillow, Self::OpencvArea, Self::OpencvLinear, Self::TorchAntialias];

    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pillow => "pillow",
            Self::OpencvArea => "opencv-area",
            Self::OpencvLinear => "opencv-linear",
            Self::TorchAntialias => "torch-antialias",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = Error;

    /// From the name, in any case.
    fn from_str(name: &str) -> Result<Self> {
        let same = |profile: &Self| profile.name().eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(same).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|profile| profile.name()).collect();
            Error::parameter(format!("unknown profile {name:?}"))
                .with_help(format!("use one of {}", names.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for profile in Profile::ALL {
            assert_eq!(profile.name().to_uppercase().parse::<Profile>().unwrap(), profile);
        }
        let error = "skimage".parse::<Profile>().unwrap_err();
        assert!(error.to_string().starts_with("unknown profile \"skimage\""));
    }
}
