//! Parsers of single values: text in, a value or a sentence out.

use std::num::NonZeroUsize;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use pilaf::{Filter, Format, Profile};

/// The sides of a box in pixels, both at least 1: `720x588`.
pub(super) fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X']).and_then(|(width, height)| {
        Some((width.parse::<u32>().ok()?, height.parse::<u32>().ok()?))
    });
    match sides {
        None => Err("a size is WIDTHxHEIGHT in pixels, such as 720x588".to_owned()),
        Some((0, _) | (_, 0)) => Err("a side is at least 1 pixel".to_owned()),
        Some(size) => Ok(size),
    }
}

/// How many of something, at least 1.
pub(super) fn parse_count(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "a whole number from 1 on is needed".to_owned())
}

/// A colour: `#rrggbb` or `#rgb`, in hexadecimal, with or without the `#`.
pub(super) fn parse_color(text: &str) -> Result<[u8; 3], String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let nibble = |at: usize| digits.as_bytes().get(at).and_then(|&d| (d as char).to_digit(16));
    let channel = |i: usize| {
        let (high, low) = match digits.len() {
            6 => (nibble(2 * i)?, nibble(2 * i + 1)?),
            3 => (nibble(i)?, nibble(i)?),
            _ => return None,
        };
        Some((high * 16 + low) as u8)
    };
    channel(0)
        .zip(channel(1))
        .zip(channel(2))
        .map(|((red, green), blue)| [red, green, blue])
        .ok_or_else(|| "a colour is #rrggbb in hexadecimal, such as #ffffff".to_owned())
}

/// The name of a filter.
pub(super) fn filter_parser() -> impl TypedValueParser<Value = Filter> {
    PossibleValuesParser::new(Filter::ALL.map(Filter::name)).try_map(|name| name.parse::<Filter>())
}

/// The name of a profile.
pub(super) fn profile_parser() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name))
        .try_map(|name| name.parse::<Profile>())
}

/// The name or a file name extension of a format.
pub(super) fn format_parser() -> impl TypedValueParser<Value = Format> {
    let value = |format: Format| {
        let (first, others) = format.extensions().split_first().expect("a format has a name");
        PossibleValue::new(*first).aliases(others.iter().copied())
    };
    PossibleValuesParser::new(Format::ALL.map(value)).try_map(|name| name.parse::<Format>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(parse_size("720x588"), Ok((720, 588)));
        assert_eq!(parse_size("1X1"), Ok((1, 1)));
        for wrong in ["", "720", "720x", "x588", "720x588x3", "-1x5", "7.5x5", "720*588"] {
            assert!(parse_size(wrong).unwrap_err().starts_with("a size is"), "{wrong:?}");
        }
        for zero in ["0x5", "5x0", "0x0"] {
            assert_eq!(parse_size(zero).unwrap_err(), "a side is at least 1 pixel");
        }
    }

    #[test]
    fn counts() {
        assert_eq!(parse_count("8").map(NonZeroUsize::get), Ok(8));
        for wrong in ["", "0", "-1", "1.5", "two", "99999999999999999999999"] {
            assert!(parse_count(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn colors() {
        assert_eq!(parse_color("#ff8000"), Ok([255, 128, 0]));
        assert_eq!(parse_color("FF8000"), Ok([255, 128, 0]));
        assert_eq!(parse_color("#f80"), Ok([255, 136, 0]));
        for wrong in ["", "#", "#ff80", "#ff80000", "#gg0000", "red", "#\u{e9}\u{e9}\u{e9}"] {
            assert!(parse_color(wrong).is_err(), "{wrong:?}");
        }
    }
}
