//! A linear map of three bands.

use super::map;
use crate::error::{Error, Result};
use crate::image::{Image, Mode};

impl Image {
    /// One or three linear combinations of the bands of a pixel, as an image of mode `L` or
    /// `RGB`. `rows` are three factors and an offset each.
    ///
    /// # Errors
    ///
    /// [`Parameter`](crate::ErrorKind::Parameter) for an image that has not three bands.
    pub fn convert_matrix(&self, rows: &MatrixRows) -> Result<Self> {
        if self.mode().bands() != 3 {
            return Err(Error::parameter("image has wrong mode"));
        }
        match *rows {
            MatrixRows::L(row) => map(self, Mode::L, move |p| [combine(&row, p)]),
            MatrixRows::Rgb([r, g, b]) => map(
                self,
                Mode::Rgb,
                #[inline(always)]
                move |p| [combine(&r, p), combine(&g, p), combine(&b, p)],
            ),
        }
    }
}

/// Rows of the matrix of [`Image::convert_matrix`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MatrixRows {
    /// To mode `L`.
    L([f32; 4]),
    /// To mode `RGB`.
    Rgb([[f32; 4]; 3]),
}

/// Sums are in `f32`; only the half for rounding is added in `f64`, as C does it.
#[inline(always)]
fn combine(row: &[f32; 4], &[a, b, c]: &[u8; 3]) -> u8 {
    let sum = row[0] * f32::from(a) + row[1] * f32::from(b) + row[2] * f32::from(c) + row[3];
    (f64::from(sum) + 0.5) as f32 as u8
}
