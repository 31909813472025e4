//! `pilaf::probe`: every prefix of a file, and what it says of the whole.

use std::fs;
use std::path::Path;

use pilaf::{EncodeOptions, ErrorKind, Format, Image, Limits, Mode, OpenOptions, Probe};
use proptest::prelude::*;

fn options() -> EncodeOptions {
    let mut options = EncodeOptions::default();
    options.icc_profile = Some((0..70_000u32).map(|i| (i % 251) as u8).collect());
    // TIFF 6.0: little-endian, one entry: 0x0112 (orientation), SHORT, one value: 6.
    options.exif =
        Some(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec());
    options
}

/// Generated files of each format: plain ones, and ones with all that a header can hold.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let image = |mode: Mode| Image::new(mode, (61, 37)).unwrap();
    let encode =
        |mode, format, options: &EncodeOptions| image(mode).encode(format, options).unwrap();
    let plain = EncodeOptions::default();
    vec![
        ("gray jpeg", encode(Mode::L, Format::Jpeg, &plain)),
        ("jpeg", encode(Mode::Rgb, Format::Jpeg, &plain)),
        ("progressive jpeg", encode(Mode::Rgb, Format::Jpeg, &plain.clone().progressive(true))),
        ("jpeg with metadata", encode(Mode::Rgb, Format::Jpeg, &options())),
        ("cmyk jpeg", encode(Mode::Cmyk, Format::Jpeg, &plain)),
        ("bilevel png", encode(Mode::Bilevel, Format::Png, &plain)),
        ("rgba png", encode(Mode::Rgba, Format::Png, &plain)),
        ("palette png", encode(Mode::P, Format::Png, &plain)),
        ("png with metadata", encode(Mode::Rgb, Format::Png, &options())),
    ]
}

/// The length of the shortest prefix that is a whole header, by trying.
fn header_length(bytes: &[u8]) -> usize {
    let ready = |length: &usize| matches!(pilaf::probe(&bytes[..*length]), Ok(Probe::Ready(_)));
    (0..=bytes.len()).find(ready).expect("the file has a header")
}

/// What must hold of every prefix of a readable file. Returns the number of fetches that following
/// the answers takes.
fn check_every_prefix(name: &str, bytes: &[u8], step: usize) -> usize {
    let whole = pilaf::open(bytes).unwrap().info().clone();
    let mut fetches = 0;
    let mut have = 0;
    let header = loop {
        match pilaf::probe(&bytes[..have]).unwrap() {
            Probe::Ready(info) => break (*info == whole).then_some(have).expect(name),
            Probe::NeedMore(need) => have += need.bytes as usize,
        }
        fetches += 1;
    };
    for length in (0..header).step_by(step) {
        match pilaf::probe(&bytes[..length]) {
            Ok(Probe::NeedMore(need)) => {
                assert!(need.bytes > 0, "{name}, {length}");
                assert!(length + need.bytes as usize <= header, "{name}, {length}: {need:?}");
                assert!(need.size.is_none_or(|size| size == whole.size()), "{name}, {length}");
                assert!(need.format.is_none_or(|format| format == whole.format), "{name}");
                assert_eq!(need.format.is_some(), length >= 8 || bytes[0] == 0xFF && length >= 3);
            }
            other => panic!("{name}, {length}: {other:?}"),
        }
    }
    let after = (header..=bytes.len()).take(300).chain([bytes.len()]);
    for length in after {
        let Ok(Probe::Ready(info)) = pilaf::probe(&bytes[..length]) else {
            panic!("{name}: not ready at {length}, but at {header}")
        };
        assert_eq!(*info, whole, "{name}, {length}");
    }
    fetches
}

#[test]
fn every_prefix_tells_the_header_or_what_it_lacks() {
    for (name, bytes) in files() {
        // A header of 70 kB takes every 31st length, and every one of its last.
        let header = check_every_prefix(name, &bytes, if bytes.len() > 20_000 { 31 } else { 1 });
        assert!(header <= 14, "{name}: {header} fetches");
    }
}

#[test]
fn the_hint_is_exact_where_only_the_end_is_missing() {
    for (name, bytes) in files() {
        let header = header_length(&bytes);
        for missing in 1..=6 {
            let Ok(Probe::NeedMore(need)) = pilaf::probe(&bytes[..header - missing]) else {
                panic!("{name}")
            };
            assert_eq!(need.bytes, missing as u64, "{name}");
        }
    }
}

#[test]
fn what_a_header_holds_is_told() {
    for format in Format::ALL {
        let bytes = Image::new(Mode::Rgb, (61, 37)).unwrap().encode(format, &options()).unwrap();
        let Probe::Ready(info) = pilaf::probe(&bytes).unwrap() else { panic!("{format}") };
        assert_eq!((info.format, info.size(), info.mode), (format, (61, 37), Mode::Rgb));
        assert_eq!((info.orientation.to_exif(), info.frames), (6, 1));
        assert_eq!(info.metadata.icc_profile.as_ref().map(Vec::len), Some(70_000));
    }
}

#[test]
fn what_can_become_no_image_is_an_error_at_once() {
    for (start, code) in [(&b"<html>"[..], "html"), (b"GIF8", "text"), (b"\x89PNX", "unknown")] {
        assert_eq!(pilaf::probe(start).unwrap_err().code(), code);
    }
    for start in [&b""[..], b"\xFF", b"\xFF\xD8", b"\x89PNG\r\n"] {
        assert!(matches!(pilaf::probe(start), Ok(Probe::NeedMore(_))), "{start:?}");
    }
    let jpeg = &files()[1].1;
    let only_png = OpenOptions::new().formats(&[Format::Png]);
    assert_eq!(only_png.probe(&jpeg[..40]).unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn limits_hold() {
    let (_, png) = files().pop().unwrap();
    let few = Limits { max_pixels: 100, ..Limits::default() };
    let error = OpenOptions::new().limits(few).probe(&png).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    // A chunk that states two gigabytes: nobody should fetch them.
    let mut bogus = png[..33].to_vec();
    bogus.extend(b"\x7F\xFF\xFF\xFFzTXt");
    assert_eq!(pilaf::probe(&bogus).unwrap_err().kind(), ErrorKind::Limit);
}

#[test]
fn real_files_as_generated_ones() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: no corpus beside the checkout (../shared/corpus)");
        return;
    }
    let (mut folders, mut count) = (vec![corpus], 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            if pilaf::open(&bytes).is_ok() {
                let fetches = check_every_prefix(&path.to_string_lossy(), &bytes, 61);
                assert!(fetches < 120, "{}: {fetches} fetches", path.display());
                count += 1;
            }
        }
    }
    assert!(count >= 40, "{count} files");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Damaged files: no panic, and no prefix is told to need more than the header has.
    #[test]
    fn damaged_headers_are_no_exception(
        file in 0..7usize,
        flips in prop::collection::vec((0..700usize, any::<u8>()), 1..4),
        lengths in prop::collection::vec(0..800usize, 24),
    ) {
        let mut bytes = files().swap_remove(file).1;
        bytes.truncate(800);
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        let outcome = |length: usize| pilaf::probe(&bytes[..length]);
        let header = (0..=bytes.len()).find(|&length| matches!(outcome(length), Ok(Probe::Ready(_))));
        for length in lengths {
            let length = length % (bytes.len() + 1);
            if let (Ok(Probe::NeedMore(need)), Some(header)) = (outcome(length), header) {
                prop_assert!(need.bytes > 0 && length < header);
                let is_late = need.bytes as usize == length; // the height comes after the scan
                prop_assert!(is_late || length + need.bytes as usize <= header);
            }
        }
    }
}
