//! Markers and their segments (ITU-T T.81, annex B).
//!
//! ```text
//! SOI [APPn COM DQT DHT DAC DRI]* SOFn [..]* (SOS data [RSTn data]* [..]*)+ EOI
//! ```
//!
//! [`MarkerReader`] reads segments up to the next scan and finds restart markers within one. It
//! accepts what libjpeg-turbo accepts: fill bytes, rubbish between segments, tables at any place.

pub(crate) mod code;
mod cursor;
mod frame;
mod input;
mod segment;
mod tables;

pub(crate) use cursor::Cursor;
pub use frame::{Coding, Component};
pub(crate) use frame::{Frame, Scan};
pub(crate) use input::Input;
pub use segment::{Jfif, Segment};
pub(crate) use tables::{Conditioning, Tables};

use super::damage::Damage;
use crate::error::{Error, Result};
use segment::Segments;

/// Where reading stopped.
#[derive(Debug)]
pub(crate) enum Reached {
    Scan(Scan),
    Eoi,
}

/// Reads marker segments and keeps what they define.
#[derive(Debug)]
pub(crate) struct MarkerReader<'a> {
    pub(crate) cursor: Cursor<'a>,
    /// A marker that was read but not yet acted upon.
    pub(crate) unread: Option<u8>,
    pub(crate) tables: Tables,
    pub(crate) frame: Option<Frame>,
    pub(crate) segments: Segments,
    /// What was wrong so far.
    pub(crate) damage: Damage,
    /// Whether a code of the current segment of a scan was broken.
    pub(crate) bad_code: bool,
    saw_soi: bool,
    next_restart: u8,
}

/// A place in a scan that is sound up to there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReaderPlace {
    /// The next byte.
    pub(crate) position: usize,
    /// A marker that was read already.
    pub(crate) unread: Option<u8>,
    /// The number of the restart marker that comes next.
    pub(crate) next_restart: u8,
}

impl<'a> MarkerReader<'a> {
    /// A reader at the start of `data`. A tolerant one takes the end of the data for an `EOI`.
    pub(crate) fn new(data: &'a [u8], tolerant: bool) -> Self {
        Self::over(Input::Whole(data), tolerant)
    }

    /// A reader at the start of `input`.
    pub(crate) fn over(input: Input<'a>, tolerant: bool) -> Self {
        Self {
            cursor: Cursor::new(input, tolerant),
            unread: None,
            tables: Tables::default(),
            frame: None,
            segments: Segments::default(),
            damage: Damage::default(),
            bad_code: false,
            saw_soi: false,
            next_restart: 0,
        }
    }

    /// A reader that stands at the same place and knows the same; `None` if the bytes come from a
    /// reader.
    pub(crate) fn fork(&self) -> Option<Self> {
        Some(Self {
            cursor: self.cursor.fork()?,
            tables: self.tables.clone(),
            frame: self.frame.clone(),
            segments: self.segments.clone(),
            damage: self.damage.clone(),
            ..*self
        })
    }

    /// Where in a scan the reader stands.
    pub(crate) fn place(&self) -> ReaderPlace {
        ReaderPlace {
            position: self.cursor.position(),
            unread: self.unread,
            next_restart: self.next_restart,
        }
    }

    /// Goes to `place`, up to which the scan is sound.
    pub(crate) fn go_to(&mut self, place: ReaderPlace) {
        self.cursor.seek(place.position);
        (self.unread, self.next_restart) = (place.unread, place.next_restart);
        self.bad_code = false;
    }

    /// Reads segments until a scan begins or the image ends.
    pub(crate) fn read_to_scan(&mut self) -> Result<Reached> {
        loop {
            let marker = match self.unread {
                Some(marker) => marker,
                None if self.saw_soi => self.next_marker()?,
                None => self.first_marker()?,
            };
            let reached = self.read_segment(marker)?;
            self.unread = None;
            if let Some(reached) = reached {
                return Ok(reached);
            }
        }
    }

    fn first_marker(&mut self) -> Result<u8> {
        if (self.cursor.byte()?, self.cursor.byte()?) != (0xFF, code::SOI) {
            return Err(Error::malformed("the data does not start with the JPEG marker FFD8").at(0));
        }
        self.unread = Some(code::SOI);
        Ok(code::SOI)
    }

    /// Goes past the next marker, over fill bytes, stuffed zeros and rubbish.
    pub(crate) fn next_marker(&mut self) -> Result<u8> {
        loop {
            while self.cursor.byte()? != 0xFF {}
            let mut marker = self.cursor.byte()?;
            while marker == 0xFF {
                marker = self.cursor.byte()?;
            }
            if marker != 0 {
                self.unread = Some(marker);
                return Ok(marker);
            }
        }
    }

