//! Looking at the first bytes of an input, for those who fetch it piece by piece.

use super::explain::foreign;
use super::open::OpenOptions;
use crate::error::Result;
use crate::formats::{self, Format, Probe};

/// Reads the header at the beginning of `data`: of the whole input, or of as much of it as has
/// come so far.
///
/// Made for streams and remote ranges: the answer is the header, or [how many more
/// bytes](crate::Need::bytes) it takes. Nothing is decoded.
///
/// ```
/// use pilaf::{Format, Probe};
///
/// # let image = pilaf::Image::new(pilaf::Mode::L, (30, 20))?;
/// # let png = image.encode(Format::Png, &Default::default())?;
/// let Probe::NeedMore(need) = pilaf::probe(&png[..36])? else { panic!() };
/// assert_eq!((need.format, need.size), (Some(Format::Png), Some((30, 20))));
/// let Probe::Ready(info) = pilaf::probe(&png)? else { panic!() };
/// assert_eq!((info.size(), info.orientation.to_exif()), ((30, 20), 1));
/// assert!(info.metadata.icc_profile.is_none());
/// # Ok::<(), pilaf::Error>(())
/// ```
///
/// # Errors
///
/// Those of [`open`](crate::open), but never [`Truncated`](crate::ErrorKind::Truncated): whether
/// more bytes will come, the caller knows. As soon as the bytes cannot become an image that pilaf
/// opens, the error says what they are.
pub fn probe(data: &[u8]) -> Result<Probe> {
    OpenOptions::new().probe(data)
}

impl OpenOptions {
    /// Reads the header at the beginning of `data` with these options; see [`probe`].
    ///
    /// # Errors
    ///
    /// As [`probe`]; [`Unsupported`](crate::ErrorKind::Unsupported) also for a format that is not
    /// among those allowed, [`Limit`](crate::ErrorKind::Limit) also when the header goes on past
    /// [`max_input_bytes`](crate::Limits::max_input_bytes).
    pub fn probe(&self, data: &[u8]) -> Result<Probe> {
        self.limits.check_input(data.len() as u64)?;
        if !Format::ALL.iter().any(|format| format.may_begin(data)) {
            return Err(foreign(data, &self.limits).into_error());
        }
        self.check_format(data)?;
        let probe = formats::probe(data, false, &self.limits)?;
        if let Probe::NeedMore(need) = &probe {
            self.limits.check_input((data.len() as u64).saturating_add(need.bytes))?;
        }
        Ok(probe)
    }
}
