//! What the frame header states, and the geometry that follows from it (ITU-T T.81, A.1 and A.2).

use super::options::{EncoderOptions, EntropyCoding, Pixels};
use super::quantization;
use crate::jpeg::quant::QuantTable;

/// Samples across a block.
pub(super) const BLOCK: usize = 8;

/// A component of the picture.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors as the header states them.
    pub(super) factors: (u8, u8),
    /// Blocks of the component in an MCU of all components, across and down: the factors, unless
    /// there is only one component.
    pub(super) mcu: (usize, usize),
    /// How many pixels a sample stands for, across and down: 1 or 2.
    pub(super) step: (usize, usize),
    /// Blocks across and down that hold samples.
    pub(super) blocks: (usize, usize),
    /// Samples across and down, without padding.
    pub(super) size: (usize, usize),
    pub(super) quant_table: u8,
    /// Number of both Huffman tables: 0 or, for chroma, 1.
    pub(super) huffman: usize,
}

/// The picture as the encoder sees it.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) size: (u16, u16),
    pub(super) components: Vec<Component>,
    pub(super) tables: Vec<QuantTable>,
    /// MCUs of all components across and down.
    pub(super) mcus: (usize, usize),
    /// Rows of pixels in a row of MCUs.
    pub(super) mcu_rows: usize,
    pub(super) space: Space,
    pub(super) progressive: bool,
}

/// What the components mean to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Gray,
    YCbCr,
    Rgb,
    Cmyk,
}

impl Space {
    fn of(pixels: Pixels, keep_rgb: bool) -> Self {
        match pixels {
            Pixels::Gray => Self::Gray,
            Pixels::Rgb | Pixels::Rgbx if keep_rgb => Self::Rgb,
            Pixels::Rgb | Pixels::Rgbx | Pixels::YCbCr => Self::YCbCr,
            Pixels::Cmyk => Self::Cmyk,
        }
    }

    /// Names of the components: numbers in JFIF, letters elsewhere.
    fn component_ids(self) -> &'static [u8] {
        match self {
            Self::Gray => &[1],
            Self::YCbCr => &[1, 2, 3],
            Self::Rgb => b"RGB",
            Self::Cmyk => b"CMYK",
        }
    }

    fn is_chroma(self, index: usize) -> bool {
        self == Self::YCbCr && index > 0
    }
}

impl Frame {
    pub(super) fn new(size: (u16, u16), pixels: Pixels, options: &EncoderOptions) -> Self {
        let space = Space::of(pixels, options.keep_rgb);
        let ids = space.component_ids();
        let default = if space == Space::YCbCr { (2, 2) } else { (1, 1) };
        let first = options.sampling.unwrap_or(default);
        let chroma: Vec<bool> = (0..ids.len()).map(|index| space.is_chroma(index)).collect();
        let (tables, used) = quantization::choose(&options.quantization, &chroma);

        // A component alone is coded block by block, whatever its factors.
        let most = if ids.len() == 1 { (1, 1) } else { (first.0.into(), first.1.into()) };
        let pixels = (usize::from(size.0), usize::from(size.1));
        let component = |index: usize| {
            let mcu = if index == 0 { most } else { (1, 1) };
            let step = (most.0 / mcu.0, most.1 / mcu.1);
            let samples = (pixels.0.div_ceil(step.0), pixels.1.div_ceil(step.1));
            Component {
                id: ids[index],
                factors: if index == 0 { first } else { (1, 1) },
                mcu,
                step,
                size: samples,
                blocks: (samples.0.div_ceil(BLOCK), samples.1.div_ceil(BLOCK)),
                quant_table: used[index],
                huffman: chroma[index].into(),
            }
        };
        Self {
            size,
            components: (0..ids.len()).map(component).collect(),
            tables,
            mcus: (pixels.0.div_ceil(most.0 * BLOCK), pixels.1.div_ceil(most.1 * BLOCK)),
            mcu_rows: most.1 * BLOCK,
            space,
            progressive: options.coding == EntropyCoding::Progressive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(size: (u16, u16), pixels: Pixels, sampling: Option<(u8, u8)>) -> Frame {
        let options = EncoderOptions { sampling, ..EncoderOptions::default() };
        Frame::new(size, pixels, &options)
    }

    #[test]
    fn chroma_of_420_is_half_rounded_up() {
        let frame = frame((33, 17), Pixels::Rgb, None);
        let [y, cb, _] = &frame.components[..] else { panic!() };
        assert_eq!((y.mcu, y.blocks, y.size), ((2, 2), (5, 3), (33, 17)));
        assert_eq!((cb.mcu, cb.blocks, cb.size), ((1, 1), (3, 2), (17, 9)));
        assert_eq!((frame.mcus, frame.mcu_rows), ((3, 2), 16));
    }

    #[test]
    fn grey_is_coded_block_by_block() {
        let frame = frame((33, 17), Pixels::Gray, Some((2, 2)));
        let y = &frame.components[0];
        assert_eq!((y.factors, y.mcu, y.blocks), ((2, 2), (1, 1), (5, 3)));
        assert_eq!((frame.mcus, frame.mcu_rows), ((5, 3), 8));
    }

    #[test]
    fn the_fourth_ink_is_subsampled_as_the_second() {
        let frame = frame((16, 16), Pixels::Cmyk, Some((2, 1)));
        let steps: Vec<_> = frame.components.iter().map(|c| c.step).collect();
        assert_eq!(steps, [(1, 1), (2, 1), (2, 1), (2, 1)]);
    }
}
