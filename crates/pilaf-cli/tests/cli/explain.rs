//! `pilaf explain`.

use crate::sandbox::{Sandbox, jpeg, png};

#[test]
fn a_line_an_input() {
    let sandbox = Sandbox::new("explain");
    sandbox.write("good.jpg", &jpeg(20, 10));
    sandbox.write("wrong.gif", &png(8, 4));
    sandbox.write("page.jpg", b"<html><title>404</title></html>");
    let good = sandbox.succeed(&["explain", "good.jpg", "wrong.gif"]);
    assert_eq!(
        good.text(),
        "good.jpg: ok: a 20x10 JPEG image\n\
         wrong.gif: ok: a 8x4 PNG image\n\
         wrong.gif: warning: mismatch: the name ends in .gif, but the content is PNG; pilaf goes by \
         the content; rename it to .png for others\n"
    );
    let bad = sandbox.run(&["explain", "page.jpg", "missing.jpg"]);
    assert_eq!(bad.status, 1);
    assert!(bad.text().starts_with("page.jpg: html: the input is an HTML page titled \"404\""));
    assert_eq!(bad.stderr, "pilaf: missing.jpg: No such file or directory\n");
}

#[test]
fn json_and_standard_input() {
    let sandbox = Sandbox::new("explain-json");
    let cut = &jpeg(20, 10)[..300];
    let done = sandbox.run_with_input(&["explain", "--json", "-"], cut);
    assert_eq!(done.status, 1);
    let report: serde_json::Value = serde_json::from_str(done.text()).unwrap();
    assert_eq!((&report["path"], &report["code"]), (&"<stdin>".into(), &"truncated".into()));
    assert!(report["help"].is_string() && report["warnings"].as_array().unwrap().is_empty());
}
