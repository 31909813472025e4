//! `pilaf resize` of inputs that are wrong, to outputs that cannot be written: each has its own
//! words, and nothing is left half-written.

use crate::sandbox::{Sandbox, huge_png, jpeg, png};

fn out_jpg(input: &str) -> [&str; 6] {
    ["resize", input, "-o", "out.jpg", "--width", "9"]
}

#[test]
fn inputs_that_are_no_image() {
    let sandbox = Sandbox::new("no-image");
    sandbox.write("empty.jpg", b"");
    sandbox.write("text.jpg", b"not an image");
    sandbox.write("huge.png", &huge_png());
    let cases = [
        (
            "empty.jpg",
            "the input is empty: 0 bytes; check that the upload or query returned a body, and \
             that it was not read before",
        ),
        (
            "text.jpg",
            "the input is text: \"not an image\" (at byte 0); pass the bytes of an image; if a \
             server sent this, it says why there is none; a path is passed as str or Path, not as \
             bytes",
        ),
        (
            "huge.png",
            "the image states 60000x60000 = 3600000000 pixels, more than the limit of 178956970; \
             raise --max-pixels if you trust where it came from",
        ),
        ("missing.jpg", "No such file or directory"),
        ("missing/in.jpg", "No such file or directory"),
        ("text.jpg/in.jpg", "Not a directory"),
        (".", "is a directory; name its files, such as 'photos/*.jpg'"),
        ("*.gif", "no file matches this pattern"),
    ];
    for (input, message) in cases {
        sandbox.fail(&out_jpg(input), 1, &format!("pilaf: {input}: {message}"));
    }
    let done = sandbox.run_with_input(&out_jpg("-"), b"");
    assert_eq!(done.status, 1);
    assert!(done.stderr.starts_with("pilaf: <stdin>: the input is empty: 0 bytes"));
}

#[test]
fn targets_beyond_the_limits() {
    let sandbox = Sandbox::new("large-targets");
    sandbox.write("in.jpg", &jpeg(20, 20));
    sandbox.write("in.png", &png(20, 20));
    let message = "a target of 4000000000x4000000000 has 16000000000000000000 pixels, more than \
                   the limit of 178956970; ask for a smaller one, or raise --max-pixels";
    for input in ["in.jpg", "in.png"] {
        let args = ["resize", input, "-o", "out.jpg", "--fill", "4000000000x4000000000"];
        sandbox.fail(&args, 1, &format!("pilaf: {input}: {message}"));
    }
}

#[test]
fn truncated_images() {
    let sandbox = Sandbox::new("truncated");
    let (jpeg, png) = (jpeg(120, 80), png(120, 80));
    for tenth in 1..10 {
        for (name, bytes) in [("in.jpg", &jpeg), ("in.png", &png)] {
            sandbox.write(name, &bytes[..bytes.len() * tenth / 10]);
            let before = sandbox.files();
            let done = sandbox.run(&out_jpg(name));
            assert_eq!(done.status, 1, "{tenth} tenths of {name}: {}", done.stderr);
            let start = format!("pilaf: {name}: ");
            assert!(done.stderr.starts_with(&start), "{tenth} tenths of {name}: {}", done.stderr);
            assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
            assert_eq!(sandbox.files(), before);
        }
    }
}

#[test]
fn outputs_that_cannot_be_written() {
    let sandbox = Sandbox::new("unwritable");
    sandbox.write("in.jpg", &jpeg(20, 20));
    sandbox.write("file", b"");
    std::fs::create_dir(sandbox.folder.join("out.jpg")).unwrap();
    let cases = [
        ("no/such/out.jpg", "No such file or directory; make the folder first: mkdir -p no/such"),
        ("file/out.jpg", "Not a directory"),
    ];
    for (out, message) in cases {
        let args = ["resize", "in.jpg", "-o", out, "--width", "9"];
        sandbox.fail(&args, 1, &format!("pilaf: {out}: {message}"));
    }
    let args = ["resize", "in.jpg", "-o", "file/{stem}.jpg", "--width", "9"];
    let done = sandbox.run(&args);
    assert_eq!(done.status, 1);
    assert!(done.stderr.starts_with("pilaf: file/in.jpg: "), "{}", done.stderr);
    assert_eq!(sandbox.files(), ["file", "in.jpg"]);
}

#[test]
#[cfg(unix)]
fn a_folder_without_write_permission() {
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;

    let sandbox = Sandbox::new("read-only");
    sandbox.write("in.jpg", &jpeg(20, 20));
    let folder = sandbox.folder.join("locked");
    std::fs::create_dir(&folder).unwrap();
    set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    if write(folder.join("probe"), b"").is_ok() {
        eprintln!("skipped: this user (root?) may write to read-only folders");
        return;
    }
    let args = ["resize", "in.jpg", "-o", "locked/out.jpg", "--width", "9"];
    sandbox.fail(&args, 1, "pilaf: locked/out.jpg: Permission denied");
}

#[test]
#[cfg(target_os = "linux")]
fn a_device_that_is_full() {
    let sandbox = Sandbox::new("full");
    sandbox.write("in.jpg", &jpeg(20, 20));
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let args = ["resize", "in.jpg", "-o", "-", "--width", "9"];
    let output = sandbox.command(&args).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("pilaf: <stdout>: No space left on device"), "{stderr}");
    let args = ["resize", "in.jpg", "-o", "/dev/full", "--width", "9"];
    sandbox.fail(&args, 1, "pilaf: /dev/full: No space left on device");
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let sandbox = Sandbox::new("gone");
    sandbox.write("in.jpg", &jpeg(20, 20));
    for args in [&["resize", "in.jpg", "-o", "-", "--width", "9"][..], &["info", "in.jpg"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = sandbox.command(args).stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]), "{args:?}");
    }
}
