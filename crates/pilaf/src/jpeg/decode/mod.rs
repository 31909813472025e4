//! Decoding: from the scans of a file to rows of pixels.
//!
//! ```text
//! scan -> coefficients of a row of MCUs -> inverse transform -> planes -> upsampling, colour -> sink
//! ```
//!
//! A file with one scan runs through this row of MCUs by row of MCUs, and needs memory for a few
//! of them. If its bytes come from a reader, a few megabytes of them are held at a time.
//!
//! So do all scans of a file that has several, side by side, if they are sound; if not, if scans are
//! missing, have restart markers or arithmetic coding, the file is read whole first, and needs memory for all
//! coefficients. A reader's bytes are all held either way.

mod abreast;
mod checkpoints;
mod coefficients;
mod fast;
mod geometry;
mod lent;
mod options;
mod output;
mod planes;
mod rows;
mod scan;
mod single;
mod sink;
mod smoothing;

#[cfg(test)]
mod tests;

pub use options::{Colors, DecodeOptions, Scale, Truncated};
pub use sink::{PlaneRows, PlaneSink, RowSink};

pub(crate) use scan::{BlockDecoder, Restarts};

use std::io::Read;
use std::ops::Range;

use abreast::Abreast;
use coefficients::CoefficientPlane;
use geometry::{Geometry, Scaled};
use output::{Output, Smoothing, Source, Target};
use planes::PlaneWindow;
use rows::{Conversion, RowMaker};
use scan::{EntropyDecoder, ScanDecoder};
use sink::Canvas;
use smoothing::Progress;

use super::damage::{Damage, UnsoundMcus};
use super::header::{ColorSpace, Header};
use super::huffman::standard_tables;
use super::marker::{Coding, Frame, Input, MarkerReader, Reached, Scan};
use crate::error::{Error, ErrorKind, Result};
use crate::image::{Image, Mode};
use crate::io::Feed;
use crate::limits::Limits;

/// Decodes a JPEG file to an [`Image`].
///
/// # Errors
///
/// As [`Decoder::new`] and [`Decoder::decode_rows`].
pub fn decode(data: &[u8], options: &DecodeOptions, limits: &Limits) -> Result<Image> {
    Ok(Decoder::new(data, options, limits)?.decode()?.0)
}

/// A JPEG file whose header is read and whose pixels are not yet.
pub struct Decoder<'a> {
    markers: MarkerReader<'a>,
    header: Header,
    frame: Frame,
    first_scan: Scan,
    geometry: Geometry,
    scaled: Scaled,
    conversion: Conversion,
    mode: Mode,
    options: DecodeOptions,
    limits: Limits,
}

impl<'a> Decoder<'a> {
    /// Reads the header of `data` and checks that the picture can be decoded as asked.
    ///
    /// # Errors
    ///
    /// Those of [`read_header`](super::read_header), also if broken files are tolerated: without
    /// a header there is nothing to decode. Further [`Parameter`](ErrorKind::Parameter) for
    /// colours that the file cannot give or rows that it does not have.
    pub fn new(data: &'a [u8], options: &DecodeOptions, limits: &Limits) -> Result<Self> {
        limits.check_input(data.len() as u64)?;
        Self::over(Input::Whole(data), options, limits)
    }

    /// Reads the header of the file that `reader` gives, from where it stands, and checks that the
    /// picture can be decoded as asked. The pixels, the [`Damage`] and the errors are those of
    /// [`Decoder::new`].
    ///
    /// The rest is read while the picture is decoded, up to its end or the last row that is asked
    /// for. A sequential file in one scan is never held whole: a megabyte or two of it at a time,
    /// up to 9 of a very flat one. Of others (progressive files, those of several scans, those
    /// that state their height behind the first scan) all bytes are held. What lies between two
    /// rows of MCUs or two markers is held in any case, be it rubbish.
    ///
    /// ```
    /// use pilaf::jpeg::{DecodeOptions, Decoder};
    /// use pilaf::Limits;
    ///
    /// # let image = pilaf::Image::new(pilaf::Mode::Rgb, (64, 48))?;
    /// # let bytes = image.encode(pilaf::Format::Jpeg, &Default::default())?;
    /// let reader = std::io::Cursor::new(bytes); // or a file, a socket, standard input
    /// let decoder = Decoder::from_reader(reader, &DecodeOptions::default(), &Limits::default())?;
    /// assert_eq!(decoder.decode()?.0.size(), (64, 48));
    /// # Ok::<(), pilaf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Decoder::new`]; [`Io`](ErrorKind::Io) when the reader fails, and
    /// [`Limit`](ErrorKind::Limit) when it gives more than [`Limits::max_input_bytes`], also while
    /// the picture is decoded.
    pub fn from_reader(
        reader: impl Read + Send + 'a,
        options: &DecodeOptions,
        limits: &Limits,
    ) -> Result<Self> {
        Self::over(Input::Fed(Box::new(Feed::new(reader, limits))), options, limits)
    }

