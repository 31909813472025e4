//! Marker segments (ITU-T T.81, annex B), in the order and form in which libjpeg writes them.

use super::frame::{Frame, Space};
use super::huffman::Band;
use super::scans::Scan;
use crate::jpeg::huffman::HuffmanSpec;
use crate::jpeg::marker::code;
use crate::jpeg::zigzag::NATURAL_ORDER;

/// A marker without contents.
pub(super) fn marker(code: u8, out: &mut Vec<u8>) {
    out.extend([0xFF, code]);
}

/// A marker, the length of its segment, and its contents, at most 65533 bytes.
pub(super) fn segment(code: u8, contents: &[u8], out: &mut Vec<u8>) {
    marker(code, out);
    out.extend(((contents.len() + 2) as u16).to_be_bytes());
    out.extend_from_slice(contents);
}

/// SOI and what says how to read the components: JFIF for grey and YCbCr, or if there is a
/// density to state; Adobe for the others.
pub(super) fn file_header(frame: &Frame, density: Option<(u16, u16)>, out: &mut Vec<u8>) {
    marker(code::SOI, out);
    let jfif = matches!(frame.space, Space::Gray | Space::YCbCr);
    if jfif || density.is_some() {
        let (unit, (x, y)) = density.map_or((0, (1, 1)), |density| (1, density));
        let mut contents = b"JFIF\0\x01\x01".to_vec();
        contents.push(unit);
        contents.extend([x.to_be_bytes(), y.to_be_bytes()].concat());
        contents.extend([0, 0]);
        segment(code::APP0, &contents, out);
    }
    if !jfif {
        // Version 100, no flags, no transform.
        segment(code::APP14, b"Adobe\0\x64\0\0\0\0\0", out);
    }
}

/// DQT of every table in use, and SOF.
pub(super) fn frame_header(frame: &Frame, out: &mut Vec<u8>) {
    let mut wide = false;
    for (number, table) in (0u8..).zip(&frame.tables) {
        if !frame.components.iter().any(|component| component.quant_table == number) {
            continue;
        }
        let zigzag =
            NATURAL_ORDER[..64].iter().map(|&position| table.values[usize::from(position)]);
        let sixteen_bits = table.values.iter().any(|&step| step > 255);
        wide |= sixteen_bits;
        let mut contents = vec![number | u8::from(sixteen_bits) << 4];
        match sixteen_bits {
            true => contents.extend(zigzag.flat_map(u16::to_be_bytes)),
            false => contents.extend(zigzag.map(|step| step as u8)),
        }
        segment(code::DQT, &contents, out);
    }
    let sof = match (frame.progressive, wide) {
        (true, _) => code::SOF2,
        (false, true) => code::SOF1,
        (false, false) => code::SOF0,
    };
    let mut contents = vec![8];
    contents.extend([frame.size.1.to_be_bytes(), frame.size.0.to_be_bytes()].concat());
    contents.push(frame.components.len() as u8);
    for component in &frame.components {
        let (across, down) = component.factors;
        contents.extend([component.id, across << 4 | down, component.quant_table]);
    }
    segment(sof, &contents, out);
}

/// DHT of one table, `class` 0 for DC and 1 for AC.
pub(super) fn huffman_table(class: u8, number: usize, spec: &HuffmanSpec, out: &mut Vec<u8>) {
    let symbols = spec.counts.iter().map(|&count| usize::from(count)).sum();
    let mut contents = vec![class << 4 | number as u8];
    contents.extend(spec.counts);
    contents.extend_from_slice(&spec.symbols[..symbols]);
    segment(code::DHT, &contents, out);
}

pub(super) fn restart_interval(interval: u16, out: &mut Vec<u8>) {
    segment(code::DRI, &interval.to_be_bytes(), out);
}

/// SOS. Tables that a scan does not use are stated as 0.
pub(super) fn scan_header(frame: &Frame, scan: &Scan, out: &mut Vec<u8>) {
    let Band { first, last, high, low } = scan.band;
    let mut contents = vec![scan.components.len() as u8];
    for component in &frame.components[scan.components.clone()] {
        let dc = if scan.has_dc_table() { component.huffman as u8 } else { 0 };
        let ac = if scan.has_ac_table() { component.huffman as u8 } else { 0 };
        contents.extend([component.id, dc << 4 | ac]);
    }
    contents.extend([first, last, high << 4 | low]);
    segment(code::SOS, &contents, out);
}
