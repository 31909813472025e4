//! Values worked by hand from the filter's definition; libjpeg's pixels are compared in the decoder's tests.

use super::scalar::*;

#[test]
fn h2v1_keeps_the_ends_and_alternates_the_rounding() {
    let mut out = [0; 6];
    fancy_h2v1(&[10, 20, 41], &mut out);
    // 10, (30+20+2)/4, (60+10+1)/4, (60+41+2)/4, (123+20+1)/4, 41
    assert_eq!(out, [10, 13, 17, 25, 36, 41]);
}

#[test]
fn h2v2_weighs_nine_three_three_one() {
    let mut out = [0; 5];
    fancy_h2v2(&[100, 0, 50], &[0, 0, 200], &mut out);
    // columns 300, 0, 350: (1200+8)/16, (900+7)/16, (300+8)/16, (350+7)/16, (1050+8)/16
    assert_eq!(out, [75, 56, 19, 22, 66]);
}

#[test]
fn h1v2_rounds_the_upper_half_down_and_the_lower_up() {
    let (mut upper, mut lower) = ([0; 2], [0; 2]);
    fancy_h1v2(&[1, 255], &[3, 253], Half::Upper, &mut upper);
    fancy_h1v2(&[1, 255], &[3, 253], Half::Lower, &mut lower);
    assert_eq!((upper, lower), ([1, 254], [2, 255]));
}

#[test]
fn one_sample_wide_rows_are_constant() {
    let mut out = [0; 2];
    fancy_h2v1(&[7], &mut out);
    assert_eq!(out, [7, 7]);
    fancy_h2v2(&[7], &[7], &mut out);
    assert_eq!(out, [7, 7]);
}

#[test]
fn replication_may_stop_early() {
    let mut out = [0; 5];
    replicate(&[1, 2], 3, &mut out);
    assert_eq!(out, [1, 1, 1, 2, 2]);
}
