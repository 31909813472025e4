//! The arguments of `pilaf resize`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use pilaf::{Filter, Format, Profile};

use super::values::{
    filter_parser, format_parser, parse_color, parse_count, parse_size, profile_parser,
};
use crate::limits::LimitArgs;

/// Resize images, one or many
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ResizeArgs {
    /// Images: files, quoted patterns such as 'photos/*.jpg', or - for standard input
    #[arg(required = true, value_name = "IN")]
    pub(super) inputs: Vec<PathBuf>,

    /// Where to write: a file, a folder, - for standard output, or a template such as
    /// 'thumbs/{stem}.jpg'
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: OsString,

    #[command(flatten)]
    pub(super) size: SizeArgs,

    /// Let images smaller than the box grow (--width, --height and --fit leave them alone)
    #[arg(long)]
    pub(super) enlarge: bool,

    /// How pixels are weighted [default: lanczos]
    #[arg(long, value_name = "NAME", ignore_case = true, value_parser = filter_parser())]
    pub(super) filter: Option<Filter>,

    /// The library whose pixels to give; those of OpenCV have a filter of their own, torch's
    /// needs --filter bilinear or bicubic
    #[arg(long, value_name = "NAME", default_value = "pillow", ignore_case = true)]
    #[arg(value_parser = profile_parser())]
    pub(super) profile: Profile,

    /// Average light instead of sRGB samples
    #[arg(long)]
    pub(super) linear_light: bool,

    /// JPEG quality, 1 to 100
    #[arg(long, value_name = "N", default_value_t = 75)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(super) quality: u8,

    /// The format to write [default: as OUT is named, else that of the source]
    #[arg(long, ignore_case = true, value_parser = format_parser())]
    pub(super) format: Option<Format>,

    /// The colour under transparent pixels where the format has no transparency: 'ffffff' or,
    /// quoted for the shell, '#ffffff'
    #[arg(long, value_name = "RRGGBB", default_value = "ffffff", value_parser = parse_color)]
    pub(super) background: [u8; 3],

    /// Leave photos as they are stored, whatever their EXIF orientation
    #[arg(long)]
    pub(super) no_orient: bool,

    /// Images worked on at the same time [default: one a CPU]
    #[arg(short, long, value_name = "N", value_parser = parse_count)]
    pub(super) jobs: Option<NonZeroUsize>,

    /// Threads that work on one large image
    #[arg(long, value_name = "N", default_value = "1", value_parser = parse_count)]
    pub(super) threads: NonZeroUsize,

    /// Allow writing over an image that is also an input
    #[arg(long)]
    pub(super) force: bool,

    /// No progress bar and no summary; errors are still printed
    #[arg(short, long)]
    pub(super) quiet: bool,

    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

/// The box that the images come into.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(super) struct SizeArgs {
    /// Width in pixels; the height follows, or is at most --height
    #[arg(long, help_heading = SIZE, value_name = "W", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) width: Option<u32>,

    /// Height in pixels; the width follows, or is at most --width
    #[arg(long, help_heading = SIZE, value_name = "H", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) height: Option<u32>,

    /// Inside the box, proportions kept
    #[arg(long, help_heading = SIZE, value_name = "WxH", value_parser = parse_size)]
    #[arg(conflicts_with_all = ["width", "height", "fill", "cover"])]
    pub(super) fit: Option<(u32, u32)>,

    /// Stretched to exactly the box
    #[arg(long, help_heading = SIZE, value_name = "WxH", value_parser = parse_size)]
    #[arg(conflicts_with_all = ["width", "height", "cover"])]
    pub(super) fill: Option<(u32, u32)>,

    /// Exactly the box, proportions kept, what overhangs cut off
    #[arg(long, help_heading = SIZE, value_name = "WxH", value_parser = parse_size)]
    #[arg(conflicts_with_all = ["width", "height"])]
    pub(super) cover: Option<(u32, u32)>,
}

const SIZE: &str = "Size (one is needed)";

const EXAMPLES: &str = "\
Templates:
  {stem}   name of the input without its extension     {dir}    folder of the input
  {name}   name with its extension                     {index}  1, 2, 3, ... with leading zeros
  {ext}    extension, of --format if it is given       {{ }}    braces
  A folder as OUT stands for OUT/{stem}.{ext}. Folders that a template names are made when they
  are missing; those of a plain OUT are not. Outputs that exist are replaced, inputs only with
  --force. Each output is written whole or not at all.

Examples:
  pilaf resize photo.jpg -o small.jpg --width 720
  pilaf resize photo.jpg -o avatar.png --cover 128x128
  curl -s https://example.org/photo | pilaf resize - -o - --fit 720x720 --format jpg > small.jpg
  pilaf resize 'photos/*.jpg' -o 'thumbs/{stem}.jpg' --fit 320x320 --quality 80";
