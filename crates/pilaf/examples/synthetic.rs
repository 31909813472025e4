//! A photograph that nobody took: what benchmarks and demonstrations work on.
//!
//! ```text
//! cargo run --release --example synthetic -- OUT.{jpg,png,ppm} [WIDTHxHEIGHT]
//! ```
//!
//! It has what photos have and codecs feel: a smooth sky, clouds, textured hills, a building of
//! hard edges, and the grain of a sensor. The same size gives the same pixels everywhere: no
//! clock, no random seed, and of floating point only operations that IEEE 754 defines exactly.

use std::error::Error;

use pilaf::{EncodeOptions, Format, Image, Mode};

/// The size when none is given: that of the question the project began with.
const DEFAULT_SIZE: &str = "2725x2225";
/// About what cameras and phones use.
const JPEG_QUALITY: u8 = 90;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or("usage: synthetic OUT.{jpg,png,ppm} [WIDTHxHEIGHT]")?;
    let size = args.next().unwrap_or(DEFAULT_SIZE.to_owned());
    let (width, height) = size.split_once('x').ok_or("a size is WIDTHxHEIGHT")?;
    let image = photograph(width.parse()?, height.parse()?)?;
    if out.ends_with(".ppm") {
        let header = format!("P6\n{} {}\n255\n", image.width(), image.height());
        std::fs::write(out, [header.as_bytes(), image.as_bytes()].concat())?;
    } else {
        let format = Format::from_path(&out).ok_or("the format is told by the extension")?;
        image.save(out, format, &EncodeOptions::default().quality(JPEG_QUALITY))?;
    }
    Ok(())
}

type Color = [f64; 3];

fn photograph(width: u32, height: u32) -> pilaf::Result<Image> {
    let mut image = Image::new(Mode::Rgb, (width, height))?;
    let scale = f64::from(width.max(height));
    for (y, row) in (0..).zip(image.rows_mut()) {
        for (x, pixel) in (0..).zip(row.as_chunks_mut::<3>().0) {
            let color = scene(f64::from(x) / scale, f64::from(y) / scale);
            *pixel = std::array::from_fn(|band| {
                let grain =
                    (unit(x, y, 90 + band as u32) + unit(x, y, 95 + band as u32) - 1.0) * 12.0;
                (color[band] + grain).clamp(0.0, 255.0) as u8
            });
        }
    }
    Ok(image)
}

/// The colour at a point, both coordinates from 0 to about 1.
fn scene(x: f64, y: f64) -> Color {
    let haze = [170.0, 180.0, 190.0];
    let mut color = sky(x, y);
    // Three ranges of hills, the nearer the darker and the rougher.
    for (range, (base, ground)) in
        [(0.40, [110.0, 128.0, 130.0]), (0.50, [84.0, 104.0, 72.0]), (0.62, [62.0, 74.0, 40.0])]
            .into_iter()
            .enumerate()
    {
        let near = range as f64;
        let crest = base + 0.16 * (fractal(x * (3.0 + near), 7.5, range as u32, 5) - 0.5);
        if y > crest {
            let rough = fractal(x * 90.0 * (1.0 + near), y * 140.0, 10 + range as u32, 5);
            let depth = ((y - crest) * 3.0).min(1.0);
            let lit = mix(haze, ground, 0.45 + 0.25 * near + 0.1 * depth);
            color = lit.map(|band| band * (0.55 + 0.9 * rough));
        }
    }
    building(x, y).unwrap_or(color)
}

fn sky(x: f64, y: f64) -> Color {
    let blue = mix([70.0, 120.0, 190.0], [196.0, 210.0, 222.0], (y * 2.2).min(1.0));
    let cloud = fractal(x * 4.0, y * 9.0, 40, 6);
    let color = mix(blue, [244.0, 242.0, 238.0], ((cloud - 0.5) * 4.0).clamp(0.0, 1.0));
    let (dx, dy) = (x - 0.24, y - 0.14);
    if dx * dx + dy * dy < 0.0022 { [255.0, 250.0, 226.0] } else { color }
}

/// A tower with rows of windows and a striped base.
fn building(x: f64, y: f64) -> Option<Color> {
    if !(0.66..0.88).contains(&x) || y < 0.24 {
        return None;
    }
    let plaster = 0.85 + 0.2 * fractal(x * 300.0, y * 300.0, 50, 3);
    let (column, line) = ((x - 0.66) / 0.022, (y - 0.24) / 0.034);
    let (across, down) = (column - column.floor(), line - line.floor());
    let window = (0.25..0.75).contains(&across) && (0.2..0.8).contains(&down);
    let light = unit(column as u32, line as u32, 60);
    Some(match (y > 0.72, window) {
        (true, _) if (((x + y) * 160.0) as u32).is_multiple_of(2) => [214.0, 206.0, 190.0],
        (true, _) => [96.0, 40.0, 36.0],
        (false, true) if light > 0.7 => [250.0, 214.0, 130.0],
        (false, true) => [34.0, 42.0, 58.0].map(|band| band + 40.0 * light * down),
        (false, false) => [178.0, 150.0, 122.0].map(|band| band * plaster),
    })
}

fn mix(from: Color, to: Color, part: f64) -> Color {
    std::array::from_fn(|band| from[band] + (to[band] - from[band]) * part)
}

/// Several octaves of smooth noise, 0 to 1.
fn fractal(x: f64, y: f64, seed: u32, octaves: u32) -> f64 {
    let mut sum = 0.0;
    let (mut weight, mut frequency, mut total) = (1.0, 1.0, 0.0);
    for octave in 0..octaves {
        sum += weight * smooth(x * frequency, y * frequency, seed * 16 + octave);
        total += weight;
        weight *= 0.65;
        frequency *= 2.0;
    }
    sum / total
}

/// Noise at the corners of a unit grid, joined smoothly, 0 to 1.
fn smooth(x: f64, y: f64, seed: u32) -> f64 {
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (left, top) = (x.floor(), y.floor());
    let (across, down) = (ease(x - left), ease(y - top));
    let (left, top) = (left as u32, top as u32);
    let edge = |y: u32| {
        let (a, b) = (unit(left, y, seed), unit(left + 1, y, seed));
        a + (b - a) * across
    };
    let (upper, lower) = (edge(top), edge(top + 1));
    upper + (lower - upper) * down
}

/// A number from 0 to 1 that depends on the arguments alone: they are mixed with the finalizer of
/// MurmurHash3 (Austin Appleby, public domain).
fn unit(x: u32, y: u32, seed: u32) -> f64 {
    let mut hash =
        x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE35);
    f64::from(hash ^ (hash >> 16)) / f64::from(u32::MAX)
}
