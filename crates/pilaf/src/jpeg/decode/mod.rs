//! Decoding: from the scans of a file to rows of pixels.
//!
//! ```text
//! scan -> coefficients of a row of MCUs -> inverse transform -> planes -> upsampling, colour -> sink
//! ```
//!
//! A file with one scan runs through this row of MCUs by row of MCUs, and needs memory for a few
//! of them. So do all scans of a file that has several, side by side, if they are sound; if not, if scans are
//! missing, have restart markers or arithmetic coding, the file is read whole first, and needs memory for all
//! coefficients.

mod abreast;
mod coefficients;
mod fast;
mod geometry;
mod lent;
mod options;
mod output;
mod planes;
mod rows;
mod scan;
mod sink;
mod smoothing;

#[cfg(test)]
mod tests;

pub use options::{Colors, DecodeOptions, Scale, Truncated};
pub use sink::{PlaneRows, PlaneSink, RowSink};

pub(crate) use scan::{BlockDecoder, Restarts};

use std::ops::Range;

use abreast::Abreast;
use coefficients::CoefficientPlane;
use fast::FastScan;
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
use super::marker::{Coding, Frame, MarkerReader, Reached, Scan};
use crate::error::{Error, ErrorKind, Result};
use crate::image::{Image, Mode};
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
        let mut markers = MarkerReader::new(data, false);
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

/// The scalar decoder of the only scan, and a row of MCUs of what it decodes once there is some.
struct SlowScan<'s> {
    decoder: ScanDecoder<'s>,
    planes: Vec<CoefficientPlane>,
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

    /// A sequential file whose only scan has all components: decodes and shows row by row.
    fn decode_one_scan(&mut self, scan: &Scan, target: Target<'_>) -> Result<()> {
        let entropy = match self.start_scan(scan) {
            Ok(entropy) => entropy,
            Err(error) => return self.give_up(error, 0),
        };
        let geometry = self.geometry;
        let mut output = self.output(target);
        let needed = output.needed_rows();
        let mut unsound = std::mem::take(&mut self.unsound);
        let decoder =
            ScanDecoder { geometry, scan, entropy, unsound: &mut unsound, last_good_row: 0 };
        let mut slow = SlowScan { decoder, planes: Vec::new() };
        let mut fast = FastScan::new(self.options.level, self.frame, scan, geometry, &self.markers);
        let mut failed = None;
        for row in 0..needed.end {
            let mut output = needed.contains(&row).then_some(&mut output);
            if let Some(output) = &mut output {
                output.start_row(row);
            }
            if let Err(error) = self.decode_row(&mut fast, &mut slow, output.as_deref_mut(), row) {
                failed = Some((error, row));
                break;
            }
            if let Some(output) = output {
                output.finish_row()?;
            }
        }
        let is_whole = needed.end == geometry.mcu_rows;
        if let (Some(scan), None, true) = (fast, &failed, is_whole) {
            let ended = self.end_fast_scan(scan, &mut slow);
            failed = ended.err().map(|error| (error, geometry.mcu_rows));
        }
        self.unsound = unsound;
        match failed {
            Some((error, row)) => self.give_up(error, row),
            None if is_whole => self.finish(),
            None => Ok(()),
        }
    }

    /// Goes to the marker behind a scan that was decoded the fast way. If there is none, the
    /// scalar decoder goes through the scan as well: it knows whether bytes are missing.
    fn end_fast_scan(&mut self, fast: FastScan<'_>, slow: &mut SlowScan<'_>) -> Result<()> {
        if let Some(length) = fast.length() {
            return self.markers.cursor.skip(length);
        }
        (0..self.geometry.mcu_rows).try_for_each(|row| self.decode_row_slowly(slow, row))
    }

    /// Decodes row `row` of MCUs of the only scan, the fast way as long as there is one. At the first anomaly
    /// the scalar decoder takes over: it begins anew, and what it makes of the rows before is the same.
    fn decode_row(
        &mut self,
        fast: &mut Option<FastScan<'_>>,
        slow: &mut SlowScan<'_>,
        mut output: Option<&mut Output<'_, '_>>,
        row: usize,
    ) -> Result<()> {
        let mut first = row;
        if let Some(scan) = fast {
            if scan.decode_row(self.geometry, output.as_deref_mut(), row).is_ok() {
                return Ok(());
            }
            *fast = None;
            first = 0;
        }
        (first..=row).try_for_each(|row| self.decode_row_slowly(slow, row))?;
        if let Some(output) = output {
            output.transform_row(Source { planes: &slow.planes, first: row }, None);
        }
        Ok(())
    }

    /// Decodes row `row` of MCUs by the scalar decoder.
    fn decode_row_slowly(&mut self, slow: &mut SlowScan<'_>, row: usize) -> Result<()> {
        let SlowScan { decoder, planes } = slow;
        if planes.is_empty() {
            *planes = coefficient_planes(self.geometry, 1);
        }
        planes.iter_mut().for_each(CoefficientPlane::clear);
        self.without_invention(|session| {
            decoder.decode_row(&mut session.markers, planes, row, row)
        })?;
        Ok(())
    }

    /// Reads on to the end of the image: what is broken there is an error even though all pixels
    /// are decoded. A missing end is none.
    fn finish(&mut self) -> Result<()> {
        let error = match self.markers.read_to_scan() {
            Ok(Reached::Eoi) => return Ok(()),
            Ok(Reached::Scan(scan)) => {
                let text = "a second scan follows one that had all components";
                Error::malformed(text).at(scan.offset as u64)
            }
            Err(error) if error.kind() == ErrorKind::Truncated => return Ok(()),
            Err(error) => error,
        };
        self.give_up(error, self.geometry.mcu_rows)
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
                if !decoder.decode_row(&mut session.markers, planes, row, 0)? {
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
