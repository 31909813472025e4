//! JPEG decoding alone: pilaf at each SIMD level against libjpeg-turbo, one thread.
//!
//! ```sh
//! cargo run --release --manifest-path bench/Cargo.toml --bin jpeg -- PHOTO.jpg           # every case
//! cargo run ... --bin jpeg -- PHOTO.jpg 30 "400 px"                                      # 30 rounds, some
//! cargo run ... --bin jpeg -- PHOTO.jpg 1 "whole 1/8" avx2                               # one level, no peer
//! cargo run ... --bin jpeg -- PHOTO.jpg 1 "whole 1/8" turbo                              # libjpeg-turbo alone
//! ```
//!
//! All cases but the first are made from the photograph. Each round runs all of them one after the other;
//! the ratio of the least times is libjpeg-turbo's time over pilaf's. Pixels are compared first. The columns: into
//! reused memory, into memory of its own (`new`), planes only (`p`).
//! With a level named, that level alone runs, into reused memory, for profilers and `bench/run instructions`.

use std::cell::LazyCell;
use std::time::Instant;

use pilaf::jpeg::{DecodeOptions, Decoder, PlaneRows, PlaneSink, RowSink, Scale};
use pilaf::{EncodeOptions, Filter, Format, Image, Limits, Mode, Subsampling, simd::Level};
use turbojpeg::{Decompressor, PixelFormat, ScalingFactor};

const SCALES: [(&str, u8); 4] = [("1/1", 8), ("1/2", 4), ("1/4", 2), ("1/8", 1)];

struct Case {
    name: &'static str,
    jpeg: Vec<u8>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("usage: jpeg PHOTO.jpg [ROUNDS [CASE [LEVEL]]]");
    let rounds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let wanted = arguments.next().unwrap_or_default();
    let only = arguments.next();
    let photo = std::fs::read(&path).expect("the photograph can be read");
    let is_named = |case: &str, label: &str| format!("{case} {label}").contains(&wanted);
    let cases = cases(photo, |name| SCALES.iter().any(|(label, _)| is_named(name, label)));
    let is_wanted = |level: &Level| match &only {
        Some(name) => level.name() == name,
        None => ["sse41", "avx2", "avx512"].contains(&level.name()),
    };
    let levels: Vec<Level> = Level::available().filter(is_wanted).collect();
    print!("{:18} {:>8}", "milliseconds", "turbo");
    levels.iter().for_each(|level| print!(" {:>8} {:>6}", level.name(), "ratio"));
    print!(" {:>8}", "turbo new");
    levels.iter().for_each(|level| print!(" {:>8} {:>6}", level.name(), "ratio"));
    levels.iter().for_each(|level| print!(" {:>8}", format!("p {}", level.name())));
    println!();
    for case in &cases {
        for (label, eighths) in SCALES {
            if is_named(case.name, label) {
                let name = format!("{} {label}", case.name);
                measure(&name, case, eighths, &levels, rounds, only.as_deref());
            }
        }
    }
}

/// The cases whose names are wanted.
fn cases(photo: Vec<u8>, is_wanted: impl Fn(&str) -> bool) -> Vec<Case> {
    let image = LazyCell::new(|| {
        pilaf::open(&photo).and_then(|file| file.decode()).expect("a JPEG that pilaf reads")
    });
    let narrow = |width: u32| {
        let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width());
        image.resize((width, height as u32), Filter::Lanczos).expect("a good size")
    };
    let flat = || {
        let pixels = [120, 140, 160].repeat(2048 * 1536);
        Image::from_raw(Mode::Rgb, (2048, 1536), pixels).expect("a good size")
    };
    let encode = |image: &Image, options: EncodeOptions| {
        image.encode(Format::Jpeg, &options).expect("a good image")
    };
    let quality = |quality| EncodeOptions::default().quality(quality);
    let make: [(&str, &dyn Fn() -> Vec<u8>); 9] = [
        ("4:4:4 q95", &|| encode(&image, quality(95).subsampling(Subsampling::S444))),
        ("1024 px", &|| encode(&narrow(1024), quality(85))),
        ("400 px", &|| encode(&narrow(400), quality(80))),
        ("flat", &|| encode(&flat(), quality(80))),
        ("smooth", &|| encode(&image, quality(15))),
        ("bordered", &|| encode(&bordered(&image), quality(85))),
        ("progressive", &|| encode(&image, quality(85).progressive(true))),
        ("341 progressive", &|| encode(&narrow(341), quality(85).progressive(true))),
        ("whole", &|| photo.clone()),
    ];
    let wanted = make.into_iter().filter(|(name, _)| is_wanted(name));
    wanted.map(|(name, jpeg)| Case { name, jpeg: jpeg() }).collect()
}

