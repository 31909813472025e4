//! JPEG thumbnails without the image between: rows of samples go from the inverse transform
//! straight into the resampler.
//!
//! ```text
//! exact:  coefficients -> planes -> upsampling, colour -> RGB rows -> RowResizer -> RGB
//! fused:  coefficients -> planes (at 1/1 .. 1/8) -> a RowResizer each -> YCbCr at the target size
//! ```
//!
//! Fused, each plane is resized once, from its own resolution, where the exact way first enlarges
//! chroma to the size of luma; colour is converted at the target size only, and not at all when
//! the thumbnail is a JPEG again. The decoder shrinks by 2, 4 or 8 as far as leaves twice the
//! target, so that the filter still has something to choose from.
//!
//! With a second thread, that one resizes what the first has decoded, unless the decoder shrinks.

use super::lanes::{Bands, Lane, fill};
use crate::error::Result;
use crate::image::{Image, Mode};
use crate::jpeg::{
    ColorSpace, Colors, DecodeOptions, Decoder, Header, PlaneRows, PlaneSink, RowSink, Scale, color,
};
use crate::ops::geometry::Placement;
use crate::ops::open::ImageFile;
use crate::resample::Filter;
use crate::simd::Level;

/// How much larger than the target the decoder must leave the image.
const MARGIN: u32 = 2;
/// Pixels below which a second thread costs more than it brings.
const PIXELS_OF_TWO_THREADS: u64 = 1 << 18;

/// Whether pixels and filter are for this way.
pub(super) fn is_for(header: &Header, placement: &Placement, filter: Filter, exact: bool) -> bool {
    let is_plain = matches!(header.color_space, ColorSpace::YCbCr | ColorSpace::Gray);
    let resizes = filter != Filter::Nearest && placement.size != (header.width, header.height);
    resizes && (exact || is_plain)
}

/// The thumbnail's pixels: mode L, or YCbCr as the file is coded, or if `to_rgb` RGB.
pub(super) fn fused(
    file: ImageFile<'_>,
    header: &Header,
    placement: &Placement,
    filter: Filter,
    threads: usize,
    to_rgb: bool,
) -> Result<Image> {
    let scale = scale_for(placement, (header.width, header.height));
    let colors = if header.color_space == ColorSpace::Gray { Colors::Gray } else { Colors::YCbCr };
    let options = DecodeOptions { scale, colors, ..DecodeOptions::default() };
    file.decode_jpeg(&options, |decoder| {
        let lanes = lanes(header, &decoder, scale, placement, filter)?;
        // Where the decoder shrinks, little is left to another thread, and handing it over costs more.
        let threads = if scale == Scale::FULL { worth(threads, decoder.size()) } else { 1 };
        let planes =
            fill(lanes, threads, |bands| decoder.decode_planes(&mut Planes(bands)).map(drop))?;
        join(planes, placement.size, to_rgb)
    })
}

/// The thumbnail's pixels, equal to those of decoding and resizing.
pub(super) fn exact(
    file: ImageFile<'_>,
    placement: &Placement,
    filter: Filter,
    threads: usize,
) -> Result<Image> {
    file.decode_jpeg(&DecodeOptions::default(), |decoder| {
        let (mode, size) = (decoder.mode(), decoder.size());
        let lane = Lane::new(mode, size, placement.size, placement.source, filter)?;
        let row_bytes = size.0 as usize * mode.pixel_bytes();
        let mut filled = fill(vec![lane], worth(threads, size), |bands| {
            decoder.decode_rows(&mut Rows { bands, row_bytes, band: Vec::new() }).map(drop)
        })?;
        Image::from_raw(mode, placement.size, filled.remove(0))
    })
}

/// Of `threads`, those that are worth starting for a picture that is decoded at this size.
fn worth(threads: usize, (width, height): (u32, u32)) -> usize {
    if u64::from(width) * u64::from(height) < PIXELS_OF_TWO_THREADS { 1 } else { threads }
}

/// The smallest scale that leaves [`MARGIN`] times the target on both axes.
fn scale_for(placement: &Placement, (width, height): (u32, u32)) -> Scale {
    let (left, top, right, bottom) = placement.source;
    let across = (right - left) / f64::from(placement.size.0);
    let down = (bottom - top) / f64::from(placement.size.1);
    let shrinks_by = |factor: u32| across.min(down) >= f64::from(factor * MARGIN);
    match () {
        () if width < 8 || height < 8 => Scale::FULL,
        () if shrinks_by(8) => Scale::EIGHTH,
        () if shrinks_by(4) => Scale::QUARTER,
        () if shrinks_by(2) => Scale::HALF,
        () => Scale::FULL,
    }
}

