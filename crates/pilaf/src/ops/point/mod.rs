//! Every sample through a table or a line.

mod tables;

use super::convert::{from_16, map, truncate};
use crate::error::{Error, Result};
use crate::image::{Image, Mode, Sample};

/// The table of [`Image::point`].
#[derive(Clone, Debug)]
pub enum PointTable {
    /// 256 values for each band: the first band's, then the second's, ...
    Bands(Vec<u8>),
    /// What 8-bit samples become in an image of mode `I`.
    Integers(Box<[i32; 256]>),
    /// What 8-bit samples become in an image of mode `F`.
    Floats(Box<[f32; 256]>),
    /// What integers, cut off at 0 and 65535, become in an image of mode `L`.
    Wide(Box<[u8; 65_536]>),
}

impl Image {
    /// Maps every sample through a table, into an image of `mode`.
    ///
    /// An image of one 8-bit band may become one of another mode: [`PointTable::Bands`] then has
    /// a table for each band of the target. An image of mode `I` becomes one of mode `L` with
    /// [`PointTable::Wide`].
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for another pair of modes, and for a table of
    /// another length.
    pub fn point(&self, table: &PointTable, mode: Mode) -> Result<Self> {
        let is_byte = self.mode().sample() == Sample::U8 && self.mode().bands() == 1;
        let out = match table {
            PointTable::Wide(table) if self.mode() == Mode::I && mode == Mode::L => {
                let index = |p: &[u8; 4]| i32::from_ne_bytes(*p).clamp(0, 0xFFFF) as usize;
                map(self, mode, |p| [table[index(p)]])
            }
            PointTable::Integers(table) if is_byte && mode == Mode::I => {
                map(self, mode, |&[v]| table[usize::from(v)].to_ne_bytes())
            }
            PointTable::Floats(table) if is_byte && mode == Mode::F => {
                map(self, mode, |&[v]| table[usize::from(v)].to_ne_bytes())
            }
            PointTable::Bands(table) if mode.sample() == Sample::U8 => {
                if table.len() != 256 * mode.bands() {
                    return Err(Error::parameter("wrong number of lut entries"));
                }
                if mode == self.mode() || is_byte && mode.bands() == 1 {
                    self.map_bands(table, mode)
                } else if is_byte {
                    self.spread_table(table, mode)
                } else {
                    Err(unsupported())
                }
            }
            _ => Err(unsupported()),
        }?;
        match self.palette() {
            Some(palette) if mode.has_palette() => out.with_palette(palette.clone()),
            _ => Ok(out),
        }
    }

    fn spread_table(&self, table: &[u8], mode: Mode) -> Result<Self> {
        let at = |band: usize, v: u8| table[band * 256 + usize::from(v)];
        match mode.bands() {
            2 => map(self, mode, |&[v]| [at(0, v), at(1, v)]),
            3 => map(self, mode, |&[v]| [at(0, v), at(1, v), at(2, v)]),
            _ => map(self, mode, |&[v]| [at(0, v), at(1, v), at(2, v), at(3, v)]),
        }
    }

    fn map_bands(&self, table: &[u8], mode: Mode) -> Result<Self> {
        let table = table.as_chunks::<256>().0;
        let pixels = self.as_bytes();
        let mapped = match *table {
            [ref a] => tables::map(pixels, [a]),
            [ref a, ref b] => tables::map(pixels, [a, b]),
            [ref a, ref b, ref c] => tables::map(pixels, [a, b, c]),
            [ref a, ref b, ref c, ref d] => tables::map(pixels, [a, b, c, d]),
            _ => return Err(unsupported()),
        };
        Image::from_raw(mode, self.size(), mapped?)
    }

    /// `sample * scale + offset` of every sample of an image of mode `I`, `F` or `I;16`.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for other modes.
    pub fn point_transform(&self, scale: f64, offset: f64) -> Result<Self> {
        let line = |v: f64| v * scale + offset;
        match self.mode() {
            Mode::I => map(self, Mode::I, |&p| {
                truncate(line(f64::from(i32::from_ne_bytes(p)))).to_ne_bytes()
            }),
            Mode::F => map(self, Mode::F, |&p| {
                (line(f64::from(f32::from_ne_bytes(p))) as f32).to_ne_bytes()
            }),
            // Not cut off: what 16 bits cannot hold wraps around, as in Pillow.
            Mode::I16 => map(self, Mode::I16, |p| {
                (truncate(line(f64::from(from_16(p, false)))) as u16).to_le_bytes()
            }),
            _ => Err(Error::parameter("image has wrong mode")),
        }
    }
}

fn unsupported() -> Error {
    Error::parameter("point operation not supported for this mode")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_band_has_its_table() {
        let image = Image::from_raw(Mode::La, (1, 1), vec![5, 6]).unwrap();
        let table = (0..=255).chain((0..=255).rev()).collect();
        let out = image.point(&PointTable::Bands(table), Mode::La).unwrap();
        assert_eq!(out.as_bytes(), [5, 249]);
    }
}
