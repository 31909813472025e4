//! The options that bound what one input may cost.

use pilaf::Limits;

/// Numbers may end in k, M or G (thousands, millions, billions).
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits of one input")]
pub(crate) struct LimitArgs {
    /// Pixels that an image may have [default: 178956970]
    #[arg(long, value_name = "N", value_parser = parse_count)]
    max_pixels: Option<u64>,

    /// Bytes of memory for a decoded image [default: 1 GiB]
    #[arg(long, value_name = "N", value_parser = parse_count)]
    max_bytes: Option<u64>,

    /// Bytes that a file may have [default: 1 GiB]
    #[arg(long, value_name = "N", value_parser = parse_count)]
    max_input_bytes: Option<u64>,
}

impl LimitArgs {
    /// The limits of the engine where nothing was said.
    pub(crate) fn resolve(&self) -> Limits {
        let default = Limits::default();
        Limits {
            max_pixels: self.max_pixels.unwrap_or(default.max_pixels),
            max_bytes: self.max_bytes.unwrap_or(default.max_bytes),
            max_input_bytes: self.max_input_bytes.unwrap_or(default.max_input_bytes),
            ..default
        }
    }
}

/// A number, such as `5000`, `1_000_000`, `200k`, `50M` or `2G`.
fn parse_count(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (&text[..text.len() - 1], 1_000),
        Some(b'M') => (&text[..text.len() - 1], 1_000_000),
        Some(b'G') => (&text[..text.len() - 1], 1_000_000_000),
        _ => (text, 1_u64),
    };
    let number: u64 = digits
        .replace('_', "")
        .parse()
        .map_err(|_| "a whole number is needed, such as 5000, 200k, 50M or 2G".to_owned())?;
    number.checked_mul(unit).ok_or_else(|| format!("{text} is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_units() {
        assert_eq!(parse_count("5000"), Ok(5000));
        assert_eq!(parse_count("1_000"), Ok(1000));
        assert_eq!(parse_count("200k"), Ok(200_000));
        assert_eq!(parse_count("50M"), Ok(50_000_000));
        assert_eq!(parse_count("2G"), Ok(2_000_000_000));
        for wrong in ["", "M", "-1", "1.5M", "ten", "99999999999G"] {
            assert!(parse_count(wrong).is_err(), "{wrong:?}");
        }
    }
}
