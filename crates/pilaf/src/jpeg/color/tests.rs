use super::*;
use crate::simd::for_each_level;

/// The exact values of the matrix, in floating point, may differ from the fixed-point ones by one at a tie.
#[test]
fn ycc_is_within_one_of_the_real_matrix() {
    for (y, cb, cr) in (0..=255u8).step_by(5).flat_map(|y| {
        (0..=255u8).step_by(5).flat_map(move |cb| (0..=255u8).step_by(3).map(move |cr| (y, cb, cr)))
    }) {
        let mut out = [0; 3];
        scalar::ycc_to_rgb(&[y], &[cb], &[cr], &mut out);
        let (yf, b, r) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
        let real = [yf + 1.402 * r, yf - 0.344136 * b - 0.714136 * r, yf + 1.772 * b];
        for (got, want) in out.into_iter().zip(real) {
            assert!(
                (f64::from(got) - want.clamp(0.0, 255.0)).abs() <= 0.52,
                "{y} {cb} {cr}: {got} {want}"
            );
        }
    }
}

#[test]
fn neutral_chroma_is_grey() {
    let y: Vec<u8> = (0..=255).collect();
    let (mut rgb, mut cmyk) = ([0; 768], [0; 1024]);
    scalar::ycc_to_rgb(&y, &[128; 256], &[128; 256], &mut rgb);
    ycck_to_cmyk(&y, &[128; 256], &[128; 256], &[9; 256], &mut cmyk);
    for x in 0..=255u8 {
        let at = usize::from(x);
        assert_eq!(rgb[at * 3..at * 3 + 3], [x; 3]);
        assert_eq!(cmyk[at * 4..at * 4 + 4], [255 - x, 255 - x, 255 - x, 9]);
    }
}

#[test]
fn grey_of_rgb_has_the_weights_of_rec_601() {
    let mut out = [0; 4];
    rgb_to_grey(&[255, 0, 0, 255], &[0, 255, 0, 255], &[0, 0, 255, 255], &mut out);
    assert_eq!(out, [76, 150, 29, 255]);
}

#[test]
fn interleaving_and_inversion() {
    let mut out = [0; 6];
    interleave(Level::Scalar, [&[1, 4], &[2, 5], &[3, 6]], &mut out);
    assert_eq!(out, [1, 2, 3, 4, 5, 6]);
    invert(&mut out);
    assert_eq!(out, [254, 253, 252, 251, 250, 249]);
}

#[test]
fn every_level_interleaves() {
    for_each_level(|level| {
        for width in 0..100 {
            let plane =
                |first: usize| -> Vec<u8> { (0..width).map(|x| (x * 3 + first) as u8).collect() };
            let mut out = vec![0; width * 3];
            interleave(level, [&plane(0), &plane(1), &plane(2)], &mut out);
            assert!(out.iter().enumerate().all(|(at, &sample)| sample == at as u8), "{level}");
            let mut planes = [(); 3].map(|()| vec![0; width]);
            let [a, b, c] = &mut planes;
            forward::deinterleave::<3, 3>(level, &out, [a, b, c]);
            assert_eq!(planes, [plane(0), plane(1), plane(2)], "{level}");
        }
    });
}

/// Every pair of chroma values, and rows of every length up to three steps with random ends.
#[test]
fn every_level_equals_scalar() {
    for_each_level(|level| {
        for cb in 0..=255u8 {
            let (y, cr): (Vec<u8>, Vec<u8>) = (0..=255u8).map(|i| (i.wrapping_mul(97), i)).unzip();
            compare(level, &y, ChromaRows::Full { cb: &[cb; 256], cr: &cr });
        }
        let mut state = 1u32;
        let mut row = |length: usize| -> Vec<u8> {
            (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    match state >> 30 {
                        0 => 0,
                        1 => 255,
                        _ => (state >> 20) as u8,
                    }
                })
                .collect()
        };
        for width in (1..=97).chain([500, 513]) {
            let (y, cb, cr, cb2, cr2) =
                (row(width), row(width), row(width), row(width), row(width));
            let (cb, cr, cb2, cr2) = (&cb[..], &cr[..], &cb2[..], &cr2[..]);
            compare(level, &y, ChromaRows::Full { cb, cr });
            compare(level, &y, ChromaRows::FancyH2V1 { cb, cr });
            compare(level, &y, ChromaRows::FancyH2V2 { cb: [cb, cb2], cr: [cr, cr2] });
        }
    });
}

fn compare(level: Level, y: &[u8], chroma: ChromaRows<'_>) {
    let run = |level| {
        let mut out = vec![0; y.len() * 3];
        chroma_to_rgb(level, y, chroma, &mut ChromaScratch::default(), &mut out);
        out
    };
    assert!(run(level) == run(Level::Scalar), "{level}, {} pixels", y.len());
}
