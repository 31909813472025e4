//! Rows, planes and memory of the JPEG decoder when it does not decode to one image.

mod counting;

use counting::{alone, peak_of};
use pilaf::jpeg::{
    Colors, DecodeOptions, Decoder, PlaneRows, PlaneSink, RowSink, Scale, Truncated,
};
use pilaf::{EncodeOptions, Format, Image, Limits, Mode, Result, Subsampling};

/// A grey-green 4:2:0 file of any size with the standard Huffman tables, which it leaves out:
/// every MCU is four luma blocks `00 1010` and two chroma blocks `00 00`.
fn flat(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0];
    bytes.extend([1; 64]);
    bytes.extend([0xFF, 0xC0, 0, 17, 8]);
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]);
    bytes.extend([0xFF, 0xDA, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
    let mcus = usize::from(width).div_ceil(16) * usize::from(height).div_ceil(16);
    bytes.extend([0x28, 0xA2, 0x8A, 0x00].repeat(mcus));
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// A picture with detail in all directions.
fn picture(subsampling: Subsampling, progressive: bool) -> Vec<u8> {
    let (width, height) = (83, 75);
    let pixel = |i: u32| {
        let (x, y) = (i % width, i / width);
        [(x * 3 + y) as u8, (y * 5) as u8 ^ x as u8, ((x * y) % 251) as u8]
    };
    let data = (0..width * height).flat_map(pixel).collect();
    let image = Image::from_raw(Mode::Rgb, (width, height), data).unwrap();
    let mut options = EncodeOptions::default();
    options.subsampling = Some(subsampling);
    options.progressive = progressive;
    image.encode(Format::Jpeg, &options).unwrap()
}

/// Keeps nothing but the space for one band.
#[derive(Default)]
struct Forgetful {
    row_bytes: usize,
    band: Vec<u8>,
    next: u32,
}

impl RowSink for Forgetful {
    fn lend(&mut self, first: u32, count: u32) -> Result<&mut [u8]> {
        assert_eq!(first, self.next, "rows come in order");
        self.band.resize(count as usize * self.row_bytes, 0);
        Ok(&mut self.band)
    }

    fn accept(&mut self, _first: u32, count: u32) -> Result<()> {
        assert!(self.band.iter().all(|&sample| sample == 128), "the picture is grey");
        self.next += count;
        Ok(())
    }
}

/// The most memory in use at once while 20 000 columns of `rows` rows go to a sink.
fn peak_of_rows(rows: u16) -> usize {
    let data = flat(20_000, rows);
    peak_of(|| {
        let decoder = Decoder::new(&data, &DecodeOptions::default(), &Limits::default()).unwrap();
        let mut sink = Forgetful { row_bytes: 60_000, ..Forgetful::default() };
        let damage = decoder.decode_rows(&mut sink).unwrap();
        assert!(damage.is_none());
        assert_eq!(sink.next, u32::from(rows));
    })
}

#[test]
fn a_file_of_one_scan_needs_memory_for_a_few_rows() {
    let _alone = alone();
    let (low, high) = (peak_of_rows(400), peak_of_rows(800));
    assert!(high < low + (64 << 10), "{low} bytes for 400 rows, {high} for 800");
    // A row of MCUs is 1 MB of pixels, as much of planes, and 1 MB of coefficients; the three
    // chunks that are decoded at once have a window of their own.
    assert!(high < 6 << 20, "{high} bytes for 48 MB of pixels");
}

/// A 4:2:0 file like [`flat`], whose luma blocks have some coefficients each, the same in every `GROUP` MCUs, and
/// the standard Huffman tables, which it leaves out (T.81, tables K.3 to K.6).
fn busy(width: u16, height: u16) -> Vec<u8> {
    const GROUP: usize = 256;
    const RUN_AND_SIZE: [(u32, u32, u32); 9] = [
        (0b00, 2, 1),
        (0b01, 2, 2),
        (0b100, 3, 3),
        (0b1011, 4, 4),
        (0b1100, 4, 1),
        (0b11010, 5, 5),
        (0b111_1000, 7, 6),
        (0b1111_1000, 8, 7),
        (0b11_1111_0110, 10, 8),
    ];
    let mut seed = 1u64;
    let mut random = |bound: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % bound
    };
    let mut bits = Vec::new();
    let put = |bits: &mut Vec<bool>, value: u32, count: u32| {
        bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    };
    // Whole bytes, so that groups can be put one behind the other.
    for mcu in 0.. {
        if mcu >= GROUP && bits.len().is_multiple_of(8) {
            break;
        }
        for _ in 0..4 {
            put(&mut bits, 0b00, 2);
            for _ in 0..4 + random(20) {
                let (code, length, size) = RUN_AND_SIZE[random(9) as usize];
                put(&mut bits, code, length);
                put(&mut bits, random(1 << size) as u32, size);
            }
            put(&mut bits, 0b1010, 4);
        }
        put(&mut bits, 0b0000, 4);
        put(&mut bits, 0b0000, 4);
    }
    let mut group = Vec::new();
    for byte in
        bits.chunks(8).map(|bits| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit)))
    {
        group.push(byte);
        if byte == 0xFF {
            group.push(0);
        }
    }
    let mut bytes = flat(width, height);
    let scan = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 14;
    let mcus = usize::from(width).div_ceil(16) * usize::from(height).div_ceil(16);
    bytes.truncate(scan);
    bytes.extend(group.repeat(mcus / GROUP + 1));
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// Sums up the rows.
#[derive(Debug, Default, PartialEq)]
struct Sum {
    row_bytes: usize,
    band: Vec<u8>,
    sum: u64,
}

