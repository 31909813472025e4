//! Every level decodes to what the scalar one does, which is compared with Pillow elsewhere: sound files and
//! damaged ones, pixels, errors and reports.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;
use crate::jpeg::{EncoderOptions, EntropyCoding, Pixels, RestartInterval};
use crate::simd::{Level, for_each_level};

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % bound
    }
}

/// Smooth shapes with noise of a random strength, or a flat picture.
fn picture(random: &mut Random, width: usize, height: usize, channels: usize) -> Vec<u8> {
    let noise = [0, 1, 4, 40, 255][random.below(5)];
    let (a, b) = (1 + random.below(9), 1 + random.below(9));
    let mut samples = Vec::with_capacity(width * height * channels);
    for y in 0..height {
        for x in 0..width {
            for c in 0..channels {
                let wave = (x * a / 8) ^ (y * b / 16) ^ (c * 50);
                samples.push((wave + random.below(noise + 1)) as u8);
            }
        }
    }
    samples
}

fn encode(random: &mut Random, max_size: usize) -> Vec<u8> {
    let (width, height) = (1 + random.below(max_size), 1 + random.below(max_size));
    let (color, channels) =
        [(ColorType::Luma, 1), (ColorType::Rgb, 3), (ColorType::Rgb, 3), (ColorType::Cmyk, 4)]
            [random.below(4)];
    let samples = picture(random, width, height, channels);
    let mut data = Vec::new();
    let mut encoder = Encoder::new(&mut data, [5, 40, 80, 95, 100][random.below(5)]);
    use SamplingFactor as S;
    let factors = [S::F_1_1, S::F_2_1, S::F_1_2, S::F_2_2, S::F_4_1, S::F_2_2];
    encoder.set_sampling_factor(factors[random.below(6)]);
    // jpeg-encoder counts symbols for optimised tables as if there were no restarts.
    let optimized = random.below(2) == 0;
    encoder.set_optimized_huffman_tables(optimized);
    if !optimized && random.below(2) == 0 {
        encoder.set_restart_interval(1 + random.below(30) as u16);
    }
    encoder.encode(&samples, width as u16, height as u16, color).unwrap();
    data
}

/// A progressive file: its scans are libjpeg's, with two bits of coefficients coming one by one.
fn encode_progressive(random: &mut Random, max_size: usize) -> Vec<u8> {
    let (width, height) = (1 + random.below(max_size), 1 + random.below(max_size));
    let (pixels, channels) =
        [(Pixels::Gray, 1), (Pixels::Rgb, 3), (Pixels::Rgb, 3), (Pixels::Cmyk, 4)][random.below(4)];
    let sampling = [None, Some((1, 1)), Some((2, 1)), Some((2, 2))][random.below(4)];
    let coding = EntropyCoding::Progressive;
    let restarts =
        if random.below(4) == 0 { RestartInterval::Mcus(3) } else { RestartInterval::None };
    let options = EncoderOptions { coding, sampling, restarts, ..EncoderOptions::default() };
    let mut encoder =
        crate::jpeg::Encoder::new((width as u32, height as u32), pixels, &options).unwrap();
    encoder.push_rows(&picture(random, width, height, channels)).unwrap();
    encoder.finish().unwrap()
}

fn damage(random: &mut Random, data: &mut Vec<u8>) {
    match random.below(3) {
        0 => data.truncate(random.below(data.len())),
        1 => (0..1 + random.below(5)).for_each(|_| {
            let at = random.below(data.len());
            data[at] ^= 1 << random.below(8);
        }),
        _ => {
            let from = random.below(data.len());
            let to = from + random.below(data.len() - from);
            data.drain(from..to);
        }
    }
}

/// The planes that reach a sink, one behind the other, and how decoding ended.
fn planes_at(level: Level, data: &[u8], truncated: Truncated) -> (Vec<Vec<u8>>, Option<String>) {
    struct Planes(Vec<Vec<u8>>);
    impl PlaneSink for Planes {
        fn accept(&mut self, component: usize, first: u32, rows: PlaneRows<'_>) -> Result<()> {
            let plane = &mut self.0[component];
            assert_eq!(plane.len(), first as usize * rows.width(), "rows come once, in order");
            rows.iter().for_each(|row| plane.extend(row));
            Ok(())
        }
    }
    let options = DecodeOptions { level, truncated, ..DecodeOptions::default() };
    let mut planes = Planes(vec![Vec::new(); 4]);
    let ended = Decoder::new(data, &options, &Limits::default())
        .and_then(|decoder| decoder.decode_planes(&mut planes));
    (planes.0, ended.err().map(|error| error.to_string()))
}

type Outcome = std::result::Result<(Vec<u8>, Damage), String>;

