//! Decodes JPEG files for comparison with other decoders.
//!
//! Reads requests from standard input, a line each: `SCALE COLORS TRUNCATED LEVEL PATH`, as in
//! `8 native error best photo.jpg`. Answers each with a line `ok MODE WIDTH HEIGHT` and the raw
//! pixels, or `error KIND MESSAGE`.

use std::io::{BufRead, Write};

use pilaf::jpeg::{Colors, DecodeOptions, Decoder, Scale, Truncated};
use pilaf::simd::Level;
use pilaf::{Error, Image, Limits};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match decode(&line) {
            Ok(image) => {
                writeln!(out, "ok {} {} {}", image.mode(), image.width(), image.height())?;
                out.write_all(image.as_bytes())?;
            }
            Err(error) => writeln!(out, "error {} {error}", error.kind().as_str())?,
        }
        out.flush()?;
    }
    Ok(())
}

fn decode(line: &str) -> Result<Image, Error> {
    let words: Vec<&str> = line.splitn(5, ' ').collect();
    let [scale, colors, truncated, level, path] = words[..] else {
        panic!("five words, not {line:?}");
    };
    let options = DecodeOptions {
        scale: Scale::eighths(scale.parse().expect("a number"))?,
        colors: match colors {
            "gray" => Colors::Gray,
            "ycbcr" => Colors::YCbCr,
            _ => Colors::Native,
        },
        truncated: if truncated == "allow" { Truncated::Allow } else { Truncated::Error },
        level: if level == "scalar" { Level::Scalar } else { Level::get() },
        ..DecodeOptions::default()
    };
    let data = std::fs::read(path)?;
    Ok(Decoder::new(&data, &options, &Limits::default())?.decode()?.0)
}
