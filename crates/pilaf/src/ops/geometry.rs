//! From the size that is wanted to the size that is made and the part that is shown.

use crate::error::{Error, Result};

/// How an image is brought into a box of another shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Geometry {
    /// Inside the box, all of it shown, proportions kept: one side may stay shorter.
    #[default]
    Fit,
    /// Exactly the box, all of it shown, proportions lost.
    Fill,
    /// Exactly the box, proportions kept: what overhangs is cut off on both sides alike.
    Cover,
}

/// What to resize: the size to make, and the part of the source to make it of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placement {
    pub(crate) size: (u32, u32),
    /// Left, top, right, bottom in source pixels.
    pub(crate) source: (f64, f64, f64, f64),
}

impl Geometry {
    /// Places an image of the `source` size in a `wanted` box. A side that is 0 is free: it
    /// follows from the other one.
    pub(crate) fn place(self, source: (u32, u32), wanted: (u32, u32)) -> Result<Placement> {
        let whole = (0.0, 0.0, f64::from(source.0), f64::from(source.1));
        if source.0 == 0 || source.1 == 0 {
            return Err(Error::parameter("an image without pixels cannot be resized"));
        }
        Ok(match (self, wanted) {
            (_, (0, 0)) => return Err(Error::parameter("a width or a height is needed")),
            (_, (0, height)) => {
                Placement { size: fit_size(source, (u32::MAX, height)), source: whole }
            }
            (_, (width, 0)) => {
                Placement { size: fit_size(source, (width, u32::MAX)), source: whole }
            }
            (Self::Fit, _) => Placement { size: fit_size(source, wanted), source: whole },
            (Self::Fill, _) => Placement { size: wanted, source: whole },
            (Self::Cover, _) => Placement { size: wanted, source: cover_box(source, wanted) },
        })
    }
}

/// The largest size inside `wanted` with the proportions of `source`, never below 1.
///
/// Of the two integers around the exact side, the one whose proportions are nearer is taken, as
/// in Pillow's `Image.thumbnail`.
fn fit_size(source: (u32, u32), wanted: (u32, u32)) -> (u32, u32) {
    let aspect = f64::from(source.0) / f64::from(source.1);
    let (x, y) = (f64::from(wanted.0), f64::from(wanted.1));
    if x / y >= aspect {
        (nearest(y * aspect, |n| (aspect - n / y).abs()), wanted.1)
    } else {
        let off = |n: f64| if n == 0.0 { 0.0 } else { (aspect - x / n).abs() };
        (wanted.0, nearest(x / aspect, off))
    }
}

/// The one of the two integers around `side` that is less off; the lower one on a tie.
fn nearest(side: f64, off: impl Fn(f64) -> f64) -> u32 {
    let (low, high) = (side.floor(), side.ceil());
    let best = if off(high) < off(low) { high } else { low };
    best.max(1.0) as u32
}

/// The middle part of `source` that has the proportions of `wanted`, as in Pillow's
/// `ImageOps.fit`.
fn cover_box(source: (u32, u32), wanted: (u32, u32)) -> (f64, f64, f64, f64) {
    let (width, height) = (f64::from(source.0), f64::from(source.1));
    let ratio = f64::from(wanted.0) / f64::from(wanted.1);
    let (crop_width, crop_height) =
        if width / height >= ratio { (ratio * height, height) } else { (width, width / ratio) };
    let (left, top) = ((width - crop_width) * 0.5, (height - crop_height) * 0.5);
    (left, top, left + crop_width, top + crop_height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fit_keeps_proportions() {
        assert_eq!(fit_size((2725, 2225), (720, 720)), (720, 588));
        assert_eq!(fit_size((2225, 2725), (720, 720)), (588, 720));
        assert_eq!(fit_size((10_000, 1), (50, 50)), (50, 1));
        assert_eq!(fit_size((100, 100), (33, 70)), (33, 33));
    }

    #[test]
    fn a_free_side_follows() {
        let place = |wanted| Geometry::Fit.place((2725, 2225), wanted).unwrap().size;
        assert_eq!(place((720, 0)), (720, 588));
        assert_eq!(place((0, 588)), (720, 588));
        assert!(Geometry::Fit.place((1, 1), (0, 0)).is_err());
        assert!(Geometry::Fit.place((0, 1), (5, 5)).is_err());
    }

    #[test]
    fn cover_cuts_both_sides_alike() {
        assert_eq!(cover_box((300, 100), (10, 10)), (100.0, 0.0, 200.0, 100.0));
        assert_eq!(cover_box((100, 300), (20, 10)), (0.0, 125.0, 100.0, 175.0));
        let filled = Geometry::Fill.place((300, 100), (10, 10)).unwrap();
        assert_eq!(filled.source, (0.0, 0.0, 300.0, 100.0));
    }
}
