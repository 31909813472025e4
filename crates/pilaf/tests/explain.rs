//! Damaged inputs made of real images, and what each is diagnosed as.

mod damaged;

use std::fs;
use std::path::{Path, PathBuf};

use pilaf::explain::{Code, Context, Diagnosis, explain};
use proptest::prelude::*;

use damaged::{Case, damages, jpeg, others, png, texts};
use pilaf::{EncodeOptions, Filter, Format, Limits, Mode};

fn look(bytes: &[u8]) -> Diagnosis {
    explain(bytes, &Context::default()).unwrap()
}

fn check(cases: Vec<Case>) -> usize {
    for (name, bytes, code, words) in &cases {
        let diagnosis = look(bytes);
        assert_eq!(diagnosis.code, *code, "{name}: {diagnosis}");
        let text = diagnosis.to_string();
        for word in *words {
            assert!(text.contains(word), "{name}: {word:?} is not in {text:?}");
        }
        assert!(diagnosis.help.is_some(), "{name}: no advice in {text:?}");
    }
    cases.len()
}

#[test]
fn each_damaged_input_has_its_diagnosis() {
    let (jpeg, png) = (jpeg(), png());
    let count = check(texts(&jpeg, &png)) + check(damages(&jpeg, &png)) + check(others());
    assert!(count >= 80, "only {count} cases");
}

#[test]
fn opening_says_the_same() {
    let (jpeg, png) = (jpeg(), png());
    for (name, bytes, code, _) in texts(&jpeg, &png).into_iter().chain(others()) {
        let error = pilaf::open(&bytes).unwrap_err();
        let diagnosis = look(&bytes);
        assert_eq!(error.code(), code.as_str(), "{name}");
        assert_eq!(error.to_string(), diagnosis.to_string(), "{name}");
    }
}

#[test]
fn the_share_that_can_be_saved_is_the_share_that_is_there() {
    let (jpeg, png) = (jpeg(), png());
    for share in [0.3, 0.6, 0.9] {
        for bytes in [&jpeg, &png] {
            let cut = (bytes.len() as f64 * share) as usize;
            let saved = look(&bytes[..cut]).salvage.unwrap();
            assert!((saved - share).abs() < 0.15, "{saved} of {share}");
        }
    }
}

#[test]
fn names_and_media_types_that_contradict_are_warnings() {
    let context = Context {
        name: Some("photo.PNG".into()),
        media_type: Some("image/webp; q=1".into()),
        ..Context::default()
    };
    let diagnosis = explain(jpeg(), &context).unwrap();
    assert!(diagnosis.is_ok());
    let codes: Vec<Code> = diagnosis.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::Mismatch, Code::Mismatch]);
    assert!(diagnosis.warnings[0].to_string().contains(".jpg"));

    let right = Context {
        name: Some("photo.jpeg".into()),
        media_type: Some("image/jpeg".into()),
        ..Context::default()
    };
    assert!(explain(jpeg(), &right).unwrap().warnings.is_empty());
}

#[test]
fn junk_behind_an_image_is_a_warning() {
    for image in [jpeg(), png()] {
        let diagnosis = look(&[&image[..], b"more"].concat());
        assert!(diagnosis.is_ok());
        assert_eq!(diagnosis.warnings[0].code, Code::TrailingJunk);
        assert_eq!(diagnosis.warnings[0].offset, Some(image.len() as u64));
    }
}

#[test]
fn limits_hold_while_explaining() {
    let limits = Limits { max_pixels: 100, ..Limits::default() };
    let context = Context { limits, ..Context::default() };
    let diagnosis = explain(png(), &context).unwrap();
    assert_eq!(diagnosis.code, Code::Limit);
    assert!(diagnosis.to_string().contains("160x120"));
}

#[test]
fn generated_files_raise_no_false_alarm() {
    let mut options = vec![EncodeOptions::default(), EncodeOptions::default().progressive(true)];
    let mut full = EncodeOptions::default();
    full.icc_profile = Some(vec![0; 70_000]);
    full.exif = Some(b"II*\0\x08\0\0\0\0\0\0\0\0\0".to_vec());
    full.comment = Some(b"<html>{}[]data:,PK\x03\x04".to_vec());
    options.push(full);
    let picture = damaged::picture();
    let (mut count, modes) =
        (0, [Mode::L, Mode::Rgb, Mode::Rgba, Mode::P, Mode::Bilevel, Mode::Cmyk]);
    for (mode, format, options) in modes
        .iter()
        .flat_map(|mode| Format::ALL.map(|format| (mode, format)))
        .flat_map(|(mode, format)| options.iter().map(move |options| (mode, format, options)))
    {
        for size in [(1, 1), (7, 3), (160, 120)] {
            let image = picture.resize(size, Filter::Box).unwrap();
            let Ok(image) = image.convert(*mode) else { continue };
            let Ok(bytes) = image.encode(format, options) else { continue };
            let diagnosis = look(&bytes);
            assert!(diagnosis.is_ok(), "{mode} {format} {size:?}: {diagnosis}");
            assert_eq!(diagnosis.warnings, [], "{mode} {format} {size:?}");
            assert_eq!(diagnosis.image.unwrap().size, Some(size));
            count += 1;
        }
    }
    assert!(count >= 60, "{count} files");
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn readable_files_raise_no_false_alarm() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: no corpus beside the checkout (../shared/corpus)");
        return;
    }
    let (mut images, mut named) = (0, 0);
    for path in files(&corpus) {
        let bytes = fs::read(&path).unwrap();
        let diagnosis = look(&bytes);
        if diagnosis.is_ok() {
            images += 1;
            continue;
        }
        let decoded = pilaf::open(&bytes).and_then(|file| file.decode());
        assert!(decoded.is_err(), "{}: {diagnosis}", path.display());
        named += usize::from(diagnosis.code == Code::OtherImage);
    }
    assert!(images >= 40 && named >= 140, "{images} images, {named} of other formats");
}

/// Beginnings after which the input is looked at more closely.
const STARTS: &[&[u8]] = &[
    b"",
    b"\xFF\xD8\xFF\xE0",
    b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR",
    b"\x89PNG\r\r\n\x1A\r\n",
    b"\xEF\xBF\xBDPNG\r\n\x1A\n",
    b"\xFF\xFE\x89\0P\0N\0G\0",
    b"\xC3\xBF\xC3\x98\xC3\xBF",
    b"data:image/png;base64,",
    b"b'\\xff\\xd8",
    b"[255, 216, 255",
    b"<!DOCTYPE html><title",
    b"{\"error\":",
    b"--boundary\r\nContent-Type",
    b"/9j/4AAQ",
    b"BM",
    b"P6\n",
];

proptest! {
    #[test]
    fn nothing_makes_it_panic(
        start in prop::sample::select(STARTS),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        text in "[ -~\\n]{0,200}",
        cut: prop::sample::Index,
    ) {
        for end in [&bytes[..], text.as_bytes()] {
            let input = [start, end].concat();
            look(&input);
            look(&input[..cut.index(input.len() + 1)]);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_flipped_byte_is_no_reason_to_panic(at: prop::sample::Index, flip in 1u8..) {
        for mut image in [jpeg(), png()] {
            let at = at.index(image.len());
            image[at] ^= flip;
            look(&image);
        }
    }
}
