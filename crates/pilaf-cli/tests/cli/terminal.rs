//! What is different on a terminal: the progress bar, and the images that do not go there.

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::sandbox::{Sandbox, jpeg};

/// A pseudo-terminal: what a program shows on the second, the first reads.
fn terminal() -> (File, File) {
    let shown = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&shown).unwrap();
    unlockpt(&shown).unwrap();
    let name = ptsname(&shown, Vec::new()).unwrap().into_string().unwrap();
    (File::from(shown), File::options().read(true).write(true).open(name).unwrap())
}

/// Runs `command` to its end and returns its status and what the terminal shows.
fn watch(mut command: Command, mut shown: File) -> (i32, String) {
    let mut child = command.spawn().unwrap();
    // Our copies of the terminal would keep it open.
    drop(command);
    let mut text = Vec::new();
    // Linux reports the end of a pseudo-terminal as an error (EIO), after all its text.
    let _ = shown.read_to_end(&mut text);
    (child.wait().unwrap().code().unwrap(), String::from_utf8(text).unwrap())
}

fn batch(sandbox: &Sandbox, options: &[&str]) -> Command {
    for name in ["a.jpg", "b.jpg", "d.jpg"] {
        sandbox.write(name, &jpeg(20, 20));
    }
    sandbox.write("c.jpg", b"not an image");
    let args = ["resize", "*.jpg", "-o", "out/{name}", "--width", "9", "--jobs", "1"];
    let mut command = sandbox.command(&[&args, options].concat());
    command.env("TERM", "xterm");
    command
}

#[test]
fn a_batch_shows_its_progress() {
    let sandbox = Sandbox::new("progress");
    let (shown, terminal) = terminal();
    let mut command = batch(&sandbox, &[]);
    command.stderr(terminal);
    let (status, text) = watch(command, shown);
    assert_eq!(status, 1);
    assert!(text.starts_with("\r[------------------------------] 0/4\x1b[K"), "{text:?}");
    assert!(text.contains("\r\x1b[Kpilaf: c.jpg: the input is text"), "{text:?}");
    assert!(text.contains("\r[######################--------] 3/4, 1 failed\x1b[K"), "{text:?}");
    assert!(text.ends_with("\r\x1b[Kpilaf: 3 images written, 1 failed\r\n"), "{text:?}");
}

#[test]
fn no_bar_when_quiet_or_when_the_terminal_cannot() {
    for (options, term) in [(&["--quiet"][..], "xterm"), (&[], "dumb")] {
        let sandbox = Sandbox::new(&format!("no-bar-{term}"));
        let (shown, terminal) = terminal();
        let mut command = batch(&sandbox, options);
        command.env("TERM", term).stderr(terminal);
        let (status, text) = watch(command, shown);
        assert_eq!(status, 1);
        assert!(text.starts_with("pilaf: c.jpg: the input is text"), "{text:?}");
        assert!(!text.contains('\x1b'), "{text:?}");
    }
}

#[test]
fn no_image_goes_to_a_terminal() {
    let sandbox = Sandbox::new("binary");
    sandbox.write("in.jpg", &jpeg(20, 20));
    let (shown, terminal) = terminal();
    let mut command = sandbox.command(&["resize", "in.jpg", "-o", "-", "--width", "9"]);
    command.stdout(terminal.try_clone().unwrap()).stderr(terminal);
    let (status, text) = watch(command, shown);
    assert_eq!(status, 2);
    assert_eq!(
        text,
        "pilaf: standard output is a terminal, which cannot show an image; \
         send it to a file or a pipe, or use -o FILE\r\n"
    );
}

#[test]
fn no_image_is_awaited_from_a_terminal() {
    let sandbox = Sandbox::new("typed");
    let (shown, terminal) = terminal();
    let mut command = sandbox.command(&["info", "-"]);
    command.stdin(terminal.try_clone().unwrap()).stdout(Stdio::null()).stderr(terminal);
    let (status, text) = watch(command, shown);
    assert_eq!(status, 2);
    assert!(text.starts_with("pilaf: standard input is a terminal, not an image; "), "{text:?}");
}
