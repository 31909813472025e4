//! Resizing alone: pilaf's rows against fast_image_resize and pic-scale, plan included, one thread.
//!
//! ```sh
//! bench/run resizer                     # every case, at every level, and Pillow
//! cargo run --release --manifest-path bench/Cargo.toml -p pilaf-bench-resizer -- 20 "RGB lanczos"
//! ```
//!
//! Each round runs the three one after the other on the same pixels, into memory at hand; the
//! least time of each is shown, and the median over the rounds of the ratio of the faster peer to
//! pilaf, beside what it should be. The peers' pixels are not Pillow's.
//!
//! With `PILAF_SIMD` below AVX-512 the peers are to be held to that level too:
//! fast_image_resize, which knows nothing above AVX2, is told so; pic-scale is built without its
//! feature `avx512` (`--no-default-features`), and has no other switch: so at level `avxvnni` it is
//! at AVX2, while its AVX-VNNI paths, which that feature adds, would be fair.

mod peers;

use std::time::Instant;

use pilaf::resample::Filter;
use pilaf::simd::Level;

const SOURCE: (u32, u32) = (2725, 2225);
const SIZES: [(u32, u32); 3] = [(720, 588), (224, 224), (4000, 3000)];
const FILTERS: [Filter; 4] = [Filter::Box, Filter::Bilinear, Filter::Bicubic, Filter::Lanczos];

/// Samples of a pixel and what they mean.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pixel {
    L,
    Rgb,
    /// Four bands, each for itself.
    Cmyk,
    /// Colour is multiplied by alpha and divided again.
    Rgba,
    I16,
    F,
}

impl Pixel {
    const ALL: [Self; 6] = [Self::L, Self::Rgb, Self::Cmyk, Self::Rgba, Self::I16, Self::F];

    fn name(self) -> &'static str {
        ["L", "RGB", "CMYK", "RGBA", "I;16", "F"][self as usize]
    }

    fn bytes(self) -> usize {
        [1, 3, 4, 4, 2, 4][self as usize]
    }
}

struct Case {
    pixel: Pixel,
    size: (u32, u32),
    filter: Filter,
}

impl Case {
    fn name(&self) -> String {
        let Self { pixel, size, filter } = self;
        format!("{} {filter} {}x{}", pixel.name(), size.0, size.1)
    }

    /// The least ratio to the faster peer that this case should have, where there is an aim.
    fn aim(&self, level: &str) -> Option<f64> {
        let (shrinks, filter) = (self.size == SIZES[0], self.filter);
        Some(match (level, self.pixel) {
            (_, Pixel::I16 | Pixel::F) => return None,
            ("avx512", Pixel::Rgb) if shrinks && filter == Filter::Lanczos => 2.2,
            ("avx512", Pixel::Rgb) if shrinks && filter == Filter::Bilinear => 1.8,
            ("avx512", Pixel::Cmyk | Pixel::Rgba) if shrinks && filter == Filter::Lanczos => 1.5,
            ("avx512", Pixel::Rgb) if self.size == SIZES[2] => 2.0,
            ("avx512", Pixel::L) if self.size != SIZES[1] => 3.0,
            ("avx512", _) => 0.9,
            ("avx2" | "avxvnni", Pixel::Rgb) if filter == Filter::Lanczos => 1.0,
            ("avx2" | "avxvnni", Pixel::L) => 1.2,
            _ => return None,
        })
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let wanted = arguments.next().unwrap_or_default();
    let level = Level::get().name();
    let peers = if cfg!(feature = "avx512") { "all their levels" } else { "at most AVX2" };
    println!("\nlevel {level}, peers at {peers}; milliseconds from {}x{}\n", SOURCE.0, SOURCE.1);
    println!("| case | pilaf | fast_image_resize | pic-scale | ratio | aim |");
    println!("|---|--:|--:|--:|--:|--:|");
    for pixel in Pixel::ALL {
        let source = noisy_gradient(pixel);
        for case in
            SIZES.into_iter().flat_map(|size| FILTERS.map(|filter| Case { pixel, size, filter }))
        {
            if case.name().contains(&wanted) {
                measure(&case, &source, rounds, case.aim(level));
            }
        }
    }
}

/// Pixels with slopes and noise, as photographs have.
fn noisy_gradient(pixel: Pixel) -> Vec<u8> {
    let mut state = 1_u32;
    let mut sample = |index: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (index / 7 % 200) as u8 + (state % 50) as u8
    };
    let count = SOURCE.0 as usize * SOURCE.1 as usize;
    if pixel == Pixel::F {
        return (0..count).flat_map(|index| f32::from(sample(index)).to_ne_bytes()).collect();
    }
    (0..count * pixel.bytes()).map(sample).collect()
}

fn measure(case: &Case, source: &[u8], rounds: usize, aim: Option<f64>) {
    let mut runs = peers::all(case, source);
    let mut times = vec![[f64::INFINITY; 3]; rounds];
    for times in &mut times {
        for (time, run) in times.iter_mut().zip(&mut runs) {
            let Some(run) = run else { continue };
            let start = Instant::now();
            run();
            *time = start.elapsed().as_secs_f64() * 1e3;
        }
    }
    let least = [0, 1, 2].map(|run| times.iter().map(|t| t[run]).fold(f64::INFINITY, f64::min));
    let mut ratios: Vec<f64> = times.iter().map(|[ours, a, b]| a.min(*b) / ours).collect();
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[rounds / 2];
    let time = |ms: f64| if ms.is_finite() { format!("{ms:.2}") } else { "-".to_owned() };
    let verdict = match aim {
        Some(aim) if ratio < aim => format!("{aim:.1} missed"),
        Some(aim) => format!("{aim:.1}"),
        None => String::new(),
    };
    let [ours, fir, pic] = least.map(time);
    println!("| {} | {ours} | {fir} | {pic} | {ratio:.2} | {verdict} |", case.name());
}
