//! Any bytes as an input that should be an image: no panic, bounded time and memory, and
//!
//! - a prefix is never told to need more than the shortest whole header has;
//! - what opens is explained as an image, and what does not has the code of the explanation;
//! - the repair that is named gives an image or an error, within the limits.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pilaf::explain::{Code, Context, explain};
use pilaf::repair::{Repair, repair};
use pilaf::{Limits, OpenOptions, Probe};

const MOST: u64 = 1 << 20;

fn limits() -> Limits {
    Limits {
        max_pixels: 1 << 16,
        max_bytes: 1 << 24,
        max_input_bytes: MOST,
        max_scans: 8,
        ..Limits::default()
    }
}

fuzz_target!(|data: &[u8]| {
    let options = OpenOptions::new().limits(limits());
    let ready = |length: usize| matches!(options.probe(&data[..length]), Ok(Probe::Ready(_)));
    let half = data.len() / 2;
    if let Ok(Probe::NeedMore(need)) = options.probe(&data[..half]) {
        let enough = half + (need.bytes as usize - 1).min(data.len() - half);
        let doubles = need.bytes as usize == half; // the height of a JPEG comes after its scan
        assert!(doubles || !ready(enough), "less than was asked for is enough");
    }
    let context = Context { limits: limits(), ..Context::default() };
    let diagnosis = explain(data, &context).expect("nothing is read that could fail");
    match options.open(data) {
        Ok(_) => assert!(diagnosis.image.is_some(), "opens, but is no image: {diagnosis}"),
        Err(error) => {
            assert!(!diagnosis.is_ok(), "{error}: but {diagnosis}");
            if diagnosis.image.is_none() || diagnosis.repair.is_some() {
                assert_eq!(error.code(), diagnosis.code.as_str());
            }
        }
    }
    match repair(data, Repair::ALL, &limits()) {
        Ok(repaired) => {
            assert!(repaired.data.len() as u64 <= MOST);
            assert!(!repaired.steps.is_empty() || repaired.data == data);
        }
        Err(error) => assert!(diagnosis.code != Code::Ok, "an image fails to be one: {error}"),
    }
});
