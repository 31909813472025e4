//! The order in which coefficients are coded (ITU-T T.81, figure A.6).

/// Natural position (`8 * row + column`) of the coefficient that is coded `k`-th.
///
/// Damaged data can push `k` up to 15 past the last coefficient; as in libjpeg, those land on the
/// last one, so the table has 16 entries more than a block.
pub(crate) const NATURAL_ORDER: [u8; 64 + 16] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, //
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, //
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, //
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63, //
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_runs_along_antidiagonals_in_turn() {
        let mut expected: Vec<(u8, u8)> =
            (0..8).flat_map(|r| (0..8).map(move |c| (r, c))).collect();
        expected.sort_by_key(|&(r, c)| (r + c, if (r + c) % 2 == 0 { c } else { r }));
        let order: Vec<(u8, u8)> = NATURAL_ORDER[..64].iter().map(|&p| (p / 8, p % 8)).collect();
        assert_eq!(order, expected);
    }
}
