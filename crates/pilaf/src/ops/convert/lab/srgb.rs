//! sRGB as a profile describes it (IEC 61966-2-1), seen under D50 as profiles want it.

/// Three rows of three numbers.
pub(super) type Matrix = [[f64; 3]; 3];

/// The white of profiles (ICC.1, 6.3.4.3), in XYZ.
pub(super) const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

/// Chromaticities of the white of sRGB, and of its red, green and blue.
const D65: [f64; 2] = [0.3127, 0.3290];
pub(super) const PRIMARIES: [[f64; 2]; 3] = [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]];

/// The curve: `c x` below `d`, `(a x + b)^g` from there on.
pub(super) const G: f64 = 2.4;
pub(super) const A: f64 = 1.0 / 1.055;
pub(super) const B: f64 = 0.055 / 1.055;
pub(super) const C: f64 = 1.0 / 12.92;
pub(super) const D: f64 = 0.04045;

/// Light of a sample.
pub(super) fn light(sample: f64) -> f64 {
    if sample >= D { (A * sample + B).powf(G) } else { sample * C }
}

/// Sample of a light.
pub(super) fn sample(light: f64) -> f64 {
    if light >= (A * D + B).powf(G) { (light.powf(1.0 / G) - B) / A } else { light / C }
}

/// XYZ under D50 of red, green and blue, a column each: the primaries scaled so that they sum up to
/// white, which is then adapted.
pub(super) fn colorants() -> Matrix {
    let [r, g, b] = PRIMARIES;
    let rest = |[x, y]: [f64; 2]| 1.0 - x - y;
    let primaries = [[r[0], g[0], b[0]], [r[1], g[1], b[1]], [rest(r), rest(g), rest(b)]];
    let scale = apply(&inverse(&primaries), white());
    let scaled = primaries.map(|row| std::array::from_fn(|band| scale[band] * row[band]));
    product(&adaptation(), &scaled)
}

/// From the white of sRGB to D50, in the sharpened cones of Bradford (Lam 1985).
pub(super) fn adaptation() -> Matrix {
    const CONES: Matrix =
        [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
    let (from, to) = (apply(&CONES, white()), apply(&CONES, D50));
    let mut scale = Matrix::default();
    (0..3).for_each(|cone| scale[cone][cone] = to[cone] / from[cone]);
    product(&inverse(&CONES), &product(&scale, &CONES))
}

/// XYZ of the white of sRGB.
fn white() -> [f64; 3] {
    let [x, y] = D65;
    [x / y, 1.0, (1.0 - x - y) / y]
}

/// Sums from the first to the last, whose rounding the result depends on.
fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn apply(matrix: &Matrix, v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| dot(row, v))
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    a.map(|row| std::array::from_fn(|column| dot(row, b.map(|row| row[column]))))
}

/// By cofactors, of a matrix that has one.
pub(super) fn inverse(m: &Matrix) -> Matrix {
    let minor = |(r0, c0): (usize, usize), (r1, c1): (usize, usize)| {
        m[r0][c0] * m[r1][c1] - m[r0][c1] * m[r1][c0]
    };
    let cofactor = |row: usize, column: usize| {
        // Going round the indices gives each cofactor its sign.
        let ((r0, r1), (c0, c1)) = (next(row), next(column));
        minor((r0, c0), (r1, c1))
    };
    let determinant = dot(m[0], std::array::from_fn(|column| cofactor(0, column)));
    std::array::from_fn(|row| std::array::from_fn(|column| cofactor(column, row) / determinant))
}

/// The two indices that follow, going round.
fn next(index: usize) -> (usize, usize) {
    ((index + 1) % 3, (index + 2) % 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_green_and_blue_sum_up_to_white() {
        for (row, white) in colorants().into_iter().zip(D50) {
            assert!((row.iter().sum::<f64>() - white).abs() < 1e-12);
        }
    }

    #[test]
    fn light_and_samples_are_inverse() {
        for at in 0..=1000 {
            let v = f64::from(at) / 1000.0;
            assert!((sample(light(v)) - v).abs() < 1e-7, "{v}");
        }
    }
}
