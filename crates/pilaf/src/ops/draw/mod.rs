//! Drawing: points, lines, rectangles, polygons, ellipses and parts of them, with Pillow 13's pixels (its `Draw.c`).
//!
//! ```text
//! shape -> horizontal runs and points, clipped -> pen: set or blend
//! ```

mod arc;
mod clip;
mod ellipse;
mod line;
mod polygon;

use crate::error::{Error, Result};
use crate::image::{Image, Mode};

/// What is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pen {
    /// The first bytes, as many as a pixel has, replace the pixel.
    Set([u8; 4]),
    /// Red, green, blue are laid over a pixel of mode RGB, with the fourth byte as alpha.
    Blend([u8; 4]),
}

/// A place on the plane: column and row, which may lie outside of the image.
pub type Point = (i32, i32);

/// The largest side of an ellipse, whose curve is followed step by step also outside of the image.
const MOST: u32 = 1 << 24;

/// An image that is drawn on.
struct Canvas<'a> {
    image: &'a mut Image,
    pen: Pen,
    /// Where it is 0, nothing is drawn. It has the image's size and one byte a pixel.
    mask: Option<&'a Image>,
}

impl Canvas<'_> {
    fn width(&self) -> i32 {
        self.image.width() as i32
    }

    fn height(&self) -> i32 {
        self.image.height() as i32
    }

    /// One pixel. The mask does not count here.
    fn point(&mut self, (x, y): Point) {
        if (0..self.width()).contains(&x) && (0..self.height()).contains(&y) {
            self.pixels(x, y, x, None);
        }
    }

    /// The pixels of a row from column `left` to `right`, both of them too.
    fn run(&mut self, left: i32, y: i32, right: i32) {
        let (left, right) = (left.max(0), right.min(self.width() - 1));
        if left <= right && (0..self.height()).contains(&y) {
            self.pixels(left, y, right, self.mask);
        }
    }

    fn pixels(&mut self, left: i32, y: i32, right: i32, mask: Option<&Image>) {
        let size = self.image.mode().pixel_bytes();
        let (left, right) = (left as usize, right as usize + 1);
        let row = &mut self.image.row_mut(y as u32)[left * size..right * size];
        if let (Pen::Set(ink), None) = (self.pen, mask) {
            return fill(row, &ink[..size]);
        }
        let shown = mask.map(|mask| &mask.row(y as u32)[left..right]);
        for (index, pixel) in row.chunks_exact_mut(size).enumerate() {
            if shown.is_some_and(|shown| shown[index] == 0) {
                continue;
            }
            match self.pen {
                Pen::Set(ink) => pixel.copy_from_slice(&ink[..size]),
                Pen::Blend([r, g, b, alpha]) => {
                    for (sample, ink) in pixel.iter_mut().zip([r, g, b]) {
                        *sample = mix(*sample, ink, alpha);
                    }
                }
            }
        }
    }
}

/// Repeats a pixel over a row: what is filled is copied to what follows, twice as much each time.
fn fill(row: &mut [u8], pixel: &[u8]) {
    row[..pixel.len()].copy_from_slice(pixel);
    let mut filled = pixel.len();
    while filled < row.len() {
        let more = filled.min(row.len() - filled);
        row.copy_within(..more, filled);
        filled += more;
    }
}

/// `below * (255 - alpha) + above * alpha`, divided by 255 and rounded.
fn mix(below: u8, above: u8, alpha: u8) -> u8 {
    let sum = u32::from(below) * u32::from(255 - alpha) + u32::from(above) * u32::from(alpha) + 128;
    ((sum + (sum >> 8)) >> 8) as u8
}

fn check_ellipse([(left, top), (right, bottom)]: [Point; 2]) -> Result<()> {
    if right.abs_diff(left).max(bottom.abs_diff(top)) > MOST {
        return Err(Error::parameter(format!("an ellipse is at most {MOST} pixels large")));
    }
    Ok(())
}

impl Image {
    /// Draws points.
    ///
    /// # Errors
    ///
    /// As all drawing: [`Parameter`](crate::ErrorKind::Parameter) for [`Pen::Blend`] on another
    /// mode than RGB.
    ///
    /// ```
    /// use pilaf::ops::Pen;
    /// use pilaf::{Image, Mode};
    ///
    /// let mut image = Image::new(Mode::L, (2, 1))?;
    /// image.draw_points(&[(1, 0)], Pen::Set([9, 0, 0, 0]))?;
    /// assert_eq!(image.as_bytes(), [0, 9]);
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    pub fn draw_points(&mut self, points: &[Point], pen: Pen) -> Result<()> {
        let mut canvas = self.canvas(pen, None)?;
        points.iter().for_each(|&point| canvas.point(point));
        Ok(())
    }

