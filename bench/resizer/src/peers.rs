//! The three resizers behind one signature: a closure that does a case once, plan and all.

use fast_image_resize as fir;
use pic_scale::{
    ImageSize, ImageStore, ImageStoreMut, ResamplingFunction, Scaler, ThreadingPolicy,
};
use pilaf::resample::{Filter, ResizeOptions};
use pilaf::{Image, Mode, Resizer, simd::Level};

use crate::{Case, Pixel, SOURCE};

pub type Run<'a> = Box<dyn FnMut() + 'a>;

/// pilaf, fast_image_resize, pic-scale; `None` for what one does not offer.
pub fn all<'a>(case: &'a Case, source: &'a [u8]) -> [Option<Run<'a>>; 3] {
    [Some(pilaf(case, source)), Some(fir(case, source)), pic(case, source)]
}

/// The bytes of a target.
fn target(case: &Case) -> Vec<u8> {
    vec![0; case.size.0 as usize * case.size.1 as usize * case.pixel.bytes()]
}

fn pilaf<'a>(case: &'a Case, source: &[u8]) -> Run<'a> {
    let modes = [Mode::L, Mode::Rgb, Mode::Cmyk, Mode::Rgba, Mode::I16, Mode::F];
    let mode = modes[case.pixel as usize];
    let image = Image::from_raw(mode, SOURCE, source.to_vec()).expect("the source has the size");
    let mut target = Image::from_raw(mode, case.size, target(case)).expect("so has the target");
    let options = ResizeOptions::new(case.filter);
    Box::new(move || {
        // A new resizer each time: one that is kept would have the plan from the first.
        Resizer::new()
            .resize_into(&image, case.size, &options, &mut target)
            .expect("sizes are good");
    })
}

fn fir<'a>(case: &'a Case, source: &'a [u8]) -> Run<'a> {
    use fir::PixelType::{F32, U8, U8x3, U8x4, U16};
    let pixel = [U8, U8x3, U8x4, U8x4, U16, F32][case.pixel as usize];
    let filter = match case.filter {
        Filter::Box => fir::FilterType::Box,
        Filter::Bilinear => fir::FilterType::Bilinear,
        Filter::Bicubic => fir::FilterType::CatmullRom,
        _ => fir::FilterType::Lanczos3,
    };
    let options = fir::ResizeOptions::new()
        .resize_alg(fir::ResizeAlg::Convolution(filter))
        .use_alpha(case.pixel == Pixel::Rgba);
    let source = fir::images::Image::from_vec_u8(SOURCE.0, SOURCE.1, source.to_vec(), pixel)
        .expect("the source has the size");
    let mut target = fir::images::Image::new(case.size.0, case.size.1, pixel);
    Box::new(move || {
        let mut resizer = fir::Resizer::new();
        let lowered = match Level::get().name() {
            "scalar" => Some(fir::CpuExtensions::None),
            #[cfg(target_arch = "x86_64")]
            "sse41" => Some(fir::CpuExtensions::Sse4_1),
            _ => None,
        };
        if let Some(level) = lowered.filter(fir::CpuExtensions::is_supported) {
            // SAFETY: this CPU has the level, as has just been asked.
            unsafe { resizer.set_cpu_extensions(level) };
        }
        resizer.resize(&source, &mut target, &options).expect("both have one pixel type");
    })
}

fn pic<'a>(case: &'a Case, source: &'a [u8]) -> Option<Run<'a>> {
    let filter = match case.filter {
        Filter::Box => ResamplingFunction::Box,
        Filter::Bilinear => ResamplingFunction::Bilinear,
        Filter::Bicubic => ResamplingFunction::CatmullRom,
        _ => ResamplingFunction::Lanczos3,
    };
    let mut scaler = Scaler::new(filter);
    scaler.set_threading_policy(ThreadingPolicy::Single);
    let [from, to] = [SOURCE, case.size].map(|(w, h)| ImageSize::new(w as usize, h as usize));
    macro_rules! resample {
        ($sample:ty, $bands:literal, $read:expr, $plan:expr) => {{
            let size = size_of::<$sample>();
            let samples: Vec<$sample> = source.chunks_exact(size).map($read).collect();
            let mut target = vec![<$sample>::default(); target(case).len() / size];
            let run: Run<'a> = Box::new(move || {
                let source =
                    ImageStore::<$sample, $bands>::from_slice(&samples, from.width, from.height)
                        .expect("the source has the size");
                let mut target =
                    ImageStoreMut::<$sample, $bands>::from_slice(&mut target, to.width, to.height)
                        .expect("the target has the size");
                if size == 2 {
                    target.bit_depth = 16;
                }
                let plan = $plan(&scaler).expect("the sizes are good");
                plan.resample(&source, &mut target).expect("both have one shape");
            });
            Some(run)
        }};
    }
    let byte = |bytes: &[u8]| bytes[0];
    let word = |bytes: &[u8]| u16::from_le_bytes([bytes[0], bytes[1]]);
    let float = |bytes: &[u8]| f32::from_ne_bytes(bytes.try_into().expect("four bytes"));
    match case.pixel {
        Pixel::L => resample!(u8, 1, byte, |s: &Scaler| s.plan_planar_resampling(from, to)),
        Pixel::Rgb => resample!(u8, 3, byte, |s: &Scaler| s.plan_rgb_resampling(from, to)),
        Pixel::Cmyk => resample!(u8, 4, byte, |s: &Scaler| s.plan_rgba_resampling(from, to, false)),
        Pixel::Rgba => resample!(u8, 4, byte, |s: &Scaler| s.plan_rgba_resampling(from, to, true)),
        Pixel::I16 => {
            resample!(u16, 1, word, |s: &Scaler| s.plan_planar_resampling16(from, to, 16))
        }
        Pixel::F => resample!(f32, 1, float, |s: &Scaler| s.plan_planar_resampling_f32(from, to)),
    }
}
