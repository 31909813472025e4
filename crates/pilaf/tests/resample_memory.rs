//! What resizing needs beside source and target: a few rows.

mod counting;

use counting::{alone, peak_of};
use pilaf::resample::RowResizer;
use pilaf::{Filter, Image, Mode, ResizeOptions};

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

/// Streams need rows, and weights: some 80 bytes for each row of the source.
#[test]
fn streams_need_memory_for_a_window_of_rows() {
    let _alone = alone();
    for mode in [Mode::L, Mode::Rgb, Mode::Rgba, Mode::I16, Mode::I, Mode::F] {
        let row_bytes = WIDTH as usize * mode.pixel_bytes();
        // Columns first; rows first, where the ring holds rows of the source's width.
        for target_width in [60, 590] {
            let peak = |rows: u32| peak_of(|| stream(mode, rows, (target_width, rows / 10)));
            let (low, high) = (peak(1000), peak(3000));
            assert!(high < low + 2000 * 200, "{mode}: {low} for 1000 rows, {high} for 3000");
            let most = row_bytes * 150 + 3000 * 200;
            assert!(high < most, "{mode}: {high} bytes for {} of pixels", row_bytes * 3000);
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
            assert!(need < row_bytes * 150 + 400_000, "{mode} {size:?}: {need} beside {all}");
        }
    }
}