fn decode_at(level: Level, data: &[u8], n: u8, truncated: Truncated) -> Outcome {
    let options = DecodeOptions {
        level,
        scale: Scale::eighths(n).unwrap(),
        truncated,
        ..DecodeOptions::default()
    };
    Decoder::new(data, &options, &Limits::default())
        .and_then(Decoder::decode)
        .map(|(image, damage)| (image.as_bytes().to_vec(), damage))
        .map_err(|error| error.to_string())
}

fn compare(data: &[u8], n: u8, truncated: Truncated, what: &str) {
    let want = decode_at(Level::Scalar, data, n, truncated);
    for_each_level(|level| {
        let got = decode_at(level, data, n, truncated);
        assert!(got == want, "{what}, {n}/8, {level}: {:?}, {:?}", got.err(), want.as_ref().err());
    });
    compare_readers(data, n, truncated, &want, what);
}

/// Gives some bytes at a time, from one to many.
struct Dribble<'a> {
    data: &'a [u8],
    random: Random,
}

impl std::io::Read for Dribble<'_> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let most = [1, 5, 300, 5000][self.random.below(4)];
        let count = (1 + self.random.below(most)).min(buf.len());
        self.data.read(&mut buf[..count])
    }
}

/// A reader gives the same as a slice: pixels, errors, reports.
fn compare_readers(data: &[u8], n: u8, truncated: Truncated, want: &Outcome, what: &str) {
    for level in [Level::Scalar, Level::get()] {
        let options = DecodeOptions {
            level,
            scale: Scale::eighths(n).unwrap(),
            truncated,
            ..DecodeOptions::default()
        };
        let reader = Dribble { data, random: Random(data.len() as u64 + 1) };
        let got = Decoder::from_reader(reader, &options, &Limits::default())
            .and_then(Decoder::decode)
            .map(|(image, damage)| (image.as_bytes().to_vec(), damage))
            .map_err(|error| error.to_string());
        let texts = (got.as_ref().err(), want.as_ref().err());
        assert!(got == *want, "reader, {what}, {n}/8, {level}: {texts:?}");
    }
}

#[test]
fn sound_files() {
    let mut random = Random(21);
    for round in 0..36 {
        let size = [9, 40, 200][round % 3];
        let data = encode(&mut random, size);
        assert!(decode_at(Level::Scalar, &data, 8, Truncated::Error).is_ok());
        for n in [8, 4, 2, 1, 1 + random.below(8) as u8] {
            compare(&data, n, Truncated::Error, &format!("round {round}"));
        }
    }
}

/// Big enough for several windows of guessed chunks.
#[test]
fn large_files() {
    let mut random = Random(4);
    for round in 0..4 {
        let data = encode(&mut random, 1500);
        compare(&data, [8, 1][round % 2], Truncated::Error, &format!("round {round}"));
    }
}

#[test]
fn damaged_files() {
    let mut random = Random(8);
    for round in 0..120 {
        let mut data = encode(&mut random, [60, 300][round % 2]);
        damage(&mut random, &mut data);
        for truncated in [Truncated::Error, Truncated::Allow] {
            compare(&data, [8, 4, 2, 1][round % 4], truncated, &format!("round {round}"));
        }
    }
}

/// Damage behind many checkpoints, and files cut off near their end, where it matters how far the scalar decoder has
/// read ahead.
#[test]
fn readers_of_large_damaged_files() {
    let mut random = Random(77);
    for round in 0..120 {
        let mut data = encode(&mut random, 700);
        let length = data.len();
        match round % 3 {
            0 => data.truncate(length - random.below(12)),
            1 => data.truncate(length - random.below(length / 4)),
            _ => {
                let at = length - 1 - random.below(length / 4);
                data[at] ^= 1 << random.below(8);
            }
        }
        for truncated in [Truncated::Error, Truncated::Allow] {
            let want = decode_at(Level::get(), &data, 1, truncated);
            compare_readers(&data, 1, truncated, &want, &format!("round {round}"));
        }
    }
}

#[test]
fn progressive_files() {
    let mut random = Random(15);
    for round in 0..60 {
        let data = encode_progressive(&mut random, [9, 60, 250][round % 3]);
        assert!(decode_at(Level::Scalar, &data, 8, Truncated::Error).is_ok());
        for n in [8, 4, 2, 1] {
            compare(&data, n, Truncated::Error, &format!("round {round}"));
        }
    }
}

/// Damage within a scan shows in some row, when those before have been handed on already.
#[test]
fn damaged_progressive_files() {
    let mut random = Random(16);
    for round in 0..200 {
        let mut data = encode_progressive(&mut random, [30, 90, 200][round % 3]);
        damage(&mut random, &mut data);
        for truncated in [Truncated::Error, Truncated::Allow] {
            let what = format!("round {round}");
            compare(&data, [8, 4, 2, 1][round % 4], truncated, &what);
            let want = planes_at(Level::Scalar, &data, truncated);
            for_each_level(|level| {
                let got = planes_at(level, &data, truncated);
                assert!(got == want, "planes, {what}, {level}: {:?}, {:?}", got.1, want.1);
            });
        }
    }
}
