//! The nearest pixel: which one it is, as Pillow finds it.

use crate::error::Result;
use crate::image::buffer;

/// The source position of every output position on one axis, or `None` past its end.
///
/// Pillow adds up the step in `f64` for most modes, so its rounding errors add up too; for the
/// 16-bit modes it multiplies (`multiplied`).
///
/// # Errors
///
/// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory.
pub(crate) fn positions(
    source: u32,
    (start, end): (f32, f32),
    size: u32,
    multiplied: bool,
) -> Result<Vec<Option<usize>>> {
    let step = f64::from(end - start) / f64::from(size);
    let start = f64::from(start);
    let mut sum = start + step * 0.5;
    let mut positions = buffer::room(size as usize)?;
    for index in 0..size {
        let at = if multiplied { step * (f64::from(index) + 0.5) + start } else { sum };
        let inside = at >= 0.0 && (at as u64) < u64::from(source);
        positions.push(inside.then_some(at as usize));
        sum += step;
    }
    Ok(positions)
}

/// Picks pixels of `pixel_bytes` from rows of `row_bytes`, to fill `target`. Positions of `None`
/// become zeros.
pub(crate) fn pick(
    source: &[u8],
    row_bytes: usize,
    pixel_bytes: usize,
    columns: &[Option<usize>],
    rows: &[Option<usize>],
    target: &mut [u8],
) {
    let target_bytes = columns.len() * pixel_bytes;
    for (target, &row) in target.chunks_exact_mut(target_bytes).zip(rows) {
        let source = row.map(|row| &source[row * row_bytes..][..row_bytes]);
        for (pixel, &column) in target.chunks_exact_mut(pixel_bytes).zip(columns) {
            match (source, column) {
                (Some(source), Some(column)) => {
                    pixel.copy_from_slice(&source[column * pixel_bytes..][..pixel_bytes]);
                }
                _ => pixel.fill(0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centers_fall_into_pixels() {
        let half = positions(8, (0.0, 8.0), 4, false).unwrap();
        assert_eq!(half, [Some(1), Some(3), Some(5), Some(7)]);
        assert_eq!(half, positions(8, (0.0, 8.0), 4, true).unwrap());
    }

    #[test]
    fn positions_past_the_end_are_zeros() {
        let mut picked = [9; 4];
        pick(&[1, 2, 3, 4], 2, 1, &[Some(1), None], &[None, Some(1)], &mut picked);
        assert_eq!(picked, [0, 0, 4, 0]);
    }
}