impl RowSink for Sum {
    fn lend(&mut self, _first: u32, count: u32) -> Result<&mut [u8]> {
        self.band.resize(count as usize * self.row_bytes, 0);
        Ok(&mut self.band)
    }

    fn accept(&mut self, _first: u32, _count: u32) -> Result<()> {
        let add = |sum: u64, &byte: &u8| sum.wrapping_mul(31).wrapping_add(byte.into());
        self.sum = self.band.iter().fold(self.sum, add);
        Ok(())
    }
}

#[test]
fn a_reader_is_not_held_whole() {
    let _alone = alone();
    let data = busy(8000, 6000);
    let options = DecodeOptions { scale: Scale::EIGHTH, ..Default::default() };
    let sum = |decoder: Decoder<'_>| {
        let mut sum = Sum { row_bytes: 3000, ..Sum::default() };
        assert!(decoder.decode_rows(&mut sum).unwrap().is_none());
        sum
    };
    let want = sum(Decoder::new(&data, &options, &Limits::default()).unwrap());
    let peak = peak_of(|| {
        let reader = Decoder::from_reader(&data[..], &options, &Limits::default()).unwrap();
        assert_eq!(sum(reader), want);
    });
    assert!(data.len() > 8 << 20, "{} bytes are too few to tell", data.len());
    assert!(peak < 4 << 20, "{peak} bytes for a file of {}", data.len());
}

/// What a failing reader gave is decoded, its error is passed on, and nothing is invented.
#[test]
fn a_reader_that_fails_fails_the_decoder() {
    struct Failing<'a>(&'a [u8]);
    impl std::io::Read for Failing<'_> {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(&mut buf[..1.min(self.0.len())]) {
                Ok(0) => Err(std::io::Error::other("the line went dead")),
                read => read,
            }
        }
    }
    let _alone = alone();
    let data = picture(Subsampling::S420, false);
    for truncated in [Truncated::Error, Truncated::Allow] {
        let options = DecodeOptions { truncated, ..Default::default() };
        for length in (0..data.len()).step_by(7) {
            let reader = Failing(&data[..length]);
            let error = Decoder::from_reader(reader, &options, &Limits::default())
                .and_then(Decoder::decode)
                .unwrap_err();
            assert_eq!(error.to_string(), "the line went dead", "after {length} bytes");
            assert!(error.io_error().is_some());
        }
        let whole = Decoder::from_reader(Failing(&data), &options, &Limits::default()).unwrap();
        whole.decode().unwrap(); // nothing is read behind the end of the image
    }
}

