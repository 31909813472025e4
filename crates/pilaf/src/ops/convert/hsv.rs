//! Hue, saturation and value as Python's `colorsys` defines them, in bytes.
//!
//! Pillow mixes `float` and `double`; each narrowing below is one of its own.

/// Hue goes once around in 255 steps; greys have hue and saturation 0.
#[inline(always)]
pub(super) fn from_rgb([r, g, b]: [u8; 3]) -> [u8; 3] {
    let (max, min) = (r.max(g).max(b), r.min(g).min(b));
    if max == min {
        return [0, 0, max];
    }
    let range = f32::from(max - min);
    let saturation = range / f32::from(max);
    let from_max = |v: u8| f32::from(max - v) / range;
    let (rc, gc, bc) = (from_max(r), from_max(g), from_max(b));
    let hue = if r == max {
        bc - gc
    } else if g == max {
        (2.0 + f64::from(rc) - f64::from(bc)) as f32
    } else {
        (4.0 + f64::from(gc) - f64::from(rc)) as f32
    };
    let hue = ((f64::from(hue) / 6.0 + 1.0) % 1.0) as f32;
    [(f64::from(hue) * 255.0) as u8, (f64::from(saturation) * 255.0) as u8, max]
}

#[inline(always)]
pub(super) fn to_rgb([h, s, v]: [u8; 3]) -> [u8; 3] {
    if s == 0 {
        return [v; 3];
    }
    let sector = (f64::from(h) * 6.0 / 255.0).floor();
    let rest = f64::from((f64::from(h) * 6.0 / 255.0 - sector) as f32);
    let saturation = (f64::from(s) / 255.0) as f32;
    let down = saturation * rest as f32;
    let saturation = f64::from(saturation);
    let value = f64::from(v);
    let p = (value * (1.0 - saturation)).round() as u8;
    let q = (value * (1.0 - f64::from(down))).round() as u8;
    let t = (value * (1.0 - saturation * (1.0 - rest))).round() as u8;
    match sector as u8 % 6 {
        0 => [v, t, p],
        1 => [q, v, p],
        2 => [p, v, t],
        3 => [p, q, v],
        4 => [t, p, v],
        _ => [v, p, q],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primaries_have_their_hues() {
        assert_eq!(from_rgb([255, 0, 0]), [0, 255, 255]);
        assert_eq!(from_rgb([0, 255, 0]), [85, 255, 255]);
        assert_eq!(from_rgb([0, 0, 255]), [170, 255, 255]);
        assert_eq!(from_rgb([7, 7, 7]), [0, 0, 7]);
        assert_eq!(to_rgb([85, 255, 255]), [0, 255, 0]);
    }
}
