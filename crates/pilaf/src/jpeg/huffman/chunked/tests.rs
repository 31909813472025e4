use super::*;
use crate::jpeg::dct::idct::Block;
use crate::jpeg::huffman::standard_tables;
use crate::jpeg::zigzag::NATURAL_ORDER;
use crate::simd::for_each_level;

/// xorshift
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 20) as usize % bound
    }
}

/// Writes bits with stuffing.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    bits: u64,
    count: u32,
}

impl Writer {
    fn put(&mut self, value: u32, length: u32) {
        self.bits = self.bits << length | u64::from(value) & ((1 << length) - 1);
        self.count += length;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.bits >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    fn put_symbol(&mut self, spec: &HuffmanSpec, symbol: u8) {
        let (mut code, mut index) = (0, 0);
        for length in 1..=16 {
            for _ in 0..spec.counts[length - 1] {
                if spec.symbols[index] == symbol {
                    return self.put(code, length as u32);
                }
                (code, index) = (code + 1, index + 1);
            }
            code <<= 1;
        }
        panic!("no code for {symbol}");
    }

    fn put_value(&mut self, value: i32, size: u32) {
        self.put(if value < 0 { value - 1 } else { value } as u32, size);
    }

    fn marker(&mut self, code: u8) {
        self.put(0x7F, (8 - self.count) % 8);
        self.bytes.extend([0xFF, code]);
    }
}

fn size_of(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}

/// A block of zigzag coefficients, the first one a DC difference.
fn put_block(writer: &mut Writer, (dc, ac): (&HuffmanSpec, &HuffmanSpec), block: &[i16; 64]) {
    let first = i32::from(block[0]);
    writer.put_symbol(dc, size_of(first) as u8);
    writer.put_value(first, size_of(first));
    let mut run = 0;
    for &value in &block[1..] {
        if value == 0 {
            run += 1;
            continue;
        }
        while run > 15 {
            writer.put_symbol(ac, 0xF0);
            run -= 16;
        }
        let size = size_of(i32::from(value));
        writer.put_symbol(ac, (run as u8) << 4 | size as u8);
        writer.put_value(i32::from(value), size);
        run = 0;
    }
    if run > 0 {
        writer.put_symbol(ac, 0);
    }
}

/// Coefficients of which about one in `sparse` is not zero, up to `range` in size.
fn random_block(random: &mut Random, sparse: usize, range: usize) -> [i16; 64] {
    std::array::from_fn(|k| {
        let here = k == 0 || random.below(sparse * (1 + k / 8)) == 0;
        if here { random.below(2 * range + 1) as i16 - range as i16 } else { 0 }
    })
}

struct Sample {
    data: Vec<u8>,
    /// Blocks with DC predicted, natural order.
    blocks: Vec<Block>,
    /// Bytes before the end of each MCU.
    ends: Vec<usize>,
    mcu: Vec<usize>,
    mcus: usize,
    interval: usize,
}

fn encode(
    random: &mut Random,
    mcu: &[usize],
    mcus: usize,
    interval: usize,
    sparse: usize,
) -> Sample {
    let specs = [standard_tables(0).unwrap(), standard_tables(1).unwrap()];
    let range = [2, 20, 500][random.below(3)];
    let (mut writer, mut blocks, mut predictions) = (Writer::default(), Vec::new(), [0i16; 4]);
    let mut ends = Vec::new();
    // MCUs that are left of an area without any change.
    let mut flat = 0;
    for index in 0..mcus {
        if sparse >= 10 && flat == 0 && random.below(50) == 0 {
            flat = random.below(400);
        }
        if interval > 0 && index > 0 && index % interval == 0 {
            writer.marker(0xD0 + ((index / interval - 1) % 8) as u8);
            predictions = [0; 4];
        }
        for &component in mcu {
            let (dc, ac) = &specs[component.min(1)];
            // Chroma is sparser, as in pictures: that is how a decoder out of phase falls into step.
            let zigzag = match flat {
                0 => random_block(random, if component > 0 { 8 * sparse } else { sparse }, range),
                _ => [0; 64],
            };
            put_block(&mut writer, (dc, ac), &zigzag);
            let mut block = [0; 64];
            (0..64).for_each(|k| block[usize::from(NATURAL_ORDER[k])] = zigzag[k]);
            predictions[component] = predictions[component].wrapping_add(block[0]);
            block[0] = predictions[component];
            blocks.push(block);
        }
        flat = flat.saturating_sub(1);
        ends.push(writer.bytes.len());
    }
    writer.marker(0xD9);
    Sample { data: writer.bytes, blocks, ends, mcu: mcu.to_vec(), mcus, interval }
}

/// All blocks until the scan or this path ends, taken in runs of random length, and the scan's end.
fn decode(
    level: Level,
    sample: &Sample,
    data: &[u8],
    seed: u64,
) -> (Vec<Block>, Result<usize, Anomaly>) {
    let [luma, chroma] = [standard_tables(0).unwrap(), standard_tables(1).unwrap()];
    let tables = [(&luma.0, &luma.1), (&chroma.0, &chroma.1), (&chroma.0, &chroma.1)];
    let layout = Layout {
        tables: &tables,
        mcu: &sample.mcu,
        mcus: sample.mcus,
        restart_interval: sample.interval,
    };
    let mut scan = ChunkedScan::new(level, &mut Input::Whole(data), 0, &layout).unwrap();
    let (mut blocks, mut random) = (Vec::new(), Random(seed));
    while blocks.len() < sample.blocks.len() {
        let most = (sample.blocks.len() - blocks.len()) / sample.mcu.len();
        let put = |mcus: Mcus<'_>| match mcus {
            Mcus::Coded(cells) => {
                blocks.extend(cells.iter().map(|cell| cell.coefficients));
                cells.iter_mut().for_each(Cell::clear);
            }
            Mcus::Flat(mcus, dc) => {
                let flat = |&component: &usize| {
                    std::array::from_fn(|k| if k == 0 { dc[component] } else { 0 })
                };
                (0..mcus).for_each(|_| blocks.extend(sample.mcu.iter().map(flat)));
            }
        };
        if let Err(anomaly) = scan.take_run(1 + random.below(most.min(90)), put) {
            return (blocks, Err(anomaly));
        }
    }
    (blocks, scan.find_end())
}