#[test]
fn ranges_of_rows_are_those_of_the_whole_picture() {
    let _alone = alone();
    for subsampling in [Subsampling::S444, Subsampling::S422, Subsampling::S420] {
        for (progressive, n) in [(false, 8), (true, 8), (false, 4), (false, 3), (false, 1)] {
            let data = picture(subsampling, progressive);
            let mut options =
                DecodeOptions { scale: Scale::eighths(n).unwrap(), ..Default::default() };
            let limits = Limits::default();
            let whole = pilaf::jpeg::decode(&data, &options, &limits).unwrap();
            for start in (0..whole.height()).step_by(3) {
                for end in [start + 1, (start + 9).min(whole.height()), whole.height()] {
                    options.rows = Some(start..end);
                    let part = pilaf::jpeg::decode(&data, &options, &limits).unwrap();
                    let row_bytes = whole.row_bytes();
                    let expected =
                        &whole.as_bytes()[start as usize * row_bytes..end as usize * row_bytes];
                    assert!(part.as_bytes() == expected, "{subsampling:?} {n}/8 {start}..{end}");
                }
            }
        }
    }
}

#[test]
fn rows_outside_of_the_picture_are_refused() {
    let _alone = alone();
    let data = flat(16, 16);
    for rows in [3..3, 0..17, 16..17] {
        let options = DecodeOptions { rows: Some(rows), ..Default::default() };
        let error = pilaf::jpeg::decode(&data, &options, &Limits::default()).unwrap_err();
        assert_eq!(error.kind(), pilaf::ErrorKind::Parameter);
    }
}

/// Keeps the planes.
#[derive(Default)]
struct Planes(Vec<Vec<Vec<u8>>>);

impl PlaneSink for Planes {
    fn accept(&mut self, component: usize, first: u32, rows: PlaneRows<'_>) -> Result<()> {
        if self.0.len() <= component {
            self.0.push(Vec::new());
        }
        let plane = &mut self.0[component];
        assert_eq!(plane.len(), first as usize, "rows come in order");
        plane.extend(rows.iter().map(<[u8]>::to_vec));
        Ok(())
    }
}

#[test]
fn planes_have_the_resolution_of_their_components() {
    let _alone = alone();
    for progressive in [false, true] {
        let data = picture(Subsampling::S420, progressive);
        let options = DecodeOptions { colors: Colors::YCbCr, ..Default::default() };
        let limits = Limits::default();
        let decoder = Decoder::new(&data, &options, &limits).unwrap();
        assert_eq!(decoder.plane_sizes(), [(83, 75), (42, 38), (42, 38)]);
        let mut planes = Planes::default();
        decoder.decode_planes(&mut planes).unwrap();
        for (plane, (width, height)) in planes.0.iter().zip([(83, 75), (42, 38), (42, 38)]) {
            assert_eq!(plane.len(), height);
            assert!(plane.iter().all(|row| row.len() == width));
        }
        let pixels = pilaf::jpeg::decode(&data, &options, &limits).unwrap();
        let luma: Vec<u8> = pixels.as_bytes().chunks(3).map(|pixel| pixel[0]).collect();
        assert_eq!(planes.0[0].concat(), luma);
    }
}

#[test]
fn grey_is_the_first_plane() {
    let _alone = alone();
    let data = picture(Subsampling::S422, false);
    let options = DecodeOptions { colors: Colors::Gray, ..Default::default() };
    let decoder = Decoder::new(&data, &options, &Limits::default()).unwrap();
    assert_eq!(decoder.mode(), Mode::L);
    let mut planes = Planes::default();
    decoder.decode_planes(&mut planes).unwrap();
    let grey = pilaf::jpeg::decode(&data, &options, &Limits::default()).unwrap();
    assert_eq!(planes.0.len(), 1);
    assert_eq!(planes.0[0].concat(), grey.as_bytes());
}

/// All scans go down the picture together; only if that is not possible, all coefficients are held.
#[test]
fn sound_scans_need_memory_for_a_few_rows_and_broken_ones_for_all() {
    let _alone = alone();
    let whole = picture(Subsampling::S444, true);
    let cut = &whole[..whole.len() - 20];
    let limits = Limits { max_bytes: 30_000, ..Limits::default() };
    if pilaf::simd::Level::get().name() != "scalar" {
        pilaf::jpeg::decode(&whole, &DecodeOptions::default(), &limits).unwrap();
    }
    let options = DecodeOptions { truncated: Truncated::Allow, ..DecodeOptions::default() };
    let error = pilaf::jpeg::decode(cut, &options, &limits).unwrap_err();
    assert_eq!(error.kind(), pilaf::ErrorKind::Limit);
    pilaf::jpeg::decode(cut, &options, &Limits::default()).unwrap();
}