    fn over(input: Input<'a>, options: &DecodeOptions, limits: &Limits) -> Result<Self> {
        let mut markers = MarkerReader::over(input, false);
        let (frame, first_scan) = markers.read_header()?;
        markers.cursor.set_tolerant(options.truncated == Truncated::Allow);
        let header = Header::new(&frame, &markers);
        limits.check_size(header.width, header.height)?;
        let geometry = Geometry::new(&frame);
        let scaled = Scaled::new(&geometry, options.scale.numerator().into());
        let (conversion, mode) = conversion(&header, options.colors)?;
        if let Some(rows) = &options.rows {
            check_rows(rows, scaled.height)?;
        }
        let (options, limits) = (options.clone(), limits.clone());
        Ok(Self {
            markers,
            header,
            frame,
            first_scan,
            geometry,
            scaled,
            conversion,
            mode,
            options,
            limits,
        })
    }

    /// What the file says of its picture.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Width and height of the picture that will be decoded, whichever rows of it are asked for.
    pub fn size(&self) -> (u32, u32) {
        (self.scaled.width as u32, self.scaled.height as u32)
    }

    /// The mode of the pixels that will be decoded.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Width and height of the plane of each component that will be decoded.
    pub fn plane_sizes(&self) -> Vec<(u32, u32)> {
        let size = |c: &geometry::ScaledComponent| (c.width as u32, c.height as u32);
        self.scaled.components.iter().map(size).collect()
    }

    /// The rows that will be decoded.
    fn rows(&self) -> Range<usize> {
        match &self.options.rows {
            Some(rows) => rows.start as usize..rows.end as usize,
            None => 0..self.scaled.height,
        }
    }

    /// Decodes the picture to memory.
    ///
    /// # Errors
    ///
    /// As [`decode_rows`](Self::decode_rows).
    pub fn decode(self) -> Result<(Image, Damage)> {
        let rows = self.rows();
        let (width, height) = (self.scaled.width as u32, rows.len() as u32);
        let mode = self.mode;
        self.limits.image_bytes(width, height, mode.pixel_bytes())?;
        let row_bytes = width as usize * mode.pixel_bytes();
        let mut canvas = Canvas::new(row_bytes, rows.start as u32, height)?;
        let damage = self.decode_rows(&mut canvas)?;
        Ok((Image::from_raw(mode, (width, height), canvas.data)?, damage))
    }

    /// Decodes the picture row by row into `sink`.
    ///
    /// If broken files are tolerated, rows that could not be decoded never reach the sink.
    ///
    /// # Errors
    ///
    /// [`Truncated`](ErrorKind::Truncated) and [`Malformed`](ErrorKind::Malformed) for broken
    /// data, unless it is tolerated. What libjpeg only warns of is no error: broken codes,
    /// missing restart markers, a picture that ends in a proper `EOI` too early; look at the
    /// [`Damage`] for that. [`Unsupported`](ErrorKind::Unsupported) if a sampling factor does not
    /// divide the largest one. [`Limit`](ErrorKind::Limit) for too many scans or too much memory.
    /// Whatever the sink returns.
    pub fn decode_rows(self, sink: &mut dyn RowSink) -> Result<Damage> {
        self.scaled
            .check_upsampling(self.conversion.components())
            .map_err(|error| error.at(self.frame.offset as u64))?;
        let maker = RowMaker::new(self.options.level, self.conversion, &self.scaled);
        self.run(Target::Rows(Box::new(maker), sink))
    }

    /// Decodes the planes of the picture, each at its own resolution, into `sink`.
    ///
    /// [`Colors::Gray`] brings the first component only. Whole rows of MCUs are handed over even
    /// if only some of their rows were asked for.
    ///
    /// # Errors
    ///
    /// As [`decode_rows`](Self::decode_rows).
    pub fn decode_planes(self, sink: &mut dyn PlaneSink) -> Result<Damage> {
        let components = match self.conversion {
            Conversion::Luma => 1,
            _ => self.geometry.components.len(),
        };
        self.run(Target::Planes { components, sink })
    }

