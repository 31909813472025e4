//! Arguments: help, version, and those that make no sense.

use crate::sandbox::{Sandbox, jpeg};

#[test]
fn help_and_version() {
    let sandbox = Sandbox::new("help");
    let version = sandbox.succeed(&["--version"]);
    assert_eq!(version.text(), concat!("pilaf ", env!("CARGO_PKG_VERSION"), "\n"));
    for args in [&["--help"][..], &["help", "resize"], &["resize", "--help"], &["info", "--help"]] {
        let help = sandbox.succeed(args);
        assert!(help.text().contains("Usage: pilaf"), "{}", help.text());
    }
    let help = sandbox.succeed(&["resize", "--help"]);
    for words in ["Examples:", "pilaf resize photo.jpg -o small.jpg --width 720", "mks2021"] {
        assert!(help.text().contains(words), "{words}: {}", help.text());
    }
    assert_eq!(sandbox.run(&[]).status, 2);
}

#[test]
fn values_that_mean_nothing() {
    let sandbox = Sandbox::new("values");
    sandbox.write("in.jpg", &jpeg(20, 20));
    let cases: &[(&[&str], &str)] = &[
        (&["--filter", "lanczoz", "--width", "9"], "a similar value exists: 'lanczos'"),
        (&["--format", "gif", "--width", "9"], "possible values: jpg, png"),
        (&["--width", "0"], "0 is not in 1.."),
        (&["--height", "-5"], "unexpected argument '-5'"),
        (&["--width", "wide"], "invalid digit"),
        (&["--fit", "0x5"], "a side is at least 1 pixel"),
        (&["--cover", "5x0"], "a side is at least 1 pixel"),
        (&["--fill", "0x0"], "a side is at least 1 pixel"),
        (&["--fit", "720"], "a size is WIDTHxHEIGHT in pixels, such as 720x588"),
        (&["--fit", "axb"], "a size is WIDTHxHEIGHT in pixels, such as 720x588"),
        (&["--fit", "99999999999x5"], "a size is WIDTHxHEIGHT in pixels, such as 720x588"),
        (&["--quality", "0", "--width", "9"], "0 is not in 1..=100"),
        (&["--quality", "101", "--width", "9"], "101 is not in 1..=100"),
        (&["--background", "white", "--width", "9"], "a colour is #rrggbb in hexadecimal"),
        (&["--jobs", "0", "--width", "9"], "'--jobs <N>': a whole number from 1 on is needed"),
        (
            &["--threads", "0", "--width", "9"],
            "'--threads <N>': a whole number from 1 on is needed",
        ),
        (
            &["--profile", "opencv-area", "--filter", "box", "--width", "9"],
            "profile opencv-area has a filter of its own; leave --filter out",
        ),
        (&["--max-pixels", "many", "--width", "9"], "a whole number is needed"),
        (&["--fit", "9x9", "--fill", "9x9"], "cannot be used with '--fill <WxH>'"),
        (&["--fit", "9x9", "--width", "9"], "cannot be used with"),
        (&[], "required arguments were not provided"),
    ];
    for (options, words) in cases {
        let before = sandbox.files();
        let done = sandbox.run(&[&["resize", "in.jpg", "-o", "out.jpg"], *options].concat());
        assert_eq!(done.status, 2, "{options:?}");
        assert!(done.stderr.contains(words), "{options:?}: {}", done.stderr);
        assert_eq!(sandbox.files(), before);
    }
}

#[test]
fn what_is_needed() {
    let sandbox = Sandbox::new("needed");
    for args in [&["resize"][..], &["resize", "in.jpg", "--width", "9"], &["info"], &["fry", "x"]] {
        assert_eq!(sandbox.run(args).status, 2, "{args:?}");
    }
}

#[test]
fn outputs_that_mean_nothing() {
    let sandbox = Sandbox::new("outputs");
    sandbox.write("a.jpg", &jpeg(20, 20));
    sandbox.write("b.jpg", &jpeg(20, 20));
    sandbox.write("noext", &jpeg(20, 20));
    let refuse = |inputs: &[&str], out: &str, message: &str| {
        let args = [&["resize"], inputs, &["-o", out, "--width", "9"]].concat();
        sandbox.fail(&args, 2, &format!("pilaf: {message}"));
    };
    refuse(
        &["a.jpg", "b.jpg"],
        "-",
        "2 images cannot share one standard output; use a template such as -o 'thumbs/{stem}.jpg'",
    );
    refuse(&["-", "-"], "{index}.jpg", "standard input can be read once; give - one time only");
    refuse(
        &["a.jpg"],
        "out.gif",
        "gif is no image format to write; name out.gif otherwise, or say --format jpg|png",
    );
    refuse(
        &["a.jpg"],
        "{size}.jpg",
        "OUT has an unknown field {size}; the fields are {stem}, {name}, {ext}, {dir} and \
         {index}; {{ is a brace",
    );
    refuse(
        &["a.jpg"],
        "{stem.jpg",
        "OUT has a lone { in \"{stem.jpg\"; write {{ and }} for braces that are part of the name",
    );
    refuse(
        &["noext"],
        "out/",
        "noext has no extension to name its output after; say which format to write: --format jpg",
    );
    refuse(
        &["no[pattern.jpg"],
        "out.jpg",
        "no[pattern.jpg: invalid range pattern at character 3; \
         a pattern is made of *, ?, [abc] and **/",
    );
}
