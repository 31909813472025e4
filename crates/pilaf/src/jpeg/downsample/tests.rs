use super::*;
use crate::simd::for_each_level;

#[test]
fn halves_are_rounded_in_turn() {
    let mut out = [0; 3];
    h2v1(Level::Scalar, &[1, 2, 1, 2, 1, 2], &mut out);
    assert_eq!(out, [1, 2, 1]);
    h2v2(Level::Scalar, [&[0, 1, 0, 1, 0, 1], &[1, 0, 1, 0, 0, 0]], &mut out);
    assert_eq!(out, [0, 1, 0]);
    h2v2(Level::Scalar, [&[255; 6], &[255; 6]], &mut out);
    assert_eq!(out, [255; 3]);
}

#[test]
fn every_level_equals_scalar() {
    for_each_level(|level| {
        let mut state = 1u32;
        let mut random_row = |length: usize| -> Vec<u8> {
            let next = |state: &mut u32| {
                *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if *state >> 30 == 0 { 255 } else { (*state >> 20) as u8 }
            };
            (0..length).map(|_| next(&mut state)).collect()
        };
        for length in (1..=100).chain([720, 1361]) {
            let (a, b) = (random_row(2 * length), random_row(2 * length));
            let run = |level| {
                let (mut one, mut two) = (vec![9; length], vec![9; length]);
                h2v1(level, &a, &mut one);
                h2v2(level, [&a, &b], &mut two);
                (one, two)
            };
            assert!(run(level) == run(Level::Scalar), "{level}, {length} samples");
        }
    });
}