    fn run(self, target: Target<'_>) -> Result<Damage> {
        let has_many_scans = self.frame.coding == Coding::Progressive
            || self.first_scan.components.len() < self.frame.components.len();
        if has_many_scans && self.markers.cursor.is_fed() {
            let bytes = self.markers.cursor.into_bytes()?;
            return Decoder::new(&bytes, &self.options, &self.limits)?.run(target);
        }
        let window = PlaneWindow::bytes(&self.geometry, &self.scaled);
        self.limits.check_bytes(self.geometry.coefficient_bytes(1) + window)?;
        let (columns, rows) = (self.geometry.mcu_columns, self.geometry.mcu_rows);
        let wanted = self.rows();
        let mut session = Session {
            unsound: UnsoundMcus::new(columns as u32, rows as u32),
            quants: vec![None; self.frame.components.len()],
            markers: self.markers,
            frame: &self.frame,
            geometry: &self.geometry,
            scaled: &self.scaled,
            options: &self.options,
            limits: &self.limits,
            wanted,
        };
        session.add_standard_tables();
        if has_many_scans {
            session.decode_many_scans(self.first_scan, target)?;
        } else {
            session.decode_one_scan(&self.first_scan, target)?;
        }
        Ok(session.into_damage())
    }
}

/// How to get `colors` from the file, and the mode of the result.
fn conversion(header: &Header, colors: Colors) -> Result<(Conversion, Mode)> {
    let impossible = |name: &str| {
        let space = header.color_space;
        Err(Error::parameter(format!("a JPEG file of {space:?} cannot be decoded as {name}")))
    };
    match (colors, header.color_space) {
        (Colors::Native, space) => Ok((Conversion::native(space), header.mode())),
        (Colors::Gray, ColorSpace::Gray | ColorSpace::YCbCr) => Ok((Conversion::Luma, Mode::L)),
        (Colors::Gray, ColorSpace::Rgb) => Ok((Conversion::RgbToGray, Mode::L)),
        (Colors::YCbCr, ColorSpace::YCbCr) => Ok((Conversion::Interleave, Mode::YCbCr)),
        (Colors::Gray, _) => impossible("L"),
        (Colors::YCbCr, _) => impossible("YCbCr"),
    }
}

fn check_rows(rows: &Range<u32>, height: usize) -> Result<()> {
    if rows.start < rows.end && rows.end as usize <= height {
        return Ok(());
    }
    let (start, end) = (rows.start, rows.end);
    Err(Error::parameter(format!("rows {start} to {end} are not in a picture of {height} rows")))
}

/// The state of one decoding.
struct Session<'s, 'a> {
    markers: MarkerReader<'a>,
    frame: &'s Frame,
    geometry: &'s Geometry,
    scaled: &'s Scaled,
    options: &'s DecodeOptions,
    limits: &'s Limits,
    /// The quantization table of each component, as it was when its first scan began.
    quants: Vec<Option<[u16; 64]>>,
    unsound: UnsoundMcus,
    wanted: Range<usize>,
}

