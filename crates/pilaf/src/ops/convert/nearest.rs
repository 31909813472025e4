//! To the modes `P` and `PA`: the nearest entry of a palette, with error diffusion or without.

use super::{ConvertOptions, Dither, map};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Palette, buffer};

pub(super) fn convert(image: &Image, mode: Mode, options: &ConvertOptions) -> Result<Image> {
    let is_color = match image.mode() {
        Mode::L => false,
        Mode::Rgb | Mode::Rgba | Mode::Rgbx | Mode::RgbaPremultiplied => true,
        _ => return Err(Error::parameter("conversion not supported")),
    };
    let palette = match &options.palette {
        Some(palette) if palette.is_empty() => return Err(Error::parameter("empty palette")),
        Some(palette) => palette.clone(),
        None if is_color => Palette::web(),
        None => Palette::grey_ramp(),
    };
    let indices = match (image.mode(), options.dither) {
        // Pillow takes greys for indices whatever the palette says.
        (Mode::L, _) => image.try_clone()?.reinterpret(Mode::P)?,
        (Mode::Rgb, Dither::None) => pick::<3>(image, &palette)?,
        (Mode::Rgb, Dither::FloydSteinberg) => diffuse::<3>(image, &palette)?,
        (_, Dither::None) => pick::<4>(image, &palette)?,
        (_, Dither::FloydSteinberg) => diffuse::<4>(image, &palette)?,
    };
    let out = if mode == Mode::Pa { map(&indices, mode, |&[i]| [i, 255])? } else { indices };
    out.with_palette(palette)
}

fn pick<const N: usize>(image: &Image, palette: &Palette) -> Result<Image> {
    let mut nearest = Nearest::new(palette);
    let pixels = image.as_bytes().as_chunks::<N>().0.iter();
    let indices = buffer::collected(pixels.map(|p| nearest.index([p[0], p[1], p[2]])))?;
    Image::from_raw(Mode::P, image.size(), indices)
}

fn diffuse<const N: usize>(image: &Image, palette: &Palette) -> Result<Image> {
    let mut nearest = Nearest::new(palette);
    let mut out = Image::new(Mode::P, image.size())?;
    let mut diffusions = [(); 3].map(|()| Diffusion::new(image.width() as usize));
    for (to, from) in out.rows_mut().zip(image.rows()) {
        let mut rows: [DiffusionRow; 3] = Default::default();
        for (x, (to, pixel)) in to.iter_mut().zip(from.as_chunks::<N>().0).enumerate() {
            let wanted: [i32; 3] = std::array::from_fn(|band| {
                rows[band].value(&diffusions[band], x, i32::from(pixel[band]))
            });
            *to = nearest.index(wanted.map(|value| value as u8));
            let found = palette.color(*to);
            for band in 0..3 {
                let error = wanted[band] - i32::from(found[band]);
                rows[band].spread(&mut diffusions[band], x, error);
            }
        }
        // What is left at the end of a row Pillow takes from blue for all three.
        let [red, green, blue] = &mut diffusions;
        rows[0].finish_with(red, rows[2].here);
        rows[1].finish_with(green, rows[2].last);
        rows[2].finish_with(blue, rows[2].last);
    }
    Ok(out)
}

/// Errors of one band on their way to the next row, in sixteenths: 7 to the right, 3 to the left
/// below, 5 below, 1 to the right below (Floyd and Steinberg 1976).
pub(super) struct Diffusion {
    /// What the row above left for the pixel at `x` is at `x + 1`.
    below: Vec<i32>,
}

impl Diffusion {
    pub(super) fn new(width: usize) -> Self {
        Self { below: vec![0; width + 1] }
    }
}

/// Errors on their way to the next pixel of a row, from left to right.
#[derive(Default)]
pub(super) struct DiffusionRow {
    /// For the next pixel: 7 errors of the last.
    right: i32,
    /// For the pixel below the last one, so far.
    here: i32,
    /// The last error, for the pixel right below.
    last: i32,
}

