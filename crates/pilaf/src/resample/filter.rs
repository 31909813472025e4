//! The resampling filters and their kernel functions.

use std::f64::consts::PI;
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

    /// How far the kernel reaches to either side, in units of the coarser grid.
    /// `Nearest` has no kernel; its reach is 0.
    pub(crate) fn support(self) -> f64 {
        match self {
            Self::Nearest => 0.0,
            Self::Box => 0.5,
            Self::Bilinear | Self::Hamming => 1.0,
            Self::Bicubic => 2.0,
            Self::Mks2013 => 2.5,
            Self::Lanczos => 3.0,
            Self::Mks2021 => 4.5,
        }
    }

    /// The kernel at `x`. Each is written with the operations, and the order of operations, of
    /// Pillow 13 (`Resample.c`), because the sums of the modes I and F show the last bit.
    #[inline(always)]
    pub(crate) fn kernel(self, x: f64) -> f64 {
        match self {
            Self::Nearest => 0.0,
            Self::Box => f64::from(u8::from(x > -0.5 && x <= 0.5)),
            Self::Bilinear => (1.0 - x.abs()).max(0.0),
            Self::Hamming => hamming(x.abs()),
            Self::Bicubic => bicubic(x.abs()),
            Self::Lanczos if (-3.0..3.0).contains(&x) => sinc(x) * sinc(x / 3.0),
            Self::Lanczos => 0.0,
            Self::Mks2013 => mks2013(x.abs()),
            Self::Mks2021 => mks2021(x.abs()),
        }
    }
}

/// sin(pi x) / (pi x).
#[inline(always)]
fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let angle = x * PI;
    angle.sin() / angle
}

/// A sinc under a Hamming window. Pillow writes the window's constants as C floats.
#[inline(always)]
fn hamming(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    if x >= 1.0 {
        return 0.0;
    }
    let angle = x * PI;
    angle.sin() / angle * (f64::from(0.54_f32) + f64::from(0.46_f32) * angle.cos())
}

/// R. Keys, "Cubic convolution interpolation for digital image processing" (1981), a = -0.5.
#[inline(always)]
fn bicubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    let inner = ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
    let outer = (((x - 5.0) * x + 8.0) * x - 4.0) * A;
    if x < 1.0 {
        inner
    } else if x < 2.0 {
        outer
    } else {
        0.0
    }
}

/// J. Costella, "The Magic Kernel": Magic Kernel Sharp 2013, <https://johncostella.com/magic/>.
#[inline(always)]
fn mks2013(x: f64) -> f64 {
    if x < 0.5 {
        17.0 / 16.0 - 7.0 / 4.0 * (x * x)
    } else if x < 1.5 {
        (1.0 - x) * (7.0 / 4.0 - x)
    } else if x < 2.5 {
        -1.0 / 8.0 * ((x - 5.0 / 2.0) * (x - 5.0 / 2.0))
    } else {
        0.0
    }
}

/// J. Costella, "The Magic Kernel": Magic Kernel Sharp 2021, <https://johncostella.com/magic/>.
#[inline(always)]
fn mks2021(x: f64) -> f64 {
    if x < 0.5 {
        577.0 / 576.0 - 239.0 / 144.0 * (x * x)
    } else if x < 1.5 {
        35.0 / 36.0 * (x - 1.0) * (x - 239.0 / 140.0)
    } else if x < 2.5 {
        1.0 / 6.0 * (x - 2.0) * (65.0 / 24.0 - x)
    } else if x < 3.5 {
        1.0 / 36.0 * (x - 3.0) * (x - 15.0 / 4.0)
    } else if x < 4.5 {
        -1.0 / 288.0 * ((x - 9.0 / 2.0) * (x - 9.0 / 2.0))
    } else {
        0.0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_end_at_their_support() {
        for filter in Filter::ALL {
            let reach = filter.support();
            for step in 1..50 {
                let x = reach + f64::from(step) * 0.1;
                assert_eq!((filter.kernel(x), filter.kernel(-x)), (0.0, 0.0), "{filter} at {x}");
            }
        }
    }

    #[test]
    fn kernels_are_continuous_but_for_the_box() {
        for filter in Filter::ALL.into_iter().filter(|&filter| filter != Filter::Box) {
            for step in -5000..5000 {
                let x = f64::from(step) * 0.001;
                let jump = (filter.kernel(x) - filter.kernel(x + 0.001)).abs();
                assert!(jump < 0.003, "{filter} jumps by {jump} at {x}");
            }
        }
    }
}