    fn read_segment(&mut self, marker: u8) -> Result<Option<Reached>> {
        let start = self.cursor.position().saturating_sub(2);
        match marker {
            code::SOI => self.start_image(start)?,
            code::DHT => self.tables.read_dht(&mut self.cursor, start)?,
            code::DAC => self.tables.read_dac(&mut self.cursor, start)?,
            code::DQT => self.tables.read_dqt(&mut self.cursor, start)?,
            code::DRI => self.tables.read_dri(&mut self.cursor, start)?,
            code::JPG => return Err(unknown(marker, start)),
            code::SOF0..=code::SOF15 => self.read_frame(marker, start)?,
            code::SOS => return self.read_scan(start).map(|scan| Some(Reached::Scan(scan))),
            code::EOI => return Ok(Some(Reached::Eoi)),
            code::APP0..=code::APP15 | code::COM => {
                let before_frame = self.frame.is_none();
                self.segments.read(&mut self.cursor, marker, before_frame)?;
            }
            code::RST0..=code::RST7 | code::TEM => {}
            code::DNL => self.skip_segment()?,
            _ => return Err(unknown(marker, start)),
        }
        Ok(None)
    }

    fn skip_segment(&mut self) -> Result<()> {
        let length = usize::from(self.cursor.u16()?);
        self.cursor.skip(length.saturating_sub(2))
    }

    fn start_image(&mut self, start: usize) -> Result<()> {
        if self.saw_soi {
            let text = "a second image (marker FFD8) starts within the first";
            return Err(Error::malformed(text).at(start as u64));
        }
        self.saw_soi = true;
        Ok(())
    }

    fn read_frame(&mut self, marker: u8, start: usize) -> Result<()> {
        if self.frame.is_some() {
            let text = format!("a second frame (marker FF{marker:02X}) in one image");
            return Err(Error::malformed(text).at(start as u64));
        }
        self.frame = Some(Frame::read(&mut self.cursor, marker, start)?);
        Ok(())
    }

    fn read_scan(&mut self, start: usize) -> Result<Scan> {
        let frame = self.frame.as_ref().ok_or_else(|| {
            Error::malformed("a scan (SOS) comes before the frame (SOF)").at(start as u64)
        })?;
        self.next_restart = 0;
        Scan::read(&mut self.cursor, frame, start)
    }

    /// Reads segments to the first scan, and checks the frame.
    ///
    /// # Errors
    ///
    /// Also when the image ends without a scan, or the frame is of an unsupported kind.
    pub(crate) fn read_header(&mut self) -> Result<(Frame, Scan)> {
        let Reached::Scan(scan) = self.read_to_scan()? else {
            let at = self.cursor.position() as u64;
            return Err(Error::malformed("the JPEG data ends without a picture").at(at));
        };
        let mut frame = self.frame.clone().expect("a scan is read only after a frame");
        frame.check()?;
        if frame.height == 0 {
            self.cursor.reach_end()?;
            frame.height = self.find_number_of_lines(frame.offset)?;
            self.frame = Some(frame.clone());
        }
        Ok((frame, scan))
    }

    /// The height that a DNL segment states after the first scan (ITU-T T.81, B.2.5).
    fn find_number_of_lines(&self, frame_offset: usize) -> Result<u32> {
        let rest = self.cursor.rest();
        let end_of_scan = rest.windows(2).position(|pair| {
            pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF | code::RST0..=code::RST7)
        });
        let height = match &rest[end_of_scan.ok_or_else(|| self.cursor.end())? + 1..] {
            [code::DNL, 0, 4, high, low, ..] => u16::from_be_bytes([*high, *low]),
            [code::DNL] | [code::DNL, 0] | [code::DNL, 0, 4] | [code::DNL, 0, 4, _] => {
                return Err(self.cursor.end());
            }
            _ => 0,
        };
        if height == 0 {
            let text = "the JPEG frame has no height, and no DNL segment states it";
            return Err(Error::malformed(text).at(frame_offset as u64));
        }
        Ok(u32::from(height))
    }

    /// Goes past the restart marker that is due, or recovers when it is not there.
    ///
    /// Returns whether it was there. Afterwards [`unread`](Self::unread) is set if the decoder
    /// stands before a marker that belongs to later data: the segment is then empty.
    pub(crate) fn read_restart(&mut self) -> Result<bool> {
        let found = match self.unread {
            Some(marker) => marker,
            None => self.next_marker()?,
        };
        let due = self.next_restart;
        self.next_restart = (due + 1) & 7;
        if found == code::RST0 + due {
            self.unread = None;
            return Ok(true);
        }
        self.damage.note(self.cursor.position(), "a restart marker is missing or out of order");
        self.resync(found, due)?;
        Ok(false)
    }

    /// Chooses where to go on after a wrong restart marker, as `jpeg_resync_to_restart` does:
    /// one of the next two due ones or a marker of another sort stays unread, one of the last
    /// two and an invalid code are skipped to the next marker, and anything else is ignored.
    fn resync(&mut self, mut found: u8, due: u8) -> Result<()> {
        loop {
            match found {
                code::RST0..=code::RST7 => match (found - code::RST0).wrapping_sub(due) & 7 {
                    1 | 2 => return Ok(()),
                    6 | 7 => found = self.next_marker()?,
                    _ => {
                        self.unread = None;
                        return Ok(());
                    }
                },
                code::SOF0.. => return Ok(()),
                _ => found = self.next_marker()?,
            }
        }
    }
}

