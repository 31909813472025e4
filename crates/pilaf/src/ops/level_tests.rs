//! Operations whose scalar code is compiled for every level: each level gives the scalar pixels.

use super::{Chop, Interpolation, Kernel, Paint, PointTable, RowOrder, Transform};
use crate::error::Result;
use crate::image::{Image, Mode};
use crate::simd::{Level, for_each_level};

/// No side is a multiple of the pixels of a vector.
const SIZE: (u32, u32) = (83, 7);

fn noise(mode: Mode, seed: u32) -> Image {
    let mut image = Image::new(mode, SIZE).unwrap();
    let mut state = seed;
    for byte in image.as_bytes_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Both ends of the range are frequent, as masks have them.
        *byte = match state >> 28 {
            0 => 0,
            1 => 255,
            _ => (state >> 20) as u8,
        };
    }
    image
}

/// The result at each level against the scalar one; errors count as results.
fn check(name: &str, operation: impl Fn() -> Result<Image>) {
    let run = || operation().map(Image::into_bytes).map_err(|error| error.to_string());
    let mut scalar = None;
    for_each_level(|level| {
        let made = run();
        let scalar = scalar.get_or_insert_with(|| {
            assert_eq!(level, Level::Scalar);
            made.clone()
        });
        assert!(made == *scalar, "{name} at {level}");
    });
}

#[test]
fn conversions() {
    for from in Mode::ALL {
        let image = noise(from, 1);
        for to in Mode::ALL {
            check(&format!("{from} to {to}"), || image.convert(to));
        }
    }
}

#[test]
fn pastes() {
    let masks = [Mode::Bilevel, Mode::L, Mode::La, Mode::Rgba, Mode::RgbaPremultiplied];
    for mode in Mode::ALL {
        let (below, pixel) = (noise(mode, 2), noise(mode, 3));
        let pixel = &pixel.as_bytes()[..mode.pixel_bytes()];
        for mask in masks.map(|mode| noise(mode, 4)) {
            let region = [-3, 1, i64::from(SIZE.0) - 3, i64::from(SIZE.1) + 1];
            let paste = |paint: Paint<'_>| {
                let mut image = below.clone();
                image.paste(paint, region, Some(&mask))?;
                Ok(image)
            };
            let name = format!("paste into {mode} with {}", mask.mode());
            check(&name, || paste(Paint::Pixel(pixel)));
            for source in [mode, Mode::Rgba, Mode::La].map(|mode| noise(mode, 5)) {
                check(&name, || paste(Paint::Image(&source)));
            }
        }
    }
}

#[test]
fn two_images() {
    let chops = [
        Chop::Lighter,
        Chop::Darker,
        Chop::Difference,
        Chop::Multiply,
        Chop::Screen,
        Chop::SoftLight,
        Chop::HardLight,
        Chop::Overlay,
        Chop::Add(1.5, 3),
        Chop::Subtract(0.7, -9),
        Chop::AddModulo,
        Chop::SubtractModulo,
        Chop::And,
        Chop::Or,
        Chop::Xor,
    ];
    for mode in [Mode::Bilevel, Mode::L, Mode::La, Mode::Rgb, Mode::Rgba] {
        let (a, b) = (noise(mode, 6), noise(mode, 7));
        for chop in chops {
            check(&format!("{chop:?} of {mode}"), || a.combine(&b, chop));
        }
        for alpha in [0.3, -1.7, 2.5] {
            check("blend", || a.blend(&b, alpha));
        }
        check("alpha_composite", || a.alpha_composite(&b));
        check("invert_bits", || a.invert_bits());
    }
}

#[test]
fn bands_and_tables() {
    let [a, b, c] = [8, 9, 10].map(|seed| noise(Mode::L, seed));
    check("merge of two", || Image::merge(Mode::La, &[&a, &b]));
    check("merge of three", || Image::merge(Mode::Rgb, &[&a, &b, &c]));
    check("merge of four", || Image::merge(Mode::Cmyk, &[&a, &b, &c, &a]));
    for mode in [Mode::L, Mode::La, Mode::Rgb, Mode::Cmyk] {
        let image = noise(mode, 11);
        let table = (0..256 * mode.bands()).map(|i| (i * 7) as u8).collect();
        let table = PointTable::Bands(table);
        check("point", || image.point(&table, mode));
        (0..mode.bands()).for_each(|band| check("band", || image.band(band)));
    }
    for (mode, raw) in [(Mode::Rgb, "BGR"), (Mode::Rgba, "RGB"), (Mode::Rgba, "BGRA")] {
        check(raw, || {
            let packed = noise(mode, 14).pack(raw, RowOrder::default())?;
            Image::from_raw(Mode::L, (packed.len() as u32, 1), packed)
        });
    }
    for mode in [Mode::I, Mode::F, Mode::I16] {
        check("point_transform", || noise(mode, 12).point_transform(1.3, -5.0));
    }
}

#[test]
fn neighbours() {
    let weights: Vec<f32> = (0..25_u8).map(|i| f32::from(i % 7) - 2.0).collect();
    let kernels =
        [(3, 9), (5, 25)].map(|(side, n)| Kernel::new((side, side), &weights[..n], 7.0, 3.0));
    let turn = Transform::Affine([0.8, 0.6, -9.5, -0.6, 0.8, 3.0]);
    for mode in Mode::ALL {
        let image = noise(mode, 13);
        for kernel in &kernels {
            check(&format!("kernel on {mode}"), || image.convolve(kernel.as_ref().unwrap()));
        }
        check("unsharp", || image.unsharp_mask(1.5, 130, 2));
        check("gaussian", || image.gaussian_blur((2.0, 1.0)));
        for interpolation in
            [Interpolation::Nearest, Interpolation::Bilinear, Interpolation::Bicubic]
        {
            check("transform", || image.transform(SIZE, turn, interpolation, None));
        }
    }
}