impl<'s> Session<'s, '_> {
    /// Puts the tables of the standard in the place of missing ones (Motion JPEG has none).
    fn add_standard_tables(&mut self) {
        if self.frame.coding == Coding::Progressive || self.frame.arithmetic {
            return;
        }
        for number in 0..2 {
            if let Some((dc, ac)) = standard_tables(number) {
                self.markers.tables.dc_huffman[number].get_or_insert(dc);
                self.markers.tables.ac_huffman[number].get_or_insert(ac);
            }
        }
    }

    /// Prepares for the data of `scan`, whose header has been read.
    fn start_scan(&mut self, scan: &Scan) -> Result<EntropyDecoder> {
        self.geometry.check_scan(scan)?;
        for component in &scan.components {
            let number = usize::from(self.frame.components[component.index].quant_table);
            let table = self.markers.tables.quant.get(number).copied().flatten();
            let slot = &mut self.quants[component.index];
            if slot.is_none() {
                *slot = Some(table.map(|table| table.values).ok_or_else(|| {
                    let text = format!("quantization table {number} is missing");
                    Error::malformed(text).at(scan.offset as u64)
                })?);
            }
        }
        self.markers.bad_code = false;
        EntropyDecoder::new(self.frame, scan, &self.markers)
    }

    /// Runs `read` on the input. An arithmetic decoder of libjpeg cannot stop and wait for more
    /// data, so that Pillow's invented `EOI` comes too late for it.
    fn without_invention<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        let tolerant = self.options.truncated == Truncated::Allow;
        self.markers.cursor.set_tolerant(tolerant && !self.frame.arithmetic);
        let result = read(self);
        self.markers.cursor.set_tolerant(tolerant);
        result
    }

    /// Decides whether decoding ends here without an error: broken data that is tolerated. Rows
    /// of MCUs from `row` on are lost.
    fn give_up(&mut self, error: Error, row: usize) -> Result<()> {
        let is_broken = matches!(error.kind(), ErrorKind::Truncated | ErrorKind::Malformed);
        if self.options.truncated == Truncated::Error || !is_broken {
            return Err(error);
        }
        let at = error.offset().map_or(self.markers.cursor.position(), |offset| offset as usize);
        self.markers.damage.note(at, "the data cannot be decoded any further");
        self.markers.damage.note_error(&error);
        self.unsound.mark_from_row(row as u32);
        Ok(())
    }

    fn into_damage(self) -> Damage {
        let mcus = (self.geometry.mcu_columns as u32, self.geometry.mcu_rows as u32);
        Damage { mcus, unsound: self.unsound.runs(), ..self.markers.damage }
    }

    /// A file of several scans: decodes and shows all of them row by row, as long as they are sound.
    fn decode_many_scans(&mut self, first: Scan, target: Target<'_>) -> Result<()> {
        let Some(mut abreast) = Abreast::new(self, &first) else {
            return self.decode_scan_by_scan(first, |session| {
                let output = session.output(target);
                let row = output.needed_rows().start;
                (output, row)
            });
        };
        self.quants.clone_from(&abreast.quants);
        let mut output = self.output(target);
        let row = abreast.decode(self, &mut output)?;
        if row == self.geometry.mcu_rows {
            self.markers = abreast.markers;
            return Ok(());
        }
        let row = output.first_row_again(row);
        self.decode_scan_by_scan(first, |_| (output, row))
    }

    /// A file of several scans: decodes all of them, then shows the picture from some row of MCUs on.
    fn decode_scan_by_scan<'o>(
        &mut self,
        first: Scan,
        make_output: impl FnOnce(&Self) -> (Output<'s, 'o>, usize),
    ) -> Result<()> {
        let geometry = self.geometry;
        let window = PlaneWindow::bytes(geometry, self.scaled);
        self.limits.check_bytes(geometry.coefficient_bytes(geometry.mcu_rows) + window)?;
        let mut planes = coefficient_planes(geometry, geometry.mcu_rows);
        let mut progress = Progress::new(self.frame.components.len());
        let last_good_row = match self.read_all_scans(first, &mut planes, &mut progress) {
            Ok(row) => row,
            Err(error) => return self.give_up(error, 0),
        };
        let quants = self.quants.clone();
        let smoothing = Smoothing { progress: &progress, quants: &quants, last_good_row };
        let needs_smoothing =
            self.frame.coding == Coding::Progressive && progress.needs_smoothing(&quants);
        let smoothing = needs_smoothing.then_some(&smoothing);
        let (mut output, first_row) = make_output(self);
        for row in first_row..output.needed_rows().end {
            output.start_row(row);
            output.transform_row(Source { planes: &planes, first: 0 }, smoothing);
            output.finish_row()?;
        }
        Ok(())
    }

    /// Decodes all scans into `planes`. Returns the last row of MCUs for which the last scan had
    /// data.
    fn read_all_scans(
        &mut self,
        first: Scan,
        planes: &mut [CoefficientPlane],
        progress: &mut Progress,
    ) -> Result<usize> {
        let mut last_good_row = 0;
        let mut scans = 0;
        let mut reached = Reached::Scan(first);
        while let Reached::Scan(scan) = reached {
            scans += 1;
            if scans > self.limits.max_scans {
                let text = format!("the file has more scans than the limit of {}", scans - 1);
                let help = "raise Limits::max_scans if you trust where it came from";
                return Err(Error::limit(text).at(scan.offset as u64).with_help(help));
            }
            let entropy = self.start_scan(&scan)?;
            if self.frame.coding == Coding::Progressive {
                progress.start_scan(&scan);
            }
            last_good_row = self.decode_whole_scan(&scan, entropy, planes, last_good_row)?;
            reached = self.markers.read_to_scan()?;
        }
        Ok(last_good_row)
    }

    fn decode_whole_scan(
        &mut self,
        scan: &Scan,
        entropy: EntropyDecoder,
        planes: &mut [CoefficientPlane],
        last_good_row: usize,
    ) -> Result<usize> {
        let geometry = self.geometry;
        let mut unsound = std::mem::take(&mut self.unsound);
        let mut decoder =
            ScanDecoder { geometry, scan, entropy, unsound: &mut unsound, last_good_row };
        let decoded = self.without_invention(|session| {
            for row in 0..geometry.mcu_rows {
                if !decoder.decode_row(&mut session.markers, planes, (row, 0), 0)? {
                    decoder.unsound.mark_from_row(row as u32 + 1);
                    break;
                }
            }
            Ok(decoder.last_good_row)
        });
        self.unsound = unsound;
        decoded
    }

    fn output<'o>(&self, target: Target<'o>) -> Output<'s, 'o> {
        let (level, wanted) = (self.options.level, self.wanted.clone());
        Output::new(self.geometry, self.scaled, level, &self.quants, wanted, target)
    }
}

/// Zero coefficients for `mcu_rows` rows of MCUs of every component.
fn coefficient_planes(geometry: &Geometry, mcu_rows: usize) -> Vec<CoefficientPlane> {
    let plane = |component: &geometry::ComponentGeometry| {
        CoefficientPlane::new(component.stored_width(), component.v * mcu_rows)
    };
    geometry.components.iter().map(plane).collect()
}