fn unknown(marker: u8, start: usize) -> Error {
    Error::malformed(format!("FF{marker:02X} is no marker that JPEG data can have here"))
        .at(start as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SOI, a gray 3x2 SOF0, SOS, then `data`.
    fn file(data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0];
        bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
        bytes.extend(data);
        bytes
    }

    #[test]
    fn reads_frame_and_scan() {
        let bytes = file(&[]);
        let (frame, scan) = MarkerReader::new(&bytes, false).read_header().unwrap();
        assert_eq!((frame.width, frame.height, frame.coding), (3, 2, Coding::Baseline));
        assert_eq!(frame.components, [Component { id: 1, h: 1, v: 1, quant_table: 0 }]);
        assert_eq!((scan.spectral_start, scan.spectral_end, scan.offset), (0, 63, 15));
    }

    #[test]
    fn every_cut_is_truncated() {
        let bytes = file(&[]);
        for length in 0..bytes.len() {
            let error = MarkerReader::new(&bytes[..length], false).read_header().unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Truncated, "{length}");
            assert_eq!(error.offset(), Some(length as u64));
        }
    }

    #[test]
    fn dnl_gives_the_height() {
        let mut bytes = file(&[1, 0xFF, 0, 0xFF, 0xD0, 2, 0xFF, 0xDC, 0, 4, 1, 2, 0xFF, 0xD9]);
        (bytes[7], bytes[8]) = (0, 0);
        assert_eq!(MarkerReader::new(&bytes, false).read_header().unwrap().0.height, 258);
        let error = MarkerReader::new(&bytes[..30], false).read_header().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Truncated);
        bytes[32] = 0xD9;
        let error = MarkerReader::new(&bytes, false).read_header().unwrap_err();
        assert!(error.to_string().starts_with("the JPEG frame has no height"));
    }

    fn restart(data: &[u8], due: u8) -> (bool, Option<u8>, usize) {
        let mut reader = MarkerReader::new(data, false);
        reader.next_restart = due;
        let found = reader.read_restart().unwrap();
        (found, reader.unread, reader.cursor.position())
    }

    #[test]
    fn resynchronizes_as_libjpeg_does() {
        assert_eq!(restart(&[0xFF, 0xD3, 0xFF, 0xD4], 3), (true, None, 2), "as due");
        assert_eq!(restart(&[0xFF, 0xD5, 0xFF, 0xD4], 3), (false, Some(0xD5), 2), "next but one");
        assert_eq!(
            restart(&[0xFF, 0xD1, 0xFF, 0xD4], 3),
            (false, Some(0xD4), 4),
            "the last but one"
        );
        assert_eq!(restart(&[0xFF, 0xD7, 0xFF, 0xD4], 3), (false, None, 2), "too far");
        assert_eq!(
            restart(&[0xFF, 0x02, 9, 0xFF, 0xD3], 3),
            (false, None, 5),
            "invalid, then as due"
        );
        assert_eq!(restart(&[0xFF, 0xD9], 3), (false, Some(0xD9), 2), "end of image");
    }

    #[test]
    fn names_unsupported_frames() {
        let mut bytes = file(&[]);
        bytes[3] = 0xC3;
        let error = MarkerReader::new(&bytes, false).read_header().unwrap_err();
        assert_eq!(error.message(), "lossless JPEG (marker FFC3) is not supported");
        bytes[3] = 0xC0;
        bytes[6] = 12;
        let error = MarkerReader::new(&bytes, false).read_header().unwrap_err();
        assert_eq!(error.message(), "JPEG with 12 bits per sample is not supported");
    }
}