/// A lane for each plane. The part of the source that is shown lies at another place in a plane
/// of another resolution.
fn lanes(
    header: &Header,
    decoder: &Decoder<'_>,
    scale: Scale,
    placement: &Placement,
    filter: Filter,
) -> Result<Vec<Lane>> {
    let components = &header.components[..if decoder.mode() == Mode::L { 1 } else { 3 }];
    let max_h = components.iter().map(|component| component.h).max().unwrap_or(1);
    let max_v = components.iter().map(|component| component.v).max().unwrap_or(1);
    let eighths = f64::from(scale.numerator()) / 8.0;
    let planes = components.iter().zip(decoder.plane_sizes());
    let lane = |(component, size): (&crate::jpeg::Component, (u32, u32))| {
        let across = eighths * f64::from(component.h) / f64::from(max_h);
        let down = eighths * f64::from(component.v) / f64::from(max_v);
        // A plane may have a finer scale than asked for: the decoder leaves chroma alone where
        // that spares upsampling. Its own size tells.
        let across = nearest_scale(across, size.0, header.width);
        let down = nearest_scale(down, size.1, header.height);
        let (left, top, right, bottom) = placement.source;
        let source = (
            left * across,
            top * down,
            (right * across).min(f64::from(size.0)),
            (bottom * down).min(f64::from(size.1)),
        );
        Lane::new(Mode::L, size, placement.size, source, filter)
    };
    planes.map(lane).collect()
}

/// The scale of a plane of `side` samples: `scale`, doubled until the side fits.
fn nearest_scale(mut scale: f64, side: u32, full: u32) -> f64 {
    while (scale * f64::from(full)).ceil() < f64::from(side) && scale < 1.0 {
        scale *= 2.0;
    }
    scale
}

/// Planes into a lane each.
struct Planes<'b, 'l>(&'b mut Bands<'l>);

impl PlaneSink for Planes<'_, '_> {
    fn accept(&mut self, component: usize, _first: u32, rows: PlaneRows<'_>) -> Result<()> {
        self.0.push(component, rows.samples(), rows.stride());
        Ok(())
    }
}

/// Packed rows into one lane.
struct Rows<'b, 'l> {
    bands: &'b mut Bands<'l>,
    row_bytes: usize,
    band: Vec<u8>,
}

impl RowSink for Rows<'_, '_> {
    fn lend(&mut self, _first: u32, count: u32) -> Result<&mut [u8]> {
        self.band.resize(count as usize * self.row_bytes, 0);
        Ok(&mut self.band)
    }

    fn accept(&mut self, _first: u32, _count: u32) -> Result<()> {
        self.band = self.bands.push_whole(0, std::mem::take(&mut self.band), self.row_bytes);
        Ok(())
    }
}

/// The picture of these planes.
fn join(mut planes: Vec<Vec<u8>>, size: (u32, u32), to_rgb: bool) -> Result<Image> {
    if planes.len() == 1 {
        return Image::from_raw(Mode::L, size, planes.remove(0));
    }
    let [y, cb, cr] = [&planes[0][..], &planes[1], &planes[2]];
    if to_rgb {
        let mut image = Image::new(Mode::Rgb, size)?;
        color::ycc_to_rgb(Level::get(), y, cb, cr, image.as_bytes_mut());
        return Ok(image);
    }
    let mut image = Image::new(Mode::YCbCr, size)?;
    color::interleave(Level::get(), [y, cb, cr], image.as_bytes_mut());
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decoder_leaves_twice_the_target() {
        let scale = |size: (u32, u32)| {
            let source = (0.0, 0.0, 2725.0, 2225.0);
            scale_for(&Placement { size, source }, (2725, 2225)).numerator()
        };
        assert_eq!(scale((720, 588)), 8);
        assert_eq!(scale((680, 555)), 4);
        assert_eq!(scale((224, 183)), 2);
        assert_eq!(scale((100, 82)), 1);
        assert_eq!(scale((100, 2000)), 8);
        assert_eq!(scale((5000, 4000)), 8);
    }
}
