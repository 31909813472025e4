//! `pilaf info`.

use pilaf::{EncodeOptions, Format, Mode};
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, huge_png, jpeg, jpeg_with_orientation, picture, png};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_block_for_a_person() {
    let sandbox = Sandbox::new("block");
    let turned = jpeg_with_orientation(60, 40, 6);
    sandbox.write("turned.jpg", &turned);
    sandbox.write("plain.png", &png(20, 10));
    let done = sandbox.succeed(&["info", "turned.jpg", "plain.png"]);
    let wanted = format!(
        "turned.jpg
  format       JPEG
  size         60 x 40 pixels
  mode         RGB, 8 bits a sample
  orientation  6, displayed as 40 x 60
  EXIF         26 bytes
  file         {} bytes

plain.png
  format       PNG
  size         20 x 10 pixels
  mode         RGB, 8 bits a sample
  file         {} bytes
",
        turned.len(),
        png(20, 10).len()
    );
    assert_eq!(done.text(), wanted);
}

#[test]
fn a_json_object_a_line() {
    let sandbox = Sandbox::new("json");
    let mut options = EncodeOptions::default();
    options.icc_profile = Some(vec![7; 300]);
    options.dpi = Some((300.0, 300.0));
    let picture = picture(Mode::L, 33, 21).encode(Format::Png, &options).unwrap();
    sandbox.write("a \"b\".png", &picture);
    let done = sandbox.succeed(&["info", "--json", "*.png"]);
    let start =
        r#"{"path":"a \"b\".png","format":"PNG","width":33,"height":21,"mode":"L","bits":8,"#;
    assert!(done.text().starts_with(start), "{}", done.text());
    let mut info = lines(done.text()).remove(0);
    let dpi = info["dpi"].take();
    for side in [&dpi[0], &dpi[1]] {
        assert!((side.as_f64().unwrap() - 300.0).abs() < 0.01, "{dpi}");
    }
    assert_eq!(
        info,
        json!({
            "path": "a \"b\".png", "format": "PNG", "width": 33, "height": 21, "mode": "L",
            "bits": 8, "orientation": 1, "frames": 1, "progressive": false, "dpi": null,
            "icc_bytes": 300, "exif_bytes": null, "file_bytes": picture.len(),
        })
    );
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new("stdin");
    let photo = jpeg(60, 40);
    let done = sandbox.run_with_input(&["info", "-", "--json"], &photo);
    assert_eq!((done.status, &*done.stderr), (0, ""));
    let info = &lines(done.text())[0];
    assert_eq!(info["path"], "<stdin>");
    assert_eq!((&info["width"], &info["height"]), (&json!(60), &json!(40)));
    assert_eq!(info["file_bytes"], photo.len());
}

#[test]
fn only_the_header_is_needed() {
    let sandbox = Sandbox::new("header");
    let photo = jpeg(60, 40);
    sandbox.write("cut.jpg", &photo[..photo.len() - 100]);
    let done = sandbox.succeed(&["info", "cut.jpg"]);
    assert!(done.text().contains("60 x 40 pixels"));
}

#[test]
fn failures_are_told_and_the_others_shown() {
    let sandbox = Sandbox::new("failures");
    sandbox.write("good.png", &png(20, 10));
    sandbox.write("huge.png", &huge_png());
    sandbox.write("text.png", b"not an image");
    let args = ["info", "none*", "text.png", "missing.png", "huge.png", "good.png", "--json"];
    let done = sandbox.run(&args);
    assert_eq!(done.status, 1);
    let errors: Vec<_> = done.stderr.lines().collect();
    assert_eq!(errors.len(), 4, "{}", done.stderr);
    assert_eq!(errors[0], "pilaf: none*: no file matches this pattern");
    assert_eq!(errors[2], "pilaf: missing.png: No such file or directory");
    let lines = lines(done.text());
    let kinds: Vec<_> = lines.iter().map(|line| line["error"]["kind"].as_str()).collect();
    assert_eq!(kinds, [Some("io"), Some("unrecognized"), Some("io"), Some("limit"), None]);
    assert_eq!(
        lines[3],
        json!({"path": "huge.png", "error": {
            "kind": "limit",
            "message": "the image states 60000x60000 = 3600000000 pixels, more than the limit of \
                        178956970",
            "offset": null,
            "help": "raise --max-pixels if you trust where it came from",
        }})
    );
    assert_eq!(lines[4]["path"], "good.png");

    let done = sandbox.run(&["info", "text.png", "good.png"]);
    assert!(done.text().starts_with("good.png\n  format       PNG\n"), "{}", done.text());

    let args = ["info", "huge.png", "--max-pixels", "4G"];
    assert!(sandbox.succeed(&args).text().contains("60000 x 60000 pixels"));
}

#[test]
#[cfg(unix)]
fn a_named_pipe() {
    let sandbox = Sandbox::new("fifo");
    let photo = jpeg(60, 40);
    let (reader, mut writer) = std::io::pipe().unwrap();
    let writing = std::thread::spawn(move || std::io::Write::write_all(&mut writer, &photo));
    let done = sandbox.command(&["info", "/dev/stdin"]).stdin(reader).output().unwrap();
    writing.join().unwrap().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8(done.stdout).unwrap().contains("60 x 40 pixels"));
}

#[test]
fn the_beginning_of_a_file_is_told_what_it_lacks() {
    let sandbox = Sandbox::new("prefix");
    let photo = jpeg(60, 40);
    let needed = (1..photo.len())
        .find(|&length| matches!(pilaf::probe(&photo[..length]), Ok(pilaf::Probe::Ready(_))))
        .unwrap();
    let args = ["probe", "-", "--json"];
    let done = sandbox.run_with_input(&args, &photo[..needed]);
    assert_eq!((done.status, &lines(done.text())[0]["width"]), (0, &json!(60)));
    let done = sandbox.run_with_input(&args, &photo[..needed - 5]);
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("at least 5 more bytes"), "{}", done.stderr);
    assert_eq!(lines(done.text())[0]["error"]["missing_bytes"], 5);
}
