//! The resampling filters and their kernel functions.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// How samples are weighted when an image changes size. Pillow's eight filters.
///
/// Support is in source pixels when enlarging, and grows with the scale when shrinking, so that
/// every filter but [`Nearest`](Self::Nearest) is antialiased.
///
/// ```
/// use pilaf::Filter;
///
/// assert_eq!("lanczos".parse::<Filter>()?, Filter::Lanczos);
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filter {
    /// The nearest source pixel, nothing is averaged.
    Nearest,
    /// The mean of the covered pixels. Support 0.5.
    Box,
    /// Linear interpolation (a triangle). Support 1.
    Bilinear,
    /// A raised-cosine window over a sinc: sharper than bilinear, as fast. Support 1.
    Hamming,
    /// Keys' cubic with a = -0.5. Support 2. The default of Pillow's `resize`.
    #[default]
    Bicubic,
    /// A sinc windowed by its own middle lobe. Support 3.
    Lanczos,
    /// Magic Kernel Sharp 2013. Support 2.5.
    Mks2013,
    /// Magic Kernel Sharp 2021. Support 4.5.
    Mks2021,
}

impl Filter {
    /// Every filter, in the order of the declaration.
    pub const ALL: [Self; 8] = [
        Self::Nearest,
        Self::Box,
        Self::Bilinear,
        Self::Hamming,
        Self::Bicubic,
        Self::Lanczos,
        Self::Mks2013,
        Self::Mks2021,
    ];

    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Box => "box",
            Self::Bilinear => "bilinear",
            Self::Hamming => "hamming",
            Self::Bicubic => "bicubic",
            Self::Lanczos => "lanczos",
            Self::Mks2013 => "mks2013",
            Self::Mks2021 => "mks2021",
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Filter {
    type Err = Error;

    /// The filter of a name, in any case.
    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|filter| filter.name().eq_ignore_ascii_case(name)).ok_or_else(
            || {
                Error::parameter(format!("unknown filter {name:?}"))
                    .with_help(format!("use one of {}", Self::ALL.map(Self::name).join(", ")))
            },
        )
    }
}
