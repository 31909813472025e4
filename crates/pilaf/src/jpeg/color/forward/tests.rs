use super::*;
use crate::simd::for_each_level;

fn convert<const N: usize>(level: Level, pixels: &[u8]) -> [Vec<u8>; 3] {
    let mut planes = [(); 3].map(|()| vec![9; pixels.len() / N]);
    let [y, cb, cr] = &mut planes;
    rgb_to_ycc::<N>(level, pixels, [y, cb, cr]);
    planes
}

#[test]
fn known_colours() {
    let pixels = [0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 127, 127, 127];
    let [y, cb, cr] = convert::<3>(Level::Scalar, &pixels);
    assert_eq!(y, [0, 255, 76, 150, 29, 127]);
    assert_eq!(cb, [128, 128, 85, 44, 255, 128]);
    assert_eq!(cr, [128, 128, 255, 21, 107, 128]);
}

#[test]
fn planes_come_apart() {
    let mut planes = [[0; 2]; 3];
    let [a, b, c] = &mut planes;
    deinterleave::<4, 3>(Level::Scalar, &[1, 2, 3, 0, 4, 5, 6, 0], [a, b, c]);
    assert_eq!(planes, [[1, 4], [2, 5], [3, 6]]);
    let [a, b, c] = &mut planes;
    deinterleave_inverted([1, 2, 3].as_slice(), [&mut a[..1], &mut b[..1], &mut c[..1]]);
    assert_eq!(planes, [[254, 4], [253, 5], [252, 6]]);
}

/// All pairs of red and blue with several greens, and rows of every length.
#[test]
fn every_level_equals_scalar() {
    for_each_level(|level| {
        for green in [0, 1, 77, 128, 254, 255] {
            for red in 0..=255 {
                let pixels: Vec<u8> = (0..=255).flat_map(|blue| [red, green, blue]).collect();
                assert!(convert::<3>(level, &pixels) == convert::<3>(Level::Scalar, &pixels));
            }
        }
        let mut state = 5u32;
        for length in (0..=100).chain([720, 2725]) {
            let pixels: Vec<u8> = (0..length * 12)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 20) as u8
                })
                .collect();
            let (three, four) = (&pixels[..length * 3], &pixels[..length * 4]);
            assert!(convert::<3>(level, three) == convert::<3>(Level::Scalar, three), "{length}");
            assert!(convert::<4>(level, four) == convert::<4>(Level::Scalar, four), "{length}");
        }
    });
}
