//! `pilaf resize` of several images: patterns, templates, folders, jobs.

use crate::sandbox::{Sandbox, jpeg, png};

/// Three photos, a picture, a hidden file and a folder named like a photo.
fn sandbox(test: &str) -> Sandbox {
    let sandbox = Sandbox::new(test);
    for (name, width) in [("a", 40), ("b", 50), ("c", 60)] {
        sandbox.write(&format!("photos/{name}.jpg"), &jpeg(width, 20));
    }
    sandbox.write("photos/d.png", &png(30, 30));
    sandbox.write("photos/.hidden.jpg", b"no image");
    sandbox.write("photos/folder.jpg/deep.jpg", &jpeg(70, 20));
    sandbox
}

fn new_files(sandbox: &Sandbox) -> Vec<String> {
    sandbox.files().into_iter().filter(|name| !name.starts_with("photos/")).collect()
}

#[test]
fn a_quoted_pattern_and_a_template() {
    let sandbox = sandbox("pattern");
    let out = "thumbs/{stem}.png";
    let done = sandbox.run(&["resize", "photos/*.jpg", "-o", out, "--height", "10"]);
    assert_eq!((done.status, &*done.stderr), (0, "pilaf: 3 images written\n"));
    assert_eq!(new_files(&sandbox), ["thumbs/a.png", "thumbs/b.png", "thumbs/c.png"]);
    assert_eq!(sandbox.info("thumbs/b.png").size(), (25, 10));
    assert_eq!(sandbox.info("thumbs/c.png").size(), (30, 10));
}

#[test]
fn patterns_reach_into_folders() {
    let sandbox = sandbox("deep");
    let out = "flat/{index}-{name}";
    let done = sandbox.run(&["resize", "photos/**/[cd]*.jpg", "-o", out, "--height", "10"]);
    assert_eq!((done.status, &*done.stderr), (0, "pilaf: 2 images written\n"));
    assert_eq!(new_files(&sandbox), ["flat/1-c.jpg", "flat/2-deep.jpg"]);
}

#[test]
fn a_file_named_like_a_pattern_is_that_file() {
    let sandbox = Sandbox::new("literal");
    sandbox.write("a[1].jpg", &jpeg(20, 20));
    sandbox.write("a1.jpg", &jpeg(30, 30));
    sandbox.succeed(&["resize", "a[1].jpg", "-o", "out.jpg", "--enlarge", "--fill", "20x20"]);
    sandbox.succeed(&["resize", "a[1].jpg", "-o", "same.jpg", "--width", "99"]);
    assert_eq!(sandbox.info("same.jpg").size(), (20, 20));
}

#[test]
fn a_folder_as_output() {
    let sandbox = sandbox("folder");
    std::fs::create_dir(sandbox.folder.join("there")).unwrap();
    let names = ["photos/a.jpg", "photos/d.png"];
    for (out, format, files) in [
        ("there", None, ["there/a.jpg", "there/d.png"]),
        ("new/", None, ["new/a.jpg", "new/d.png"]),
        ("png/", Some("--format=png"), ["png/a.png", "png/d.png"]),
    ] {
        let mut args = vec!["resize", names[0], names[1], "-o", out, "--height", "10", "--quiet"];
        args.extend(format);
        sandbox.succeed(&args);
        assert_eq!(files.map(|file| sandbox.info(file).height), [10, 10], "{out}");
    }
}

#[test]
fn outputs_beside_their_inputs() {
    let sandbox = sandbox("beside");
    let out = "{dir}/{stem}-small.{ext}";
    sandbox.succeed(&["resize", "photos/[ad].*", "-o", out, "--height", "10", "-q"]);
    assert_eq!(sandbox.info("photos/a-small.jpg").size(), (20, 10));
    assert_eq!(sandbox.info("photos/d-small.png").size(), (10, 10));
}

#[test]
fn one_bad_input_does_not_stop_the_others() {
    let sandbox = sandbox("bad-one");
    sandbox.write("photos/b.jpg", b"<html>502 Bad Gateway</html>");
    for jobs in ["1", "2", "9"] {
        let out = format!("jobs{jobs}/{{name}}");
        let inputs = ["photos/a.jpg", "photos/b.jpg", "photos/x.jpg", "none/*.jpg", "photos/c.jpg"];
        let options = ["-o", &out, "--height", "10", "--jobs", jobs];
        let done = sandbox.run(&[&["resize"], &inputs[..], &options[..]].concat());
        assert_eq!(done.status, 1);
        let mut lines: Vec<_> = done.stderr.lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                "pilaf: 2 images written, 3 failed",
                "pilaf: none/*.jpg: no file matches this pattern",
                "pilaf: photos/b.jpg: the input is an HTML page that says \"502 Bad Gateway\" \
                 (at byte 0); the server sent a page instead of the image: check the address, \
                 the status code and whether one must be logged in",
                "pilaf: photos/x.jpg: No such file or directory",
            ]
        );
    }
    let files = ["jobs1/a.jpg", "jobs1/c.jpg", "jobs2/a.jpg", "jobs2/c.jpg"];
    assert_eq!(new_files(&sandbox)[..4], files);
    assert_eq!(sandbox.read("jobs1/a.jpg"), sandbox.read("jobs9/a.jpg"));
}

#[test]
fn quiet_keeps_the_errors() {
    let sandbox = sandbox("quiet");
    let args = ["resize", "photos/a.jpg", "x.jpg", "-o", "o-{name}", "--width", "9", "--quiet"];
    let done = sandbox.run(&args);
    assert_eq!((done.status, &*done.stderr), (1, "pilaf: x.jpg: No such file or directory\n"));
}

#[test]
fn outputs_must_differ() {
    let sandbox = sandbox("collide");
    let same = |inputs: [&str; 2], out: &str, refusal: &str| {
        let args = ["resize", inputs[0], inputs[1], "-o", out, "--width", "9"];
        let help = "tell them apart with a template such as 'thumbs/{name}' or '{index}.jpg'";
        sandbox.fail(&args, 2, &format!("pilaf: {refusal}; {help}"));
    };
    sandbox.write("photos/a.png", &png(9, 9));
    let both = "photos/a.jpg and photos/a.png would both become";
    same(["photos/a.jpg", "photos/a.png"], "out.jpg", &format!("{both} out.jpg"));
    same(["photos/a.jpg", "photos/a.png"], "t/{stem}.jpg", &format!("{both} t/a.jpg"));
    let twice = "photos/a.jpg and photos/a.jpg would both become t/a.jpg";
    same(["photos/a.jpg", "photos/a.jpg"], "t/{stem}.jpg", twice);
}

#[test]
fn no_output_may_replace_another_input() {
    let sandbox = sandbox("cross");
    let args = ["resize", "photos/a.jpg", "-o", "photos/b.jpg", "--width", "9"];
    sandbox.succeed(&args);
    let refusal = "pilaf: photos/a.jpg is an input and would be overwritten; \
                   choose another OUT, or add --force";
    let args = ["resize", "photos/*.jpg", "-o", "{dir}/{stem}.jpg", "--width", "9"];
    sandbox.fail(&args, 2, refusal);
}
