//! What resizing needs beside source and target: a few rows; and what it does without.

mod counting;

use counting::{alone, peak_of, with_at_most};
use pilaf::resample::RowResizer;
use pilaf::simd::Level;
use pilaf::{ErrorKind, Filter, Image, Mode, Profile, ResizeOptions};

const WIDTH: u32 = 600;

/// Pushes `rows` rows of one value through a resizer and forgets what comes out.
fn stream(mode: Mode, rows: u32, size: (u32, u32)) {
    let options = ResizeOptions::new(Filter::Lanczos);
    let mut resizer = RowResizer::new(mode, (WIDTH, rows), size, &options).unwrap();
    // White, or what is a number in all wide modes.
    let value = if mode.pixel_bytes() == mode.bands() { 255 } else { 66 };
    let source = vec![value; WIDTH as usize * mode.pixel_bytes()];
    let row_bytes = size.0 as usize * mode.pixel_bytes();
    let mut target = vec![0; row_bytes];
    let (mut pushed, mut popped) = (0, 0);
    while popped < size.1 {
        if pushed < rows {
            pushed += resizer.push(&source, source.len()) as u32;
        }
        while resizer.pop(&mut target, row_bytes) == 1 {
            assert!(target.iter().all(|&byte| byte == value), "what is flat stays flat");
            popped += 1;
        }
    }
}

/// Streams need rows, and weights: some 80 bytes for each row of the source. They ask for more at
/// once, which counts here: some 270 bytes.
#[test]
fn streams_need_memory_for_a_window_of_rows() {
    let _alone = alone();
    for mode in [Mode::L, Mode::Rgb, Mode::Rgba, Mode::I16, Mode::I, Mode::F] {
        let row_bytes = WIDTH as usize * mode.pixel_bytes();
        // Columns first; rows first, where the ring holds rows of the source's width.
        for target_width in [60, 590] {
            let peak = |rows: u32| peak_of(|| stream(mode, rows, (target_width, rows / 10)));
            let (low, high) = (peak(6000), peak(9000));
            assert!(high < low + 3000 * 300, "{mode}: {low} for 6000 rows, {high} for 9000");
            let most = row_bytes * 150 + 9000 * 350;
            assert!(high < most, "{mode}: {high} bytes for {} of pixels", row_bytes * 9000);
        }
    }
}

#[test]
fn images_need_no_second_image() {
    let _alone = alone();
    for mode in [Mode::L, Mode::Rgba, Mode::I16, Mode::F] {
        let image = Image::new(mode, (WIDTH, 2000)).unwrap();
        for size in [(60, 200), (590, 200), (600, 200)] {
            let target = size.0 as usize * size.1 as usize * mode.pixel_bytes();
            let need = peak_of(|| image.resize(size, Filter::Lanczos).unwrap()) - target;
            let (row_bytes, all) = (image.row_bytes(), image.as_bytes().len());
            assert!(need < row_bytes * 200 + 1_000_000, "{mode} {size:?}: {need} beside {all}");
        }
    }
}

/// Lets `work` have more and more memory until that is enough. It gets an error before, where the
/// process would end if memory were taken that is not to be had.
fn refuse_until_enough<T>(what: &str, mut work: impl FnMut() -> pilaf::Result<T>) {
    let mut bytes = 3 << 19;
    eprintln!("{what}"); // the last words of a process that ends
    loop {
        match with_at_most(bytes, &mut work) {
            Ok(_) => return,
            Err(error) => assert_eq!(error.kind(), ErrorKind::Memory, "{what}: {error}"),
        }
        bytes += bytes / 8;
        assert!(bytes < 1 << 30, "{what}: a GiB is not enough");
    }
}

fn all_options() -> impl Iterator<Item = ResizeOptions> {
    let filters = [Filter::Box, Filter::Mks2021].map(ResizeOptions::new);
    let light = ResizeOptions::new(Filter::Bicubic).linear_light(true);
    let profiles = Profile::ALL[1..].iter().map(|&profile| ResizeOptions::from(profile));
    filters.into_iter().chain([light]).chain(profiles)
}

/// One side grows or shrinks much, both passes in both orders.
const SHAPES: [[(u32, u32); 2]; 8] = [
    [(10, 2), (5000, 1)],
    [(2, 10), (1, 5000)],
    [(20_000, 2), (1, 1)],
    [(2, 30_000), (1, 1)],
    [(9000, 2), (50, 1)],
    [(2, 9000), (1, 50)],
    [(3000, 90), (290, 20)],
    [(2000, 300), (1990, 9)],
];

#[test]
fn streams_for_which_there_is_no_memory_are_refused() {
    let _alone = alone();
    for (level, [source, size]) in
        Level::available().flat_map(|level| SHAPES.map(|shape| (level, shape)))
    {
        for mode in [Mode::L, Mode::Rgba, Mode::I16, Mode::F] {
            let row = vec![66; source.0 as usize * mode.pixel_bytes()];
            let mut target = vec![0; size.0 as usize * mode.pixel_bytes()];
            for options in all_options() {
                if RowResizer::new(mode, (1, 1), (2, 2), &options).is_err() {
                    continue; // not of this mode
                }
                let what = format!("{level} {mode} {source:?} {size:?} {options:?}");
                refuse_until_enough(&what, || {
                    let mut resizer = RowResizer::with_level(level, mode, source, size, &options)?;
                    for _ in 0..source.1 {
                        while resizer.push(&row, row.len()) == 0 {
                            let stride = target.len();
                            resizer.pop(&mut target, stride);
                        }
                    }
                    Ok(())
                });
            }
        }
    }
}

#[test]
fn images_for_which_there_is_no_memory_are_refused() {
    let _alone = alone();
    for mode in [Mode::L, Mode::Rgba, Mode::F, Mode::P] {
        let image = Image::new(mode, (1000, 600)).unwrap();
        for (size, options) in [
            ((300_000, 1), ResizeOptions::new(Filter::Nearest)),
            ((9000, 100), ResizeOptions::new(Filter::Bicubic)),
            ((100, 9000), ResizeOptions::new(Filter::Bicubic)),
            ((1000, 600), ResizeOptions::default()),
            ((200, 100), ResizeOptions::default().reducing_gap(1.0)),
            ((900, 500), ResizeOptions::default().threads(2.try_into().unwrap())),
        ] {
            let what = format!("{mode} {size:?} {options:?}");
            refuse_until_enough(&what, || image.resize_with(size, &options));
        }
    }
}

#[test]
fn a_target_that_cannot_grow_stays() {
    let _alone = alone();
    let image = Image::filled(Mode::L, (100, 100), &[9]).unwrap();
    let mut target = Image::filled(Mode::Rgb, (3, 3), &[1, 2, 3]).unwrap();
    for filter in [Filter::Nearest, Filter::Lanczos] {
        let error = with_at_most(1 << 20, || {
            let options = ResizeOptions::new(filter);
            pilaf::Resizer::new().resize_into(&image, (2000, 1000), &options, &mut target)
        });
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Memory);
        assert_eq!(target, Image::filled(Mode::Rgb, (3, 3), &[1, 2, 3]).unwrap());
    }
}
