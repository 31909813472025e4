//! Estimating coefficients that a progressive file does not bring (ITU-T T.81, K.8, widened).
//!
//! A progressive file that was cut off has its DC coefficients long before the rest. libjpeg-turbo
//! then estimates the first nine AC coefficients of a block from the DC coefficients of the 5x5
//! blocks around it. The weights are those of its `decompress_smooth_data`: with no AC data at
//! all, a Gaussian-like kernel that also smooths the DC; otherwise the formulas of K.8 over a
//! wider window for the first five.

use super::coefficients::CoefficientPlane;
use super::geometry::ComponentGeometry;
use crate::jpeg::dct::idct::Block;
use crate::jpeg::marker::Scan;

/// Coefficients that are estimated, counted with the DC.
const SAVED: usize = 10;
/// Natural positions of the first ten coefficients.
const POSITIONS: [usize; SAVED] = [0, 1, 8, 16, 9, 2, 3, 10, 17, 24];

/// The bit position to which each coefficient of a component is known; -1 if not at all.
type Accuracy = [i32; 64];

/// How far the scans of a progressive file have come.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    current: Vec<Accuracy>,
    /// As it was before the last scan of the component.
    previous: Vec<Accuracy>,
    scans: u32,
}

impl Progress {
    pub(super) fn new(components: usize) -> Self {
        Self { current: vec![[-1; 64]; components], previous: vec![[-1; 64]; components], scans: 0 }
    }

    /// Notes that `scan` begins.
    pub(super) fn start_scan(&mut self, scan: &Scan) {
        self.scans += 1;
        let (start, end) = (usize::from(scan.spectral_start), usize::from(scan.spectral_end));
        for component in &scan.components {
            let current = &mut self.current[component.index];
            let previous = &mut self.previous[component.index];
            for k in start.min(1)..=end.max(SAVED - 1) {
                previous[k] = if self.scans > 1 { current[k] } else { 0 };
            }
            current[start..=end].fill(scan.approximation_low.into());
        }
    }

    /// Whether estimates would help, and all that they need is known. `quants` are the tables of
    /// the components.
    pub(super) fn needs_smoothing(&self, quants: &[Option<[u16; 64]>]) -> bool {
        let usable = self.current.iter().zip(quants).all(|(current, quant)| {
            current[0] >= 0 && quant.is_some_and(|q| POSITIONS.iter().all(|&p| q[p] != 0))
        });
        usable && self.current.iter().any(|current| current[1..SAVED].iter().any(|&bit| bit != 0))
    }

    /// The accuracy of a component's first coefficients: after the last scan, or before it for
    /// those rows of blocks that the last scan did not reach.
    pub(super) fn accuracy(&self, component: usize, reached: bool) -> [i32; SAVED] {
        let (current, previous) = (&self.current[component], &self.previous[component]);
        std::array::from_fn(|k| match (reached, self.scans > 1) {
            (true, _) => current[k],
            (false, true) => previous[k],
            (false, false) => -1,
        })
    }
}

/// The rows of blocks around one, as far as they exist.
pub(super) struct Neighbourhood<'p> {
    /// From two rows above to two rows below; at an edge the nearest row again.
    pub(super) rows: [&'p [Block]; 5],
}

impl<'p> Neighbourhood<'p> {
    /// The rows around block row `y` of MCU row `mcu_row`.
    ///
    /// Where a picture ends is told as libjpeg tells it: by the rows of MCUs times the block rows
    /// of *this* row of MCUs, so that padding counts as picture except in the last row of MCUs.
    pub(super) fn new(
        plane: &'p CoefficientPlane,
        component: &ComponentGeometry,
        (mcu_row, mcu_rows): (usize, usize),
        (y, block_rows): (usize, usize),
    ) -> Self {
        let stored = mcu_row * component.v + y;
        let (row, count) = (mcu_row * block_rows + y, mcu_rows * block_rows);
        let above = if row > 0 { stored - 1 } else { stored };
        let above_above = if row > 1 { stored - 2 } else { above };
        let below = if row + 1 < count { stored + 1 } else { stored };
        let below_below = if row + 2 < count { stored + 2 } else { below };
        let rows = [above_above, above, stored, below, below_below].map(|row| plane.row(row));
        Self { rows }
    }

    /// The 25 DC coefficients around block `x` of a row of `width`, 5 by 5 from the top left.
    fn dc_window(&self, x: usize, width: usize) -> [i32; 25] {
        let last = width - 1;
        let columns =
            [x.saturating_sub(2), x.saturating_sub(1), x, (x + 1).min(last), (x + 2).min(last)];
        std::array::from_fn(|i| self.rows[i / 5][columns[i % 5]][0].into())
    }

    /// Block `x` of a row of `width`, with estimates for what is not known.
    pub(super) fn smooth(
        &self,
        x: usize,
        width: usize,
        accuracy: &[i32; SAVED],
        quant: &[u16; 64],
    ) -> Block {
        let mut block = self.rows[2][x];
        let dc = self.dc_window(x, width);
        let without_ac = accuracy[1..].iter().all(|&bit| bit == -1);
        let kernels: &[[i32; 25]] = if without_ac { &GAUSSIAN } else { &AC_FROM_DC };
        for (k, kernel) in (1..).zip(kernels) {
            let position = POSITIONS[k];
            if accuracy[k] != 0 && block[position] == 0 {
                let estimate = estimate(&dc, kernel, quant[0], quant[position], accuracy[k]);
                block[position] = estimate;
            }
        }
        if without_ac {
            block[0] = estimate(&dc, &DC, quant[0], quant[0], -1);
        }
        block
    }
}

