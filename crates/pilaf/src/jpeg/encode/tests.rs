use super::*;
use crate::ErrorKind;
use crate::limits::Limits;
use crate::simd::for_each_level;

/// Pixels with gradients and noise.
fn picture(size: (u32, u32), pixels: Pixels, noise: u64) -> Vec<u8> {
    let mut state = noise.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let row = size.0 as usize * pixels.bytes();
    (0..row * size.1 as usize)
        .map(|at| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let slope = at % row / pixels.bytes() + at / row * 2 + at % pixels.bytes() * 40;
            (slope as u64 + state % (noise + 1)) as u8
        })
        .collect()
}

fn encode(level: Level, size: (u32, u32), pixels: Pixels, options: &EncoderOptions) -> Vec<u8> {
    let mut encoder = Encoder::with_level(level, size, pixels, options).unwrap();
    encoder.push_rows(&picture(size, pixels, u64::from(size.0 % 7) * 20)).unwrap();
    encoder.finish().unwrap()
}

const ALL_PIXELS: [Pixels; 5] =
    [Pixels::Gray, Pixels::Rgb, Pixels::Rgbx, Pixels::YCbCr, Pixels::Cmyk];
const CODINGS: [EntropyCoding; 3] =
    [EntropyCoding::Standard, EntropyCoding::Optimized, EntropyCoding::Progressive];
const SAMPLINGS: [Option<(u8, u8)>; 4] = [None, Some((1, 1)), Some((2, 1)), Some((2, 2))];

/// Every combination of pixels, coding and sampling.
fn for_each_form(mut body: impl FnMut(Pixels, &EncoderOptions)) {
    for pixels in ALL_PIXELS {
        for coding in CODINGS {
            for sampling in SAMPLINGS {
                body(pixels, &EncoderOptions { coding, sampling, ..EncoderOptions::default() });
            }
        }
    }
}

#[test]
fn every_level_writes_the_same_bytes() {
    for_each_level(|level| {
        for_each_form(|pixels, options| {
            for size in [(1, 1), (17, 9), (67, 18)] {
                let want = encode(Level::Scalar, size, pixels, options);
                let got = encode(level, size, pixels, options);
                assert!(got == want, "{level} {pixels:?} {size:?} {options:?}");
            }
        });
    });
}

/// The coefficients of one picture are the same however they are coded.
#[test]
fn codings_hold_the_same_picture() {
    for pixels in ALL_PIXELS {
        for restarts in [RestartInterval::None, RestartInterval::Mcus(3), RestartInterval::Rows(1)]
        {
            let decoded = CODINGS.map(|coding| {
                let options = EncoderOptions { coding, restarts, ..EncoderOptions::default() };
                let file = encode(Level::get(), (83, 41), pixels, &options);
                let options = crate::jpeg::DecodeOptions::default();
                crate::jpeg::decode(&file, &options, &Limits::default()).unwrap().into_bytes()
            });
            assert!(decoded[0] == decoded[1], "{pixels:?} {restarts:?} optimized");
            assert!(decoded[0] == decoded[2], "{pixels:?} {restarts:?} progressive");
        }
    }
}

#[test]
fn rows_may_come_in_any_portions() {
    for_each_form(|pixels, options| {
        let size = (37, 35);
        let data = picture(size, pixels, 50);
        let row = 37 * pixels.bytes();
        let run = |portion: usize| {
            let mut encoder = Encoder::new(size, pixels, options).unwrap();
            for rows in data.chunks(row * portion) {
                encoder.push_rows(rows).unwrap();
            }
            encoder.finish().unwrap()
        };
        let whole = run(35);
        assert!([1, 3, 16].into_iter().all(|portion| run(portion) == whole));
    });
}

/// Planes of the right resolution give the file that their pixels give.
#[test]
fn samples_give_the_file_of_their_pixels() {
    for sampling in SAMPLINGS {
        let options = EncoderOptions { sampling, ..EncoderOptions::default() };
        let pixels = [90, 140, 60].repeat(45 * 29);
        let mut encoder = Encoder::new((45, 29), Pixels::YCbCr, &options).unwrap();
        encoder.push_rows(&pixels).unwrap();
        let want = encoder.finish().unwrap();

        let mut encoder = Encoder::new((45, 29), Pixels::YCbCr, &options).unwrap();
        let mut left: Vec<usize> = (0..3).map(|c| encoder.component_size(c).1).collect();
        while left.iter().any(|&rows| rows > 0) {
            for (component, sample) in [90, 140, 60].into_iter().enumerate() {
                let rows = encoder.mcu_rows(component).min(left[component]);
                let row = vec![sample; encoder.component_size(component).0];
                for _ in 0..rows {
                    encoder.push_samples(component, &row).unwrap();
                }
                left[component] -= rows;
            }
        }
        assert!(encoder.finish().unwrap() == want, "{sampling:?}");
    }
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let options = EncoderOptions::default();
    let new = || Encoder::new((10, 20), Pixels::Rgb, &options).unwrap();
    assert!(new().push_rows(&[0; 31]).is_err(), "a part of a row");
    assert!(new().push_rows(&[0; 30 * 21]).is_err(), "a row too many");
    let mut encoder = new();
    encoder.push_rows(&[0; 30 * 19]).unwrap();
    assert!(encoder.push_samples(0, &[0; 10]).is_err(), "another form");
    assert_eq!(encoder.finish().unwrap_err().kind(), ErrorKind::Parameter);
    let mut encoder = new();
    assert!(encoder.push_samples(1, &[0; 10]).is_err(), "chroma has five columns");
    assert!(encoder.push_samples(3, &[0; 10]).is_err(), "three components");
    for _ in 0..16 {
        encoder.push_samples(0, &[0; 10]).unwrap();
    }
    assert!(encoder.push_samples(0, &[0; 10]).is_err(), "too far ahead");
}

#[test]
fn options_that_no_file_can_hold_are_refused() {
    let refused = |size, change: &dyn Fn(&mut EncoderOptions)| {
        let mut options = EncoderOptions::default();
        change(&mut options);
        Encoder::new(size, Pixels::Rgb, &options).err().unwrap().kind() == ErrorKind::Parameter
    };
    assert!(refused((0, 5), &|_| ()) && refused((5, 65_536), &|_| ()));
    assert!(refused((5, 5), &|o| o.quantization = Quantization::Quality(101)));
    assert!(refused((5, 5), &|o| o.quantization = Quantization::Tables(Vec::new())));
    assert!(refused((5, 5), &|o| o.sampling = Some((4, 1))));
    assert!(refused((5, 5), &|o| (o.keep_rgb, o.sampling) = (true, Some((2, 2)))));
    assert!(refused((5, 5), &|o| o.segments.push((0xFE, vec![0; 65_534]))));
}