    /// Draws lines from each point to the next, `width` pixels wide.
    ///
    /// # Errors
    ///
    /// As [`draw_points`](Self::draw_points).
    pub fn draw_lines(&mut self, points: &[Point], width: i32, pen: Pen) -> Result<()> {
        let mut canvas = self.canvas(pen, None)?;
        for ends in points.windows(2) {
            match width {
                0 | 1 => canvas.line(ends[0], ends[1]),
                _ => canvas.wide_line(ends[0], ends[1], width),
            }
        }
        if let ([.., _, last], 0 | 1) = (points, width) {
            canvas.point(*last);
        }
        Ok(())
    }

    /// Draws a rectangle whose corners belong to it: filled, or an outline `width` pixels wide.
    ///
    /// # Errors
    ///
    /// As [`draw_points`](Self::draw_points).
    pub fn draw_rectangle(
        &mut self,
        corners: [Point; 2],
        fill: bool,
        width: i32,
        pen: Pen,
    ) -> Result<()> {
        let mut canvas = self.canvas(pen, None)?;
        let [(left, top), (right, bottom)] = corners;
        if fill {
            let rows = top.max(0)..=bottom.min(canvas.height());
            rows.for_each(|y| canvas.run(left, y, right));
        } else {
            canvas.outline([left, top, right, bottom].map(i64::from), width.max(1).into());
        }
        Ok(())
    }

    /// Draws a polygon: filled, or an outline `width` pixels wide, which shows where `mask`, if
    /// there is one, is not 0.
    ///
    /// # Errors
    ///
    /// As [`draw_points`](Self::draw_points), and for a mask of another size or of more than one
    /// byte a pixel.
    pub fn draw_polygon(
        &mut self,
        corners: &[Point],
        fill: bool,
        width: i32,
        pen: Pen,
        mask: Option<&Self>,
    ) -> Result<()> {
        let mut canvas = self.canvas(pen, mask)?;
        let Some((&first, &last)) = corners.first().zip(corners.last()) else { return Ok(()) };
        if fill {
            canvas.fill_polygon(&polygon::edges(corners));
            return Ok(());
        }
        let closing = [last, first];
        for ends in corners.windows(2).chain([&closing[..]]) {
            match width {
                1 => canvas.line(ends[0], ends[1]),
                _ => canvas.wide_line(ends[0], ends[1], width),
            }
        }
        Ok(())
    }

    /// Draws the ellipse inside of a rectangle: filled, or an outline `width` pixels wide.
    ///
    /// # Errors
    ///
    /// As [`draw_points`](Self::draw_points), and for one of more than 2^24 pixels across or down.
    pub fn draw_ellipse(
        &mut self,
        corners: [Point; 2],
        fill: bool,
        width: i32,
        pen: Pen,
    ) -> Result<()> {
        check_ellipse(corners)?;
        self.canvas(pen, None)?.ellipse(corners, (!fill).then_some(width));
        Ok(())
    }

    /// Draws a part of the outline of the ellipse inside of a rectangle, `width` pixels wide.
    ///
    /// `angles` of all parts of ellipses are where it begins and ends: in degrees, clockwise from three
    /// o'clock, as on a circle that is then stretched.
    ///
    /// # Errors
    ///
    /// As [`draw_ellipse`](Self::draw_ellipse).
    pub fn draw_arc(
        &mut self,
        corners: [Point; 2],
        angles: [f32; 2],
        width: i32,
        pen: Pen,
    ) -> Result<()> {
        check_ellipse(corners)?;
        self.canvas(pen, None)?.arc(corners, angles, width);
        Ok(())
    }

    /// Draws an arc and the line between its ends: filled, or an outline `width` pixels wide.
    ///
    /// # Errors
    ///
    /// As [`draw_ellipse`](Self::draw_ellipse).
    pub fn draw_chord(
        &mut self,
        corners: [Point; 2],
        angles: [f32; 2],
        fill: bool,
        width: i32,
        pen: Pen,
    ) -> Result<()> {
        check_ellipse(corners)?;
        self.canvas(pen, None)?.chord(corners, angles, (!fill).then_some(width));
        Ok(())
    }

    /// Draws an arc and the lines from its ends to the centre: filled, or an outline `width` pixels
    /// wide.
    ///
    /// # Errors
    ///
    /// As [`draw_ellipse`](Self::draw_ellipse).
    pub fn draw_pie_slice(
        &mut self,
        corners: [Point; 2],
        angles: [f32; 2],
        fill: bool,
        width: i32,
        pen: Pen,
    ) -> Result<()> {
        check_ellipse(corners)?;
        self.canvas(pen, None)?.pie_slice(corners, angles, (!fill).then_some(width));
        Ok(())
    }

    fn canvas<'a>(&'a mut self, pen: Pen, mask: Option<&'a Self>) -> Result<Canvas<'a>> {
        if matches!(pen, Pen::Blend(_)) && self.mode() != Mode::Rgb {
            return Err(Error::parameter("only images of mode RGB are blended into"));
        }
        if mask.is_some_and(|mask| mask.size() != self.size() || mask.mode().pixel_bytes() != 1) {
            return Err(Error::parameter("the mask has another size or more than a byte a pixel"));
        }
        Ok(Canvas { image: self, pen, mask })
    }
}
