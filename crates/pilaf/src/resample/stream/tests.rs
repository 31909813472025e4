use proptest::prelude::*;

use super::super::passes::{self, Layout, Narrow, Passes};
use super::super::wide::Wide;
use super::super::{Profile, alpha};
use super::*;
use crate::simd::for_each_level;

/// A geometry, with regions and both pass orders.
fn geometries() -> impl Strategy<Value = Geometry> {
    let side = || prop_oneof![1..20_u32, 1..300_u32];
    let part = || prop_oneof![Just((0.0, 1.0)), (0.0..0.5, 0.5..1.0)];
    let sides = (side(), side(), side(), side());
    // Where boxes of whole pixels end on samples, weights depend on rounding.
    (sides, part(), part(), any::<bool>()).prop_map(|((w, h, ow, oh), x, y, whole)| {
        let edge = |part: f64, side: u32| {
            let edge = part * f64::from(side);
            if whole { edge.round() } else { edge }
        };
        let region = (edge(x.0, w), edge(y.0, h), edge(x.1, w), edge(y.1, h));
        Geometry::new((w, h), Some(region), (ow, oh)).unwrap()
    })
}

/// Noise, extremes, or one value.
fn noise(len: usize, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    match next() % 5 {
        0 => vec![next() as u8; len],
        1 | 2 => (0..len).map(|_| (next() >> 31) as u8 * 255).collect(),
        _ => (0..len).map(|_| next() as u8).collect(),
    }
}

/// Some of `height` rows, at least one.
fn part(height: usize, seed: u32) -> Range<usize> {
    let start = seed as usize % height;
    start..start + 1 + (seed >> 16) as usize % (height - start)
}

/// Pushes `step` rows at a time, from rows with `gap` bytes between them.
fn stream(resizer: &mut RowResizer, source: &[u8], step: usize, gap: usize) -> Vec<u8> {
    let stride = resizer.row_bytes + gap;
    let mut padded = Vec::new();
    for row in source.chunks_exact(resizer.row_bytes) {
        padded.extend_from_slice(row);
        padded.resize(padded.len() + gap, 99);
    }
    let mut target = Vec::new();
    let mut row = vec![0; resizer.target_bytes];
    for mut rows in padded.chunks(step * stride) {
        while !rows.is_empty() {
            let pushed = resizer.push(rows, stride);
            rows = &rows[(pushed * stride).min(rows.len())..];
            while resizer.pop(&mut row, resizer.target_bytes) == 1 {
                target.extend_from_slice(&row);
            }
        }
    }
    target
}

/// Rows that only move: all taps of a window but one weigh nothing, and a window without them would
/// end before the rows that the ring waits for.
#[test]
fn rows_that_only_move_come_out() {
    let region = Some((2.0, 52.0, 3.0, 124.0));
    let geometry = Geometry::new((13, 129), region, (4, 72)).unwrap();
    for filter in Filter::ALL.into_iter().filter(|&filter| filter != Filter::Nearest) {
        let source = noise(13 * 129 * 3, 3);
        let mut wanted = vec![0; 4 * 72 * 3];
        run_specification::<Narrow>(Mode::Rgb, &geometry, filter, &source, &mut wanted);
        check_levels(Mode::Rgb, &geometry, filter, &source, &wanted, (3, 7, 0));
    }
}

/// Of 1, 2, 3 and 4 bands.
const PLAIN_MODES: &[Mode] = &[Mode::L, Mode::LaPremultiplied, Mode::Rgb, Mode::Cmyk];

fn filters() -> impl Strategy<Value = Filter> {
    proptest::sample::select(&Filter::ALL[1..])
}

