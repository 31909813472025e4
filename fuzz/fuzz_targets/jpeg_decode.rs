//! Any bytes as a JPEG file: no panic, bounded time and memory, and the same result
//!
//! - at the best level of vector instructions as at the scalar one, error texts included;
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

/// Decodes at both levels and compares.
fn decode_both(data: &[u8], options: DecodeOptions) -> Result<(Image, Damage), String> {
    let best = decode(data, &options);
    let scalar = decode(data, &DecodeOptions { level: Level::Scalar, ..options });
    match (&best, &scalar) {
        (Ok((best, damage)), Ok((scalar, same_damage))) => {
            assert!(best.as_bytes() == scalar.as_bytes(), "levels differ in pixels");
            assert_eq!(damage, same_damage, "levels differ in damage");
        }
        _ => assert_eq!(best.as_ref().err(), scalar.as_ref().err(), "levels differ in errors"),
    }
    best
}

fuzz_target!(|data: &[u8]| {
    // The length chooses, so that a file of the corpus is a JPEG file and nothing else.
    let scale = Scale::eighths([8, 8, 4, 2, 1, 3, 5, 7][data.len() % 8]).unwrap();
    let colors = [Colors::Native, Colors::Native, Colors::Gray][data.len() / 8 % 3];
    let header = jpeg::read_header(data, &limits());
    let strict = DecodeOptions { scale, colors, ..DecodeOptions::default() };
    let tolerant = DecodeOptions { truncated: Truncated::Allow, ..strict.clone() };
    let sound = decode_both(data, strict);
    let kept = decode_both(data, tolerant);
    assert!(header.is_ok() || sound.is_err(), "pixels without a header");
    if let Ok((image, _)) = sound {
        let (kept, _) = kept.expect("a file that decodes strictly also does tolerantly");
        assert!(image.as_bytes() == kept.as_bytes(), "tolerance changed a sound file");
        let size = header.map(|header| scale.apply((header.width, header.height)));
        assert_eq!(size.ok(), Some(image.size()), "header and pixels differ");
    }
});
