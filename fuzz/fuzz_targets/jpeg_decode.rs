//! Any bytes as a JPEG file: no panic, bounded time and memory, and the same result
//!
//! - at the best level of vector instructions as at the scalar one, error texts included;
//! - from a reader as from a slice, damage and error texts included;
//! - strict as tolerant, if strict decoding succeeds;
//! - of the header on its own as of the header while decoding.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pilaf::jpeg::{self, Colors, Damage, DecodeOptions, Decoder, Scale, Truncated};
use pilaf::simd::Level;
use pilaf::{Image, Limits};

fn limits() -> Limits {
    Limits { max_pixels: 1 << 18, max_bytes: 1 << 26, max_scans: 12, ..Limits::default() }
}

fn decode(data: &[u8], options: &DecodeOptions) -> Result<(Image, Damage), String> {
    Decoder::new(data, options, &limits())
        .and_then(Decoder::decode)
        .map_err(|error| format!("{error:?}"))
}

fn decode_from_reader(data: &[u8], options: &DecodeOptions) -> Result<(Image, Damage), String> {
    Decoder::from_reader(data, options, &limits())
        .and_then(Decoder::decode)
        .map_err(|error| format!("{error:?}"))
}

/// Decodes at both levels, and from a reader, and compares.
fn decode_all(data: &[u8], options: DecodeOptions) -> Result<(Image, Damage), String> {
    let best = decode(data, &options);
    check_same(&best, &decode_from_reader(data, &options), "reader and slice");
    let scalar = decode(data, &DecodeOptions { level: Level::Scalar, ..options });
    check_same(&best, &scalar, "levels");
    best
}

fn check_same(
    one: &Result<(Image, Damage), String>,
    other: &Result<(Image, Damage), String>,
    what: &str,
) {
    match (one, other) {
        (Ok((image, damage)), Ok((same_image, same_damage))) => {
            assert!(image.as_bytes() == same_image.as_bytes(), "{what} differ in pixels");
            assert_eq!(damage, same_damage, "{what} differ in damage");
        }
        _ => assert_eq!(one.as_ref().err(), other.as_ref().err(), "{what} differ in errors"),
    }
}

fuzz_target!(|data: &[u8]| {
    // The length chooses, so that a file of the corpus is a JPEG file and nothing else.
    let scale = Scale::eighths([8, 8, 4, 2, 1, 3, 5, 7][data.len() % 8]).unwrap();
    let colors = [Colors::Native, Colors::Native, Colors::Gray][data.len() / 8 % 3];
    let header = jpeg::read_header(data, &limits());
    let strict = DecodeOptions { scale, colors, ..DecodeOptions::default() };
    let tolerant = DecodeOptions { truncated: Truncated::Allow, ..strict.clone() };
    let sound = decode_all(data, strict);
    let kept = decode_all(data, tolerant);
    assert!(header.is_ok() || sound.is_err(), "pixels without a header");
    if let Ok((image, _)) = sound {
        let (kept, _) = kept.expect("a file that decodes strictly also does tolerantly");
        assert!(image.as_bytes() == kept.as_bytes(), "tolerance changed a sound file");
        let size = header.map(|header| scale.apply((header.width, header.height)));
        assert_eq!(size.ok(), Some(image.size()), "header and pixels differ");
    }
});