proptest! {
    #[test]
    fn every_level_gives_the_pixels_of_the_specification(
        geometry in geometries(),
        filter in filters(),
        mode in proptest::sample::select(PLAIN_MODES),
        seed in any::<u32>(),
        step in 1..40_usize,
        gap in 0..5_usize,
    ) {
        let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * mode.bands();
        let source = noise(pixels(geometry.source), seed);
        let mut wanted = vec![0; pixels(geometry.size)];
        run_specification::<Narrow>(mode, &geometry, filter, &source, &mut wanted);
        check_levels(mode, &geometry, filter, &source, &wanted, (seed, step, gap));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_level_gives_the_pixels_of_the_specification_of_wide_samples(
        geometry in geometries(),
        filter in filters(),
        mode in proptest::sample::select(&[Mode::I16, Mode::I16B, Mode::I, Mode::F]),
        seed in any::<u32>(),
        step in 1..40_usize,
        gap in 0..5_usize,
    ) {
        let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * mode.pixel_bytes();
        let mut source = noise(pixels(geometry.source), seed);
        if mode == Mode::F {
            // Numbers of many sizes, none of them special.
            source.chunks_exact_mut(4).for_each(|v| {
                let number = (f32::from(v[0]) - 99.0) * 2.0_f32.powi(i32::from(v[1] % 40));
                v.copy_from_slice(&number.to_ne_bytes());
            });
        }
        let mut wanted = vec![0; pixels(geometry.size)];
        let run = match mode {
            Mode::I16 => run_specification::<Wide<U16<false>>>,
            Mode::I16B => run_specification::<Wide<U16<true>>>,
            Mode::I => run_specification::<Wide<I32>>,
            _ => run_specification::<Wide<F32>>,
        };
        run(mode, &geometry, filter, &source, &mut wanted);
        check_levels(mode, &geometry, filter, &source, &wanted, (seed, step, gap));
    }
}

fn run_specification<P: Passes>(
    mode: Mode,
    geometry: &Geometry,
    filter: Filter,
    source: &[u8],
    target: &mut [u8],
) {
    let layout = Layout { bands: mode.bands(), sample_bytes: mode.sample().bytes() };
    let plan = passes::Plan::new::<P>(layout, geometry, filter);
    plan.run::<P>(source, 0..geometry.size.1 as usize, target);
}

/// Holds whole, streamed and partial resizes at every level against `wanted`.
fn check_levels(
    mode: Mode,
    geometry: &Geometry,
    filter: Filter,
    source: &[u8],
    wanted: &[u8],
    (seed, step, gap): (u32, usize, usize),
) {
    for_each_level(|level| {
        let mut resizer = RowResizer::for_geometry(level, mode, geometry, Method::Pillow(filter));
        let mut whole = vec![0; wanted.len()];
        resizer.run(source, 0..resizer.height, &mut whole);
        assert!(whole == wanted, "{level}: {geometry:?} {filter} {mode}");
        resizer.restart();
        let streamed = stream(&mut resizer, source, step, gap);
        assert!(streamed == wanted, "{level} streamed: {geometry:?} {filter} {mode}");
        let rows = part(resizer.height, seed);
        let part = &mut whole[..rows.len() * resizer.target_bytes];
        resizer.fork().run(source, rows.clone(), part);
        let wanted = &wanted[rows.start * resizer.target_bytes..][..part.len()];
        assert!(part == wanted, "{level} {rows:?}: {geometry:?} {filter} {mode}");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Stands in for AVX-512 where the CPU lacks it.
    #[test]
    fn modelled_instructions_give_the_pixels_of_the_specification(
        geometry in geometries(),
        filter in filters(),
        mode in proptest::sample::select(PLAIN_MODES),
        seed in any::<u32>(),
    ) {
        let bands = mode.bands();
        let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * bands;
        let source = noise(pixels(geometry.source), seed);
        let mut wanted = vec![0; pixels(geometry.size)];
        run_specification::<Narrow>(mode, &geometry, filter, &source, &mut wanted);
        let kernels = super::super::kernels::ModelledQuads;
        let weights = PassWeights::new(Level::get(), &geometry, filter);
        let pixels = Pixels { bands, bytes: bands, coding: Coding::Plain };
        let stream = pack(kernels, Level::Scalar, pixels, &geometry, &weights).unwrap();
        let mut resizer = RowResizer {
            stream,
            level: Level::Scalar,
            row_bytes: geometry.source.0 as usize * bands,
            target_bytes: geometry.size.0 as usize * bands,
            height: geometry.size.1 as usize,
        };
        let mut got = vec![0; wanted.len()];
        resizer.run(&source, 0..resizer.height, &mut got);
        prop_assert!(got == wanted, "{:?} {} {} bands", geometry, filter, bands);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Groups of opaque rows go another way than the others.
    #[test]
    fn alpha_is_multiplied_and_divided_around_the_passes(
        geometry in geometries(),
        filter in filters(),
        mode in proptest::sample::select(&[Mode::La, Mode::Rgba]),
        seed in any::<u32>(),
        step in 1..40_usize,
        gap in 0..5_usize,
    ) {
        let bands = mode.bands();
        let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * bands;
        let mut source = noise(pixels(geometry.source), seed);
        let row_bytes = geometry.source.0 as usize * bands;
        let opaque = part(geometry.source.1 as usize, seed);
        let opaque = &mut source[opaque.start * row_bytes..opaque.end * row_bytes];
        opaque.iter_mut().skip(bands - 1).step_by(bands).for_each(|alpha| *alpha = 255);
        let mut products = vec![0; source.len()];
        alpha::premultiply(Level::Scalar, &source, &mut products, bands);
        let mut wanted = vec![0; pixels(geometry.size)];
        run_specification::<Narrow>(mode, &geometry, filter, &products, &mut wanted);
        alpha::unpremultiply(Level::Scalar, &mut wanted, bands);
        check_levels(mode, &geometry, filter, &source, &wanted, (seed, step, gap));
    }
}

fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::OpencvArea),
        Just(Method::OpencvLinear),
        proptest::sample::select(&[Filter::Bilinear, Filter::Bicubic]).prop_map(Method::Torch),
        filters().prop_map(Method::Light),
    ]
}

proptest! {
    /// What the tests of the Python package hold against the libraries themselves.
    #[test]
    fn other_methods_give_the_same_pixels_at_every_level_and_in_pieces(
        geometry in geometries(),
        method in methods(),
        mode in proptest::sample::select(&[Mode::L, Mode::La, Mode::Rgb, Mode::Rgba]),
        seed in any::<u32>(),
        step in 1..40_usize,
    ) {
        let region = (0.0, 0.0, geometry.source.0.into(), geometry.source.1.into());
        let geometry = match method {
            Method::Light(_) => geometry,
            _ => Geometry::new(geometry.source, Some(region), geometry.size).unwrap(),
        };
        let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * mode.bands();
        let source = noise(pixels(geometry.source), seed);
        let mut wanted = vec![0; pixels(geometry.size)];
        let mut scalar = RowResizer::for_geometry(Level::Scalar, mode, &geometry, method);
        scalar.run(&source, 0..scalar.height, &mut wanted);
        for_each_level(|level| {
            let mut resizer = RowResizer::for_geometry(level, mode, &geometry, method);
            let streamed = stream(&mut resizer, &source, step, 1);
            assert!(streamed == wanted, "{level} streamed: {geometry:?} {method:?} {mode}");
            let rows = part(resizer.height, seed);
            let mut part = vec![0; rows.len() * resizer.target_bytes];
            resizer.fork().run(&source, rows.clone(), &mut part);
            let wanted = &wanted[rows.start * resizer.target_bytes..][..part.len()];
            assert!(part == wanted, "{level} {rows:?}: {geometry:?} {method:?} {mode}");
        });
    }
}

/// Windows that share moments at some levels: the tests of `pairs::moments` name these axes too.
#[test]
fn strong_shrinks_give_the_pixels_of_the_specification() {
    for (width, columns) in [(2725, 224), (1400, 100), (350, 25)] {
        let geometry = Geometry::new((width, 40), None, (columns, 9)).unwrap();
        for (filter, seed) in [Filter::Bilinear, Filter::Bicubic].into_iter().zip(1..) {
            let modes = [Mode::L, Mode::L, Mode::Rgb, Mode::Cmyk];
            for (mode, seed) in modes.into_iter().zip([seed, seed + 10, seed + 20, seed + 30]) {
                let bytes = mode.pixel_bytes();
                let source = noise(width as usize * 40 * bytes, seed);
                let mut wanted = vec![0; columns as usize * 9 * bytes];
                run_specification::<Narrow>(mode, &geometry, filter, &source, &mut wanted);
                check_levels(mode, &geometry, filter, &source, &wanted, (seed, 7, 3));
            }
        }
    }
}

/// Sums that lie on ties or next to them, where shortcuts must give way.
#[test]
fn stripes_give_the_pixels_of_the_specification() {
    for (width, columns) in [(2725, 224), (4000, 160), (331, 30), (4000, 115), (230, 5), (300, 5)] {
        let geometry = Geometry::new((width, 21), None, (columns, 9)).unwrap();
        for filter in [Filter::Box, Filter::Bilinear, Filter::Bicubic] {
            for stripe in [1, 2, 5] {
                let stripes =
                    |at: u32| if (at % width / stripe).is_multiple_of(2) { 0 } else { 255 };
                let source: Vec<u8> = (0..width * 21).map(stripes).collect();
                let mut wanted = vec![0; columns as usize * 9];
                run_specification::<Narrow>(Mode::L, &geometry, filter, &source, &mut wanted);
                check_levels(Mode::L, &geometry, filter, &source, &wanted, (9, 7, 3));
            }
        }
    }
}

/// Windows of more lines than fit any cache, and weights of a few units in fixed point.
#[test]
fn very_long_windows_give_the_pixels_of_the_specification() {
    for (source, size) in [((3, 30_000), (2, 1)), ((20, 25_000), (20, 2)), ((30_000, 3), (1, 2))] {
        let geometry = Geometry::new(source, None, size).unwrap();
        for (mode, filter) in [(Mode::L, Filter::Box), (Mode::Rgb, Filter::Lanczos)] {
            let pixels = |size: (u32, u32)| size.0 as usize * size.1 as usize * mode.bands();
            let source = noise(pixels(source), 3);
            let mut wanted = vec![0; pixels(size)];
            run_specification::<Narrow>(mode, &geometry, filter, &source, &mut wanted);
            check_levels(mode, &geometry, filter, &source, &wanted, (5, 7, 1));
        }
    }
}

/// Else tests of levels would compare scalar code with itself.
#[test]
fn all_levels_carry_the_weights_of_every_filter() {
    for_each_level(|level| {
        for filter in &Filter::ALL[1..] {
            for size in [(7, 5), (300, 200)] {
                let options = ResizeOptions::new(*filter);
                let resizer = RowResizer::with_level(level, Mode::Rgb, (90, 70), size, &options);
                assert_eq!(resizer.unwrap().level(), level, "{filter}");
            }
        }
    });
}

#[test]
fn modes_that_cannot_stream_are_refused() {
    let options = ResizeOptions::new(Filter::Box);
    for mode in [Mode::P, Mode::Bilevel] {
        assert!(RowResizer::new(mode, (4, 4), (2, 2), &options).is_err(), "{mode}");
    }
    let part = ResizeOptions::from(Profile::OpencvArea).source((0.0, 0.0, 2.0, 4.0));
    assert!(RowResizer::new(Mode::L, (4, 4), (2, 2), &part).is_err());
    let nearest = ResizeOptions::new(Filter::Nearest);
    assert!(RowResizer::new(Mode::L, (4, 4), (2, 2), &nearest).is_err());
}
