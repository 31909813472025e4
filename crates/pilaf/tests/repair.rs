//! Repairs on request: every damaged input that has one gives back its image, byte for byte.

mod damaged;

use damaged::{base64, cases, gzip, jpeg, png};
use pilaf::explain::{Context, explain};
use pilaf::repair::{Repair, repair};
use pilaf::{ErrorKind, Limits};
use proptest::prelude::*;

fn all(data: &[u8]) -> pilaf::Result<pilaf::repair::Repaired> {
    repair(data, Repair::ALL, &Limits::default())
}

#[test]
fn what_explain_names_is_what_helps() {
    let (jpeg, png) = (jpeg(), png());
    let mut used = Vec::new();
    for (name, data, code, _) in cases() {
        let diagnosis = explain(&data, &Context::default()).unwrap();
        let Some(first) = diagnosis.repair else {
            // Nothing is known to help: the same as opening says, or an image that is broken.
            match all(&data) {
                Err(error) => assert_eq!(error.code(), code.as_str(), "{name}"),
                Ok(same) => assert!(same.steps.is_empty() && same.data == data, "{name}"),
            }
            continue;
        };
        assert!(diagnosis.to_string().contains(first.as_str()), "{name}: {diagnosis}");
        let repaired = all(&data).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(repaired.data == jpeg || repaired.data == png, "{name}");
        assert_eq!(repaired.steps[0].repair, first, "{name}");
        used.extend(repaired.steps.iter().map(|step| step.repair));
        // Not without leave.
        let others: Vec<_> = Repair::ALL.iter().copied().filter(|&other| other != first).collect();
        let error = repair(&data, &others, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), code.as_str(), "{name}");
        assert!(error.help().unwrap().contains(first.as_str()), "{name}: {error}");
    }
    for repair in Repair::ALL {
        assert!(used.contains(repair), "no damaged input needs {repair}");
    }
    assert!(used.len() >= 25, "{} repairs", used.len());
}

#[test]
fn layers_come_off_one_after_the_other() {
    let jpeg = jpeg();
    let part = base64(&gzip(&[b"junk", &jpeg[..], b"more"].concat()));
    let mail = format!("--b\r\nContent-Type: image/jpeg\r\n\r\n{part}\r\n--b--\r\n");
    let repaired = all(mail.as_bytes()).unwrap();
    let steps: Vec<_> = repaired.steps.iter().map(|step| step.repair).collect();
    use Repair::{FromBase64, FromMultipart, Gunzip, StripJunk};
    assert_eq!(steps, [FromMultipart, FromBase64, Gunzip, StripJunk]);
    assert_eq!(repaired.data, jpeg);
    let last = repaired.steps[3].to_string();
    let (before, after) = (jpeg.len() + 8, jpeg.len());
    assert_eq!(
        last,
        format!(
            "strip_junk: what was in front of or behind the image was cut off ({before} bytes \
             became {after})"
        )
    );
}

#[test]
fn an_image_is_left_as_it_is() {
    for image in [jpeg(), png()] {
        let repaired = all(&image).unwrap();
        assert!(repaired.steps.is_empty() && repaired.data == image);
        let more = [&image[..], b"more"].concat();
        assert_eq!(all(&more).unwrap().data, image);
        let untouched = repair(&more, &[], &Limits::default()).unwrap();
        assert_eq!(untouched.data, more);
    }
}

#[test]
fn limits_hold() {
    let limits = Limits { max_input_bytes: 100_000, ..Limits::default() };
    let bomb = gzip(&vec![0; 10_000_000]);
    assert!(bomb.len() < 100_000);
    let error = Repair::Gunzip.apply(&bomb, &limits).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let error = Repair::FromLiteral.apply(&[b'a'; 100_001], &limits).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn wrong_data_are_told_where() {
    let limits = Limits::default();
    let error = pilaf::from_base64("  data:image/png;base64,iVBO*", &limits).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Parameter, Some(28)));
    let error = Repair::Gunzip.apply(&gzip(&png())[..500], &limits).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Truncated, Some(500)));
    let mut broken = gzip(&png());
    let end = broken.len();
    broken[end - 6] ^= 1;
    let error = Repair::Gunzip.apply(&broken, &limits).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed, "the checksum is wrong: {error}");
    for repair in Repair::ALL {
        assert_eq!(repair.as_str().parse::<Repair>().unwrap(), *repair);
        let outcome = repair.apply(b"\x07\x08", &limits);
        assert!(outcome.is_err() || *repair == Repair::FromLatin1, "{repair}");
    }
    assert!("unknown".parse::<Repair>().unwrap_err().to_string().contains("gunzip"));
}

#[test]
fn line_ends_are_restored_only_with_proof() {
    let png = png();
    let damaged = cases().into_iter().find(|case| case.0 == "png, LF to CRLF").unwrap().1;
    assert_eq!(all(&damaged).unwrap().data, png);
    // One more byte is wrong: undoing the line ends proves nothing.
    let mut worse = damaged;
    let at = worse.len() - 30;
    worse[at] ^= 1;
    assert_eq!(all(&worse).unwrap_err().code(), "newline_damage");
}

/// Beginnings after which one of the repairs gets to work.
const STARTS: &[&[u8]] = &[
    b"",
    b"\x1F\x8B\x08\0",
    b"\x78\x9C",
    b"--b\r\n\r\n",
    b"HTTP/1.1 200\n\n",
    b"data:,",
    b"data:;base64,",
    b"b'\\xff",
    b"[255,",
    b"{\"0\":255,",
    b"\\x",
    b"\xFF\xFE\x89\0P\0N\0G\0",
    b"\x89PNG\r\r\n\x1A\r\n",
    b"Transfer-Encoding: chunked\n\n",
    b"\xFF\xD8\xFF",
];

proptest! {
    #[test]
    fn nothing_makes_it_panic(
        start in prop::sample::select(STARTS),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        text in "[ -~\\n]{0,200}",
    ) {
        let limits = Limits { max_input_bytes: 10_000, ..Limits::default() };
        for end in [&bytes[..], text.as_bytes()] {
            let data = [start, end].concat();
            let _ = repair(&data, Repair::ALL, &limits);
            for one in Repair::ALL {
                if let Ok(repaired) = one.apply(&data, &limits) {
                    prop_assert!(repaired.len() <= 10_000);
                }
            }
        }
    }

    #[test]
    fn text_of_bytes_gives_the_bytes(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        let limits = Limits::default();
        let text = base64(&bytes);
        prop_assert_eq!(&pilaf::from_base64(&text, &limits).unwrap(), &bytes);
        let url_safe = text.replace('+', "-").replace('/', "_").replace('=', "");
        prop_assert_eq!(&pilaf::from_base64(&url_safe, &limits).unwrap(), &bytes);
        let literal = damaged::python_literal(&bytes);
        prop_assert_eq!(&Repair::FromLiteral.apply(literal.as_bytes(), &limits).unwrap(), &bytes);
        let numbers = format!("{bytes:?}");
        prop_assert_eq!(&Repair::FromLiteral.apply(numbers.as_bytes(), &limits).unwrap(), &bytes);
        let text = damaged::latin1_as_utf8(&bytes);
        prop_assert_eq!(&Repair::FromLatin1.apply(&text, &limits).unwrap(), &bytes);
        prop_assert_eq!(&Repair::Gunzip.apply(&gzip(&bytes), &limits).unwrap(), &bytes);
    }
}
