//! `pilaf resize` of one image: every option.

use pilaf::{EncodeOptions, Filter, Format, Image, Mode, Profile, Thumbnail};

use crate::sandbox::{Sandbox, jpeg, jpeg_with_orientation, picture, png};

/// A sandbox with `in.jpg` of 60x40 pixels.
fn sandbox(test: &str) -> Sandbox {
    let sandbox = Sandbox::new(test);
    sandbox.write("in.jpg", &jpeg(60, 40));
    sandbox
}

fn resize<'a>(options: &[&'a str]) -> Vec<&'a str> {
    [&["resize", "in.jpg", "-o", "out.jpg"], options].concat()
}

#[test]
fn every_way_to_give_a_size() {
    let sandbox = sandbox("sizes");
    let cases: &[(&[&str], (u32, u32))] = &[
        (&["--width", "30"], (30, 20)),
        (&["--height", "10"], (15, 10)),
        (&["--width", "30", "--height", "10"], (15, 10)),
        (&["--fit", "20x20"], (20, 13)),
        (&["--fill", "20x30"], (20, 30)),
        (&["--cover", "20x30"], (20, 30)),
        (&["--fill", "120x30"], (120, 30)),
        (&["--cover", "120x300"], (120, 300)),
        (&["--fit", "120x120"], (60, 40)),
        (&["--width", "120"], (60, 40)),
        (&["--fit", "120x120", "--enlarge"], (120, 80)),
        (&["--width", "120", "--enlarge"], (120, 80)),
    ];
    for (options, size) in cases {
        sandbox.succeed(&resize(options));
        assert_eq!(sandbox.info("out.jpg").size(), *size, "{options:?}");
    }
}

#[test]
fn the_pixels_are_those_of_the_engine() {
    let sandbox = sandbox("pixels");
    let source = sandbox.read("in.jpg");
    for filter in Filter::ALL {
        sandbox.succeed(&resize(&["--fill", "33x21", "--filter", filter.name()]));
        let wanted = pilaf::thumbnail(&source, &Thumbnail::fill(33, 21).filter(filter)).unwrap();
        assert_eq!(sandbox.read("out.jpg"), wanted, "{filter:?}");
    }
    sandbox.succeed(&resize(&["--fill", "33x21"]));
    let lanczos = Thumbnail::fill(33, 21).filter(Filter::Lanczos);
    assert_eq!(sandbox.read("out.jpg"), pilaf::thumbnail(&source, &lanczos).unwrap());
    sandbox.succeed(&resize(&["--cover", "33x21", "--quality", "31", "--filter", "BOX"]));
    let cover = Thumbnail::cover(33, 21).quality(31).filter(Filter::Box);
    assert_eq!(sandbox.read("out.jpg"), pilaf::thumbnail(&source, &cover).unwrap());
}

#[test]
fn profiles_light_and_threads_are_those_of_the_engine() {
    let sandbox = sandbox("profiles");
    let source = sandbox.read("in.jpg");
    let recipe = || Thumbnail::fill(33, 21);
    let cases: [(&[&str], Thumbnail); 4] = [
        (&["--profile", "opencv-area"], recipe().profile(Profile::OpencvArea)),
        (
            &["--profile", "Torch-Antialias", "--filter", "bilinear"],
            recipe().profile(Profile::TorchAntialias).filter(Filter::Bilinear),
        ),
        (&["--linear-light"], recipe().linear_light(true)),
        (&["--threads", "2"], recipe()),
    ];
    for (options, recipe) in cases {
        sandbox.succeed(&resize(&[&["--fill", "33x21"], options].concat()));
        let wanted = pilaf::thumbnail(&source, &recipe).unwrap();
        assert_eq!(sandbox.read("out.jpg"), wanted, "{options:?}");
    }
}

#[test]
fn the_format_is_that_of_the_option_then_of_the_name_then_of_the_source() {
    let sandbox = sandbox("formats");
    let cases = [
        (["out.png", "--format", "jpg"], Format::Jpeg),
        (["out.jpg", "--format", "PNG"], Format::Png),
        (["out.xyz", "--format", "jpeg"], Format::Jpeg),
        (["out.PNG", "--filter", "box"], Format::Png),
        (["out.jpeg", "--filter", "box"], Format::Jpeg),
        (["out", "--filter", "box"], Format::Jpeg),
    ];
    for ([out, option, value], format) in cases {
        sandbox.succeed(&["resize", "in.jpg", "-o", out, "--width", "9", option, value]);
        assert_eq!(sandbox.info(out).format, format, "{out} {option} {value}");
    }
}

#[test]
fn photos_are_turned_upright_unless_told_otherwise() {
    let sandbox = Sandbox::new("orient");
    sandbox.write("in.jpg", &jpeg_with_orientation(60, 40, 6));
    sandbox.succeed(&resize(&["--width", "20"]));
    assert_eq!(sandbox.info("out.jpg").size(), (20, 30));
    sandbox.succeed(&resize(&["--width", "30", "--no-orient"]));
    assert_eq!(sandbox.info("out.jpg").size(), (30, 20));
}

