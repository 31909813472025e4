//! Sizes that follow from the frame header and the scale (ITU-T T.81, A.1 and A.2).

use crate::error::{Error, Result};
use crate::jpeg::marker::{Frame, Scan};

/// The most blocks that an MCU of several components may have (ITU-T T.81, B.2.3).
const MAX_BLOCKS_IN_MCU: usize = 10;

/// Sizes of the coded picture.
#[derive(Clone, Debug)]
pub(crate) struct Geometry {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Largest sampling factors of all components.
    pub(crate) max_h: usize,
    pub(crate) max_v: usize,
    /// Interleaved MCUs in a row, and rows of them.
    pub(crate) mcu_columns: usize,
    pub(crate) mcu_rows: usize,
    pub(crate) components: Vec<ComponentGeometry>,
}

/// Sizes of one component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ComponentGeometry {
    /// Sampling factors.
    pub(crate) h: usize,
    pub(crate) v: usize,
    /// Blocks that hold samples of the picture.
    pub(crate) blocks_wide: usize,
    pub(crate) blocks_high: usize,
}

impl ComponentGeometry {
    /// Blocks in a row, with those that fill the last MCU.
    pub(crate) fn stored_width(&self) -> usize {
        self.blocks_wide.next_multiple_of(self.h)
    }
}

impl Geometry {
    pub(crate) fn new(frame: &Frame) -> Self {
        let (width, height) = (frame.width as usize, frame.height as usize);
        let factors = |c: &crate::jpeg::marker::Component| (usize::from(c.h), usize::from(c.v));
        let max_h = frame.components.iter().map(|c| factors(c).0).max().unwrap_or(1);
        let max_v = frame.components.iter().map(|c| factors(c).1).max().unwrap_or(1);
        let components = frame.components.iter().map(factors).map(|(h, v)| ComponentGeometry {
            h,
            v,
            blocks_wide: (width * h).div_ceil(max_h * 8),
            blocks_high: (height * v).div_ceil(max_v * 8),
        });
        Self {
            width,
            height,
            max_h,
            max_v,
            mcu_columns: width.div_ceil(max_h * 8),
            mcu_rows: height.div_ceil(max_v * 8),
            components: components.collect(),
        }
    }

    /// Block rows of a component in a row of MCUs, without padding.
    pub(crate) fn block_rows(&self, component: usize, mcu_row: usize) -> usize {
        let ComponentGeometry { v, blocks_high, .. } = self.components[component];
        v.min(blocks_high.saturating_sub(mcu_row * v))
    }

    /// MCUs of `scan` in a row of interleaved MCUs; in the last row there may be fewer.
    pub(crate) fn scan_mcus_in_row(&self, scan: &Scan) -> usize {
        match scan.components[..] {
            [part] => {
                let ComponentGeometry { v, blocks_wide, .. } = self.components[part.index];
                v * blocks_wide
            }
            _ => self.mcu_columns,
        }
    }

    /// Refuses a scan whose MCUs have more blocks than the standard allows.
    pub(crate) fn check_scan(&self, scan: &Scan) -> Result<()> {
        let blocks = |index: usize| self.components[index].h * self.components[index].v;
        let total: usize = scan.components.iter().map(|component| blocks(component.index)).sum();
        if scan.components.len() > 1 && total > MAX_BLOCKS_IN_MCU {
            let text = format!("an MCU of the scan has {total} blocks, more than 10");
            return Err(Error::malformed(text).at(scan.offset as u64));
        }
        Ok(())
    }

    /// Bytes that all coefficients of the picture take.
    pub(crate) fn coefficient_bytes(&self, mcu_rows: usize) -> u64 {
        let blocks = |c: &ComponentGeometry| (c.stored_width() * c.v * mcu_rows) as u64;
        self.components.iter().map(blocks).sum::<u64>() * 128
    }
}

/// Sizes of the decoded picture at a scale of n/8.
#[derive(Clone, Debug)]
pub(crate) struct Scaled {
    /// Size of the picture.
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Samples across a block of the least subsampled component: the `n` of the scale.
    pub(crate) block_size: usize,
    pub(crate) components: Vec<ScaledComponent>,
}

/// Sizes of one decoded component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScaledComponent {
    /// Samples across a block: 1 to 8, 10, 12 or 14.
    pub(crate) block_size: usize,
    /// Samples that belong to the picture.
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Rows of samples for every `max_v` rows of the picture.
    pub(crate) group_rows: usize,
    pub(crate) upsampling: Upsampling,
}

/// How samples are brought to the size of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upsampling {
    None,
    FancyH2V1,
    FancyH1V2,
    FancyH2V2,
    Replicate {
        h: usize,
        v: usize,
    },
    /// To a fraction of the size; that is not supported, as in libjpeg.
    Fractional,
}

impl Upsampling {
    /// Whether the rows above and below take part.
    pub(crate) fn needs_context(self) -> bool {
        matches!(self, Self::FancyH1V2 | Self::FancyH2V2)
    }
}

