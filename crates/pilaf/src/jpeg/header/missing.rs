//! How much a header still lacks that ends too early.

use super::super::marker::code;

/// Bytes that a scan header has at least: SOS with one component (T.81, B.2.3).
const LEAST_SCAN: usize = 10;
/// Bytes that a frame header has at least: SOFn with one component (T.81, B.2.2).
const LEAST_FRAME: usize = 13;

/// What is known of a header whose end is not at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Missing {
    /// So many more bytes are needed at least.
    pub(crate) bytes: usize,
    /// Width and height, once the frame header was there. The height is 0 when it comes later.
    pub(crate) size: Option<(u32, u32)>,
}

/// Finds out what is missing from `data`, whose header [`read_header`](super::read_header) found
/// to be truncated.
///
/// No shorter addition can complete the header. One exception: a height that follows the first
/// scan (DNL) can be anywhere, so that as many bytes are asked for as there are.
pub(crate) fn missing(data: &[u8]) -> Missing {
    let mut at = 2;
    let mut size = None;
    loop {
        let frame = if size.is_none() { LEAST_FRAME } else { 0 };
        let Some((marker, length_at)) = next_marker(data, &mut at) else {
            // Of what comes next, a fill byte or the FF of a marker may be here already.
            return Missing { bytes: at + frame + LEAST_SCAN - data.len(), size };
        };
        if matches!(marker, code::RST0..=code::SOI | code::TEM) {
            at = length_at;
            continue;
        }
        let length = data.get(length_at..length_at + 2);
        let stated = length.map(|length| usize::from(u16::from_be_bytes([length[0], length[1]])));
        let end = length_at + stated.unwrap_or_else(|| least_length(marker)).max(2);
        let is_frame = is_frame(marker);
        let rest = match marker {
            code::SOS => 0,
            _ if is_frame => LEAST_SCAN,
            _ => frame + LEAST_SCAN,
        };
        if end > data.len() {
            return Missing { bytes: end + rest - data.len(), size };
        }
        if marker == code::SOS {
            return Missing { bytes: data.len(), size };
        }
        if is_frame {
            size = size.or_else(|| frame_size(&data[length_at..end]));
        }
        at = end;
    }
}

/// The next marker, and where its length stands. `at` moves to where the marker begins, or may
/// still begin.
fn next_marker(data: &[u8], at: &mut usize) -> Option<(u8, usize)> {
    loop {
        let rest = data.get(*at..).unwrap_or_default();
        let Some(skip) = memchr::memchr(0xFF, rest) else {
            *at = (*at).max(data.len());
            return None;
        };
        *at += skip;
        let fill = data[*at..].iter().take_while(|&&byte| byte == 0xFF).count();
        match data.get(*at + fill) {
            None => {
                *at = data.len() - 1;
                return None;
            }
            Some(0) => *at += fill + 1,
            Some(&marker) => return Some((marker, *at + fill + 1)),
        }
    }
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, code::SOF0..=code::SOF15)
        && !matches!(marker, code::DHT | code::JPG | code::DAC)
}

/// What the length field of a segment states at least.
fn least_length(marker: u8) -> usize {
    match marker {
        code::SOS => LEAST_SCAN - 2,
        _ if is_frame(marker) => LEAST_FRAME - 2,
        _ => 2,
    }
}

/// Columns and rows that a frame segment states: length, precision, Y, X (T.81, B.2.2).
fn frame_size(segment: &[u8]) -> Option<(u32, u32)> {
    let [_, _, _, y1, y0, x1, x0, ..] = *segment else { return None };
    Some((u16::from_be_bytes([x1, x0]).into(), u16::from_be_bytes([y1, y0]).into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::Limits;

    fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
        let length = (payload.len() as u16 + 2).to_be_bytes();
        [&[0xFF, marker], &length[..], payload].concat()
    }

    /// SOI, fill bytes, rubbish, a comment, tables, a 3x2 frame, a scan header.
    fn header() -> Vec<u8> {
        let frame = segment(code::SOF0, &[8, 0, 2, 0, 3, 1, 1, 0x11, 0]);
        let scan = segment(code::SOS, &[1, 1, 0, 0, 63, 0]);
        let comment = segment(code::COM, &[7; 300]);
        [b"\xFF\xD8\xFF\xFF".as_slice(), &comment, b"\x01\xFF\x00\x02", &frame, &comment, &scan]
            .concat()
    }

    #[test]
    fn never_asks_for_more_than_there_is_and_always_for_some() {
        let header = header();
        for length in 3..header.len() {
            let missing = missing(&header[..length]);
            assert!(missing.bytes > 0, "{length}");
            assert!(length + missing.bytes <= header.len(), "{length}: {missing:?}");
        }
        assert_eq!(missing(&header[..header.len() - 1]), Missing { bytes: 1, size: Some((3, 2)) });
    }

    #[test]
    fn a_few_steps_lead_to_the_end() {
        let header = header();
        let (mut length, mut steps) = (3, 0);
        while length < header.len() {
            let error =
                super::super::read_header(&header[..length], &Limits::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Truncated);
            length += missing(&header[..length]).bytes;
            steps += 1;
        }
        assert!(steps <= 8, "{steps} steps");
    }

    #[test]
    fn a_height_that_comes_later_is_looked_for_in_ever_larger_steps() {
        let mut data = header();
        let frame = data.windows(2).position(|pair| pair == [0xFF, code::SOF0]).unwrap();
        data[frame + 5..frame + 7].fill(0);
        assert_eq!(missing(&data).bytes, data.len());
    }
}
