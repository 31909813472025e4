//! Resizing alone: pilaf's rows against fast_image_resize and pic-scale, plan included, one thread.
//!
//! ```sh
//! cargo run --release --manifest-path bench/Cargo.toml --bin resize            # every case
//! PILAF_SIMD=avx2 cargo run ... --bin resize -- 20 "3 lanczos"                 # 20 rounds, some
//! ```
//!
//! Each round runs the three one after the other on the same pixels; the least time of each is
//! shown, and the ratio of the faster peer to pilaf. The peers' pixels are not Pillow's.

use std::time::Instant;

use fast_image_resize as fir;
use pic_scale::{
    ImageSize, ImageStore, ImageStoreMut, ResamplingFunction, Scaler, ThreadingPolicy,
};
use pilaf::resample::{Filter, ResizeOptions, RowResizer};
use pilaf::{Mode, simd::Level};

const SOURCE: (u32, u32) = (2725, 2225);
const SIZES: [(u32, u32); 3] = [(720, 588), (224, 224), (4000, 3000)];
const FILTERS: [Filter; 4] = [Filter::Box, Filter::Bilinear, Filter::Bicubic, Filter::Lanczos];

struct Case {
    bands: usize,
    size: (u32, u32),
    filter: Filter,
    source: Vec<u8>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let wanted = arguments.next().unwrap_or_default();
    println!("level {}, milliseconds, {SOURCE:?}", Level::get());
    println!(
        "{:26} {:>8} {:>8} {:>8} {:>6}",
        "bands, filter, size", "pilaf", "fir", "pic", "ratio"
    );
    for bands in [1, 3, 4] {
        for size in SIZES {
            for filter in FILTERS {
                let name = format!("{bands} {filter} {}x{}", size.0, size.1);
                if name.contains(&wanted) {
                    let source = noisy_gradient(bands);
                    measure(&name, &Case { bands, size, filter, source }, rounds);
                }
            }
        }
    }
}

/// Pixels with slopes and noise, as photographs have.
fn noisy_gradient(bands: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let count = SOURCE.0 as usize * SOURCE.1 as usize * bands;
    let sample = |index: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (index / 7 % 200) as u8 + (state % 50) as u8
    };
    (0..count).map(sample).collect()
}

fn measure(name: &str, case: &Case, rounds: usize) {
    let mut target = vec![0; case.size.0 as usize * case.size.1 as usize * case.bands];
    let mut least = [f64::MAX; 3];
    for _ in 0..rounds {
        for (least, run) in least.iter_mut().zip([run_pilaf, run_fir, run_pic]) {
            let start = Instant::now();
            run(case, &mut target);
            *least = least.min(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    let [ours, fir, pic] = least;
    println!("{name:26} {ours:8.2} {fir:8.2} {pic:8.2} {:6.2}", fir.min(pic) / ours);
}

fn run_pilaf(case: &Case, target: &mut [u8]) {
    let mode = [Mode::L, Mode::LaPremultiplied, Mode::Rgb, Mode::Cmyk][case.bands - 1];
    let options = ResizeOptions::new(case.filter);
    let mut resizer = RowResizer::new(mode, SOURCE, case.size, &options).expect("sizes are good");
    let row = SOURCE.0 as usize * case.bands;
    let target_row = case.size.0 as usize * case.bands;
    let (mut pushed, mut popped) = (0, 0);
    while popped < case.size.1 as usize {
        pushed += resizer.push(&case.source[pushed * row..], row);
        popped += resizer.pop(&mut target[popped * target_row..], target_row);
    }
}

fn run_fir(case: &Case, target: &mut [u8]) {
    use fir::PixelType::{U8, U8x2, U8x3, U8x4};
    let pixel = [U8, U8x2, U8x3, U8x4][case.bands - 1];
    let filter = match case.filter {
        Filter::Box => fir::FilterType::Box,
        Filter::Bilinear => fir::FilterType::Bilinear,
        Filter::Bicubic => fir::FilterType::CatmullRom,
        _ => fir::FilterType::Lanczos3,
    };
    let source = fir::images::ImageRef::new(SOURCE.0, SOURCE.1, &case.source, pixel);
    let (width, height) = case.size;
    let mut target = fir::images::Image::from_slice_u8(width, height, target, pixel)
        .expect("the target has the size");
    let options =
        fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(filter)).use_alpha(false);
    fir::Resizer::new()
        .resize(&source.expect("the source has the size"), &mut target, &options)
        .expect("both have one pixel type");
}

fn run_pic(case: &Case, target: &mut [u8]) {
    let filter = match case.filter {
        Filter::Box => ResamplingFunction::Box,
        Filter::Bilinear => ResamplingFunction::Bilinear,
        Filter::Bicubic => ResamplingFunction::CatmullRom,
        _ => ResamplingFunction::Lanczos3,
    };
    let mut scaler = Scaler::new(filter);
    scaler.set_threading_policy(ThreadingPolicy::Single);
    let sizes = [SOURCE, case.size].map(|(w, h)| ImageSize::new(w as usize, h as usize));
    let [from, to] = sizes;
    macro_rules! resample {
        ($bands:literal, $plan:expr) => {{
            let source =
                ImageStore::<u8, $bands>::from_slice(&case.source, from.width, from.height);
            let mut target = ImageStoreMut::<u8, $bands>::from_slice(target, to.width, to.height)
                .expect("the target has the size");
            let plan = $plan.expect("the sizes are good");
            plan.resample(&source.expect("the source has the size"), &mut target)
                .expect("both have one shape");
        }};
    }
    match case.bands {
        1 => resample!(1, scaler.plan_planar_resampling(from, to)),
        3 => resample!(3, scaler.plan_rgb_resampling(from, to)),
        _ => resample!(4, scaler.plan_rgba_resampling(from, to, false)),
    }
}
