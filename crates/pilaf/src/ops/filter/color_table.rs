//! Colours looked up in a three-dimensional table, with trilinear interpolation in fixed point.

use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample, buffer};
use crate::limits::image_bytes;

use super::wrong_mode;

/// Fractional bits of table values: 8 bits of result leave 2 of the 16 for what lies beyond.
const PRECISION_BITS: u32 = 16 - 8 - 2;
/// Fractional bits of positions in the table, whose indices are below 64.
const SCALE_BITS: u32 = 32 - 8 - 6;
/// Fractional bits of interpolation.
const SHIFT_BITS: u32 = 15;

/// A cube of colours: what each of red, green and blue, or whatever the first three bands of an
/// image are, becomes. Pillow's `Color3DLUT`.
#[derive(Clone, Debug)]
pub struct ColorTable {
    channels: usize,
    size: [usize; 3],
    /// Invariant: `channels * size[0] * size[1] * size[2]` values, channels first.
    values: Vec<i16>,
}

impl ColorTable {
    /// A table of 2 to 65 colours along each band. Of the `values`, the channels (3 or 4) of a
    /// colour come first, then the first band; 0.0 is the least and 1.0 the greatest sample.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for other sizes, channels, or numbers of values.
    pub fn new(channels: usize, size: [usize; 3], values: &[f32]) -> Result<Self> {
        if channels != 3 && channels != 4 {
            return Err(Error::parameter("table_channels should be 3 or 4"));
        }
        if size.iter().any(|side| !(2..=65).contains(side)) {
            return Err(Error::parameter("Table size in any dimension should be from 2 to 65"));
        }
        if values.len() != channels * size.iter().product::<usize>() {
            return Err(Error::parameter(
                "The table should have table_channels * size1D * size2D * size3D float items.",
            ));
        }
        Ok(Self { channels, size, values: values.iter().map(|&value| to_fixed(value)).collect() })
    }
}

/// Rounded half away from zero, and clamped.
fn to_fixed(value: f32) -> i16 {
    let one = (255 << PRECISION_BITS) as f32;
    if f64::from(value) >= (f64::from(i16::MAX) - 0.5) / f64::from(one) {
        return i16::MAX;
    }
    if f64::from(value) <= (f64::from(i16::MIN) + 0.5) / f64::from(one) {
        return i16::MIN;
    }
    let scaled = f64::from(value * one);
    if value < 0.0 { (scaled - 0.5) as i16 } else { (scaled + 0.5) as i16 }
}

impl Image {
    /// The image of `mode` whose colours are those that `table` has for the first three bands of
    /// this image. A fourth band that the table does not give is kept.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) when this image has less than three bands, or
    /// `mode` less than the table has channels, or a band that nothing gives.
    pub fn look_up(&self, table: &ColorTable, mode: Mode) -> Result<Self> {
        let (from, to) = (self.mode().bands(), mode.bands());
        let narrow = self.mode().sample() == Sample::U8 && mode.sample() == Sample::U8;
        if !narrow || from < 3 || to < table.channels || (to > table.channels && to > from) {
            return Err(wrong_mode());
        }
        let mut data = buffer::zeros(image_bytes(self.width(), self.height(), to)?)?;
        match table.channels {
            3 => look_up::<3>(table, self.as_bytes(), from, &mut data, to),
            _ => look_up::<4>(table, self.as_bytes(), from, &mut data, to),
        }
        Self::from_raw(mode, self.size(), data)
    }
}

fn look_up<const CHANNELS: usize>(
    table: &ColorTable,
    source: &[u8],
    from: usize,
    target: &mut [u8],
    to: usize,
) {
    let values = table.values.as_chunks::<CHANNELS>().0;
    let [_, row, plane] = [1, table.size[0], table.size[0] * table.size[1]];
    // Truncated, so that the last but one colour is the last to be found, and has a next one.
    let scale =
        table.size.map(|side| ((side - 1) as f64 / 255.0 * f64::from(1_u32 << SCALE_BITS)) as u32);
    for (pixel, target) in source.chunks_exact(from).zip(target.chunks_exact_mut(to)) {
        let at: [u32; 3] = std::array::from_fn(|band| u32::from(pixel[band]) * scale[band]);
        let cell = at.map(|at| (at >> SCALE_BITS) as usize);
        let part =
            at.map(|at| ((at & ((1 << SCALE_BITS) - 1)) >> (SCALE_BITS - SHIFT_BITS)) as i32);
        let first = cell[0] + cell[1] * row + cell[2] * plane;
        let edge = |at: usize| mix(values[at], values[at + 1], part[0]);
        let face = |at: usize| mix(edge(at), edge(at + row), part[1]);
        let color = mix(face(first), face(first + plane), part[2]);
        for (sample, value) in target.iter_mut().zip(color) {
            let rounded = (i32::from(value) + (1 << (PRECISION_BITS - 1))) >> PRECISION_BITS;
            *sample = rounded.clamp(0, 255) as u8;
        }
        if to > CHANNELS {
            target[3] = pixel[3];
        }
    }
}

/// `a` and `b`, of which `part` / 2^15 is `b`.
fn mix<const N: usize>(a: [i16; N], b: [i16; N], part: i32) -> [i16; N] {
    std::array::from_fn(|i| {
        let sum = i32::from(a[i]) * ((1 << SHIFT_BITS) - part) + i32::from(b[i]) * part;
        (sum >> SHIFT_BITS) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> ColorTable {
        let corner = |i: usize| [i & 1, i >> 1 & 1, i >> 2 & 1].map(|bit| bit as f32);
        let values: Vec<f32> = (0..8).flat_map(corner).collect();
        ColorTable::new(3, [2; 3], &values).unwrap()
    }

    #[test]
    fn the_unit_cube_changes_nothing() {
        let data: Vec<u8> = (0..=255).flat_map(|v| [v, 255 - v, v / 2]).collect();
        let image = Image::from_raw(Mode::Rgb, (256, 1), data).unwrap();
        assert_eq!(image.look_up(&identity(), Mode::Rgb).unwrap(), image);
    }

    #[test]
    fn bands_that_nothing_gives_are_refused() {
        let rgb = Image::new(Mode::Rgb, (2, 2)).unwrap();
        assert!(rgb.look_up(&identity(), Mode::Rgba).is_err());
        assert!(rgb.look_up(&identity(), Mode::L).is_err());
        let rgba = Image::filled(Mode::Rgba, (2, 2), &[1, 2, 3, 4]).unwrap();
        assert_eq!(rgba.look_up(&identity(), Mode::Cmyk).unwrap().as_bytes()[..4], [1, 2, 3, 4]);
        assert!(ColorTable::new(3, [2; 3], &[0.0; 23]).is_err());
        assert!(ColorTable::new(3, [1; 3], &[0.0; 3]).is_err());
    }
}