const LAYOUTS: [&[usize]; 4] = [&[0], &[0, 1, 2], &[0, 0, 1, 2], &[0, 0, 0, 0, 1, 2]];

#[test]
fn whole_scans_decode_to_what_was_encoded() {
    for_each_level(|level| {
        let mut random = Random(5);
        for round in 0..60 {
            let mcu = LAYOUTS[round % 4];
            let mcus = 1 + random.below([10, 300, 3000][round % 3]);
            let interval = [0, 0, 1, 7, 150][round % 5];
            let sparse = [1, 3, 10, 100][random.below(4)];
            let sample = encode(&mut random, mcu, mcus, interval, sparse);
            let (blocks, end) = decode(level, &sample, &sample.data, round as u64 + 1);
            assert_eq!(blocks.len(), sample.blocks.len(), "{level}, round {round}");
            assert!(blocks == sample.blocks, "{level}, round {round}");
            assert_eq!(end, Ok(sample.data.len() - 2));
        }
    });
}

/// Guessing must pay on dense data: otherwise the splicing is broken, though the blocks are right.
#[test]
fn guesses_meet_the_true_chain() {
    let mut random = Random(11);
    // One component: with more, it takes a picture's differences between them to fall into phase soon.
    let sample = encode(&mut random, LAYOUTS[0], 20_000, 0, 3);
    let [luma, chroma] = [standard_tables(0).unwrap(), standard_tables(1).unwrap()];
    let tables = [(&luma.0, &luma.1), (&chroma.0, &chroma.1), (&chroma.0, &chroma.1)];
    let layout =
        Layout { tables: &tables, mcu: &sample.mcu, mcus: sample.mcus, restart_interval: 0 };
    let mut scan =
        ChunkedScan::new(Level::get(), &mut Input::Whole(&sample.data), 0, &layout).unwrap();
    scan.take_run(1, |mcus| match mcus {
        Mcus::Coded(cells) => cells.iter_mut().for_each(Cell::clear),
        Mcus::Flat(..) => panic!("no block is flat"),
    })
    .unwrap();
    assert!(scan.runs.len() >= STREAMS, "{:?}", scan.runs);
}

/// Data cut short or with flipped bits: what comes out before the damage is right, and the levels agree on
/// everything. That nothing wrong is taken for sound is for the decoder's tests, which know libjpeg's rules.
#[test]
fn damage_never_panics_and_levels_agree() {
    let mut random = Random(3);
    for round in 0..150 {
        let interval = [0, 0, 5][round % 3];
        let mcus = 1 + random.below(400);
        let sample = encode(&mut random, LAYOUTS[round % 4], mcus, interval, 4);
        let mut data = sample.data.clone();
        let first = if round % 2 == 0 {
            data.truncate(random.below(data.len()));
            data.extend([0xFF, 0xD9]);
            data.len() - 2
        } else {
            let flips: Vec<usize> =
                (0..1 + random.below(4)).map(|_| random.below(data.len())).collect();
            flips.iter().for_each(|&at| data[at] ^= 1 << random.below(8));
            *flips.iter().min().unwrap()
        };
        let want = decode(Level::Scalar, &sample, &data, 1).0;
        let sound = sample.ends.iter().filter(|&&end| end < first).count() * sample.mcu.len();
        let sound = sound.min(want.len());
        assert!(want[..sound] == sample.blocks[..sound], "round {round}");
        for_each_level(|level| {
            let got = decode(level, &sample, &data, 9).0;
            let both = got.len().min(want.len());
            assert!(got[..both] == want[..both], "{level}, round {round}");
        });
    }
}

/// Where no DC code begins, an AC code may: it is none.
#[test]
fn a_missing_dc_code_ends_the_stream() {
    let (dc, ac) = &standard_tables(0).unwrap();
    let mut random = Random(2);
    for sound in 0..30 {
        let mut writer = Writer::default();
        for _ in 0..sound {
            put_block(&mut writer, (dc, ac), &random_block(&mut random, 2, 20));
        }
        // Begins with nine ones, which no DC code does.
        writer.put_symbol(ac, 0xF1);
        writer.put_value(1, 1);
        writer.put_symbol(ac, 0);
        for _ in 0..20 {
            put_block(&mut writer, (dc, ac), &random_block(&mut random, 2, 20));
        }
        writer.marker(0xD9);
        let (blocks, mcus) = (vec![[0; 64]; sound + 21], sound + 21);
        let (data, mcu) = (writer.bytes, vec![0]);
        let sample = Sample { data, blocks, ends: Vec::new(), mcu, mcus, interval: 0 };
        for_each_level(|level| {
            let (blocks, end) = decode(level, &sample, &sample.data, 1);
            assert_eq!((blocks.len(), end), (sound, Err(Anomaly)), "{level}");
        });
    }
}