impl DiffusionRow {
    /// The value to approximate at `x`, 0 to 255.
    #[inline(always)]
    pub(super) fn value(&self, above: &Diffusion, x: usize, sample: i32) -> i32 {
        (sample + (self.right + above.below[x + 1]) / 16).clamp(0, 255)
    }

    /// Spreads the error that was made at `x`.
    #[inline(always)]
    pub(super) fn spread(&mut self, to: &mut Diffusion, x: usize, error: i32) {
        to.below[x] = 3 * error + self.here;
        self.here = 5 * error + self.last;
        self.last = error;
        self.right = 7 * error;
    }

    /// Ends the row.
    pub(super) fn finish(&self, to: &mut Diffusion) {
        self.finish_with(to, self.here);
    }

    /// Ends the row with another error for the pixel below the last one's right.
    fn finish_with(&self, to: &mut Diffusion, error: i32) {
        if let Some(last) = to.below.last_mut() {
            *last = error;
        }
    }
}

/// The edge of a box of colours that are looked up together, in steps of four.
const BOX: usize = 8;

/// Colours in steps of four to the nearest entry, in boxes of 8x8x8 that are filled when first
/// needed: candidates by Heckbert's bounds, then distances by differences (Thomas 1991).
struct Nearest<'a> {
    palette: &'a Palette,
    /// [`EMPTY`] or an index, by `r / 4 * 64 * 64 + g / 4 * 64 + b / 4`.
    cells: Vec<u16>,
}

const EMPTY: u16 = 0x100;

impl<'a> Nearest<'a> {
    fn new(palette: &'a Palette) -> Self {
        Self { palette, cells: vec![EMPTY; 64 * 64 * 64] }
    }

    fn index(&mut self, [r, g, b]: [u8; 3]) -> u8 {
        let cell = usize::from(r >> 2) << 12 | usize::from(g >> 2) << 6 | usize::from(b >> 2);
        if self.cells[cell] == EMPTY {
            self.fill([r, g, b].map(|v| i32::from(v & 0xE0)));
        }
        self.cells[cell] as u8
    }

    /// Fills the box whose lowest corner is `low`.
    fn fill(&mut self, low: [i32; 3]) {
        let bounds: Vec<_> = self.palette.colors().iter().map(|c| distances(low, c)).collect();
        let limit = bounds.iter().map(|&(_, farthest)| farthest).min().unwrap_or(0);
        let mut best = [(i32::MAX, 0); BOX * BOX * BOX];
        for (index, (color, &(nearest, _))) in self.palette.colors().iter().zip(&bounds).enumerate()
        {
            if nearest <= limit {
                improve(&mut best, low, color, index as u16);
            }
        }
        let [r, g, b] = low.map(|v| v as usize >> 2);
        for (i, (_, index)) in best.into_iter().enumerate() {
            let (x, y, z) = (r + i / 64, g + i / 8 % 8, b + i % 8);
            self.cells[x << 12 | y << 6 | z] = index;
        }
    }
}

/// Squares of the distances from `color` to the nearest and to the farthest colour of a box.
fn distances(low: [i32; 3], color: &[u8; 4]) -> (i32, i32) {
    let (mut nearest, mut farthest) = (0, 0);
    for band in 0..3 {
        let (value, low, high) = (i32::from(color[band]), low[band], low[band] + 31);
        let outside = value - value.clamp(low, high);
        nearest += outside * outside;
        let across = if value <= (low + high) / 2 { value - high } else { value - low };
        farthest += across * across;
    }
    (nearest, farthest)
}

/// Enters `index` wherever `color` is nearer than what was there.
fn improve(best: &mut [(i32, u16)], low: [i32; 3], color: &[u8; 4], index: u16) {
    let square = |band: usize, step: usize| {
        let off = low[band] + 4 * step as i32 - i32::from(color[band]);
        off * off
    };
    let mut cells = best.iter_mut();
    for r in 0..BOX {
        for g in 0..BOX {
            let plane = square(0, r) + square(1, g);
            for (b, cell) in cells.by_ref().take(BOX).enumerate() {
                let distance = plane + square(2, b);
                if distance < cell.0 {
                    *cell = (distance, index);
                }
            }
        }
    }
}