/// The weighted sum of `dc` in units of `quant`, rounded, and less than the bit that is known.
fn estimate(dc: &[i32; 25], kernel: &[i32; 25], dc_quant: u16, quant: u16, bit: i32) -> i16 {
    let sum: i32 = dc.iter().zip(kernel).map(|(&dc, &weight)| dc.wrapping_mul(weight)).sum();
    let scaled = i64::from(dc_quant) * i64::from(sum);
    let quant = i64::from(quant);
    let mut size = ((quant << 7) + scaled.abs()) / (quant << 8);
    if bit > 0 {
        size = size.min((1 << bit) - 1);
    }
    (if scaled < 0 { -size } else { size }) as i16
}

/// Weights for the DC coefficient when no AC coefficient is known, in 1/256.
#[rustfmt::skip]
const DC: [i32; 25] = [
    -2, -6, -8, -6, -2,
    -6,  6, 42,  6, -6,
    -8, 42, 152, 42, -8,
    -6,  6, 42,  6, -6,
    -2, -6, -8, -6, -2,
];

/// Weights for coefficients 1 to 9 in zigzag order when no AC coefficient is known, in 1/256.
#[rustfmt::skip]
const GAUSSIAN: [[i32; 25]; 9] = [
    [-1, -1, 0, 1, 1,  -3, 13, 0, -13, 3,  -3, 38, 0, -38, 3,  -3, 13, 0, -13, 3,  -1, -1, 0, 1, 1],
    [-1, -3, -3, -3, -1,  -1, 13, 38, 13, -1,  0, 0, 0, 0, 0,  1, -13, -38, -13, 1,  1, 3, 3, 3, 1],
    [0, 0, 1, 0, 0,  0, 2, 7, 2, 0,  0, -5, -14, -5, 0,  0, 2, 7, 2, 0,  0, 0, 1, 0, 0],
    [-1, 0, 0, 0, 1,  0, 9, 0, -9, 0,  0, 0, 0, 0, 0,  0, -9, 0, 9, 0,  1, 0, 0, 0, -1],
    [0, 0, 0, 0, 0,  0, 2, -5, 2, 0,  1, 7, -14, 7, 1,  0, 2, -5, 2, 0,  0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0,  0, 1, 0, -1, 0,  0, 2, 0, -2, 0,  0, 1, 0, -1, 0,  0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0,  0, 1, -3, 1, 0,  0, 0, 0, 0, 0,  0, -1, 3, -1, 0,  0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0,  0, 1, 0, -1, 0,  0, -3, 0, 3, 0,  0, 1, 0, -1, 0,  0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0,  0, 1, 2, 1, 0,  0, 0, 0, 0, 0,  0, -1, -2, -1, 0,  0, 0, 0, 0, 0],
];

/// Weights for coefficients 1 to 5 in zigzag order when some AC data is known, in 1/256.
#[rustfmt::skip]
const AC_FROM_DC: [[i32; 25]; 5] = [
    [0, 0, 0, 0, 0,  0, 0, 0, 0, 0,  -7, 50, 0, -50, 7,  0, 0, 0, 0, 0,  0, 0, 0, 0, 0],
    [0, 0, -7, 0, 0,  0, 0, 50, 0, 0,  0, 0, 0, 0, 0,  0, 0, -50, 0, 0,  0, 0, 7, 0, 0],
    [0, 0, -1, 0, 0,  0, 0, 13, 0, 0,  0, 0, -24, 0, 0,  0, 0, 13, 0, 0,  0, 0, -1, 0, 0],
    [0, -1, 0, 1, 0,  -1, 10, 0, -10, 1,  0, 0, 0, 0, 0,  1, -10, 0, 10, -1,  0, 1, 0, -1, 0],
    [0, 0, 0, 0, 0,  0, 0, 0, 0, 0,  -1, 13, -24, 13, -1,  0, 0, 0, 0, 0,  0, 0, 0, 0, 0],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_of_ac_ignore_a_flat_picture() {
        for kernel in GAUSSIAN.iter().chain(&AC_FROM_DC) {
            assert_eq!(kernel.iter().sum::<i32>(), 0);
        }
        assert_eq!(DC.iter().sum::<i32>(), 256);
    }

    #[test]
    fn estimates_stay_below_the_known_bit() {
        let mut dc = [0; 25];
        dc[11] = 1000;
        assert_eq!(estimate(&dc, &AC_FROM_DC[0], 16, 16, -1), 195);
        assert_eq!(estimate(&dc, &AC_FROM_DC[0], 16, 16, 3), 7);
        dc[11] = -1000;
        assert_eq!(estimate(&dc, &AC_FROM_DC[0], 16, 16, 3), -7);
    }
}
