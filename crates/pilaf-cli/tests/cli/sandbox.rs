//! A folder of its own for every test, images in it, and the command run there.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pilaf::{EncodeOptions, Format, Image, Info, Mode};

/// Ends with the test; the folder goes too.
pub(crate) struct Sandbox {
    pub(crate) folder: PathBuf,
}

impl Sandbox {
    pub(crate) fn new(test: &str) -> Self {
        let name = format!("{test}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// Writes a file into the sandbox, with the folders on the way.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The header of an image in the sandbox.
    pub(crate) fn info(&self, name: &str) -> Info {
        pilaf::open(self.read(name)).unwrap().info().clone()
    }

    /// All files, in alphabetical order: a failure must leave nothing else behind.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.folder).unwrap();
                    files.push(name.to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pilaf"));
        command.args(args).current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Done {
        self.command(args).output().unwrap().into()
    }

    /// The same, with `input` on its standard input.
    pub(crate) fn run_with_input(&self, args: &[&str], input: &[u8]) -> Done {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::thread::scope(|scope| {
            // The command may refuse to read: the test looks at what it says, not at this pipe.
            scope.spawn(move || stdin.write_all(input));
            child.wait_with_output().unwrap().into()
        })
    }

    /// Runs the command, which must succeed and say nothing on standard error.
    #[track_caller]
    pub(crate) fn succeed(&self, args: &[&str]) -> Done {
        let done = self.run(args);
        assert_eq!((done.status, &*done.stderr), (0, ""), "{args:?}");
        done
    }

    /// Runs the command, which must end with `status`, say exactly `message` on standard error,
    /// and leave the files as they were.
    #[track_caller]
    pub(crate) fn fail(&self, args: &[&str], status: i32, message: &str) {
        let before = self.files();
        let done = self.run(args);
        assert_eq!((done.status, done.stderr.trim_end()), (status, message), "{args:?}");
        assert_eq!(done.stdout, b"", "{args:?}");
        assert_eq!(self.files(), before, "{args:?}");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// How the command ended and what it said.
pub(crate) struct Done {
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Done {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().expect("ended by itself"),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A picture of two gradients.
pub(crate) fn picture(mode: Mode, width: u32, height: u32) -> Image {
    let mut image = Image::new(mode, (width, height)).unwrap();
    let bands = mode.bands();
    for (y, row) in image.rows_mut().enumerate() {
        for (i, sample) in row.iter_mut().enumerate() {
            *sample =
                if i % bands == 0 { (i / bands * 3) as u8 } else { (y * 5 + i % bands) as u8 };
        }
    }
    image
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    picture(Mode::Rgb, width, height).encode(Format::Jpeg, &EncodeOptions::default()).unwrap()
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    picture(Mode::Rgb, width, height).encode(Format::Png, &EncodeOptions::default()).unwrap()
}

/// A JPEG whose EXIF data says `orientation`.
pub(crate) fn jpeg_with_orientation(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    // TIFF 6.0: little-endian, first directory at 8, one entry: 0x0112, SHORT, one value.
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let mut options = EncodeOptions::default();
    options.exif = Some(exif);
    picture(Mode::Rgb, width, height).encode(Format::Jpeg, &options).unwrap()
}

/// A PNG that states 60000x60000 pixels, with true checksums, and has none.
pub(crate) fn huge_png() -> Vec<u8> {
    let header = chunk(b"IHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0");
    [b"\x89PNG\r\n\x1a\n".as_slice(), &header, &chunk(b"IDAT")].concat()
}

/// A PNG chunk of a type and its data, between their length and their checksum.
fn chunk(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() - 4).unwrap();
    let crc = content.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    });
    [&length.to_be_bytes(), content, &(!crc).to_be_bytes()].concat()
}
