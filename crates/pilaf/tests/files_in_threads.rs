//! Files in memory and on the disk, read and written by several threads at once.

use std::io::{BufRead, Read, Seek, SeekFrom, Write};
use std::sync::Mutex;
use std::thread;

use pilaf::io::{MemoryFile, SpooledFile};

/// What the issue of a file object promises, checked when this is compiled.
fn is_a_file<T: Read + Write + Seek + BufRead + Send + Sync + Clone>() {}

#[test]
fn both_are_files_for_several_threads() {
    is_a_file::<MemoryFile>();
    is_a_file::<SpooledFile>();
}

const LINE: &[u8] = b"0123456789abcde\n";

/// Threads read clones while others write to clones of their own: nobody sees a foreign byte.
fn check<F: Read + Write + Seek + BufRead + Send + Sync + Clone>(mut file: F) {
    for _ in 0..500 {
        file.write_all(LINE).unwrap();
    }
    let file = &file;
    thread::scope(|scope| {
        for number in 0..4 {
            scope.spawn(move || {
                for turn in 0..20 {
                    let mut own = file.clone();
                    own.seek(SeekFrom::Start(16 * (number + turn))).unwrap();
                    own.write_all(&[number as u8; 100]).unwrap();
                    own.rewind().unwrap();
                    let mut all = Vec::new();
                    own.read_to_end(&mut all).unwrap();
                    assert_eq!(all.len(), 8000);
                    assert_eq!(all.iter().filter(|&&byte| byte == number as u8).count(), 100);
                }
            });
            scope.spawn(move || {
                for _ in 0..20 {
                    let mut own = file.clone();
                    own.rewind().unwrap();
                    let mut line = Vec::new();
                    while own.read_until(b'\n', &mut line).unwrap() > 0 {
                        assert_eq!(line, LINE);
                        line.clear();
                    }
                }
            });
        }
    });
}

#[test]
fn clones_do_not_disturb_each_other_in_memory() {
    check(MemoryFile::new());
    check(SpooledFile::new(0));
}

#[test]
fn clones_do_not_disturb_each_other_on_the_disk() {
    check(SpooledFile::new(100));
}

#[test]
fn a_lock_makes_one_file_of_many_writers() {
    let file = Mutex::new(SpooledFile::new(1000));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..200).for_each(|_| file.lock().unwrap().write_all(LINE).unwrap()));
        }
    });
    let mut file = file.into_inner().unwrap();
    assert!(file.is_rolled());
    file.rewind().unwrap();
    let lines = file.lines().map(|line| line.unwrap() + "\n");
    assert_eq!(lines.filter(|line| line.as_bytes() == LINE).count(), 800);
}