/// The picture at half its size on white paper, as shops show things.
fn bordered(image: &Image) -> Image {
    let (width, height) = (image.width(), image.height());
    let small = image.resize((width / 2, height / 2), Filter::Lanczos).expect("a good size");
    let mut pixels = vec![255; width as usize * height as usize * 3];
    let row = small.width() as usize * 3;
    for (y, line) in small.as_bytes().chunks_exact(row).enumerate() {
        let at = (y + height as usize / 4) * width as usize * 3 + width as usize / 4 * 3;
        pixels[at..at + row].copy_from_slice(line);
    }
    Image::from_raw(Mode::Rgb, (width, height), pixels).expect("a good size")
}

/// Memory that is lent again and again.
struct Canvas {
    data: Vec<u8>,
    row: usize,
}

impl RowSink for Canvas {
    fn lend(&mut self, first: u32, count: u32) -> pilaf::Result<&mut [u8]> {
        Ok(&mut self.data[first as usize * self.row..][..count as usize * self.row])
    }

    fn accept(&mut self, _: u32, _: u32) -> pilaf::Result<()> {
        Ok(())
    }
}

struct Nowhere;

impl PlaneSink for Nowhere {
    fn accept(&mut self, _: usize, _: u32, rows: PlaneRows<'_>) -> pilaf::Result<()> {
        std::hint::black_box(rows);
        Ok(())
    }
}

fn measure(
    name: &str,
    case: &Case,
    eighths: u8,
    levels: &[Level],
    rounds: usize,
    only: Option<&str>,
) {
    let (all, peer) = (only.is_none(), only.is_none_or(|only| only == "turbo"));
    let scale = Scale::eighths(eighths).expect("1 to 8");
    let decoder = |level: Level| {
        let options = DecodeOptions { scale, level, ..DecodeOptions::default() };
        Decoder::new(&case.jpeg, &options, &Limits::default()).expect("a good file")
    };
    let (width, height) = decoder(Level::Scalar).size();
    let row = width as usize * 3;
    let mut ours = Canvas { data: vec![0; row * height as usize], row };
    let mut theirs = ours.data.clone();
    let mut turbo = Decompressor::new().expect("libjpeg-turbo starts");
    turbo.set_scaling_factor(ScalingFactor::new(eighths.into(), 8)).expect("a known scale");
    let mut decompress = |pixels: &mut [u8]| {
        let (width, height) = (width as usize, height as usize);
        let view = turbojpeg::Image { pixels, width, pitch: row, height, format: PixelFormat::RGB };
        turbo.decompress(&case.jpeg, view).expect("a good file");
    };
    // libjpeg-turbo, then each level: reused memory, new memory, planes.
    let mut least = vec![[f64::MAX; 3]; 1 + levels.len()];
    for round in 0..rounds {
        let mut note = |index: usize, column: usize, start: Instant| {
            let ms = start.elapsed().as_secs_f64() * 1e3;
            least[index][column] = ms.min(least[index][column]);
        };
        if peer {
            let start = Instant::now();
            decompress(&mut theirs);
            note(0, 0, start);
        }
        if all {
            let start = Instant::now();
            decompress(&mut vec![0; theirs.len()]);
            note(0, 1, start);
        }
        for (index, &level) in levels.iter().enumerate() {
            let start = Instant::now();
            decoder(level).decode_rows(&mut ours).expect("a good file");
            note(1 + index, 0, start);
            assert!(!all || round > 0 || ours.data == theirs, "{name}: other pixels at {level}");
            if all {
                let start = Instant::now();
                decoder(level).decode().expect("a good file");
                note(1 + index, 1, start);
                let start = Instant::now();
                decoder(level).decode_planes(&mut Nowhere).expect("a good file");
                note(1 + index, 2, start);
            }
        }
    }
    print!("{name:18}");
    for column in 0..2 {
        let turbo = least[0][column];
        print!(" {turbo:8.3}");
        least[1..].iter().for_each(|ms| print!(" {:8.3} {:6.2}", ms[column], turbo / ms[column]));
    }
    least[1..].iter().for_each(|ms| print!(" {:8.3}", ms[2]));
    println!();
}