impl Scaled {
    /// Sizes at a scale of `n`/8; `n` is 1 to 8.
    pub(crate) fn new(geometry: &Geometry, n: usize) -> Self {
        let (max_h, max_v) = (geometry.max_h, geometry.max_v);
        let component = |c: &ComponentGeometry| {
            let block_size = scaled_block_size(n, (max_h, c.h), (max_v, c.v));
            let width = (geometry.width * c.h * block_size).div_ceil(max_h * 8);
            let height = (geometry.height * c.v * block_size).div_ceil(max_v * 8);
            let samples = (c.h * block_size / n, c.v * block_size / n);
            let upsampling = upsampling(samples, (max_h, max_v), width, n);
            ScaledComponent { block_size, width, height, group_rows: samples.1, upsampling }
        };
        Self {
            width: (geometry.width * n).div_ceil(8),
            height: (geometry.height * n).div_ceil(8),
            block_size: n,
            components: geometry.components.iter().map(component).collect(),
        }
    }

    /// Whether any of the first `components` needs rows above and below for upsampling.
    pub(crate) fn needs_context(&self, components: usize) -> bool {
        self.components[..components].iter().any(|component| component.upsampling.needs_context())
    }

    /// Refuses what cannot be upsampled among the first `components`.
    pub(crate) fn check_upsampling(&self, components: usize) -> Result<()> {
        let is_fractional = |c: &ScaledComponent| c.upsampling == Upsampling::Fractional;
        if !self.components[..components].iter().any(is_fractional) {
            return Ok(());
        }
        Err(Error::unsupported("a JPEG sampling factor does not divide the largest one")
            .with_help("decode it as grey or as planes"))
    }
}

/// The block size of a component: libjpeg upsamples by the inverse transform as far as powers of
/// two and 8 samples allow (`jpeg_calc_output_dimensions`).
fn scaled_block_size(n: usize, (max_h, h): (usize, usize), (max_v, v): (usize, usize)) -> usize {
    let mut size = n;
    while size < 8
        && (max_h * n).is_multiple_of(h * size * 2)
        && (max_v * n).is_multiple_of(v * size * 2)
    {
        size *= 2;
    }
    size
}

/// The upsampling of `samples` to `target` samples horizontally and vertically.
fn upsampling(
    samples: (usize, usize),
    target: (usize, usize),
    width: usize,
    n: usize,
) -> Upsampling {
    let (h, v) = samples;
    if !target.0.is_multiple_of(h) || !target.1.is_multiple_of(v) {
        return Upsampling::Fractional;
    }
    let fancy = n > 1;
    match (target.0 / h, target.1 / v) {
        (1, 1) => Upsampling::None,
        (2, 1) if fancy && width > 2 => Upsampling::FancyH2V1,
        (1, 2) if fancy => Upsampling::FancyH1V2,
        (2, 2) if fancy && width > 2 => Upsampling::FancyH2V2,
        (h, v) => Upsampling::Replicate { h, v },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::marker::{Coding, Component};

    fn frame(width: u32, height: u32, factors: &[(u8, u8)]) -> Frame {
        let component = |(id, &(h, v))| Component { id: id as u8, h, v, quant_table: 0 };
        Frame {
            offset: 0,
            coding: Coding::Baseline,
            arithmetic: false,
            precision: 8,
            width,
            height,
            components: factors.iter().enumerate().map(component).collect(),
        }
    }

    #[test]
    fn chroma_of_420_is_scaled_by_the_transform() {
        let geometry = Geometry::new(&frame(35, 33, &[(2, 2), (1, 1), (1, 1)]));
        assert_eq!((geometry.mcu_columns, geometry.mcu_rows), (3, 3));
        assert_eq!((geometry.block_rows(0, 2), geometry.block_rows(1, 2)), (1, 1));
        let full = Scaled::new(&geometry, 8);
        assert_eq!(full.components[1].upsampling, Upsampling::FancyH2V2);
        assert_eq!((full.components[1].width, full.components[1].height), (18, 17));
        let half = Scaled::new(&geometry, 4);
        assert_eq!((half.width, half.height, half.components[1].block_size), (18, 17, 8));
        assert_eq!(half.components[1].upsampling, Upsampling::None);
        let three = Scaled::new(&geometry, 3);
        assert_eq!((three.components[1].block_size, three.components[0].block_size), (6, 3));
    }

    #[test]
    fn narrow_and_tiny_pictures_are_replicated() {
        let sampled = |width, n, factors: &[(u8, u8)]| {
            let geometry = Geometry::new(&frame(width, 8, factors));
            Scaled::new(&geometry, n).components[1].upsampling
        };
        let h2v1 = [(2, 1), (1, 1), (1, 1)];
        assert_eq!(sampled(4, 8, &h2v1), Upsampling::Replicate { h: 2, v: 1 });
        assert_eq!(sampled(5, 8, &h2v1), Upsampling::FancyH2V1);
        assert_eq!(sampled(100, 1, &h2v1), Upsampling::Replicate { h: 2, v: 1 });
        let h1v2 = [(1, 2), (1, 1), (1, 1)];
        assert_eq!(sampled(1, 8, &h1v2), Upsampling::FancyH1V2);
        let h4v1 = [(4, 1), (1, 1), (1, 1)];
        assert_eq!(sampled(99, 8, &h4v1), Upsampling::Replicate { h: 4, v: 1 });
    }

    #[test]
    fn fractions_are_refused() {
        let geometry = Geometry::new(&frame(9, 9, &[(3, 1), (2, 1), (1, 1)]));
        let scaled = Scaled::new(&geometry, 8);
        assert_eq!(scaled.components[1].upsampling, Upsampling::Fractional);
        assert!(scaled.check_upsampling(1).is_ok() && scaled.check_upsampling(3).is_err());
    }
}
