//! Resizing alone: pilaf's rows against fast_image_resize and pic-scale, plan included, one thread.
//!
//! ```sh
//! bench/run resizer                     # every case, at every level, and Pillow
//! cargo run --release --manifest-path bench/Cargo.toml -p pilaf-bench-resizer -- 20 "RGB lanczos"
//! ```
//!
//! Each round runs the three one after the other on the same pixels, into memory at hand, each
//! [some times in a row](IN_A_ROW), of which the least time counts. Shown are the least time of all,
//! the median over the rounds of the ratio of the faster peer to pilaf, beside what it should be,
//! and that ratio with the first call of each row alone. The peers' pixels are not Pillow's.
//!
//! A first call may be slower: a server CPU slows its memory down while a core computes within its
//! caches, and takes a millisecond or two of traffic to make it fast again. The faster a resizer
//! is, the more of its time that is, and whoever runs after it finds memory awake.
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
    println!("| case | pilaf | fast_image_resize | pic-scale | ratio | first calls | aim |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
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

/// Calls of one resizer before it is the next one's turn.
const IN_A_ROW: usize = 3;

/// What the three took in one round, in milliseconds; infinite for one that lacks the case.
type Round = [f64; 3];

fn measure(case: &Case, source: &[u8], rounds: usize, aim: Option<f64>) {
    let mut runs = peers::all(case, source);
    let mut firsts = vec![[f64::INFINITY; 3]; rounds];
    let mut leasts = firsts.clone();
    for (first, least) in firsts.iter_mut().zip(&mut leasts) {
        for (index, run) in runs.iter_mut().enumerate() {
            let Some(run) = run else { continue };
            let calls = [(); IN_A_ROW].map(|()| milliseconds(run));
            first[index] = calls[0];
            least[index] = calls.into_iter().fold(f64::INFINITY, f64::min);
        }
    }
    let [ours, fir, pic] = [0, 1, 2].map(|run| {
        let least = leasts.iter().map(|times| times[run]).fold(f64::INFINITY, f64::min);
        if least.is_finite() { format!("{least:.2}") } else { "-".to_owned() }
    });
    let (ratio, first) = (median_ratio(&leasts), median_ratio(&firsts));
    let verdict = match aim {
        Some(aim) if ratio < aim => format!("{aim:.1} missed"),
        Some(aim) => format!("{aim:.1}"),
        None => String::new(),
    };
    println!("| {} | {ours} | {fir} | {pic} | {ratio:.2} | {first:.2} | {verdict} |", case.name());
}

fn milliseconds(run: &mut peers::Run<'_>) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64() * 1e3
}

/// How many times as long the faster peer took as pilaf.
fn median_ratio(rounds: &[Round]) -> f64 {
    let mut ratios: Vec<f64> = rounds.iter().map(|[ours, a, b]| a.min(*b) / ours).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[rounds.len() / 2]
}
