//! The protocol between `compare.py` and a peer: one line in, one line out.
//!
//! | line | what happens | answer |
//! |---|---|---|
//! | `ready` | nothing: all libraries are loaded | `ok` |
//! | `load VERB [ARG...] -- PATH...` | reads the files and does the job once | `ok`, `unsupported` |
//! | `run N` | does the job N times for every file | the seconds that took |
//! | `results FOLDER` | does it once more and keeps what comes out: `FOLDER/0`, `FOLDER/1`, ... | `ok` |

use std::fs;
use std::hint::black_box;
use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use pilaf::Image;

use crate::peers::{Filter, Peer};
use crate::pixels::{from_ppm, to_ppm};

/// A job with its inputs in memory.
enum Job {
    Thumbnail { width: u32, quality: u8, jpegs: Vec<Vec<u8>> },
    Decode { jpegs: Vec<Vec<u8>> },
    Probe { jpegs: Vec<Vec<u8>> },
    Resize { width: u32, height: u32, filter: Filter, sources: Vec<Image> },
    Encode { quality: u8, sources: Vec<Image> },
}

pub fn serve(peer: &mut dyn Peer) {
    let mut job = None;
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let (command, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match command {
            "ready" => "ok".to_owned(),
            "load" => {
                let loaded = job.insert(load(rest));
                if run(peer, loaded).is_some() { "ok".to_owned() } else { "unsupported".to_owned() }
            }
            "run" => measure(peer, job.as_ref().expect("a job"), rest.parse().expect("a number")),
            "results" => keep(peer, job.as_ref().expect("a job"), Path::new(rest)),
            _ => panic!("unknown command {command}"),
        };
        println!("{answer}");
    }
}

fn load(text: &str) -> Job {
    let (job, paths) = text.split_once(" -- ").expect("-- before the paths");
    let files = paths.split(' ').map(|path| fs::read(path).expect(path));
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let pixels = |file: Vec<u8>| from_ppm(&file);
    match *job.split(' ').collect::<Vec<_>>() {
        ["thumbnail", width, quality] => Job::Thumbnail {
            width: number(width),
            quality: number(quality) as u8,
            jpegs: files.collect(),
        },
        ["decode"] => Job::Decode { jpegs: files.collect() },
        ["probe"] => Job::Probe { jpegs: files.collect() },
        ["resize", width, height, filter] => Job::Resize {
            width: number(width),
            height: number(height),
            filter: filter.parse().expect("a filter"),
            sources: files.map(pixels).collect(),
        },
        ["encode", quality] => {
            Job::Encode { quality: number(quality) as u8, sources: files.map(pixels).collect() }
        }
        _ => panic!("unknown job {job}"),
    }
}

/// The results in the form in which they are compared; `None` if the peer cannot do it.
fn run(peer: &mut dyn Peer, job: &Job) -> Option<Vec<Output>> {
    match job {
        Job::Thumbnail { width, quality, jpegs } => jpegs
            .iter()
            .map(|jpeg| peer.thumbnail(jpeg, *width, *quality).map(Output::Bytes))
            .collect(),
        Job::Decode { jpegs } => {
            jpegs.iter().map(|jpeg| peer.decode(jpeg).map(Output::Pixels)).collect()
        }
        Job::Probe { jpegs } => {
            jpegs.iter().map(|jpeg| peer.probe(jpeg).map(Output::Size)).collect()
        }
        Job::Resize { width, height, filter, sources } => sources
            .iter()
            .map(|source| peer.resize(source, *width, *height, *filter).map(Output::Pixels))
            .collect(),
        Job::Encode { quality, sources } => {
            sources.iter().map(|source| peer.encode(source, *quality).map(Output::Bytes)).collect()
        }
    }
}

enum Output {
    Bytes(Vec<u8>),
    Pixels(Image),
    Size((u32, u32)),
}

fn measure(peer: &mut dyn Peer, job: &Job, times: u32) -> String {
    let start = Instant::now();
    for _ in 0..times {
        black_box(run(peer, black_box(job)));
    }
    format!("{:.9}", start.elapsed().as_secs_f64())
}

fn keep(peer: &mut dyn Peer, job: &Job, folder: &Path) -> String {
    for (index, output) in run(peer, job).expect("a job that it can do").into_iter().enumerate() {
        let bytes = match output {
            Output::Bytes(bytes) => bytes,
            Output::Pixels(pixels) => to_ppm(&pixels),
            Output::Size((width, height)) => format!("{width} {height}").into_bytes(),
        };
        fs::write(folder.join(index.to_string()), bytes).expect("a folder to write to");
    }
    "ok".to_owned()
}
