//! `pilaf repair`.

use crate::sandbox::{Sandbox, jpeg, png};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_image_is_written_and_each_step_told() {
    let sandbox = Sandbox::new("repair");
    let photo = jpeg(60, 40);
    let message = format!("--b\r\nContent-Type: image/jpeg\r\n\r\n{}\r\n--b--\r\n", hex(&photo));
    sandbox.write("upload.txt", message.as_bytes());
    let done = sandbox.run(&["repair", "upload.txt", "-o", "photo.jpg"]);
    assert_eq!((done.status, done.text()), (0, ""));
    assert_eq!(sandbox.read("photo.jpg"), photo);
    let steps: Vec<_> = done.stderr.lines().collect();
    assert!(steps[0].starts_with("pilaf: upload.txt: from_multipart: "), "{}", done.stderr);
    assert!(steps[1].starts_with("pilaf: upload.txt: from_hex: "), "{}", done.stderr);
    assert!(steps[1].ends_with(&format!("({} bytes became {})", 2 * photo.len(), photo.len())));
    assert_eq!(steps.len(), 2);
}

#[test]
fn from_standard_input_to_standard_output() {
    let sandbox = Sandbox::new("repair-pipe");
    let image = png(20, 10);
    let input = [&image[..], b"junk"].concat();
    let done = sandbox.run_with_input(&["repair", "-", "-o", "-", "--quiet"], &input);
    assert_eq!((done.status, &*done.stderr), (0, ""));
    assert_eq!(done.stdout, image);
}

#[test]
fn an_image_is_copied() {
    let sandbox = Sandbox::new("repair-none");
    sandbox.write("a.png", &png(20, 10));
    let done = sandbox.run(&["repair", "a.png", "-o", "b.png"]);
    assert_eq!(done.stderr, "pilaf: a.png: nothing to repair, copied as it is\n");
    assert_eq!(sandbox.read("b.png"), png(20, 10));
}

#[test]
fn nothing_is_written_when_it_does_not_help_or_is_not_allowed() {
    let sandbox = Sandbox::new("repair-fails");
    sandbox.write("page", b"<html><title>404</title>");
    let text = "pilaf: page: the input is an HTML page titled \"404\" (at byte 0); the server sent a \
                page instead of the image: check the address, the status code and whether one must \
                be logged in";
    sandbox.fail(&["repair", "page", "-o", "out"], 1, text);

    sandbox.write("hex", hex(&png(20, 10)).as_bytes());
    let text = "pilaf: hex: the input is hexadecimal text of a 20x10 PNG image, not the image (at \
                byte 0); the repair from_hex would help, but is not among those allowed";
    sandbox.fail(&["repair", "hex", "-o", "out", "--allow", "gunzip,from_base64"], 1, text);
    sandbox.fail(
        &["repair", "hex", "-o", "hex"],
        2,
        "pilaf: hex is the input and would be overwritten; choose another OUT, or add --force",
    );
    let text = "pilaf: hex: the input has 21 bytes or more, over the limit of 20; raise \
                --max-input-bytes if you trust where it came from";
    sandbox.fail(&["repair", "hex", "-o", "out", "--max-input-bytes", "20"], 1, text);
    sandbox.fail(&["repair", "none", "-o", "out"], 1, "pilaf: none: No such file or directory");
    let done = sandbox.run(&["repair", "hex", "-o", "out", "--allow", "magic"]);
    assert!(done.status == 2 && done.stderr.contains("restore_newlines"), "{}", done.stderr);

    let done = sandbox.run(&["repair", "hex", "-o", "hex", "--force"]);
    assert_eq!((done.status, sandbox.read("hex")), (0, png(20, 10)));
}