#[test]
fn transparency_is_laid_over_the_background() {
    let sandbox = Sandbox::new("background");
    let clear = Image::new(Mode::Rgba, (16, 16)).unwrap();
    sandbox.write("clear.png", &clear.encode(Format::Png, &EncodeOptions::default()).unwrap());
    let color = |background: &[&str]| {
        let args = ["resize", "clear.png", "-o", "out.jpg", "--width", "8"];
        sandbox.succeed(&[&args, background].concat());
        let image = pilaf::open(sandbox.read("out.jpg")).unwrap().decode().unwrap();
        image.as_bytes()[..3].to_vec()
    };
    assert_eq!(color(&[]), [255, 255, 255]);
    assert_eq!(color(&["--background", "#000000"]), [0, 0, 0]);
    let blue = color(&["--background", "#00f"]);
    assert!(blue[0] < 8 && blue[1] < 8 && blue[2] > 247, "{blue:?}");
}

#[test]
fn standard_input_and_output() {
    let sandbox = sandbox("pipes");
    sandbox.succeed(&resize(&["--width", "30"]));
    let wanted = sandbox.read("out.jpg");
    let source = sandbox.read("in.jpg");

    let done = sandbox.run_with_input(&["resize", "-", "-o", "-", "--width", "30"], &source);
    assert_eq!((done.status, &*done.stderr), (0, ""));
    assert_eq!(done.stdout, wanted);

    let done =
        sandbox.run_with_input(&["resize", "-", "-o", "piped.jpg", "--width", "30"], &source);
    assert_eq!((done.status, &*done.stderr), (0, ""));
    assert_eq!(sandbox.read("piped.jpg"), wanted);

    let done = sandbox.succeed(&["resize", "in.jpg", "-o", "-", "--width", "30"]);
    assert_eq!(done.stdout, wanted);
    let done = sandbox.succeed(&["resize", "in.jpg", "-o-", "--width=30", "--format=png"]);
    assert_eq!(Format::sniff(&done.stdout), Some(Format::Png));
}

#[test]
fn an_output_that_exists_is_replaced() {
    let sandbox = sandbox("replace");
    sandbox.write("out.jpg", b"old");
    sandbox.succeed(&resize(&["--width", "30"]));
    assert_eq!(sandbox.info("out.jpg").size(), (30, 20));
    assert_eq!(sandbox.files(), ["in.jpg", "out.jpg"]);
}

#[test]
fn an_input_is_overwritten_only_by_force() {
    let sandbox = sandbox("force");
    sandbox.write("folder/other.png", &png(4, 4));
    let refusal = "pilaf: in.jpg is an input and would be overwritten; \
                   choose another OUT, or add --force";
    for out in ["in.jpg", "./in.jpg", "folder/../in.jpg"] {
        sandbox.fail(&["resize", "in.jpg", "-o", out, "--width", "9"], 2, refusal);
    }
    sandbox.succeed(&["resize", "in.jpg", "-o", "in.jpg", "--width", "30", "--force"]);
    assert_eq!(sandbox.info("in.jpg").size(), (30, 20));
}

#[test]
fn a_link_to_an_input_is_the_input() {
    let sandbox = sandbox("link");
    #[cfg(unix)]
    std::os::unix::fs::symlink("in.jpg", sandbox.folder.join("link.jpg")).unwrap();
    #[cfg(not(unix))]
    return;
    let refusal = "pilaf: in.jpg is an input and would be overwritten; \
                   choose another OUT, or add --force";
    sandbox.fail(&["resize", "in.jpg", "-o", "link.jpg", "--width", "9"], 2, refusal);
}

#[test]
fn limits_can_be_set() {
    let sandbox = sandbox("limits");
    let before = "pilaf: in.jpg: the image states 60x40 = 2400 pixels, more than the limit of 2000; \
                  raise --max-pixels if you trust where it came from";
    sandbox.fail(&resize(&["--width", "9", "--max-pixels", "2k"]), 1, before);
    sandbox.succeed(&resize(&["--width", "9", "--max-pixels", "2400"]));
    // A PNG is decoded whole; a JPEG goes through row by row and needs less.
    let png = picture(Mode::Rgb, 60, 40).encode(Format::Png, &EncodeOptions::default()).unwrap();
    sandbox.write("in.png", &png);
    let before = "pilaf: in.png: decoding needs 7200 bytes of memory, more than the limit of 7000; \
                  raise --max-bytes if you trust where it came from";
    let arguments = ["resize", "in.png", "-o", "out.png", "--width", "9", "--max-bytes", "7k"];
    sandbox.fail(&arguments, 1, before);
    sandbox.succeed(&resize(&["--width", "9", "--max-bytes", "7k"]));
    let done = sandbox.run(&resize(&["--width", "9", "--max-input-bytes", "100"]));
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("; raise --max-input-bytes if you trust"), "{}", done.stderr);
}

#[test]
fn grey_and_transparent_images_stay_so_in_a_png() {
    let sandbox = Sandbox::new("modes");
    for mode in [Mode::L, Mode::La, Mode::Rgb, Mode::Rgba] {
        let options = EncodeOptions::default();
        sandbox.write("in.png", &picture(mode, 30, 30).encode(Format::Png, &options).unwrap());
        sandbox.succeed(&["resize", "in.png", "-o", "out.png", "--width", "10"]);
        assert_eq!(sandbox.info("out.png").mode, mode);
    }
}
