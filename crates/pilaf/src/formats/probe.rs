//! What the first bytes of an input tell.

use super::{Format, Info, sniff};

/// What the first bytes of an image tell: its header, or how much more of it is needed.
///
/// ```
/// use pilaf::Probe;
///
/// # let image = pilaf::Image::new(pilaf::Mode::Rgb, (640, 480))?;
/// # let bytes = image.encode(pilaf::Format::Jpeg, &Default::default())?;
/// let mut have = 16; // what came over the network so far
/// let info = loop {
///     match pilaf::probe(&bytes[..have])? {
///         Probe::Ready(info) => break info,
///         Probe::NeedMore(need) => have += need.bytes as usize, // fetch the next range
///     }
/// };
/// assert_eq!(info.size(), (640, 480));
/// assert!(have < bytes.len());
/// # Ok::<(), pilaf::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Probe {
    /// The header is complete: all that [`open`](crate::open) would tell of the whole file.
    Ready(Box<Info>),
    /// The header goes on behind the data.
    NeedMore(Need),
}

/// How much of a header is missing, and what is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// So many more bytes are needed at least, 1 or more; fewer cannot complete the header. (The
    /// exception is a JPEG whose height comes after its first scan, which has no such bound.) It
    /// is no harm to give more at once.
    pub bytes: u64,
    /// The format, as soon as the signature is there.
    pub format: Option<Format>,
    /// Width and height in pixels, as soon as they are there.
    pub size: Option<(u32, u32)>,
}

impl Need {
    /// Of a prefix that is too short to tell what it is.
    pub(super) fn of_signature(prefix: &[u8]) -> Self {
        let bytes = sniff::ENOUGH.saturating_sub(prefix.len()).max(1) as u64;
        Self { bytes, format: Format::sniff(prefix), size: None }
    }
}
